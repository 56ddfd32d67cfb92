from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.jobs.completion import candidates
from tests.tiers import fast

BASH = shutil.which("bash")
LIKE_READLINE = """
qiangcun() {{ "{python}" -m experiments.cli "$@"; }}
eval "$(qiangcun completion bash)"
COMP_LINE={line!r} COMP_POINT={point} COMP_WORDS=({line}) COMP_CWORD={last}
_qiangcun
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def completed(line: str) -> list[str]:
    """What bash offers: it splits words at `=`, and what is offered stands for the last part."""
    script = LIKE_READLINE.format(python=sys.executable, line=line, point=len(line), last=len(line.split()) - 1)
    done = subprocess.run([str(BASH), "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.skipif(BASH is None, reason="needs bash")
@pytest.mark.parametrize(
    ("line", "offered"),
    fast([("qiangcun compare horiz", ["horizon="]), ("qiangcun com", ["compare", "completion"]),
          ("qiangcun compare world=d", ["default", "drawn"])], 1),
)  # fmt: skip
def test_bash_completes_jobs_names_and_choices(line: str, offered: list[str]) -> None:
    assert completed(line) == offered


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("qiangcun ", "compare"),
        ("qiangcun run strategy=exist", "strategy=existing"),
        ("qiangcun compare strategies=[none,exist", "strategies=[none,existing"),
        ("qiangcun compare strategies=head", "strategies=headline"),
        ("qiangcun run strat", "strategy="),
        ("qiangcun run strategy.levers.joint_building.int", "strategy.levers.joint_building.intensity="),
        ("qiangcun run strategy.lev", "strategy.levers."),
        ("qiangcun run parameters.fixed", "parameters.fixed_cost="),
        ("qiangcun run --conf", "--config-dir"),
        ("qiangcun run executor=s", "executor=slurm"),
        ("qiangcun help para", "parameters"),
        ("qiangcun help com", "compare"),
    ],
)
def test_what_may_follow(line: str, offered: str) -> None:
    assert offered in candidates(line)


def test_past_studies_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outputs" / "studies" / "compare-1a2b3c4d").mkdir(parents=True)
    assert candidates("qiangcun diff comp") == candidates("qiangcun diff x comp") == ["compare-1a2b3c4d"]


def test_strategies_of_one_s_own_are_offered(tmp_path: Path) -> None:
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "mine.yaml").write_text("defaults: [existing, _self_]\n", encoding="utf-8")
    assert candidates(f"qiangcun run --config-dir {tmp_path} strategy=mi") == ["strategy=mine"]
    assert candidates("qiangcun verify x") == candidates("qiangcun nothing x") == []
