"""Coordination in the district 治理协调机制: departments match money to needs and approve projects sooner (EQ-12)."""

from __future__ import annotations

import numpy as np

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, UnitCost
from sim.state import Moment


class DistrictCoordination(Lever):
    """One scalar for joint meetings of departments: less project money lies idle, approvals come sooner.

    For sensitivity only: nothing is published about its size.
    """

    key = "district_coordination"
    turn = 120
    zh = "治理协调机制"
    en = "coordination in the district"
    place = "三(三)"
    changes = ("village.pending_this_year", "village.capital", "village.income_operating")
    purposes = ("district_coordination",)

    fixed_cost = UnitCost(
        50, 0, 500, "万元/yr", f"C6; {ASSUMPTION}", "协调机制经费", "cost a year in the whole district"
    )

    writes = {"coordination": ("level",)}

    def cost(self, level: np.ndarray, now: Moment) -> np.ndarray:
        """The cost of the district, spread over the villages reached."""
        return self.spread_cost("fixed_cost", level, now)
