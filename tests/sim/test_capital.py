"""Capital and production in their limits (known answers D-K1 to D-K7)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    EXISTING,
    NONE,
    OWN_KEYS,
    batch_of,
    enyang,
    mode_values,
    only,
    options,
    run_batch,
    set_cash,
    small_district,
    start_engine,
    without,
    year,
)

from sim.columns import NEVER_GRANTED
from sim.processes import capital, credit, finance, production, projects

QUIET = {
    "sigma_common": 0.0,
    "sigma_idio": 0.0,
    "fixed_cost": 0.0,
    "collateral_multiplier": 0.0,
    "reserve_share": 0.0,
    "dividend_share": 0.0,
    **mode_values("failure_hazard", 0.0),
    **mode_values("minimum_scale", 1e12),
}
"""No shock, failure, credit or running cost; no mode is feasible until one is named."""


def one_mode(key: str, saved: float, **fields: float) -> dict[str, float]:
    """Parameters of a village that knows one mode and reinvests the share `saved` of its profit at once."""
    named = {f"{key}.{field}": value for field, value in fields.items()}
    return {
        **QUIET,
        f"{key}.minimum_scale": 0.0,
        f"{key}.delay_quarters": 0.0,
        "service_share": 1 - saved,
        "leak_revenue": 0.08,
        **named,
    }


def _grow(key: str, parameters: dict, capital: np.ndarray, cash: np.ndarray | float = 0.0):
    """An engine in which only investing, wearing out, earning and sharing happen, from a given capital."""
    engine = start_engine(
        small_district(),
        NONE,
        1,
        parameters,
        opening=[projects.open_year, projects.invest],
        every_quarter=[projects.mature, projects.depreciate, production.earn, production.lose],
        closing=[finance.measure_incomes, finance.use_surplus],
    )
    village = engine.now.state.village
    village.capital = np.zeros_like(village.capital)
    village.capital[:, :, OWN_KEYS.index(key)] = capital
    for column in ("advantage", "idiosyncratic_price"):
        setattr(village, column, np.ones_like(village.advantage))
    village.debt = np.zeros_like(village.debt)
    set_cash(engine, cash)
    return engine


def _capital_after_investing(engine) -> np.ndarray:
    """Capital before the wear of the quarters just done: the year's last capital over its wear, plus new money."""
    village = engine.now.state.village
    return village.capital.sum(axis=2)[0] + village.cash[0]


K1 = {"returns_to_scale": 0.9, "margin": 0.36, "revenue_yield": 0.28, "depreciation": 0.07}


@pytest.mark.parametrize(("saved", "rest"), [(0.4, 0.0764551), (0.8, 78.29004), (0.75483, 43.78226)])
def test_k1_rest_point_of_one_mode(saved, rest):
    wear, alpha = 1 - 0.07 / 4, 0.9
    mean_size = sum(wear ** (quarter * alpha) for quarter in (1, 2, 3, 4)) / 4
    flow = saved * 0.36 * 0.28 * (1 - 0.08) * mean_size
    closed = 50 * (flow / (1 - wear**4)) ** (1 / (1 - alpha))
    np.testing.assert_allclose(closed, rest, rtol=1e-6)
    starts = closed * np.array([1.0, 0.5, 2.0, 1.1, 0.9, 1.0, 0.2, 5.0])
    engine = _grow("entity_operation", one_mode("entity_operation", saved, **K1), starts)
    expected = starts
    for _ in range(6):
        year(engine)
        expected = expected * wear**4 + flow * 50 * (expected / 50) ** alpha
        np.testing.assert_allclose(_capital_after_investing(engine), expected, rtol=1e-9)
    np.testing.assert_allclose(expected[0], closed, rtol=1e-9)
    assert np.all(np.abs(np.log(expected / closed))[1:5] < np.abs(np.log(starts / closed))[1:5])


def test_k2_growth_factor_without_diminishing_returns():
    """Photovoltaics reinvesting two fifths shrink by 1.2 % a year."""
    fields = {"returns_to_scale": 1.0, "margin": 0.82, "revenue_yield": 0.11, "depreciation": 0.045}
    parameters = one_mode("photovoltaic", 0.4, **fields)
    engine = _grow("photovoltaic", parameters, np.full(8, 80.0))
    before = 80.0
    for _ in range(4):
        year(engine)
        after = _capital_after_investing(engine)
        np.testing.assert_allclose(after / before, 0.9880242, atol=5e-8)
        before = after


def test_k3_without_investment_capital_wears_out():
    engine = _grow("entity_operation", {**one_mode("entity_operation", 0.0, **K1)}, np.arange(1.0, 9.0))
    year(engine, 5)
    found = engine.now.state.village.capital.sum(axis=2)[0]
    np.testing.assert_allclose(found, np.arange(1.0, 9.0) * (1 - 0.07 / 4) ** 20, rtol=1e-9)


def _revenue(engine) -> np.ndarray:
    engine.now.state.village.advantage = production.advantage(engine.now)
    return production.yearly_base(engine.now, engine.now.state.village.capital)


@pytest.mark.parametrize(
    ("column", "mode", "field", "factor"),
    [
        ("resource_endowment", "resource_development", "endowment_exponent", 2**0.6),
        ("market_access", "asset_leasing", "access_exponent", 2**0.6),
        ("capital", "resource_development", "returns_to_scale", 2**0.75),
        ("labour_share", "industry_driven", "labour_exponent", 2**0.4),
    ],
)
def test_k4_doubling(column, mode, field, factor):
    """1.51572 for endowment at 0.6, 1.68179 for capital at 0.75; and every mode rises with every condition."""
    engine = start_engine(small_district(), NONE, 1, opening=[])
    village = engine.now.state.village
    village.capital = np.full_like(village.capital, 40.0)
    village.labour_start = village.labour_share * village.registered_population / 1.3
    before = _revenue(engine)
    setattr(village, column, getattr(village, column) * 2)
    ratio = _revenue(engine) / before
    np.testing.assert_allclose(ratio[:, :, OWN_KEYS.index(mode)], factor, rtol=1e-12)
    assert np.all(ratio >= 1 - 1e-12)


def test_k4_manager_and_price():
    engine = start_engine(small_district(), NONE, 1, opening=[])
    village, secretary = engine.now.state.village, engine.now.state.secretary
    village.capital = np.full_like(village.capital, 40.0)
    secretary.manager_quality = np.full_like(secretary.manager_quality, 0.5)
    before = _revenue(engine)
    secretary.manager_quality = np.full_like(secretary.manager_quality, 1.0)
    ratio = _revenue(engine) / before
    np.testing.assert_allclose(ratio[..., OWN_KEYS.index("entity_operation")], np.exp(0.6 * 0.5), rtol=1e-12)
    assert np.all(ratio > 1)
    production.face_the_year(_with_draws(engine))
    np.testing.assert_allclose(village.idiosyncratic_price, 1.0)
    village.common_price = np.full_like(village.common_price, 1.0)
    village.other_price = np.full_like(village.other_price, 1.0)
    industry, other = production.common_prices(engine.now)
    np.testing.assert_allclose(industry, np.exp(0.1 - 0.005), rtol=1e-12)
    np.testing.assert_allclose(other, np.exp(0.03 - 0.00045), rtol=1e-12)


@pytest.mark.parametrize("key", OWN_KEYS)
def test_revenue_of_a_mode_at_a_price(key):
    """One mode alone: its revenue moves with the common price, fully in the four industry modes, else by 0.3 of it."""
    exposed = key in ("entity_operation", "resource_development", "industry_driven", "share_cooperation")
    steady = {"sigma_idio": 0.0, "service_demand": 1e9}
    engine = start_engine(small_district(), NONE, 1, steady, opening=[production.face_the_year],
                          every_quarter=[production.earn])  # fmt: skip
    village = engine.now.state.village
    village.capital = np.zeros_like(village.capital)
    village.capital[:, :, OWN_KEYS.index(key)] = 30.0
    village.common_price, village.other_price = np.full((1, 8), 1.5), np.full((1, 8), 1.5)
    engine.step()
    base = _revenue(engine).sum(axis=2) / 4
    sigma = 0.1 if exposed else 0.03
    found = engine.now.ledger.paid(("operations",))
    np.testing.assert_allclose(found, base * np.exp(1.5 * sigma - sigma**2 / 2), rtol=1e-12)
    cost = engine.now.ledger.paid(("operating_cost",))
    margin = engine.now.parameters.margin[0, 0, OWN_KEYS.index(key)]
    np.testing.assert_allclose(cost, base * (1 - margin), rtol=1e-9)


def _with_draws(engine):
    """Draws of a year whose price shock is one half of the spread, at which the village price is exactly 1."""
    sigma = float(engine.now.parameters.sigma_idio[0, 0])
    engine.now.draws.update({"price_idiosyncratic": np.full(engine.now.state.village.capital.shape, sigma / 2)})
    return engine.now


def test_prices_and_shocks_have_mean_one():
    """1,672 village shocks: four standard errors of a lognormal with sd 0.12; the common price likewise over years."""
    engine = start_engine(enyang(), NONE, 8, opening=[production.face_the_year], every_quarter=[production.move_prices])
    shocks, prices = [], []
    for _ in range(30):
        year(engine)
        shocks.append(engine.now.state.village.idiosyncratic_price.copy())
        prices.append(production.common_prices(engine.now)[0][:, 0].copy())
    shocks, prices = np.array(shocks), np.array(prices)
    assert abs(shocks.mean() - 1) < 4 * 0.12 / np.sqrt(shocks.size)
    assert abs(np.log(shocks).std() - 0.12) < 4 * 0.12 / np.sqrt(2 * shocks.size)
    effective = prices.size * (1 - 0.5) / (1 + 0.5)  # a year's persistence of 0.5
    assert abs(prices.mean() - 1) < 4 * 0.1 / np.sqrt(effective)
    logs = np.log(prices) - np.log(prices).mean()
    persistence = (logs[1:] * logs[:-1]).mean() / (logs**2).mean()
    assert abs(persistence - 0.5) < 4 * np.sqrt((1 - 0.25) / prices.size)


def test_k5_no_collateral_no_debt():
    chosen, own = options(2031), without(EXISTING, "credit_guarantee")
    none = run_batch(small_district(), own, list(range(6)), list(range(6)), chosen, {"collateral_multiplier": 0.0},
                     checked=True)  # fmt: skip
    some = run_batch(small_district(), own, list(range(6)), list(range(6)), chosen, {"collateral_multiplier": 1.0})
    dear = run_batch(small_district(), own, list(range(6)), list(range(6)), chosen,
                     {"collateral_multiplier": 1.0, "borrow_wedge": 0.5}, checked=True)  # fmt: skip
    assert np.all(none.indicators["debt_mean"] == 0) and np.all(dear.indicators["debt_mean"] == 0)
    assert some.indicators["debt_mean"].max() > 0


@pytest.mark.parametrize(("interest", "borrows"), [(0.05, True), (0.13, True), (0.14, False), (0.3, False)])
def test_k5_one_loan_is_the_whole_headroom(interest, borrows):
    """Leasing at yield 0.2 and margin 1 returns 0.184 after leakage, less wear of 0.03 and a wedge of 0.02: 0.134."""
    parameters = {**one_mode("asset_leasing", 0.4, revenue_yield=0.2, margin=1.0, returns_to_scale=1.0),
                  "collateral_multiplier": 0.5, "interest_rate": interest}  # fmt: skip
    engine = _grow("asset_leasing", parameters, np.full(8, 100.0), 3.0)
    engine.step()
    village = engine.now.state.village
    np.testing.assert_allclose(village.debt, 0.5 * 0.7 * 100 if borrows else 0.0, rtol=1e-12)
    np.testing.assert_allclose(village.capital.sum(axis=2), (103 + 35 * borrows) * (1 - 0.03 / 4), rtol=1e-12)


TRAP = {
    **mode_values("minimum_scale", 1e12),
    "asset_leasing.minimum_scale": 60.0,
    "asset_leasing.revenue_yield": 0.22,
    "asset_leasing.returns_to_scale": 0.7,
    "collateral_multiplier": 0.0,
    "fixed_cost": 0.5,
    "service_share": 0.1,
    "dividend_share": 0.1,
}


def _after_grant(amount: float) -> tuple[np.ndarray, np.ndarray]:
    """Capital 20 years after one grant of this size to villages that own nothing."""
    given = {"income_operating": np.zeros(8)}
    grants = only("central_grant", amount=amount, rate=0.5, intensity=2, end=2024)
    engine = start_engine(small_district(given), grants, 3, TRAP, chosen=options(2050, residents=0))
    engine.step()
    early = engine.now.state.village.earmarked_cash.copy()
    year(engine, 5)
    first = engine.now.state.village.capital.sum(axis=2)
    year(engine, 15)
    assert np.all(engine.now.state.village.years_since_grant < NEVER_GRANTED)
    return first + 0 * early, engine.now.state.village.capital.sum(axis=2)


def test_k6_poverty_trap_and_take_off():
    """68 of 100 yuan become capital: a grant of 100 passes the minimum scale of 60, one of 60 does not."""
    nothing, below, above = _after_grant(0.0), _after_grant(60.0), _after_grant(120.0)
    assert np.all(nothing[1] == 0) and np.all(below[1] == 0)
    assert (above[0] > 40).mean() > 0.9, "all but a few failures have taken off"
    assert (above[1] > 60).mean() > 0.8, "the high branch keeps itself"


def test_k6_trap_and_take_off_are_both_inside_the_declared_box():
    """With the existing measures some villages stay without income for six years and some that had none pass 10万."""
    result = run_batch(enyang(), EXISTING, [None] * 4, list(range(4)), options(2031, residents=0))
    alone = run_batch(enyang(), NONE, [None] * 4, list(range(4)), options(2031, residents=0))
    income, start = alone.villages["income_operating"], alone.villages["income_operating"][:, 0]
    assert (start == 0).sum() > 50
    assert np.all(income[:, -1][start == 0] == 0), "without measures nobody leaves the trap"
    granted = result.villages["capital"][:, -1] > 40
    assert (granted & (start == 0)).sum() > 5
    low = {"yield_level": 0.85, "leak_revenue": 0.10, "fixed_cost": 3.0}
    high = {"yield_level": 1.15, "leak_revenue": 0.01, "fixed_cost": 0.5, "reserve_share": 0.1, "service_share": 0.1,
            "dividend_share": 0.15, **{f"{key}.returns_to_scale": 1.0 for key in ("photovoltaic",)}}  # fmt: skip
    two = batch_of(enyang(), NONE, [low, high], options(2045, residents=0, start="target_consistent"))
    growth = two.indicators["income_profit_mean"][:, -1] / two.indicators["income_profit_mean"][:, 0]
    assert growth[0] < 0.75 and growth[1] > 1.0, growth


def test_k7_survival_at_a_constant_hazard():
    """exp(-0.6) = 0.5488 after five years at 0.12; 13,376 projects: four binomial standard errors are 0.0172."""
    parameters = {**mode_values("failure_hazard", 0.12), **mode_values("loss_given_failure", 1.0),
                  "eta_manager_hazard": 0.0, "dep_hazard": 0.0, "small_scale_hazard": 0.0}  # fmt: skip
    engine = start_engine(
        enyang(), NONE, 8, parameters, every_quarter=[projects.fail], chosen=options(2100, residents=0)
    )
    village = engine.now.state.village
    village.capital = np.ones_like(village.capital)
    year(engine, 5)
    alive = village.capital > 0
    expected = np.exp(-0.6)
    assert abs(alive.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / alive.size)
    assert np.sum(~alive) == np.sum(village.failures)


def test_hazard_rises_with_dependency_and_smallness_and_falls_with_the_manager():
    """EQ-05 written out for one mode."""
    engine = start_engine(small_district(), NONE, 1, opening=[])
    village, secretary = engine.now.state.village, engine.now.state.secretary
    village.dependency = np.array([[0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5]])
    secretary.manager_quality = np.array([[0.5, 0.5, 1.0, 1.0, 0.5, 0.5, 1.0, 1.0]])
    village.capital[:] = np.array([100, 1, 100, 1, 100, 1, 100, 1])[None, :, None]
    found = projects.hazard(engine.now)[0, :, OWN_KEYS.index("industry_driven")]
    bare = 0.10 * np.array([1, 1.5, np.exp(-0.5), 1.5 * np.exp(-0.5)])
    np.testing.assert_allclose(found, np.concatenate([bare, bare * 1.5]), rtol=1e-12)


def test_a_failure_costs_capital_debt_and_trust():
    parameters = {**mode_values("failure_hazard", 1e9), **mode_values("loss_given_failure", 0.5)}
    engine = start_engine(small_district(), NONE, 1, parameters, every_quarter=[projects.fail])
    village = engine.now.state.village
    village.capital = np.full_like(village.capital, 10.0)
    village.debt, village.aided_capital = np.full((1, 8), 20.0), np.full((1, 8), 8.0)
    trust = village.trust.copy()
    engine.step()
    np.testing.assert_allclose(village.capital, 5.0)
    np.testing.assert_allclose(village.debt, 20 * (1 - 0.5 * 0.5))
    np.testing.assert_allclose(village.aided_capital, 4.0)
    np.testing.assert_allclose(village.trust, trust - 0.05)


def test_choice_follows_return_when_noise_is_small():
    """EQ-08: with noise near 0 money goes to the mode with the highest utility; with large noise it spreads."""
    engine = start_engine(enyang(), NONE, 2, {"choice_noise": 1e-9}, opening=[projects.open_year, projects.invest])
    set_cash(engine, 200.0)
    funds, placed = projects.investable(engine.now), capital.stock(engine.now.state.village)
    worth = projects.utility(engine.now, projects.marginal_return(engine.now, placed, funds.total))
    engine.step()
    built = engine.now.state.village.pending_this_year
    assert np.array_equal(np.argmax(built, axis=2), np.argmax(worth, axis=2))
    assert np.all((built > 0).sum(axis=2) == 1)
    noisy = start_engine(enyang(), NONE, 2, {"choice_noise": 1e3}, opening=[projects.open_year, projects.invest])
    set_cash(noisy, 200.0)
    noisy.step()
    counts = np.bincount(np.argmax(noisy.now.state.village.pending_this_year, axis=2).ravel(), minlength=8)
    expected = 2 * 209 / 8
    assert np.all(np.abs(counts - expected) < 4 * np.sqrt(expected))


def test_projects_begin_after_their_delay():
    """Placed in the first quarter, a mode with delay d earns from quarter d + 1 on, six into the next year."""
    for key, delay in (("asset_leasing", 1), ("photovoltaic", 2), ("entity_operation", 3), ("resource_development", 6)):
        parameters = {**QUIET, f"{key}.minimum_scale": 0.0, **mode_values("depreciation", 0.0)}
        opening = [projects.open_year, projects.invest]
        engine = start_engine(small_district(), NONE, 1, parameters, opening=opening, every_quarter=[projects.mature])
        village = engine.now.state.village
        village.capital = np.zeros_like(village.capital)
        set_cash(engine, 50.0)
        for quarter in range(8):
            engine.step()
            assert np.allclose(village.capital.sum(axis=2), 50.0 if quarter >= delay else 0.0), (key, quarter)


def test_what_rounding_leaves_in_an_account_is_no_money_to_place() -> None:
    """A village with 1e-14 万元 does what one with nothing does: it neither builds nor borrows."""
    engine = start_engine(small_district(), opening=[projects.open_year, production.face_the_year, projects.invest])
    set_cash(engine, 1e-14)
    village = engine.now.state.village
    village.debt = np.zeros_like(village.debt)
    engine.step()
    assert np.all(credit.headroom(engine.now)[village.capital.sum(axis=2) > 0] > 0)
    assert not village.pending_this_year.any()
    assert not village.debt.any()
