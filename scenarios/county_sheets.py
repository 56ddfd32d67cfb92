"""The sheets of a county, from a workbook or a folder of CSV and YAML, as rows of checked values."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scenarios.cells import parse_number
from scenarios.columns import VILLAGE_COLUMNS, VILLAGE_HEADINGS, folded
from scenarios.county_lines import COUNTY, LONGEST, SHEETS, VILLAGES, Line, SheetLines
from scenarios.csv_files import unguarded
from scenarios.errors import Problem, nearest
from scenarios.sheets import Sheet, read_sheets
from scenarios.tables import TOTAL
from scenarios.yaml_data import read_yaml
from sim.problems import UNSEEN

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
TICKS = {**dict.fromkeys(("√", "✓", "✔", "1", "是", "yes", "y", "x", "true"), True),
         **dict.fromkeys(("", "×", "0", "否", "no", "n", "false"), False)}  # fmt: skip


@dataclass
class CountyTable:
    """A sheet with its columns known.

    Attributes:
        sheet: the sheet.
        columns: number of each column by name.
        rows: one mapping from name to value a row: what is empty or wrong is None, village columns are text.
        lines: line of each row.
    """

    sheet: Sheet
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def place(self, number: int, name: str) -> dict[str, Any]:
        """Where a cell of row `number` stands, as a `Problem` says it."""
        column = self.columns.get(name)
        letters = "" if column is None else self.sheet.letters(column)
        heading = name if column is None else self.sheet.rows[0][column]
        return {"file": self.sheet.file, "row": self.lines[number], "column": letters, "field": heading}

    def given(self, name: str) -> bool:
        """Whether any row has a value in a column."""
        return any(row.get(name) not in (None, "") for row in self.rows)


def is_folder_of_a_county(folder: Path) -> bool:
    """Whether a folder holds a county as sheets."""
    return any(file_in(folder, sheet) is not None for sheet in SHEETS if sheet.name in ("county", "villages"))


def file_in(folder: Path, sheet: SheetLines) -> Path | None:
    """The file of a sheet in a folder."""
    suffix = "yaml" if sheet is COUNTY else "csv"
    paths = (folder / f"{name}.{suffix}" for name in (sheet.zh, sheet.en))
    return next((path for path in paths if path.is_file()), None)


def read_county_sheets(place: Path) -> tuple[dict[str, CountyTable], list[Problem]]:
    """The tables of a county by name of the sheet, and what is wrong with them."""
    sheets, problems = read_folder(place) if place.is_dir() else read_sheets(place)
    tables: dict[str, CountyTable] = {}
    for declared in SHEETS:
        for sheet in (item for item in sheets if item.name in (declared.zh, declared.en, declared.name)):
            if declared.name in tables:
                problems.append(Problem("工作表重复", "sheet stands twice", file=sheet.file))
            elif sheet.rows:
                tables[declared.name], found = read_lines(sheet, declared)
                problems += found
    if not tables and not problems:
        zh, en = (
            "没有“县情”“村”等工作表；用 qiangcun init-county 生成",
            "has none of the sheets that init-county writes",
        )
        names = ", ".join(f"{sheet.zh}/{sheet.en}" for sheet in SHEETS)
        problems.append(Problem(zh, en, file=place.name, allowed=names))
    return tables, problems


def as_text(cell: Any) -> str:
    """A stored value as a person would type it."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and math.isfinite(cell) and cell == int(cell):
        return str(int(cell))
    return str(cell)


def read_folder(folder: Path) -> tuple[list[Sheet], list[Problem]]:
    """The files of a folder as sheets."""
    sheets, problems = [], []
    for declared in SHEETS:
        path = file_in(folder, declared)
        if path is None:
            continue
        if path.suffix == ".yaml":
            sheet = Sheet(path.name)
            data, found = read_yaml(path)
            sheet.add([COUNTY.columns[0].zh, COUNTY.columns[1].zh], 0)
            for key, value in data.tree.items():
                sheet.add([str(key), "" if value is None else as_text(value)], data.lines[key,])
            sheets.append(replace(sheet, name=declared.zh))
        else:
            read, found = read_sheets(path)
            sheets += [replace(sheet, name=declared.zh) for sheet in read]
        problems += found
    return sheets, problems


def bare(heading: str) -> str:
    """A heading without what stands behind it in brackets, in small letters."""
    return re.sub(r"[（(](?!街道).*$", "", heading.replace("（街道）", "(街道)")).strip(" *").lower()


def known(text: str, lines: tuple[Line, ...]) -> Line | None:
    """The line or column that a label stands for."""
    return next((line for line in lines if bare(text) in (bare(line.zh), line.en.lower(), line.name)), None)


def read_lines(sheet: Sheet, declared: SheetLines) -> tuple[CountyTable, list[Problem]]:
    """The values of a sheet below its head; rows in which nothing stands, and totals of villages, are left out."""
    table, problems = CountyTable(sheet), []
    for column, heading in enumerate(sheet.rows[0]):
        line = known(heading, declared.columns)
        if line is None and declared is VILLAGES:  # other words for it, as in a table of villages
            line = known(VILLAGE_HEADINGS.read(heading)[0], declared.columns)
        place = {"file": sheet.file, "row": sheet.lines[0], "column": sheet.letters(column)}
        if heading and line is None:
            near = nearest(heading, [item.zh for item in declared.columns])
            problems.append(Problem("没有这个列名", "no such column", **place, value=heading, nearest=near))
        elif line is not None and line.name in table.columns:
            problems.append(Problem("列重复", "column stands twice", **place, value=heading))
        elif line is not None:
            table.columns[line.name] = column
    absent = [line.zh for line in declared.columns if line.is_needed and line.name not in table.columns]
    zh, en = "缺少这一列", "column is missing"
    problems += [Problem(zh, en, file=sheet.file, row=sheet.lines[0], field=name) for name in absent]
    if absent:
        return table, problems
    read = [line for line in declared.columns if line.kind != "shown" and line.name in table.columns]
    for cells, at in zip(sheet.rows[1:], sheet.lines[1:], strict=True):
        texts = {
            line.name: unguarded(cells[table.columns[line.name]]) if table.columns[line.name] < len(cells) else ""
            for line in read
        }
        is_total = declared is VILLAGES and any(TOTAL.fullmatch(folded(texts.get(key, ""))) for key in ("town", "name"))
        if is_total or not any(texts.values()):
            continue
        table.lines.append(at)
        values: dict[str, Any] = {}
        for line in read:
            values[line.name], problem = parse(texts[line.name], line, table.place(len(table.lines) - 1, line.name))
            problems += [problem] if problem else []
        table.rows.append(values)
    return table, problems


def parse(text: str, line: Line, place: Mapping[str, Any]) -> tuple[Any, Problem | None]:
    """The value of a cell, None where it is empty or wrong, and what is wrong with it."""
    words = {"value": text, "allowed": line.allowed(), **place}
    if not text:
        return None, Problem("单元格为空", "cell is empty", **place) if line.is_needed else None
    if UNSEEN.search(text) or len(text) > LONGEST * 5:
        return None, Problem(
            "含有看不见的字符，或太长", "holds characters that can not be seen, or is too long", **words
        )
    if line.name in VILLAGE_COLUMNS or line.kind == "text":
        return text, None
    if line.kind == "code":
        right = re.fullmatch(r"[0-9A-Za-z]{1,20}", text)
        zh, en = "代码应为数字或字母；请把这一列设为文本", "a code must be digits or letters; format the column as text"
        return (text, None) if right else (None, Problem(zh, en, **words))
    if line.kind == "tick":
        zh, en = "应打√或留空", "must be ticked (√) or empty"
        return (TICKS[text.lower()], None) if text.lower() in TICKS else (None, Problem(zh, en, **words))
    if line.kind == "choice":
        chosen = next((name for name, label in line.choices.items() if text in (name, label)), None)
        near = nearest(text, list(line.choices.values()))
        return chosen, None if chosen else Problem("没有这个选项", "no such option", **words, nearest=near)
    number, problem = parse_number(text, line.low, line.high, dict(place), line.allowed())
    if problem is None and line.kind == "whole" and number != int(number):
        problem = Problem("应为整数", "must be a whole number", **words)
    return (None if problem else number), problem
