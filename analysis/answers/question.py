"""The district's own aim: can so many villages reach its line, by which measure, from which start?"""

from __future__ import annotations

import pandas as pd

from analysis.answers import Answer
from analysis.data.effects import MEASURES, spread
from analysis.data.once import once
from analysis.data.results import Results

YEARS = 3
"""Years looked at, from the first simulated one."""


def target(results: Results) -> int | None:
    """How many villages the district wants at its line; none where nobody aims."""
    aim = results.manifest.get("district", {}).get("facts", {}).get("target_villages_30")
    return None if aim is None else int(aim)


@once
def table(results: Results) -> pd.DataFrame:
    """Villages at the district's line under the reference, by start, income measure and year.

    Empty where nobody aims: a synthetic province has no report that could, and a county's sheets may name no aim.
    """
    columns = ["start", "measure", "year", "n", "mean", "spread_low", "spread_high", "reached", "target"]
    aim = target(results)
    if aim is None or results.manifest.get("district", {}).get("synthetic"):
        return pd.DataFrame(columns=columns)
    rows = []
    for start in results.starts:
        for measure in (name for name in MEASURES if results.has(f"villages_aim_{name}")):
            stored = results.values(results.reference, f"villages_aim_{measure}", start)
            for year in [year for year in stored.columns if year >= results.start_year][:YEARS]:
                values = stored[year].to_numpy()
                told = (len(values), values.mean(), *spread(values), (values >= aim).sum(), aim)
                rows.append((start, measure, year, *told))
    return pd.DataFrame(rows, columns=columns)


ANSWERS = (Answer("question", table, compares=False),)
