"""What the templates need: head, notes, the sections in their order, and tables of numbers beneath figures."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.answers import found, telling
from analysis.data.results import Results
from analysis.drawing.base import indicator_name
from analysis.page import notes, outline, sheet
from analysis.page.figures import Drawing
from analysis.sentences.catalogue import Words

NAMED = {
    "measure": "measure_", "stage": "stage_", "what": "value_", "verdict": "verdict_", "answer": "answer_",
    "kind": "kind_", "effect": "effectiveness_",
    "asked": "asked_", "stands": "stands_",
}  # fmt: skip
"""Columns whose values are words, and what the ids of these words begin with."""
MOST_ROWS = 250
"""Longer tables stand in their file only."""


def build(results: Results, words: Words, shown: set[str]) -> dict[str, Any]:
    """All parts of the page in one language; `shown` are the sections that have figures."""
    district = results.manifest.get("district", {})
    return {
        "title": words("report_title", district=district.get(words.lang, ""), villages=results.village_count),
        "meta": notes.meta(results, words),
        "synthetic": notes.synthetic(results, words),
        "given": (district.get("given_told") or {}).get(words.lang, []),
        "warnings": notes.warnings(results, words),
        "remarks": notes.remarks(results, words),
        "sections": [
            {
                "id": section.id, "number": number, "title": words(f"section_{section.id}"),
                "first": section.first(results, words), "printed": section.printed,
                "template": f"sections/{section.id}.html.j2", "parts": section.parts(results, words),
            }
            for number, section in enumerate(outline.shown(results, shown), start=1)
        ],
        "sheet": sheet.build(results, words),
        "spread": words.spread_name(results.n),
        "year": results.horizon,
        "start_year": results.start_year,
        "n": results.n,
    }  # fmt: skip


def figure(drawing: Drawing, results: Results, words: Words, data: str = "") -> dict[str, Any]:
    """A figure with its numbers; `data` is the table in whose file they stand, if it is not named like the figure."""
    table = plain_table(found()[drawing.name].table(results), results, words)
    return {**vars(drawing), "table": table, "data": data or drawing.name}


def plain_table(table: pd.DataFrame, results: Results, words: Words) -> dict[str, Any]:
    """A table of numbers with heads and names in one language."""
    heads = [column_name(str(column), results, words) for column in table.columns]
    if len(table) > MOST_ROWS:
        return {"heads": heads, "rows": [], "count": len(table)}
    rows = [[cell(column, value, results, words) for column, value in row.items()] for _, row in table.iterrows()]
    return {"heads": heads, "rows": rows, "count": len(table)}


def column_name(column: str, results: Results, words: Words) -> str:
    """Head of a column of a table of numbers."""
    for key in (f"column_{column}", f"payer_{column}"):
        if words.has(key):
            return words(key)
    return results.name(column, words.lang) if column in results.strategies else column


def cell(column: str, value: Any, results: Results, words: Words) -> str:
    """One value of a table of numbers."""
    if column == "strategy":
        return results.name(str(value), words.lang)
    if column == "lever":
        return results.lever_name(str(value), words.lang)
    if column == "indicator":
        key = f"fate_{value}"
        return words(key) if words.has(key) else indicator_name(results, str(value), words)
    if column == "form" or (column == "start" and value in results.forms):
        return telling.form_name(results, str(value), words)
    if column == "start":
        return telling.start_name(str(value), words)
    if column == "first_by":
        return words.join([words(f"criterion_{name}") for name in str(value).split()])
    if isinstance(value, bool):
        return words("answer_yes" if value else "answer_no")
    if column in NAMED and words.has(f"{NAMED[column]}{value}"):
        return words(f"{NAMED[column]}{value}")
    if isinstance(value, float):
        return "–" if not math.isfinite(value) else f"{value:.4g}".replace("-", "−")
    return str(value)
