"""Industry alliances 产业联盟: villages of one industry share a brand, buy together and watch one another (EQ-31)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import share
from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting, UnitCost
from sim.processes import alliances
from sim.state import Moment

REACH_CODES = {"town": float(alliances.TOWN), "area": float(alliances.AREA), "district": float(alliances.DISTRICT)}


class IndustryAlliance(Lever):
    """The district brings villages of the same industry together and bears a part of the cost of quality.

    Variants: 1+1 (pairs) or 1+N (a lead and others), reach, size, cost share, fines and monitoring.
    """

    key = "industry_alliance"
    turn = 60
    zh = "产业联盟"
    en = "industry alliances"
    place = "三(二)"
    changes = ("village.alliance", "village.brand_premium", "village.income_operating", "alliance.alive")
    purposes = ("industry_alliance", "quality_subsidy")

    payer = Choice("district", {"district": "区财政"}, "付款方", "payer")
    form = Choice("one_to_many", {"one_to_one": "1+1", "one_to_many": "1+N"}, "联盟类型", "form of alliance")
    size = Setting(8, 3, 12, "villages", "EQ-31", "1+N联盟村数", "members of a 1+N alliance")
    reach = Choice("area", {"town": "本镇", "area": "镇域片区", "district": "全区"}, "联盟范围", "reach")
    cost_share = Setting(
        0.3, 0, 1, "share of cost", ASSUMPTION, "标准化成本补助", "public share of the cost of quality"
    )
    fine = Setting(0.15, 0, 0.5, "share of revenue", ASSUMPTION, "违约金", "fine for who rides free")
    monitor = Setting(0.3, 0, 1, "", ASSUMPTION, "抽查比例", "chance that riding free is found out")
    cost_per_alliance = UnitCost(
        5, 0, 50, "万元 per alliance a year", "C6; assumption", "每联盟经费", "cost per alliance"
    )

    def act(self, now: Moment) -> None:
        """Say who may form alliances of what kind, and how they are watched and helped."""
        level = self.level(now)
        if not np.any(level > 0):
            return
        size = self.number("size", now) if self.values["form"] == "one_to_many" else np.full((now.runs, 1), 2.0)
        said = {
            "alliance": level,
            "alliance_size": size,
            "alliance_reach": np.full_like(level, REACH_CODES[self.values["reach"]]),
            "cost_share": level * self.number("cost_share", now),
            "fine": self.number("fine", now),
            "monitor": level * self.number("monitor", now),
        }
        self.write(now, said, level)

    def each_quarter(self, now: Moment) -> None:
        """Pay for the work of the alliances there are, spread over their members."""
        if not np.any(now.policy.alliance > 0):
            return
        member = (now.state.village.alliance > 0) & (now.policy.alliance > 0)
        cost = self.number("cost_per_alliance", now) / 4 * share(now.policy.alliance * member, alliances.sizes(now))
        self.pay(now, "suppliers", cost)
