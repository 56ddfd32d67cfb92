"""The price of plainness: the year phase by phase, engine beside oracle (`tests/oracle`), on the same runs.

The oracle holds the same equations as functions of scalars, called agent by agent, and no tricks either way: it is
what the model costs when it is written as one reads it. Processor seconds of one process, district Enyang.

    python benchmarks/oracle_speed.py [--years 2] [--together 32]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from experiments import load_district, load_strategy
from sim.calendar import YEAR, Calendar
from sim.district import District
from sim.engine import Engine, RunOptions
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS
from sim.state import Moment
from sim.world import world_values

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT), str(ROOT / "tests")]  # where the oracle is; `conf` before `tests/conf`
RENAMED = {"services.wear_roads": "roads.wear", "services.develop_organisation": "organisation.develop"}
"""Phases that stand in another file of the oracle."""


class Clock:
    """Processor time by name, and when it was last read."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.last = time.process_time()

    def read(self, name: str) -> None:
        """Book the time since the last reading."""
        now = time.process_time()
        self.spent[RENAMED.get(name, name)] += now - self.last
        self.last = now


def engine_seconds(district: District, strategy: Strategy, years: int, together: int) -> dict[str, float]:
    """Processor seconds of each phase of the engine for one run, out of a batch."""
    clock = Clock()

    def timed(phase):
        def run(now: Moment) -> None:
            clock.read("levers and tape")
            phase(now)
            clock.read(f"{phase.__module__.rsplit('.', 1)[-1]}.{phase.__name__}")

        return run

    parts = ([timed(phase) for phase in part] for part in (YEAR.opening, YEAR.every_quarter, YEAR.closing))
    numbers = list(range(together))
    engine = Engine(district, strategy, numbers, numbers, RunOptions(), calendar=Calendar(*parts))
    clock.last = time.process_time()
    for _ in range(4 * years):
        engine.step()
    return {name: seconds / together for name, seconds in clock.spent.items()}


def oracle_seconds(district: District, strategy: Strategy, years: int) -> dict[str, float]:
    """Processor seconds of each phase of the oracle for one run; it must agree with the engine at the end."""
    from oracle.compare import differences, oracle_of

    engine = Engine(district, strategy, [0], [0], RunOptions())
    clock = Clock()

    def watch(name: str) -> None:
        clock.read("levers and tape" if name.startswith("levers.") else name)

    defaults: Mapping = {key: lever.defaults() for key, lever in LEVERS.items()}
    oracle = oracle_of(engine, defaults, world_values(0), 0, watch)
    clock.last = time.process_time()
    for _ in range(4 * years):
        oracle.step()
    for _ in range(4 * years):
        engine.step()
    found = differences(engine, oracle)
    if found:
        raise SystemExit("\n".join(["engine and oracle differ:", *found]))
    return clock.spent


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--together", type=int, default=32, help="runs of the engine's batch")
    chosen = parser.parse_args()
    district, strategy = load_district("enyang"), load_strategy("existing_all_four")
    plain = oracle_seconds(district, strategy, chosen.years)
    alone = engine_seconds(district, strategy, chosen.years, 1)
    batch = engine_seconds(district, strategy, chosen.years, chosen.together)
    print(f"Milliseconds a run and year, {district.villages} villages, 30 residents each, existing_all_four")
    print(f"{'phase':<34}{'oracle':>10}{'engine':>10}{f'engine, {chosen.together}':>12}{'ratio':>8}")
    for name in sorted(plain, key=lambda name: -plain[name]):
        row(name, plain[name], alone.get(name, 0.0), batch.get(name, 0.0), chosen.years)
    row("all", *(sum(spent.values()) for spent in (plain, alone, batch)), chosen.years)


def row(name: str, plain: float, alone: float, batch: float, years: int) -> None:
    """One line: oracle, engine alone, engine in a batch, and oracle over the last."""
    ratio = f"{plain / batch:.0f}" if batch > 0 else "–"
    cells = "".join(
        f"{1000 * seconds / years:>{width}.2f}" for seconds, width in ((plain, 10), (alone, 10), (batch, 12))
    )
    print(f"{name:<34}{cells}{ratio:>8}")


if __name__ == "__main__":
    main()
