"""How a study gets on: a bar on a terminal, one line where nobody watches, JSON lines for programs."""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.table import Column
from rich.text import Text

from experiments.messages import say

MODES = ("auto", "json", "off")
WORDS = {"zh": ("推演", "次/秒", "剩余", "失败"), "en": ("runs", "runs/s", "left", "failed")}
LEAST_WIDTH = 60
"""Columns of a terminal that has room for the bar and the rate."""
LEAST_SECONDS = 1.0
"""Between two JSON lines."""


class Rate(ProgressColumn):
    """Runs per second of this session: those found from an earlier one do not count."""

    def __init__(self, unit: str, before: int) -> None:
        self.unit, self.before = unit, before
        super().__init__()

    def render(self, task: Task) -> Text:
        """The rate since the start."""
        seconds = task.finished_time or task.elapsed
        return Text(f"{(task.completed - self.before) / seconds:.1f} {self.unit}" if seconds else "")


class Progress:
    """Counts runs.

    Args:
        total: number of runs of the study.
        before: how many of them are there already.
        mode: `auto`: a bar on a terminal, else one line at the end; `json`: JSON lines on the error stream; `off`.
        language: `zh`, or English otherwise.
    """

    def __init__(self, total: int, before: int = 0, mode: str = "auto", language: str = "zh") -> None:
        self.total, self.before, self.mode = total, before, mode
        self.done, self.failed = before, 0
        self._begun = self._told = time.monotonic()
        runs, rate, left, failed = WORDS.get(language, WORDS["en"])
        whole = Column(no_wrap=True, min_width=2 * len(str(total)) + 1)  # the count is never cut
        columns: tuple[ProgressColumn, ...] = (TextColumn(runs), MofNCompleteColumn(table_column=whole))
        console = Console(stderr=True)
        if console.width >= LEAST_WIDTH:
            columns += (BarColumn(), Rate(rate, before), TextColumn(left))
        columns += (TimeRemainingColumn(), TextColumn("{task.fields[failures]}"))
        alone = multiprocessing.current_process().name == "MainProcess"  # several would mix
        self._watched = mode == "auto" and sys.stderr.isatty() and alone
        self._bar = RichProgress(*columns, console=console, disable=not self._watched)
        self._task = self._bar.add_task("", total=total, completed=before, failures="")
        self._failed = failed

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        if self.mode == "json":
            self._tell("stopped" if kind else "finished")
        elif self.mode == "auto" and not kind:
            self._summarise()

    def advance(self, runs: int, failed: int = 0) -> None:
        """Count runs that are done, and those that failed."""
        self.done += runs + failed
        self.failed += failed
        told = f"{self._failed} {self.failed}" if self.failed else ""
        self._bar.update(self._task, completed=self.done, failures=told)
        if self.mode == "json" and time.monotonic() - self._told >= LEAST_SECONDS:
            self._tell("running")

    def _speed(self) -> tuple[float, float]:
        seconds = time.monotonic() - self._begun
        return seconds, (self.done - self.before) / seconds if seconds > 0 else 0.0

    def _tell(self, event: str) -> None:
        self._told = time.monotonic()
        seconds, rate = self._speed()
        left = (self.total - self.done) / rate if rate else None
        line = {
            "event": event, "done": self.done, "total": self.total, "failed": self.failed,
            "seconds": round(seconds, 1), "runs_per_second": round(rate, 2),
            "seconds_left": None if left is None else round(left, 1),
        }  # fmt: skip
        print(json.dumps(line), file=sys.stderr, flush=True)

    def _summarise(self) -> None:
        if self.done == self.before:
            return
        seconds, rate = self._speed()
        runs = self.done - self.before
        say(f"推演 {runs} 次，用时 {seconds:.0f} 秒（每秒 {rate:.1f} 次），失败 {self.failed} 次。",
            f"{runs} runs in {seconds:.0f} s ({rate:.1f} runs/s), {self.failed} failed.")  # fmt: skip
