"""Money in common: pooling halves the variance, and what is shared is counted once."""

from __future__ import annotations

import numpy as np
import pytest
from places import ALL, NONE, build_district, changed, options, same, small_district, start_engine, year

from sim.processes import finance, managers, production, projects, ventures

OFF = options(2100, residents=0)
HAZARD, LOSS = 1.2, 0.5
MODE = {"failure_hazard": HAZARD, "loss_given_failure": LOSS, "returns_to_scale": 1.0, "depreciation": 0.0,
        "minimum_scale": 1.0}  # fmt: skip
LEASING, VENTURE_LEASING = 3, 2


@pytest.mark.thorough
def test_half_in_a_pool_has_half_the_variance_of_one_own_project():
    """One mode, independent failures, no prices, managers or scale: 100 alone, or 50 alone and 50 in a pool.

    Both have the mean 100·(1 - loss·p). With p the chance of a failure in a quarter the variances are
    (100·loss)²·p(1-p) and half of it. 8 villages in clusters of one, 2,000 runs: the standard error of a variance of a
    two-point law is known, and four of them are allowed.
    """
    place = build_district(np.arange(8) // 4, np.arange(8))
    fixed = {f"asset_leasing.{field}": value for field, value in MODE.items()}
    fixed |= {"eta_manager_hazard": 0.0, "dep_hazard": 0.0, "small_scale_hazard": 0.0}
    engine = start_engine(place, NONE, 2000, fixed, opening=[], every_quarter=[projects.fail, ventures.wear_and_fail],
                          chosen=OFF)  # fmt: skip
    village, venture = engine.now.state.village, engine.now.state.venture
    alone, split = slice(0, 4), slice(4, 8)
    village.capital = np.zeros_like(village.capital)
    village.capital[:, alone, LEASING], village.capital[:, split, LEASING] = 100.0, 50.0
    venture.capital[:, 4:8, VENTURE_LEASING] = 50.0
    venture.mix[:, :8, VENTURE_LEASING] = 1.0
    engine.step()
    worth = village.capital[:, :, LEASING] + venture.capital[:, :8, VENTURE_LEASING]
    chance = -np.expm1(-HAZARD / 4)
    number, spread = 2000 * 4, 100 * LOSS
    variance = spread**2 * chance * (1 - chance)
    kurtosis = (1 - 3 * chance * (1 - chance)) / (chance * (1 - chance))
    error = variance * np.sqrt((kurtosis - 1) / number)
    for who, factor in ((alone, 1.0), (split, 0.5)):
        found = worth[:, who]
        assert abs(found.mean() - (100 - spread * chance)) < 4 * np.sqrt(factor * variance / number)
        assert abs(found.var() - factor * variance) < 4 * error * factor
    ratio_error = 4 * error / variance
    assert abs(worth[:, split].var() / worth[:, alone].var() - 0.5) < ratio_error


def test_pooled_income_is_counted_once_in_each_of_the_three_measures():
    """One village by hand. It owns leasing of 50 (turnover 50·0.07·0.92⁻ as margin 0.92), a stake of 40 of the pool's
    100 and of 20 of the company's 50; price 1, M 0.5, no agency, wear or coordination.

    own turnover 50·0.07 = 3.5, cost 0.28, leak 5 % of 3.22; pool 100·0.1·0.95 = 9.5 paid out whole: 0.4 of it = 3.8;
    company 50 in leasing 3.22 paid out whole: 0.4 of it = 1.288; fixed cost 1.5, subsidy 2.39.
    """
    place = build_district(np.array([0, 0, 1]), np.array([0, 0, 1]))
    phases = {
        "opening": [managers.staff, ventures.open_year, production.face_the_year],
        "every_quarter": [production.earn, production.lose, ventures.earn, finance.pay_running_costs],
        "closing": [ventures.pay_out, finance.run_office, finance.measure_incomes],
    }
    fixed = {"sigma_common": 0.0, "sigma_idio": 0.0, "agency_base": 0.0, "coord_cost": 0.0, "first_payout": 1.0,
             "manager_discount": 1.0, "asset_leasing.returns_to_scale": 1.0, "fixed_cost": 1.5}  # fmt: skip
    engine = start_engine(place, NONE, 1, fixed, chosen=OFF, **phases)
    village, venture = engine.now.state.village, engine.now.state.venture
    engine.now.state.secretary.manager_quality = np.full((1, 3), 0.5)
    village.resource_endowment = village.market_access = np.ones((1, 3))
    village.labour_start = np.zeros((1, 3))
    village.capital = np.zeros_like(village.capital)
    village.capital[0, 0, LEASING], village.debt = 50.0, np.zeros((1, 3))
    village.stake, village.company_stake = np.array([[40.0, 60, 0]]), np.array([[20.0, 30, 0]])
    venture.capital[0, 0, 0], venture.capital[0, 2, VENTURE_LEASING] = 100.0, 50.0
    venture.active = venture.payout_share = np.array([[1.0, 0, 1, 0]])
    year(engine)
    dividends = 0.4 * 100 * 0.1 * 0.95 + 0.4 * 50 * 0.07 * 0.92
    own, cost = 50 * 0.07, 50 * 0.07 * 0.08
    office = village.office_subsidy[0, 0] + village.other_income[0, 0]
    assert village.income_operating[0, 0] == pytest.approx(own + dividends, rel=1e-12)
    assert village.income_total[0, 0] == pytest.approx(own + dividends + office, rel=1e-12)
    leak = 0.05 * (own - cost)
    assert village.income_profit[0, 0] == pytest.approx(own - cost - leak - 1.5 + dividends, rel=1e-12)
    everyone = village.income_operating.sum()
    sold = engine.now.ledger.paid_by(("market",), ("operations", "venture_operations"))[0]
    spent = engine.now.ledger.paid_by(("venture",), ("venture_operating_cost",))[0]
    assert everyone == pytest.approx(sold - spent, rel=1e-12), "a venture's turnover stands in nobody's income"


def test_neighbours_do_not_gain_by_default():
    """A village that is given a fortune leaves all others as they were, unless a lever links them."""
    place = small_district()
    for strategy, linked in ((NONE, False), (changed(ALL, "paired_assistance", intensity=0), True)):
        found = []
        for gift in (0.0, 500.0):
            engine = start_engine(place, strategy, 3, {"b_outreach": 0.5}, worlds=[0, 1, 2])
            engine.now.ledger.pay("outside", "village", np.array([[gift] + [0.0] * 7] * 3), "own_rule")
            year(engine, 6)
            village = engine.now.state.village
            found.append(np.concatenate([village.income_operating[:, 1:], village.capital.sum(axis=2)[:, 1:]], axis=1))
        assert same(found[0], found[1]) != linked
