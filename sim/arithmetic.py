"""Arithmetic whose result does not depend on how many runs are computed together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

MONEY_TOLERANCE = 1e-9
"""万元; two amounts nearer than this are the same amount in every comparison with a line."""


SMALLEST = 1e-300


def power(base: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """`base ** exponent` for base ≥ 0, by one path for all exponents (`**` takes short cuts for 2, 1/2 and -1).

    Written with exp and log, which NumPy computes several times faster than a power as long as no infinity occurs.
    0 to a positive power is 0, and anything to the power 0 is 1.
    """
    log = np.maximum(base, SMALLEST)
    np.log(log, out=log)
    result = exponent * log
    np.exp(result, out=result)
    result *= (base > 0) | (exponent == 0)
    return result


def over_modes(values: np.ndarray) -> np.ndarray:
    """Sum over modes, the last axis: `(R, V, 8)` to `(R, V)`; in one order, however the array lies in memory."""
    number = values.shape[-1]
    pairs = [values[..., first : first + 2] for first in range(0, number - 1, 2)]
    while len(pairs) > 1:
        pairs = [sum(pairs[place + 1 : place + 2], pairs[place]) for place in range(0, len(pairs), 2)]
    even, odd = pairs[0][..., 0], pairs[0][..., 1]
    return even + values[..., -1] + odd if number % 2 else even + odd


def empty_by_mode(runs: int, rows: int, modes: int, dtype: Any = np.float64) -> np.ndarray:
    """An array `(R, rows, modes)` without values that lies in memory mode by mode, `(R, modes, rows)`.

    So a pass over it that meets one value a village or one a mode goes along all villages in one loop, and not along a
    handful of modes. What is computed from such arrays lies in the same way; two that lie differently cost a detour.
    """
    return np.empty((runs, modes, rows), dtype=dtype).swapaxes(1, 2)


BY_MODE = "by mode"


def packed(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """What holds arrays by name, ready to be copied: what lies mode by mode as it lies, for a pickle turns it."""
    turned = {
        name: value.swapaxes(1, 2)
        for name, value in arrays.items()
        if isinstance(value, np.ndarray) and value.ndim == 3 and not value.flags.c_contiguous
    }
    return {**{name: value for name, value in arrays.items() if name not in turned}, BY_MODE: turned}


def unpacked(content: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `packed`."""
    plain = {name: value for name, value in content.items() if name != BY_MODE}
    return {**plain, **{name: value.swapaxes(1, 2) for name, value in content[BY_MODE].items()}}


def by_mode(combine: Callable[..., np.ndarray], of_village: np.ndarray, of_mode: np.ndarray) -> np.ndarray:
    """A value a village `(R, V)` combined with one a mode, `(R, 1, 8)` or `(8,)`: `(R, V, 8)`, lying mode by mode."""
    column = of_mode[..., None] if of_mode.ndim == 1 else of_mode.swapaxes(1, 2)
    return combine(of_village[:, None], column).swapaxes(1, 2)


def first_largest(values: np.ndarray) -> np.ndarray:
    """Number of the mode with the largest value, of equals the first: `(R, V, 8)` to `(R, V)` of int."""
    largest, number = values[..., 0], np.zeros(values.shape[:-1], dtype=np.int64)
    for mode in range(1, values.shape[-1]):
        number = np.where(values[..., mode] > largest, mode, number)
        largest = np.maximum(largest, values[..., mode])
    return number


def over_places(values: np.ndarray) -> np.ndarray:
    """Sum over villages or towns, `(R, V)` to `(R, 1)`: in one order, however the array lies in memory."""
    return np.sum(np.ascontiguousarray(values), axis=1, keepdims=True)


def logistic(x: np.ndarray) -> np.ndarray:
    """Λ(x) = 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + np.exp(-x))


def below(amount: np.ndarray, line: np.ndarray | float) -> np.ndarray:
    """Whether an amount of money lies below a line, to the tolerance of money."""
    return amount < line - MONEY_TOLERANCE


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """`part / whole`, and 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole != 0)


def rank(values: np.ndarray) -> np.ndarray:
    """Rank of each value along the last axis, 0 for the smallest; ties go by position (village code)."""
    order, number = np.argsort(values, axis=-1, kind="stable"), values.shape[-1]
    first = np.arange(0, order.size, number).reshape(*order.shape[:-1], 1) if number else 0
    ranks = np.empty(order.size, dtype=np.int64)
    ranks[(first + order).reshape(-1)] = np.broadcast_to(np.arange(number), order.shape).reshape(-1)
    return ranks.reshape(order.shape)


def pick(values: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Of each run's values `(R, K)` those that stand at `place` `(R, V)` of int, `(R, V)`."""
    return values.take(place + values.shape[1] * np.arange(len(values))[:, None])


class Groups:
    """Members in groups (villages in towns or clusters), with sums and spreading along axis 1."""

    def __init__(self, group_of: np.ndarray, count: int) -> None:
        self.of = np.asarray(group_of)
        self.count = count
        self.size = np.bincount(self.of, minlength=count)
        self._order = np.argsort(self.of, kind="stable")
        self._starts = np.concatenate(([0], np.cumsum(self.size)[:-1]))
        self._filled = np.flatnonzero(self.size)
        self._in_order = bool(np.all(self.of[1:] >= self.of[:-1]))

    def sum(self, values: np.ndarray) -> np.ndarray:
        """Sum over members, `(R, V)` to `(R, groups)`; 0 for a group without members."""
        return self._reduce(np.add, values, 0)

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Mean over members, `(R, V)` to `(R, groups)`; 0 for a group without members."""
        return self.sum(values) / np.maximum(self.size, 1)

    def maximum(self, values: np.ndarray) -> np.ndarray:
        """Largest of the members, `(R, V)` to `(R, groups)`; minus infinity without members."""
        return self._reduce(np.maximum, values, -np.inf)

    def minimum(self, values: np.ndarray) -> np.ndarray:
        """Smallest of the members, `(R, V)` to `(R, groups)`; infinity without members."""
        return self._reduce(np.minimum, values, np.inf)

    def _reduce(self, ufunc: np.ufunc, values: np.ndarray, empty: float) -> np.ndarray:
        """Reduce over members; `reduceat` itself knows no empty group."""
        ordered = values if self._in_order else values[:, self._order]
        if len(self._filled) == self.count:
            return ufunc.reduceat(ordered, self._starts, axis=1)
        reduced = np.full((len(values), self.count), empty, dtype=np.result_type(values, type(empty)))
        if len(self._filled):
            reduced[:, self._filled] = ufunc.reduceat(ordered, self._starts[self._filled], axis=1)
        return reduced

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Give each member its group's value, `(R, groups)` to `(R, V)`."""
        return values[:, self.of]

    def first_maximum(self, values: np.ndarray) -> np.ndarray:
        """Whether a member has its group's largest value; of equals, the first by code. `(R, V)` of bool."""
        is_largest = values == self.spread(self.maximum(values))
        return is_largest & (self.order_among(is_largest) == 0)

    def place(self, values: np.ndarray) -> np.ndarray:
        """Place of each member in its group, 0 for the smallest value, ties by code; `(R, V)` of int."""
        first = np.cumsum(self.size) - self.size
        return rank(self.of * values.shape[1] + rank(values)) - first[self.of]

    def order_among(self, chosen: np.ndarray) -> np.ndarray:
        """For each member, how many chosen members of its group stand before it. `(R, V)` of int."""
        counted = np.cumsum(chosen[:, self._order], axis=1) - chosen[:, self._order]
        if not self._order.size:
            return counted
        start = counted[:, np.minimum(self._starts, self._order.size - 1)]
        within = np.empty_like(counted)
        within[:, self._order] = counted - start[:, self.of[self._order]]
        return within
