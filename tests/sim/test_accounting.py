"""Money, capital and shares balance in every phase, quarter and year (known answers D-A1 to D-A7)."""

from __future__ import annotations

import numpy as np
import pytest
from auditing import CHECKS, Audit
from places import (
    ALL,
    ALL_GROUP,
    EXISTING,
    NONE,
    POOLS_PAY,
    changed,
    engine_in,
    enyang,
    options,
    run_batch,
    small_district,
)

from sim.calendar import YEAR
from sim.engine import Engine
from sim.ledger import PUBLIC_PAYERS
from sim.modes import PHOTOVOLTAIC, REFERENCE_CAPITAL
from sim.policies.registry import LEVERS
from tests.tiers import fast

BY_VILLAGE = changed(
    changed(ALL, "digital_platform", payer="village"), "service_upgrade", payer="village", centres_per_year=4
)
EQUALLY = changed(ALL, "joint_building", sharing="equally", contribution_share=0.5)


@pytest.mark.parametrize("strategy", fast([ALL, ALL_GROUP, NONE, EQUALLY, BY_VILLAGE], 1), ids=lambda found: found.key)
def test_every_phase_and_quarter_balances(strategy):
    place = small_district(lone=True)
    fixed = POOLS_PAY if "joint_building" in strategy.levers else {}
    audit = Audit(place, strategy, [None, 0, 1, 2, 3], [0, 1, 2, 3, 4], options(2031), fixed).run(32)
    assert len(audit.seen) == len({phase for phases in vars(YEAR).values() for phase in phases})
    checks = {name.removeprefix("check_") for name in CHECKS if name.startswith("check_")}
    assert checks <= audit.seen, "a check for a phase that is not there checks nothing"
    if "joint_building" in strategy.levers:
        assert audit.stakes > 0 and audit.payouts > 0, "the test must meet founded pools"
        assert audit.fees > 0, "the test must meet enterprises"


@pytest.mark.thorough
def test_every_phase_and_quarter_balances_in_enyang():
    chosen = options(2029, residents=0)
    audit = Audit(enyang(), ALL, [None, 5], [0, 5], chosen, {**POOLS_PAY, "collateral_multiplier": 1.0}).run(24)
    assert audit.loans > 0 and audit.stakes > 0 and audit.payouts > 0 and audit.fees > 0 and audit.fines > 0


@pytest.mark.thorough
def test_debt_falls_only_by_repayment_and_default():
    audit = Audit(
        small_district(), EXISTING, list(range(6)), list(range(6)), options(2030), {"collateral_multiplier": 1.3}
    )
    audit.run(28)
    assert audit.loans > 0


def _opening_revenue(engine: Engine) -> np.ndarray:
    """EQ-01 at price 1, written out, from the state at the start."""
    village, secretary, p = engine.now.state.village, engine.now.state.secretary, engine.now.parameters
    per_mode = (
        p.yield_level[..., None]
        * p.revenue_yield
        * REFERENCE_CAPITAL
        * (village.capital / REFERENCE_CAPITAL) ** p.returns_to_scale
        * village.resource_endowment[..., None] ** p.endowment_exponent
        * village.market_access[..., None] ** p.access_exponent
        * np.exp(p.manager_exponent * (secretary.manager_quality[..., None] - 0.5))
        * np.where(PHOTOVOLTAIC, p.pv_price_factor[..., None], 1.0)
    )
    return per_mode.sum(axis=2)


@pytest.mark.parametrize("start", ["bazhong_mean", "target_consistent"])
@pytest.mark.parametrize("residents", [0, 12])
def test_capital_at_the_start_earns_the_income_of_each_village(start, residents):
    worlds = [None, *range(7)]
    engine = engine_in(enyang(), NONE, worlds, list(range(8)), options(start=start, residents=residents))
    income = engine.now.state.village.income_operating
    np.testing.assert_allclose(_opening_revenue(engine), income, rtol=1e-9, atol=1e-12)
    has_none = (income == 0).mean(axis=1)
    assert np.all(has_none == 0) if start == "target_consistent" else np.all(has_none[1:] > 0)


def test_capital_at_the_start_earns_a_given_income():
    given = np.array([0.0, 0.5, 3.0, 9.0, 10.0, 30.0, 120.0, 400.0])
    engine = engine_in(small_district({"income_operating": given}), NONE, [None, 1], [0, 1], options())
    assert np.array_equal(engine.now.state.village.income_operating, np.tile(given, (2, 1)))
    np.testing.assert_allclose(_opening_revenue(engine), np.tile(given, (2, 1)), rtol=1e-9, atol=1e-12)


def test_mean_income_at_the_start_is_the_published_one():
    """Operating income plus the running subsidy is Bazhong's mean of 9.56 in every world of the first start."""
    engine = engine_in(enyang(), NONE, list(range(12)), list(range(12)), options(residents=0))
    np.testing.assert_allclose(engine.now.state.village.income_total.mean(axis=1), 9.56, rtol=1e-12)
    engine = engine_in(enyang(), NONE, [None], [0], options(residents=0, start="target_consistent"))
    np.testing.assert_allclose(engine.now.state.village.income_operating.mean(), 17.9, rtol=1e-12)


def test_first_year_without_shocks_repeats_the_income_of_the_start():
    """Prices, failure, depreciation, learning and leaving off: the first year earns what the start says."""
    fixed = {"sigma_common": 0.0, "sigma_idio": 0.0, "leave_rate": 0.0, "return_rate": 0.0}
    alike = options(residents=0, structure={"district_years": "off"})
    engine = engine_in(enyang(), NONE, [None], [0], alike, fixed)
    expected = engine.now.state.village.income_operating.copy()
    engine.calendar = type(YEAR)([], [phase for phase in YEAR.every_quarter if phase.__name__ == "earn"], [])
    engine.now.state.village.idiosyncratic_price = np.ones_like(engine.now.state.village.idiosyncratic_price)
    for _ in range(4):
        engine.step()
    np.testing.assert_allclose(engine.now.ledger.paid(("operations",)), expected, rtol=1e-9, atol=1e-12)


def test_counts_of_the_report():
    place = enyang()
    engine = engine_in(place, NONE, [None, 0, 1], [0, 1, 2], options(residents=0))
    state = engine.now.state
    assert (place.villages, place.towns, place.clusters) == (209, 18, 37)
    assert np.all(state.secretary.is_capable.sum(axis=1) == 140)
    assert state.candidate.rows == 366 and np.all(state.candidate.joined == 1)
    assert np.all(state.candidate.is_college.sum(axis=1) == 281)
    assert np.all(np.bincount(engine.now.candidate_towns.of, minlength=18) > 0)
    towns_of_cluster = [set(place.town_of[place.cluster_of == cluster]) for cluster in range(37)]
    assert all(len(towns) == 1 for towns in towns_of_cluster)
    assert np.all(state.village.service_upgraded.sum(axis=1) == round(46 / 309 * 209))
    assert np.all(np.abs(state.candidate.age.mean(axis=1) - 33.5) < 4 * 5 / np.sqrt(366))


def test_public_cost_is_the_sum_of_its_parts():
    result = run_batch(small_district(), ALL, [None, 0], [0, 1], options(2030))
    cost = result.indicators["public_cost"][:, 1:]
    payers = sum(result.indicators[f"public_cost_{payer}"] for payer in PUBLIC_PAYERS)
    levers = sum(result.indicators[f"cost_{key}"] for key in LEVERS)
    np.testing.assert_allclose(payers[:, 1:], cost, rtol=1e-12)
    np.testing.assert_allclose(levers[:, 1:], cost, rtol=1e-12)
    assert all(result.indicators[f"cost_{key}"][:, 1:].max() > 0 for key, lever in LEVERS.items() if lever.purposes)
