"""An empty village table for a user to fill in, with a second file that explains its columns."""

from __future__ import annotations

import os
from pathlib import Path

from scenarios.columns import INDUSTRIES, NAMING_COLUMNS, VILLAGE_COLUMNS, Column
from scenarios.csv_files import write_csv
from scenarios.errors import InputErrors, Problem
from sim.district import District


def write_village_template(district: District, path: str | Path) -> tuple[Path, Path]:
    """Write a village table with the district's villages and empty columns, and an explanation beside it.

    Cells that stay empty keep their synthetic values.

    Args:
        district: the place whose villages the table lists.
        path: the CSV file to write, UTF-8 with byte order mark so that Excel and WPS read it.

    Returns:
        The table and the file that explains its columns (`..._columns.csv`).

    Raises:
        InputErrors: one of the files exists already, or the folder does not.
    """
    table = Path(os.path.expanduser(path))
    explanation = table.with_name(f"{table.stem}_columns.csv")
    problems = [
        Problem("文件已存在,不会覆盖", "file exists and is not overwritten", file=str(item))
        for item in (table, explanation)
        if os.path.lexists(item)
    ]
    if not table.parent.is_dir():
        problems.append(Problem("文件夹不存在", "folder does not exist", file=str(table.parent)))
    if problems:
        raise InputErrors(problems)
    header = [*NAMING_COLUMNS, *VILLAGE_COLUMNS]
    towns = [district.town_name[town] for town in district.town_of]
    villages = zip(district.village_code, district.village_name, towns, strict=True)
    write_csv(table, header, ([*naming, *[""] * len(VILLAGE_COLUMNS)] for naming in villages), is_new=True)
    heading = ["column", "列名", "unit", "单位", "low", "high", "allowed", "说明", "meaning"]
    try:
        explained = [*naming_rows(), *(explain(item) for item in VILLAGE_COLUMNS.values())]
        write_csv(explanation, heading, explained, is_new=True)
    except BaseException:
        table.unlink()
        raise
    return table, explanation


def naming_rows() -> list[list[str]]:
    """Explanations of the columns that say which village a row speaks of."""
    zh = {"code": "请保持文本格式;没有代码则按村名和镇对应", "name": "填写则须与代码相符", "town": "村名相同时用来区分"}
    en = {
        "code": "keep it as text; without it villages go by name and town",
        "name": "must fit the code if both are given",
        "town": "tells villages of one name apart",
    }
    return [[name, label, "", "", "", "", "", zh[name], en[name]] for name, label in NAMING_COLUMNS.items()]


def explain(column: Column) -> list[str]:
    """The row that explains one column."""
    rule_zh = "可留空;空格用合成值,不当作 0"
    rule_en = "may stay empty; where it does, synthetic values stand in, not 0"
    if column.kind == "industry":
        names = "、".join(f"{name}={label}" for name, label in INDUSTRIES.items())
        rule_zh += f"。{names}"
    low, high = ("", "") if column.kind == "industry" else (f"{column.low:g}", f"{column.high:g}")
    words = [column.unit, column.unit_zh, low, high, column.allowed()]
    return [column.name, column.zh, *words, rule_zh, f"{column.en}; {rule_en}"]
