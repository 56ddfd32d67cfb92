"""Infrastructure 基础设施提升: a yearly programme of village roads, and repairs after floods (EQ-25)."""

from __future__ import annotations

import numpy as np

from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting, UnitCost
from sim.state import Moment


class Infrastructure(Lever):
    """Roads are brought up to standard village by village, each until its whole network is done, and repaired.

    Variants: kilometres a year, which villages come first, repairs.
    """

    key = "infrastructure"
    turn = 290
    zh = "基础设施"
    en = "infrastructure"
    place = "一(四)"
    changes = ("village.road_share", "village.service_quality", "village.home_share", "village.participation")
    purposes = ("infrastructure",)

    new_km = Setting(120, 0, 1000, "km a year", "N36: 60 km hardened, 60 km of beautiful roads", "每年新建提升里程",
                     "roads brought up to standard")  # fmt: skip
    repair_km = Setting(258, 0, 1000, "km a year", "N36: 258 km repaired", "每年整治水毁里程", "damaged roads repaired")
    order = Choice("worst_access_first", {"worst_access_first": "先修最不通达", "most_people_first": "先修人口最多"},
                   "建设次序", "which villages come first")  # fmt: skip
    cost_per_km = UnitCost(30, 0, 200, "万元 per km", f"EQ-25; {ASSUMPTION}", "每公里新建成本", "cost per new km")
    cost_per_repair = UnitCost(5, 0, 50, "万元 per km", ASSUMPTION, "每公里整治成本", "cost per km repaired")

    def act(self, now: Moment) -> None:
        """Repair, build, and pay for both; repairs are spread evenly over the villages where the lever is in force."""
        village, level, network = now.state.village, self.level(now), now.parameters.road_network_km
        treated = level > 0
        if not np.any(treated):
            return
        number = np.maximum(np.sum(treated, axis=1, keepdims=True), 1)
        repaired = level * self.number("repair_km", now) / number
        now.policy.apply("road_repair_km", repaired, where=treated)
        built = self.build(now, treated * (1 - village.road_share) * network, level)
        village.road_share = np.minimum(village.road_share + built / network, 1)
        cost = built * self.number("cost_per_km", now) + repaired * self.number("cost_per_repair", now)
        self.pay(now, "contractors", cost)

    def build(self, now: Moment, missing: np.ndarray, level: np.ndarray) -> np.ndarray:
        """This year's km by village, `(R, V)`: in order, each village what it lacks, until the programme's km end."""
        village = now.state.village
        by_access = self.values["order"] == "worst_access_first"
        urgency = -village.market_access if by_access else village.registered_population
        queue = np.argsort(np.where(missing > 0, -urgency, np.inf), axis=1, kind="stable")
        wanted = np.take_along_axis(missing, queue, axis=1)
        before = np.cumsum(wanted, axis=1) - wanted
        programme = self.number("new_km", now) * np.max(level, axis=1, keepdims=True)
        built = np.empty_like(missing)
        np.put_along_axis(built, queue, np.clip(programme - before, 0, wanted), axis=1)
        return built
