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
    ratchet_relief = Setting(
        0,
        0,
        1,
        "share",
        "design of the lever",
        "目标几年不变",
        "share of the ratchet that targets held for years remove",
    )
    base_pay = Setting(
        0, 0, 5, "万元 per secretary a year", "design of the lever", "基本报酬增加", "base pay on top of today's"
    )
    performance_pay = Setting(
        0, 0, 5, "万元 per secretary a year", "design of the lever", "绩效报酬增加",
        "performance pay on top of today's, by grade where secretaries are graded",
    )  # fmt: skip
    benefit_cost = UnitCost(
        0.6, 0, 3, "万元 per secretary a year", "C6; assumption", "公积金与养老成本", "cost of housing fund and pension"
    )

    def act(self, now: Moment) -> None:
        """Set bonus, pay and benefits, and pay benefits and base pay."""
        level = self.level(now)
        performance = level * self.number("performance_pay", now)
        said = {
            "bonus_share": level * self.number("bonus_share", now),
            "bonus_floor": self.number("bonus_floor", now),
            "bonus_tier_from": self.number("tier_from", now),
            "bonus_tier": level * self.number("tier_bonus", now),
            "ratchet_relief": level * self.number("ratchet_relief", now),
            "performance_pay": performance,
            "secretary_pay": level * self.number("base_pay", now) + performance,
            "benefits": np.minimum(level, 1),
        }
        for name, value in said.items():
            now.policy.apply(name, np.broadcast_to(value, level.shape), where=level > 0)
        self.pay(now, "secretaries", level * (self.number("benefit_cost", now) + self.number("base_pay", now)))

    def each_quarter(self, now: Moment) -> None:
        """Performance pay, by last year's grade of whoever is in office."""
        if np.any(now.policy.performance_pay > 0):
            self.pay(now, "secretaries", now.policy.performance_pay / 4 * rewards.pay_factor(now))
