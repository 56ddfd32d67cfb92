"""Findings as CSV files that a spreadsheet opens (UTF-8 with mark)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis import distribution, doubts, inputs, recommendations
from analysis.effects import MANY
from analysis.findings import INCOME, Findings
from analysis.labels.catalogue import LANGUAGES, Words
from analysis.results import Results
from scenarios.csv_files import write_csv

MAIN = ("summary", "effects")


def summary(results: Results) -> pd.DataFrame:
    """Every indicator of every strategy, start and year: mean over futures and range of 90 of 100 futures."""
    rows = []
    for strategy, start in sorted(results.runs.blocks):
        for indicator in sorted(results.runs.indicators):
            values = results.values(strategy, indicator, start)
            few = values.count() < MANY
            rows.append(
                pd.DataFrame(
                    {
                        "strategy": strategy,
                        "start": start,
                        "indicator": indicator,
                        "unit": results.indicator(indicator).get("unit", ""),
                        "year": values.columns,
                        "n": values.count(),
                        "mean": values.mean(),
                        "spread_low": values.min().where(few, values.quantile(0.05)),
                        "spread_high": values.max().where(few, values.quantile(0.95)),
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


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
        named = with_names(table, results)
        write_csv(path, named.columns, named.itertuples(index=False, name=None))
        paths.append(path)
    return paths
