"""What a lever's work costs is not known exactly: one uncertain factor on all unit costs of each lever (C6, D11)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter
from sim.policies.base import Lever
from sim.policies.registry import LEVERS

PREFIX = "unit_cost."


def factor_of(lever: type[Lever]) -> Parameter:
    """The factor on a lever's unit costs: half as dear to twice as dear as declared."""
    return Parameter(
        1.0, 0.5, 2.0, "times", ASSUMPTION, f"{lever.zh}单位成本倍数", f"factor on unit costs: {lever.en}",
        name=f"{PREFIX}{lever.key}", module="unit_costs", needs=(lever.key,),
    )  # fmt: skip


UNIT_COST_PARAMETERS: dict[str, Parameter] = {
    f"{PREFIX}{key}": factor_of(lever) for key, lever in LEVERS.items() if lever.unit_costs()
}
"""A factor for every lever that declares a `UnitCost`, by name; a new lever gets its own."""
