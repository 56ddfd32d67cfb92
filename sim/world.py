"""Worlds: one draw of everything uncertain, and the list of all declared parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

import numpy as np

from sim.initial import InitialParameters
from sim.modes import MODE_PARAMETERS, ModeParameters, mode_arrays
from sim.parameters import RESIDENTS, Parameter, ParameterValues
from sim.policies.paired_assistance import PairingParameters
from sim.processes.alliances import AllianceParameters
from sim.processes.demography import DemographyParameters
from sim.processes.enterprises import EnterpriseParameters
from sim.processes.finance import FinanceParameters
from sim.processes.grading import GradingParameters
from sim.processes.idle_assets import IdleAssetParameters
from sim.processes.leadership import LeadershipParameters
from sim.processes.managers import ManagerParameters
from sim.processes.norms import NormParameters
from sim.processes.organisation import OrganisationParameters
from sim.processes.participation import ParticipationParameters
from sim.processes.production import ProductionParameters
from sim.processes.projects import ProjectParameters
from sim.processes.rewards import RewardParameters
from sim.processes.roads import RoadParameters
from sim.processes.services import ServiceParameters
from sim.processes.stakes import StakeParameters
from sim.processes.ventures import VentureParameters
from sim.tape import generators
from sim.unit_costs import LEVEL, PREFIX, UNIT_COST_PARAMETERS

BLOCK = 100
"""Worlds come in Latin hypercubes of this many."""

GROUPS = (
    ModeParameters, ProductionParameters, ProjectParameters, FinanceParameters, LeadershipParameters, VentureParameters,
    StakeParameters, ManagerParameters, AllianceParameters, EnterpriseParameters,
    ParticipationParameters, ServiceParameters, DemographyParameters, PairingParameters, InitialParameters,
    OrganisationParameters, RoadParameters, RewardParameters, GradingParameters, NormParameters,
    IdleAssetParameters,
)  # fmt: skip

DECLARED: dict[str, Parameter] = {
    **{name: item for group in GROUPS for name, item in group.declared().items()},
    **MODE_PARAMETERS,
    **UNIT_COST_PARAMETERS,
}
"""Every parameter that nature or history decides, by name."""


def can_act(levers: Collection[str], residents: bool, item: Parameter) -> bool:
    """Whether a parameter can change anything in runs with these levers on, with or without residents simulated."""
    there = {*levers, *([RESIDENTS] if residents else [])}
    return not item.needs or bool(there & set(item.needs))


def world_values(
    world: int | None,
    fixed: Mapping[str, float] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, float]:
    """Parameter values of one world; None is the world of defaults.

    Half of the worlds lie below the default and half above, uniform on each side. Each parameter's column comes from a
    stream of its own name, so that more worlds or a new parameter move no other number.

    Args:
        world: number of the world, from 0.
        fixed: values held in every world.
        ranges: ranges inside the declared ones, in their place.
    """
    fixed, ranges = fixed or {}, ranges or {}
    default = np.array([float(item.default) for item in DECLARED.values()])
    if world is None:
        values = default
    else:
        bounds = [ranges.get(name) or _range(item) for name, item in DECLARED.items()]
        low, high = np.array(bounds, dtype=np.float64).T
        block, place = divmod(world, BLOCK)
        position = _hypercube(tuple(DECLARED), block)[place]
        values = _either_side(position, low, default, high)
    drawn = dict(zip(DECLARED, values.tolist(), strict=True))
    return {**drawn, **{name: float(value) for name, value in fixed.items()}}


def spread(
    position: np.ndarray, names: Sequence[str], ranges: Mapping[str, tuple[float, float]] | None = None
) -> np.ndarray:
    """Positions in (0, 1) as parameter values: half below the default, half above, uniform on each side.

    Args:
        position: `(points, parameters)`.
        names: parameter of each column; also one that worlds do not draw is spread over its declared range.
        ranges: ranges inside the declared ones, in their place.
    """
    items, ranges = [DECLARED[name] for name in names], ranges or {}
    bounds = [ranges.get(name, (item.low, item.high)) for name, item in zip(names, items, strict=True)]
    low, high = np.array(bounds, dtype=np.float64).reshape(-1, 2).T
    return _either_side(position, low, np.array([float(item.default) for item in items]), high)


def _range(item: Parameter) -> tuple[float, float]:
    """Where worlds draw a parameter; what nothing is known about stays at its default."""
    return (item.low, item.high) if item.drawn else (item.default, item.default)


@lru_cache(maxsize=16)
def _hypercube(names: tuple[str, ...], block: int) -> np.ndarray:
    """Positions, in (0, 1), in the 100 worlds of a block: a row for each world, a column for each parameter."""
    columns = []
    for source in generators([(f"world block {block}", name) for name in names]):
        order = np.argsort(source.random(BLOCK), kind="stable")  # a stratum of its own for each world
        columns.append((order + source.random(BLOCK)) / BLOCK)
    return np.stack(columns, axis=1)


def _either_side(position: np.ndarray, low: np.ndarray, default: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Half of the positions below the default, half above, uniform on each side."""
    default = np.clip(default, low, high)
    below = low + 2 * position * (default - low)
    return np.where(position < 0.5, below, default + (2 * position - 1) * (high - default))


def parameter_values(values: Mapping[str, np.ndarray]) -> ParameterValues:
    """Values `(R,)` by name as `(R, 1)`, `(R, 1, modes)` for the mode table; factors on unit costs by lever."""
    plain = {name: column[:, None] for name, column in values.items() if name not in MODE_PARAMETERS}
    level = plain.pop(LEVEL)
    unit_cost = {name.removeprefix(PREFIX): level * plain.pop(name) for name in UNIT_COST_PARAMETERS if name != LEVEL}
    return ParameterValues({**plain, **mode_arrays(values, len(next(iter(values.values()))))}, unit_cost)
