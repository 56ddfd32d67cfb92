from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.store import MANIFEST, RUNS, WORLDS
from sim.world import DECLARED
from tests.experiments.conftest import TINY

Command = Callable[..., int]
REST = [word for word in TINY if not word.startswith("futures")]
KILLS = Path(__file__).parents[1] / "reliability" / "kills.py"


def folder_of(workplace: Path) -> Path:
    (folder,) = (workplace / "outputs" / "studies").iterdir()
    return folder


@pytest.mark.thorough
def test_a_sobol_design_from_the_command_line(qiangcun: Command, workplace: Path) -> None:
    words = ["design=sobol", "design.parameters=[fixed_cost,interest_rate]", "design.repeats=2", "futures=8"]
    assert qiangcun("compare", *REST, *words, "strategies=[none,existing]", "other_starts=[]") == 0
    folder = folder_of(workplace)
    runs, worlds = pd.read_parquet(folder / RUNS), pd.read_parquet(folder / WORLDS).set_index("world")
    pairs = runs.loc[runs["strategy"] == "none", ["world", "seed"]].drop_duplicates()
    assert pairs.to_numpy().tolist() == [[number // 2, number] for number in range(8)]
    item = DECLARED["fixed_cost"]
    assert np.sum(worlds["fixed_cost"] < item.default) == np.sum(worlds["fixed_cost"] > item.default) == 2
    design = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["design"]
    assert (design["kind"], design["points"], design["repeats"], design["futures"]) == ("sobol", 4, 2, 8)


def test_a_table_from_the_command_line(qiangcun: Command, workplace: Path) -> None:
    (workplace / "points.csv").write_text("fixed_cost,seed\n1,5\n2,5\n", encoding="utf-8")
    assert qiangcun("run", *REST, "design=table", "design.file=points.csv", "strategy=none", "world=default") == 0
    runs = pd.read_parquet(folder_of(workplace) / RUNS).set_index(["world", "year"])["income_profit_mean"]
    assert runs[0, 2024] > runs[1, 2024], "dearer offices leave less"
    assert runs[0, 2023] == pytest.approx(runs[1, 2023] + 1.0), "the same villages before the start, one 万元 dearer"


@pytest.mark.thorough
def test_progress_for_programs(
    qiangcun: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.progress.LEAST_SECONDS", 0.0)
    monkeypatch.setattr("experiments.study.FUTURES_PER_BATCH", 2)
    assert qiangcun("run", *REST, "futures=6", "strategy=none", "progress=json", "report=false") == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    runs = [line for line in lines if line["stage"] == "runs"]
    assert [line["event"] for line in runs] == ["begun", *["running"] * 3, "finished"]
    assert [line["done"] for line in runs] == [0, 2, 4, 6, 6]
    assert all(line["total"] == 6 and line["failed"] == 0 for line in runs)


@pytest.mark.thorough
def test_no_report_where_none_is_wanted(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("run", *TINY, "strategy=none", "report=false") == 0
    assert not list(workplace.rglob("report.html"))
    assert (folder_of(workplace) / MANIFEST).is_file()


@pytest.mark.slow
def test_a_study_that_is_killed_goes_on() -> None:
    done = subprocess.run([sys.executable, str(KILLS), "--kills", "6", "--seed", "1"], capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
