"""Futures: which world meets which seed, what a design sets in it, and what is held in all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.checks import check_futures
from sim.parameters import check_parameters, check_ranges
from sim.problems import Problem
from sim.world import DECLARED, world_values

NO_WORLD = -1
"""Number of the world of defaults; its village columns are those of world 0."""


@dataclass(frozen=True, eq=False)
class Futures:
    """F futures in order; every strategy meets all of them.

    Attributes:
        worlds: number under which the world of each future is stored, `(F,)`; -1 is the world of defaults.
        draws: world that is drawn for what the design does not set, village columns included, `(F,)`; -1: defaults.
        seeds: seed of each future, `(F,)`.
        names: parameters that the design sets.
        values: their values, `(F, len(names))`.
        fixed: values held in every future; what the design sets goes before.
        ranges: ranges inside the declared ones, in their place.
        malformed: what is wrong with the lists that they were made from (`futures_of`); then there are none.
    """

    worlds: np.ndarray
    draws: np.ndarray
    seeds: np.ndarray
    names: tuple[str, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    fixed: Mapping[str, float] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    malformed: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        if not self.names:
            object.__setattr__(self, "values", np.zeros((len(self.seeds), 0)))
        if len({len(self.worlds), len(self.draws), len(self.seeds), len(self.values)}) != 1:
            raise ValueError("worlds, draws, seeds and values must be of one length")

    def __len__(self) -> int:
        return len(self.seeds)

    def check(self) -> list[Problem]:
        """All problems."""
        held = check_parameters(self.fixed, DECLARED) + check_ranges(self.ranges, DECLARED)
        return [*held, *self.malformed]

    def take(self, which: slice | np.ndarray) -> Futures:
        """Some of the futures."""
        return replace(self, worlds=self.worlds[which], draws=self.draws[which], seeds=self.seeds[which],
                       values=self.values[which])  # fmt: skip

    def held(self, fixed: Mapping[str, float]) -> Futures:
        """The same futures with further values held in all of them."""
        return replace(self, fixed={**self.fixed, **fixed}) if fixed else self

    def one_each(self) -> Futures:
        """One future of each world, in the order of their numbers."""
        return self.take(np.unique(self.worlds, return_index=True)[1])

    @property
    def drawn(self) -> bool:
        """Whether any world is drawn, or all are that of defaults."""
        return bool(np.any(self.draws != NO_WORLD))

    def parameters(self, left_out: Mapping[str, float] | None = None) -> dict[str, np.ndarray]:
        """The value of every parameter in every future, by name, `(F,)`; `left_out` are held whatever a design sets."""
        found = [
            world_values(None if draw == NO_WORLD else draw,
                         {**self.fixed, **dict(zip(self.names, row, strict=True)), **(left_out or {})}, self.ranges)
            for draw, row in zip(self.draws.tolist(), self.values.tolist(), strict=True)
        ]  # fmt: skip
        return {name: np.array([one[name] for one in found]) for name in DECLARED}

    @property
    def fingerprint(self) -> str:
        """Hash of worlds, seeds and what the design sets."""
        digest = hashlib.sha256(repr(self.names).encode("utf-8"))
        for column in (self.worlds, self.draws, self.seeds):
            digest.update(np.asarray(column, dtype="<i8").tobytes())
        digest.update(np.ascontiguousarray(self.values, dtype="<f8").tobytes())
        return digest.hexdigest()


def futures_of(
    worlds: Sequence[int | None], seeds: Sequence[int], points: Sequence[Mapping[str, float]] | None = None,
    fixed: Mapping[str, float] | None = None, ranges: Mapping[str, tuple[float, float]] | None = None,
) -> Futures:  # fmt: skip
    """Futures from lists; what is wrong with them is told when they are run.

    Args:
        worlds: world of each; None is the world of defaults.
        seeds: seed of each, as many as worlds.
        points: what a design sets in each, by parameter; the same parameters in all.
        fixed: values held in every future.
        ranges: ranges inside the declared ones, in their place.
    """
    held: dict[str, Any] = {"fixed": {} if fixed is None else fixed, "ranges": {} if ranges is None else ranges}
    problems = check_futures(worlds, seeds, points)
    if problems:
        nothing = np.zeros(0, dtype=np.int64)
        return Futures(nothing, nothing, nothing, **held, malformed=tuple(problems))
    numbers = np.array([NO_WORLD if world is None else world for world in worlds], dtype=np.int64)
    names = tuple(points[0]) if points else ()
    values = np.array([[point[name] for name in names] for point in points or []], dtype=np.float64)
    return Futures(numbers, numbers, np.array(seeds, dtype=np.int64), names, values, **held)


def numbered(numbers: Iterable[int], drawn: bool = True, **held: Any) -> Futures:
    """Future k is world k with seed k, or the world of defaults with seed k; `held` are `fixed` and `ranges`."""
    seeds = np.array(list(numbers), dtype=np.int64)
    worlds = seeds if drawn else np.full(len(seeds), NO_WORLD)
    return Futures(worlds, worlds, seeds, **held)
