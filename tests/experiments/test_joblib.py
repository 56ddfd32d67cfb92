"""Sweeps whose jobs joblib runs several at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from experiments import compose
from experiments.settings import read_job

Command = Callable[..., int]
SWEEP = ["futures=2", "horizon=2024", "residents=off", "strategy=none,existing"]
JOBLIB = "hydra/launcher=joblib"
is_installed = find_spec("hydra_plugins") is not None and find_spec("hydra_plugins.hydra_joblib_launcher") is not None
needs_launcher = pytest.mark.skipif(not is_installed, reason="hydra-joblib-launcher is not installed")


def hashes(folder: Path) -> dict[str, str]:
    """Id of each study and the hash of its runs."""
    found = (json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("outputs/studies/*/manifest.json"))
    return {manifest["id"]: manifest["hashes"]["runs.parquet"] for manifest in found}


@pytest.mark.thorough
@needs_launcher
def test_jobs_run_at_once_leave_what_they_leave_one_by_one(qiangcun: Command, workplace: Path) -> None:
    """In a process of its own, as a user does: two jobs at once, their reports, the joint report, the same bytes."""
    command = [sys.executable, "-m", "experiments.cli", "run", "-m", JOBLIB, "hydra.launcher.n_jobs=2", *SWEEP]
    environment = {**os.environ, "MPLBACKEND": "agg", "PYTHONIOENCODING": "gbk"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("gbk")
    (sweep,) = (workplace / "outputs" / "run").iterdir()
    assert f"qiangcun report outputs/run/{sweep.name}" in done.stdout.decode("gbk")
    assert sorted(path.name for path in sweep.iterdir() if path.is_dir()) == ["0", "1"]
    assert all((sweep / number / "report.html").is_file() for number in "01")
    assert (workplace / "outputs" / "latest.txt").read_text(encoding="utf-8").strip() == f"run/{sweep.name}"
    at_once = hashes(workplace)
    assert len(at_once) == 2
    assert qiangcun("report", str(sweep)) == 0
    (workplace / "outputs").rename(workplace / "elsewhere")
    assert all(qiangcun("run", *SWEEP[:-1], f"strategy={name}", "workers=1") == 0 for name in ("none", "existing"))
    assert hashes(workplace) == at_once


@needs_launcher
def test_a_job_among_several_has_one_process(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with compose.session():
        composed = compose.compose("run", [JOBLIB])
        assert read_job("run", composed).workers.number == 1
    assert qiangcun("run", "-m", JOBLIB, *SWEEP, "workers=2") == 2
    assert "hydra.launcher.n_jobs" in capsys.readouterr().err
    assert not list(workplace.iterdir())


@pytest.mark.parametrize(
    ("words", "near"),
    [(["run", JOBLIB], "-m"), (["run", "-m", "hydra/launcher=jobli"], "did you mean: joblib")],
)
def test_mistakes(qiangcun: Command, capsys: pytest.CaptureFixture[str], words: list[str], near: str) -> None:
    assert qiangcun(*words) == 2
    text = capsys.readouterr().err
    assert near in text
    assert "Traceback" not in text


@pytest.mark.thorough
def test_a_launcher_that_is_not_installed(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = compose.options
    monkeypatch.setattr(compose, "options", lambda group: [name for name in offered(group) if name != "joblib"])
    assert qiangcun("run", "-m", JOBLIB, *SWEEP, "language=both") == 2
    text = capsys.readouterr().err
    assert "pip install hydra-joblib-launcher" in text
    assert "尚未安装" in text
    assert not list(workplace.iterdir())
