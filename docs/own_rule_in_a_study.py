"""A rule of one's own on arrays: villages with little trust learn from the partner that is trusted most."""

from sim.policies.base import Setting
from sim.rules.base import OPENING, Rule
from sim.rules.registry import register


@register
class Visits(Rule):
    """Villages with little trust learn from the most trusted one of their cluster."""

    key = "visits"
    zh = "邻村走访"
    en = "visits among villages"
    part, after = OPENING, "acting.open_books"

    speed = Setting(0.2, 0, 1, "per year", "assumption", "学习速度", "speed of learning")

    def __call__(self, now):
        """Close a part of the gap, as it was before anybody moved."""
        village = now.state.village
        best = now.clusters.spread(now.clusters.maximum(village.trust))
        village.trust = village.trust + self.values["speed"] * (best - village.trust)
