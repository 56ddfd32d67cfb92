"""Help by purpose: every option has a line, and what there is to choose from can be looked up."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len as cells

from experiments.compose import CHOSEN, compose, known_keys, session
from experiments.jobs import jobs
from experiments.messages import choose_language, columns
from experiments.option_labels import options_of
from sim.policies.registry import LEVERS
from sim.world import DECLARED

Command = Callable[..., int]
GROUPS = ("parameters", "world", "design", "strategy", "strategies", "executor", "district")
"""Those that have their own files, of which a choice is an option."""


@pytest.mark.parametrize("job", ["run", "compare"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_option_is_explained_in_the_language_with_its_default(job: str, language: str) -> None:
    choose_language([f"language={language}"])
    found = {option.name: option for option in options_of(job)}
    with session():
        values = compose(job, []).values
    keys = [key for key in known_keys(values) if key.split(".")[0] not in GROUPS]
    leaves = [key for key in keys if not any(other.startswith(f"{key}.") for other in keys)]
    assert set(leaves) | set(CHOSEN[job]) <= set(found)
    for name, option in found.items():
        told = re.sub("总收入|万元", "", option.label)
        assert bool(re.search("[\u4e00-\u9fff]", told)) == (language == "zh"), name
        assert option.purpose and len(told) > 3
    assert (found["horizon"].default, found["name"].default) == ("2035", job)
    if language == "zh":
        assert found["budget.annual"].label == "每年的公共资金，万元"


def test_the_first_purpose_is_what_is_compared_and_the_own_file_counts() -> None:
    options = options_of("compare")
    assert options[0].purpose == "What is compared"
    assert [option.default for option in options if option.name == "other_starts"] == ["[target_consistent]"]
    assert len({option.purpose for option in options}) == 7


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
    assert {line.split()[0] for line in lines[2:] if line[0] != " "} == set(DECLARED)
    (line,) = [line for line in lines if line.split()[0] == "fixed_cost"]
    assert "1.79" in line and "0.6–3" in line and "fixed running cost" in line
    assert qiangcun("help", "levers", "language=zh") == 0
    text = capsys.readouterr().out
    assert all(f"\n{key}  {lever.zh}\n" in text for key, lever in LEVERS.items())
    assert "enclave" in text and "力度" in text
    assert qiangcun("help", "strategies") == 0
    text = capsys.readouterr().out
    assert "No measures" in text and "headline" in text


def test_a_wrong_topic_is_answered_with_the_nearest(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert qiangcun("help", "parametres") == 2
    assert "did you mean: parameters" in capsys.readouterr().err


def test_help_loads_neither_hydra_nor_numpy(workplace: Path) -> None:
    for words in (["--help"], ["compare", "--help"], ["help", "compare"]):
        script = f"import sys; from experiments import cli; cli.main({words!r}); print([*sys.modules], file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        loaded = set(re.findall(r"'(\w+)'", done.stderr))
        assert not loaded & {"hydra", "omegaconf", "numpy", "pandas", "matplotlib", "yaml"}, words


def test_chinese_letters_take_two_columns() -> None:
    text = columns([("名称", "1", "中文" * 50), ("a", "10", "\x1b[2J")], heads=("甲", "n", ""), right=[1])
    lines = text.splitlines()
    assert (lines[0], lines[1][:9], lines[-1]) == ("甲     n", "名称   1  中", "a     10  \\u001b[2J")
    assert max(map(cells, lines)) <= 100 and 4 <= len(lines) <= 5
