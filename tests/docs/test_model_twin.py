"""The description of the model says the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PAGES = [(DOCS / name).read_text(encoding="utf-8") for name in ("model.md", "model.zh.md")]


def levels(page: str) -> list[int]:
    """Levels of the headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", BLOCK.sub("", page), re.MULTILINE)]


def sections(page: str) -> list[str]:
    """Text of each section, with its heading."""
    return re.split(r"^(?=#+ )", page, flags=re.MULTILINE)[1:]


def names(equation: str) -> set[str]:
    """Names with an underscore, which no language has as words."""
    return set(re.findall(r"[a-z]+(?:_[a-z0-9]+)+", equation))


def quoted(section: str) -> set[str]:
    """What stands in code type outside code blocks; of equations, the names in them."""
    found = re.findall(r"`([^`]+)`", BLOCK.sub("", section))
    return {name for code in found for name in (names(code) if " · " in code or " − " in code else {code})}


def blocks(section: str) -> list[tuple[set[str], list[str]]]:
    """Names and numbers of each code block; its words are translated."""
    return [(names(block), re.findall(r"\d+(?:\.\d+)?", block)) for block in BLOCK.findall(section)]


def rows(section: str) -> list[int]:
    """Number of cells of each row of tables."""
    return [line.count("|") for line in section.splitlines() if line.startswith("|")]


def figures(section: str) -> set[str]:
    """Equations and numbers with a decimal point."""
    return set(re.findall(r"EQ-\d\d\w?|\d*\.\d+", section))


def test_both_pages_have_the_same_headings_in_level() -> None:
    assert levels(PAGES[0]) == levels(PAGES[1])


@pytest.mark.parametrize("kept", [quoted, blocks, rows, figures])
def test_sections_keep_what_is_not_language(kept: Callable[[str], object]) -> None:
    english, chinese = map(sections, PAGES)
    assert len(english) == len(chinese)
    wrong = {a.splitlines()[0]: (kept(a), kept(b)) for a, b in zip(english, chinese, strict=True) if kept(a) != kept(b)}
    assert not wrong
