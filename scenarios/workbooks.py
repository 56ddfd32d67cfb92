"""Workbooks as data (xlsx, xlsm, xls, et): stored values alone, within limits; nothing in them runs or is fetched."""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from scenarios.workbook_process import MOST_CELLS
from sim.problems import shown

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of xlsx and xlsm, and of xls and et."""
MOST_UNPACKED = 100_000_000
"""Bytes of a workbook's parts when unpacked; a county of 5,000 villages has a tenth of it."""
MOST_MEMBERS = 5000
MOST_ROWS, MOST_COLUMNS = 200_000, 1000
LONGEST_S = 60
PROCESS = Path(__file__).with_name("workbook_process.py")
LEFT_OUT = re.compile(r"xl/(externalLinks|media|drawings|charts|embeddings|pivot\w*)/|customXml/|docProps/", re.I)
TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^<>]*)>")
ADDRESS = re.compile(rb'\sr="([A-Z]{0,3})([0-9]{1,7})"')
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]+)<")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
NO_VALUE = "="
"""Stands for a formula of which the file holds no value."""
Words = tuple[str, str]
Grid = list[list[str]]
NOT_WHOLE: Words = ("不是完整的工作簿，或已损坏；请用 Excel 或 WPS 打开后另存为 xlsx",
                    "is not a whole workbook; open it with Excel or WPS and save it as xlsx")  # fmt: skip
TOO_LARGE: Words = (
    f"工作簿过大：每张表至多 {MOST_ROWS:,} 行、{MOST_COLUMNS:,} 列，解压后至多 {MOST_UNPACKED // 10**6} MB；"
    "请删去表格以外的行、列和图片",
    f"the workbook is too large: at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns a sheet, "
    f"{MOST_UNPACKED // 10**6} MB unpacked; delete rows, columns and pictures beyond the table",
)


class Unreadable(Exception):
    """Why a workbook can't be read, in Chinese and English."""


def read_workbook(content: bytes) -> tuple[dict[str, Grid], list[Words]]:
    """Cells of all visible sheets as text, by name, each from A1; and what is left out, in words.

    Raises:
        Unreadable: with the reason in both languages.
    """
    marks: list[dict[tuple[int, int], str]] = []
    remarks: list[Words] = []
    if content.startswith(ZIP):
        parts, remarks = unpack(content)
        marks = [scan(parts.get(name, b"")) for name in sheet_parts(parts)]
        content = packed(parts)
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable("工作簿有密码；请取消密码后再存", "the workbook has a password; remove it and save again")
    grids: dict[str, Grid] = {}
    for number, sheet in enumerate(in_own_process(content)):
        if not sheet["is_visible"]:
            name = shown(sheet["name"], 40)
            remarks.append((f"隐藏的工作表“{name}”没有读", f"the hidden sheet “{name}” is not read"))
            continue
        rows = sheet["rows"]
        if rows is None or len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
            raise Unreadable(*TOO_LARGE)
        for (row, column), text in marks[number].items() if number < len(marks) else ():
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = text
        grids[sheet["name"]] = rows
    return grids, remarks


def in_own_process(content: bytes) -> list[dict]:
    """What `workbook_process` makes of a workbook."""
    try:
        done = subprocess.run(  # noqa: S603 - our own script, no word of the user's
            [sys.executable, "-P", str(PROCESS)], input=content, capture_output=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(*NOT_WHOLE) from None
    if b"ModuleNotFoundError" in done.stderr:
        raise Unreadable("缺少程序包 python-calamine；请重新安装", "python-calamine is missing; install again")
    if done.returncode != 0:
        raise Unreadable(*NOT_WHOLE)
    return json.loads(done.stdout)


def unpack(content: bytes) -> tuple[dict[str, bytes], list[Words]]:
    """The XML of a workbook by name, never more than `MOST_UNPACKED`, whatever its list of contents says."""
    parts: dict[str, bytes] = {}
    room = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_MEMBERS:
                raise Unreadable(*TOO_LARGE)
            for info in archive.infolist():
                if info.filename.endswith((".xml", ".rels")) and not LEFT_OUT.match(info.filename):
                    with archive.open(info) as member:
                        parts[info.filename] = member.read(room + 1)
                    room -= len(parts[info.filename])
                    if room < 0:
                        raise Unreadable(*TOO_LARGE)
    except Unreadable:
        raise
    except Exception:  # a broken archive raises a dozen kinds
        raise Unreadable(*NOT_WHOLE) from None
    if "xl/workbook.xml" not in parts:
        raise Unreadable("不是 xlsx 工作簿；请用 Excel 或 WPS 另存为 xlsx", "is no xlsx workbook; save it as xlsx")
    remarks: list[Words] = []
    if any(name.startswith("xl/externalLinks/") for name in names):
        remarks.append(("引用其他文件的单元格按存盘时的数值读取，没有打开其他文件",
                        "cells that refer to other files are read as stored; no other file is opened"))  # fmt: skip
    if any(name.endswith("vbaProject.bin") for name in names):
        remarks.append(("宏没有读取，也不会运行", "macros are neither read nor run"))
    return parts, remarks


def packed(parts: dict[str, bytes]) -> bytes:
    """The same parts as a workbook without compression."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def sheet_parts(parts: dict[str, bytes]) -> list[str]:
    """Names of the parts that hold the sheets, in the order of the workbook."""

    def given(tag: str, name: str) -> str:
        found = re.search(rf"""\s(?:\w+:)?{name}=["']([^"']*)["']""", tag)
        return html.unescape(found[1]) if found else ""

    links = parts.get("xl/_rels/workbook.xml.rels", b"").decode("utf-8", "replace")
    target = {given(tag, "Id"): given(tag, "Target") for tag in re.findall(r"<(?:\w+:)?Relationship\s[^<>]*>", links)}
    book = parts["xl/workbook.xml"].decode("utf-8", "replace")
    found = [target.get(given(tag, "id"), "") for tag in re.findall(r"<(?:\w+:)?sheet\s[^<>]*>", book)]
    return [name.lstrip("/") if name.startswith(("/", "xl/")) else f"xl/{name}" for name in found]


def scan(xml: bytes) -> dict[tuple[int, int], str]:
    """Cells of a sheet that hold an error, or a formula without a stored value, by row and column from 0.

    Raises:
        Unreadable: a cell with content lies beyond the limits: a parser would make room for all cells before it.
    """
    marks: dict[tuple[int, int], str] = {}
    row = column = last_row = last_column = -1
    tags = TAG.finditer(xml)
    tag = next(tags, None)
    while tag is not None:
        following = next(tags, None)
        address = ADDRESS.search(tag[2])
        if tag[1] == b"row":
            row, column = (int(address[2]) - 1 if address else row + 1), -1
            tag = following
            continue
        row, column = (int(address[2]) - 1, number_of(address[1].decode())) if address else (row, column + 1)
        body = xml[tag.end() : following.start() if following else len(xml)].partition(b"</c>")[0]
        value = VALUE.search(body)
        is_text = b't="str"' in tag[2] or b't="inlineStr"' in tag[2]
        if value or b't="' in tag[2]:
            last_row, last_column = max(row, last_row), max(column, last_column)
            is_large = last_row >= MOST_ROWS or last_column >= MOST_COLUMNS or min(row, column) < 0
            if is_large or (last_row + 1) * (last_column + 1) > MOST_CELLS:
                raise Unreadable(*TOO_LARGE)
        if b't="e"' in tag[2]:
            marks[row, column] = value[1].decode("utf-8", "replace") if value else "#"
        elif not value and not is_text and FORMULA.search(body):
            marks[row, column] = NO_VALUE
        tag = following
    return marks


def number_of(letters: str) -> int:
    """The number of a column from 0 by its letters: A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def letters_of(number: int) -> str:
    """The letters of a column by its number from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
