"""Sheets of text cells from the files that offices have: CSV as Excel and WPS save it, and workbooks."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from scenarios.errors import Problem, nearest
from scenarios.workbooks import MOST_COLUMNS, MOST_ROWS, OLE, ZIP, Unreadable, Words, letters_of, read_workbook

ENCODINGS = ("utf-8-sig", "gb18030")
"""gb18030 reads everything that GBK and GB2312 files hold."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""Marks at the beginning of what Excel saves as Unicode text."""
DELIMITERS = ",\t;"
MOST_BYTES = 50_000_000


@dataclass
class Sheet:
    """Cells of a CSV file or of one sheet of a workbook.

    Attributes:
        file: name shown to the user, with the sheet's where there are several.
        rows: cells as text without blanks around them; only rows in which something stands.
        lines: line of each row in the file, from 1.
        is_workbook: whether cells have addresses, such as B7.
        remarks: what is left out of a workbook, Chinese and English.
        name: name of the sheet in a workbook.
    """

    file: str
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    is_workbook: bool = False
    remarks: list[Words] = field(default_factory=list)
    name: str = ""

    def add(self, cells: list[str], line: int) -> None:
        """Add a row in which something stands."""
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            self.rows.append(stripped)
            self.lines.append(line)

    def letters(self, column: int) -> str:
        """The letters of a column from 0; empty in a CSV file, which has lines."""
        return letters_of(column) if self.is_workbook else ""


def read_bytes(path: Path, most: int | None = None) -> tuple[bytes, list[Problem]]:
    """The bytes of a file, at most so many, or none and the reason why it can't be read."""
    most = MOST_BYTES if most is None else most
    try:
        if path.exists() and not path.is_file():  # a folder, or a device or pipe, which may never end
            return b"", [Problem("不是文件", "is not a file", file=str(path))]
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except FileNotFoundError:
        return b"", [missing_file(path)]
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        return b"", [Problem("文件无法打开", "file can not be opened", file=str(path), value=str(error))]
    if len(content) > most:
        return b"", [Problem("文件过大", "file is too large", file=path.name, allowed=f"≤ {most:,} B")]
    return content, []


def read_text(path: Path, most: int | None = None) -> tuple[str, list[Problem]]:
    """The text of a file, or an empty text and the reason why it can't be read."""
    content, problems = read_bytes(path, most)
    return ("", problems) if problems else decoded(content, path.name)


def decoded(content: bytes, file: str) -> tuple[str, list[Problem]]:
    """Bytes as text."""
    for encoding in ("utf-16",) if content.startswith(UTF_16) else ENCODINGS if b"\0" not in content else ():
        try:
            return content.decode(encoding), []
        except UnicodeDecodeError:
            continue
    zh, en = "无法识别文件编码；请另存为 UTF-8", "can not read the encoding; save as UTF-8"
    return "", [Problem(zh, en, file=file, allowed="UTF-8, GBK, UTF-16")]


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


def read_sheets(path: Path) -> tuple[list[Sheet], list[Problem]]:
    """The sheets of a workbook in which something stands, or a CSV file as one sheet; and what is wrong with it."""
    content, problems = read_bytes(path)
    if problems:
        return [], problems
    if content.startswith((ZIP, OLE)):
        try:
            grids, remarks = read_workbook(content)
        except Unreadable as error:
            return [], [Problem(*error.args, file=path.name)]
        sheets = []
        for name, grid in grids.items():
            file = path.name if len(grids) == 1 else f"{path.name} {name}"
            sheet = Sheet(file, is_workbook=True, remarks=remarks, name=name)
            for line, cells in enumerate(grid, start=1):
                sheet.add(cells, line)
            sheets.append(sheet)
        sheets = [sheet for sheet in sheets if sheet.rows]
        return sheets, [] if sheets else [Problem("文件是空的", "file is empty", file=path.name)]
    text, problems = decoded(content, path.name)
    if not problems and re.match(r"\s*<(\?xml|!doctype|html|table)", text[:200], re.I):
        zh = "其实是网页格式；请用 Excel 或 WPS 打开后另存为 xlsx"
        en = "is a web page by another name; open it with Excel or WPS and save it as xlsx"
        problems = [Problem(zh, en, file=path.name)]
    return ([], problems) if problems else read_csv(text, path.name)


def read_csv(text: str, file: str) -> tuple[list[Sheet], list[Problem]]:
    """A text as one sheet, with line numbers; its cells may stand between commas, tabs or semicolons."""
    sheet = Sheet(file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        for cells in reader:
            while len(cells) > MOST_COLUMNS and not cells[-1].strip():
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                value, allowed = str(len(cells)), f"≤ {MOST_COLUMNS}"
                return [], [Problem("列数过多", "too many columns", file=file, value=value, allowed=allowed)]
            if len(sheet.rows) >= MOST_ROWS:
                return [], [Problem("行数过多", "too many rows", file=file, allowed=f"≤ {MOST_ROWS:,}")]
            if not re.fullmatch("sep=.?", "".join(cells)):  # Excel's own word on what separates cells
                sheet.add(cells, reader.line_num)
    except csv.Error as error:
        zh, en = "不是有效的 CSV", "is not valid CSV"
        return [], [Problem(zh, en, file=file, row=reader.line_num, value=str(error))]
    return [sheet], [] if sheet.rows else [Problem("文件是空的", "file is empty", file=file)]


def delimiter_of(text: str) -> str:
    """What separates cells: that of which most of the first lines hold the same number."""
    lines = [line for line in re.sub('"[^"]*"', "", text[:20_000]).splitlines()[:50] if line.strip()]

    def evenness(delimiter: str) -> int:
        counts = Counter(line.count(delimiter) for line in lines)
        del counts[0]
        return max(counts.values(), default=0)

    return max(DELIMITERS, key=evenness)
