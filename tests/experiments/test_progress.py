"""What is shown while a job gets on: a line or a bar for each stage, and at the end how long each of them took."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from experiments.progress import REPORT, RUNS, SEARCH, STAGES, TABLES, Stages
from tests.experiments.conftest import TINY

Command = Callable[..., int]
WORDS = ["compare", *TINY, "horizon=2026", "strategies=[existing_all_four,grants_same_cost]", "language=en"]
LINES = {SEARCH: "Searching the scale of grants_same_cost", RUNS: "runs ...", TABLES: "Joining the results",
         REPORT: "Writing the report"}  # fmt: skip
TIMES = re.compile(r"Time: scale \d+ s, runs \d+ s, tables \d+ s, report \d+ s\.")


@pytest.mark.thorough
def test_each_stage_has_a_line_and_the_end_tells_how_long_each_took(
    qiangcun: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun(*WORDS) == 0
    shown = capsys.readouterr().out
    assert [shown.count(line) for line in LINES.values()] == [1] * len(STAGES)
    assert len(TIMES.findall(shown)) == 1
    lines = shown.splitlines()
    assert len(set(lines)) == len(lines), "nothing is printed twice"
    assert qiangcun(*WORDS) == 0
    shown = capsys.readouterr().out
    assert "runs ..." not in shown and re.search(r"Time: scale \d+ s, report \d+ s\.", shown)


def test_programs_learn_the_stage_and_the_time_left(
    qiangcun: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.progress.LEAST_SECONDS", 0.0)

    def write_report(study: object, folder: object, languages: object, step: Callable[[int, int], None]) -> object:
        step(1, 2)
        step(2, 2)
        return folder

    monkeypatch.setattr("analysis.page.write_report", write_report)
    assert qiangcun(*WORDS, "progress=json") == 0
    told = capsys.readouterr()
    lines = [json.loads(line) for line in told.err.splitlines()]
    assert list(dict.fromkeys(line["stage"] for line in lines)) == [SEARCH, RUNS, TABLES, REPORT]
    for stage in STAGES:
        some = [line for line in lines if line["stage"] == stage]
        assert [line["event"] for line in some] == ["begun", *["running"] * (len(some) - 2), "finished"]
        assert some[-1]["done"] > 0
        assert ("runs_per_second" in some[0]) == (stage in (SEARCH, RUNS))
        known = stage != SEARCH
        assert (some[-1]["total"], some[-1]["seconds_left"]) == ((some[-1]["done"], 0.0) if known else (None, None))
        assert all((line["seconds_left"] is not None) == known for line in some if line["event"] == "running")
    assert not any(line in told.out for line in LINES.values()), "nothing is told twice"


def test_off_means_off(capsys: pytest.CaptureFixture[str]) -> None:
    stages = Stages("off")
    with stages.stage(RUNS, "推演", "runs", 2) as shown:
        shown.advance(2)
    stages.tell()
    assert capsys.readouterr() == ("", "")


BARS = """
import sys
sys.stderr.isatty = lambda: True
from experiments.messages import choose_language
from experiments.progress import Stages
choose_language(["language=en"])
stages = Stages()
for name, total in (("search", None), ("runs", 8), ("tables", 3), ("report", None)):
    with stages.stage(name, "zh", "a line of its own", total) as shown:
        shown.reach(3, total or (3 if name == "report" else None))
stages.tell()
"""


def test_a_terminal_has_a_bar_for_each_stage_and_no_line_besides() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BARS], env={**os.environ, "COLUMNS": "100", "FORCE_COLOR": "1", "TERM": "xterm"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    last = [
        line for line in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", done.stderr).replace("\r", "\n").splitlines() if line
    ]
    for name, count in (("scale", "3/?"), ("runs", "3/8"), ("tables", "3/3"), ("report", "3/3")):
        assert any(line.strip().startswith(name) and count in line for line in last), (name, last)
    assert "a line of its own" not in done.stdout + done.stderr
    assert TIMES.fullmatch(done.stdout.strip())
