"""Help by purpose: every option has a line, and what there is to choose from can be looked up."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.compose import CHOSEN, compose, known_keys, session
from experiments.jobs import jobs
from experiments.option_labels import in_both, options_of
from experiments.text_tables import cells, cut, table, wrapped
from sim.policies.registry import LEVERS
from sim.world import DECLARED

Command = Callable[..., int]
GROUPS = ("parameters", "world", "design", "strategy", "strategies", "executor", "district")
"""Those that have their own files, of which a choice is an option."""


@pytest.mark.parametrize("job", ["run", "compare"])
def test_every_option_is_explained_in_both_languages_with_its_default(job: str) -> None:
    found = {option.name: option for option in options_of(job)}
    with session():
        values = compose(job, []).values
    keys = [key for key in known_keys(values) if key.split(".")[0] not in GROUPS]
    leaves = [key for key in keys if not any(other.startswith(f"{key}.") for other in keys)]
    assert set(leaves) | set(CHOSEN[job]) <= set(found)
    for name, option in found.items():
        assert re.search("[\u4e00-\u9fff]", option.zh) and re.search("[a-z]{3}", option.en), name
        assert not re.search("[\u4e00-\u9fff]", re.sub("总收入|万元", "", option.en)), name
        assert all(option.purpose)
    assert found["horizon"].default == "2035"
    assert found["name"].default == job
    assert found["budget.annual"].zh == "每年的公共资金，万元"


def test_the_first_purpose_is_what_is_compared_and_the_own_file_counts() -> None:
    options = options_of("compare")
    assert options[0].purpose == ("比较什么", "What is compared")
    assert [option.default for option in options if option.name == "other_starts"] == ["[target_consistent]"]
    assert len({option.purpose for option in options}) == 7


def test_a_comment_may_go_on_in_the_next_line() -> None:
    assert in_both("一\n二 |\none\n two") == ("一 二", "one two")
    assert in_both("alone") == ("alone", "alone")


def test_help_on_a_job_is_its_help(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    for job in jobs():
        assert qiangcun("help", job) == 0
        one = capsys.readouterr().out
        assert qiangcun(job, "--help") == 0
        assert capsys.readouterr().out == one
        assert len(one.splitlines()) > 2
        assert max(map(cells, one.splitlines())) <= 100, job


def test_topics_list_what_there_is(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert qiangcun("help", "parameters") == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines[2:]} == set(DECLARED)
    (line,) = [line for line in lines if line.split()[0] == "fixed_cost"]
    assert "1.5" in line and "0.5–3" in line and "fixed running cost" in line
    assert qiangcun("help", "levers", "language=zh") == 0
    text = capsys.readouterr().out
    assert all(f"\n{key}  {lever.zh}\n" in text for key, lever in LEVERS.items())
    assert "enclave" in text and "力度" in text
    assert qiangcun("help", "strategies") == 0
    text = capsys.readouterr().out
    assert "No measures" in text and "headline" in text
    assert qiangcun("help", "parameters", "固定运行费", "language=zh") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_wrong_topic_is_answered_with_the_nearest(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert qiangcun("help", "parametres") == 2
    assert "did you mean: parameters" in capsys.readouterr().err


def test_help_loads_neither_hydra_nor_numpy(workplace: Path) -> None:
    for words in (["--help"], ["compare", "--help"], ["help", "compare"]):
        script = f"import sys; from experiments import cli; cli.main({words!r}); print([*sys.modules], file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        loaded = set(re.findall(r"'(\w+)'", done.stderr))
        assert not loaded & {"hydra", "omegaconf", "numpy", "pandas", "matplotlib", "rich", "yaml"}, words


def test_chinese_letters_take_two_columns() -> None:
    assert (cells("中文ab"), cut("中文ab", 4), cut("abc", 3)) == (6, "中…", "abc")
    assert wrapped("一二三，四 and five", 6) == ["一二", "三，四", "and", "five"]
    lines = table([("名", "a"), ("中文名称很长很长", "1")], flexible=0, right=[1], width=14)
    assert lines == ["名           a", "中文名称很…  1"]
