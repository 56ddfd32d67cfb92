"""The whole box of declared ranges: nothing breaks, nothing becomes absurd, money is kept."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALL,
    ALL_GROUP,
    EXISTING,
    MAY_BE_UNDEFINED,
    NONE,
    changed,
    engine_in,
    enyang,
    options,
    rows_of,
    run_batch,
    small_district,
    state_of,
)

from sim.indicators import INDICATORS
from sim.record import Record
from sim.world import DECLARED
from tests.tiers import fast

GENEROUS = {"direct": 25, "coordinated": 70, "sponsor_departments": 200}
EVERYTHING = changed(
    changed(changed(ALL_GROUP, "paired_assistance", **GENEROUS), "central_grant", amount=300, rate=0.5),
    "cadre_pay",
    bonus_share=0.2,
    bonus_floor=0,
)


BOXED = {name: item for name, item in DECLARED.items() if item.drawn or item.module != "mode_table"}
"""All but the cells of the mode table, which worlds move together."""


def _corners(number: int, seed: int) -> list[dict[str, float]]:
    source = np.random.default_rng(seed)
    return [
        {name: (item.high if source.random() < 0.5 else item.low) for name, item in BOXED.items()}
        for _ in range(number)
    ]


def _uniform(number: int, seed: int) -> list[dict[str, float]]:
    source = np.random.default_rng(seed)
    return [{name: source.uniform(item.low, item.high) for name, item in BOXED.items()} for _ in range(number)]


def _one_sided() -> list[dict[str, float]]:
    low = {name: item.low for name, item in BOXED.items()}
    return [low, {name: item.high for name, item in BOXED.items()}]


BOX = [*_one_sided(), *_uniform(22, 1), *_corners(16, 2)]


def _check_run(strategy, place, chosen, overrides):
    years = chosen.horizon - chosen.start_year + 1
    with rows_of(overrides):
        engine = engine_in(place, strategy, list(range(len(overrides))), list(range(len(overrides))), chosen)
    record = Record(engine.now, chosen.start_year, chosen.horizon)
    record.take()
    for _ in range(years):
        for _ in range(4):
            engine.step()
        record.take()
        total, ledger = engine.now.ledger.total(), engine.now.ledger
        assert np.all(np.abs(total - engine.opening_total) <= 1e-9 * ledger.turnover)
        for name, values in state_of(engine).items():
            assert np.all(np.isfinite(values.astype(np.float64))), name
            if name == "cohort":
                assert values.min() >= 0
                continue
            column = getattr(engine.now.state, name.split(".")[0]).columns.get(name.split(".")[-1])
            assert values.size == 0 or values.min() >= column.low - 1e-9, name
            assert values.size == 0 or values.max() <= column.high + 1e-6, name
    found = record.indicators()
    for name, values in found.items():
        defined = values if INDICATORS[name].at_start else values[:, 1:]
        assert np.all(np.isfinite(defined)) or name in MAY_BE_UNDEFINED, name
    for name in (
        "income_operating_mean",
        "income_total_mean",
    ):  # a corner in which credit and yields compound for years
        assert found[name].min() >= 0 and found[name].max() < 10_000, name
    assert found["income_profit_mean"].min() > -20 and found["income_profit_mean"].max() < 5_000
    usual = (found["income_total_mean"].max(axis=1) < 1000) & (found["income_profit_mean"].max(axis=1) < 500)
    if chosen.residents_per_village:
        usual &= found["participation"].min(axis=1) > 0.01
    assert usual.mean() >= 0.9, "only single corners go further"
    if chosen.residents_per_village:
        rate = found["participation"]
        assert rate.min() > 0 and rate.max() < 0.97, "all that draws people, or keeps them away, at its end"
        assert 0.1 < np.median(rate[:, -1]) < 0.7, "worlds in which hardly anybody comes are few"
    return found


@pytest.mark.parametrize("strategy", fast([ALL, NONE, EXISTING], 1), ids=lambda found: found.key)
def test_the_box_is_sane_in_enyang(strategy):
    found = _check_run(strategy, enyang(), options(2035, residents=10), BOX)
    assert found["income_operating_mean"][:, -1].std() > 1, "the worlds differ"


@pytest.mark.parametrize("start", ["bazhong_mean", "target_consistent"])
def test_the_box_is_sane_under_the_largest_measures(start):
    _check_run(EVERYTHING, enyang(), options(2031, residents=0, start=start), BOX)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("strategy", [NONE, ALL, ALL_GROUP, EVERYTHING], ids=["none", "all", "group", "everything"])
def test_many_more_worlds_of_the_box(strategy, seed):
    overrides = [*_uniform(60, 10 + seed), *_corners(40, 20 + seed)]
    _check_run(strategy, enyang(), options(2035, residents=7), overrides)


@pytest.mark.slow
def test_the_box_in_a_small_place_until_2060():
    place = small_district(lone=True)
    with rows_of(_uniform(60, 5)):
        result = run_batch(place, ALL, [None] * 60, list(range(60)), options(2060))
    for name, values in result.indicators.items():
        assert np.all(np.isfinite(values[:, 1:])) or name in MAY_BE_UNDEFINED, name


@pytest.mark.parametrize("residents", [0, 7, 10, 30, 61])
def test_numbers_of_residents(residents):
    chosen = options(2027, residents=residents)
    assert chosen.check() == []
    result = run_batch(small_district(lone=True), ALL, [None, 0], [0, 1], chosen)
    assert ("participation_vote" in result.indicators) == (residents > 0)
    assert np.all(np.isfinite(result.indicators["income_operating_mean"]))
    assert np.all((result.indicators["home_share"] > 0.2) & (result.indicators["home_share"] < 1))


@pytest.mark.parametrize(("start_year", "horizon"), [(2024, 2024), (2024, 2060), (2025, 2027), (2010, 2013)])
def test_horizons_and_start_years(start_year, horizon):
    chosen = options(horizon, start_year=start_year)
    assert chosen.check() == []
    result = run_batch(small_district(), ALL, [None, 0], [0, 1], chosen)
    assert result.years == list(range(start_year - 1, horizon + 1))
    for name, values in result.indicators.items():
        assert values.shape == (2, len(result.years))
        assert np.all(np.isfinite(values[:, 1:])) or name in MAY_BE_UNDEFINED, name
    for name, values in result.villages.items():
        assert values.shape == (2, len(result.years), 8) and values.dtype == np.float32, name
    late = [name for name, item in INDICATORS.items() if not item.at_start]
    assert all(np.isnan(result.indicators[name][:, 0]).all() for name in late)


def test_residents_and_cohorts_agree_on_people():
    """500 residents a village against the cohorts' expectation: four standard errors of a share over 4,000 persons."""
    place = small_district()
    many = run_batch(place, NONE, [None], [0], options(2033, residents=500)).indicators
    cohort = run_batch(place, NONE, [None], [0], options(2033, residents=0)).indicators
    for name in ("home_share", "elderly_share"):
        error = 4 * np.sqrt(0.25 / (0.5 * 4000))
        assert np.all(np.abs(many[name] - cohort[name]) < error), name


def test_options_out_of_range_are_named():
    for field, value in (
        ("horizon", 2020),
        ("horizon", 2090),
        ("residents", 3),
        ("residents", 501),
        ("start", "bazong_mean"),
    ):
        wrong = {field: value}
        problems = options(**wrong).check()
        assert [problem.field for problem in problems] == [field]
    assert options(residents="al").check()[0].nearest == "all"
    assert options(residents="all").check() == []
    assert options(start="bazong_mean").check()[0].nearest == "bazhong_mean"
