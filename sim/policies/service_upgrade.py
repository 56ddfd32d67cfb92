"""Service centres 党群服务中心亲民化改造: renovation, some each year (EQ-23)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import rank
from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting, UnitCost
from sim.state import Moment


class ServiceUpgrade(Lever):
    """Each year a number of village service centres not yet renovated are."""

    key = "service_upgrade"
    turn = 160
    zh = "服务中心改造"
    en = "service centre renovation"
    place = "一(四)"
    changes = ("village.service_upgraded", "village.service_quality", "village.trust", "village.participation")
    purposes = ("service_upgrade",)

    centres_per_year = Setting(20, 0, 209, "centres a year", ASSUMPTION, "每年改造数", "centres a year")
    order = Choice("worst_first", {"worst_first": "先改服务最差", "largest_first": "先改人口最多"}, "改造次序",
                   "which centres come first")  # fmt: skip
    cost_per_centre = UnitCost(15, 0, 100, "万元 per centre", "C6; assumption", "每个中心成本", "cost per centre")

    def act(self, now: Moment) -> None:
        """Renovate this year's centres and pay for them."""
        village, level = now.state.village, self.level(now)
        waits = (level > 0) & (village.service_upgraded == 0)
        urgency = -village.service_quality if self.values["order"] == "worst_first" else village.registered_population
        number = np.floor(self.number("centres_per_year", now) * np.max(level, axis=1, keepdims=True) + 0.5)
        renovated = waits & (rank(np.where(waits, -urgency, np.inf)) < number)
        village.service_upgraded = np.maximum(village.service_upgraded, renovated)
        self.pay(now, "suppliers", renovated * self.number("cost_per_centre", now))
