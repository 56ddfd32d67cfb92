"""Cross-village joint building 跨村联建: a lead village, learning from it, and a pooled project (EQ-27)."""

from __future__ import annotations

import numpy as np

from sim.modes import POOL_MODES, VENTURE_KEYS
from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting, UnitCost
from sim.processes.ventures import BY_NEED, BY_STAKE, EQUALLY
from sim.state import Moment

POOL_MODE_CODES = {mode.key: float(VENTURE_KEYS.index(mode.key)) for mode in POOL_MODES}
SHARING_CODES = {"by_stake": float(BY_STAKE), "equally": float(EQUALLY), "by_need": float(BY_NEED)}


class JointBuilding(Lever):
    """Villages of a cluster work together under a lead village; a cluster of one village has no partner.

    Variants: 先进带后进 (ablest leads), 大带小 (largest leads), 强带弱 (richest leads); learning, pools, or both.
    """

    key = "joint_building"
    turn = 30
    zh = "跨村联建"
    en = "cross-village joint building"
    place = "三(一)"
    changes = ("village.knowledge", "village.stake", "secretary.ability", "secretary.effort", "venture.capital",
               "venture.active")  # fmt: skip
    purposes = ("joint_building",)
    fewest_together = 2

    pairing_rule = Choice("advanced_lagging",
                          {"advanced_lagging": "先进带后进", "large_small": "大带小", "strong_weak": "强带弱"},
                          "结对方式", "pairing rule")  # fmt: skip
    learning = Setting(1, 0, 1, "", "design of the lever", "互学力度", "strength of learning")
    contribution_share = Setting(
        1, 0, 1, "share of investable funds", ASSUMPTION, "出资比例", "share of funds put into the pool"
    )
    pool_mode = Choice(
        "enclave", {mode.key: mode.zh for mode in POOL_MODES}, "联建项目模式", "mode of the pooled project"
    )
    sharing = Choice(
        "by_stake", {"by_stake": "按股", "equally": "均分", "by_need": "按需"}, "分配方式", "how the payout is shared"
    )
    cost_per_cluster = UnitCost(
        2, 0, 20, "万元 per cluster a year", "C6; assumption", "每片区工作经费", "cost per cluster"
    )

    def act(self, now: Moment) -> None:
        """Name the leads, open the pools and pay for the work."""
        level = self.level(now)
        partners = now.clusters.spread(now.clusters.sum((level > 0).astype(np.float64))) >= 2
        level = level * partners
        member = level > 0
        if not np.any(member):
            return
        lead = now.clusters.first_maximum(np.where(member, self.strength(now), -np.inf)) & member
        now.policy.apply("joint", level * self.number("learning", now), where=member)
        now.policy.apply("joint_lead", level, where=lead)
        now.policy.apply("pool_contribution", level * self.number("contribution_share", now), where=member)
        now.policy.apply("pool_mode", np.full_like(level, POOL_MODE_CODES[self.values["pool_mode"]]), where=member)
        now.policy.apply("pool_sharing", np.full_like(level, SHARING_CODES[self.values["sharing"]]), where=member)
        members = now.clusters.spread(now.clusters.sum(member.astype(np.float64)))
        cost = level * self.number("cost_per_cluster", now) / np.maximum(members, 1)
        self.pay(now, "suppliers", cost)

    def strength(self, now: Moment) -> np.ndarray:
        """What makes a village the lead, `(R, V)`: ability, size or income of last year."""
        village = now.state.village
        if self.values["pairing_rule"] == "large_small":
            return village.registered_population
        if self.values["pairing_rule"] == "strong_weak":
            return village.income_operating
        return now.state.secretary.own_ability + village.knowledge
