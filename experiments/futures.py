"""Futures: which world meets which seed, and which parameters a design sets in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.declarations import flat
from sim.parameters import check_ranges
from sim.problems import Problem
from sim.world import DECLARED, world_values

NO_WORLD = -1
"""Number under which the world of defaults is stored."""


@dataclass(frozen=True, eq=False)
class Futures:
    """F futures in order; every strategy meets all of them.

    Attributes:
        worlds: number under which the world of each future is stored, `(F,)`; -1 is the world of defaults.
        draws: world that is drawn for what the design does not set, village columns included, `(F,)`; -1: defaults.
        seeds: seed of each future, `(F,)`.
        names: parameters that the design sets.
        values: their values, `(F, len(names))`.
    """

    worlds: np.ndarray
    draws: np.ndarray
    seeds: np.ndarray
    names: tuple[str, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    def __post_init__(self) -> None:
        if not self.names:
            object.__setattr__(self, "values", np.zeros((len(self.seeds), 0)))
        if len({len(self.worlds), len(self.draws), len(self.seeds), len(self.values)}) != 1:
            raise ValueError("worlds, draws, seeds and values must be of one length")

    def __len__(self) -> int:
        return len(self.seeds)

    def take(self, which: slice | np.ndarray) -> Futures:
        """Some of the futures."""
        return Futures(self.worlds[which], self.draws[which], self.seeds[which], self.names, self.values[which])

    def drawn(self) -> list[int | None]:
        """The worlds as the engine takes them."""
        return [None if draw == NO_WORLD else int(draw) for draw in self.draws]

    def points(self) -> list[dict[str, float]]:
        """What the design sets in each future, by parameter."""
        return [dict(zip(self.names, row, strict=True)) for row in self.values.tolist()]

    def one_each(self) -> Futures:
        """One future of each world, in the order of their numbers."""
        return self.take(np.unique(self.worlds, return_index=True)[1])

    def parameters(
        self, fixed: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]
    ) -> dict[str, np.ndarray]:
        """The value of every parameter in every future, by name, `(F,)`."""
        each = zip(self.drawn(), self.points(), strict=True)
        values = [world_values(draw, {**fixed, **point}, ranges) for draw, point in each]
        return {name: np.array([one[name] for one in values]) for name in (values[0] if values else {})}

    @property
    def fingerprint(self) -> str:
        """Hash of all there is."""
        digest = hashlib.sha256(repr(self.names).encode("utf-8"))
        for column in (self.worlds, self.draws, self.seeds):
            digest.update(np.asarray(column, dtype="<i8").tobytes())
        digest.update(np.ascontiguousarray(self.values, dtype="<f8").tobytes())
        return digest.hexdigest()


def numbered(numbers: Iterable[int], drawn: bool = True) -> Futures:
    """Future k is world k with seed k, or the world of defaults with seed k."""
    seeds = np.array(list(numbers), dtype=np.int64)
    worlds = seeds if drawn else np.full(len(seeds), NO_WORLD)
    return Futures(worlds, worlds, seeds)


def named_ranges(
    tree: Any, where: str, null_is_none: bool = False
) -> tuple[dict[str, tuple[float, float]], list[Problem]]:
    """Ranges that replace the declared ones, by parameter, and what is wrong with them; null is none in a file."""
    named = {} if tree is None else flat(tree) if isinstance(tree, Mapping) else tree
    if null_is_none and isinstance(named, Mapping):
        named = {name: bounds for name, bounds in named.items() if bounds is not None}
    wrong = check_ranges(named, DECLARED, where)
    return {} if wrong else {name: (float(low), float(high)) for name, (low, high) in named.items()}, wrong
