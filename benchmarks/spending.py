"""What the time of a phase goes into: functions that are slow a number, sorting, sums over groups, the ledger."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from scipy import special

from benchmarks.phases import Case, watched
from sim.arithmetic import Groups
from sim.ledger import Ledger

FUNCTIONS, SORTING = "exp, log and other functions", "sorting and picking"
GROUPS, LEDGER = "sums over towns, clusters and seats", "booking in the ledger"
WATCHED: dict[str, list[tuple[Any, tuple[str, ...]]]] = {
    FUNCTIONS: [
        (np, ("exp", "log", "log1p", "expm1", "sqrt", "power", "float_power", "hypot")),
        (special, ("betainc", "ndtr", "ndtri", "expit")),
    ],
    SORTING: [(np, ("argsort", "sort", "lexsort", "searchsorted", "put_along_axis", "take_along_axis", "unique",
                    "flatnonzero", "nonzero", "argmax", "argmin", "cumsum"))],
    GROUPS: [(Groups, ("sum", "mean", "maximum", "minimum", "spread", "first_maximum", "place", "order_among"))],
    LEDGER: [(Ledger, ("pay", "paid", "paid_by_seat", "paid_by", "ever_paid"))],
}  # fmt: skip
"""What is timed by kind: names in a module or a class."""


class Purse:
    """Processor time by phase and kind; a call inside a timed call counts for the outer one."""

    def __init__(self) -> None:
        self.spent: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.phase, self._busy = "", False

    def timed(self, kind: str, function: Callable) -> Callable:
        """The function with its time booked."""

        def run(*given: Any, **named: Any) -> Any:
            if self._busy:
                return function(*given, **named)
            self._busy, start = True, time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                self.spent[self.phase][kind] += time.perf_counter() - start
                self._busy = False

        return run


@contextmanager
def replaced(purse: Purse) -> Iterator[None]:
    """All watched functions with their time booked."""
    kept = []
    for kind, places in WATCHED.items():
        for place, names in places:
            for name in names:
                if hasattr(place, name):
                    kept.append((place, name, getattr(place, name)))
                    setattr(place, name, purse.timed(kind, kept[-1][2]))
    try:
        yield
    finally:
        for place, name, function in kept:
            setattr(place, name, function)


def shares(case: Case, together: int) -> dict[str, dict[str, float]]:
    """For each phase the share of its time that goes into each kind, over all years of a batch."""
    purse, whole = Purse(), defaultdict(float)
    began = {}

    def before(name: str, now: Any) -> None:
        purse.phase, began[name] = name, time.perf_counter()

    def after(name: str, now: Any) -> None:
        whole[name] += time.perf_counter() - began[name]
        purse.phase = ""

    engine = case.engine(together, watched(before, after))
    with replaced(purse):
        for _ in range(case.quarters):
            engine.step()
    return {name: {kind: purse.spent[name][kind] / seconds for kind in WATCHED} for name, seconds in whole.items()}
