"""Demonstration sites 先进典型示范点: the best villages of each town are shown, and others learn from them (EQ-27)."""

from __future__ import annotations

import numpy as np

from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting, UnitCost
from sim.state import Moment


class DemonstrationSites(Lever):
    """Some villages of each town become sites; villages of the town that are none visit them and learn, slowly.

    A site stays one. It gives time to its visitors, as the lead village of joint building does.
    """

    key = "demonstration_sites"
    turn = 40
    zh = "典型示范点"
    en = "demonstration sites"
    place = "三(一)"
    changes = ("village.demonstration", "village.knowledge", "secretary.ability", "secretary.effort")
    purposes = ("demonstration_sites",)

    sites_per_town = Setting(1, 0, 5, "villages per town", ASSUMPTION, "每镇示范点数", "sites per town")
    picked_by = Choice(
        "income", {"income": "经营性收入最高", "ability": "书记能力最强"}, "遴选标准", "by what sites are picked"
    )
    cost_per_site = UnitCost(10, 0, 100, "万元 per site", f"C6; {ASSUMPTION}", "每个示范点投入", "cost per site, once")

    def act(self, now: Moment) -> None:
        """Pick the sites that are still missing, pay for them, and say who visits."""
        village, level = now.state.village, self.level(now)
        reached = level > 0
        if not np.any(reached):
            return
        value = village.income_operating
        if self.values["picked_by"] == "ability":
            value = now.state.secretary.own_ability + village.knowledge
        queue = np.where(reached, np.where(village.demonstration > 0, -np.inf, -value), np.inf)
        is_site = reached & (now.towns.place(queue) < self.number("sites_per_town", now))
        new = is_site & (village.demonstration == 0)
        village.demonstration = np.maximum(village.demonstration, new)
        now.policy.apply("demonstration_site", level, where=is_site)
        now.policy.apply("demonstration_visit", level, where=reached & ~is_site)
        self.pay(now, "contractors", new * level * self.number("cost_per_site", now))
