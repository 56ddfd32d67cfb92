"""What is kept of a search for equal cost: how a strategy was given the cost of another."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

TOLERANCE = 0.01
"""Relative difference of costs up to which they count as equal."""
REASONS = {
    "too_dear": ("不含这项资金，其成本已高于目标策略", "costs more than its target even without this lever"),
    "at_limit": (
        "力度已到上限，成本仍低于目标策略",
        "costs less than its target even at the lever's highest intensity",
    ),
    "in_steps": ("资金按整笔发放，成本无法更接近目标", "money comes in whole grants, so that its cost meets no closer"),
}
"""Why costs could not be made equal."""


@dataclass(frozen=True)
class SameCost:
    """How a strategy was given the cost of another.

    Attributes:
        target: key of the strategy whose cost is matched.
        lever: key of the lever that is scaled.
        scale: factor on its intensity from the last date on.
        cost: mean discounted public cost of the scaled strategy, 万元.
        target_cost: the same of the target.
        futures: number of futures both are means over.
        residents: residents per village in the search.
        evaluations: number of scales tried.
        reason: key in `REASONS` where the costs differ by more than the tolerance; else empty.
    """

    target: str
    lever: str
    scale: float
    cost: float
    target_cost: float
    futures: int
    residents: int | str
    evaluations: int
    reason: str = ""

    @property
    def difference(self) -> float:
        """Relative difference of cost to the target's."""
        return relative(self.cost, self.target_cost)

    def to_dict(self) -> dict[str, Any]:
        """As the manifest holds it."""
        zh, en = REASONS.get(self.reason, ("", ""))
        return {**asdict(self), "difference": self.difference, "tolerance": TOLERANCE, "reached": not self.reason,
                "reason_zh": zh, "reason_en": en}  # fmt: skip


def relative(cost: float, target: float) -> float:
    """Difference of costs relative to the target's; to 1万元 where the target costs less than that."""
    return (cost - target) / max(target, 1.0)
