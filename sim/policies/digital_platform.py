"""The digital platform 恩阳党建·村务清: openness, services and participation online (EQ-19 to EQ-23)."""

from __future__ import annotations

import numpy as np

from sim.policies.base import Lever, Setting, UnitCost
from sim.state import Moment


class DigitalPlatform(Lever):
    """Villages on the platform publish their affairs and serve residents online; use grows over three years.

    The five modules are switches; all cost as one.
    """

    key = "digital_platform"
    turn = 150
    zh = "数字平台"
    en = "digital platform"
    place = "一(四)"
    changes = ("village.digital_adoption", "village.transparency", "village.trust", "village.service_quality",
               "village.participation")  # fmt: skip
    purposes = ("digital_platform",)

    home = Setting(1, 0, 1, "0-1", "design of the lever", "美好家园", "module for services")
    party = Setting(1, 0, 1, "0-1", "design of the lever", "党旗飘扬", "module for party work")
    voice = Setting(1, 0, 1, "0-1", "design of the lever", "大事共商", "module for talking matters over")
    openness = Setting(
        1, 0, 2, "ratio", "design of the lever", "村务公开",
        "module for publishing affairs; up to 2 with boards and accounts read out (线上线下)",
    )  # fmt: skip
    credit_file = Setting(1, 0, 1, "0-1", "design of the lever", "诚信档案", "module for files of good faith")
    fixed_cost = UnitCost(200, 0, 2000, "万元/yr", "C6; assumption", "平台固定成本", "fixed cost of the platform")
    cost_per_village = UnitCost(
        0.3, 0, 5, "万元 per village a year", "C6; assumption", "每村平台成本", "cost per village"
    )

    writes = {
        "platform": ("level",),
        "platform_home": ("level", "home"),
        "platform_party": ("level", "party"),
        "platform_voice": ("level", "voice"),
        "platform_openness": ("level", "openness"),
        "platform_credit": ("level", "credit_file"),
    }

    def cost(self, level: np.ndarray, now: Moment) -> np.ndarray:
        """A cost of each village served, and the fixed cost, which is borne once, spread over them."""
        each = self.number("cost_per_village", now) * np.maximum(self.number("openness", now), 1)
        return self.spread_cost("fixed_cost", level, now) + level * each
