"""Findings as CSV files that a spreadsheet opens (UTF-8 with mark)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.answers import doubts, found, recommendations, telling
from analysis.data.once import once
from analysis.data.results import Results
from analysis.drawing.base import indicator_name
from analysis.sentences.catalogue import LANGUAGES, Words, kind_of
from analysis.sentences.verdict import MANY
from scenarios.csv_files import write_csv

MAIN = ("summary", "effects")


@once
def summary(results: Results) -> pd.DataFrame:
    """Every indicator of every strategy, start and year: mean over futures and range of 90 of 100 futures."""
    blocks = []
    for strategy, start in sorted(results.runs.blocks):
        series = {name: results.values(strategy, name, start) for name in sorted(results.runs.names)}
        whole = pd.concat(series, axis=1, names=["indicator", "year"])  # a row per future, a column per indicator, year
        n, (low, high) = whole.count(), ends(whole.to_numpy())
        few = n < MANY
        found = pd.DataFrame({"n": n, "mean": whole.mean(), "spread_low": whole.min().where(few, low),
                              "spread_high": whole.max().where(few, high)}).reset_index()  # fmt: skip
        found.insert(0, "start", start)
        found.insert(0, "strategy", strategy)
        blocks.append(found)
    return pd.concat(blocks, ignore_index=True)


def ends(values: np.ndarray) -> np.ndarray:
    """5th and 95th percentile of each column, `(2, C)`; undefined values do not count."""
    found = np.empty((2, values.shape[1]))
    whole = ~np.isnan(values).any(axis=0)
    found[:, whole] = np.quantile(values[:, whole], (0.05, 0.95), axis=0)
    found[:, ~whole] = np.nanquantile(values[:, ~whole], (0.05, 0.95), axis=0)
    return found


def with_names(table: pd.DataFrame, results: Results) -> pd.DataFrame:
    """Behind each key its names in both languages, and behind an indicator its unit."""
    table = table.drop(columns="unit", errors="ignore")
    named: dict[str, Callable[[str, str], str]] = {
        "indicator": lambda key, lang: indicator_name(results, key, Words.of(results.manifest, lang)),
        "lever": results.lever_name,
        "strategy": results.name,
        "form": lambda key, lang: telling.form_name(results, key, Words.of(results.manifest, lang)),
    }
    for column, name in named.items():
        if column in table.columns:
            place = table.columns.get_loc(column) + 1
            keys = {key: key for key in table[column].unique()}
            if column == "indicator":
                table.insert(place, "unit", table[column].map({key: unit_of(results, key) for key in keys}))
            for lang in reversed(LANGUAGES):
                table.insert(place, f"{column}_{lang}", table[column].map({key: name(key, lang) for key in keys}))
    return table


def unit_of(results: Results, indicator: str) -> str:
    """Unit of an indicator in the tables, where numbers are as the model has them; 1 for a share or an index."""
    kind = kind_of(indicator)
    told = {"villages": "村", "points": "1", "index": "1"}.get(kind, "万元")
    return str(results.indicator(indicator).get("unit", told)) or "1"


def with_sentences(results: Results) -> pd.DataFrame:
    """The sheet of recommendations with its sentences in both languages."""
    table = recommendations.table(results).copy()
    table["equal_cost"] = recommendations.costs_equal(results)
    for lang in LANGUAGES:
        words = Words.of(results.manifest, lang)
        for name, tell in (("backfires", doubts.backfires), ("hangs_on", doubts.hangs_on)):
            table[f"{name}_{lang}"] = [
                tell(results, row["strategy"], row["main"], words) if row["status"] == recommendations.MODELLED else ""
                for _, row in table.iterrows()
            ]
    return table


def write_tables(results: Results, folder: Path) -> list[Path]:
    """Write `summary.csv` and `effects.csv`, and in `tables/` all other answers."""
    tables = {"summary": summary(results)}
    for answer in found().values():
        if answer.can_tell(results):
            tables[answer.name] = answer.table(results)
    if recommendations.in_study(results):
        tables["recommendations"] = with_sentences(results)
    return write_named(tables, results, folder)


def write_named(tables: Mapping[str, pd.DataFrame], results: Results, folder: Path) -> list[Path]:
    """Write tables with names beside keys: the main ones into the folder, the others into `tables/`."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in tables.items():
        paths.append(folder / ("" if name in MAIN else "tables") / f"{name}.csv")
        named = with_names(table, results)
        write_csv(paths[-1], named.columns, named.itertuples(index=False, name=None))
    return paths
