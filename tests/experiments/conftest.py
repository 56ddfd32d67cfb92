from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sized
from pathlib import Path

import pytest

from experiments import cli, tasks
from experiments.messages import choose_language

TINY = ["futures=2", "horizon=2024", "residents=off", "workers=1"]


def hear_signals() -> None:
    """In a process that starts: the signals that it would inherit as ignored from tests in the background."""
    for name in ("SIGINT", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test begins in English, whatever the one before has chosen and whatever the system speaks."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    choose_language([])


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def qiangcun(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command in this process; the report is a stub, for it is tested elsewhere and takes seconds."""

    def write_report(study_folder: Path, out_folder: Path, *given: object, **named: object) -> Path:
        report = Path(out_folder) / "report.html"
        report.write_text(str(study_folder), encoding="utf-8")
        return report

    monkeypatch.setattr("analysis.page.write_report", write_report)
    monkeypatch.setattr(sys, "argv", ["qiangcun"])

    def call(*arguments: str) -> int:
        try:
            cli.main(list(arguments))
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    return call


def counting(monkeypatch: pytest.MonkeyPatch, stop_after: int | None = None) -> list[int]:
    """Numbers of runs of the batches that are computed from now on; Ctrl-C comes after so many of them."""
    real, counted = tasks.run_batch, []

    def run(district: object, strategy: object, futures: Sized, *rest: object) -> object:
        if len(counted) == stop_after:
            raise KeyboardInterrupt
        result = real(district, strategy, futures, *rest)
        counted.append(len(futures))
        return result

    monkeypatch.setattr(tasks, "run_batch", run)
    return counted
