"""Industry plans 产业规划与品牌: each village plans by its own strengths, and a town's main industry gets a brand."""

from __future__ import annotations

import numpy as np

from sim.initial import INDUSTRIES
from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost
from sim.state import Moment


class IndustryPlan(Lever):
    """A plan steadies the choice of projects (EQ-08); a local brand is built for the industry most villages share.

    The brand belongs to the town and asks no quality of anybody: its premium is small, grows over years and is lost
    over years when it is not kept up. Where an alliance's premium is larger, that one counts (EQ-31).
    """

    key = "industry_plan"
    turn = 110
    zh = "产业规划与品牌"
    en = "industry plans and local brands"
    place = "三(二)"
    changes = ("village.planned", "village.local_brand", "village.capital", "village.income_operating")
    purposes = ("industry_plan",)

    cost_per_plan = UnitCost(
        1, 0, 10, "万元 per village", f"C6; {ASSUMPTION}", "每村规划成本", "cost of a village's plan"
    )
    brand = Setting(1, 0, 1, "", "design of the lever", "品牌建设力度", "strength of building the brand")
    brand_upkeep = UnitCost(
        0.5, 0, 5, "万元 per village a year", ASSUMPTION, "每村品牌维护费", "upkeep of the brand per village"
    )

    def act(self, now: Moment) -> None:
        """Write plans, once a village, and keep up the brand of each town."""
        village, level = now.state.village, self.level(now)
        reached = level > 0
        new = reached & (village.planned == 0)
        village.planned = np.maximum(village.planned, reached)
        now.policy.apply("village_plan", level, where=reached)
        brand = level * self.number("brand", now) * (village.industry == main_industry(now))
        now.policy.apply("local_brand", brand, where=brand > 0)
        cost = new * level * self.number("cost_per_plan", now) + brand * self.number("brand_upkeep", now)
        self.pay(now, "suppliers", cost)


def main_industry(now: Moment) -> np.ndarray:
    """The industry that most villages of each village's town have, of equals the first; `(R, V)` of int."""
    industry = now.state.village.industry
    villages = np.stack([now.towns.sum((industry == number) * 1.0) for number in range(len(INDUSTRIES))], axis=-1)
    return now.towns.spread(np.argmax(villages, axis=2))
