"""qiangcun init: an empty village table to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.flags import Flags
from experiments.messages import WHERE, say
from scenarios import load_district, write_village_template
from scenarios.district import PROVINCE_FILE, find_folder
from sim.problems import InputErrors, Problem

ABOUT = ("生成待填写的村情表", "write a village table to fill in")


def main(arguments: Sequence[str]) -> None:
    """Write a village table with the district's villages and empty columns."""
    parser = Flags("init")
    parser.offer("file", "要生成的文件", "file to write (villages.csv)", nargs="?", default="villages.csv")
    parser.offer("--district", "地名或文件夹", "name or folder", default="enyang")
    parser.add_language()
    chosen = parser.read(arguments)
    if (find_folder(chosen.district) / PROVINCE_FILE).is_file():
        zh, en = "省没有村情表；应为区县", "a province has no village table; name a district"
        raise InputErrors([Problem(zh, en, file=WHERE, field="--district", value=chosen.district)])
    table, explanation = write_village_template(load_district(chosen.district), Path(chosen.file))
    say(f"村情表 {table.resolve()}", f"Village table {table.resolve()}")
    say(f"各列说明 {explanation.resolve()}", f"Its columns {explanation.resolve()}")
    say(f"填写后运行 qiangcun compare district.village_table={chosen.file}",
        f"When filled in: qiangcun compare district.village_table={chosen.file}")  # fmt: skip
