"""Findings as CSV files that a spreadsheet opens (UTF-8 with mark)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis import distribution, doubts, inputs, recommendations
from analysis.effects import MANY
from analysis.findings import INCOME, Findings
from analysis.labels.catalogue import LANGUAGES, Words
from analysis.results import Results

ENCODING = "utf-8-sig"
MAIN = ("summary", "effects")


def summary(results: Results) -> pd.DataFrame:
    """Every indicator of every strategy, start and year: mean over futures and range of 90 of 100 futures."""
    long = results.table.melt(ignore_index=False, var_name="indicator").dropna()
    groups = long.groupby(["strategy", "start", "indicator", "year"], observed=True)["value"]
    table = groups.agg(n="count", mean="mean")
    few = table["n"] < MANY
    table["spread_low"] = groups.min().where(few, groups.quantile(0.05))
    table["spread_high"] = groups.max().where(few, groups.quantile(0.95))
    table = table.reset_index()
    table.insert(3, "unit", table["indicator"].map(lambda name: results.indicator(name).get("unit", "")))
    return table


def with_names(table: pd.DataFrame, results: Results) -> pd.DataFrame:
    """Add the strategies' names in both languages behind their keys."""
    if "strategy" not in table.columns:
        return table
    table = table.copy()
    position = table.columns.get_loc("strategy") + 1
    for offset, lang in enumerate(LANGUAGES):
        names = table["strategy"].map(lambda key, lang=lang: results.name(key, lang))
        table.insert(position + offset, f"strategy_{lang}", names)
    return table


def with_sentences(findings: Findings) -> pd.DataFrame:
    """The sheet of recommendations with its sentences in both languages."""
    table = findings.recommendations.copy()
    table["equal_cost"] = recommendations.costs_equal(findings.results)
    for lang in LANGUAGES:
        words = Words(lang)
        for name, tell in (("backfires", doubts.backfires), ("hangs_on", doubts.hangs_on)):
            table[f"{name}_{lang}"] = [
                tell(findings, row["strategy"], row["main"], words) if row["status"] == recommendations.MODELLED else ""
                for _, row in table.iterrows()
            ]
    return table


def write_tables(findings: Findings, folder: Path) -> list[Path]:
    """Write `summary.csv` and `effects.csv`, and in `tables/` all others with the numbers beneath every figure."""
    from analysis.plots import FIGURES

    results = findings.results
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    tables = {"summary": summary(results), "effects": findings.effects, "question": findings.question}
    if results.has_villages() and results.others:
        tables["villages"] = distribution.by_village(results, INCOME)
    if results.others:
        tables |= {"league_places": findings.places, "cost_per_unit": findings.effectiveness}
    if results.has_villages() and results.others:
        tables["who_gains"] = findings.who
    if results.others:
        tables |= {"hinges": findings.hinges, "backfires": findings.backfires}
    if recommendations.in_study(results):
        tables["recommendations"] = with_sentences(findings)
    tables["inputs"] = inputs.table(results)
    for plot in FIGURES:
        if plot.possible(findings):
            tables[plot.name] = plot.data(findings)
    paths = []
    for name, table in tables.items():
        path = folder / ("" if name in MAIN else "tables") / f"{name}.csv"
        with_names(table, results).to_csv(path, index=False, encoding=ENCODING)
        paths.append(path)
    return paths
