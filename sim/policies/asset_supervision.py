"""Supervision of collective assets 资产监管: audits that cut leakage and take time, or disclosure that hardly does."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, UnitCost
from sim.state import Moment


class AssetSupervision(Lever):
    """Accounts and projects of villages and ventures are audited, or laid open to the villagers.

    An audit restrains leakage, watches managers of ventures and slows approvals; residents like some of it and not too
    much. Disclosure makes village affairs transparent and hardly touches leakage.
    """

    key = "asset_supervision"
    turn = 90
    zh = "资产监管"
    en = "supervision of collective assets"
    place = "三(二)"
    changes = (
        "village.cash",
        "village.trust",
        "village.capital",
        "village.idle_rent",
        "venture.supervision",
        "secretary.manager_quality",
    )
    purposes = ("asset_supervision",)

    form = Choice("audit", {"audit": "上级审计", "disclosure": "群众公开"}, "监管方式", "form of supervision")
    cost_per_village = UnitCost(
        0.8, 0, 5, "万元 per village a year", f"EQ-10; {ASSUMPTION}", "每村监管成本", "cost of supervision"
    )

    def act(self, now: Moment) -> None:
        """Supervise and pay for it."""
        level = self.level(now)
        column = "supervision" if self.values["form"] == "audit" else "disclosure"
        now.policy.apply(column, level, where=level > 0)
        self.pay(now, "suppliers", level * self.number("cost_per_village", now))
