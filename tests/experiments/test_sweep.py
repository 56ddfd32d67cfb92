"""Sweeps: cells of one study that differ in a few settings."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.experiments.conftest import TINY
from tests.tiers import fast

Command = Callable[..., int]
INTENSITY = "strategy.levers.joint_building.intensity"
START = "strategy.levers.joint_building.start"
LESS = ["report=false", *(word for word in TINY if not word.startswith("horizon"))]
FUTURE = ["world", "seed", "year"]


def manifest_of(folder: Path, name: str = "sweep") -> dict[str, Any]:
    (path,) = folder.glob(f"outputs/studies/{name}-*/manifest.json")
    return json.loads(path.read_text(encoding="utf-8"))


def runs_of(folder: Path, name: str, strategy: str) -> pd.DataFrame:
    (path,) = folder.glob(f"outputs/studies/{name}-*/runs.parquet")
    runs = pd.read_parquet(path)
    runs = runs[(runs["strategy"] == strategy) & (runs["start"] == "bazhong_mean")]
    return runs.drop(columns=["strategy", "start"]).sort_values(FUTURE, ignore_index=True)


def test_cells_are_strategies_of_one_study_with_names_in_words(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("sweep", *LESS, "horizon=2026", f"{INTENSITY}=0.5,1", f"{START}=2025,2026") == 0
    manifest = manifest_of(workplace)
    names = [(entry["key"], entry["zh"], entry["en"]) for entry in manifest["strategies"]]
    assert names == [
        ("existing", "现有措施", "Existing measures"),
        ("cell_1", "力度 0.5，2025 年起", "intensity 0.5, from 2025"),
        ("cell_2", "力度 0.5，2026 年起", "intensity 0.5, from 2026"),
        ("cell_3", "力度 1，2025 年起", "intensity 1, from 2025"),
        ("cell_4", "力度 1，2026 年起", "intensity 1, from 2026"),
    ]
    assert manifest["reference"] == "existing" and manifest["starts"] == ["bazhong_mean"]
    assert [item["path"] for item in manifest["sweep"]["settings"]] == [INTENSITY, START]
    assert [item["values"] for item in manifest["sweep"]["settings"]] == [[0.5, 1], [2025, 2026]]
    assert [cell["values"] for cell in manifest["sweep"]["cells"]] == [[0.5, 2025], [0.5, 2026], [1, 2025], [1, 2026]]
    assert {cell["reference"] for cell in manifest["sweep"]["cells"]} == {"existing"}
    assert f"{INTENSITY}=0.5,1" in manifest["command"]
    assert qiangcun("verify", *map(str, workplace.glob("outputs/studies/*"))) == 0


@pytest.mark.thorough
def test_a_cell_is_the_same_bit_for_bit_as_the_strategy_compared_alone(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("sweep", *LESS, "horizon=2026", f"{INTENSITY}=0.5,1", "parameters.fixed_cost=2,3") == 0
    cells = {tuple(cell["values"]): cell for cell in manifest_of(workplace)["sweep"]["cells"]}
    words = [f"{INTENSITY}=0.5", "parameters.fixed_cost=3", "world.fixed=[fixed_cost]"]
    assert qiangcun("run", *LESS, "horizon=2026", "name=alone", *words) == 0
    alone = runs_of(workplace, "alone", "existing")
    pd.testing.assert_frame_equal(runs_of(workplace, "sweep", cells[0.5, 3]["key"]), alone, check_exact=True)
    assert qiangcun("run", *LESS, "horizon=2026", "name=plain", *words[1:]) == 0
    reference = runs_of(workplace, "sweep", cells[0.5, 3]["reference"])
    pd.testing.assert_frame_equal(reference, runs_of(workplace, "plain", "existing"), check_exact=True)
    (path,) = workplace.glob("outputs/studies/sweep-*/worlds.parquet")
    assert "fixed_cost" not in pd.read_parquet(path) and "interest_rate" in pd.read_parquet(path)
    assert qiangcun("verify", str(path.parent), "--sample", "4") == 0


@pytest.mark.thorough
def test_each_combination_of_parameters_has_a_reference_that_holds_it(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("sweep", *LESS, "horizon=2025", f"{INTENSITY}=0.5,1", "parameters.fixed_cost=2,3") == 0
    manifest = manifest_of(workplace)
    assert [entry["zh"] for entry in manifest["strategies"]][:3] == [
        "现有措施（固定运行费 2）", "现有措施（固定运行费 3）", "力度 0.5，固定运行费 2"
    ]  # fmt: skip
    pairs = [(cell["values"][1], cell["reference"]) for cell in manifest["sweep"]["cells"]]
    assert pairs == [(2, "existing"), (3, "existing_2"), (2, "existing"), (3, "existing_2")]
    held = manifest["configuration"]["fixed"]
    assert all(held[cell["key"]] == held[cell["reference"]] for cell in manifest["sweep"]["cells"])


def test_a_cell_that_does_what_the_reference_does_is_the_reference(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("sweep", *LESS, "horizon=2025", f"{INTENSITY}=0,1", f"{START}=2024") == 0
    manifest = manifest_of(workplace)
    assert [entry["key"] for entry in manifest["strategies"]] == ["cell_1", "cell_2"]
    assert (manifest["reference"], manifest["sweep"]["reference_zh"]) == ("cell_1", "现有措施")


@pytest.mark.thorough
def test_cells_can_be_listed_in_a_file_and_crossed(qiangcun: Command, workplace: Path) -> None:
    """Headings may be Chinese; an empty cell leaves the setting as the strategy has it."""
    text = "strategy,strategy.levers.跨村联建.力度,strategy.levers.cadre_pay.start\nexisting,0.5,\nnone,1,2025\n"
    (workplace / "格.csv").write_text(text, encoding="utf-8-sig")
    words = ["cells=格.csv", "parameters.fixed_cost=range(2,4)"]
    assert qiangcun("sweep", *LESS, "horizon=2025", *words, "strategy.levers.cadre_pay.intensity=1") == 0
    manifest = manifest_of(workplace)
    cells = [cell["values"] for cell in manifest["sweep"]["cells"]]
    assert cells == [["existing", 0.5, None, 2], ["existing", 0.5, None, 3], ["none", 1, 2025, 2], ["none", 1, 2025, 3]]
    first, *_, last = [entry["en"] for entry in manifest["strategies"] if entry["key"].startswith("cell")]
    assert first == "Existing measures, cross-village joint building: intensity 0.5, fixed running cost 2"
    assert last.startswith("No measures, cross-village joint building: intensity 1, ") and "from 2025" in last


FAST = ("-m horizon=2025,2026", "nothing is swept", "swept", "a cell stands twice")
"""What the fast cases are told."""


@pytest.mark.parametrize(
    ("words", "told"),
    fast([
        ([f"{INTENSITY}=0.5,1", "horizon=2025,2026"], ["-m horizon=2025,2026"]),
        ([f"{INTENSITY}=0.5,1.5"], ["1.5", "0–1"]),
        ([f"{INTENSITY}=0.5,yes"], ["yes"]),
        (["strategy.levers.joint_building.intensty=0.5,1"], ["did you mean: strategy.levers.joint_building.intensity"]),
        (["parameters.fixed_cots=1,2"], ["did you mean: parameters.fixed_cost"]),
        (["parameters.fixed_cost=1,200"], ["200"]),
        (["strategy=existing,exsting"], ["did you mean: existing"]),
        ([f"{INTENSITY}=0.5,1", "reference=exsting"], ["did you mean: existing"]),
        ([f"{INTENSITY}=0.5,1,0.5"], ["a cell stands twice"]),
        (["futures=3"], ["nothing is swept"]),
        (["parameters.fixed_cost=range(1,3,0.004)"], ["too many cells", "400"]),
        ([f"{INTENSITY}=0.5,1", "budget.mode=equal_cost", "budget.equal_to=existing"], ["equal cost", "compare"]),
        (["strategy=existing,grants_same_cost"], ["equal cost", "compare"]),
        (["swept=['horizon=2025']"], ["horizon", "-m makes a study of each"]),
        (["swept=3"], ["swept"]),
        (["cells=3.csv"], ["no such file|not found"]),
        (["parameters.fixed_cost=1,2", "design=grid", "design.values={fixed_cost:[1,2]}"], ["fixed_cost", "design"]),
    ], lambda case: case[1][0] in FAST),
)  # fmt: skip
def test_mistakes_are_told_before_anything_runs(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: list[str]
) -> None:
    assert qiangcun("sweep", "futures=2", "residents=off", *words) == 2
    shown = capsys.readouterr().err
    for text in told:
        assert any(one in shown for one in text.split("|")), shown
    assert "Traceback" not in shown and not list(workplace.iterdir())


@pytest.mark.thorough
def test_a_mistake_in_every_cell_is_told_once(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [f"{INTENSITY}=0.5,0.7,1", "strategy.levers.training.start=x"]
    assert qiangcun("sweep", *LESS, "language=en", *words) == 2
    assert capsys.readouterr().err.count("not a valid year") == 1
    words = [f"{INTENSITY}=0.5,0.7,0.8,0.9,1", "strategy.levers.joint_building.start=2025", "horizon=2025"]
    assert qiangcun("sweep", *LESS, "language=en", *words) == 0
    told = capsys.readouterr().err
    assert told.count("in the last year alone") == 1
    assert "intensity 0.5; intensity 0.7; intensity 0.8 …" in told


def test_a_file_of_cells_is_data(qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"{INTENSITY},hydra.run.dir\n${{oc.env:HOME}},x\n'0.5,1\n"
    (workplace / "cells.csv").write_text(text, encoding="utf-8")
    assert qiangcun("sweep", *LESS, "cells=cells.csv") == 2
    shown = capsys.readouterr().err
    assert "hydra.run.dir" in shown and "${" in shown and os.environ["HOME"] not in shown
    assert [path.name for path in workplace.iterdir()] == ["cells.csv"]


@pytest.mark.thorough
def test_m_on_run_leads_to_a_sweep_where_cells_can_hold_it(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("run", "-m", *LESS, "horizon=2024", "strategy=none,existing") == 0
    manifest = manifest_of(workplace)
    assert [entry["key"] for entry in manifest["strategies"]] == ["none", "existing"]
    assert manifest["reference"] == "existing"
    assert qiangcun("run", "-m", *LESS, "horizon=2024,2025", "strategy=none,existing") == 0
    assert len(list(workplace.glob("outputs/studies/run-*"))) == 4
    assert qiangcun("sweep", "-m", *LESS, "horizon=2025,2026", "strategy=none,existing") == 0
    assert len(list(workplace.glob("outputs/studies/sweep-*"))) == 3


@pytest.mark.thorough
def test_a_strategy_of_one_s_own_is_swept(qiangcun: Command, workplace: Path) -> None:
    (workplace / "own/strategy").mkdir(parents=True)
    text = "defaults: [existing, _self_]\nzh: 我的\nlevers: {joint_building: {intensity: 1, start: 2024}}\n"
    (workplace / "own/strategy/我的.yaml").write_text(text, encoding="utf-8")
    words = ["--config-dir", "own", "strategy=existing,我的", f"{INTENSITY}=0.5,1"]
    assert qiangcun("sweep", *LESS, "horizon=2024", *words) == 0
    assert "我的，力度 0.5" in [entry["zh"] for entry in manifest_of(workplace)["strategies"]]


@pytest.mark.thorough
def test_a_failed_run_of_a_cell_is_repeated_by_its_command(
    qiangcun: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from experiments import tasks

    whole = tasks.run_batch

    def breaks(district: Any, strategy: Any, futures: Any, *more: Any) -> Any:
        if 1 in futures.seeds and strategy.levers.get("joint_building", {}).get("intensity") == 0.5:
            raise ValueError("no such luck")
        return whole(district, strategy, futures, *more)

    words = [f"{INTENSITY}=0.5,1", "parameters.fixed_cost=2,3", "strategy.levers.training.intensity=0.5"]
    with monkeypatch.context() as broken:
        broken.setattr(tasks, "run_batch", breaks)
        assert qiangcun("sweep", *LESS, "horizon=2024", *words) == 1
    (path,) = workplace.glob("outputs/studies/*/failures.csv")
    command = pd.read_csv(path)["command"].iloc[-1]
    assert command.startswith("qiangcun run ")
    assert qiangcun(*shlex.split(command)[1:], "name=again") == 0
    alone = manifest_of(workplace, "again")
    cell = next(item for item in manifest_of(workplace)["strategies"] if item["key"] == "cell_2")
    assert alone["strategies"][0]["levers"] == cell["levers"]
    assert alone["configuration"]["parameters"] == {"fixed_cost": 3}


@pytest.mark.thorough
def test_a_sweep_that_was_killed_goes_on(
    workplace: Path, qiangcun: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["futures=60", "horizon=2026", "residents=off", "report=false", "workers=1", f"{INTENSITY}=0.5,0.75,1"]
    one = subprocess.Popen([sys.executable, "-m", "experiments.cli", "sweep", *words])
    while len(list(workplace.glob("outputs/studies/*/parts/*.parquet"))) < 3:
        assert one.poll() is None
        time.sleep(0.01)
    one.kill()
    one.wait()
    assert not list(workplace.glob("outputs/studies/*/manifest.json"))
    assert qiangcun("sweep", *words) == 0
    assert "batches are there already" in capsys.readouterr().out
    again = runs_of(workplace, "sweep", "cell_3")
    (workplace / "outputs").rename(workplace / "elsewhere")
    assert qiangcun("sweep", *words) == 0
    pd.testing.assert_frame_equal(runs_of(workplace, "sweep", "cell_3"), again, check_exact=True)


@pytest.mark.slow
def test_twelve_cells_cost_less_than_half_more_than_one_study_of_as_many_runs(workplace: Path) -> None:
    """Processor time of the runs, reports apart; 12 cells of 20 futures and their reference against 240 runs."""

    def seconds(*words: str) -> float:
        before = os.times()
        subprocess.run([sys.executable, "-m", "experiments.cli", *words, "report=false", "workers=1"], check=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    sweep = seconds("sweep", "futures=20", f"{INTENSITY}=0.25,0.5,0.75,1", f"{START}=2025,2027,2029")
    assert sweep < 1.5 * seconds("run", "strategy=existing_joint_building", "futures=240")


@pytest.mark.thorough
def test_old_sweeps_of_single_studies_are_read_off_as_a_sweep(qiangcun: Command, workplace: Path) -> None:
    """Studies run one by one: cells in words, a measure that is absent at intensity 0, references with their values."""
    for intensity in (0, 0.5):
        for cost in (2.5, 3):
            words = [f"{INTENSITY}={intensity}", f"{START}=2024", f"parameters.fixed_cost={cost}"]
            assert qiangcun("run", *LESS, "horizon=2025", f"name=s{intensity}-{cost}", *words) == 0
    assert qiangcun("report", "outputs/studies") == 0
    manifest = manifest_of(workplace, "report")
    assert [entry["zh"] for entry in manifest["strategies"]] == [
        "现有措施（力度 0，固定运行费 2.5）", "现有措施（力度 0，固定运行费 3）",
        "现有措施（力度 0.5，固定运行费 2.5）", "现有措施（力度 0.5，固定运行费 3）",
    ]  # fmt: skip
    node = manifest["sweep"]
    assert [item["path"] for item in node["settings"]] == [INTENSITY, "parameters.fixed_cost"]
    assert [cell["values"] for cell in node["cells"]] == [[0, 2.5], [0, 3], [0.5, 2.5], [0.5, 3]]
    assert [cell["reference"] for cell in node["cells"]] == ["existing", "existing_2", "existing", "existing_2"]
    (joint,) = workplace.glob("outputs/studies/report-*")
    assert qiangcun("verify", str(joint), "--sample", "1") == 0


@pytest.mark.thorough
def test_an_old_sweep_beside_other_strategies_names_the_strategy_too(qiangcun: Command, workplace: Path) -> None:
    for words in (["strategy=none"], [f"{INTENSITY}=0.5", f"{START}=2024"], [f"{INTENSITY}=1", f"{START}=2024"]):
        assert qiangcun("run", *LESS, "horizon=2025", *words) == 0
    assert qiangcun("report", "outputs/studies") == 0
    node = manifest_of(workplace, "report")["sweep"]
    assert [item["path"] for item in node["settings"]] == ["strategy", INTENSITY]
    assert sorted((cell["values"] for cell in node["cells"]), key=str) == [
        ["existing", 0.5], ["existing", 1], ["none", None]
    ]  # fmt: skip
    assert {cell["reference"] for cell in node["cells"]} == {"existing"}
    assert node["settings"][0]["texts_zh"] == [{"none": "无措施", "existing": "现有措施"}[value]
                                               for value in node["settings"][0]["values"]]  # fmt: skip


def test_a_file_with_too_many_cells_is_told_at_once(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "\n".join(str(number / 1_000_000) for number in range(150_000))
    (workplace / "cells.csv").write_text(f"{INTENSITY}\n{lines}\n", encoding="utf-8")
    assert qiangcun("sweep", *LESS, "cells=cells.csv") == 2
    assert "150000" in capsys.readouterr().err
