"""The one writer of CSV files: what a spreadsheet would take for a formula stays text."""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Iterable
from errno import EEXIST
from pathlib import Path
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")  # noqa: RUF001
"""First characters that make a spreadsheet compute or run what follows; some take the full-width ones for the same."""
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def guarded(text: str) -> str:
    """A text cell that a spreadsheet takes for text: an apostrophe stands before what would begin a formula."""
    begins = text.startswith(FORMULA_STARTS) or _bare(text).startswith(FORMULA_STARTS)
    return f"'{text}" if begins and not PLAIN_NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """A cell as it was before `guarded`, so that what was written can be read again."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def _bare(text: str) -> str:
    """The text without leading blanks and characters that nobody sees."""
    return re.sub(r"^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+", "", text)


def csv_text(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """A table as the text of a CSV file; numbers stay numbers, and what is missing is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_cell(item) for item in header])
    writer.writerows([_cell(item) for item in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is None or value != value:  # noqa: PLR0124 - NaN of any kind
        return ""
    return value if isinstance(value, int | float) else guarded(str(value))


def write_csv(path: Path, header: Iterable[Any], rows: Iterable[Iterable[Any]], is_new: bool = False) -> None:
    """Write a CSV file, UTF-8 with byte order mark so that Excel and WPS read it; it takes its name when it is whole.

    Args:
        path: the file.
        header: names of the columns.
        rows: cells, as long as the header.
        is_new: a file that is there already is an error (`FileExistsError`).
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")  # a name that no link can have taken
    try:
        with temporary.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(csv_text(header, rows))
        if is_new and os.path.lexists(path):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
