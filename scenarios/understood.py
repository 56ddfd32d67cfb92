"""What is understood of a table: its columns as numbers, and how its cells were read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from scenarios.cells import HABITS, Habits, is_missing, parse_cell
from scenarios.columns import DEGREES_WORDS, Column
from scenarios.errors import Problem
from scenarios.plausibility import Taken, option_of
from scenarios.sheets import Words
from scenarios.tables import LEFT_OUT, MOST_NAMED, Table
from sim.problems import shown

FEW = 3
"""Cells and rows that are named; of more the number is said."""
LETTERS = 40
"""Letters of a heading that are told."""


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
            column, heading, unit = self.table.kinds[name], self.heading(name), self.table.units.get(name, "")
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
                told.append((f"{self.heading(name)}：{zh}（{len(lines)} {words[0]}：{cells}）",
                             f"{self.heading(name)}: {en} ({len(lines)} {words[1]}: {cells})"))  # fmt: skip
        for kind, lines in self.table.left_out.items():
            cells = ", ".join(map(str, lines[:FEW])) + ("…" if len(lines) > FEW else "")
            zh, en = LEFT_OUT[kind]
            told.append((f"没有读的行（{zh}）：{cells}", f"rows not read ({en}): {cells}"))
        return [*told, *self.table.remarks]

    def unused_told(self) -> list[Words]:
        """One line with the columns that are not used; none where all are."""
        named = [f"{shown(text, LETTERS)}{f'（{letters}）' if letters else ''}" for letters, text in self.table.unused]
        names = "、".join(named[:MOST_NAMED]) + ("…" if len(named) > MOST_NAMED else "")
        return [(f"没有用到的列：{names}", f"columns not used: {names}")] if names else []

    def heading(self, name: str) -> str:
        """The heading of a column as it may be printed."""
        return shown(re.sub(r"\s+", "", self.table.headings.get(name, name)), LETTERS)


def read_columns(understood: Understood, taken: Taken) -> tuple[dict[str, np.ndarray], list[Problem]]:
    """The columns in which anything stands.

    Args:
        understood: the table; how it is read is added.
        taken: what the user says of its units.

    Returns:
        By name the values `(rows,)` in the units of the declared columns, NaN where nothing is known; what is wrong.
    """
    table = understood.table
    filled = [name for name, column in table.kinds.items()
              if any(not is_missing(row.get(name, ""), column) for row in table.rows)]  # fmt: skip
    wrong = taken.check(filled) or check_units(table, filled)
    values: dict[str, np.ndarray] = {}
    for name in () if wrong else filled:
        column, unit = table.kinds[name], table.units[name]
        values[name], found = taken.read(column, partial(read_column, understood), unit)
        understood.values[name] = int(np.isfinite(values[name]).sum())
        wrong += found
        if unit and option_of(column) not in taken.said and (column.units[unit] != 1 or unit in DEGREES_WORDS):
            zh, en = f"单位为{unit}，已换算为{column.unit_zh}", f"in {unit}, converted into {column.unit}"
            heading = understood.heading(name)
            table.remarks.append((f"{heading}：{zh}", f"{heading}: {en}"))
    if not filled:
        allowed = ", ".join(table.kinds)
        wrong.append(Problem("没有填写任何数据列", "no column has values", row=1, allowed=allowed))
    wrong += taken.ask_positions(values, table.units)
    return values, [problem if problem.file else replace(problem, file=table.file) for problem in wrong]


def check_units(table: Table, filled: Sequence[str]) -> list[Problem]:
    """Units in the head in which a column can't be."""
    zh, en = "表头的单位不适用于这一列", "the head names a unit that this column can't be in"
    wrong = [name for name in filled if table.units[name] and table.units[name] not in table.kinds[name].units]
    return [
        Problem(zh, en, field=name, value=table.headings[name], allowed=", ".join(table.kinds[name].units).strip(", "))
        for name in wrong
    ]


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
