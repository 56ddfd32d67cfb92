"""Files that somebody sends, tried on the command: nothing in them runs, writes or reads; what is wrong is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import scenarios
from experiments import compare
from experiments.user_yaml import offer
from scenarios import load_district
from sim.policies.base import Strategy
from sim.problems import InputErrors
from tests.experiments.conftest import TINY
from tests.tiers import fast

Command = Callable[..., int]
BASE = "defaults: [existing, _self_]\n"
RUN = "'${oc.create:{_target_:experiments.manifest._ask,_args_:[/usr/bin/env,/,touch,%s]}}'"


@pytest.fixture(autouse=True)
def nothing_stays() -> object:
    yield
    offer({})


def write(place: Path, text: str | bytes = BASE) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def attacks(touched: Path) -> dict[str, str]:
    """Texts each of which ran a program, wrote a file or read the environment, by what they do."""
    run = RUN % touched
    return {
        "callback": f" # @package hydra\ncallbacks: {{e: {run}}}\n",
        "log": f" # @package hydra\njob_logging: {{handlers: {{file: {{filename: {touched}, mode: w}}}}}}\n",
        "label": f"zh: {run}\n",
        "escaped": "zh: " + run.replace("'", '"').replace("$", "\\x24") + "\n",
        "key": f"levers: {{training: {{{run}: 1}}}}\n",
        "environment": "zh: 'HOME=${oc.env:HOME}'\n",
        "folder": f" # @package hydra.run\ndir: {touched}\n",
        "outputs": f" # @package _global_\noutputs: {touched}\n",
        "tag": f"zh: !!python/object/apply:os.mkdir [{touched}]\n",
    }


@pytest.mark.parametrize("kind", attacks(Path()))
@pytest.mark.parametrize("place", fast(["strategy", "list", "world", "conf", "shown", "sweep"], 1))
def test_no_file_runs_writes_or_reads_anything(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], kind: str, place: str
) -> None:
    touched = workplace / "touched"
    text = attacks(touched)[kind]
    own = workplace / "own"
    words = ["--config-dir", "own", "strategy=mine"]
    if place == "list":
        write(own / "strategies/mine.yaml", f"{text}names: [none]\n")
        words = ["--config-dir", "own", "strategies=mine"]
    elif place == "world":
        write(own / "world/mine.yaml", f"{text}draw: true\nfixed: []\n")
        words = ["--config-dir", "own", "world=mine"]
    elif place == "conf":
        shutil.copytree(Path(scenarios.__file__).parent / "enyang", own)
        write(own / "conf/strategy/mine.yaml", text + BASE)
        words = ["district=own", "strategy=mine"]
    else:
        write(own / "strategy/mine.yaml", text + BASE)
        words += {"shown": ["--cfg", "job", "--resolve"], "sweep": ["-m", "horizon=2024,2025"]}.get(place, [])
    assert qiangcun("compare" if place == "list" else "run", *TINY[:1], *TINY[2:], *words) == 2
    shown = capsys.readouterr()
    assert not touched.exists()
    assert "HOME=" + os.environ["HOME"] not in shown.out + shown.err
    assert "mine.yaml" in shown.err
    assert [path.name for path in workplace.iterdir()] == ["own"]


@pytest.mark.thorough
def test_a_shown_configuration_and_a_sweep_take_strategies_of_one_s_own(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(workplace / "own/strategy/mine.yaml", BASE + "zh: 我的\n")
    assert qiangcun("run", "--config-dir=own", "strategy=mine", "--cfg", "job") == 0
    assert "zh: 我的" in capsys.readouterr().out
    assert qiangcun("run", "-m", *TINY, "-cd", "own", "strategy=none,mine") == 0
    (study,) = workplace.glob("outputs/studies/*")
    assert "我的" in (study / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["--config-path", "own"], ["--config-name", "mine"], ["-cp", "own"],
                                   ["hydra.searchpath=[own]"], ["+hydra.searchpath=[own]"]])  # fmt: skip
def test_hydra_is_led_to_no_other_files(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    write(workplace / "own/run.yaml", f"zh: {RUN % (workplace / 'touched')}\n")
    assert qiangcun("run", *TINY, *words) == 2
    assert "--config-dir" in capsys.readouterr().err
    assert not (workplace / "touched").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("zh: 甲\nzh: 乙\n", ["行 3", "两次", "twice", "zh"]),
        ("levers: {training: {start: '5万元'}}\n", ["行 2", "应为年份", "unit"]),
        ("zh：我的\n", ["行 2", "全角", "full-width"]),
    ],
)
def test_mistakes_are_told_with_their_line_in_both_languages(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], text: str, told: list[str]
) -> None:
    write(workplace / "own/strategy/mine.yaml", BASE + text)
    assert qiangcun("compare", "--config-dir", "own", "strategies=[existing,mine]", "language=both") == 2
    shown = capsys.readouterr().err
    assert all(word in shown for word in (*told, "mine.yaml"))


@pytest.mark.parametrize(
    ("file", "words", "hint"),
    fast(
        [
            ("strategy/mine.yaml", [], "--config-dir ."),
            ("my/strategy/mine.yaml", [], "--config-dir my"),
            ("mine.yaml", [], "mine.yaml → strategy/mine.yaml"),
            ("my/strategy/mine.yml", [], "my/strategy/mine.yml → my/strategy/mine.yaml"),
            ("my/mine.yaml", ["--config-dir", "my"], "my/mine.yaml → my/strategy/mine.yaml"),
            ("my/strategy/new/mine.yaml", ["--config-dir", "my"], "my/strategy/new/mine.yaml → my/strategy/mine.yaml"),
            ("my/strategies/mine.yaml", ["--config-dir", "my"], "my/strategies/mine.yaml → my/strategy/mine.yaml"),
        ],
        2,
    ),
)
def test_a_strategy_in_the_wrong_place_is_found_and_told(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], file: str, words: list[str], hint: str
) -> None:
    write(workplace / file)
    if words:
        write(workplace / "my/strategy/other.yaml")
    for job, choice in (("compare", "strategies=[existing,mine]"), ("run", "strategy=mine")):
        assert qiangcun(job, *words, choice, "language=both") == 2
        shown = capsys.readouterr().err
        assert f"是否指: {hint}" in shown
        assert f"did you mean: {hint}" in shown


def test_where_it_was_looked_is_told(qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(workplace / "my/strategy/other.yaml")
    assert qiangcun("run", "--config-dir", "my", "strategy=mine") == 2
    assert "my/strategy" in capsys.readouterr().err


@pytest.mark.thorough
def test_files_that_are_not_used_are_a_warning(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(workplace / "own/strategy/mine.yaml", (BASE + "zh: 我的\n").encode("gbk"))
    write(workplace / "own/strategy/bad.yaml", "levers: [1, 2\n")
    write(workplace / "own/strategy/upon.yaml", "defaults: [bad, _self_]\n")
    write(workplace / "own/strategy/._mine.yaml", b"\x00\x05\x16\x07")
    words = ["compare", "--config-dir", "own", *TINY, "other_starts=[]", "language=zh"]
    assert qiangcun(*words, "strategies=[existing,mine]") == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "yaml" in line]
    assert [("bad.yaml" in line, "行 1" in line) for line in lines] == [(True, True)] * 2
    for name in ("bad", "upon"):
        assert qiangcun(*words, f"strategies=[existing,{name}]") == 2
        assert "bad.yaml 行 1" in capsys.readouterr().err


def test_a_strategy_with_the_name_of_another_is_refused(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(workplace / "own/strategy/existing.yaml", "defaults: [none, _self_]\n")
    assert qiangcun("compare", "--config-dir", "own", *TINY, "language=zh") == 2
    shown = capsys.readouterr().err
    assert "existing.yaml" in shown
    assert "已被占用" in shown


def test_a_chinese_name_that_does_not_exist_is_answered_with_the_nearest(
    qiangcun: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("run", "strategy.levers.跨村连建.力度=1", "language=zh") == 2
    assert "是否指: 跨村联建" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text"),
    fast([("zh", "a\x1b[2J"), ("en", "a\u202eb"), ("zh", "a\nb"), ("en", "x" * 201), ("description_zh", "x" * 2001),
     ("description_en", "\u200b"), ("key", "a\x07")], 2),
)  # fmt: skip
def test_labels_are_text_of_bounded_length(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    with pytest.raises(InputErrors) as caught:
        compare(load_district("enyang"), [Strategy(**{"key": "mine", name: text})], seeds=[0], horizon=2024)
    assert all(line.isprintable() for line in caught.value.text("zh").splitlines())
    if name != "key":
        assert qiangcun("run", *TINY, f"strategy.{name}='{text}'") == 2
        assert name in capsys.readouterr().err
        assert list(workplace.iterdir()) == []


@pytest.mark.thorough
def test_options_of_one_s_own_reach_the_processes_of_a_launcher(workplace: Path) -> None:
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher")
    write(workplace / "own/strategy/mine.yaml", BASE + "zh: 我的\n")
    command = [sys.executable, "-m", "experiments.cli", "run", "-m", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2",
               *TINY[:3], "--config-dir", "own", "strategy=none,mine", "report=false"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list(workplace.glob("outputs/studies/*/manifest.json"))) == 2


CALL = "${oc.create:{_target_:os.mkdir,_args_:[touched]}}"


def test_names_of_folders_are_no_programs(
    qiangcun: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hydra resolves what it knows of the folder it works in, and a district's place."""
    place = workplace / CALL
    shutil.copytree(Path(scenarios.__file__).parent / "enyang", place)
    assert qiangcun("run", *TINY, "strategy=none", f"district={place}") == 2
    assert "${" in capsys.readouterr().err
    assert not (workplace / "touched").exists()
    monkeypatch.chdir(place)
    assert qiangcun("run", *TINY, "strategy=none") == 2
    assert "rename it" in capsys.readouterr().err
    assert not (place / "touched").exists()
