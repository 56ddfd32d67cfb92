"""Tables that people made: which row is the head, which rows are data, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scenarios.columns import PERSONAL, UNITS, Column, Headings, folded, narrow, units_named
from scenarios.csv_files import unguarded
from scenarios.errors import Problem, nearest
from scenarios.sheets import Sheet, Words, read_sheets
from sim.problems import UNSEEN

MOST_NAMED = 20
"""Mistakes for which the nearest right name is looked for, and right names that are listed."""
MOST_TITLES = 30
"""Rows among which the head is looked for."""
ALIKE = 0.8
"""From this likeness on, an unknown heading is taken for a slip of the pen and told; others are columns not used."""
TOTAL = re.compile(r"([合总小共累]计|平均)[数额值]?:?|.*[合总小]计:?|total|sum|average|mean")
NOTE = re.compile(
    r"\(?(注|备注|附注|说明|填表|制表|审核|复核|负责|填报|统计|(数据|资料)?来源|联系|note|source)"
    r"(人|单位|日期|时间|说明)*\d*\)?\s*[:.、].*|(填表|制表|审核|填报)人.*|※.*",
    re.DOTALL | re.IGNORECASE,
)
IDENTITY = re.compile(r"[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]", re.ASCII)
MOBILE = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}", re.ASCII)
LEFT_OUT = {
    "community": ("社区，不是村", "communities, no villages"),
    "total": ("合计行", "total"),
    "note": ("表下说明", "note below the table"),
    "head": ("重复的表头", "head once more"),
    "title": ("表头上方的标题", "title above the head"),
}


@dataclass
class Table:
    """Rows of a table.

    Attributes:
        file: name shown to the user.
        columns: headings, as names.
        rows: one mapping from name to text a row, blanks stripped.
        lines: line of each row in the file, counted from 1 with the header.
        letters: letters of each column in a workbook.
        headings: heading of each column, as it stands.
        units: unit that each column's head, or the line above it, names.
        unused: letters and headings of columns that are not used.
        left_out: lines of rows that are not read, by the kinds of `LEFT_OUT`.
        remarks: what else is said of the reading, Chinese and English.
        kinds: columns that hold values, by name, as far as they are declared.
    """

    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unused: list[tuple[str, str]] = field(default_factory=list)
    left_out: dict[str, list[int]] = field(default_factory=dict)
    remarks: list[Words] = field(default_factory=list)
    kinds: Mapping[str, Column] = field(default_factory=dict)

    def place(self, line: int, column: str) -> dict[str, Any]:
        """Where a cell stands, as a `Problem` says it."""
        return {"file": self.file, "row": line, "field": column, "column": self.letters.get(column, "")}


@dataclass(frozen=True)
class Head:
    """The head of a table in a sheet.

    Attributes:
        sheet: the sheet.
        first: its first row, from 0.
        after: the first row below it.
        texts: heading of each column.
        names: column that each stands for; empty if none.
        units: unit that each names.
    """

    sheet: Sheet
    first: int
    after: int
    texts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """Columns known by their headings."""
        return len({name for name in self.names if name})


def read_table(
    path: Path, required: Sequence[str], optional: Sequence[str] = (), name_of: Callable[[str], str] = str.strip
) -> tuple[Table, list[Problem]]:
    """Read a table whose first row is the head and all others are data, and check its columns and their length.

    Args:
        path: a CSV file or a workbook, of which the first sheet is read.
        required: columns it must have.
        optional: columns it may have.
        name_of: turns a heading into a column name.

    Returns:
        The table (empty where nothing could be read) and what is wrong with it.
    """
    sheets, problems = read_sheets(path)
    if problems:
        return Table(path.name), problems
    texts = tuple(sheets[0].rows[0])
    head = Head(sheets[0], 0, 1, texts, tuple(map(name_of, texts)), ("",) * len(texts))
    return body(head, required, optional, None)


def office_table(sheets: Sequence[Sheet], headings: Headings, name: str = "") -> tuple[Table, list[Problem]]:
    """The table in a file as offices make them: titles, heads of two rows, units in them, totals and notes below.

    Args:
        sheets: the file's sheets, at least one.
        headings: the columns that the table may have; others are not used.
        name: the sheet in which it stands; unless there is one of this name, that with most known headings.

    Returns:
        The table (empty where nothing could be read) and what is wrong with it.
    """
    named = [sheet for sheet in sheets if name and sheet.name == name] or sheets
    heads = sorted((find_head(sheet, headings) for sheet in named), key=lambda head: -head.known)
    problems = check_sheets(heads) or check_personal(heads[0])
    if problems:
        return Table(heads[0].sheet.file), problems
    return body(heads[0], (), (*headings.naming, *headings.columns), headings)


def body(
    head: Head, required: Sequence[str], optional: Sequence[str], headings: Headings | None
) -> tuple[Table, list[Problem]]:
    """The table below a head, and what is wrong with it."""
    table = Table(head.sheet.file, remarks=list(head.sheet.remarks), kinds=headings.columns if headings else {})
    names = name_columns(table, head, headings)
    problems = check_header(table, head, required, optional, headings) + fill(table, head, names, headings)
    if not table.rows and not problems:
        problems.append(Problem("文件是空的", "file is empty", file=table.file))
    return table, problems


def find_head(sheet: Sheet, headings: Headings) -> Head:
    """The row, or the two rows, in which most columns are known; the first row where none is."""
    rows = sheet.rows[: MOST_TITLES + 1]
    found = [_head(sheet, number, number + 1, [[text] for text in row], headings) for number, row in enumerate(rows)]
    best = max(found, key=lambda head: head.known)
    for number, (top, below) in enumerate(zip(rows, rows[1:], strict=False)):
        filled = [text for text in below if text]
        head = _head(sheet, number, number + 2, _two_rows(top, below), headings)
        are_units = number == best.first and all(narrow(text).strip("()") in UNITS for text in filled)
        if head.known > best.known or (head.known == best.known > 0 and are_units):
            best = head
    if best.known and best.after < len(rows):  # numbers of the columns, or lower heads of columns not used
        below = dict(zip(best.names, rows[best.after], strict=False))
        is_head = not any(below.get(name) for name in headings.naming) and not re.search(r"\d", "".join(below.values()))
        if is_head or next(filter(None, rows[best.after])) in ("甲", "栏次"):
            both = _head(sheet, best.first, best.after + 1, _two_rows(rows[best.first], rows[best.after]), headings)
            best = both if both.known == best.known else replace(best, after=best.after + 1)
    return best


def _head(sheet: Sheet, first: int, after: int, ways: list[list[str]], headings: Headings) -> Head:
    """A head whose headings may each be read in several ways; the first is how it is shown."""
    read = [next((pair for way in each if (pair := headings.read(way))[0]), ("", "")) for each in ways]
    names, units = zip(*read, strict=True) if read else ((), ())
    return Head(sheet, first, after, tuple(each[-1] for each in ways), names, units)


def _two_rows(top: list[str], below: list[str]) -> list[list[str]]:
    """Ways to read each heading of two rows, where a cell of the upper may stand over several of the lower."""
    ways, over = [], ""
    for number in range(max(len(top), len(below))):
        upper = top[number] if number < len(top) else ""
        lower = below[number] if number < len(below) else ""
        over = upper or (over if lower else "")
        unit = re.fullmatch(r"(.*?)(\(.*\))", narrow(over), re.S)
        bare, unit_text = (unit[1], unit[2]) if unit else (over, "")
        if narrow(lower).strip("()") in UNITS:
            ways.append([f"{bare}({narrow(lower).strip('()')})"])
        elif lower:
            ways.append([lower + unit_text, lower, lower + over, bare + lower + unit_text, f"{over} {lower}"])
        else:
            ways.append([upper])
    return ways


def check_sheets(heads: Sequence[Head]) -> list[Problem]:
    """Two sheets that could both be the table."""
    if len(heads) < 2 or heads[1].known < max(heads[0].known, 2):
        return []
    zh, en = "有几张工作表都像是这张表；只留一张", "several sheets could be this table; keep one"
    names = " | ".join(head.sheet.file for head in heads if head.known == heads[0].known)
    return [Problem(zh, en, file=heads[0].sheet.file, value=names)]


def check_personal(head: Head) -> list[Problem]:
    """Columns with names, numbers or telephones of persons: nothing of such a table is read."""
    sheet, found = head.sheet, []
    rows = [row for row in sheet.rows[head.after :] if not NOTE.fullmatch(narrow(next(filter(None, row))))]
    for number, text in enumerate(head.texts):
        cells = [row[number] for row in rows if number < len(row)]
        if (PERSONAL.search(folded(text)) and not head.names[number]) or any(
            IDENTITY.fullmatch(cell) or MOBILE.fullmatch(cell) for cell in cells
        ):
            found.append(" ".join(word for word in (sheet.letters(number), text) if word))
    if not found:
        return []
    zh = "表中有个人信息（姓名、证件号或电话），整张表没有读取；请删去这些列后再用"
    en = "the table holds personal data (names, identity numbers or telephones), so nothing of it is read; "
    return [Problem(zh, f"{en}delete these columns", file=sheet.file, row=sheet.lines[head.first],
                    value=", ".join(found))]  # fmt: skip


def name_columns(table: Table, head: Head, headings: Headings | None) -> list[str]:
    """Names of the columns in their order, empty for those that are not used; what is known of them is kept."""
    names = [name if headings is None else name or text for name, text in zip(head.names, head.texts, strict=True)]
    while names and not names[-1] and not head.sheet.is_workbook:  # commas at the end
        names.pop()
    table.columns = names
    titles = [text for row in head.sheet.rows[: head.first] for text in row]
    named = {unit for text in titles for unit in units_named(text)}
    for number, name in enumerate(names):
        if headings is None or head.names[number]:
            table.letters.setdefault(name, head.sheet.letters(number))
            table.headings.setdefault(name, head.texts[number])
        if headings is None:
            continue
        column = headings.columns.get(name)
        above = named & set(column.units) if column else set()
        table.units.setdefault(name, head.units[number] or (above.pop() if len(above) == 1 else ""))
    return names


def check_header(
    table: Table, head: Head, required: Sequence[str], optional: Sequence[str], headings: Headings | None
) -> list[Problem]:
    """Missing, unknown and repeated columns; a heading that is no slip of the pen is that of a column not used."""
    valid = [*required, *optional]
    named = [name for name in table.columns if name]
    place: dict[str, Any] = {"file": table.file, "row": head.sheet.lines[head.first]}
    problems: list[Problem] = []
    for number, name in enumerate(dict.fromkeys(name for name in named if name not in valid)):
        looks = number < MOST_NAMED
        if headings is None:
            near = nearest(name, valid) if looks else ""
        else:
            near = next(iter(get_close_matches(folded(name), headings.names, 1, ALIKE) if looks else ()), "")
            if not near and not UNSEEN.search(re.sub(r"\s", "", name)):
                continue
        allowed = ", ".join(valid) if len(valid) <= MOST_NAMED else ""
        problems.append(Problem("没有这个列名", "no such column", field=name, allowed=allowed, nearest=near, **place))
    for name in valid:
        if named.count(name) > 1:
            texts = [text for text, other in zip(head.texts, table.columns, strict=False) if other == name]
            value = " | ".join(dict.fromkeys(texts))
            zh, en = "列重复(中英文列名、不同年份算同一列)", "column stands twice"
            problems.append(Problem(zh, en, field=name, value=value, **place))
    for name in required:
        if name not in named:
            near = nearest(name, [item for item in named if item not in valid])
            problems.append(Problem("缺少这一列", "column is missing", field=name, nearest=near, **place))
    return problems


def fill(table: Table, head: Head, names: Sequence[str], headings: Headings | None) -> list[Problem]:
    """Put the rows below the head into the table, and tell those that have another length or unseen characters."""
    problems: list[Problem] = []
    sheet, known = head.sheet, [name if headings is None or name in head.names else "" for name in names]
    if head.first:
        table.left_out["title"] = sheet.lines[: head.first]
    filled = [False] * len(names)
    for cells, line in zip(sheet.rows[head.after :], sheet.lines[head.after :], strict=True):
        kind = left_out(cells, head, headings, "note" in table.left_out) if headings else ""
        if kind:
            table.left_out.setdefault(kind, []).append(line)
            continue
        if not sheet.is_workbook and (any(cells[len(names) :]) or len(cells) < len(names)):
            zh, en = "单元格数目与表头不一致", "number of cells differs from the header"
            problems.append(Problem(zh, en, table.file, line, value=str(len(cells)), allowed=str(len(names))))
            continue
        cells = [*cells, *[""] * (len(names) - len(cells))]
        filled = [before or bool(cell) for before, cell in zip(filled, cells, strict=False)]
        row = {name: unguarded(cell) for name, cell in zip(known, cells, strict=False) if name}
        problems += unseen(table, line, row)
        table.rows.append(row)
        table.lines.append(line)
    table.unused = [
        (sheet.letters(number), head.texts[number]) for number, name in enumerate(known) if not name and filled[number]
    ]
    return problems


def left_out(cells: Sequence[str], head: Head, headings: Headings, is_below: bool) -> str:
    """Why a row is no data, one of `LEFT_OUT`; empty where it is. `is_below`: a note has been met above."""
    first = next(cell for cell in cells if cell)
    naming = [cell for cell, name in zip(cells, head.names, strict=False) if name in headings.naming]
    if any(TOTAL.fullmatch(folded(cell)) for cell in (first, *naming)):
        return "total"
    if NOTE.fullmatch(narrow(first)) or (is_below and sum(map(bool, cells)) == 1):
        return "note"
    return "head" if list(cells) == head.sheet.rows[head.first] else ""


def unseen(table: Table, line: int, row: Mapping[str, str]) -> list[Problem]:
    """Cells with control characters or marks that nobody sees: two names that look alike would be two."""
    zh, en = "含有看不见的字符或控制字符", "holds characters that can not be seen"
    return [
        Problem(zh, en, value=cell, **table.place(line, name))
        for name, cell in row.items()
        if not cell.isprintable() and UNSEEN.search(cell)
    ]


def check_unique(table: Table, column: str, zh: str, en: str) -> list[Problem]:
    """Values that stand in more than one row, with the line where they stood first."""
    first: dict[str, int] = {}
    problems = []
    for row, line in zip(table.rows, table.lines, strict=True):
        value = row.get(column, "")
        if value in first:
            note_zh, note_en = f"{zh}(首次在第 {first[value]} 行)", f"{en} (first in row {first[value]})"
            problems.append(Problem(note_zh, note_en, value=value, **table.place(line, column)))
        first.setdefault(value, line)
    return problems


def unknown_value(
    table: Table, line: int, column: str, value: str, valid: Iterable[str], near: str = "", looks: bool = True
) -> Problem:
    """A value that is none of a list, with the nearest that is if it `looks`; `near` if the row tells it."""
    valid = list(valid)
    allowed = ", ".join(valid) if len(valid) <= 8 else ""
    near = near or (nearest(value, valid) if looks else "")
    return Problem("没有这个取值", "no such value", value=value, allowed=allowed, nearest=near,
                   **table.place(line, column))  # fmt: skip
