"""What holds for every lever: absence, start, what it changes, whom it reaches, that its settings matter."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from places import (
    ALL,
    ALL_GROUP,
    POOLS_PAY,
    changed,
    differing,
    enyang,
    first_differing,
    only,
    options,
    same,
    small_district,
    start_engine,
    state_of,
    supervised,
    unlike,
    without,
    year,
    yearly_states,
)
from places import (
    run_unchecked as run_batch,
)

from sim.district import District
from sim.engine import BatchResult
from sim.options import RunOptions
from sim.policies.base import NOBODY, Choice, Lever, Strategy
from sim.policies.registry import LEVERS, check_strategy
from sim.record import Record
from sim.world import DECLARED, world_values
from tests.tiers import fast

KEYS = list(LEVERS)
WORLDS, SEEDS = [None, 0, 1, 2], [0, 1, 2, 3]
OFF_FOR_WANT_OF_DATA = {name: item.high for name, item in DECLARED.items() if "no data" in item.source}
"""Parameters through which some levers act, and which are 0 unless a user knows better."""


def _different(one: list[dict], other: list[dict], candidates: int) -> set[str]:
    """Names of state columns that differ in some year, among the candidates both have."""
    return set().union(*(unlike(left, right, candidates) for left, right in zip(one, other, strict=True)))


def unusual(key: str) -> dict[str, Any]:
    """Settings of a lever far from what is usual: the end of its range further from the default, another choice."""
    found: dict[str, Any] = {}
    for name, item in LEVERS[key].settings().items():
        if isinstance(item, Choice):
            found[name] = list(item.options)[-1]
        else:
            found[name] = item.high if item.high - item.default >= item.default - item.low else item.low
    return {name: value for name, value in found.items() if name not in ("intensity", "payer")}


NEVER = {
    "intensity 0": {"intensity": 0},
    "starts after the horizon": {"intensity": 1, "start": 2090},
    "ended before": {"intensity": 1, "end": 2023},
    "nowhere": {"intensity": 1, "villages": []},
}


@pytest.mark.parametrize("key", fast(KEYS, 3))
def test_a_lever_that_never_acts_equals_its_absence(key):
    """In every state and output of eight years."""
    place, chosen = small_district(lone=True), options(2031)
    absent, reserve = without(ALL, key), round(place.facts["reserve_cadres"])
    outputs, states = run_with_states(place, absent, chosen)
    for name, never in NEVER.items():
        other, others = run_with_states(place, changed(absent, key, **{**unusual(key), **never}), chosen)
        assert differing(outputs, other) == [], name
        assert _different(states, others, reserve) == set(), name


def run_with_states(place: District, strategy: Strategy, chosen: RunOptions) -> tuple[BatchResult, list[dict]]:
    """What a batch leaves, and its state at the end of each year."""
    engine = start_engine(place, strategy, 4, POOLS_PAY, chosen=chosen, worlds=WORLDS)
    record, states = Record(engine.now, chosen.start_year, chosen.horizon), []
    record.take()
    for _ in record.years[1:]:
        states += yearly_states(engine, 1)
        record.take()
    return BatchResult(record.years, record.indicators(), record.villages()), states


@pytest.mark.parametrize("key", fast(KEYS, 4))
def test_nothing_changes_before_a_lever_starts(key):
    place, chosen = small_district(lone=True), options(2031)
    later = run_batch(place, changed(ALL, key, start=2028), WORLDS, SEEDS, chosen, POOLS_PAY)
    never = run_batch(place, without(ALL, key), WORLDS, SEEDS, chosen, POOLS_PAY)
    before = slice(0, later.years.index(2028))
    assert differing(later, never, before) == []
    assert differing(later, never), "from its start the lever acts"


@pytest.mark.parametrize("key", fast([key for key in KEYS if LEVERS[key].purposes], 4))
def test_a_lever_that_has_ended_costs_nothing(key):
    often = changed(ALL, "central_grant", rate=0.5)
    chosen = options(2029, residents=0)
    ended = run_batch(enyang(), changed(often, key, end=2026), WORLDS, SEEDS, chosen, POOLS_PAY)
    cost, over = ended.indicators[f"cost_{key}"], ended.years.index(2027)
    assert np.all(cost[:, over:] == 0)
    assert cost[:, 1:over].max() > 0


def test_levers_without_cost_never_pay():
    free = [key for key in KEYS if not LEVERS[key].purposes]
    assert free == [key for key in KEYS if LEVERS[key].settings()["payer"].options == NOBODY]
    engine = start_engine(enyang(), Strategy("free", levers={key: {"intensity": 1} for key in free}))
    year(engine, 2)
    paid = {purpose for (_, _, purpose), amount in engine.now.ledger.flows.items() if np.any(amount != 0)}
    assert paid and paid.isdisjoint(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_removing_a_lever_changes_every_state_that_it_names(key):
    """The lever is taken out of the strategy that uses it; each state it names must differ in some year and run."""
    full, rest = (start_engine(enyang(), strategy, 4, OFF_FOR_WANT_OF_DATA, worlds=WORLDS)
                  for strategy in (ALL, without(ALL, key)))  # fmt: skip
    named = missing = set(LEVERS[key].changes)
    for _ in range(8):
        missing = missing - _different(yearly_states(full, 1), yearly_states(rest, 1), 366)
        if not missing:
            break
    assert named and not missing, f"not moved: {sorted(missing)}"


@pytest.mark.parametrize("key", KEYS)
def test_a_lever_names_states_that_exist(key):
    known = state_of(start_engine(small_district()))
    assert set(LEVERS[key].changes) <= set(known)


def test_every_lever_has_a_test_of_what_it_moves_without_its_effect():
    """Nothing but marks of its own and its cost: `moved_by` compares with its absence."""
    files = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    tested = {key for text in files for key in re.findall(r'moved_by\(\s*"(\w+)"', text)}
    missing = [f'assert moved_by("{key}", PARAMETERS_AT_0, SETTING=0) == set()' for key in KEYS if key not in tested]
    assert not missing, f"in a test of its own, say where the lever does nothing: {missing}"


@pytest.mark.parametrize("key", fast(KEYS, 4))
def test_a_lever_in_one_town_changes_nothing_in_another(key):
    """Known answer D-C4: no shared cluster, pool of candidates or rationed supply is in play."""
    place = small_district()
    villages = list(place.village_code[place.town_of == 0])
    settings = {"rate": 0.5} if key == "central_grant" else {}
    parameters = {
        **POOLS_PAY,
        **OFF_FOR_WANT_OF_DATA,
        "targeting_capture": 0.0,
    }  # captured slots go to the strongest of the whole district
    base = changed(
        changed(ALL, "industry_alliance", reach="town"), "org_rectification", share_a_year=1
    )  # a smaller share goes to the weakest of the district
    for shared in ("graded_management", "service_targeting"):  # grades go by rank among all, money by shares of all
        base = changed(base, shared, towns=["镇0"])
    engines = [
        start_engine(place, strategy, 4, parameters, worlds=WORLDS)
        for strategy in (changed(base, key, villages=villages, **settings), without(base, key))
    ]
    elsewhere = {
        "village": place.town_of == 1,
        "secretary": place.town_of == 1,
        "venture": np.append(place.town_of_cluster == 1, [False, True]),
        "alliance": place.town_of == 1,
        "enterprise": np.repeat(place.town_of == 1, 4),
        "candidate": engines[0].now.candidate_towns.of == 1,
        "resident": np.repeat(place.town_of == 1, 12),
    }
    moved = set()
    for one, other in zip(yearly_states(engines[0], 8), yearly_states(engines[1], 8), strict=True):
        for name, values in one.items():
            there = elsewhere[name.split(".")[0]]
            assert same(values[:, there].copy(), other[name][:, there].copy()), name
            if not same(values, other[name]):
                moved.add(name)
    assert moved, "in its own village the lever acts"


def test_targeting_by_income_and_town_reaches_only_those_named():
    place = enyang()
    engine = start_engine(place, only("digital_platform", towns=[place.town_name[3]]), opening=[])
    engine.step()
    assert np.array_equal(engine.now.policy.platform[0] > 0, place.town_of == 3)
    for bound, test in (("income_below", np.less), ("income_above", np.greater_equal)):
        engine = start_engine(place, only("digital_platform", **{bound: 10}), opening=[])
        income = engine.now.state.village.income_operating.copy()
        engine.step()
        assert np.array_equal(engine.now.policy.platform > 0, test(income, 10))
        assert 0 < (engine.now.policy.platform > 0).sum() < place.villages


# Settings ---------------------------------------------------------------------------------------------------

GRADED = {"share_d": 0.2, "share_a": 0.4, "share_c": 0.3}
FEW_SPONSORS = {"sponsor_departments": 2, "villages_per_sponsor": 2}
FEW_ROADS = {"new_km": 10, "repair_km": 1}
FEW_EXPERTS = {"chief_experts": 1, "backbone_experts": 1, "villages_per_backbone": 4, "extension_staff": 1,
               "villages_per_extension": 2, "local_experts": 1, "business_representatives": 1}  # fmt: skip
EXPERT_NUMBERS = ("chief_experts", "backbone_experts", "villages_per_backbone", "extension_staff",
                  "villages_per_extension", "local_experts", "villages_per_local", "business_representatives",
                  "villages_per_representative")  # fmt: skip
SITUATIONS = {  # where a setting needs more than the usual strategy to show
    "paired_assistance.order": FEW_SPONSORS,
    "paired_assistance.measure": FEW_SPONSORS,
    "cadre_pay.tier_from": {"tier_bonus": 0.2, "bonus_floor": 0},
    "cadre_pay.tier_bonus": {"tier_from": 1, "tier_bonus": 0.1, "bonus_floor": 0},
    "cadre_pay.ratchet_relief": {"bonus_floor": 0},
    **{f"graded_management.{name}": GRADED for name in ("share_a", "share_c", "share_d", "pay_a", "pay_c", "pay_d")},
    **{f"graded_management.weight_{name}": GRADED for name in ("income", "participation", "audit")},
    "secretary_selection.assessment_cost": {"assessment": 1},
    "service_upgrade.order": {"centres_per_year": 1},
    "service_upgrade.centres_per_year": {"centres_per_year": 2},
    "service_upgrade.intensity": {"centres_per_year": 2},
    "service_upgrade.end": {"centres_per_year": 1},
    "org_rectification.intensity": {"share_a_year": 0.5},
    "property_rights_reform.intensity": {"villages_per_year": 2},
    "property_rights_reform.villages_per_year": {"villages_per_year": 2},
    "property_rights_reform.end": {"villages_per_year": 1},
    **{f"expert_corps.{name}": FEW_EXPERTS for name in EXPERT_NUMBERS},
    **{f"infrastructure.{name}": FEW_ROADS for name in ("order", "new_km", "repair_km", "intensity", "end")},
}
LITTLE_AUDITED = {"target_pressure.inflation"}
"""Settings that a full audit leaves nothing to do."""
OTHER_VALUES = {
    "intensity": 0.5,
    "start": 2026,
    "end": 2026,
    "towns": ["镇0"],
    "villages": ["1000", "1001", "1004", "1005"],
    "income_below": 6,
    "income_above": 8,
}


def _all_settings() -> list[tuple[str, str, object]]:
    found = []
    for key, lever in LEVERS.items():
        for name, setting in lever.settings().items():
            if isinstance(setting, Choice):
                found += [(key, name, option) for option in setting.options if option != setting.default]
            elif name not in OTHER_VALUES:
                found.append((key, name, setting.low if setting.low != setting.default else setting.high))
        found += [(key, name, value) for name, value in OTHER_VALUES.items()]
    return found


@cache
def _settled(tag: str) -> BatchResult:
    """The outputs before a setting is moved, in the situation in which it shows."""
    base, parameters = _situation(tag)
    return run_batch(small_district(lone=True), base, [*range(8)], [*range(8)], options(2032), parameters)


def _situation(tag: str) -> tuple[Strategy, dict]:
    base = supervised(ALL, 0.5) if tag in LITTLE_AUDITED else ALL
    changes = SITUATIONS.get(tag, {})
    return changed(base, tag.partition(".")[0], **changes) if changes else base, {**POOLS_PAY, **OFF_FOR_WANT_OF_DATA}


@pytest.mark.parametrize(
    ("key", "name", "value"), fast(_all_settings(), lambda case: case[1] == "intensity" or isinstance(case[2], str))
)
def test_every_setting_and_option_moves_some_output(key, name, value):
    tag = f"{key}.{name}"
    base, parameters = _situation(tag)
    moved = changed(base, key, **{name: value})
    place = small_district(lone=True)
    assert check_strategy(moved, place) == []
    usual = tag not in {*SITUATIONS, *LITTLE_AUDITED}
    assert first_differing(_settled("" if usual else tag), place, moved, range(8), options(2032), parameters)


def test_dated_settings_hold_from_their_year():
    place, chosen = small_district(), options(2029)
    dated = run_batch(place, changed(ALL, "paired_assistance", direct={2024: 6, 2027: 20}), WORLDS, SEEDS, chosen)
    early = run_batch(place, ALL, WORLDS, SEEDS, chosen)
    late = run_batch(place, changed(ALL, "paired_assistance", direct=20), WORLDS, SEEDS, chosen)
    before = slice(0, dated.years.index(2027))
    assert differing(dated, early, before) == [] and differing(dated, early)
    assert differing(dated, late, before)
    paired = dated.indicators["paired_villages"]
    per_village = dated.indicators["public_cost_sponsors"] / np.where(paired > 0, paired, np.nan)
    drawn = [world_values(world) for world in WORLDS]
    staff = 3 * np.array([world["unit_cost_level"] * world["unit_cost.paired_assistance"] for world in drawn])
    for calendar_year, given in ((2026, 6 + 6), (2027, 20 + 6)):
        found = per_village[:, dated.years.index(calendar_year)]
        there = np.isfinite(found)
        np.testing.assert_allclose(found[there], (given + staff)[there], rtol=1e-12)


def test_levers_combine_the_same_in_any_order_of_writing():
    place = small_district()
    backwards = Strategy("backwards", levers=dict(reversed(list(ALL_GROUP.levers.items()))))
    one = run_batch(place, ALL_GROUP, WORLDS, SEEDS, options(2030))
    other = run_batch(place, backwards, WORLDS, SEEDS, options(2030))
    assert differing(one, other) == []


def test_a_year_of_policy_is_forgotten_when_the_lever_ends():
    engine = start_engine(small_district(), changed(ALL, "cadre_pay", end=2025), 2)
    year(engine, 3)
    assert np.all(engine.now.policy.bonus_share == 0) and np.all(engine.now.policy.benefits == 0)
    assert np.any(engine.now.policy.platform > 0)


DECLARED = {"key": "stub", "zh": "桩", "en": "stub", "place": "", "changes": (), "purposes": (), "turn": 1}


@pytest.mark.parametrize(("more", "error"), [
    ({"writes": {"trainin": ("level",)}}, "did you mean 'training'"),
    ({"writes": {"training": ("levle",)}}, "did you mean 'level'"),
    ({"writes": {"training": ("level",)}, "work": ("level", "cost")}, "no setting 'cost'"),
    ({}, "writes nothing"),
])  # fmt: skip
def test_a_lever_that_names_what_is_not_there_or_does_nothing_is_refused(more: dict[str, Any], error: str):
    with pytest.raises((ValueError, TypeError), match=error):
        type("Stub", (Lever,), {**DECLARED, **more})
