"""The page on the existing measures says what the strategy holds, and when it ends."""

from __future__ import annotations

import re
from pathlib import Path

from experiments.compose import load_strategy
from sim.policies.registry import LEVERS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/existing.md").read_text(encoding="utf-8")


def test_every_measure_in_force_stands_on_the_page_and_no_other() -> None:
    named = {word for word in re.findall(r"`([a-z_]+)`", PAGE) if word in LEVERS}
    assert named == set(load_strategy("existing").levers)


def test_the_table_of_ends_is_that_of_the_strategy() -> None:
    table = PAGE.partition("## 何时结束")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| [^|`]*`(\w+)` \| (\d{4})", table, re.MULTILINE))
    ends = {key: str(values["end"]) for key, values in load_strategy("existing").levers.items() if "end" in values}
    assert told == ends


def test_every_section_of_the_first_part_is_gone_through() -> None:
    for section in ("一(一)", "一(二)", "一(三)", "一(四)"):
        table = PAGE.partition(f"## {section}")[2].partition("\n## ")[0]
        rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| 报告")]
        assert len(rows) >= 8
        for row in rows:
            meaning = row.split("|")[2].strip()
            assert "not modelled" not in meaning or "because" in meaning, row
