"""A progress bar with rate and time left; silent where nobody watches."""

from __future__ import annotations

import multiprocessing
import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

WORDS = {"zh": ("推演", "次/秒", "剩余"), "en": ("runs", "runs/s", "left")}


class Rate(ProgressColumn):
    """Runs per second."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        super().__init__()

    def render(self, task: Task) -> Text:
        """The rate since the start."""
        seconds = task.finished_time or task.elapsed
        return Text(f"{task.completed / seconds:.1f} {self.unit}" if seconds else "")


class Progress:
    """Counts runs on a terminal; does nothing elsewhere.

    Args:
        total: number of runs.
        language: `zh`, or English otherwise.
    """

    def __init__(self, total: int, language: str = "zh") -> None:
        runs, rate, left = WORDS.get(language, WORDS["en"])
        columns = (
            TextColumn(runs),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(rate),
            TextColumn(left),
            TimeRemainingColumn(),
        )
        watched = sys.stderr.isatty() and multiprocessing.current_process().name == "MainProcess"  # several would mix
        self._bar = RichProgress(*columns, console=Console(stderr=True), disable=not watched)
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def advance(self, runs: int) -> None:
        """Count runs that are done."""
        self._bar.advance(self._task, runs)
