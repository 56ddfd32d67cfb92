"""Attracting enterprises and talent 双招双引: enterprises come, and prepared projects land (EQ-30)."""

from __future__ import annotations

import numpy as np

from sim.policies.base import Lever, UnitCost
from sim.state import Moment


class EnterprisePromotion(Lever):
    """The district presents its projects and looks for partners; enterprises settle in the villages it promotes."""

    key = "enterprise_promotion"
    turn = 70
    zh = "双招双引"
    en = "attracting enterprises"
    place = "一(三)"
    changes = ("enterprise.alive", "village.pipeline", "village.income_operating", "village.local_opportunity")
    purposes = ("enterprise_promotion",)

    fixed_cost = UnitCost(100, 0, 1000, "万元/yr", "C6; assumption", "招商经费", "cost of promotion")

    writes = {"promotion": ("level",)}

    def cost(self, level: np.ndarray, now: Moment) -> np.ndarray:
        """Promotion is paid for once, spread over the villages promoted."""
        return self.spread_cost("fixed_cost", level, now)
