"""Property-rights reform: whom it reaches when, and its factors on collateral and leakage (EQ-07, EQ-10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from places import NONE, enyang, moved_by, only, options, run_batch, set_cash, small_district, start_engine, year

from sim.processes import credit, production, projects


def reformed_half(parameters: dict | None = None):
    engine = start_engine(small_district(), NONE, 1, parameters, opening=[projects.open_year, projects.invest])
    engine.now.state.village.reformed = (np.arange(8) % 2)[None]
    return engine


def test_all_villages_are_reformed_in_three_years_and_pay_once():
    """70 a year of 209: 70, 140, 209, those with most capital first; 3万 each, once; a reform stays."""
    engine = start_engine(enyang(), only("property_rights_reform", end=2026), 3, worlds=[None, 0, 1])
    village = engine.now.state.village
    dear = engine.now.parameters.unit_cost["property_rights_reform"]
    for number in (70, 70, 69, 0):
        before, capital = village.reformed.copy(), village.capital.sum(axis=2)
        engine.step()
        new = village.reformed - before
        assert np.all(new >= 0) and np.all(new.sum(axis=1) == number)
        for run in range(3):
            waits = before[run] == 0
            if 0 < number and (waits & (new[run] == 0)).any():
                assert capital[run][new[run] == 1].min() >= capital[run][waits & (new[run] == 0)].max()
        np.testing.assert_allclose(engine.now.ledger.paid(("property_rights_reform",)), 3.0 * dear * new, rtol=1e-12)
        for _ in range(3):
            engine.step()
    assert np.all(village.reformed == 1)


def test_reform_lowers_both_leaks():
    """Factor 1 - 0.3."""
    engine = reformed_half()
    now = engine.now
    for rate in (now.parameters.leak_invest, now.parameters.leak_revenue):
        factor = np.where(now.state.village.reformed > 0, 0.7, 1.0)
        np.testing.assert_allclose(production.leakage(now, rate), rate * factor, rtol=1e-12)


def test_less_of_a_grant_leaks_after_reform():
    engine = reformed_half()
    set_cash(engine, 100.0, "village.earmarked_cash")
    engine.step()
    paid = engine.now.ledger.paid(("leak_invest",))
    np.testing.assert_allclose(paid, np.where(np.arange(8) % 2, 3.5, 5.0)[None], rtol=1e-12)


@pytest.mark.parametrize("added", [0.0, 0.2, 0.4])
def test_reform_widens_the_collateral(added):
    engine = reformed_half({"collateral_reform": added})
    now = engine.now
    village, p = now.state.village, now.parameters
    village.debt = np.zeros((1, 8))
    limit = 0.25 * (p.collateral_share * village.capital).sum(axis=2) * np.where(np.arange(8) % 2, 1 + added, 1.0)
    np.testing.assert_allclose(credit.headroom(now), limit, rtol=1e-12)


def test_reform_raises_debt_and_lowers_leakage():
    """D-M, mean of 20 pairs; without the rent of idle assets, out of which debt is repaid."""
    chosen, pairs = options(2032, residents=0), ([*range(20)], [*range(20)])
    reform, plain = (
        run_batch(enyang(), replace(strategy, without=("idle_assets",)), *pairs, chosen).indicators
        for strategy in (only("property_rights_reform"), NONE)
    )
    assert reform["debt_mean"][:, -1].mean() > plain["debt_mean"][:, -1].mean()
    assert reform["leaked"][:, 3:].mean() < plain["leaked"][:, 3:].mean()
    assert np.all(reform["reformed_villages"][:, 3:] == 209) and not np.any(plain["reformed_villages"][:, 1:])


def test_a_reform_outlives_the_lever():
    engine = start_engine(small_district(), only("property_rights_reform", end=2024), 1)
    year(engine, 4)
    assert np.all(engine.now.state.village.reformed == 1)


@pytest.mark.thorough
def test_a_reform_without_effect_is_only_counted():
    none = {"collateral_reform": 0, "leakage_reform": 0, "idle_found": 0}
    assert moved_by("property_rights_reform", none) == {"village.reformed"}
