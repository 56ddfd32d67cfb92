"""The Makefile: its head tells every target, and what `make check` runs is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
UNTOLD = {"clean"}


def words_of(name: str) -> list[str]:
    """Value of a variable, lines that go on joined."""
    found = re.search(rf"^{name} = ((?:.*\\\n)*.*)$", MAKEFILE, flags=re.MULTILINE)
    return found.group(1).replace("\\\n", " ").split()


def test_the_head_tells_every_target() -> None:
    head = MAKEFILE.split("\n\n")[0]
    targets = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE).group(1).split())
    assert targets - UNTOLD == set(re.findall(r"\bmake ([a-z-]+)", head))
    assert targets == set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))


def test_what_check_runs_exists() -> None:
    for item in (*words_of("CHECK"), *words_of("TAKES_LONG")):
        file, _, test = item.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in text, item


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_readmes_name_the_loop_of_a_newcomer(page: str) -> None:
    assert "make check" in (ROOT / page).read_text(encoding="utf-8")


def recipe(target: str) -> str:
    """What a target runs."""
    return re.search(rf"^{target}:.*\n((?:\t.*\n)*)", MAKEFILE, flags=re.MULTILINE).group(1)


def test_every_test_is_in_one_tier_and_each_tier_has_a_target() -> None:
    marks = {"": "test", "thorough": "test-thorough", "slow": "test-slow", "thorough slow": "test-slow"}
    for marked, wanted in marks.items():
        known = {name: name in marked.split() for name in ("thorough", "slow")}
        chosen = {target: re.search(r'-m ("[^"]+"|\w+)', recipe(target)).group(1).strip('"')
                  for target in ("test", "test-thorough", "test-slow")}  # fmt: skip
        assert [target for target, words in chosen.items() if eval(words, {}, known)] == [wanted]  # noqa: S307 (our own)
    assert re.search(r"^test-all: test test-thorough$", MAKEFILE, flags=re.MULTILINE)


def test_what_is_checked_before_a_change_is_taken_begins_with_the_tests_of_the_readme() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    commands = [line.partition(" #")[0].strip() for line in lines if not line.startswith(("#", "set ", "cd "))]
    assert commands[:2] == ["make test", "make test-thorough"]
    for page in ("README.md", "README.zh.md"):
        assert re.search(r"^make test\b", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
