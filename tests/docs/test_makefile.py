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
