"""Cadre training 干部培训: 进修班, 线上龙门阵, 流动课堂 (EQ-15)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, UnitCost


class Training(Lever):
    """Secretaries are trained every year; what they learn counts in ability and leaves with them."""

    key = "training"
    turn = 180
    zh = "干部培训"
    en = "cadre training"
    place = "一(二)"
    changes = ("secretary.training_stock", "secretary.ability", "secretary.manager_quality", "village.income_operating")
    purposes = ("training",)

    cost_per_secretary = UnitCost(
        0.3, 0, 3, "万元 per secretary a year", f"C6; {ASSUMPTION}", "每名书记培训成本", "cost per secretary"
    )

    writes = {"training": ("level",)}
    work = ("level", "cost_per_secretary")
