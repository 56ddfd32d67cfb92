"""How fast the model is on this machine: runs per second and core, cost of each phase, memory, and a whole comparison.

Times are processor seconds of one process, so that other work on the machine distorts them little. Ratios between rows
of one table are measured in one go; compare nothing across machines.

    python benchmarks/speed.py [--quick]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable

from experiments import load_district, load_strategy
from sim import tape
from sim.calendar import YEAR, Calendar, Phase
from sim.district import District
from sim.engine import ALL_RESIDENTS, Engine, RunOptions, run_batch
from sim.indicators import Record
from sim.policies.base import Strategy
from sim.state import Moment

YEARS = 12


def runs_per_second(district: District, strategy: Strategy, together: int, least_runs: int) -> float:
    """Twelve-year runs per processor second when `together` runs are computed at once."""
    batches = max(1, least_runs // together)
    start = time.process_time()
    for batch in range(batches):
        numbers = list(range(batch * together, (batch + 1) * together))
        run_batch(district, strategy, numbers, numbers)
    return batches * together / (time.process_time() - start)


def timed(phase: Phase, spent: dict[str, float], name: str = "") -> Phase:
    """The phase with its processor time added to `spent`, under its own name unless another is given."""
    name = name or f"{phase.__module__.rsplit('.', 1)[-1]}.{phase.__name__}"

    def run(now: Moment) -> None:
        start = time.process_time()
        phase(now)
        spent[name] += time.process_time() - start

    return run


def cost_of_phases(district: District, strategy: Strategy, together: int) -> dict[str, float]:
    """Processor seconds of each phase, of drawing, levers, indicators and the start, for one batch."""
    spent: dict[str, float] = defaultdict(float)
    calendar = Calendar(
        *([timed(phase, spent) for phase in part] for part in (YEAR.opening, YEAR.every_quarter, YEAR.closing))
    )
    read = tape.Tapes.read

    def timed_read(self: tape.Tapes, streams: dict[str, tape.Stream]) -> dict:
        start = time.process_time()
        drawn = read(self, streams)
        spent["tape.read"] += time.process_time() - start
        return drawn

    tape.Tapes.read = timed_read  # type: ignore[method-assign, assignment]
    begun = time.process_time()
    engine = Engine(district, strategy, list(range(together)), list(range(together)), calendar=calendar)
    spent["start of the run"] = time.process_time() - begun
    for lever in engine.levers:
        for name in ("act", "each_quarter"):
            setattr(lever, name, timed(getattr(lever, name), spent, "levers"))
    record = Record(engine.now, engine.options.start_year, engine.options.horizon)
    for _ in range(YEARS):
        for _ in range(4):
            engine.step()
        begun = time.process_time()
        record.take()
        spent["indicators, with the funnel"] += time.process_time() - begun
    tape.Tapes.read = read  # type: ignore[method-assign]
    return spent


def peak_memory_megabytes() -> float:
    """Largest memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bytes_per_resident(district: District, strategy: Strategy) -> float:
    """Peak of all memory taken by one year of one run of every registered resident, over their number."""
    options = RunOptions(horizon=2024, residents_per_village=ALL_RESIDENTS)
    tracemalloc.start()
    engine = Engine(district, strategy, [0], [0], options)
    for _ in range(4):
        engine.step()
    engine.funnel()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / engine.now.register.size


def seconds_of_compare(overrides: list[str]) -> float:
    """Wall seconds of `qiangcun compare` in an empty folder, report included."""
    command = [sys.executable, "-m", "experiments.cli", "compare", *overrides]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603
        return time.perf_counter() - start


def table(title: str, rows: list[tuple[str, str]], say: Callable[[str], None] = print) -> None:
    """Print a table of two columns."""
    say(f"\n{title}")
    for name, value in rows:
        say(f"  {name:<36}{value:>12}")


def main() -> None:
    """Print the speed tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs, and no whole comparison")
    quick = parser.parse_args().quick
    district, strategy = load_district("enyang"), load_strategy("existing_all_four")
    run_batch(district, strategy, [0], [0])
    least = 8 if quick else 64
    rates = {together: runs_per_second(district, strategy, together, least) for together in (1, 8, 32, 128)}
    table(
        "Twelve-year runs per processor second (209 villages, 30 residents each, all processes)",
        [(f"{together} runs together", f"{rate:.1f} (×{rate / rates[1]:.1f})") for together, rate in rates.items()],
    )
    start = time.process_time()
    run_batch(district, strategy, [0], [0], RunOptions(residents_per_village=ALL_RESIDENTS))
    seconds = f"{time.process_time() - start:.2f} s"
    table("One run of every registered resident", [("processor seconds of residents=all", seconds)])
    spent = cost_of_phases(district, strategy, 32)
    total = sum(spent.values())
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    table("Share of time by phase, 32 runs together", [(name, f"{seconds / total:.1%}") for name, seconds in ordered])
    memory = [
        ("peak with 128 runs together", f"{peak_memory_megabytes():.0f} MB"),
        ("residents=all, a resident", f"{bytes_per_resident(district, strategy):.1f} B"),
    ]
    table("Memory", memory)
    if not quick:
        table("A whole comparison", [("qiangcun compare, default", f"{seconds_of_compare([]):.1f} s")])


if __name__ == "__main__":
    main()
