"""Who is registered where: residents stand in village order, as many in each village as its register (户籍) says.

Processes arrange the residents by village, spread village values over them and average them back through these
methods, so that they read the same for samples of equal size and for every registered resident.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from sim.arithmetic import rank

Turn = tuple[Any, ...]
"""An index of arranged residents: everyone, or those whose turn it is to reconsider."""


class Register(ABC):
    """Residents of every village; each village has at least one where there are residents at all.

    Attributes:
        number: residents of each village, `(V,)`.
        size: all residents, N.
        first: number of each village's first resident, `(V,)`.
        village_of: village of each resident, `(N,)`.
        everyone: the index of all residents.
    """

    everyone: Turn

    def __init__(self, number: np.ndarray, dtype: type = np.int64) -> None:
        self.number = np.asarray(number, dtype=np.int64)
        self.size = int(self.number.sum())
        self.first = np.cumsum(self.number) - self.number
        self.village_of: np.ndarray = np.repeat(np.arange(len(self.number), dtype=dtype), self.number)

    @property
    def place(self) -> np.ndarray:
        """Place of each resident in the village, from 0, `(N,)`."""
        return np.arange(self.size, dtype=self.village_of.dtype) - self.first[self.village_of]

    def places_of_turn(self, groups: int) -> int:
        """How many residents at most reconsider at once when every `groups`-th of a village does."""
        return int(np.sum(-(-self.number // groups)))

    @abstractmethod
    def arrange(self, values: np.ndarray) -> np.ndarray:
        """Values of residents `(R, N)`, arranged so that `spread` fits them; a view."""

    @abstractmethod
    def turn(self, group: int, groups: int) -> Turn:
        """The index of every `groups`-th resident of each village, from number `group` on."""

    @abstractmethod
    def spread(self, values: np.ndarray, turn: Turn | None = None) -> np.ndarray:
        """Give residents (those of a turn) the value of their village or run: `(R, V)` or `(R, 1)`, arranged."""

    @abstractmethod
    def mean(self, arranged: np.ndarray) -> np.ndarray:
        """Mean of arranged float32 values over the residents of each village, `(R, V)`."""

    @abstractmethod
    def share(self, arranged: np.ndarray) -> np.ndarray:
        """Share of each village's residents of whom a truth (or 0 or 1) holds, `(R, V)`."""

    @abstractmethod
    def rank(self, arranged: np.ndarray) -> np.ndarray:
        """Rank inside the village, 0 for the smallest, arranged; ties go by place."""


class SampleRegister(Register):
    """Equally many residents in each village: arranged as `(R, V, residents)`, spread by broadcasting."""

    everyone = (slice(None), slice(None), slice(None))

    def __init__(self, villages: int, residents: int) -> None:
        super().__init__(np.full(villages, residents))
        self._shape = (villages, residents)

    def arrange(self, values: np.ndarray) -> np.ndarray:
        """`(R, N)` to `(R, V, residents)`."""
        return values.reshape(len(values), *self._shape)

    def turn(self, group: int, groups: int) -> Turn:
        """A slice of the last axis."""
        return (slice(None), slice(None), slice(group, None, groups))

    def spread(self, values: np.ndarray, turn: Turn | None = None) -> np.ndarray:
        """`(R, V)` to `(R, V, 1)`."""
        return values[..., None]

    def mean(self, arranged: np.ndarray) -> np.ndarray:
        """By one sum along the last axis."""
        return (np.einsum("rvn->rv", arranged) / np.float32(arranged.shape[2])).astype(np.float64)

    def share(self, arranged: np.ndarray) -> np.ndarray:
        """By counting along the last axis, in bytes where they can hold the number."""
        number = arranged.shape[2]
        if number <= np.iinfo(np.int8).max:
            return np.asarray(np.einsum("rvn->rv", arranged.view(np.int8)) / number)
        return np.asarray(np.sum(arranged, axis=2, dtype=np.int32) / number)

    def rank(self, arranged: np.ndarray) -> np.ndarray:
        """By sorting along the last axis."""
        return rank(arranged)


class FullRegister(Register):
    """Every registered resident of one run: arranged as `(1, N)`, spread by taking, averaged by `np.add.reduceat`."""

    everyone = (slice(None), slice(None))

    def __init__(self, number: np.ndarray) -> None:
        super().__init__(number, dtype=np.int32)

    def arrange(self, values: np.ndarray) -> np.ndarray:
        """Nothing to do."""
        return values

    def turn(self, group: int, groups: int) -> Turn:
        """Numbers of residents."""
        return (slice(None), np.flatnonzero(self.place % groups == group))

    def spread(self, values: np.ndarray, turn: Turn | None = None) -> np.ndarray:
        """`(1, V)` to `(1, residents)`; a value of the run stays as it is."""
        if values.shape[1] == 1:
            return values
        return values[:, self.village_of if turn is None else self.village_of[turn[1]]]

    def mean(self, arranged: np.ndarray) -> np.ndarray:
        """Summed in float64, since a village has thousands."""
        return np.add.reduceat(arranged, self.first, axis=1, dtype=np.float64) / self.number

    def share(self, arranged: np.ndarray) -> np.ndarray:
        """By counting."""
        return np.add.reduceat(arranged, self.first, axis=1, dtype=np.int32) / self.number

    def rank(self, arranged: np.ndarray) -> np.ndarray:
        """By sorting villages and values together."""
        ranks = np.empty(arranged.shape, dtype=np.int32)
        ranks[:, np.lexsort((arranged[0], self.village_of))] = self.place
        return ranks
