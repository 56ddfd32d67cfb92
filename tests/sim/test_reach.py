"""Whom a lever can reach is told before the run: never fewer than the run reaches, and nobody only for nobody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import ALL, NONE, engine_in, enyang, only, options, pair_district, run_batch, small_district, start_engine

from sim import DistrictModel
from sim.policies.base import Strategy
from sim.policies.reach import FEW_VILLAGES, LAST_YEAR_ALONE, NEVER, Reach, is_on, reach, reached
from sim.policies.registry import LEVERS, check_reach
from sim.problems import InputErrors

LONE = small_district(lone=True)
YEARS = (2024, 2028)


def most(key: str, district=LONE, years=YEARS, **values) -> list[int]:
    return list(reached(LEVERS[key](district, {"intensity": 1, **values}), *years).values())


def said(key: str, district=LONE, years=YEARS, **values) -> list[tuple[str, str]]:
    return [(item.field, item.value) for item in check_reach(Strategy("s", levers={key: values}), district, years)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), seed=st.integers(0, 5))
def test_a_run_never_reaches_more_and_nobody_means_nobody(data: st.DataObject, seed: int) -> None:
    year = st.integers(2022, 2030)
    values = {
        "intensity": data.draw(st.sampled_from([1, 0.5, {2026: 1}, {2024: 1, 2026: 0}, {2027: 0.2}, {2030: 1}])),
        "start": data.draw(year),
        "end": data.draw(st.none() | st.just(2026) | st.just(2031)),
        "villages": data.draw(st.none() | st.sets(st.sampled_from(["1000", "1001", "1005", "1008"]), min_size=1)),
        "towns": data.draw(st.none() | st.sets(st.sampled_from(["镇0", "镇1", "镇2"]), min_size=1)),
        "pilot_share": data.draw(st.none() | st.sampled_from([0.1, 0.3, 0.5, 1, 1e-12])),
        "phase_in_years": data.draw(st.none() | st.integers(1, 5)),
        "income_below": data.draw(st.sampled_from([None, None, 0, 1000])),
    }
    values["phase_in_by"] = data.draw(st.sampled_from(["town", "cluster"])) if values["phase_in_years"] else None
    if values["end"] is not None and values["end"] < values["start"]:
        values["end"] = None
    expected = most("training", **values)
    engine = start_engine(LONE, only("training", **values), 3, opening=[], every_quarter=[], closing=[])
    lever = next(lever for lever in engine.now.levers if lever.key == "training")
    found = []
    for _ in range(YEARS[0], YEARS[1] + 1):
        for _ in range(4):
            engine.step()
        found.append(int((lever.level(engine.now) > 0).sum(axis=1).max()))
    assert all(true <= told for true, told in zip(found, expected, strict=True))
    if values["pilot_share"] is None and values["phase_in_years"] is None:
        assert found == expected
    assert any(expected) == any(found) or (values["phase_in_years"] and values["pilot_share"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"intensity": 1, "start": 2029}, [("start", "2029")]),
        ({"intensity": 1, "end": 2023}, [("end", "2023")]),
        ({"intensity": {2090: 1}}, [("intensity", "{2090: 1}")]),
        ({"intensity": {2020: 1, 2024: 0}}, [("intensity", "{2020: 1, 2024: 0}")]),
        ({"intensity": {2026: 1}, "end": 2025}, [("intensity", "{2026: 1}")]),
        ({"start": 2025}, [("start", "")]),
        ({"hours": 1, "towns": ["镇0"]}, [("hours, towns", "")]),
        ({"intensity": 1, "pilot_share": 1e-12}, [("pilot_share", "1e-12")]),
        ({"intensity": 1, "income_below": 0}, [("income_above, income_below", "0, 0")]),
        ({"intensity": 1, "income_below": 5, "income_above": 5}, [("income_above, income_below", "5, 5")]),
        ({"intensity": 1, "towns": ["镇0"], "villages": ["1008"]}, [("towns, villages", "['镇0']; ['1008']")]),
        ({}, []), ({"intensity": 0}, []), ({"intensity": 0, "start": 2090}, []), ({"intensity": {2024: 0}}, []),
        ({"intensity": 1, "start": 2028}, []), ({"intensity": 1, "end": 2024}, []),
        ({"intensity": 1, "pilot_share": 0.001}, []), ({"intensity": 1, "income_above": 0, "income_below": 1}, []),
        ({"intensity": 1, "start": 2028, "phase_in_years": 60}, []),
    ],
)  # fmt: skip
def test_a_lever_that_reaches_nobody_is_a_mistake_and_says_why(values, expected):
    assert said("training", **values) == expected


def test_joint_building_needs_two_villages_of_a_cluster():
    assert most("joint_building") == [7] * 5, "villages alone in their cluster have nobody to build with"
    assert said("joint_building", intensity=1, villages=["1000"]) == [("towns, villages", "None; ['1000']")]
    assert said("joint_building", intensity=1, villages=["1000", "1004"])
    assert not said("joint_building", intensity=1, villages=["1000", "1001"])
    assert said("joint_building", intensity=1, pilot_share=0.1) == [("pilot_share", "0.1")]
    assert most("joint_building", pair_district()) == [4] * 5


@pytest.mark.parametrize("years", [(2024, 2024), (2024, 2025), (2026, 2030), (2020, 2022), (2030, 2035)])
def test_measures_that_act_in_2024_or_2025_are_no_mistake_in_other_years(years):
    """Who simulates other years than usual may use the package's strategies."""
    for values in ({"intensity": 1, "start": 2025}, {"intensity": 1, "start": 2024, "end": 2025}):
        assert not said("training", years=years, **values)


@pytest.mark.parametrize(
    ("by_year", "expected"),
    [
        ({2024: 0, 2025: 0}, Reach(None, None, 0, NEVER)),
        ({2024: 0, 2025: 209}, Reach(2025, 2025, 209, LAST_YEAR_ALONE)),
        ({2024: 209}, Reach(2024, 2024, 209)),
        ({2024: 10, 2025: 10}, Reach(2024, 2025, 10, FEW_VILLAGES)),
        ({2024: 0, 2025: 10, 2026: 11, 2027: 0}, Reach(2025, 2026, 11)),
    ],
)
def test_what_is_remarked(by_year, expected):
    assert reach(by_year, 209) == expected


def test_phase_ins_are_counted_by_their_largest_units():
    of = enyang().town_of
    sizes = np.sort(np.bincount(of))[::-1]
    assert most("training", enyang(), (2024, 2028), start=2025, phase_in_years=3) == [
        0, sizes[:6].sum(), sizes[:12].sum(), 209, 209,
    ]  # fmt: skip


def test_models_and_batches_refuse_it_too():
    late = only("training", start=2030)
    for call in (
        lambda: run_batch(LONE, late, [1], [1], options(2027)),
        lambda: DistrictModel(LONE, late, rng=1, options=options(2027)),
    ):
        with pytest.raises(InputErrors) as caught:
            call()
        assert [(item.field, item.allowed) for item in caught.value.problems] == [("start", "2024–2027")]
    engine_in(LONE, late, [1], [1], options(2027))
    assert not check_reach(ALL, LONE, YEARS) and not check_reach(NONE, LONE, YEARS)


def test_years_before_any_measure_are_no_study_of_the_measures():
    """Dates of measures are those of the report; a place simulated from earlier on gets an error and not silence."""

    def told(first: int, **levers) -> list[tuple[str, str, str]]:
        found = check_reach(Strategy("s", levers=levers), LONE, (first, 2030))
        return [(item.field, item.value, item.allowed) for item in found]

    dated = {"training": {"intensity": 1, "start": 2025}, "career_path": {"intensity": 1, "start": 2024}}
    assert told(2022, **dated) == [("start_year", "2022", "≥ 2024")]
    assert told(2021, training={"intensity": {2023: 1}}) == [("start_year", "2021", "≥ 2023")]
    assert told(2024, training={"intensity": 1, "start": 2026}) == []  # a strategy may begin late
    assert told(2022, **dated, central_grant={"intensity": 1}) == []  # one acts from the beginning
    assert told(2022) == [] and told(2022, training={"intensity": 0}) == []


def test_intensity_tells_whether_a_lever_is_on():
    assert is_on({"intensity": {2024: 0, 2026: 0.1}}) and not is_on({"start": 2024}) and not is_on({"intensity": 0})
