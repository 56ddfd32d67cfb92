"""List of responsibilities 责任清单: duties of secretaries on three levels, assessed every year (EQ-14, EQ-22)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost


class ResponsibilityList(Lever):
    """Duties that are written down and assessed add to visits and to what effort is worth to a secretary."""

    key = "responsibility_list"
    turn = 200
    zh = "责任清单"
    en = "list of responsibilities"
    place = "一(一)"
    changes = ("secretary.effort", "village.participation", "village.income_operating")
    purposes = ("responsibility_list",)

    strength = Setting(
        1, 0, 2, "ratio", ASSUMPTION, "清单力度", "strength: 1 as in force, 2 with both full coverages (两个全覆盖)"
    )
    cost_per_village = UnitCost(
        0.1, 0, 1, "万元 per village a year", ASSUMPTION, "每村考核成本", "cost of assessment per village"
    )

    writes = {"responsibility": ("level", "strength")}
    work = ("level", "strength", "cost_per_village")
