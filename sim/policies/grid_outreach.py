"""Grid outreach 网格方阵: residents are visited through a grid of small areas (EQ-22)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost


class GridOutreach(Lever):
    """Outreach on top of the ordinary visits of a secretary, as far as time and organisation allow."""

    key = "grid_outreach"
    turn = 240
    zh = "网格方阵"
    en = "grid outreach"
    place = "一(一)"
    changes = ("village.participation", "resident.participates")
    purposes = ("grid_outreach",)

    strength = Setting(0.5, 0, 1, "0-1", ASSUMPTION, "网格走访强度", "outreach of the grid")
    doorstep_share = Setting(
        0, 0, 0.5, "share of the time for the economy", "design of the lever", "上门服务时间",
        "part of the secretary's time for the economy that goes to visits (走村入户)",
    )  # fmt: skip
    cost_per_village = UnitCost(
        0.5, 0, 5, "万元 per village a year", f"C6; {ASSUMPTION}", "每村网格成本", "cost per village"
    )

    writes = {"grid": ("level", "strength"), "doorstep": ("level", "doorstep_share")}
    work = ("level", "cost_per_village")
