from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import scenarios
from analysis.data.results import load
from analysis.data.seal import seal_of
from analysis.page import build, notes
from analysis.sentences.catalogue import Words
from tests.analysis.test_policy import check as check_policy
from tests.experiments.conftest import TINY

Command = Callable[..., int]


def manifests(folder: Path) -> list[dict]:
    return [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("outputs/studies/*/manifest.json"))
    ]


def test_the_bare_command_lists_the_jobs(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert qiangcun("language=both") == 0
    text = capsys.readouterr().out
    for job in ("run", "compare", "report", "init"):
        line = next(line for line in text.splitlines() if line.strip().startswith(job))
        assert any("\u4e00" <= letter <= "\u9fff" for letter in line)
        assert any(letter.isascii() and letter.isalpha() for letter in line.split(maxsplit=1)[1])


def test_compare_writes_under_outputs_alone(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("compare", *TINY, "strategies=[none]") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    report = Path(last.removeprefix("Report ").removeprefix("报告 "))
    assert report.is_file()
    assert report.parent.parent == workplace / "outputs" / "compare"
    assert [path.name for path in workplace.iterdir()] == ["outputs"]
    assert (workplace / "outputs" / "latest.txt").read_text(encoding="utf-8").strip() == f"compare/{report.parent.name}"
    assert (report.parent / "log.txt").is_file()
    study = report.parent / (report.parent / "study.txt").read_text(encoding="utf-8").strip()
    (manifest,) = manifests(workplace)
    assert (study / "manifest.json").is_file()
    assert [entry["key"] for entry in manifest["strategies"]] == ["none", "existing"]  # the reference is always there
    assert manifest["starts"] == ["bazhong_mean", "target_consistent"]
    runs = pd.read_parquet(study / "runs.parquet")
    assert set(runs.loc[runs["start"] == "target_consistent", "strategy"]) == {"existing"}
    assert "compare futures=2" in manifest["command"]


def test_run_shows_how_far_modes_pay_for_themselves(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert qiangcun("run", *TINY, "strategy=none", "verbose=true", "parameters.fixed_cost=2", "language=zh") == 0
    text = capsys.readouterr().out
    assert "自我积累" in text
    assert "资产租赁" in text


def test_overrides_reach_the_study(qiangcun: Command, workplace: Path) -> None:
    words = [
        "parameters.fixed_cost=2", "parameters.asset_leasing.margin=0.9", "world.fixed=[interest_rate]",
        "world.ranges.crowd_out=[0.1,0.2]", "strategy.levers.joint_building.intensity=0.5", "residents=10",
        "strategy.levers.paired_assistance.income_line={2024:10,2026:30}",
        "strategy.levers.joint_building.towns=[玉山镇]",
        "start=target_consistent", "name=mine",
    ]  # fmt: skip
    assert qiangcun("run", *TINY, *words) == 0
    (manifest,) = manifests(workplace)
    design = manifest["configuration"]
    assert manifest["name"] == "mine"
    assert design["parameters"] == {"fixed_cost": 2, "asset_leasing.margin": 0.9, "interest_rate": 0.05}
    assert design["ranges"] == {"crowd_out": [0.1, 0.2]}
    levers = manifest["strategies"][0]["levers"]
    assert levers["joint_building"]["intensity"] == 0.5
    assert levers["joint_building"]["towns"] == ["玉山镇"]
    assert levers["paired_assistance"]["income_line"] == {"2024": 10, "2026": 30}
    assert design["options"]["residents_per_village"] == 10
    assert design["options"]["start"] == "target_consistent"


def test_a_shock_enters_a_study_by_name_and_is_told(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every strategy meets it; the manifest and the report's remarks tell it; the study is another one; it verifies."""
    for words in ([], ["rules={price_fall:{year:2024,fall:3}}"]):
        assert qiangcun("compare", *TINY, "strategies=[none,existing]", *words) == 0
    plain, fallen = sorted(manifests(workplace), key=lambda manifest: len(manifest["rules"]))
    assert plain["id"] != fallen["id"]
    (told,) = fallen["rules"]
    assert (told["key"], told["zh"], told["values"]) == ("price_fall", "市场价格下跌", {"year": 2024, "fall": 3})
    folder = next(path.parent for path in workplace.rglob("manifest.json") if fallen["id"] in path.read_text("utf-8"))
    results = load(folder)
    assert "市场价格下跌 (year=2024, fall=3)" in "".join(notes.remarks(results, Words("zh")))
    lower = load(next(path for path in folder.parent.iterdir() if path != folder))
    for key in ("none", "existing"):
        one, other = (found.values(key, "income_operating_mean")[2024].to_numpy() for found in (results, lower))
        assert (one < other).all()
    assert qiangcun("verify", str(folder)) == 0


def test_a_wrong_rule_is_told_with_its_place(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("run", *TINY, "rules={price_fall:{yer:2024,fall:9},flod:{}}") == 2
    told = capsys.readouterr().err
    assert "rules.price_fall.yer" in told and "rules.price_fall.fall" in told and "flod" in told
    assert qiangcun("run", *TINY, "rules=price_fall") == 2


@pytest.mark.thorough
def test_the_default_world(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("run", *TINY, "world=default", "strategy=none") == 0
    (manifest,) = manifests(workplace)
    assert (manifest["futures"], manifest["design"]["drawn"]) == (2, False)


@pytest.mark.thorough
def test_every_registered_resident(qiangcun: Command, workplace: Path) -> None:
    words = [word for word in TINY if not word.startswith("residents")]
    assert qiangcun("run", *words, "residents=all", "strategy=none") == 0
    (manifest,) = manifests(workplace)
    assert manifest["residents"] == "all"
    runs = pd.read_parquet(next(workplace.glob("outputs/studies/*/runs.parquet")))
    attending = runs.loc[runs["year"] == 2024, "participation"]
    assert len(attending) == 2
    assert attending.between(0.01, 0.95).all()


@pytest.mark.thorough
def test_a_strategy_of_one_s_own(qiangcun: Command, workplace: Path) -> None:
    (workplace / "own" / "strategy").mkdir(parents=True)
    text = "defaults: [existing, lever/joint_building@_here_, _self_]\nzh: 我的\n"
    text += "levers: {joint_building: {learning: 0.5}}\n"
    (workplace / "own" / "strategy" / "mine.yaml").write_text(text, encoding="utf-8")
    assert qiangcun("compare", "--config-dir", "own", *TINY, "strategies=[existing,mine]", "other_starts=[]") == 0
    (manifest,) = manifests(workplace)
    mine = manifest["strategies"][1]
    assert (mine["key"], mine["zh"]) == ("mine", "我的")
    assert mine["levers"]["joint_building"]["learning"] == 0.5
    assert mine["levers"]["joint_building"]["start"] == 2025
    assert "central_grant" in mine["levers"]


@pytest.mark.thorough
def test_a_place_of_one_s_own_with_a_strategy_of_its_own(qiangcun: Command, workplace: Path) -> None:
    place = workplace / "我的 区"
    shutil.copytree(Path(scenarios.__file__).parent / "enyang", place)
    (place / "conf" / "strategy").mkdir(parents=True)
    text = "defaults: [existing, _self_]\nlevers: {cadre_pay: {intensity: 0.5}}\n"
    (place / "conf" / "strategy" / "试点.yaml").write_text(text, encoding="utf-8")
    assert qiangcun("compare", f"district={place}", *TINY, "strategies=[none,试点]", "reference=试点") == 0
    (manifest,) = manifests(workplace)
    assert [entry["key"] for entry in manifest["strategies"]] == ["none", "试点"]
    assert manifest["district"]["villages"] == 209
    assert qiangcun("run", f"district={place}", *TINY, "strategy=试点") == 0


@pytest.mark.thorough
def test_sweeps_and_their_report(qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny = [word for word in TINY if not word.startswith("horizon")]
    assert qiangcun("run", "-m", *tiny, "strategy=none,existing", "horizon=2024,2025") == 0
    assert len(manifests(workplace)) == 4
    (sweep,) = (workplace / "outputs" / "run").iterdir()
    assert sorted(path.name for path in sweep.iterdir() if path.is_dir()) == ["0", "1", "2", "3"]
    assert f"qiangcun report outputs/run/{sweep.name}" in capsys.readouterr().out
    assert (workplace / "outputs" / "latest.txt").read_text(encoding="utf-8").strip() == f"run/{sweep.name}"
    assert qiangcun("report", str(sweep)) == 0
    (joint,) = [manifest for manifest in manifests(workplace) if manifest["name"] == "report"]
    assert [entry["key"] for entry in joint["strategies"]] == ["none", "existing"]
    assert (joint["reference"], joint["horizon"]) == ("existing", 2025)
    runs = pd.read_parquet(workplace / "outputs" / "studies" / f"report-{joint['id'][:8]}" / "runs.parquet")
    assert not runs.duplicated(["strategy", "start", "world", "seed", "year"]).any()
    assert set(runs["strategy"]) == {"none", "existing"}
    worlds = pd.read_parquet(workplace / "outputs" / "studies" / f"report-{joint['id'][:8]}" / "worlds.parquet")
    assert set(worlds["world"]) == set(runs["world"])
    assert worlds["world"].is_unique
    assert qiangcun("report", str(sweep), "--reference", "nune") == 2
    assert "none" in capsys.readouterr().err


@pytest.mark.thorough
def test_the_same_strategy_with_other_settings_counts_as_another(qiangcun: Command, workplace: Path) -> None:
    for intensity in (0, 1):
        words = [f"strategy.levers.joint_building.intensity={intensity}", "strategy.levers.joint_building.start=2024"]
        assert qiangcun("run", *TINY, "strategy=existing", *words) == 0
    assert qiangcun("report", *[str(path) for path in (workplace / "outputs" / "run").iterdir()]) == 0
    (joint,) = [manifest for manifest in manifests(workplace) if manifest["name"] == "report"]
    assert [entry["key"] for entry in joint["strategies"]] == ["existing", "existing_2"]
    assert {entry["en"] for entry in joint["strategies"]} == {f"Existing measures (intensity {at})" for at in (0, 1)}


@pytest.mark.thorough
def test_parameters_that_differ_between_studies_are_no_property_of_a_world(qiangcun: Command, workplace: Path) -> None:
    assert all(qiangcun("run", *TINY, f"parameters.fixed_cost={value}") == 0 for value in (1, 2))
    assert qiangcun("report", *[str(path) for path in (workplace / "outputs" / "run").iterdir()]) == 0
    (table,) = workplace.glob("outputs/studies/report-*/worlds.parquet")
    worlds = pd.read_parquet(table)
    assert "fixed_cost" not in set(worlds.columns)
    assert "interest_rate" in set(worlds.columns)
    assert worlds["world"].is_unique


@pytest.mark.thorough
def test_studies_of_other_model_versions_are_not_mixed(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert all(qiangcun("run", *TINY, f"strategy={name}") == 0 for name in ("none", "existing"))
    path = next((workplace / "outputs" / "studies").glob("*/manifest.json"))
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["hashes"]["model"] = "x"
    path.write_text(json.dumps({**manifest, "seal": seal_of(manifest)}), encoding="utf-8")
    assert qiangcun("report", "outputs/studies") == 2
    assert "version of the model" in capsys.readouterr().err


def as_a_user(*words: str) -> Path:
    """Run the command in a process of its own, with the console of a Chinese Windows; gives the report."""
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "-m", "experiments.cli", *words], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr.decode("gbk")
    assert done.stderr == b""  # quiet where nobody watches
    return Path(done.stdout.decode("gbk").splitlines()[-1].removeprefix("Report ").removeprefix("报告 "))


def test_a_run_with_its_short_report(workplace: Path) -> None:
    report = as_a_user("run", *TINY, "strategy=none", "language=zh")
    assert "恩阳" in report.read_text(encoding="utf-8")
    assert [path.name for path in workplace.iterdir()] == ["outputs"]


@pytest.mark.slow
def test_a_comparison_with_its_report(workplace: Path) -> None:
    report = as_a_user("compare", *TINY, "workers=2", "horizon=2026", "strategies=basic")
    assert list(report.parent.rglob("summary.csv"))
    assert list(report.parent.rglob("effects.csv"))
    assert [path.name for path in workplace.iterdir()] == ["outputs"]


@pytest.mark.thorough
def test_processes_are_left_out_in_turn_and_reported(qiangcun: Command, workplace: Path) -> None:
    words = ("strategies=ablation", "strategies.without_each=[credit,default]", "other_starts=[]")
    assert qiangcun("compare", *TINY, *words) == 0
    (manifest,) = manifests(workplace)
    assert [(entry["key"], list(entry.get("without", {}))) for entry in manifest["strategies"]] == [
        ("existing", []), ("existing_all_four", []),
        ("existing_without_credit", ["credit"]), ("existing_without_default", ["default"]),
        ("existing_all_four_without_credit", ["credit"]), ("existing_all_four_without_default", ["default"]),
    ]  # fmt: skip
    study = next((workplace / "outputs" / "studies").iterdir())
    written = build.write_report(study, workplace / "report")
    check_policy(written)
    page = written.read_text(encoding="utf-8")
    assert "消失的规律" in page and "Patterns lost" in page
    moves = pd.read_csv(workplace / "report" / "tables" / "ablation.csv")
    assert set(moves["process"]) == {"credit", "default"}
    assert (workplace / "report" / "tables" / "patterns.csv").is_file()


@pytest.mark.thorough
def test_a_process_that_does_not_exist_is_told(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert qiangcun("compare", *TINY, "strategies=ablation", "strategies.without_each=[credits]") == 2
    assert "credit" in capsys.readouterr().err
    assert qiangcun("compare", *TINY, "strategies=ablation", "strategies.without_each=some") == 2
