"""The synthetic province: real numbers of villages, and nothing else that is real."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from experiments.compose import load_strategy
from scenarios import InputErrors, Province, load_district, load_place
from scenarios.county import County, build_county, town_sizes
from scenarios.county_scale import (
    BY_TOWNS_WHOLE,
    BY_VILLAGES,
    BY_VILLAGES_WHOLE,
    DIVISIBLE_SETTINGS,
    KEPT,
    KEPT_SETTINGS,
    OF_LAYOUT,
    WHOLE_SETTINGS,
    scale_strategy,
)
from scenarios.district import PLACES
from scenarios.facts import AT_MOST, REQUIRED_FACTS
from sim.engine import run_batch
from sim.futures import futures_of
from sim.options import RunOptions
from sim.policies.base import Setting
from sim.policies.registry import LEVERS
from tests.tiers import fast

HEADLINE = yaml.safe_load((Path(__file__).parents[2] / "conf/strategies/headline.yaml").read_text("utf-8"))["names"]


@pytest.fixture(scope="module")
def province() -> Province:
    found = load_place("sichuan_synthetic")
    assert isinstance(found, Province)
    return found


@pytest.fixture(scope="module")
def enyang():
    return load_district("enyang")


def county_of(villages: int, enyang):
    return build_county(County("999999", "某县", "某市", villages), enyang)


def test_the_province_has_as_many_villages_as_the_statistical_codes_of_2023(province: Province) -> None:
    """Counted in the division codes of 2023: 183 counties, 7 of them without a village, 25,360 villages."""
    assert province.villages == 25_360
    assert (len(province.counties), province.left_out) == (176, 7)
    sizes = sorted(province.villages_of.values())
    assert (sizes[:3], sizes[-3:], float(np.median(sizes))) == ([2, 6, 16], [406, 436, 443], 120.0)
    assert province.villages_of["512021"] == 443  # 安岳县
    assert province.villages_of["511903"] == 209  # 恩阳区


def test_everything_of_a_county_but_its_size_is_synthetic_and_says_so(province: Province) -> None:
    codes = np.concatenate([county.village_code for county in province.counties])
    assert len(set(codes.tolist())) == 25_360
    assert province.zh.endswith("（合成）")
    assert province.en.endswith("(synthetic)")
    for county in province.counties:
        assert county.zh.endswith("（合成）")
        assert county.en.endswith("(synthetic)")
        assert county.key == county.village_code[0][:6]
        assert all(len(code) == 10 and code.startswith(county.key) for code in county.village_code)  # official: 12
        assert county.village_name.tolist() == county.village_code.tolist()
        assert not county.outline_degrees
        assert not county.seat_degrees


@pytest.mark.parametrize("villages", [1, 2, 3, 5, 10, 20, 100, 209, 443, 500])
def test_a_county_of_any_size_is_a_sound_district(villages: int, enyang) -> None:
    county = county_of(villages, enyang)
    facts = county.facts
    assert county.villages == facts["villages"] == villages
    assert sorted(set(county.town_of.tolist())) == list(range(county.towns))
    assert county.clusters == facts["clusters"]
    assert all(len(set(county.town_of[county.cluster_of == cluster])) == 1 for cluster in range(county.clusters))
    assert len(set(county.area_of_town.tolist())) == facts["town_areas"]
    assert county.parks_in_town.sum() == facts["parks"]
    assert np.isfinite(county.town_position_km).all()
    assert set(REQUIRED_FACTS) <= set(facts)
    for small, large in AT_MOST:
        assert facts[small] <= facts[large], (small, large)


def test_a_county_of_the_templates_size_has_the_templates_counts(enyang) -> None:
    county = county_of(209, enyang)
    assert {name: enyang.facts[name] for name in county.facts} == county.facts
    assert sorted(np.bincount(county.town_of)) == sorted(np.bincount(enyang.town_of))
    assert sorted(np.bincount(county.cluster_of)) == sorted(np.bincount(enyang.cluster_of))
    extent = [np.sqrt(((place - place.mean(axis=0)) ** 2).sum(axis=1).mean())
              for place in (county.town_position_km, enyang.town_position_km)]  # fmt: skip
    assert extent[0] == pytest.approx(extent[1], rel=0.05)  # a spiral of 18 points, not a disc


def test_rounding_leaves_no_bias_in_the_province(province: Province, enyang) -> None:
    """A sum of 176 rounded counts strays by at most half a thing a county, and by √(176/12) ≈ 4 as a rule."""
    for name in BY_VILLAGES_WHOLE:
        exact = enyang.facts[name] * province.villages / enyang.villages
        assert abs(province.facts[name] - exact) < 176 / 8, name  # counties with 209 villages have no error at all
    for name in BY_VILLAGES:
        assert province.facts[name] == pytest.approx(enyang.facts[name] * province.villages / enyang.villages)


def test_every_fact_is_decided_once() -> None:
    decided = (*BY_VILLAGES_WHOLE, *BY_VILLAGES, *BY_TOWNS_WHOLE, *KEPT, *OF_LAYOUT)
    assert len(set(decided)) == len(decided)
    assert set(REQUIRED_FACTS) <= set(decided)


def test_every_setting_that_counts_things_of_a_district_is_decided() -> None:
    """Units that name no share of anything are those of a whole district; each stands in one list or is a design."""
    decided = (*WHOLE_SETTINGS, *DIVISIBLE_SETTINGS, *KEPT_SETTINGS)
    assert len(set(decided)) == len(decided)
    units = {"departments", "professionals", "experts", "candidates a year", "centres a year", "villages a year",
             "km a year"}  # fmt: skip
    declared = {
        (key, name): item.unit
        for key, lever in LEVERS.items()
        for name, item in lever.settings().items()
        if isinstance(item, Setting)
    }
    assert set(decided) <= set(declared)
    assert {place for place, unit in declared.items() if unit in units} <= set(decided)
    fixed = {place for place, unit in declared.items() if unit == "万元/yr" and place[1] == "fixed_cost"}
    assert fixed == set(KEPT_SETTINGS)


def test_a_strategy_grows_with_the_county_and_dates_stay(enyang) -> None:
    strategy = load_strategy("existing_company_strengthened")
    small, same, large = (scale_strategy(strategy, county_of(size, enyang), 209) for size in (2, 209, 418))
    assert same.levers["town_company"] == {**strategy.levers["town_company"]}
    assert large.levers["town_company"]["professionals"] == {2024: 44, 2025: 72}
    assert large.levers["paired_assistance"]["sponsor_departments"] == 84  # a default, scaled too
    assert large.levers["infrastructure"]["new_km"] == pytest.approx(240)
    assert small.levers["paired_assistance"]["sponsor_departments"] == 0
    assert large.levers["digital_platform"] == strategy.levers["digital_platform"]


def test_sizes_of_towns_add_up_and_none_is_empty(enyang) -> None:
    for villages in range(1, 120):
        towns = max(1, round(villages * 18 / 209))
        sizes = town_sizes(villages, towns, enyang)
        assert sizes.sum() == villages
        assert sizes.min() >= 1


@pytest.mark.parametrize("villages", fast([1, 2, 5, 20], 2))
@pytest.mark.parametrize("name", fast(["recommended", *HEADLINE], 3))
def test_every_strategy_runs_in_the_smallest_counties(villages: int, name: str, enyang) -> None:
    county = county_of(villages, enyang)
    strategy = scale_strategy(load_strategy(name), county, 209)
    options = RunOptions(horizon=2030, residents_per_village=10)
    with np.errstate(invalid="raise", divide="raise"):
        found = run_batch(county, strategy, futures_of([None, 3], [0, 1]), options, checked=True).indicators
    assert np.isfinite(found["income_operating_mean"]).all()
    assert (found["villages_10_operating"] <= villages).all()


def test_counties_of_one_size_differ_and_meet_the_same_prices(enyang) -> None:
    one = county_of(20, enyang)
    two = replace(one, key="888888", draws=" county 888888")
    options, strategy = RunOptions(horizon=2024, residents_per_village=7), load_strategy("none")
    from sim.engine import Engine

    engines = [Engine(place, strategy, futures_of([4], [5]), options) for place in (one, two)]
    for engine in engines:
        for _ in range(4):
            engine.step()
    states = [engine.now.state.village for engine in engines]
    assert not np.any(states[0].resource_endowment == states[1].resource_endowment)
    prices = [{(int(i), float(p)) for i, p in zip(s.industry[0], s.common_price[0], strict=True)} for s in states]
    shared = {i for i, _ in prices[0]} & {i for i, _ in prices[1]}
    assert len(shared) >= 2
    assert {pair for pair in prices[0] if pair[0] in shared} == {pair for pair in prices[1] if pair[0] in shared}


def write(folder: Path, table: str, declared: str) -> Path:
    (folder / "counties.csv").write_text(table, encoding="utf-8")
    (folder / "province.yaml").write_text(declared, encoding="utf-8")
    return folder


def test_a_users_own_table_of_counties_is_a_province(tmp_path: Path) -> None:
    table = "county_code,county,city,villages\n200002,乙县,丁市,3\n200001,甲县,丁市,12\n200003,丙区,丁市,0\n"
    found = load_place(write(tmp_path, table, "name: {zh: 某省, en: Some}\ntemplate: enyang\nvillages: 15\n"))
    assert isinstance(found, Province)
    assert found.villages_of == {"200001": 12, "200002": 3}
    assert found.left_out == 1


def test_everything_wrong_with_a_province_is_told_at_once(tmp_path: Path) -> None:
    table = "county_code,county,city,villages\n1,甲县,丁市,3.5\n1,乙县,丁市,-1\n2/3,丙县,丁市,2\n"
    declared = "name: {zh: 某省}\ntemplat: enyang\nvillages: many\n"
    with pytest.raises(InputErrors) as caught:
        load_place(write(tmp_path, table, declared))
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["templat", "name", "template", "villages", "county_code", "villages", "villages", "county_code"]


def test_a_table_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    table = "county_code,county,city,villages\n1,甲县,丁市,3\n"
    declared = "name: {zh: 某省, en: Some}\ntemplate: enyang\nvillages: 4\n"
    with pytest.raises(InputErrors) as caught:
        load_place(write(tmp_path, table, declared))
    assert [(item.value, item.allowed) for item in caught.value.problems] == [("3", "4")]


def test_a_district_is_still_a_district_and_a_province_takes_no_village_table(tmp_path: Path) -> None:
    assert load_place("enyang").key == "enyang"
    with pytest.raises(InputErrors):
        load_place("sichuan_synthetic", tmp_path / "villages.csv")
    with pytest.raises(InputErrors) as caught:
        load_place("sichuan_syntetic")
    assert caught.value.problems[0].nearest == "sichuan_synthetic"
    assert (PLACES / "sichuan_synthetic" / "SOURCES.md").is_file()
