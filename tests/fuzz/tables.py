"""Village tables: cells, headings, delimiters and encodings as people's programs leave them, and mutated bytes."""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from tests.fuzz import doors
from tests.fuzz.common import Input, Nonsense, Subject, dice, numbers
from tests.fuzz.hostile import NUMBERS, TEXTS, mutate, recode

Rows = list[list[str]]
INDUSTRIES = ("grain_oil", "fruit_vegetable", "livestock", "herbs", "优质粮油", "有机果蔬", "生态畜禽", "道地药材")
NAMING = ("code", "name", "town")
MISSING = ("", "-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "缺", "未知", "不详", "n/a", "na", "null", "none")
"""Cells that say nothing."""
YES_OR_NO = ("是", "否", "有", "无", "√", "×", "对", "错", "y", "n", "yes", "no", "true", "false")  # noqa: RUF001
MIDDLE = {"income_operating": 8.0, "population": 1200.0, "registered_population": 2000.0}
"""A middling village, so that a table as a whole is plausible."""


@cache
def place() -> doors.District:
    """The district whose villages the tables hold."""
    return doors.load_district("enyang")


def right_table(random: Random) -> Rows:
    """A right table: every village, some of the columns."""
    district = place()
    names = random.sample(list(doors.VILLAGE_COLUMNS), random.choice([1, 1, 2, 3, 5]))
    if "registered_population" in names and "population" in names:
        names.remove("population")
    rows = [[*NAMING, *names]]
    for code, name, town in zip(district.village_code, district.village_name, district.town_of, strict=True):
        rows.append(
            [str(code), str(name), str(district.town_name[town]), *(right_cell(item, random) for item in names)]
        )
    return rows


def right_cell(name: str, random: Random) -> str:
    """A value that a column may hold."""
    column = doors.VILLAGE_COLUMNS[name]
    if column.kind == "industry":
        return random.choice(INDUSTRIES)
    if column.kind == "yes_no":
        return random.choice("01")
    middle = MIDDLE.get(name, (max(column.low, -20) + min(column.high, 60)) / 2)
    spread = min(middle - column.low, column.high - middle) * 0.9
    return f"{middle + random.uniform(-spread, spread):.2f}"


def spoil(rows: Rows, random: Random) -> Rows:
    """A table with one habit of real sheets, or with hostile cells."""
    kind = random.randrange(9)
    body = range(1, len(rows))
    if kind <= 3:
        for _ in range(random.choice([1, 1, 2, 20])):
            rows[random.choice(body)][random.randrange(len(rows[0]))] = random.choice(NUMBERS + TEXTS)
    elif kind == 4:
        column = random.randrange(len(rows[0]))
        habit = random.choice((lambda cell: cell + ".0", lambda cell: cell + "万", wide, lambda cell: f'"{cell}"',
                               lambda cell: f" {cell} ", lambda cell: "", lambda cell: f"{cell}元",
                               grouped))  # fmt: skip
        for row in rows[1:]:
            row[column] = habit(row[column])
    elif kind == 5:
        head = random.choice(
            (*TEXTS, "序号", "备注", "经营性收入(元)", "经营性收入（万元）", "code", "name", *doors.VILLAGE_COLUMNS)
        )
        rows[0][random.randrange(len(rows[0]))] = head
    elif kind == 6:
        extra = random.choice(
            (["合计", *["999"] * (len(rows[0]) - 1)], ["单位：元"], ["村情表"], list(rows[-1]), rows[0][:])
        )
        rows.insert(random.choice([0, 1, len(rows)]), list(extra))
    elif kind == 7:
        rows.pop(random.choice(body))
    else:
        rows.append(rows.pop(random.choice(body)))
    return rows


def wide(text: str) -> str:
    """Full-width letters."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def grouped(text: str) -> str:
    """Thousands separated by commas."""
    try:
        return f"{float(text):,}"
    except ValueError:
        return text


def written(rows: Rows, random: Random) -> bytes:
    """A table as a file."""
    text = io.StringIO()
    delimiter = random.choice(",,,,,;\t|")
    csv.writer(text, delimiter=delimiter, lineterminator=random.choice(["\n", "\r\n", "\r\n", "\r"])).writerows(rows)
    return recode(text.getvalue(), random)


def make(number: int, folder: Path) -> Input:
    """One table."""
    random = dice(number)
    rows = right_table(random)
    if random.random() < 0.65:
        rows = spoil(rows, random)
    content = written(rows, random)
    if random.random() < 0.3:
        content = mutate(content, random)
    return table_of(content, folder)


def table_of(content: bytes, folder: Path) -> Input:
    """These bytes as a village table."""

    def attempt() -> None:
        path = folder / "villages.csv"
        path.write_bytes(content)
        judge(content, doors.load_district("enyang", path))

    return Input(f"a village table of {len(content)} bytes", content, attempt)


def judge(content: bytes, district: doors.District) -> None:
    """An accepted table gives values in range, and those that an independent reading finds."""
    for name, values in district.given.items():
        column = doors.VILLAGE_COLUMNS[name]
        if values.shape != (district.villages,):
            raise Nonsense(f"column {name} has another length than the district has villages")
        known = [value for value in values.tolist() if not math.isnan(value)]
        if not known or not all(column.low <= value <= column.high for value in known):
            raise Nonsense(f"column {name} holds values out of range")
        if column.kind != "number" and not all(value == int(value) for value in known):
            raise Nonsense(f"column {name} holds fractions")
    if (district.villages, district.village_code.tolist()) != (place().villages, place().village_code.tolist()):
        raise Nonsense("the table has changed the district's villages")
    cells = read_again(content)
    row_of = {str(code): number for number, code in enumerate(district.village_code)}
    for code, row in cells.items():
        for name, text in row.items():
            if name in district.given:
                compare(name, text, float(district.given[name][row_of[code]]))


def compare(name: str, text: str, value: float) -> None:
    """A cell means what was read."""
    meant = meaning(name, text)
    if (
        meant is None
        and math.isnan(value)
        and unicodedata.normalize("NFKC", text).strip().strip("'").lower() in MISSING
    ):
        return
    if meant is None:
        raise Nonsense(f"a cell of {name} that is no number was read as one")
    if not math.isclose(meant, value, rel_tol=1e-9, abs_tol=1e-12):
        raise Nonsense(f"a cell of {name} was read as another number")


def meaning(name: str, text: str) -> float | None:
    """The number that a cell stands for; None where it stands for none."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("'").strip()
    column = doors.VILLAGE_COLUMNS[name]
    if column.table_unit:
        plain = plain.removesuffix(column.table_unit).strip()
    if plain.endswith("%") and "%" in column.units:
        number = meaning(name, plain[:-1])
        return None if number is None else number / 100
    if doors.VILLAGE_COLUMNS[name].kind == "industry":
        return float(INDUSTRIES.index(plain) % 4) if plain in INDUSTRIES else None
    if doors.VILLAGE_COLUMNS[name].kind == "yes_no" and plain.lower() in YES_OR_NO:
        return float(YES_OR_NO.index(plain.lower()) % 2 == 0)
    head, *groups = plain.split(".")[0].lstrip("+-").split(",")
    if groups and head.isdigit() and len(head) <= 3 and all(len(item) == 3 and item.isdigit() for item in groups):
        plain = plain.replace(",", "")
    try:
        return float(plain)
    except ValueError:
        return None


def read_again(content: bytes) -> Mapping[str, dict[str, str]]:
    """An independent reading of a file: code to column to cell; nothing where it has not the plain shape.

    Columns whose heading names a unit are left out, for their numbers may rightly be others.
    """
    text = decoded(content)
    if text is None:
        return {}
    delimiter = max(",;\t|", key=text.split("\n", 1)[0].count)
    try:
        lines = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(map(str.strip, row))
        ]
    except csv.Error:
        return {}
    if not lines:
        return {}
    head = [doors.column_of_heading(cell) if doors.unit_of_heading(cell) == "" else cell for cell in lines[0]]
    if "code" not in head or any(len(row) != len(head) for row in lines):
        return {}
    known = set(place().village_code.tolist())
    rows = [dict(zip(head, row, strict=True)) for row in lines[1:]]
    codes = [row["code"].strip() for row in rows]
    if sorted(codes) != sorted(known):
        return {}
    return {
        code: {name: cell for name, cell in row.items() if name in doors.VILLAGE_COLUMNS}
        for code, row in zip(codes, rows, strict=True)
    }


def decoded(content: bytes) -> str | None:
    """The text of a file in UTF-8 or GBK; None where it is in neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def inputs(folder: Path) -> st.SearchStrategy[Input]:
    """Village tables."""
    return numbers().map(lambda number: make(number, folder))


SUBJECT = Subject("tables", 30, inputs)
