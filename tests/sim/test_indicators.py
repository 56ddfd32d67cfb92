"""Every indicator, counted once more agent by agent and payment by payment, and the edges by hand."""

from __future__ import annotations

import numpy as np
from oracle import indicators as counted
from oracle.compare import oracle_of
from places import (
    ALL,
    ALL_GROUP,
    EXISTING,
    MAY_BE_UNDEFINED,
    NONE,
    POOLS_PAY,
    PRODUCERS,
    engine_in,
    only,
    options,
    set_cash,
    small_district,
    start_engine,
)

from sim.indicators import INDICATORS, measure
from sim.money_indicators import gini
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS
from sim.village_indicators import VILLAGE_INDICATORS
from sim.world import world_values

DEFAULTS = {key: lever.defaults() for key, lever in LEVERS.items()}
PLACE = small_district(lone=True)
BUSY = {**POOLS_PAY, **PRODUCERS, "winding_up_line": 24.0, "mode_margin": 1.1, "mode_scale": 0.7}
GRADED = {"graded_management": {"intensity": 1, "share_d": 0.5}, "target_pressure": {"intensity": 1}}
STREAMS = {"paired_assistance": {"intensity": 1, "central": 4, "intra_province": 5, "state_firms": 7}}
IDLE = {"central_grant": {"intensity": 1, "rate": 0.5}}
WIDE = Strategy("wide", levers={**ALL.levers, **GRADED, **STREAMS, **IDLE})
WIDE_GROUP = Strategy("wide_group", levers={**ALL_GROUP.levers, **GRADED, "credit_guarantee": {"intensity": 1}})
IN_FLOAT32 = 2e-5
"""The funnel is computed in float32."""


def of_years(strategy: Strategy, world: int | None, years: int, residents: int = 12):
    """Indicators of the engine and as counted, year by year: names to numbers or lists, with the names of villages'."""
    engine = engine_in(PLACE, strategy, [world], [world or 0], options(2040, residents=residents), BUSY)
    oracle = oracle_of(engine, DEFAULTS, world_values(world, BUSY), world or 0)
    book = counted.Book(oracle)
    for _ in range(years):
        for _ in range(4):
            engine.step()
            oracle.step()
        found = {}
        for of_engine, again in (
            (INDICATORS, counted.district(oracle, book)),
            (VILLAGE_INDICATORS, counted.of_villages(oracle, book)),
        ):
            measured = measure(engine.now, of_engine, engine.funnel(), at_start=False)
            kind = "village" if of_engine is VILLAGE_INDICATORS else "district"
            found |= {(kind, name): (values[0], again[name]) for name, values in measured.items()}
            if residents:
                assert set(measured) == set(again), "every indicator is counted"
        yield found


CASES = [(NONE, None, 1), (EXISTING, None, 2), (WIDE, 0, 4), (WIDE_GROUP, 3, 5), (ALL_GROUP, 1, 6)]
FREE = {f"cost_{key}" for key, lever in LEVERS.items() if not lever.purposes}
"""Levers that cost nothing."""


def test_indicators_are_what_their_names_say() -> None:
    """And each is above or below zero at least once, else it could be wrong unseen."""
    moved = dict.fromkeys([("district", name) for name in INDICATORS] + [("village", n) for n in VILLAGE_INDICATORS], 0)
    for strategy, world, years in CASES:
        for number, found in enumerate(of_years(strategy, world, years)):
            for (kind, name), (measured, again) in found.items():
                near = IN_FLOAT32 if name.startswith("participation_") else 1e-9
                where = f"{name} of {kind}, {strategy.key}, year {number}"
                np.testing.assert_allclose(measured, again, rtol=near, atol=near, err_msg=where)
                moved[kind, name] += np.count_nonzero(np.nan_to_num(measured))
    assert {name for (_, name), times in moved.items() if not times} == FREE


def test_without_residents_those_about_residents_are_left_out() -> None:
    for found in of_years(EXISTING, None, 1, residents=0):
        names = {name for kind, name in found if kind == "district"}
        assert names == {name for name in INDICATORS if not name.startswith("participation")}
        for (_, name), (measured, again) in found.items():
            np.testing.assert_allclose(measured, again, rtol=1e-9, atol=1e-9, err_msg=name)


# By hand -------------------------------------------------------------------------------------------------------------


def engine_of(*phases, **levers):
    """Two runs of eight villages in which nothing happens but what the test does."""
    strategy = Strategy("given", levers=levers)
    chosen = options(2100, residents=0)
    return start_engine(
        small_district(), strategy, 2, opening=[], every_quarter=list(phases), closing=[], chosen=chosen
    )


def told(engine, name: str) -> np.ndarray:
    return INDICATORS[name].measure(engine.now, {})


def pay(engine, payer: str, payee: str, amounts, purpose: str) -> None:
    engine.now.ledger.pay(payer, payee, np.broadcast_to(np.asarray(amounts, dtype=float), (2, 8)), purpose)


def test_idle_share_counts_money_put_aside_and_money_still_in_accounts() -> None:
    """Granted 80; 8 lies idle for good, 5 in accounts, 3 committed to a pool: 16 of 80."""
    engine = engine_of()
    pay(engine, "central", "village.earmarked_cash", 10, "central_grant")
    pay(engine, "village.earmarked_cash", "idle", 1, "idle")
    pay(engine, "village.earmarked_cash", "contractors", 8, "investment")
    pay(engine, "village.earmarked_cash", "contractors", [1, 1, 1] + [0] * 5, "investment")
    pay(engine, "village.earmarked_cash", "village.pot_earmarked", [0] * 5 + [1, 1, 1], "pot")
    np.testing.assert_allclose(told(engine, "idle_share"), (8 + 2 + 3) / 80)
    assert np.all(told(engine, "project_grants_so_far") == 80)


def test_idle_share_is_of_all_years_and_zero_without_grants() -> None:
    """In the next year another 40 come and are spent at once: 13 of 120."""
    engine = engine_of()
    assert np.all(told(engine, "idle_share") == 0)
    pay(engine, "central", "village.earmarked_cash", 10, "central_grant")
    pay(engine, "village.earmarked_cash", "idle", 1.625, "idle")
    pay(engine, "village.earmarked_cash", "contractors", 8.375, "investment")
    engine.now.ledger.open_year()
    pay(engine, "sponsors", "village.earmarked_cash", 5, "assistance_projects")
    pay(engine, "village.earmarked_cash", "contractors", 5, "investment")
    np.testing.assert_allclose(told(engine, "idle_share"), 13 / 120)
    np.testing.assert_allclose(told(engine, "project_grants_mean"), 5)


def test_village_cost_is_what_villages_pay_for_measures_the_cadre_bonus_included() -> None:
    """3 for the platform, 2 of bonus; what the district pays and ordinary costs do not count."""
    engine = engine_of()
    set_cash(engine, 100.0)
    pay(engine, "village", "suppliers", [3] + [0] * 7, "digital_platform")
    pay(engine, "village", "secretaries", [0, 2] + [0] * 6, "cadre_bonus")
    pay(engine, "district", "suppliers", 7, "digital_platform")
    pay(engine, "village", "suppliers", 11, "fixed_cost")
    pay(engine, "village", "banks", 13, "interest")
    assert np.all(told(engine, "village_cost") == 5)
    assert np.all(told(engine, "public_cost") == told(engine, "cost_digital_platform"))
    assert np.all(told(engine, "cost_digital_platform") == 56)


def test_public_cost_is_of_measures_alone_and_is_split_by_payer() -> None:
    engine = engine_of()
    for place, payer in enumerate(counted.PUBLIC):
        pay(engine, payer, "suppliers", 10.0**place, "training")
    pay(engine, "central", "village", 3, "running_subsidy")
    pay(engine, "district", "village", 5, "deficit_cover")
    for place, payer in enumerate(counted.PUBLIC):
        assert np.all(told(engine, f"public_cost_{payer}") == 8 * 10.0**place)
    assert np.all(told(engine, "public_cost") == 8 * 11111) and np.all(told(engine, "cost_training") == 8 * 11111)
    assert np.all(told(engine, "deficit_cover") == 40) and np.all(told(engine, "subsidies_mean") == 8)


def test_leakage_is_of_investment_revenue_and_ventures() -> None:
    engine = engine_of()
    set_cash(engine, 50.0)
    pay(engine, "central", "village.earmarked_cash", 10, "central_grant")
    pay(engine, "village.earmarked_cash", "leaked", 1, "leak_invest")
    pay(engine, "village", "leaked", 2, "leak_revenue")
    engine.now.ledger.pay("venture", "leaked", np.full((2, engine.now.seats.count), 0.5), "venture_agency")
    assert np.all(told(engine, "leaked") == 8 + 16 + 0.5 * engine.now.seats.count)


def test_lines_are_reached_by_what_equals_them() -> None:
    """Villages at 4.9, 5, 10, 29.9, 30, 31, 0 and −1."""
    engine = engine_of()
    village = engine.now.state.village
    values = np.array([4.9, 5, 10, 29.9, 30, 31, 0, -1])
    for key in ("operating", "total", "profit"):
        setattr(village, f"income_{key}", np.tile(values, (2, 1)))
        assert np.all(told(engine, f"villages_aim_{key}") == 2) and np.all(told(engine, f"villages_10_{key}") == 4)
        np.testing.assert_allclose(told(engine, f"income_{key}_mean"), values.mean())
    assert np.all(told(engine, "villages_below_5_operating") == 3)
    assert np.all(told(engine, "villages_zero_operating") == 2), "no income is none or less"
    np.testing.assert_allclose(told(engine, "income_operating_median"), (5 + 10) / 2)
    np.testing.assert_allclose(told(engine, "income_operating_p10"), -1 + 0.7 * 1)
    np.testing.assert_allclose(told(engine, "income_operating_p90"), 30 + 0.3 * 1)


def test_reports_near_a_line_are_those_within_a_tenth() -> None:
    """9 is near 10 and below, 10 and 10.99 are near and reach it, 11 is not near; 27 and 33 likewise of 30."""
    engine = engine_of()
    engine.now.state.village.income_reported = np.tile([8.99, 9, 10, 10.99, 11, 27, 33, 30], (2, 1))
    assert np.all(told(engine, "reports_near_line") == 5)
    np.testing.assert_allclose(told(engine, "reports_just_above"), 3 / 5)
    np.testing.assert_allclose(told(engine, "income_reported_mean"), (8.99 + 9 + 10 + 10.99 + 11 + 27 + 33 + 30) / 8)
    assert np.all(told(engine, "villages_10_reported") == 6) and np.all(told(engine, "villages_30_reported") == 2)


def test_what_an_alliance_brings_its_producing_members() -> None:
    """Two produce: 5 of premium, 2 saved, 1 of fines received, less 3 of quality and 4 of fines; the third does not."""
    engine = engine_of()
    village = engine.now.state.village
    village.alliance, village.complies = np.tile([1, 1, 1] + [0] * 5, (2, 1)), np.tile([1, 0, -1] + [-1] * 5, (2, 1))
    village.premium_year = np.tile([5.0, 0, 7] + [0] * 5, (2, 1))
    pay(engine, "suppliers", "village", [2, 0, 9] + [0] * 5, "bulk_saving")
    pay(engine, "alliances", "village", [1, 0, 0] + [0] * 5, "fines_received")
    pay(engine, "village", "suppliers", [0, 3, 0] + [0] * 5, "quality_cost")
    pay(engine, "village", "alliances", [0, 4, 0] + [0] * 5, "fines")
    np.testing.assert_allclose(told(engine, "alliance_gain_mean"), (5 + 2 + 1 - 3 - 4) / 2)
    np.testing.assert_allclose(told(engine, "alliance_quality"), 1 / 2)
    assert np.all(told(engine, "alliance_members") == 3) and np.all(told(engine, "alliance_producers") == 2)


def test_gini_of_known_distributions() -> None:
    assert gini(np.array([[1.0, 1, 1, 1], [0, 0, 0, 8], [0, 0, 0, 0], [-5, 0, 0, 8]])).tolist() == [0, 0.75, 0, 0.75]
    np.testing.assert_allclose(gini(np.array([[1.0, 2, 3, 4, 5]])), 4 / 15)


def test_returns_are_over_companies_with_stakes_of_a_year_and_more() -> None:
    """Three towns: stakes 10 and 20 pay 2 and 1, the third is founded this year; without any there is none."""
    district = small_district(lone=True)
    chosen = options(2100, residents=0)
    engine = start_engine(district, NONE, 1, opening=[], every_quarter=[], closing=[], chosen=chosen)
    village, venture, first = engine.now.state.village, engine.now.state.venture, district.clusters
    assert np.isnan(told(engine, "company_return_median")[0]) and np.isnan(told(engine, "company_profit_median")[0])
    village.company_stake = np.array([[5.0, 5, 0, 0, 20, 0, 0, 0, 4]])
    for column, values in (("payout_year", [2, 1, 4]), ("years_active", [1, 3, 0]), ("active", [1, 1, 0]),
                           ("profit_year", [6, 2, 9]), ("wound_up", [0, 0, 1]), ("failures", [0, 2, 0])):  # fmt: skip
        table = getattr(venture, column).copy()
        table[0, first:] = values
        setattr(venture, column, table)
    np.testing.assert_allclose(told(engine, "company_return_median"), (0.2 + 0.05) / 2)
    np.testing.assert_allclose(told(engine, "company_return_p90"), 0.05 + 0.9 * 0.15)
    np.testing.assert_allclose(told(engine, "company_profit_median"), 4)
    np.testing.assert_allclose(told(engine, "company_stakes_mean"), 34 / 9)
    counts = {"companies_active": 2, "companies_closed": 1, "companies_failed": 2, "company_members": 4}
    assert {name: told(engine, name)[0] for name in counts} == counts
    assert np.all(told(engine, "failures") == 2) and np.all(told(engine, "failure_share") == 0)


# What is said of them ------------------------------------------------------------------------------------------------

LESS_IS_BETTER = {
    "villages_below_5_operating", "villages_zero_operating", "income_operating_gini", "income_profit_gini",
    "village_cost", "deficit_cover", "leaked", "idle_share", "dependency_mean", "failures", "failure_share",
    "wrong_removals", "companies_closed", "companies_failed", "alliances_dissolved",
}  # fmt: skip
NEITHER = {
    "project_grants_mean", "subsidies_mean", "debt_mean", "cash_mean", "secretary_age_mean", "elderly_share",
    "paired_villages", "promotions", "reformed_villages", "registered_population", "population_home",
    "population_away", "projects", "project_grants_so_far", "removals", "income_reported_mean", "villages_10_reported",
    "villages_30_reported", "reports_just_above", "reports_near_line", "pool_members", "pools_active",
    "companies_active", "company_members", "company_stakes_mean", "alliances_alive", "alliance_members",
    "alliance_producers", "pipeline_projects",
}  # fmt: skip


def test_which_way_is_better() -> None:
    for name, item in INDICATORS.items():
        cost = name.startswith(("public_cost", "cost_"))
        expected = -1 if cost or name in LESS_IS_BETTER else 0 if name in NEITHER else 1
        assert item.direction == expected, name
    assert LESS_IS_BETTER | NEITHER <= set(INDICATORS)


def test_units_say_how_a_number_is_counted() -> None:
    for name, item in INDICATORS.items():
        if name.startswith("villages_") or name.endswith(("_members", "_villages")):
            assert item.unit == "村", name
        elif name.startswith(("income_", "public_cost", "cost_")) and not name.endswith("_gini"):
            assert item.unit == "万元", name
        elif name.endswith("_share") or name.startswith("participation"):
            assert item.unit == "", name


def test_at_the_start_only_the_state_is_known() -> None:
    """No year has passed: what is paid, what failed, and the funnel have no meaning yet."""
    engine = engine_of()
    known = measure(engine.now, INDICATORS, {}, at_start=True)
    unknown = {"failures", "failure_share", "idle_share", "public_cost", "village_cost", "leaked", "promotions"}
    assert not unknown & set(known)
    assert {"income_operating_mean", "capital_mean", "debt_mean", "registered_population", "villages_aim_total"} <= set(
        known
    )
    assert MAY_BE_UNDEFINED <= set(INDICATORS) - set(known)


def test_a_village_s_public_money_is_what_measures_bring_it() -> None:
    engine = engine_of(**only("paired_assistance").levers)
    pay(engine, "central", "village.earmarked_cash", [4] + [0] * 7, "central_grant")
    pay(engine, "sponsors", "village", [1] + [0] * 7, "assistance_cash")
    pay(engine, "sponsors", "village", [0, 2] + [0] * 6, "assistance_purchases")
    pay(engine, "sponsors", "suppliers", 9, "paired_assistance")
    pay(engine, "central", "village", 3, "running_subsidy")
    found = VILLAGE_INDICATORS["public_money"].measure(engine.now, {})
    np.testing.assert_allclose(found, np.tile([5, 2] + [0] * 6, (2, 1)))
