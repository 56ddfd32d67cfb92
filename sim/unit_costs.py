"""What a lever's work costs is uncertain: what all unit costs have in common, and a factor a lever."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter
from sim.policies.base import Lever
from sim.policies.registry import LEVERS

PREFIX = "unit_cost."
LEVEL = "unit_cost_level"
POLICIES = ("paired_assistance", "joint_building", "asset_supervision", "industry_alliance")
"""Levers with unit costs of the four policies that the report asks about: by these the strategies differ, so that
worlds draw a factor of their own for each of them; of the others they draw what all have in common."""

_COSTED = [key for key, lever in LEVERS.items() if lever.unit_costs()]


def factor_of(lever: type[Lever]) -> Parameter:
    """The factor on a lever's unit costs, relative to those of all others."""
    return Parameter(
        1.0, 0.7, 1.4, "times", ASSUMPTION, f"{lever.zh}单位成本倍数", f"factor on unit costs: {lever.en}",
        name=f"{PREFIX}{lever.key}", module="unit_costs", drawn=lever.key in POLICIES, needs=(lever.key,),
    )  # fmt: skip


UNIT_COST_PARAMETERS: dict[str, Parameter] = {
    LEVEL: Parameter(
        1.0, 0.6, 1.7, "times", ASSUMPTION, "单位成本总体水平", "common level of all unit costs",
        name=LEVEL, module="unit_costs", needs=tuple(_COSTED),
    ),
    **{f"{PREFIX}{key}": factor_of(LEVERS[key]) for key in _COSTED},
}  # fmt: skip
"""The common level, and a factor for every lever that declares a `UnitCost`, by name; a new lever gets its own."""
