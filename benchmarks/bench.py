"""The table of speeds: measures everything side by side in one run and writes `benchmarks/RESULTS.md`.

make bench                      # some minutes; let nothing else run meanwhile
make bench ARGS=--quick         # few repeats, small studies: shows that all works, not how fast it is
python -m benchmarks.bench --rows 1 3 9   # some rows, printed
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.measuring import ROOT, THREADS

os.environ.update(dict.fromkeys(THREADS, "1"), STARSIM_INSTALL_FONTS="0")  # before NumPy is loaded

from benchmarks import earlier, machine, oracle_speed, sizes, starsim_speed, startup, studies, traffic  # noqa: E402
from benchmarks.phases import Case  # noqa: E402
from benchmarks.rows import CONSTANTS, Row, prose, table  # noqa: E402
from experiments import load_district, load_strategy  # noqa: E402
from sim.engine import RunOptions  # noqa: E402

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
NUMBERS = range(1, 11)


@dataclass(frozen=True)
class Effort:
    """How much is measured.

    Attributes:
        repeats: of what takes seconds.
        few: repeats of what takes minutes.
        horizon: last year of the runs.
        memory: runs of the smaller study whose memory is measured.
        overhead: runs of the study that is compared with bare runs.
        workers: runs of the study that two processes share.
        together: runs of a batch.
        compared: words of the comparison that is measured against an earlier version.
    """

    repeats: int = 3
    few: int = 2
    horizon: int = 2035
    memory: int = 100
    overhead: int = 400
    workers: int = 1200
    together: int = 32
    compared: tuple[str, ...] = ()


FULL = Effort()
QUICK = Effort(2, 1, 2035, 50, 50, 200, compared=("futures=10", "horizon=2028"))


def measures(effort: Effort, version: str = earlier.VERSION) -> dict[int, Callable[[], Sequence[Row]]]:
    """What measures each row of the table."""
    case = Case(load_district("enyang"), load_strategy("existing_all_four"), RunOptions(horizon=effort.horizon))
    repeats, few, horizon, together = effort.repeats, effort.few, effort.horizon, effort.together
    return {
        1: lambda: [oracle_speed.row(case, repeats, together)],
        2: lambda: [starsim_speed.row(case, repeats)],
        3: lambda: [traffic.row(case, repeats, together)],
        4: lambda: [sizes.villages_row(case, few)],
        5: lambda: sizes.residents_rows(case, few),
        6: lambda: [studies.memory_row(effort.memory, few, horizon)],
        7: lambda: [studies.overhead_row(effort.overhead, few, horizon)],
        8: lambda: [studies.workers_row(effort.workers, few, horizon)],
        9: lambda: [startup.row(repeats)],
        10: lambda: earlier.rows(version, few, effort.compared),
    }


def summary(rows: Sequence[Row]) -> list[str]:
    """The table of all measures: a line for each finding."""
    lines = []
    for row in rows:
        for place, finding in enumerate(row.findings):
            what = "; ".join(words for words in ("" if place else row.measure, finding.what) if words)
            form, unit = f",.{finding.digits}f", finding.unit
            values = finding.found.values
            lines.append([
                f"{row.number} {what}", row.goal, f"{finding.found.median:{form}}{unit}",
                f"{min(values):{form}}–{max(values):{form}} (n = {len(values)})",
                "yes" if row.reaches(finding) else "no", "" if place else row.limits,
            ])  # fmt: skip
    return table(["measure", "aim", "median", "lowest–highest", "met", "what limits it"], lines, words=(0, 4, 5))


def page(rows: Sequence[Row], effort: Effort, took: float, loads: tuple[float, float]) -> str:
    """RESULTS.md."""
    kind = " With `--quick`: few repeats, small studies; do not quote these numbers." if effort != FULL else ""
    begun = f"""Written by `make bench` on {datetime.now().astimezone():%Y-%m-%d}, commit {machine.commit()}, in
        {took / 60:.0f} minutes, everything measured side by side in one run.{kind} Numbers are medians over n repeats
        and the lowest and highest of them; `met` says whether the median reaches the aim. Compare nothing across
        machines."""
    usual = f"""Load of the machine in the minute before the start {loads[0]:.2f}, at the end {loads[1]:.2f}; above 1
        (2 during row 8) something else was at work. Unless a row says otherwise: district Enyang, strategy
        `existing_all_four` (every process in use), {effort.horizon - 2023} years, 30 residents a village, one
        thread."""
    lines = [
        "# How fast it is",
        "",
        prose(begun),
        "",
        *table(["machine and versions", ""], machine.lines(), words=(0, 1)),
        "",
        prose(usual),
        "",
        "## The table",
        "",
        *summary(rows),
        "",
        "## What a study is sized by",
        "",
        *table(["name", "what", "median"], constants(rows), words=(0, 1)),
        "",
        "## How each row was measured",
    ]
    for row in rows:
        lines += [
            "",
            f"### {row.number} {heading(row.measure)}",
            "",
            row.how,
            *([""] if row.beside else []),
            *row.beside,
        ]
    return "\n".join(lines) + "\n"


def constants(rows: Sequence[Row]) -> list[list[str]]:
    """The numbers by which a study is sized, as far as they were measured."""
    found = {name: value for row in rows for name, value in row.constants.items()}
    return [[f"`{name}`", what, f"{found[name]:.4g}"] for name, what in CONSTANTS.items() if name in found]


def heading(measure: str) -> str:
    """The first words of a measure."""
    return measure.partition(" (")[0].partition(",")[0].partition(":")[0]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few repeats and small studies")
    parser.add_argument("--rows", type=int, nargs="+", choices=NUMBERS, default=list(NUMBERS), help="rows to measure")
    parser.add_argument("--output", help="file to write, - prints; RESULTS.md if all rows are measured")
    parser.add_argument("--earlier", default=earlier.VERSION, help="folder, tag or commit of version 0.4.0 (v0.4.0)")
    chosen = parser.parse_args(arguments)
    effort = QUICK if chosen.quick else FULL
    output = chosen.output or (str(RESULTS) if set(chosen.rows) == set(NUMBERS) else "-")
    before, start, rows = machine.load(), time.monotonic(), []
    for number, measure in measures(effort, chosen.earlier).items():
        if number in chosen.rows:
            begun = time.monotonic()
            rows += measure()
            if not any(row.number == number for row in rows):
                print(f"row {number} was not measured: {chosen.earlier} is not in this clone", file=sys.stderr)
            print(f"row {number} took {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    text = page(rows, effort, time.monotonic() - start, (before, machine.load()))
    if output == "-":
        print(text)
    else:
        Path(output).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
