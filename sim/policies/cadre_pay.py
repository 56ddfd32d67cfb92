"""Cadre pay 村干部薪酬: a bonus on new collective income, housing fund and pension (EQ-09, EQ-14, EQ-17)."""

from __future__ import annotations

import numpy as np

from sim.policies.base import Lever, Setting, UnitCost
from sim.state import Moment


class CadrePay(Lever):
    """The village pays a bonus out of new profit; the district pays the secretary's benefits."""

    key = "cadre_pay"
    zh = "村干部激励保障"
    en = "cadre pay and benefits"
    place = "一(二)"
    changes = ("secretary.effort", "secretary.tenure", "village.income_profit")
    purposes = ("cadre_pay",)

    bonus_share = Setting(0.08, 0, 0.2, "share of new profit", "B65: 8-12 % in Helan", "创收奖励比例", "bonus share")
    bonus_floor = Setting(10, 0, 50, "万元/yr", "B65", "奖励起点", "profit from which the bonus counts")
    benefit_cost = UnitCost(
        0.6, 0, 3, "万元 per secretary a year", "C6; assumption", "公积金与养老成本", "cost of housing fund and pension"
    )

    def act(self, now: Moment) -> None:
        """Set bonus and benefits, and pay the benefits."""
        level = self.level(now)
        paid = level > 0
        now.policy.apply("bonus_share", level * self.number("bonus_share", now), where=paid)
        now.policy.apply("bonus_floor", np.broadcast_to(self.number("bonus_floor", now), level.shape), where=paid)
        now.policy.apply("benefits", np.minimum(level, 1), where=paid)
        self.pay(now, "secretaries", level * self.number("benefit_cost", now))
