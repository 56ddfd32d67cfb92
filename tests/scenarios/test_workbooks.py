"""Workbooks are data: stored values are read, nothing runs or is fetched, and what is broken or too large is told."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios import workbooks
from scenarios.sheets import read_sheets
from scenarios.tables import office_table
from scenarios.workbooks import letters_of, number_of

XLS = (Path(__file__).parent / "two_villages.xls").read_bytes()
"""As LibreOffice writes it: 代码, 村名, 经营性收入; two villages; 合计 as a formula with its value; a hidden sheet."""


def book(change: Callable[[openpyxl.Workbook], None] = lambda found: None) -> bytes:
    found = openpyxl.Workbook()
    found.active.append(["代码", "经营性收入"])
    found.active.append([511903001232, 4.57])
    change(found)
    content = io.BytesIO()
    found.save(content)
    return content.getvalue()


def altered(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part changed or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in {*old.namelist(), name}:
            part = old.read(each) if each in old.namelist() else b""
            new.writestr(each, change(part) if each == name else part)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def grid(tmp_path: Path, content: bytes, name: str = "t.xlsx") -> list[list[str]]:
    (tmp_path / name).write_bytes(content)
    sheets, problems = read_sheets(tmp_path / name)
    assert not problems
    return sheets[0].rows


def refused(tmp_path: Path, content: bytes) -> str:
    (tmp_path / "t.xlsx").write_bytes(content)
    sheets, problems = read_sheets(tmp_path / "t.xlsx")
    assert not sheets
    (problem,) = problems
    assert problem.zh
    return problem.en


def test_values_come_as_a_person_would_type_them(tmp_path: Path) -> None:
    assert grid(tmp_path, book()) == [["代码", "经营性收入"], ["511903001232", "4.57"]]


@pytest.mark.parametrize("name", ["t.xls", "t.et", "t.xlsx"])
def test_older_workbooks_and_those_of_wps_are_read_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    rows = grid(tmp_path, XLS, name)
    assert rows == [
        ["代码", "村名", "经营性收入"],
        ["511903001232", "团包垭村", "4.57"],
        ["511903001233", "五台山村", "3.34"],
        ["合计", "", "7.91"],
    ]


def test_a_formula_without_a_stored_value_and_one_that_failed_are_named_by_cell(tmp_path: Path) -> None:
    def change(found: openpyxl.Workbook) -> None:
        found.active.append(["511903001233", "=B2+1"])
        found.active.append(["511903001234", "#DIV/0!"])
        found.active.append(["511903001236", 3])

    rows = grid(tmp_path, book(change))
    assert [row[1] for row in rows[2:]] == ["=", "#DIV/0!", "3"]
    empty = re.compile(rb"<f>B2\+1</f><v ?/?>(</v>)?")
    stored = altered(book(change), SHEET, lambda xml: empty.sub(b"<f>B2+1</f><v>5.57</v>", xml))
    assert grid(tmp_path, stored)[2][1] == "5.57"
    text = altered(book(change), SHEET, lambda xml: xml.replace(b'<c r="B3"', b'<c r="B3" t="str"'))
    assert grid(tmp_path, text)[2] == ["511903001233", ""]


def test_hidden_sheets_macros_and_links_to_other_files_are_left_out_with_a_word(tmp_path: Path) -> None:
    def change(found: openpyxl.Workbook) -> None:
        found.create_sheet("旧").append(["x"])
        found["旧"].sheet_state = "hidden"

    content = altered(book(change), "xl/vbaProject.bin", lambda part: b"x")
    link = b'<externalLink r:id="rId1"/>'
    content = altered(content, "xl/externalLinks/externalLink1.xml", lambda part: link)
    (tmp_path / "t.xlsm").write_bytes(content)
    (sheet,), _ = read_sheets(tmp_path / "t.xlsm")
    told = "\n".join(en for _, en in sheet.remarks)
    for words in ("the hidden sheet “旧” is not read", "macros are neither read nor run", "no other file is opened"):
        assert words in told


@pytest.mark.parametrize(
    ("content", "english"),
    [
        (b"PK\x03\x04", "not a whole workbook"),
        (book()[:2000], "not a whole workbook"),
        (XLS[:3000], "not a whole workbook"),
        (workbooks.OLE + b"EncryptedPackage".join([b""] * 2) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (altered(book(), "xl/workbook.xml", lambda xml: b"<html>"), "not a whole workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b'\n<?xml version="1.0"?><Workbook/>', "web page"),
    ],
)
def test_broken_and_foreign_files_are_told(tmp_path: Path, content: bytes, english: str) -> None:
    assert english in refused(tmp_path, content)


def test_other_archives_are_told(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "save it as xlsx" in refused(tmp_path, made.getvalue())


def cell(address: str) -> Callable[[bytes], bytes]:
    more = f'<row r="9"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
    return lambda xml: xml.replace(b"</sheetData>", more)


@pytest.mark.parametrize("address", ["XFD1048576", "A1048576", "AMA1", "ZZZ9999999", "CV100000"])
def test_a_cell_far_away_is_told_before_room_is_made_for_all_before_it(tmp_path: Path, address: str) -> None:
    assert "too large" in refused(tmp_path, altered(book(), SHEET, cell(address)))


@pytest.mark.parametrize("address", ["A99999999999999999999", "ZZZZZZ1", "a1", "1", ""])
def test_addresses_that_are_none_do_no_harm(tmp_path: Path, address: str) -> None:
    (tmp_path / "t.xlsx").write_bytes(altered(book(), SHEET, cell(address)))
    _, problems = read_sheets(tmp_path / "t.xlsx")
    assert all(problem.en for problem in problems)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 1_000_000)
    bomb = altered(book(), "xl/sharedStrings.xml", lambda part: b" " * 2_000_000)
    assert len(bomb) < 20_000
    assert "too large" in refused(tmp_path, bomb)
    lies = bomb.replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lies != bomb
    (tmp_path / "t.xlsx").write_bytes(lies)
    read_sheets(tmp_path / "t.xlsx")  # in whatever words, and without its two million bytes


def test_a_reader_that_hangs_or_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LONGEST_S", 0.01)
    assert "not a whole workbook" in refused(tmp_path, book())
    monkeypatch.setattr(workbooks, "LONGEST_S", 60)
    dead = subprocess.CompletedProcess([], -6, b"", b"memory allocation failed")
    monkeypatch.setattr(workbooks.subprocess, "run", lambda *words, **more: dead)
    assert "not a whole workbook" in refused(tmp_path, book())


def test_several_sheets_that_could_be_the_table_are_asked_about(tmp_path: Path) -> None:
    from scenarios.columns import VILLAGE_HEADINGS

    def change(found: openpyxl.Workbook) -> None:
        found.create_sheet("说明").append(["填表说明"])
        for name in ("村", "村2"):
            for row in found.worksheets[0].iter_rows(values_only=True):
                (found[name] if name in found else found.create_sheet(name)).append(
                    [*row, "常住人口" if row[0] == "代码" else 1]
                )

    (tmp_path / "t.xlsx").write_bytes(book(change))
    sheets, _ = read_sheets(tmp_path / "t.xlsx")
    _, (problem,) = office_table(sheets, VILLAGE_HEADINGS)
    assert "several sheets" in problem.en
    assert problem.value == "t.xlsx 村 | t.xlsx 村2"
    assert office_table(sheets, VILLAGE_HEADINGS, "村2")[0].file == "t.xlsx 村2"

    def rename(found: openpyxl.Workbook) -> None:
        change(found)
        del found["村2"]

    (tmp_path / "t.xlsx").write_bytes(book(rename))
    table, problems = office_table(read_sheets(tmp_path / "t.xlsx")[0], VILLAGE_HEADINGS)
    assert not problems
    assert table.file == "t.xlsx 村"
    assert table.rows[0]["population"] == "1"


@given(st.integers(0, 20_000))
def test_letters_of_columns_go_both_ways(number: int) -> None:
    assert number_of(letters_of(number)) == number
    assert letters_of(0) == "A" and letters_of(26) == "AA" and letters_of(701) == "ZZ"


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["xlsx", "xls", "sheet"]), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=6)
)
def test_mutated_workbooks_are_told_or_read(
    tmp_path_factory: pytest.TempPathFactory, kind: str, changes: list[tuple[float, bytes]]
) -> None:
    def mutate(content: bytes) -> bytes:
        for place, more in changes:
            at = int(place * len(content))
            content = content[:at] + more + content[at + len(more) :]
        return content

    content = altered(book(), SHEET, mutate) if kind == "sheet" else mutate(XLS if kind == "xls" else book())
    path = tmp_path_factory.mktemp("mutated") / "t.xlsx"
    path.write_bytes(content)
    sheets, problems = read_sheets(path)
    assert sheets or problems
