"""Rectification 软弱涣散整顿: each year the weakest village organisations are put in order (EQ-26)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import rank
from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost
from sim.state import Moment


class OrganisationRectification(Lever):
    """The villages of the lowest organisation are rectified for a year; who stays at the bottom is chosen again."""

    key = "org_rectification"
    turn = 250
    zh = "软弱涣散整顿"
    en = "rectification of weak organisations"
    place = "三(一)"
    changes = ("village.organisation", "secretary.ability", "village.income_operating")
    purposes = ("org_rectification",)

    share_a_year = Setting(
        0.1, 0, 1, "share of villages a year", f"EQ-26; {ASSUMPTION}", "每年整顿比例", "share of villages a year"
    )
    cost_per_village = UnitCost(2, 0, 20, "万元 per village", f"C6; {ASSUMPTION}", "每村整顿成本", "cost per village")

    def act(self, now: Moment) -> None:
        """Choose this year's villages, at least one, and pay for them."""
        level = self.level(now)
        treated = level > 0
        if not np.any(treated):
            return
        number = np.ceil(self.number("share_a_year", now) * np.sum(treated, axis=1, keepdims=True) - 1e-9)
        weakest = rank(np.where(treated, now.state.village.organisation, np.inf)) < number
        chosen = treated & weakest
        now.policy.apply("rectified", np.minimum(level, 1), where=chosen)
        self.pay(now, "suppliers", chosen * level * self.number("cost_per_village", now))
