from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments import cli
from experiments.messages import choose_language

TINY = ["futures=2", "horizon=2024", "residents=off", "workers=1"]


@pytest.fixture(autouse=True)
def both_languages() -> None:
    """A test begins with both languages, whatever the one before has chosen."""
    choose_language([])


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def qiangcun(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command in this process; the report is a stub, for it is tested elsewhere and takes seconds."""

    def write_report(study_folder: Path, out_folder: Path, parallel: bool = True) -> Path:
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
