"""The report's own question: can 42 villages reach 30 万元, by which measure, from which start?"""

from __future__ import annotations

import pandas as pd

from analysis.answers import Answer
from analysis.data.effects import MEASURES, spread
from analysis.data.once import once
from analysis.data.results import Results

YEARS = (2024, 2025, 2026)
TARGET = 42


def target(results: Results) -> int:
    """The published aim; 42 villages unless the district says otherwise."""
    facts = results.manifest.get("district", {}).get("facts", {})
    return int(facts.get("target_villages_30", TARGET))


@once
def table(results: Results) -> pd.DataFrame:
    """Villages at 30 万元 or more under the reference, by start, income measure and year; empty where nobody aims.

    A synthetic province has no report that could aim at anything.
    """
    columns = ["start", "measure", "year", "n", "mean", "spread_low", "spread_high", "reached", "target"]
    if results.manifest.get("district", {}).get("synthetic"):
        return pd.DataFrame(columns=columns)
    rows = []
    aim = target(results)
    for start in results.starts:
        for measure in (name for name in MEASURES if results.has(f"villages_30_{name}")):
            indicator = f"villages_30_{measure}"
            stored = results.values(results.reference, indicator, start)
            for year in YEARS:
                if year in stored.columns:
                    values = stored[year].to_numpy()
                    told = (len(values), values.mean(), *spread(values), (values >= aim).sum(), aim)
                    rows.append((start, measure, year, *told))
    return pd.DataFrame(rows, columns=columns)


ANSWERS = (Answer("question", table, compares=False),)
