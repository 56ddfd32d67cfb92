"""Sequential stopping: futures are added until paired differences are known well enough (`stopping` in conf/job.yaml).

Futures come in rounds of fixed size, so that where a study stops depends on its numbers alone and not on how many
processes compute it. Looking after every round makes the last intervals a little too narrow: `least` futures and
large rounds keep that small (docs/scale.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from sim.indicators import INDICATORS
from sim.parameters import is_number, is_whole, unknown_names
from sim.problems import Problem

CONFIDENCE = 0.95
MOST_FUTURES = 1_000_000
KEYS = ("tolerance", "indicator", "year", "least", "step")


@dataclass(frozen=True)
class Stopping:
    """When to stop.

    Attributes:
        tolerance: half-width of the 95 % interval of the mean paired difference, in the indicator's unit.
        indicator: what is compared.
        year: in which year.
        least: futures that are run in any case.
        step: futures of a round, after which it is looked again.
    """

    tolerance: float
    indicator: str
    year: int
    least: int
    step: int

    def rounds(self, futures: int) -> list[int]:
        """Numbers of futures after which it is looked whether to stop; the last is all of them."""
        ends = [*range(self.least, futures, self.step), futures]
        return [end for end in dict.fromkeys(ends) if end <= futures]

    def is_reached(self, values: Mapping[str, np.ndarray], reference: str) -> bool:
        """Whether every strategy's difference to the reference is known to the tolerance.

        Args:
            values: the indicator in that year by strategy, `(F,)`, futures in one order; NaN where a run failed.
            reference: key of the reference.
        """
        return all(half_width(value - values[reference]) <= self.tolerance
                   for key, value in values.items() if key != reference)  # fmt: skip


def half_width(difference: np.ndarray) -> float:
    """Half-width of the 95 % Student interval of a mean; infinite below two values."""
    known = difference[~np.isnan(difference)]
    if len(known) < 2:
        return float("inf")
    quantile = stdtrit(len(known) - 1, (1 + CONFIDENCE) / 2)
    return float(quantile * np.std(known, ddof=1) / np.sqrt(len(known)))


def read_stopping(
    node: Any, years: tuple[int, int], futures: int, batch: int, where: str
) -> tuple[Stopping | None, list[Problem]]:
    """The rule as configured, None without a tolerance, and what is wrong with it.

    Args:
        node: the configuration's `stopping`.
        years: first and last simulated year.
        futures: largest number of futures.
        batch: futures of a batch, of which a round holds whole ones.
        where: place named in problems.
    """
    place = f"{where} stopping"
    if not isinstance(node, Mapping):
        return None, [Problem("应为“名称: 值”", "must hold name: value", file=where, field="stopping", value=str(node))]
    tolerance, indicator = node.get("tolerance"), str(node.get("indicator"))
    problems = unknown_names(node, KEYS, place) + unknown_names([indicator], INDICATORS, f"{place}.indicator")
    if tolerance is not None and not (is_number(tolerance) and 0 < tolerance < np.inf):
        problems.append(Problem("应为大于0的数字", "must be a number above 0", file=place, field="tolerance",
                                value=str(tolerance)))  # fmt: skip
    year = years[1] if node.get("year") is None else node["year"]
    most = MOST_FUTURES if tolerance is None else max(20, futures)
    bounds = {"year": (year, *years), "least": (node.get("least"), 20, most),
              "step": (node.get("step"), batch, 100_000)}  # fmt: skip
    for name, (value, low, high) in bounds.items():
        if not (is_whole(value) and low <= value <= high):
            problems.append(Problem("应为范围内的整数", "must be a whole number in range", file=place, field=name,
                                    value=str(value), allowed=f"{low}–{high}"))  # fmt: skip
    if problems or tolerance is None:
        return None, problems
    least, step = (-(-value // batch) * batch for value in (node["least"], node["step"]))
    return Stopping(float(tolerance), indicator, year, least, step), []
