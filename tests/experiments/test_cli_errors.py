from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tiers import fast

Command = Callable[..., int]


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def is_empty(folder: Path) -> bool:
    return not list(folder.iterdir())


def test_all_mistakes_are_told_at_once(qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = qiangcun(
        "compare", "futures=abc", "horizn=2030", "strategies=[none,exsting]", "parameters.fixed_cost=99",
        "parameters.fixd_cost=1", "strategy.levers.joint_bulding.intensity=1",
        "strategy.levers.joint_building.intensity=nan",
        "strategy.levers.paired_assistance.income_line={2025:20,2024:10}", "strategy.levers.cadre_pay.bonus_share=much",
        "strategy.levers.cadre_pay.start=2030", "strategy.levers.cadre_pay.end=2026",
        "district.village_table=nofile.csv",
        "strategy.levers.paired_assistance.direct=-5", "strategy.levers.joint_building.pool_mode=enclav",
        "world.ranges.interest_rate=[0.08,0.04]", "world.fixed=[fixed_csot]", "start=bazhong", "residents=many",
        "workers=0",
        "other_starts=[target_consistnt]", "discount_rate=2", "language=both", "x=,",
    )  # fmt: skip
    text = told(capsys)
    assert code == 2
    assert "Traceback" not in text
    for near in (
        "horizon", "existing", "parameters.fixed_cost", "strategy.levers.joint_building.intensity", "enclave",
        "fixed_cost",
        "bazhong_mean", "target_consistent",
    ):  # fmt: skip
        assert f"did you mean: {near}" in text
        assert f"是否指: {near}" in text
    for mistake in (
        "abc", "99", "NaN", "[2025, 2024]", "2030 > 2026", "much", "-5", "many", "[0.08, 0.04]", "workers",
        "discount_rate",
        "nofile.csv", "x=,",
    ):  # fmt: skip
        assert mistake in text
    assert text.count("2030 > 2026") == 2  # once in Chinese, once in English, not once for each strategy
    assert is_empty(workplace)


def test_mistakes_in_tables_and_values_are_told_together(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("init", "villages.csv") == 0
    rows = (workplace / "villages.csv").read_text(encoding="utf-8-sig").splitlines()
    (workplace / "wrong.csv").write_text("\n".join([*rows[:5], rows[4]]) + "\n", encoding="utf-8-sig")
    capsys.readouterr()
    before = sorted(path.name for path in workplace.iterdir())
    assert qiangcun("run", "district.village_table=wrong.csv", "futures=0") == 2
    text = told(capsys)
    assert "wrong.csv" in text
    assert "futures" in text
    assert sorted(path.name for path in workplace.iterdir()) == before
    assert qiangcun("init", "villages.csv") == 2  # nothing is overwritten
    assert (workplace / "villages.csv").read_text(encoding="utf-8-sig").splitlines() == rows


FAST = ("existing", "strategies", "-m", "absent", "horizon", "learning", "name", "outputs", "${", "(~)")
"""What the fast cases of commands that compute are told."""


@pytest.mark.parametrize(
    ("arguments", "near"),
    fast([
        (["comparee"], "compare"),
        (["run", "strategy=exsting"], "existing"),
        (["run", "district=enyan"], "enyang"),
        (["run", "world=defualt"], "default"),
        (["compare", "strategies=headlin"], "headline"),
        (["compare", "reference=nune"], "none"),
        (["compare", "strategy=existing"], "strategies"),
        (["run", "strategy=none,existing"], "-m"),
        (["run", "-m", "strategy=none,exsting"], "existing"),
        (["run", "--config-dir", "absent"], "absent"),
        (["run", "--unknown"], "--unknown"),
        (["run", "futures"], "futures"),
        (["run", "+strategy.levers.joint_building.lerning=1"], "learning"),
        (["run", "+extra=1"], "extra"),
        (["run", "strategy.levers.joint_building=1"], "joint_building"),
        (["run", "strategy.levers.joint_building.towns=[玉山]"], "玉山镇"),
        (["run", "horizon=2020"], "horizon"),
        (["run", "residents=al"], "did you mean: all"),
        (["run", "residents=501"], "off, 7–500, all"),
        (["run", "name=../elsewhere"], "name"),
        (["run", "outputs=/proc/version/x"], "outputs"),
        (["run", "parameters.asset_leasing=1"], "asset_leasing"),
        (["report", "absent"], "absent"),
        (["run", "hydra.run.dir=../evil"], "outputs"),
        (["run", "hydra.sweep.dir=../evil"], "outputs"),
        (["run", "hydra.sweep.subdir=../../evil"], "outputs"),
        (["run", "hydra.output_subdir=../../evil"], "outputs"),
        (["run", "hydra.job_logging.handlers.file.filename=evil"], "Hydra"),
        (["run", "hydra/job_logging=disabled"], "Hydra"),
        (["run", "hydra.callbacks={e:{_target_:os.abort}}"], "Hydra"),
        (["run", "+hydra.callbacks.e._target_=os.abort"], "Hydra"),
        (["run", "+hydra/job_logging=disabled"], "Hydra"),
        (["run", "++hydra.mode=MULTIRUN"], "Hydra"),
        (["run", "hydra.mode=MULTIRUN"], "Hydra"),
        (["run", "hydra.searchpath=[.]"], "Hydra"),
        (["run", "-m", "hydra/launcher=joblib", "hydra.launcher._target_=os.abort"], "hydra.launcher.n_jobs"),
        (["run", "-m", "hydra.sweeper.params={a:b}"], "Hydra"),
        (["run", "strategy@hydra=none"], "Hydra"),
        (["run", "--config-path", "."], "--config-path"),
        (["run", "--config-name=hydra"], "--config-dir"),
        (["run", "-cn", "hydra"], "--cfg"),
        (["run", "-cp", "."], "--cfg"),
        (["run", "--experimental-rerun", "x"], "--experimental-rerun"),
        (["run", "-sc", "install=bash"], "-sc"),
        (["run", "--multi"], "did you mean: --multirun"),
        (["run", "name='${oc.env:HOME}'"], "${"),
        (["run", "outputs=${hydra:runtime.cwd}"], "${"),
        (["run", "world.fixed=['${a}']"], "${"),
        (["run", "~parameters.fixed_cost"], "(~)"),
        (["run", "~parameters"], "(~)"),
        (["run", "+horizon=2030"], "(+)"),
        (["compare", "strategies=none,existing"], "strategies=[none,existing]"),
        (["compare", "-m", "futures=range(1,100000)"], "1,000"),
        (["run", "-m", "futures=range(1,1000000000)", "horizon=2030,2031"], "1,999,999,998"),
        (["run", "-m", "discount_rate=range(0,1,0)"], "range(1,4)"),
        (["run", "-m", "discount_rate=range(0,inf,1)"], "range(1,4)"),
        (["run", "-m", "discount_rate=interval(0,1)"], "range(1,4)"),
        (["run", "-m", "strategy=glob(*)"], "range(1,4)"),
        (["run", "futures=" + 3000 * "["], "futures"),
        (["run", "outputs=" + 300 * "x"], "outputs"),
        (["run", "outputs=" + 3000 * "x/"], "outputs"),
        (["run", "outputs=/dev/null"], "outputs"),
        (["run", "district=" + 300 * "x"], "district"),
        (["run", "executor=slurm"], "sbatch"),
        (["run", "executor=dask", "executor.address=tcp://127.0.0.1:9"], "no Dask scheduler"),
        (["run", "executor=dask", "executor.address=127.0.0.1"], "tcp://HOST:8786"),
        (["report"], "folder"),
        (["report", "x", "--refrence", "none"], "did you mean: --reference"),
        (["verify", "x", "--sample", "many"], "many"),
        (["init", "--districts", "enyang"], "did you mean: --district"),
        (["init", "--district", "sichuan_synthetic"], "a province has no village table"),
        (["init", "absent/villages.csv"], "absent"),
        (["init", 300 * "x"], "x"),
    ], lambda case: case[0][0] not in ("run", "compare") or case[1] in FAST),
)  # fmt: skip
def test_one_mistake(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], near: str
) -> None:
    assert qiangcun(*arguments) == 2
    text = told(capsys)
    assert near in text
    assert "Traceback" not in text
    assert is_empty(workplace)


@pytest.mark.parametrize(
    ("text", "near"),
    fast([
        ("levers: {joint_building: {_target_: os.system, intensity: 1}}", "_target_"),
        ("hydra: {run: {dir: elsewhere}}", "hydra"),
        ("defaults: [exsting]", "exsting"),
        ("levers: {joint_bilding: {intensity: 1}}", "joint_building"),
        ("levers: {joint_building: {intensty: 1}}", "intensity"),
        ("levers: {joint_building: 1}", "joint_building"),
        ("discription_zh: 说明", "description_zh"),
        ("zh: 3", "zh"),
        ("levers: [1]", "levers"),
    ], 3),
)  # fmt: skip
def test_mistakes_in_a_strategy_of_one_s_own(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], text: str, near: str
) -> None:
    (workplace / "own" / "strategy").mkdir(parents=True)
    text = text if "defaults" in text else f"defaults: [none, _self_]\n{text}"
    (workplace / "own" / "strategy" / "mine.yaml").write_text(text, encoding="utf-8")
    assert qiangcun("compare", "--config-dir", "own", "strategies=[existing,mine]") == 2
    shown = told(capsys)
    assert near in shown
    assert "Traceback" not in shown
    assert [path.name for path in workplace.iterdir()] == ["own"]


def test_messages_in_one_language(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    qiangcun("run", "horizn=1", "language=en")
    text = told(capsys)
    assert "no such name" in text
    assert "没有" not in text
    qiangcun("run", "horizn=1", "language=zh")
    assert "no such name" not in told(capsys)


def test_a_console_of_another_encoding_survives(workplace: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for arguments, code in (([], 0), (["run", "strategy=exsting"], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "experiments.cli", *arguments], capture_output=True, env=environment, check=False
        )
        assert done.returncode == code
        assert b"Traceback" not in done.stderr
        assert b"exist" in done.stdout + done.stderr
