"""A user's own village table: read, check, put in the order of the district's villages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from scenarios.cells import BY_NAME, ENDING, HABITS, Habits, clean_code, is_missing, parse_cell
from scenarios.columns import DEGREES_WORDS, NAMING_COLUMNS, VILLAGE_COLUMNS, VILLAGE_HEADINGS, Column, folded
from scenarios.errors import Problem, nearest
from scenarios.plausibility import Taken, option_of
from scenarios.sheets import Words
from scenarios.tables import LEFT_OUT, MOST_NAMED, Table, check_unique, read_table

FEW = 3
"""Cells, rows and columns that are named; of more the number is said."""
ENDINGS = re.compile(r"(村民委员会|村委会|社区居民委员会|居民委员会|居委会|社区|村)$")


@dataclass(frozen=True)
class Villages:
    """The villages that a table must hold, each `(V,)` in the order of their codes.

    Attributes:
        codes: official codes; none if the district itself could not be read.
        names: names.
        towns: names of their towns.
    """

    codes: Sequence[str] = ()
    names: Sequence[str] = ()
    towns: Sequence[str] = ()


@dataclass
class Understood:
    """What was understood of a table.

    Attributes:
        table: the table as text.
        values: number of values in each column that is used.
        habits: column to how its cells were read, to the lines of these cells.
    """

    table: Table
    values: dict[str, int] = field(default_factory=dict)
    habits: dict[str, dict[int, list[int]]] = field(default_factory=dict)

    def keep(self, column: str, line: int, habits: Habits) -> None:
        """Keep how a cell was read."""
        for habit in sorted(habits):
            self.habits.setdefault(column, {}).setdefault(habit, []).append(line)

    def columns(self) -> list[Words]:
        """A line for each column that is used: heading, what it stands for, unit, number of values."""
        told = []
        for name, number in self.values.items():
            column, heading, unit = VILLAGE_COLUMNS[name], self._heading(name), self.table.units.get(name, "")
            told.append((
                f"{heading} → {column.zh}（{unit or column.unit_zh}）：{number} 个值",
                f"{heading} → {column.en} ({unit or column.unit}): {number} values",
            ))  # fmt: skip
        return told

    def habits_told(self) -> list[Words]:
        """A line for each habit in a column, with its first cells; rows left out; what else is said."""
        told = []
        for name, habits in self.habits.items():
            for habit, lines in habits.items():
                zh, en = HABITS[habit]
                letters, few = self.table.letters.get(name, ""), lines[:FEW]
                cells = ", ".join(f"{letters}{line}" for line in few) + ("…" if len(lines) > FEW else "")
                words = ("格", "cells") if letters else ("行", "rows")
                told.append((f"{self._heading(name)}：{zh}（{len(lines)} {words[0]}：{cells}）",
                             f"{self._heading(name)}: {en} ({len(lines)} {words[1]}: {cells})"))  # fmt: skip
        for kind, lines in self.table.left_out.items():
            cells = ", ".join(map(str, lines[:FEW])) + ("…" if len(lines) > FEW else "")
            zh, en = LEFT_OUT[kind]
            told.append((f"没有读的行（{zh}）：{cells}", f"rows not read ({en}): {cells}"))
        return [*told, *self.table.remarks]

    def unused_told(self) -> list[Words]:
        """One line with the columns that are not used; none where all are."""
        names = "、".join(
            f"{heading or '—'}{f'（{letters}）' if letters else ''}" for letters, heading in self.table.unused
        )
        return [(f"没有用到的列：{names}", f"columns not used: {names}")] if names else []

    def _heading(self, name: str) -> str:
        return re.sub(r"\s+", "", self.table.headings.get(name, name))


def read_village_table(
    path: Path, villages: Villages, taken: Taken | None = None
) -> tuple[dict[str, np.ndarray], Understood, list[Problem]]:
    """Read a village table.

    The order of the rows does not matter. A column whose cells are all empty counts as absent, so that a
    template may be filled in part; a cell of which nothing is known is NaN.

    Args:
        path: a CSV file or a workbook.
        villages: the district's villages.
        taken: what the user says of the table's units, and what they are judged by.

    Returns:
        Column name to values `(V,)` in the order of the villages, what was understood, and what is wrong.
    """
    optional = (*NAMING_COLUMNS, *VILLAGE_COLUMNS)
    table, problems = read_table(path, (), optional, headings=VILLAGE_HEADINGS)
    understood = Understood(table)
    if table.columns and not {"code", "name"} & set(table.columns):
        allowed = ", ".join(NAMING_COLUMNS)
        problems.insert(0, Problem("缺少这一列", "column is missing", file=table.file, field="code", allowed=allowed))
    if not table.rows:
        return {}, understood, problems
    filled = [name for name, column in VILLAGE_COLUMNS.items()
              if any(not is_missing(row.get(name, ""), column) for row in table.rows)]  # fmt: skip
    if not filled:
        allowed = ", ".join(VILLAGE_COLUMNS)
        problems.append(Problem("没有填写任何数据列", "no column has values", file=table.file, row=1, allowed=allowed))
    if {"code", "name"} & set(table.columns) and villages.codes:
        find_codes(understood, villages)
        problems += check_villages(understood, villages)
    values, wrong = read_columns(understood, filled, taken or Taken())
    problems += wrong + check_registered(table, values)
    if problems or not villages.codes:
        return {}, understood, problems
    row_of = {row["code"]: number for number, row in enumerate(table.rows)}
    order = np.array([row_of[code] for code in villages.codes])
    return {name: column[order] for name, column in values.items()}, understood, []


def find_codes(understood: Understood, villages: Villages) -> None:
    """Give each row the code of its village: cleaned or, where it is lost, by the name in its town."""
    known = set(villages.codes)
    bearers: dict[tuple[str, str], list[str]] = {}
    for code, name, town in zip(villages.codes, villages.names, villages.towns, strict=True):
        for key in ((stem(name, town), folded(town)), (stem(name, town), "")):
            bearers.setdefault(key, []).append(code)
    town = ""
    for row, line in zip(understood.table.rows, understood.table.lines, strict=True):
        code, habits = clean_code(row.get("code", ""))
        town = row.get("town") or town  # merged over the villages of a town
        is_lost = code not in known and (not code or "E+" in code.upper())
        found = bearers.get((stem(row.get("name", ""), town), folded(town)), []) if is_lost and row.get("name") else []
        if len(found) == 1:
            code, habits = found[0], {BY_NAME}
        row["code"] = code
        understood.keep("code" if "code" in understood.table.headings else "name", line, habits)


def stem(name: str, town: str) -> str:
    """The name of a village without its town and without endings such as 村委会."""
    text = folded(name)
    text = text.removeprefix(folded(town)) or text
    while ENDINGS.sub("", text) not in ("", text):
        text = ENDINGS.sub("", text)
    return text


def check_villages(understood: Understood, villages: Villages) -> list[Problem]:
    """Every village of the district once and no other; where names stand, they fit their codes."""
    table = understood.table
    problems = check_unique(table, "code", "村重复", "village stands twice")
    name_of = dict(zip(villages.codes, villages.names, strict=True))
    town_of = dict(zip(villages.codes, villages.towns, strict=True))
    bearers = Counter(villages.names)
    for row, line in zip(table.rows, table.lines, strict=True):
        code, name = row["code"], row.get("name", "")
        if code not in name_of:
            problems.append(unknown_village(table, row, line, villages, bearers, len(problems) < MOST_NAMED))
        elif name and stem(name, town_of[code]) != stem(name_of[code], town_of[code]):
            zh, en = "村名与代码不符(行可能错位)", "name does not belong to the code (rows may have slipped)"
            problems.append(Problem(zh, en, value=name, allowed=name_of[code], **table.place(line, "name")))
        elif name and name != name_of[code]:
            understood.keep("name", line, {ENDING})
    found = {row["code"] for row in table.rows}
    absent = [code for code in villages.codes if code not in found]
    if absent:
        shown = ", ".join(absent[:5]) + ("…" if len(absent) > 5 else "")
        zh, en = f"缺少 {len(absent)} 个村", f"villages absent: {len(absent)}"
        problems.append(Problem(zh, en, file=table.file, field="code", value=shown, allowed=f"{len(villages.codes)}"))
    return problems


def unknown_village(
    table: Table, row: dict[str, str], line: int, villages: Villages, bearers: Counter[str], looks: bool
) -> Problem:
    """A code that no village has, or a name where codes are missing; with the village that is meant, if one is."""
    code, name = row["code"], row.get("name", "")
    zh, en = "没有这个村代码", "no such village code"
    if not code:
        zh, en = "没有这个村，或几个村同名而没有写明镇", "no such village, or several of this name and no town"
        near = nearest(name, villages.names) if looks else ""
        return Problem(zh, en, value=name, nearest=near, **table.place(line, "name"))
    if "E+" in code.upper():
        zh += "(表格软件把代码改成了科学记数;请把这一列设为文本)"
        en += " (the spreadsheet turned codes into powers of ten; format the column as text)"
    # a name that only one village bears says better than digits which one is meant
    near = villages.codes[list(villages.names).index(name)] if bearers[name] == 1 else ""
    near = near or (nearest(code, villages.codes) if looks else "")  # the search takes its time
    near = f"{near} {villages.names[list(villages.codes).index(near)]}" if near else ""
    return Problem(zh, en, value=code, nearest=near, **table.place(line, "code"))


def read_columns(
    understood: Understood, filled: Sequence[str], taken: Taken
) -> tuple[dict[str, np.ndarray], list[Problem]]:
    """Values of the filled columns in the model's units and in the order of the rows, and what is wrong with them."""
    table = understood.table
    wrong = taken.check(list(filled)) or check_units(table, filled)
    values: dict[str, np.ndarray] = {}
    for name in () if wrong else filled:
        column, unit = VILLAGE_COLUMNS[name], table.units.get(name, "")
        values[name], found = taken.read(column, partial(read_column, understood), unit)
        if unit and option_of(column) not in taken.said and (column.units[unit] != 1 or unit in DEGREES_WORDS):
            zh, en = f"单位为{unit}，已换算为{column.unit_zh}", f"in {unit}, converted into {column.unit}"
            heading = table.headings[name]
            table.remarks.append((f"{heading}：{zh}", f"{heading}: {en}"))
        understood.values[name] = int(np.isfinite(values[name]).sum())
        wrong += found
    wrong += taken.ask_positions(values, table.units)
    return values, [problem if problem.file else replace(problem, file=table.file) for problem in wrong]


def check_units(table: Table, filled: Sequence[str]) -> list[Problem]:
    """Units in the head in which a column can't be."""
    return [
        Problem("表头的单位不适用于这一列", "the head names a unit that this column can't be in", file=table.file,
                field=name, value=table.headings[name], allowed=", ".join(filter(None, VILLAGE_COLUMNS[name].units)))
        for name in filled
        if (unit := table.units.get(name, "")) and unit not in VILLAGE_COLUMNS[name].units
    ]  # fmt: skip


def read_column(understood: Understood, column: Column) -> tuple[np.ndarray, list[Problem]]:
    """Values of one column in the order of the file's rows, shape `(rows,)`, and what is wrong with them."""
    table = understood.table
    values = np.full(len(table.rows), np.nan)
    problems: list[Problem] = []
    understood.habits.pop(column.name, None)
    blank: list[int] = []
    for number, (row, line) in enumerate(zip(table.rows, table.lines, strict=True)):
        place = table.place(line, column.name)
        values[number], habits, problem = parse_cell(row[column.name], column, place, len(problems) < MOST_NAMED)
        understood.keep(column.name, line, habits)
        problems += [problem] if problem else []
        blank += [] if row[column.name] else [number]
    problems += ask_column(table, column, values, blank)
    is_whole = column.kind in ("yes_no", "industry") and not problems and np.isfinite(values).all()
    return (values.astype(np.int64) if is_whole else values), problems


def ask_column(table: Table, column: Column, values: np.ndarray, blank: Sequence[int]) -> list[Problem]:
    """Questions that only the column as a whole raises: whether blanks mean no, whether shares are percentages."""
    there = values[np.isfinite(values)]
    where: dict[str, str] = {"file": table.file, "field": column.name}
    if column.kind == "yes_no" and blank and len(there) and (there == 1).all():
        zh = "只有打勾的格，空格是“否”还是不知道？“否”请填 0 或 ×，不知道请填 -"
        en = "only yes is filled in: do blanks mean no or unknown? write 0 or × for no, - for unknown"
        return [Problem(zh, en, value=f"{len(blank)} / {len(values)}", **where)]
    if column.table_unit == "%" and len(there) and 0 < there.max() <= 1:
        zh = "表头写 %，各值却都不超过 1：是百分数请写作 80 或 80%，是比值请去掉表头的 %"
        en = "the head says %, but no value is above 1: write 80 or 80%, or take the % from the head"
        return [Problem(zh, en, value=f"≤ {there.max():g}", **where)]
    return []


def check_registered(table: Table, values: dict[str, np.ndarray]) -> list[Problem]:
    """Registered people are at least the residents: the model counts who is away as the difference."""
    if not {"population", "registered_population"} <= values.keys():
        return []
    registered, resident = values["registered_population"], values["population"]
    zh, en = "户籍人口不能少于常住人口", "registered population can not be below the resident population"
    return [
        Problem(zh, en, value=f"{registered[number]:.12g}", allowed=f"≥ {resident[number]:.12g}",
                **table.place(table.lines[number], "registered_population"))
        for number in np.flatnonzero(registered < resident)
    ]  # fmt: skip
