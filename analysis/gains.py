"""Who gains along the distribution of income: quantile effects and Lorenz curves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.effects import spread
from analysis.equity import lorenz
from analysis.results import Results

PERCENTS = tuple(range(2, 100, 4))


def quantile_effects(results: Results, column: str) -> pd.DataFrame:
    """Difference between equal places in the two distributions at the horizon, by strategy and place.

    The village at the 10 % place under the strategy is set against the one at the 10 % place under the reference in
    the same future; they need not be the same village. Mean over futures and range of 90 of 100 futures.
    """
    villages = results.village_values(column, results.horizon)
    points = np.array(PERCENTS) / 100
    base = np.quantile(villages.by_strategy[results.reference], points, axis=1)
    rows = []
    for key in results.others:
        if key not in villages.by_strategy:
            continue
        change = np.quantile(villages.by_strategy[key], points, axis=1) - base
        for percent, values in zip(PERCENTS, change, strict=True):
            low, high = spread(values)
            rows.append((key, percent, values.mean(), low, high))
    return pd.DataFrame(rows, columns=["strategy", "percent", "difference", "low", "high"])


def lorenz_curves(results: Results, column: str) -> pd.DataFrame:
    """Lorenz curves of village income at the horizon, mean over futures, in steps of one per cent."""
    villages = results.village_values(column, results.horizon)
    curves = {key: lorenz(values) for key, values in villages.by_strategy.items()}
    return pd.DataFrame({"share_of_villages": np.linspace(0, 1, 101), **curves})
