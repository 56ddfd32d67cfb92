"""Cadre training 干部培训: 进修班, 线上龙门阵, 流动课堂 (EQ-15)."""

from __future__ import annotations

import numpy as np

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, UnitCost
from sim.state import Moment


class Training(Lever):
    """Secretaries are trained every year; what they learn counts in ability and leaves with them."""

    key = "training"
    zh = "干部培训"
    en = "cadre training"
    place = "一(二)"
    changes = ("secretary.training_stock", "secretary.ability", "secretary.manager_quality", "village.income_operating")
    purposes = ("training",)

    cost_per_secretary = UnitCost(
        0.3, 0, 3, "万元 per secretary a year", f"C6; {ASSUMPTION}", "每名书记培训成本", "cost per secretary"
    )

    def act(self, now: Moment) -> None:
        """Train, and pay for it."""
        level = self.level(now)
        now.policy.apply("training", np.minimum(level, 1), where=level > 0)
        self.pay(now, "suppliers", level * self.number("cost_per_secretary", now))
