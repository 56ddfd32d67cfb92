"""Expert corps 专家服务总团: five kinds of experts serve villages of the leading industries (EQ-24)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import over_modes, rank, share
from sim.initial import INDUSTRIES
from sim.modes import EXPOSED
from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting, UnitCost
from sim.state import Moment

INDUSTRIES_ZH = ("优质粮油", "有机果蔬", "生态畜禽", "道地药材")
VISITING = (
    ("backbone_experts", "villages_per_backbone"),
    ("extension_staff", "villages_per_extension"),
    ("local_experts", "villages_per_local"),
    ("business_representatives", "villages_per_representative"),
)
"""Kinds of experts that serve villages of their own, and how many each serves."""


class ExpertCorps(Lever):
    """Experts raise the yield of industry modes where they serve; the time of each is one, shared by his villages.

    Chief experts serve all villages of the industries alike. The visits of the other kinds are dealt round the villages
    like cards, kind after kind, beginning with the village that has most capital in industry modes.
    """

    key = "expert_corps"
    turn = 100
    zh = "专家服务总团"
    en = "expert corps"
    place = "三(二)"
    changes = ("village.advantage", "village.capital", "village.income_operating")
    purposes = ("expert_corps",)

    industries = Choice("all", {"all": "四个主导产业", **dict(zip(INDUSTRIES, INDUSTRIES_ZH, strict=True))},
                        "服务的产业", "industries that the corps serves")  # fmt: skip
    chief_experts = Setting(4, 0, 40, "experts", "one an industry; assumption", "首席专家数", "chief experts")
    backbone_experts = Setting(12, 0, 100, "experts", ASSUMPTION, "骨干专家数", "backbone experts")
    villages_per_backbone = Setting(
        8, 1, 40, "villages", ASSUMPTION, "每名骨干专家服务村数", "villages per backbone expert"
    )
    extension_staff = Setting(
        36, 0, 400, "experts", "two a town; assumption", "农技推广人员数", "agritech extension staff"
    )
    villages_per_extension = Setting(
        3, 1, 20, "villages", ASSUMPTION, "每名农技人员服务村数", "villages per member of the extension staff"
    )
    local_experts = Setting(54, 0, 400, "experts", "three a town; assumption", "土专家数", "local experts")
    villages_per_local = Setting(1, 1, 10, "villages", ASSUMPTION, "每名土专家服务村数", "villages per local expert")
    business_representatives = Setting(
        18, 0, 200, "experts", "one a town; assumption", "新型经营主体代表数", "representatives of new businesses"
    )
    villages_per_representative = Setting(
        2, 1, 10, "villages", ASSUMPTION, "每名经营主体代表服务村数", "villages per representative"
    )
    cost_per_village = UnitCost(
        1, 0, 10, "万元 per village a year", f"C6; {ASSUMPTION}", "每村服务成本", "cost of a village fully served"
    )

    def act(self, now: Moment) -> None:
        """Send the experts and pay for their time."""
        level = self.level(now)
        chosen, industry = self.values["industries"], now.state.village.industry
        fits = np.ones_like(level) if chosen == "all" else (industry == INDUSTRIES.index(chosen)) * 1.0
        served = (level > 0) & (fits > 0)
        if not np.any(served):
            return
        service = level * self.coverage(now, served)
        now.policy.apply("expert_service", service, where=served)
        self.pay(now, "suppliers", service * self.number("cost_per_village", now))

    def coverage(self, now: Moment, served: np.ndarray) -> np.ndarray:
        """How much of a full service each served village gets, 0-1, `(R, V)`."""
        waiting = np.maximum(np.sum(served, axis=1, keepdims=True), 1)
        place = rank(np.where(served, -over_modes(now.state.village.capital * EXPOSED), np.inf))
        covered = served * share(self.number("chief_experts", now), waiting)
        dealt = np.zeros((now.runs, 1))
        for kind, reach in VISITING:
            villages_each = self.number(reach, now)
            after = dealt + np.floor(self.number(kind, now) * villages_each)
            visits = np.ceil((after - place) / waiting) - np.ceil((dealt - place) / waiting)
            covered = covered + served * visits / villages_each
            dealt = after
        return np.minimum(covered, 1)
