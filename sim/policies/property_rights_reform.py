"""Property-rights reform 产权改革: assets are counted, shares fixed; better collateral, less leakage (EQ-07, EQ-10)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import over_modes, rank
from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost
from sim.state import Moment


class PropertyRightsReform(Lever):
    """Each year a number of villages not yet reformed are, those with most assets first; a reform lasts."""

    key = "property_rights_reform"
    turn = 280
    zh = "产权改革"
    en = "property-rights reform"
    place = "一(三)"
    changes = ("village.reformed", "village.debt", "village.capital", "village.idle_rent", "village.income_operating")
    purposes = ("property_rights_reform",)

    villages_per_year = Setting(
        70, 0, 1000, "villages a year", "N23: all in three years, assumed", "每年改革村数", "villages reformed a year"
    )
    cost_per_village = UnitCost(3, 0, 30, "万元 per village", f"C6; {ASSUMPTION}", "每村改革成本", "cost per village")

    def act(self, now: Moment) -> None:
        """Reform this year's villages and pay for them, once each."""
        village, level = now.state.village, self.level(now)
        waits = (level > 0) & (village.reformed == 0)
        if not np.any(waits):
            return
        number = np.floor(self.number("villages_per_year", now) * np.max(level, axis=1, keepdims=True) + 0.5)
        chosen = waits & (rank(np.where(waits, -over_modes(village.capital), np.inf)) < number)
        village.reformed = np.maximum(village.reformed, chosen)
        self.pay(now, "suppliers", chosen * self.number("cost_per_village", now))
