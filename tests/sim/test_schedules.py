"""Pilots and phase-ins: how many, who, when; the same under every strategy; the oracle agrees."""

from __future__ import annotations

import math

import numpy as np
import pytest
from places import (
    ALL,
    changed,
    differing,
    engine_in,
    enyang,
    only,
    options,
    run_batch,
    small_district,
    start_engine,
    without,
    year,
)
from test_oracle import assert_agree

from sim.policies.base import Strategy
from sim.policies.registry import LEVERS, check_strategy
from tests.tiers import fast

SEEDS = [0, 1, 2, 3]


def reach(strategy: Strategy, key: str = "training", years: int = 1, seeds=SEEDS) -> np.ndarray:
    """Villages that a lever reaches in Enyang, `(years, R, V)` of bool."""
    engine = engine_in(enyang(), strategy, [None] * len(seeds), seeds, options(residents=0))
    lever = next(lever for lever in engine.now.levers if lever.key == key)
    found = []
    for _ in range(years):
        year(engine)
        found.append(lever.level(engine.now) > 0)
    return np.array(found)


@pytest.mark.parametrize("share", [0.001, 0.1, 0.25, 1])
def test_a_pilot_is_a_share_rounded_up(share):
    found = reach(only("training", pilot_share=share))[0]
    assert np.all(found.sum(axis=1) == math.ceil(share * 209))
    if share == 0.25:
        assert len({row.tobytes() for row in found}) == len(SEEDS), "another draw in every future"
        assert 0.1 < found.mean(axis=0).std(), "and at random"


def test_a_pilot_is_a_share_of_the_villages_aimed_at():
    place, codes = enyang(), [str(code) for code in enyang().village_code[40:60]]
    found = reach(only("training", pilot_share=0.3, villages=codes))[0]
    assert np.all(found.sum(axis=1) == 6)
    assert not found[:, ~np.isin(place.village_code, codes)].any()


def test_a_smaller_pilot_lies_within_a_larger_one_whatever_the_lever_and_the_strategy():
    small = reach(only("training", pilot_share=0.1))[0]
    large = reach(changed(ALL, "grid_outreach", pilot_share=0.3), "grid_outreach")[0]
    assert np.all(large[small])
    assert np.array_equal(large, reach(only("training", pilot_share=0.3))[0])


@pytest.mark.parametrize(("unit", "count"), [("town", 18), ("cluster", 37)])
@pytest.mark.parametrize("years", [1, 3, 5])
def test_units_join_evenly_over_the_years(unit, count, years):
    """18 towns over three years: 6, 12, 18; nobody before the start, nobody leaves."""
    schedule = {"start": 2025, "phase_in_years": years, "phase_in_by": unit}
    found = reach(only("training", **schedule), years=years + 2)
    place = enyang()
    of = place.town_of if unit == "town" else place.cluster_of
    assert not found[0].any()
    for gone in range(1, years + 1):
        for row in found[gone]:
            whole = [row[of == number] for number in range(count)]
            assert all(part.all() or not part.any() for part in whole), "a unit joins as a whole"
            assert sum(part.all() for part in whole) == math.ceil(count * gone / years)
    assert found[-1].all() and found[years].all()
    assert np.all(found[1:] >= found[:-1])
    if years > 1:
        assert len({row.tobytes() for row in found[1]}) > 1, "in another order in every future"


def test_two_levers_take_the_towns_in_the_same_order():
    schedule = {"intensity": 1, "start": 2024, "phase_in_years": 4}
    strategy = Strategy("two", levers={"training": schedule, "grid_outreach": {**schedule, "phase_in_by": "town"}})
    assert np.array_equal(reach(strategy, "training", 3), reach(strategy, "grid_outreach", 3))


def test_only_units_aimed_at_take_turns():
    """Three of 18 towns over three years: one a year."""
    towns = [str(name) for name in np.asarray(enyang().town_name)[[2, 7, 11]]]
    found = reach(only("training", start=2024, phase_in_years=3, towns=towns), years=3)
    joined = [len(set(enyang().town_of[row])) for row in found[:, 0]]
    assert joined == [1, 2, 3]


@pytest.mark.parametrize(
    "schedule", [{"pilot_share": 1}, {"start": 2024, "phase_in_years": 1}, {"pilot_share": 1.0, "start": 2024}]
)
def test_a_schedule_that_leaves_nobody_out_changes_nothing(schedule):
    chosen = options(2028)
    plain = run_batch(small_district(), ALL, [None, 1], [0, 1], chosen)
    for key in ("town_company", "paired_assistance", "joint_building"):
        other = run_batch(small_district(), changed(ALL, key, **schedule), [None, 1], [0, 1], chosen)
        assert differing(plain, other) == []


@pytest.mark.parametrize("key", fast(LEVERS, 10))
def test_intensity_nought_is_absence_with_a_schedule_too(key):
    silent = changed(ALL, key, intensity=0, pilot_share=0.5, start=2024, phase_in_years=2, phase_in_by="cluster")
    chosen = options(2027, residents=7)
    one = run_batch(small_district(), without(ALL, key), [None, 1], [0, 1], chosen)
    assert differing(one, run_batch(small_district(), silent, [None, 1], [0, 1], chosen)) == []


def test_a_run_does_not_depend_on_its_company():
    strategy = changed(changed(ALL, "town_company", pilot_share=0.5), "joint_building", start=2025, phase_in_years=3)
    together = run_batch(small_district(), strategy, [None, 1, 2], [0, 1, 2], options(2028))
    alone = run_batch(small_district(), strategy, [2], [2], options(2028))
    for name, values in alone.indicators.items():
        assert values[0].tobytes() == together.indicators[name][2].tobytes(), name


@pytest.mark.parametrize(
    "schedule",
    [{"pilot_share": 0.4}, {"start": 2024, "phase_in_years": 3}, {"start": 2025, "phase_in_years": 2,
     "phase_in_by": "cluster", "pilot_share": 0.6, "villages": ["1000", "1001", "1003", "1005", "1006"]}],
    ids=["pilot", "by town", "both"],
)  # fmt: skip
def test_the_oracle_agrees(schedule):
    levers = {key: {**values, **schedule} for key, values in ALL.levers.items()}
    for seed in (1, 2):
        assert_agree(small_district(lone=True), Strategy("scheduled", levers=levers), seed, seed, quarters=13)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"pilot_share": 0}, {"pilot_share"}),
        ({"pilot_share": 1.5}, {"pilot_share"}),
        ({"pilot_share": True}, {"pilot_share"}),
        ({"phase_in_years": 2.5, "start": 2024}, {"phase_in_years"}),
        ({"phase_in_years": 0, "start": 2024}, {"phase_in_years"}),
        ({"phase_in_years": 3}, {"start"}),
        ({"phase_in_by": "twon", "phase_in_years": 3, "start": 2024}, {"phase_in_by"}),
        ({"phase_in_by": "town"}, {"phase_in_by"}),
        ({"phase_in_yeers": 3}, {"phase_in_yeers"}),
    ],
)
def test_mistakes_are_told(values, fields):
    problems = check_strategy(only("training", **values), small_district())
    assert {problem.field for problem in problems} == fields
    assert all(problem.zh and problem.en for problem in problems)
    assert not check_strategy(only("training", pilot_share=0.2, phase_in_years=3, start=2024), small_district())


def test_the_draws_are_there_whether_used_or_not():
    engine = start_engine(small_district(), Strategy("none"), 2)
    assert engine.now.draws.pilot.shape == (2, 8)
    assert engine.now.draws.phase_in_town.shape == (2, 2) and engine.now.draws.phase_in_cluster.shape == (2, 3)
