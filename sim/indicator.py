"""What an indicator is, something measured at the end of each year, and the small measures that most of them are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.arithmetic import below
from sim.state import Moment

Values = Callable[[Moment], np.ndarray]
"""From the moment to `(R,)`, or to `(R, V)` for villages."""
SUM, VILLAGES, NONE = "sum", "villages", "none"
"""How an indicator of a province is put together, where it is not weighted by another indicator."""


@dataclass(frozen=True)
class Indicator:
    """Something measured.

    Attributes:
        name: key in tables.
        unit: unit in words; empty for shares and counts without one.
        direction: 1 if more is better, -1 if less is better, 0 if neither.
        zh: Chinese label.
        en: English label.
        values: from the moment to `(R,)`, or `(R, V)` for villages; takes the year's participation funnel too where it
            is `of_funnel`.
        over_districts: how a province's value comes from those of its counties: `sum`; `villages`, a mean weighted by
            the number of villages; the name of another indicator, a mean weighted by it, which is exact where that is
            the denominator of a ratio; or `none` where counties' values don't tell it (quantiles, Gini).
        at_start: whether it is defined for the state before the first year.
        of_funnel: whether it is about the participation funnel.
    """

    name: str
    unit: str
    direction: int
    zh: str
    en: str
    values: Callable[..., np.ndarray]
    over_districts: str = SUM
    at_start: bool = True
    of_funnel: bool = False

    def measure(self, now: Moment, funnel: Mapping[str, np.ndarray]) -> np.ndarray:
        """Its values at the moment."""
        return self.values(now, funnel) if self.of_funnel else self.values(now)


yearly = partial(Indicator, at_start=False)
"""An indicator of what happens in a year: there is none before the first."""


def column(name: str) -> Values:
    """A column of the state, `table.column`."""
    table, item = name.split(".")
    return lambda now: getattr(getattr(now.state, table), item)


def mean_of(name: str) -> Values:
    """Mean of a column over the rows of its table."""
    values = column(name)
    return lambda now: np.mean(values(now), axis=1)


def sum_of(name: str) -> Values:
    """Sum of a column over the rows of its table."""
    values = column(name)
    return lambda now: np.sum(values(now), axis=1)


def number_of(which: Values) -> Values:
    """How many are so."""
    return lambda now: np.sum(which(now), axis=1) * 1.0


def at_least(name: str, line: float) -> Values:
    """How many rows reach a line."""
    values = column(name)
    return number_of(lambda now: ~below(values(now), line))


def quantile(name: str, position: float) -> Values:
    """A quantile of a column over the rows of its table."""
    values = column(name)
    return lambda now: np.quantile(values(now), position, axis=1)


def received(*purposes: str) -> Values:
    """The year's flows for the purposes, mean over villages."""
    return lambda now: np.mean(now.ledger.paid(purposes), axis=1)
