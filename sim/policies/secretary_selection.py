"""Secretary selection 带头人选育: the reserve pool 后备力量 and the age caps of the 2026 election (EQ-16, EQ-17)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost
from sim.state import Moment


class SecretarySelection(Lever):
    """Vacancies are filled from the town's reserve pool; age caps apply to successors and incumbents."""

    key = "secretary_selection"
    turn = 140
    zh = "头雁选育"
    en = "secretary selection"
    place = "一(二)"
    changes = ("secretary.age", "secretary.is_college", "secretary.skill", "secretary.tenure", "candidate.used")
    purposes = ("secretary_selection",)

    college_weight = Setting(0.3, 0, 2, "skill", ASSUMPTION, "学历权重", "weight of college education")
    assessment = Setting(
        0, 0, 1, "share", "design of the lever", "考评准确化", "share by which assessment cuts the error of selection"
    )
    age_cap_new = Setting(45, 30, 80, "years of age", "N16", "新任年龄上限", "age cap for new secretaries")
    age_cap_incumbent = Setting(55, 0, 200, "years of age", "N16", "继任年龄上限", "age cap for re-election")
    inflow_per_year = Setting(0, 0, 100, "candidates a year", "EQ-16 option", "每年新增后备", "new candidates a year")
    cost_per_candidate = UnitCost(
        0.5, 0, 5, "万元 per candidate a year", "C6; assumption", "每名后备培养成本", "cost per candidate"
    )
    assessment_cost = UnitCost(
        0.5, 0, 5, "万元 per candidate a year", ASSUMPTION, "每名考评成本", "cost of full assessment per candidate"
    )

    writes = {
        "reserve_pool": ("level",),
        "college_weight": ("college_weight",),
        "assessment": ("assessment",),
        "age_cap_new": ("age_cap_new",),
        "age_cap_incumbent": ("age_cap_incumbent",),
    }

    def act(self, now: Moment) -> None:
        """Open the pool, set the caps, take in new candidates, and pay for those in the pool."""
        level = self.level(now)
        runs = level > 0
        if not np.any(runs):
            return
        self.write(now, self.said(level, now), level)
        self.admit(now, np.any(runs, axis=1, keepdims=True))
        waiting = np.sum((now.state.candidate.joined > 0) & (now.state.candidate.used == 0), axis=1, keepdims=True)
        assessed = self.number("assessment", now) * self.number("assessment_cost", now)
        per_candidate = self.number("cost_per_candidate", now) + assessed
        cost = per_candidate * waiting * level / self.district.villages
        self.pay(now, "suppliers", cost)

    def newcomers(self, years: int) -> int:
        """As many a year as the largest number that was set."""
        value = self.values["inflow_per_year"]
        return int(max(value.values() if isinstance(value, Mapping) else [value])) * years

    def admit(self, now: Moment, in_force: np.ndarray) -> None:
        """New candidates take the next free places of the pool, in runs where the lever reaches anybody."""
        candidate = now.state.candidate
        number = self.number("inflow_per_year", now) * in_force
        place = np.cumsum(candidate.joined == 0, axis=1)
        candidate.joined = np.where((candidate.joined == 0) & (place <= number), 1.0, candidate.joined)
