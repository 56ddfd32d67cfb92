"""Effects by town."""

from __future__ import annotations

import pandas as pd

from analysis.answers import Answer
from analysis.answers.winners import changes
from analysis.data.effects import INCOME
from analysis.data.once import once
from analysis.data.results import Results


@once
def by_town(results: Results, column: str) -> pd.DataFrame:
    """Mean difference of a town's villages at the horizon, and the share of futures in which it is above zero."""
    villages = results.village_values(column, results.horizon)
    towns = list(dict.fromkeys(villages.towns))
    rows = []
    for key, change in changes(results, villages):
        for town in towns:
            means = change[:, villages.towns == town].mean(axis=1)
            count = int((villages.towns == town).sum())
            rows.append((key, town, count, means.mean(), (means > 0).mean(), len(means)))
    return pd.DataFrame(rows, columns=["strategy", "town", "villages", "difference", "share_better", "n"])


ANSWERS = (Answer("towns", lambda results: by_town(results, INCOME), needs_villages=True),)
