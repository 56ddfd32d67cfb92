"""The digital platform 恩阳党建·村务清: openness, services and participation online (EQ-19 to EQ-23)."""

from __future__ import annotations

import numpy as np

from sim.policies.base import Lever, UnitCost
from sim.state import Moment


class DigitalPlatform(Lever):
    """Villages on the platform publish their affairs and serve residents online; use grows over three years."""

    key = "digital_platform"
    zh = "数字平台"
    en = "digital platform"
    place = "一(四)"
    changes = (
        "village.digital_adoption",
        "village.transparency",
        "village.trust",
        "village.service_quality",
        "village.participation",
    )
    purposes = ("digital_platform",)

    fixed_cost = UnitCost(200, 0, 2000, "万元/yr", "C6; assumption", "平台固定成本", "fixed cost of the platform")
    cost_per_village = UnitCost(
        0.3, 0, 5, "万元 per village a year", "C6; assumption", "每村平台成本", "cost per village"
    )

    def act(self, now: Moment) -> None:
        """Run the platform and pay for it; the fixed cost is borne once, spread over the villages served."""
        level = self.level(now)
        on = level > 0
        now.policy.apply("platform", np.minimum(level, 1), where=on)
        served = np.maximum(np.sum(on, axis=1, keepdims=True), 1)
        fixed = self.number("fixed_cost", now) * level / served
        self.pay(now, "suppliers", fixed + level * self.number("cost_per_village", now))
