"""Cadre pay 村干部薪酬: bonus on new collective income, base and performance pay, benefits (EQ-09, EQ-14, EQ-17)."""

from __future__ import annotations

import numpy as np

from sim.policies.base import Lever, Setting, UnitCost
from sim.processes import rewards
from sim.state import Moment


class CadrePay(Lever):
    """The village pays a bonus out of new profit, by tiers; the payer pays benefits, base and performance pay.

    Today's base and performance pay are the same under every strategy and not booked; the settings say what is added.
    """

    key = "cadre_pay"
    turn = 130
    zh = "村干部激励保障"
    en = "cadre pay and benefits"
    place = "一(二)"
    changes = ("secretary.effort", "secretary.tenure", "village.income_profit")
    purposes = ("cadre_pay",)

    bonus_share = Setting(0.08, 0, 0.2, "share of new profit", "B65: 8-12 % in Helan", "创收奖励比例", "bonus share")
    bonus_floor = Setting(10, 0, 50, "万元/yr", "B65", "奖励起点", "profit from which the bonus counts")
    tier_from = Setting(
        20, 0, 100, "万元", "design of the lever", "第二档起点", "increment from which the second tier counts"
    )
    tier_bonus = Setting(
        0, 0, 0.2, "share of new profit", "design of the lever", "第二档加奖比例", "bonus on top in the second tier"
    )
    ratchet_relief = Setting(0, 0, 1, "share", "design of the lever", "目标几年不变",
                             "share of the ratchet that targets held for years remove")  # fmt: skip
    base_pay = Setting(
        0, 0, 5, "万元 per secretary a year", "design of the lever", "基本报酬增加", "base pay on top of today's"
    )
    performance_pay = Setting(0, 0, 5, "万元 per secretary a year", "design of the lever", "绩效报酬增加",
                              "performance pay on top of today's, by grade where secretaries are graded")  # fmt: skip
    benefit_cost = UnitCost(
        0.6, 0, 3, "万元 per secretary a year", "C6; assumption", "公积金与养老成本", "cost of housing fund and pension"
    )

    writes = {
        "bonus_share": ("level", "bonus_share"),
        "bonus_floor": ("bonus_floor",),
        "bonus_tier_from": ("tier_from",),
        "bonus_tier": ("level", "tier_bonus"),
        "ratchet_relief": ("level", "ratchet_relief"),
        "performance_pay": ("level", "performance_pay"),
        "benefits": ("level",),
    }

    payee = "secretaries"

    def said(self, level: np.ndarray, now: Moment) -> dict[str, np.ndarray]:
        """Bonus, pay and benefits, and the sum of base and performance pay."""
        pay = level * self.number("base_pay", now) + level * self.number("performance_pay", now)
        return {**super().said(level, now), "secretary_pay": pay}

    def cost(self, level: np.ndarray, now: Moment) -> np.ndarray:
        """Benefits and base pay; performance pay follows by quarters."""
        return level * (self.number("benefit_cost", now) + self.number("base_pay", now))

    def each_quarter(self, now: Moment) -> None:
        """Performance pay, by last year's grade of whoever is in office."""
        if np.any(now.policy.performance_pay > 0):
            self.pay(now, "secretaries", now.policy.performance_pay / 4 * rewards.pay_factor(now))
