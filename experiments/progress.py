"""How a job gets on: a bar for each stage on a terminal, a line where nobody watches, JSON lines for programs."""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.table import Column
from rich.text import Text

from experiments.messages import first_language, say

MODES = ("auto", "json", "off")
SEARCH, RUNS, TABLES, REPORT = "search", "runs", "tables", "report"
STAGES = {SEARCH: ("求规模", "scale"), RUNS: ("推演", "runs"), TABLES: ("汇总", "tables"), REPORT: ("报告", "report")}
"""Stages of a job with their names on a bar and at the end."""
OF_RUNS = (SEARCH, RUNS)
"""Stages that count runs."""
WORDS = {"zh": ("次/秒", "剩余", "失败"), "en": ("runs/s", "left", "failed")}
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
    """Counts the runs or the steps of one stage.

    Args:
        total: how many there are; None where that is not known, so that no time left can be told.
        before: how many of them are there already.
        mode: `auto`: a bar on a terminal; `json`: JSON lines on the error stream; `off`.
        stage: one of `STAGES`.
    """

    def __init__(self, total: int | None, before: int = 0, mode: str = "auto", stage: str = RUNS) -> None:
        self.total, self.before, self.mode, self.stage = total, before, mode, stage
        self.done, self.failed = before, 0
        self._begun = self._told = time.monotonic()
        language = first_language()
        rate, left, self._failed = WORDS[language]
        whole = Column(no_wrap=True, min_width=2 * len(str(total or 0)) + 1)  # the count is never cut
        name = TextColumn(STAGES[stage][language == "en"])
        columns: tuple[ProgressColumn, ...] = (name, MofNCompleteColumn(table_column=whole))
        console = Console(stderr=True)
        if console.width >= LEAST_WIDTH:
            columns += (BarColumn(), *([Rate(rate, before)] if stage in OF_RUNS else []), TextColumn(left))
        columns += (TimeRemainingColumn(), TextColumn("{task.fields[failures]}"))
        self._bar = RichProgress(*columns, console=console, disable=not is_watched(mode))
        self._task = self._bar.add_task("", total=total, completed=before, failures="")

    def __enter__(self) -> Progress:
        self._bar.start()
        if self.mode == "json":
            self._tell("begun")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        if self.mode == "json":
            self._tell("stopped" if kind else "finished")

    def advance(self, runs: int, failed: int = 0) -> None:
        """Count runs that are done, and those that failed."""
        self.failed += failed
        self.reach(self.done + runs + failed, self.total)

    def reach(self, done: int, total: int | None) -> None:
        """So many of so many are done."""
        self.done, self.total = done, total
        told = f"{self._failed} {self.failed}" if self.failed else ""
        self._bar.update(self._task, completed=done, total=total, failures=told)
        if self.mode == "json" and time.monotonic() - self._told >= LEAST_SECONDS:
            self._tell("running")

    @property
    def seconds(self) -> float:
        """Since the stage began."""
        return time.monotonic() - self._begun

    @property
    def rate(self) -> float:
        """Runs or steps per second of this session."""
        return (self.done - self.before) / self.seconds if self.seconds > 0 else 0.0

    def _tell(self, event: str) -> None:
        self._told = time.monotonic()
        left = (self.total - self.done) / self.rate if self.rate and self.total is not None else None
        rate = {"runs_per_second": round(self.rate, 2)} if self.stage in OF_RUNS else {}
        line = {
            "event": event, "stage": self.stage, "done": self.done, "total": self.total, "failed": self.failed,
            "seconds": round(self.seconds, 1), **rate, "seconds_left": None if left is None else round(left, 1),
        }  # fmt: skip
        print(json.dumps(line), file=sys.stderr, flush=True)


def is_watched(mode: str) -> bool:
    """Whether bars are drawn: on a terminal, and by one process, for several would mix."""
    return mode == "auto" and sys.stderr.isatty() and multiprocessing.current_process().name == "MainProcess"


class Stages:
    """The stages of a job one after another, shown in one of `MODES`; the end tells how long each of them took."""

    def __init__(self, mode: str = "auto") -> None:
        self.mode = mode
        self._took: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, zh: str, en: str, total: int | None = None, before: int = 0) -> Iterator[Progress]:
        """One stage, with a line in both languages where no bar is drawn; for the rest see `Progress`."""
        if self.mode == "auto" and not is_watched(self.mode):
            say(zh, en)
        with Progress(total, before, self.mode, name) as shown:
            yield shown
        self._took[name] = shown.seconds

    def tell(self) -> None:
        """Say how long each stage took."""
        if self.mode == "auto":
            zh = "，".join(f"{STAGES[name][0]} {seconds:.0f} 秒" for name, seconds in self._took.items())
            en = ", ".join(f"{STAGES[name][1]} {seconds:.0f} s" for name, seconds in self._took.items())
            say(f"用时：{zh}。", f"Time: {en}.")
