"""Processor time of each phase of the year, of the engine's batches."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from sim.calendar import YEAR, Calendar, Phase
from sim.district import District
from sim.engine import Engine
from sim.futures import numbered
from sim.options import RunOptions
from sim.policies import acting
from sim.policies.base import Strategy
from sim.state import Moment

LEVERS_AND_TAPE = "levers and tape"
"""What is done between phases: policy columns, payments, draws."""


class Clock:
    """Processor time by name, and when it was last read."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.last = time.process_time()

    def read(self, name: str) -> None:
        """Book the time since the last reading."""
        now = time.process_time()
        self.spent[name] += now - self.last
        self.last = now


@dataclass(frozen=True)
class Case:
    """What is run: everywhere in this package the same district, strategy and options, unless said otherwise."""

    district: District
    strategy: Strategy
    options: RunOptions

    @property
    def quarters(self) -> int:
        """Quarters of a run."""
        return 4 * (self.options.horizon - self.options.start_year + 1)

    def engine(self, together: int, calendar: Calendar | None = None) -> Engine:
        """An engine with the futures 0 to `together` - 1."""
        return Engine(self.district, self.strategy, numbered(range(together)), self.options, calendar)


def name_of(phase: Phase) -> str:
    """`module.function` of a phase; levers are counted with the draws."""
    if phase.__module__ == acting.__name__:
        return LEVERS_AND_TAPE
    return f"{phase.__module__.rsplit('.', 1)[-1]}.{phase.__name__}"


def watched(before: Callable[[str, Moment], None], after: Callable[[str, Moment], None]) -> Calendar:
    """The calendar with a call before and after each phase."""

    def around(phase: Phase) -> Phase:
        name = name_of(phase)

        def run(now: Moment) -> None:
            before(name, now)
            phase(now)
            after(name, now)

        return run

    return Calendar(*([around(phase) for phase in part] for part in (YEAR.opening, YEAR.every_quarter, YEAR.closing)))


def seconds_of_phases(case: Case, together: int) -> dict[str, float]:
    """Processor seconds of each phase, all runs of a batch and all years; levers and draws besides."""
    clock = Clock()
    calendar = watched(lambda name, now: clock.read(LEVERS_AND_TAPE), lambda name, now: clock.read(name))
    engine = case.engine(together, calendar)
    clock.last = time.process_time()
    for _ in range(case.quarters):
        engine.step()
    return dict(clock.spent)
