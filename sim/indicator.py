"""What an indicator is: something measured at the end of each year, with unit, direction and labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.state import Moment

Measure = Callable[[Moment, Mapping[str, np.ndarray]], np.ndarray]
"""From the moment and the year's participation funnel to one number a run."""


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
    """

    name: str
    unit: str
    direction: int
    zh: str
    en: str
    measure: Measure
    at_start: bool = True
