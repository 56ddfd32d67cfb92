"""A study: strategies × worlds × seeds, cut into batches that are always the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.district import District
from sim.engine import RunOptions
from sim.policies.base import Strategy

if TYPE_CHECKING:
    from experiments.found_scale import SameCost

FUTURES_PER_BATCH = 25
"""Fixed: the model is fast from about 16 rows on, and what is stored must not depend on the number of processes."""


@dataclass(frozen=True)
class Batch:
    """Futures of one strategy that are computed together.

    Attributes:
        name: name of its files.
        strategy: what is in force.
        start: initial condition.
        worlds: world of each run; None is the world of defaults.
        seeds: seed of each run.
    """

    name: str
    strategy: Strategy
    start: str
    worlds: tuple[int | None, ...]
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Study:
    """What is to be run.

    Attributes:
        name: first part of its folder's name.
        district: the place.
        strategies: all in the same futures.
        reference: key of the strategy the others are compared with.
        worlds: world of each future.
        seeds: seed of each future.
        options: horizon, first year, main initial condition, residents.
        other_starts: further initial conditions, for the reference alone.
        parameters: values held fixed in every world.
        ranges: ranges that replace the declared ones.
        discount_rate: per year, for present values.
        equal_to: key of the strategy whose public cost all others are given; empty where costs are what they are.
        same_cost: how strategies were given the cost of another, by key; the scales stand in their levers.
    """

    name: str
    district: District
    strategies: tuple[Strategy, ...]
    reference: str
    worlds: tuple[int | None, ...]
    seeds: tuple[int, ...]
    options: RunOptions = field(default_factory=RunOptions)
    other_starts: tuple[str, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    discount_rate: float = 0.04
    equal_to: str = ""
    same_cost: Mapping[str, SameCost] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return (len(self.strategies) + len(self.other_starts)) * len(self.seeds)

    def batches(self) -> list[Batch]:
        """The whole design in fixed slices; the reference's other starts come last."""
        main = [(strategy, self.options.start) for strategy in self.strategies]
        reference = next(strategy for strategy in self.strategies if strategy.key == self.reference)
        design = main + [(reference, start) for start in self.other_starts]
        batches: list[Batch] = []
        for strategy, start in design:
            for first in range(0, len(self.seeds), FUTURES_PER_BATCH):
                part = slice(first, first + FUTURES_PER_BATCH)
                name = f"{len(batches):04d}-{strategy.key}-{start}"
                batches.append(Batch(name, strategy, start, self.worlds[part], self.seeds[part]))
        return batches

    @cached_property
    def id(self) -> str:
        """Hash of everything that decides the results, the model's own code included."""
        content = {
            "design": self.description(),
            "district": self.district.fingerprint,
            "model": model_fingerprint(),
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def description(self) -> dict[str, Any]:
        """The design as plain values."""
        return as_plain(
            {
                "strategies": [asdict(strategy) for strategy in self.strategies],
                "reference": self.reference,
                "worlds": self.worlds,
                "seeds": self.seeds,
                "options": asdict(self.options),
                "other_starts": self.other_starts,
                "parameters": self.parameters,
                "ranges": self.ranges,
                "discount_rate": self.discount_rate,
                "equal_to": self.equal_to,
            }
        )


def as_plain(value: Any) -> Any:
    """Values as JSON holds them: keys are text, tuples are lists, NumPy numbers are numbers."""
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


@cache
def model_fingerprint() -> str:
    """Hash of the bytes of the model; line ends do not count."""
    folder, digest = Path(sim.__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
