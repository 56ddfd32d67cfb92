"""Repeats with their spread, and measurements in a process of their own."""

from __future__ import annotations

import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Environment variables that hold numerical libraries to one thread, so that processor time is time of one core."""


@dataclass(frozen=True)
class Repeats:
    """The same quantity, measured several times."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def __mul__(self, factor: float) -> Repeats:
        """In another unit."""
        return Repeats(tuple(value * factor for value in self.values))

    def over(self, other: Repeats) -> Repeats:
        """Each repeat's quotient: the two were measured one after the other."""
        return Repeats(tuple(one / two for one, two in zip(self.values, other.values, strict=True)))

    def more_than(self, other: Repeats) -> Repeats:
        """By how many percent each repeat is more than the other's."""
        return Repeats(tuple(100 * (ratio - 1) for ratio in self.over(other).values))

    def text(self, form: str = ".2f") -> str:
        """Median, and lowest to highest in brackets."""
        return f"{self.median:{form}} ({min(self.values):{form}}–{max(self.values):{form}})"


def in_turn(repeats: int, *measures: Callable[[], float]) -> list[Repeats]:
    """Measure several things in turn, over and over, so that what disturbs the machine disturbs all of them alike."""
    rounds = [[measure() for measure in measures] for _ in range(repeats)]
    return [Repeats(values) for values in zip(*rounds, strict=True)]


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time that `work` takes in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def environment() -> dict[str, str]:
    """The environment of a process that computes with one thread and finds the project."""
    return {**os.environ, **dict.fromkeys(THREADS, "1"), "PYTHONPATH": str(ROOT), "STARSIM_INSTALL_FONTS": "0"}


def fresh(function: str, **given: Any) -> Mapping[str, Any]:
    """Call `module:function` of this package in a new process of one thread.

    Returns:
        `result`, what the function returned; `peak_bytes`, the most memory the process held.

    Raises:
        SystemExit: the process failed.
    """
    return fresh_copies(function, 1, **given)[0]


def fresh_copies(function: str, copies: int, **given: Any) -> list[Mapping[str, Any]]:
    """The same in several processes at once."""
    command = [sys.executable, "-m", "benchmarks.measuring", function, json.dumps(given)]
    started = [
        subprocess.Popen(  # noqa: S603
            command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(copies)
    ]
    said = [process.communicate() for process in started]
    for process, (_, errors) in zip(started, said, strict=True):
        if process.returncode:
            raise SystemExit(f"{function} failed:\n{errors}")
    return [json.loads(output.splitlines()[-1]) for output, _ in said]


def peak_bytes() -> int:
    """The most memory this process has held. Linux counts it from the start of the program."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return 1024 * int(line.split()[1])
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    module, _, name = sys.argv[1].partition(":")
    result = getattr(importlib.import_module(f"benchmarks.{module}"), name)(**json.loads(sys.argv[2]))
    print(json.dumps({"result": result, "peak_bytes": peak_bytes()}))
