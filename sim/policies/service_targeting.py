"""Service targeting 公共服务按需配置: how ordinary service money is shared between villages (EQ-23, R16)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import share
from sim.policies.base import NOBODY, Choice, Lever
from sim.state import Moment


class ServiceTargeting(Lever):
    """The same money as before goes by people, need or out-migration and no longer to every village alike."""

    key = "service_targeting"
    turn = 170
    zh = "公共服务按需配置"
    en = "service targeting"
    place = "三(三)"
    changes = ("village.service_quality", "village.trust", "village.participation")
    purposes = ()

    payer = Choice("nobody", NOBODY, "付款方", "payer")
    rule = Choice("need", {"need": "按在村人口与服务短板", "per_capita": "按在村人口", "outmigration": "按外出程度",
                           "equal": "各村均等"}, "配置规则", "by what service money is shared")  # fmt: skip

    def act(self, now: Moment) -> None:
        """Share the money of the villages reached anew among them; what one gains others lose."""
        level = np.minimum(self.level(now), 1)
        reached = level > 0
        weight = np.where(reached, self.weight(now), 0.0)
        mean = np.sum(weight, axis=1, keepdims=True) / np.maximum(np.sum(reached, axis=1, keepdims=True), 1)
        relative = np.where(mean > 0, share(weight, np.broadcast_to(mean, weight.shape)), 1.0)
        now.policy.apply("service_shift", level * now.parameters.service_money * (relative - 1), where=reached)

    def weight(self, now: Moment) -> np.ndarray:
        """What a village's part is in proportion to, `(R, V)`."""
        village = now.state.village
        home = village.registered_population * village.home_share
        return {
            "equal": np.ones_like(home),
            "per_capita": home,
            "need": home * (1 - village.service_quality),
            "outmigration": home * (1 - village.home_share),
        }[self.values["rule"]]
