"""A user's own village table: read, check, put in the order of the district's villages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.columns import INDUSTRIES, VILLAGE_COLUMNS, VillageColumn, column_of_heading
from scenarios.errors import Problem, nearest
from scenarios.plausibility import Taken
from scenarios.tables import MOST_NAMED, Table, check_unique, parse_number, read_table


def read_village_table(
    path: Path, codes: Sequence[str], names: Sequence[str], taken: Taken | None = None
) -> tuple[dict[str, np.ndarray], list[Problem]]:
    """Read a village table.

    The order of the rows does not matter. A column whose cells are all empty counts as absent, so that a
    template may be filled in part.

    Args:
        path: the CSV file.
        codes: codes of the district's villages, length `V`; empty if the district itself could not be read.
        names: their names, length `V`.
        taken: what the user says of the table's units, and what they are judged by.

    Returns:
        Column name to values `(V,)` in the order of `codes`, and what is wrong.
    """
    optional = ("name", "town", *VILLAGE_COLUMNS)
    table, problems = read_table(path, ("code",), optional, column_of_heading)
    filled = [name for name in VILLAGE_COLUMNS if any(row.get(name) for row in table.rows)]
    if table.rows and not filled:
        allowed = ", ".join(VILLAGE_COLUMNS)
        problems.append(Problem("没有填写任何数据列", "no column has values", file=table.file, row=1, allowed=allowed))
    if not table.rows:
        return {}, problems
    if "code" in table.columns and codes:
        problems += check_villages(table, codes, names)
    taken = taken or Taken()
    wrong = taken.check(filled)
    values: dict[str, np.ndarray] = {}
    for name in () if wrong else filled:
        values[name], found = taken.read(VILLAGE_COLUMNS[name], partial(read_column, table))
        wrong += found
    wrong += taken.ask_positions(values)
    problems += [problem if problem.file else replace(problem, file=table.file) for problem in wrong]
    problems += check_registered(table, values)
    if problems or not codes:
        return {}, problems
    row_of = {row["code"]: number for number, row in enumerate(table.rows)}
    order = np.array([row_of[code] for code in codes])
    return {name: column[order] for name, column in values.items()}, []


def check_villages(table: Table, codes: Sequence[str], names: Sequence[str]) -> list[Problem]:
    """Every village of the district once and no other; where names stand, they fit their codes."""
    problems = check_unique(table, "code", "村重复", "village stands twice")
    name_of = dict(zip(codes, names, strict=True))
    for row, line in zip(table.rows, table.lines, strict=True):
        code, name = row["code"], row.get("name", "")
        place: dict[str, Any] = {"file": table.file, "row": line}
        if code not in name_of:
            zh, en = "没有这个村代码", "no such village code"
            if "E+" in code.upper():
                zh += "(表格软件把代码改成了科学记数;请把这一列设为文本)"
                en += " (the spreadsheet turned codes into powers of ten; format the column as text)"
            # a name that only one village bears says better than digits which one is meant
            same_name = [known for known in codes if name and name_of[known] == name]
            looked_for = len(problems) < MOST_NAMED  # the search takes its time
            near = same_name[0] if len(same_name) == 1 else nearest(code, codes) if looked_for else ""
            near = f"{near} {name_of[near]}" if near else ""
            problems.append(Problem(zh, en, field="code", value=code, nearest=near, **place))
        elif name and name != name_of[code]:
            problems.append(
                Problem(
                    "村名与代码不符(行可能错位)",
                    "name does not belong to the code (rows may have slipped)",
                    field="name",
                    value=name,
                    allowed=name_of[code],
                    **place,
                )
            )
    found = {row["code"] for row in table.rows}
    absent = [code for code in codes if code not in found]
    if absent:
        shown = ", ".join(absent[:5]) + ("…" if len(absent) > 5 else "")
        problems.append(
            Problem(
                f"缺少 {len(absent)} 个村",
                f"villages absent: {len(absent)}",
                file=table.file,
                field="code",
                value=shown,
                allowed=f"{len(codes)}",
            )
        )
    return problems


def read_column(table: Table, column: VillageColumn) -> tuple[np.ndarray, list[Problem]]:
    """Values of one column in the order of the file's rows, shape `(rows,)`, and what is wrong with them."""
    values = np.full(len(table.rows), np.nan)
    problems: list[Problem] = []
    for number, (row, line) in enumerate(zip(table.rows, table.lines, strict=True)):
        place: dict[str, Any] = {"file": table.file, "row": line, "field": column.name}
        values[number], problem = parse_cell(row[column.name], column, place, len(problems) < MOST_NAMED)
        if problem is not None:
            problems.append(problem)
    if column.kind != "number" and not problems:
        return values.astype(np.int64), problems
    return values, problems


def parse_cell(
    text: str, column: VillageColumn, place: dict[str, Any], looks: bool = True
) -> tuple[float, Problem | None]:
    """The number that a cell stands for, and what is wrong with it, with the nearest right value if it `looks`."""
    if column.kind == "industry" and text:
        options = [*INDUSTRIES, *INDUSTRIES.values()]
        if text in options:
            return float(options.index(text) % len(INDUSTRIES)), None
        near = nearest(text, options) if looks else ""
        words: dict[str, Any] = {"value": text, "allowed": column.allowed(), "nearest": near}
        return np.nan, Problem("没有这个产业", "no such industry", **words, **place)
    number, problem = parse_number(text, column.low, column.high, place, column.allowed(), column.is_money)
    if problem is None and column.kind == "yes_no" and number not in (0, 1):
        words = {"value": text, "allowed": column.allowed()}
        return np.nan, Problem("只能是 0 或 1", "must be 0 or 1", **words, **place)
    return number, problem


def check_registered(table: Table, values: dict[str, np.ndarray]) -> list[Problem]:
    """Registered people are at least the residents: the model counts who is away as the difference."""
    if not {"population", "registered_population"} <= values.keys():
        return []
    registered, resident = values["registered_population"], values["population"]
    return [
        Problem(
            "户籍人口不能少于常住人口",
            "registered population can not be below the resident population",
            file=table.file,
            row=table.lines[number],
            field="registered_population",
            value=f"{registered[number]:.12g}",
            allowed=f"≥ {resident[number]:.12g}",
        )
        for number in np.flatnonzero(registered < resident)
    ]
