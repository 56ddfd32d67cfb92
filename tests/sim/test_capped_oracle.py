"""A yearly budget: engine against oracle, and what must hold whatever the numbers are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import ALL, ALL_GROUP, EXISTING, POOLS_PAY, PRODUCERS, changed, engine_in, options, small_district
from test_oracle import _box, _strategies, assert_agree

from sim.ledger import PUBLIC_PAYERS
from sim.policies.registry import LEVERS
from tests.tiers import fast

PLACE, LONE = small_district(), small_district(lone=True)
BUSY = {**POOLS_PAY, **PRODUCERS}
LATE = ("industry_alliance", "town_company", "credit_guarantee", "cadre_pay", "graded_management")
"""Served first, so that there is something that nobody foresaw and the budget may not cover."""
GRADED = changed(changed(ALL, "cadre_pay", performance_pay=3), "graded_management", share_d=0.2, pay_a=2)


@pytest.mark.parametrize("strategy", fast([GRADED, EXISTING, ALL, ALL_GROUP], 1), ids=lambda strategy: strategy.key)
@pytest.mark.parametrize(("budget", "priority"), fast([(60.0, LATE), (150.0, ()), (400.0, LATE[1:])], 1))
def test_whole_strategies_agree_in_every_quarter(strategy, budget, priority):
    assert_agree(PLACE, strategy, 1, seed=1, parameters=BUSY, quarters=16, annual_budget=budget, priority=priority)


@pytest.mark.thorough
@pytest.mark.parametrize("key", [key for key, lever in LEVERS.items() if lever.purposes])
def test_each_lever_served_first_agrees(key):
    assert_agree(LONE, GRADED, 2, seed=2, parameters=BUSY, annual_budget=30.0, priority=(key,), residents=7)


@pytest.mark.thorough
@given(
    strategy=_strategies(), kind=st.sampled_from(["defaults", "uniform", "corner"]), number=st.integers(0, 10_000),
    budget=st.floats(0, 500), priority=st.lists(st.sampled_from(list(LEVERS)), unique=True, max_size=4),
)  # fmt: skip
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_strategy_anywhere_in_the_box_agrees(strategy, kind, number, budget, priority):
    values = {**_box(kind, number), **BUSY}
    assert_agree(LONE, strategy, number, number, values, annual_budget=budget, priority=tuple(priority))


@pytest.mark.parametrize("budget", fast([60.0, 20.0, 200.0], 1))
def test_payers_never_pay_more_than_the_budget_and_money_is_conserved(budget):
    """By the balances of the payers alone, and not by what the engine says it paid for."""
    chosen = options(2032, residents=0, annual_budget=budget, priority=LATE)
    engine = engine_in(LONE, GRADED, [0, 1, 2, 3], [0, 1, 2, 3], chosen, BUSY)
    for _ in range(9):
        ledger = engine.now.ledger
        before = sum(-ledger.balances[payer][:, 0] for payer in PUBLIC_PAYERS)
        for _ in range(4):
            engine.step()
        went = sum(-ledger.balances[payer][:, 0] for payer in PUBLIC_PAYERS) - before
        no_lever = ledger.paid_by(PUBLIC_PAYERS, ("running_subsidy", "deficit_cover"))
        assert np.all(went - no_lever <= budget * (1 + 1e-9))
        assert np.all(np.abs(ledger.total() - engine.opening_total) <= 1e-9 * ledger.turnover)
