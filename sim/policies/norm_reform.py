"""Reform of customs 移风易俗: councils and rules against lavish banquets (P13, R17)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost


class NormReform(Lever):
    """Lowers the banquet burden; the burden is 0 by default, so that by default the lever does nothing but cost."""

    key = "norm_reform"
    turn = 270
    zh = "移风易俗"
    en = "reform of customs"
    place = "二(三), 三(三)"
    changes = ("village.trust", "village.participation", "resident.participates")
    purposes = ("norm_reform",)

    reduction = Setting(0.5, 0, 1, "share", ASSUMPTION, "负担减少比例", "share of the banquet burden that it ends")
    cost_per_village = UnitCost(
        0.1, 0, 2, "万元 per village a year", f"C6; {ASSUMPTION}", "每村工作成本", "cost per village"
    )

    writes = {"norm_reform": ("level", "reduction")}
    work = ("level", "cost_per_village")
