"""The report of a study that leaves processes out of the model: two tables in two languages, and no figures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.answers import ablation
from analysis.data.effects import HEADLINE
from analysis.data.results import Results
from analysis.sentences.catalogue import Words, kind_of
from scenarios.csv_files import write_csv

LEVELS = (*HEADLINE, "villages_10_operating", "participation")
EFFECTS = LEVELS[:-1]


def write_tables(results: Results, folder: Path) -> None:
    """`tables/patterns.csv` and `tables/ablation.csv`, readable by a spreadsheet."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, table in (("patterns", ablation.patterns(results)), ("ablation", ablation.moves(results))):
        write_csv(folder / "tables" / f"{name}.csv", table.columns, table.itertuples(index=False, name=None))


def page(results: Results, lang: str) -> dict[str, Any]:
    """Everything the template needs in one language."""
    words, bases = Words.of(results.manifest, lang), ablation.bases(results)
    names = [results.name(key, lang) for key in bases]
    lead = words("ablation_lead" if len(bases) > 1 else "ablation_lead_single", n=results.n, policies=names[-1])
    found = ablation.patterns(results)
    district = results.manifest.get("district", {}).get(lang, "")
    small = words.percent(ablation.SMALL)
    return {
        "t": words,
        "lang": lang,
        "title": words("ablation_title", district=district),
        "lead": lead,
        "names": names,
        "patterns": pattern_rows(found[found["process"] == ""], bases, words),
        "processes": process_rows(results, found, words),
        "levels": [head(name, words) for name in LEVELS if results.has(name)],
        "effects": [head(name, words) for name in EFFECTS] if len(bases) > 1 else [],
        "note": words("ablation_processes_note", year=results.horizon, n=results.n, small=small,
                      points=words.number(50 * ablation.SMALL)),
    }  # fmt: skip


def head(name: str, words: Words) -> tuple[str, str]:
    """Name and unit of an indicator."""
    return words(f"short_{name}"), words.unit(kind_of(name))


def pattern_rows(found: pd.DataFrame, bases: list[str], words: Words) -> list[dict[str, Any]]:
    """A line per pattern: its range, and median and count of futures under each base."""
    rows = []
    for key, part in found.groupby("pattern", sort=False):
        first, by_strategy = part.iloc[0], part.set_index("strategy")
        cells = []
        for base in bases:
            if base not in by_strategy.index:
                cells.append({"median": "–", "share": "", "holds": True})
                continue
            row = by_strategy.loc[base]
            count = words("futures_short", count=round(row["share"] * row["n"]), n=int(row["n"]))
            cells.append({"median": words.number(row["median"], 2), "share": count,
                          "holds": row["share"] >= ablation.HOLDS})  # fmt: skip
        low, high = f"{first['low']:g}", f"{first['high']:g}"
        text = f"≥ {low}" if math.isinf(first["high"]) else f"{low} – {high}"
        rows.append({"name": words(f"pattern_{key}"), "range": text, "cells": cells})
    return rows


def process_rows(results: Results, found: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    """A line per process: patterns lost, what moves, and whether it is idle."""
    table = ablation.moves(results).set_index(["process", "indicator"])
    lost, idle = ablation.lost(found), ablation.idle(results)
    rows = []
    for process, entry in ablation.left_out(results).items():
        cells = [cell(table.loc[(process, name)], "level_change", name, words) for name in LEVELS if results.has(name)]
        if "effect_change" in table.columns:
            cells += [cell(table.loc[(process, name)], "effect_change", name, words) for name in EFFECTS]
        rows.append(
            {"name": entry[words.lang], "lost": ", ".join(lost.get(process, [])) or words("ablation_none"),
             "cells": cells, "idle": words("ablation_idle" if process in idle else "ablation_needed")}
        )  # fmt: skip
    return rows


def cell(row: pd.Series, name: str, indicator: str, words: Words) -> dict[str, Any]:
    """One change with the half width of its interval."""
    kind = kind_of(indicator)
    text = f"{words.amount(kind, row[name], signed=True)} ± {words.amount(kind, row[f'{name}_half'])}"
    return {"text": text, "large": bool(row[f"{name}_large"])}
