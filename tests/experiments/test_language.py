"""One language at a time: which it is, and that everything on the command line keeps to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from experiments import messages
from experiments.compose import compose, session
from experiments.jobs import jobs
from experiments.settings import read_job
from sim.problems import InputErrors
from tests.experiments.conftest import TINY

Command = Callable[..., int]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "zh-Hans"}, "zh"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "zh_CN"}, "en"),
        ({}, "en"),
    ],
)
def test_the_system_says_which_language(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in messages.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert messages.system_language() == language
    messages.choose_language(["compare", "language=auto"])
    assert messages.chosen_language() == language
    messages.choose_language(["report", "x", "--language", "both"])
    assert messages.chosen_language() == "both"
    messages.choose_language(["report", "language=en", "language=zh"])  # as everywhere, the last word counts
    assert messages.chosen_language() == "zh"


@pytest.mark.parametrize(("menus", "language"), [(0x0804, "zh"), (0x0404, "zh"), (0x0409, "en")])
def test_on_windows_the_menus_say_which_language(monkeypatch: pytest.MonkeyPatch, menus: int, language: str) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: menus)
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr("sys.platform", "win32")
    for name in messages.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert messages.system_language() == language
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert messages.system_language() == "zh"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_told_in_the_other_language(
    qiangcun: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "C.UTF-8"}[language])
    calls = [[], ["help"], ["list"], ["nonsense"], ["report"], ["verify", "x", "--sampel", "1"], ["run", "horizn=1"],
             ["run", "futures=abc", "district.nme=x"], *([job, "--help"] for job in jobs())]  # fmt: skip
    for words in calls:
        qiangcun(*words)
        shown = "".join(capsys.readouterr())
        lines = [re.sub("总收入|万元", "", line) for line in shown.splitlines()]
        if language == "en":
            assert not [line for line in lines if CHINESE.search(line)], words
        else:
            assert [line for line in lines if CHINESE.search(line)], words
            assert "Usage" not in shown and "did you mean" not in shown and "command line" not in shown


@pytest.mark.parametrize(("word", "language"), [("language=zh", "zh"), ("language=both", "both"), ("name=x", "en")])
def test_the_language_reaches_the_job(word: str, language: str) -> None:
    with session():
        assert read_job("run", compose("run", [*TINY, word])).language == language
        with pytest.raises(InputErrors):
            read_job("run", compose("run", [*TINY, "language=fr"]))


def test_options_are_words_or_flags(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["language=zh"], ["--language", "zh"], ["--language=zh"]):
        assert qiangcun("report", "absent", *words, "outputs=elsewhere") == 2
        assert "文件夹不存在" in capsys.readouterr().err
