"""Credit guarantee: what banks lend more, who bears what defaults, and that it is counted once (EQ-07)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, POOLS_PAY, changed, enyang, moved_by, only, options, small_district, start_engine
from places import run_unchecked as run_batch

from sim.processes import credit, projects
from sim.processes.finance import COSTS, SUBSIDIES

CERTAIN = {"entity_operation.failure_hazard": 1e9, "eta_manager_hazard": 0.0, "default_share": 0.5}


@pytest.mark.parametrize(("multiplier", "guarantee"), [(0.25, 0.2), (0.0, 0.35), (0.25, 0.0)])
def test_the_fund_adds_to_the_collateral_multiplier(multiplier, guarantee):
    """Limit (λ_c + λ_g) · (1 + 0.2 on reformed villages) · collateral."""
    lever = only("credit_guarantee", guarantee=guarantee)
    engine = start_engine(
        small_district(), lever, 1, {"collateral_multiplier": multiplier}, opening=[projects.open_year]
    )
    engine.step()
    now = engine.now
    now.state.village.debt = np.zeros((1, 8))
    now.state.village.reformed = (np.arange(8) % 2)[None]
    collateral = (now.parameters.collateral_share * now.state.village.capital).sum(axis=2)
    limit = (multiplier + guarantee) * np.where(np.arange(8) % 2, 1.2, 1.0) * collateral
    np.testing.assert_allclose(credit.headroom(now), limit, rtol=1e-12)


def test_k5_no_collateral_multiplier_and_no_guarantee_no_debt():
    bare = {"collateral_multiplier": 0.0}
    none, backed = (
        run_batch(enyang(), strategy, [None, 0], [0, 1], options(2030, residents=0), bare)
        for strategy in (only("credit_guarantee", guarantee=0), only("credit_guarantee"))
    )
    assert np.all(none.indicators["debt_mean"] == 0)
    assert backed.indicators["debt_mean"][:, 1:].max() > 0


def failed_engine(multiplier: float, guarantee: float, intensity: float = 1):
    """All capital stands in one mode that fails for certain; 20万 of debt."""
    lever = only("credit_guarantee", guarantee=guarantee, intensity=intensity)
    chosen = {**CERTAIN, "collateral_multiplier": multiplier}
    engine = start_engine(small_district(), lever, 1, chosen, opening=[], every_quarter=[projects.fail])
    village = engine.now.state.village
    village.capital = np.zeros_like(village.capital)
    village.capital[..., 1] = 40.0
    village.debt = np.full((1, 8), 20.0)
    engine.step()
    return engine


@pytest.mark.parametrize("multiplier", [0.0, 0.25, 1.35])
@pytest.mark.parametrize(("guarantee", "intensity"), [(0.2, 1), (0.35, 1), (0.2, 0.5)])
def test_fund_and_bank_share_a_default_as_they_share_the_multiplier(multiplier, guarantee, intensity):
    """Half of the capital is lost, half of that part of the debt defaults: 20 · 0.5 · 0.5 = 5; the fund bears
    λ_g / (λ_c + λ_g) of it, all of it where banks themselves lend nothing."""
    engine = failed_engine(multiplier, guarantee, intensity)
    np.testing.assert_allclose(engine.now.state.village.debt, 15.0, rtol=1e-12)
    borne = 5.0 * guarantee * intensity / (multiplier + guarantee * intensity)
    paid = engine.now.ledger.paid(("guarantee_paid",), payers=("district",), payees=("banks",))
    np.testing.assert_allclose(paid, borne, rtol=1e-12)
    assert np.all(engine.now.ledger.balances["village.cash"] >= 0)


def test_without_a_guarantee_the_bank_bears_all():
    engine = failed_engine(0.25, 0.0)
    np.testing.assert_allclose(engine.now.state.village.debt, 15.0, rtol=1e-12)
    assert not np.any(engine.now.ledger.paid(("guarantee_paid",)))


def test_its_cost_is_what_it_bears_counted_once_and_no_village_s_income():
    result = run_batch(enyang(), only("credit_guarantee"), [0, 1], [0, 1], options(2030, residents=0))
    cost = result.indicators["cost_credit_guarantee"][:, 1:]
    assert cost.max() > 0
    for name in ("public_cost", "public_cost_district"):
        np.testing.assert_allclose(result.indicators[name][:, 1:], cost, rtol=1e-12)
    assert "guarantee_paid" not in (*COSTS, *SUBSIDIES)
    assert not np.any(result.villages["public_money"][:, 1:]), "a fund that pays banks gives the village nothing"


@pytest.mark.thorough
def test_a_guarantee_raises_debt_and_what_the_public_pays_for_it():
    """D-M, mean of 20 pairs: the more the fund stands behind, the more villages owe, and the more it bears."""
    pairs, chosen = ([*range(20)], [*range(20)]), options(2031, residents=0)
    levels = [0.0, 0.1, 0.2, 0.35]
    found = [
        run_batch(enyang(), only("credit_guarantee", guarantee=level), *pairs, chosen).indicators for level in levels
    ]
    debt = [result["debt_mean"][:, -1].mean() for result in found]
    cost = [result["cost_credit_guarantee"][:, 1:].sum(axis=1).mean() for result in found]
    assert debt == sorted(debt) and debt[0] < debt[-1]
    assert cost[0] == 0 and cost == sorted(cost) and cost[1] < cost[-1]


def test_when_the_lever_ends_banks_bear_defaults_alone():
    lever = changed(NONE, "credit_guarantee", intensity=1, end=2027)
    result = run_batch(small_district(), lever, [0, 1, 2, 3], [0, 1, 2, 3], options(2031), POOLS_PAY)
    later = result.years.index(2028)
    assert np.all(result.indicators["cost_credit_guarantee"][:, later:] == 0)
    assert result.indicators["debt_mean"][:, later].max() > 0, "loans outlive it"


def test_a_guarantee_of_nothing_moves_nothing():
    assert moved_by("credit_guarantee", guarantee=0) == set()
