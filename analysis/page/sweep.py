"""The report of a sweep: what it tells, two figures, and a table of cells with a column for each setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from analysis.answers import found, sweep
from analysis.answers.trajectories import LEVEL_UNKNOWN
from analysis.data.results import Results
from analysis.drawing.base import indicator_name
from analysis.page import context, figures, notes
from analysis.page.outline import SWEEP
from analysis.page.tables import summary, write_named
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import CLEAR

MOST_ROWS = 48
"""Cells in the page's table; where they are more, those with the largest effect."""


def write_tables(results: Results, folder: Path) -> None:
    """`summary.csv`, and cells and steps in `tables/`."""
    tables = {"summary": summary(results), "sweep": sweep.table(results), "sweep_steps": sweep.steps(results)}
    write_named(tables, results, folder)


def page(results: Results, lang: str) -> dict[str, Any]:
    """Everything the template needs in one language."""
    manifest = results.manifest
    words, node = Words.of(manifest, lang), manifest["sweep"]
    district, what = manifest.get("district", {}).get(lang, ""), sweep.swept_names(results, Words(lang))
    answers = [found()[name] for name in SWEEP if found()[name].can_tell(results)]
    drawings = [figures.draw(answer, answer.picture, results, words) for answer in answers if answer.picture]
    cells, alike = len(sweep.places(results)), len({cell["reference"] for cell in node["cells"]}) > 1
    reference = words("quoted", name=node[f"reference_{lang}"])
    return {
        "t": words,
        "lang": lang,
        "title": words("sweep_title", district=district, what=what),
        "lead": words("sweep_lead", cells=cells, n=results.n, reference=reference, year=results.horizon)
        + (words("sweep_same_parameters") if alike else ""),
        "warnings": [*notes.warnings(results, words), *notes.remarks(results, words)],
        "sentences": sweep.sentences(results, words),
        "figures": [context.figure(drawing, results, words, data="sweep") for drawing in drawings],
        **rows(results, words),
        "record": words("sweep_record", command=manifest.get("command", ""), id=str(manifest.get("id", ""))[:12],
                        version=manifest.get("versions", {}).get("qiangcun", "")),
    }  # fmt: skip


def rows(results: Results, words: Words) -> dict[str, Any]:
    """Heads and lines of the table of cells, and the note below it."""
    table = sweep.table(results)
    income = table[table["indicator"] == table["indicator"].iloc[0]].set_index("strategy")["difference"]
    kept = income.abs().sort_values(ascending=False).index[:MOST_ROWS]
    lines = []
    for key, part in table.groupby("strategy", sort=False):
        if key in kept:
            place = zip(sweep.settings(results), sweep.places(results)[str(key)], strict=True)
            numbers = [text for _, row in part.iterrows() for text in number(row, words)]
            lines.append({"settings": [sweep.written(item, rank, words) for item, rank in place], "numbers": numbers})
    names = list(dict.fromkeys(table["indicator"]))
    return {
        "settings": [(item[words.lang], item["unit_zh" if words.lang == "zh" else "unit"])
                     for item in sweep.settings(results)],
        "indicators": [(indicator_name(results, name, words), words.unit(kind_of(name)), 2 - (name in LEVEL_UNKNOWN))
                       for name in names],
        "rows": lines,
        "note": words("sweep_note", range=words.spread_name(results.n), shown=len(lines), cells=len(income)),
    }  # fmt: skip


def number(row: pd.Series, words: Words) -> list[str]:
    """Level of an indicator, if it is known; what the cell changes, with its range; a mark where it can't be told."""
    kind = kind_of(row["indicator"])
    span = words.span(kind, row["spread_low"], row["spread_high"], signed=True)
    change = f"{words.amount(kind, row['difference'], signed=True)} ({span})" + (
        "" if row["verdict"] in CLEAR else " ○"
    )
    level = [] if row["indicator"] in LEVEL_UNKNOWN else [words.amount(kind, row["level"])]
    return [*level, "=" if row["verdict"] == "same" else change]
