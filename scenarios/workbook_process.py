"""A process of its own that turns a workbook on its standard input into JSON: what breaks there breaks nothing here.

Started by `scenarios.workbooks` as a script; it imports nothing of the project.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime
from typing import Any

MOST_MEMORY = 4 << 30
MOST_CELLS = 5_000_000


def text_of(value: Any) -> str:
    """A cell as a person would type it."""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value).upper() if isinstance(value, bool) else str(value)


def main() -> None:
    """Write `[{name, is_visible, rows}, ...]`; rows are None where a sheet is too large."""
    try:
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (ImportError, ValueError, OSError):
        pass
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found = []
    for number, about in enumerate(workbook.sheets_metadata):
        rows: list[list[str]] | None = []
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_index(number)
            is_large = sheet.total_height * sheet.total_width > MOST_CELLS
            cells = [] if is_large else sheet.to_python(skip_empty_area=False)
            rows = None if is_large else [[text_of(cell) for cell in row] for row in cells]
        is_visible = about.visible == SheetVisibleEnum.Visible
        found.append({"name": about.name, "is_visible": is_visible, "rows": rows})
    sys.stdout.buffer.write(json.dumps(found).encode())


if __name__ == "__main__":
    main()
