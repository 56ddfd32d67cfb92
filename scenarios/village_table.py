"""A user's own village table: read, check, put in the order of the district's villages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenarios.cells import BY_NAME, ENDING, clean_code
from scenarios.columns import NAMING_COLUMNS, VILLAGE_HEADINGS, folded
from scenarios.errors import Problem, nearest
from scenarios.plausibility import Taken
from scenarios.sheets import read_sheets
from scenarios.tables import MOST_NAMED, Table, check_unique, office_table
from scenarios.understood import Understood, read_columns

SHEET = "村"
"""The sheet of a workbook in which villages stand, if there are several."""
ENDINGS = re.compile(r"(村民委员会|村委会|社区居民委员会|居民委员会|居委会|社区|村)$")


@dataclass(frozen=True)
class Villages:
    """The villages that a table must hold, each `(V,)` in the order of their codes.

    Attributes:
        codes: official codes; none if the district itself could not be read.
        names: names.
        towns: names of their towns.
        others: codes of what is no village and may stand in the table as well: communities.
    """

    codes: Sequence[str] = ()
    names: Sequence[str] = ()
    towns: Sequence[str] = ()
    others: frozenset[str] = frozenset()


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
    sheets, problems = read_sheets(path)
    if problems:
        return {}, Understood(Table(path.name)), problems
    table, problems = office_table(sheets, VILLAGE_HEADINGS, SHEET)
    understood = Understood(table)
    if table.columns and not {"code", "name"} & set(table.columns):
        allowed = ", ".join(NAMING_COLUMNS)
        problems.insert(0, Problem("缺少这一列", "column is missing", file=table.file, field="code", allowed=allowed))
    if not table.rows:
        return {}, understood, problems
    is_named = {"code", "name"} & set(table.columns) and villages.codes
    if is_named:
        find_codes(understood, villages)
    values, wrong = read_columns(understood, taken or Taken())
    problems += wrong + check_registered(table, values)
    problems += check_villages(understood, villages) if is_named else []
    if problems or not villages.codes:
        return {}, understood, problems
    row_of = {row["code"]: number for number, row in enumerate(table.rows)}
    order = np.array([row_of[code] for code in villages.codes])
    return {name: column[order] for name, column in values.items()}, understood, []


def find_codes(understood: Understood, villages: Villages) -> None:
    """Give each row the code of its village: cleaned or, where it is lost, by the name in its town.

    Rows of communities leave the table.
    """
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
    table = understood.table
    pairs = list(zip(table.rows, table.lines, strict=True))
    left_out = [line for row, line in pairs if row["code"] in villages.others]
    if left_out:
        table.left_out["community"] = left_out
        kept = [pair for pair in pairs if pair[0]["code"] not in villages.others]
        table.rows, table.lines = [row for row, _ in kept], [line for _, line in kept]


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
