"""Cadre pay (EQ-09, EQ-14, EQ-17): tiers of the bonus, ratchet, base and performance pay."""

from __future__ import annotations

import numpy as np
import pytest
from places import changed, enyang, moved_by, only, options, run_batch, small_district, start_engine

from sim.processes import leadership, rewards

CHANGE = np.array([[-5.0, 0.0, 5.0, 19.0, 20.0, 21.0, 40.0, 100.0]])


def paid(**settings):
    engine = start_engine(small_district(), only("cadre_pay", **settings), 1, {"ratchet": 0.5}, opening=[])
    engine.step()
    village = engine.now.state.village
    village.profit_change, village.income_profit = CHANGE, CHANGE + np.array([[30.0, 30, 30, 30, 30, 30, 9, 30]])
    return engine.now


def test_the_bonus_by_tiers():
    """8 % of the increment and 10 % more of what exceeds 20, if last year's profit reached 10."""
    now = paid(tier_from=20, tier_bonus=0.1)
    increment = np.maximum(CHANGE, 0)
    expected = (0.08 * increment + 0.1 * np.maximum(increment - 20, 0)) * np.array([1, 1, 1, 1, 1, 1, 0, 1])
    np.testing.assert_allclose(rewards.bonus(now), expected, rtol=1e-12)
    rate = np.where(CHANGE > 20, 0.18, 0.08) * 0.5
    np.testing.assert_allclose(rewards.marginal_bonus(now), rate, rtol=1e-12)


@pytest.mark.parametrize(("relief", "kept"), [(0, 0.5), (0.4, 0.7), (1, 1.0)])
def test_targets_that_are_held_for_years_cut_the_ratchet(relief, kept):
    now = paid(ratchet_relief=relief)
    np.testing.assert_allclose(rewards.marginal_bonus(now), 0.08 * kept, rtol=1e-12)


def test_all_of_it_goes_to_secretaries():
    """Benefits of 0.6 and a base pay of 2 at once, a quarter of a performance pay of 1."""
    ledger = paid(base_pay=2.0, performance_pay=1.0).ledger
    np.testing.assert_allclose(ledger.paid(("cadre_pay",), payees=("secretaries",)), 2.85, rtol=1e-12)


@pytest.mark.parametrize(("base", "performance"), [(2.0, 0.0), (0.0, 1.0), (2.0, 1.0)])
def test_pay_holds_and_costs(base, performance):
    """exp(-0.1 · pay) of the departures between elections; ungraded performance pay is paid flat, by quarters."""
    lever = only("cadre_pay", base_pay=base, performance_pay=performance, intensity=0.5)
    engine = start_engine(small_district(), lever, 1, {"pay_retention": 0.1, "benefits_hold": 0.0}, opening=[])
    for quarter in range(1, 5):
        engine.step()
        expected = 0.5 * (0.6 + base + performance * quarter / 4)
        np.testing.assert_allclose(engine.now.ledger.paid(("cadre_pay",)), expected, rtol=1e-12)
    held = rewards.leaving_between_elections(engine.now)
    np.testing.assert_allclose(held, np.exp(-0.05 * (base + performance)), rtol=1e-12)
    effort = leadership.rewards.stake(engine.now)
    assert not np.any(effort), "without grades performance pay puts nothing at stake"


def test_graded_performance_pay_follows_the_grade_and_is_at_stake():
    lever = changed(only("cadre_pay", performance_pay=2), "graded_management", intensity=1)
    engine = start_engine(small_district(), lever, 1, {"grade_stake": 0.4, "performance_response": 0.3}, opening=[])
    engine.now.state.secretary.grade = np.array([[1, 2, 3, 4, 1, 2, 3, 4]])
    engine.step()
    factor = np.array([1.2, 1, 0.8, 0.5] * 2)
    np.testing.assert_allclose(engine.now.ledger.paid(("cadre_pay",))[0], 0.6 + 2 / 4 * factor, rtol=1e-12)
    np.testing.assert_allclose(rewards.stake(engine.now), 0.4 + 0.3 * 2, rtol=1e-12)


def test_base_pay_holds_secretaries_in_office():
    """Who leaves in a year without election: 5 % and 5 % · exp(-0.2 · 5) of 4,180; four standard errors."""
    for pay in (0, 5):
        engine = start_engine(enyang(), only("cadre_pay", base_pay=pay), 20,
                              {"quit_rate": 0.05, "pay_retention": 0.2, "benefits_hold": 0.0},
                              opening=[leadership.hold_elections], chosen=options(2025, residents=0))  # fmt: skip
        before = engine.now.state.secretary.skill.copy()
        engine.step()
        left = (engine.now.state.secretary.skill != before).sum()
        chance = 0.05 * np.exp(-0.2 * pay)
        assert abs(left / 4180 - chance) < 4 * np.sqrt(chance * (1 - chance) / 4180)


def test_base_pay_is_public_cost():
    pairs, chosen = ([None] * 2, [0, 1]), options(2025, residents=0)
    costs = [
        run_batch(enyang(), only("cadre_pay", base_pay=pay), *pairs, chosen).indicators["public_cost"] for pay in (0, 5)
    ]
    np.testing.assert_allclose((costs[1] - costs[0])[:, 1:], 5 * 209, rtol=1e-9)


def test_no_bonus_and_benefits_that_hold_nobody_move_nothing():
    assert moved_by("cadre_pay", {"benefits_hold": 0}, bonus_share=0) == set()
