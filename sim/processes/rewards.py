"""What a secretary is paid for: bonus by tiers, performance pay by grade, pay that holds in office (EQ-14, EQ-17)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import below
from sim.columns import GRADE_A, GRADE_C, GRADE_D
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.state import Moment


class RewardParameters(Parameters):
    """Parameters of how secretaries answer to pay."""

    needs = {
        ("cadre_pay",): ("ratchet", "pay_retention"),
        ("graded_management",): ("grade_stake", "performance_response"),
    }

    ratchet = Parameter(
        0.5, 0.0, 0.9, "share", ASSUMPTION, "棘轮效应", "ratchet: reward lost as targets follow results"
    )
    grade_stake = Parameter(0.25, 0.1, 0.8, "万元", "Macheng, 452 cadres: pay by grade (baidu 4757979451)",
                            "分档考核的利害", "what the yearly grade is worth")  # fmt: skip
    performance_response = Parameter(
        0.3, 0.1, 0.6, "万元 per 万元", ASSUMPTION, "绩效报酬的利害", "what graded performance pay puts at stake"
    )
    pay_retention = Parameter(
        0.1, 0.0, 0.2, "log per 万元", ASSUMPTION, "薪酬留任作用", "restraint of leaving between elections by pay"
    )


def pay_factor(now: Moment) -> np.ndarray:
    """Multiplier on bonus and performance pay by last year's grade, `(R, V)`; 1 without one (EQ-18)."""
    policy, grade = now.policy, now.state.secretary.grade
    factor = np.ones_like(policy.graded)
    for of_grade, pay in ((GRADE_A, policy.grade_pay_a), (GRADE_C, policy.grade_pay_c), (GRADE_D, policy.grade_pay_d)):
        factor = np.where((policy.graded > 0) & (grade == of_grade), pay, factor)
    return factor


def marginal_bonus(now: Moment) -> np.ndarray:
    """What a secretary expects of a further 万元 of profit, `(R, V)`: at the tier of last year's increase (EQ-14)."""
    village, p, policy = now.state.village, now.parameters, now.policy
    rate = policy.bonus_share + policy.bonus_tier * below(policy.bonus_tier_from, village.profit_change)
    kept = 1 - p.ratchet * (1 - policy.ratchet_relief)
    return rate * kept * ~below(village.income_profit, policy.bonus_floor) * pay_factor(now)


def stake(now: Moment) -> np.ndarray:
    """What the yearly grade puts at stake, 万元 `(R, V)`; nothing where nobody grades (EQ-14)."""
    p, policy = now.parameters, now.policy
    return (p.grade_stake + p.performance_response * policy.performance_pay) * policy.graded


def bonus(now: Moment) -> np.ndarray:
    """The bonus earned by the year's increase of profit, 万元 `(R, V)`, before its cap (EQ-09, EQ-14)."""
    village, policy = now.state.village, now.policy
    last_profit = village.income_profit - village.profit_change
    increase = np.maximum(village.profit_change, 0)
    further = policy.bonus_tier * np.maximum(increase - policy.bonus_tier_from, 0)
    earned = policy.bonus_share * increase + further
    return earned * ~below(last_profit, policy.bonus_floor) * pay_factor(now)


def leaving_between_elections(now: Moment) -> np.ndarray:
    """Factor by which benefits and pay lower the chance of leaving between elections, `(R, V)` (EQ-17)."""
    p, policy = now.parameters, now.policy
    return (1 - p.benefits_hold * policy.benefits) * np.exp(-p.pay_retention * policy.secretary_pay)
