"""What an indicator is: something measured at the end of each year, with unit, direction and labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.state import Moment

Measure = Callable[[Moment, Mapping[str, np.ndarray]], np.ndarray]
"""From the moment and the year's participation funnel to one number a run."""

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
        measure: from the moment and the year's participation funnel to `(R,)`, or `(R, V)` for villages.
        at_start: whether it is defined for the state before the first year.
        over_districts: how a province's value comes from those of its counties: `sum`; `villages`, a mean weighted by
            the number of villages; the name of another indicator, a mean weighted by it, which is exact where that is
            the denominator of a ratio; or `none` where counties' values don't tell it (quantiles, Gini).
    """

    name: str
    unit: str
    direction: int
    zh: str
    en: str
    measure: Measure
    at_start: bool = True
    over_districts: str = SUM
