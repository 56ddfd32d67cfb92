"""What stands where in the report: sections in their order, and the figures of each."""

from __future__ import annotations

FIGURES: dict[str, tuple[str, ...]] = {
    "trajectories": ("fan_income_operating_mean", "fan_villages_30_operating"),
    "effects": ("forest",),
    "same_cost": ("same_cost",),
    "league": ("league",),
    "distribution": ("winners", "by_starting_income"),
    "participation": ("participation_funnel",),
    "withdrawal": ("withdrawal",),
    "money": ("cost_by_payer",),
}
SWEEP = ("sweep_curves", "sweep_map")
"""Figures of the report of a sweep."""
