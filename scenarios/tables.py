"""Read CSV files that people made: encodings of Excel and WPS, Chinese headings, line numbers kept."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenarios.csv_files import unguarded
from scenarios.errors import Problem, nearest
from sim.problems import UNSEEN

ENCODINGS = ("utf-8-sig", "gb18030")
"""gb18030 reads everything that GBK and GB2312 files hold."""
MOST_BYTES = 50_000_000
MOST_COLUMNS = 1000
MOST_NAMED = 20
"""Mistakes for which the nearest right name is looked for, and right names that are listed."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
"""What a person writes for a number; Python would also read 1_000, digits of other scripts and infinity."""


@dataclass
class Table:
    """Rows of a CSV file.

    Attributes:
        file: name shown to the user.
        columns: headings, as names.
        rows: one mapping from name to text a row, blanks stripped.
        lines: line of each row in the file, counted from 1 with the header.
    """

    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_text(path: Path) -> tuple[str, list[Problem]]:
    """The text of a file, or an empty text and the reason why it can't be read."""
    try:
        if path.exists() and not path.is_file():
            return "", [Problem("不是文件", "is not a file", file=str(path))]
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except FileNotFoundError:
        return "", [missing_file(path)]
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        return "", [Problem("文件无法打开", "file can not be opened", file=str(path), value=str(error))]
    if size > MOST_BYTES:
        value, allowed = f"{size / 1e6:.0f} MB", f"≤ {MOST_BYTES / 1e6:.0f} MB"
        return "", [Problem("文件过大", "file is too large", file=path.name, value=value, allowed=allowed)]
    if b"\0" not in content:
        for encoding in ENCODINGS:
            try:
                return content.decode(encoding), []
            except UnicodeDecodeError:
                continue
    problem = Problem(
        "无法识别文件编码;请另存为 CSV UTF-8(不是 xlsx)",
        "can not read the encoding; save as CSV UTF-8 (not xlsx)",
        file=path.name,
        allowed="UTF-8, GBK",
    )
    return "", [problem]


def missing_file(path: Path) -> Problem:
    """A file that should be there and is not, with the most similar name in its folder."""
    try:
        others = sorted(item.name for item in path.parent.iterdir())
    except OSError:
        others = []
    near = nearest(path.name, others)
    return Problem("找不到文件", "file not found", file=path.name, value=str(path), nearest=near)


def user_path(text: str | Path) -> Path:
    """A path as a user wrote it, with `~` for the home folder where there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def read_table(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    name_of: Callable[[str], str] = str.strip,
) -> tuple[Table, list[Problem]]:
    """Read a CSV file and check its header and the length of its rows.

    Args:
        path: the file.
        required: columns it must have.
        optional: columns it may have.
        name_of: turns a heading into a column name.

    Returns:
        The table (empty where nothing could be read) and what is wrong with it.
    """
    table = Table(path.name)
    text, problems = read_text(path)
    if problems:
        return table, problems
    reader = csv.reader(io.StringIO(text, newline=""))
    header: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [name_of(cell) for cell in cells]
                while not header[-1]:  # commas at the end
                    header.pop()
                table.columns = header
                if len(header) > MOST_COLUMNS:
                    value, allowed = str(len(header)), f"≤ {MOST_COLUMNS}"
                    zh, en = "列数过多", "too many columns"
                    return table, [Problem(zh, en, file=path.name, value=value, allowed=allowed)]
                problems += check_header(table, required, optional)
            elif any(cell.strip() for cell in cells[len(header) :]) or len(cells) < len(header):
                problems.append(wrong_length(table, reader.line_num, len(cells), len(header)))
            else:
                row = {name: unguarded(cell.strip()) for name, cell in zip(header, cells, strict=False) if name}
                problems += unseen(table, reader.line_num, row)
                table.rows.append(row)
                table.lines.append(reader.line_num)
    except csv.Error as error:
        problems.append(
            Problem("不是有效的 CSV", "is not valid CSV", file=path.name, row=reader.line_num, value=str(error))
        )
    if not table.rows and not problems:
        problems.append(Problem("文件是空的", "file is empty", file=path.name))
    return table, problems


def unseen(table: Table, line: int, row: Mapping[str, str]) -> list[Problem]:
    """Cells with control characters or marks that nobody sees: two names that look alike would be two."""
    zh, en = "含有看不见的字符或控制字符", "holds characters that can not be seen"
    return [
        Problem(zh, en, file=table.file, row=line, field=name, value=cell)
        for name, cell in row.items()
        if not cell.isprintable() and UNSEEN.search(cell)
    ]


def wrong_length(table: Table, line: int, found: int, expected: int) -> Problem:
    """A row with more or fewer cells than the header."""
    return Problem(
        "单元格数目与表头不一致",
        "number of cells differs from the header",
        file=table.file,
        row=line,
        value=str(found),
        allowed=str(expected),
    )


def check_header(table: Table, required: Sequence[str], optional: Sequence[str]) -> list[Problem]:
    """Missing, unknown and repeated columns."""
    valid = [*required, *optional]
    named = [name for name in table.columns if name]
    problems = [
        Problem(
            "没有这个列名",
            "no such column",
            file=table.file,
            row=1,
            field=name,
            allowed=", ".join(valid) if len(valid) <= MOST_NAMED else "",
            nearest=nearest(name, valid) if number < MOST_NAMED else "",
        )
        for number, name in enumerate(dict.fromkeys(name for name in named if name not in valid))
    ]
    for name in valid:
        if named.count(name) > 1:
            problems.append(
                Problem("列重复(中英文列名算同一列)", "column stands twice", file=table.file, row=1, field=name)
            )
    for name in required:
        if name not in named:
            near = nearest(name, [item for item in named if item not in valid])
            problems.append(
                Problem("缺少这一列", "column is missing", file=table.file, row=1, field=name, nearest=near)
            )
    return problems


def check_unique(table: Table, column: str, zh: str, en: str) -> list[Problem]:
    """Values that stand in more than one row, with the line where they stood first."""
    first: dict[str, int] = {}
    problems = []
    for row, line in zip(table.rows, table.lines, strict=True):
        value = row.get(column, "")
        if value in first:
            note_zh, note_en = f"{zh}(首次在第 {first[value]} 行)", f"{en} (first in row {first[value]})"
            problems.append(Problem(note_zh, note_en, file=table.file, row=line, field=column, value=value))
        first.setdefault(value, line)
    return problems


def unknown_value(
    table: Table, line: int, column: str, value: str, valid: Iterable[str], near: str = "", looks: bool = True
) -> Problem:
    """A value that is none of a list, with the nearest that is if it `looks`; `near` if the row tells it."""
    valid = list(valid)
    return Problem(
        "没有这个取值",
        "no such value",
        file=table.file,
        row=line,
        field=column,
        value=value,
        allowed=", ".join(valid) if len(valid) <= 8 else "",
        nearest=near or (nearest(value, valid) if looks else ""),
    )


def parse_number(
    text: str, low: float, high: float, place: dict[str, Any], allowed: str, is_money: bool = False
) -> tuple[float, Problem | None]:
    """A number from a cell, and what is wrong with it.

    Args:
        text: what stands in the cell.
        low: lowest value allowed.
        high: highest value allowed.
        place: file, row and field of the cell.
        allowed: the range in words.
        is_money: tell a negative value as negative money.
    """

    def problem(zh: str, en: str) -> tuple[float, Problem]:
        return math.nan, Problem(zh, en, value=text, allowed=allowed, **place)

    if not text:
        return problem("单元格为空;整列都填,或整列不填", "cell is empty; fill the whole column or none of it")
    if text.lower() == "nan":
        return problem("不能为空值 NaN", "must not be NaN")
    if not NUMBER.fullmatch(text):
        return problem("应为数字", "must be a number")
    number = float(text) + 0.0  # no negative zero
    if is_money and number < 0:
        return problem("金额不能为负", "money must not be negative")
    if not low <= number <= high:
        return problem("超出允许范围", "is outside the allowed range")
    return number, None
