"""What a secretary is paid for: bonus by tiers, pay by grade, what holds in office (EQ-09, EQ-14, EQ-17, EQ-18)."""

from __future__ import annotations

import math

from oracle.agents import Village
from oracle.arithmetic import below

A, B, C, D = 1, 2, 3, 4


def pay_factor(village: Village) -> float:
    """EQ-18: multiplier on bonus and performance pay by last year's grade."""
    policy = village.policy
    if not policy.graded:
        return 1.0
    return {A: policy.grade_pay_a, C: policy.grade_pay_c, D: policy.grade_pay_d}.get(village.secretary.grade, 1.0)


def bonus(village: Village) -> float:
    """EQ-09: the bonus on the year's increase of profit, 万元, before the cap."""
    policy, increase = village.policy, max(0.0, village.profit_change)
    if below(village.income_profit - village.profit_change, policy.bonus_floor):
        return 0.0
    beyond = max(0.0, increase - policy.bonus_tier_from)
    return (policy.bonus_share * increase + policy.bonus_tier * beyond) * pay_factor(village)


def marginal_bonus(model, village: Village) -> float:
    """EQ-14: what a secretary expects of one more 万元 of profit."""
    policy = village.policy
    if below(village.income_profit, policy.bonus_floor):
        return 0.0
    rate = policy.bonus_share
    if below(policy.bonus_tier_from, village.profit_change):
        rate += policy.bonus_tier
    return rate * (1 - model.p.ratchet * (1 - policy.ratchet_relief)) * pay_factor(village)


def at_stake(model, village: Village) -> float:
    """EQ-14: what the yearly grade is worth, 万元."""
    of_pay = model.p.performance_response * village.policy.performance_pay
    return village.policy.graded * (model.p.grade_stake + of_pay)


def chance_to_quit(model, village: Village) -> float:
    """EQ-17: leaving between elections."""
    p, policy = model.p, village.policy
    held = math.exp(-p.pay_retention * policy.secretary_pay)
    return p.quit_rate * (1 - p.benefits_hold * policy.benefits) * held
