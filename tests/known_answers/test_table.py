"""The table of known answers names tests that exist, and every test of this folder is in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HELPERS = {
    "test_a_stream_shared_by_all_units_would_not_have_passed",
    "test_a_phase_more_or_less_moves_no_draw",
}
"""Tests of the tests, without a claim from outside."""


def rows() -> list[list[str]]:
    lines = (HERE / "README.md").read_text(encoding="utf-8").splitlines()
    table = [line.strip().strip("|").split("|") for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in table if row[0].strip() != "claim"]


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def named() -> list[tuple[str, str]]:
    return [tuple(word.split("::")) for row in rows() for word in re.findall(r"`(tests/\S+?::\w+)`", row[-1])]


def test_every_row_is_whole_and_names_a_test_that_exists():
    assert len(rows()) >= 45
    for row in rows():
        assert len(row) == 5 and all(row), row
        assert re.search(r"`tests/\S+::test_\w+`", row[-1]), row
    missing = [(path, name) for path, name in named() if name not in names_in(ROOT / path)]
    assert missing == []


def test_every_test_of_this_folder_stands_in_the_table():
    found = {name for path in HERE.glob("test_*.py") if path.name != "test_table.py" for name in names_in(path)}
    assert found - HELPERS - {name for _, name in named()} == set()
