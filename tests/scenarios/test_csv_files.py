"""No cell of a CSV file is taken for a formula, and numbers stay numbers."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.csv_files import csv_text, guarded, unguarded, write_csv

ROOT = Path(__file__).parents[2]
PACKAGES = ("sim", "scenarios", "experiments", "analysis", "conf")
WRITERS = {"to_csv", "writer", "DictWriter"}
HOSTILE = (
    "=1+1", "-2+3", "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u3000=1", "\u200b=1", "＝1+1",  # noqa: RUF001
    "－1+2", "＋1+2", "＠A1", '=HYPERLINK("x")', "\n=1", "\ufeff@A1",  # noqa: RUF001
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["-2", "+3", "-1.5", "-1e-3", "existing", "a-b", "1=1", "", "'quoted'", "– 现有"])
def test_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@given(st.text(max_size=12))
def test_what_is_written_can_be_read_again_and_guarding_twice_changes_nothing(text: str) -> None:
    assert guarded(guarded(text)) == guarded(text)
    if not text.startswith("'"):
        assert unguarded(guarded(text)) == text


def test_cells_and_headings_are_guarded_and_missing_values_are_empty(tmp_path: Path) -> None:
    rows = [["=1+1", -2.5, np.float64("nan"), None, True, np.int64(-3), np.float32(0.1)]]
    write_csv(tmp_path / "t.csv", ["@a", "b", "c", "d", "e", "f", "g"], rows)
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8-sig")))
    assert header[0] == "'@a"
    assert row == ["'=1+1", "-2.5", "", "", "True", "-3", "0.1"]
    with pytest.raises(FileExistsError):
        write_csv(tmp_path / "t.csv", ["a"], [], is_new=True)
    assert csv_text(["a"], [['"x",\n']]) == 'a\n"""x"",\n"\n'


def test_nothing_else_writes_csv() -> None:
    """Every CSV file goes through the one writer."""
    found = {
        f"{path.relative_to(ROOT).as_posix()}: {node.attr}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (node.attr == "to_csv" or (node.attr in WRITERS and getattr(node.value, "id", "") == "csv"))
    }
    assert found == {"scenarios/csv_files.py: writer"}


@pytest.mark.parametrize("name", [".t.csv.tmp", "t.csv"])
def test_a_link_that_lies_there_already_leads_no_table_elsewhere(tmp_path: Path, name: str) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious", encoding="utf-8")
    (tmp_path / name).symlink_to(precious)
    write_csv(tmp_path / "t.csv", ["a"], [[1]])
    assert precious.read_text(encoding="utf-8") == "precious"
    assert not (tmp_path / "t.csv").is_symlink()
    (tmp_path / "new.csv").symlink_to(tmp_path / "nothing")
    with pytest.raises(FileExistsError):
        write_csv(tmp_path / "new.csv", ["a"], [[1]], is_new=True)
    assert not (tmp_path / "nothing").exists()
