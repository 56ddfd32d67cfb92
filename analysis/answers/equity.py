"""How unequal villages are: Gini, Theil with its split by town, Lorenz curve.

Negative incomes are set to zero before any of these is computed: with negatives the Gini has no upper bound
and the Theil index is undefined. Where all incomes are zero the measures are not a number.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.answers import Answer
from analysis.data.effects import INCOME, spread
from analysis.data.once import once
from analysis.data.results import Results


def gini(values: np.ndarray) -> np.ndarray:
    """Gini coefficient along the last axis, shape `(..., V)` to `(...)`."""
    ordered = np.sort(np.maximum(np.asarray(values, dtype=float), 0), axis=-1)
    count = ordered.shape[-1]
    total = ordered.sum(axis=-1)
    rank = np.arange(1, count + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 2 * (ordered * rank).sum(axis=-1) / (count * total) - (count + 1) / count


def theil(values: np.ndarray) -> np.ndarray:
    """Theil T index along the last axis; a village with no income contributes nothing."""
    values = np.maximum(np.asarray(values, dtype=float), 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = values / values.mean(axis=-1, keepdims=True)
        return np.where(ratio > 0, ratio * np.log(ratio), np.where(np.isnan(ratio), np.nan, 0)).mean(axis=-1)


def theil_split(values: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Theil T of incomes `(..., V)` within and between groups `(V,)`; the two add up to the whole exactly."""
    values = np.maximum(np.asarray(values, dtype=float), 0)
    total = values.sum(axis=-1)
    within, between = np.zeros(values.shape[:-1]), np.zeros(values.shape[:-1])
    with np.errstate(invalid="ignore", divide="ignore"):
        for group in np.unique(groups):
            members = values[..., groups == group]
            share = members.sum(axis=-1) / total
            size = members.shape[-1] / values.shape[-1]
            inside = np.where(share > 0, theil(members), 0)
            within = within + share * inside
            between = between + np.where(share > 0, share * np.log(share / size), np.where(np.isnan(share), np.nan, 0))
    return within, between


@once
def table(results: Results, column: str = "income_operating") -> pd.DataFrame:
    """Inequality of village incomes at the horizon: mean over futures and the range of 90 of 100 futures."""
    villages = results.village_values(column, results.horizon)
    rows = {}
    for key, values in villages.by_strategy.items():
        coefficient = gini(values)
        parts = (theil(values), *theil_split(values, villages.towns))
        rows[key] = [coefficient.mean(), *spread(coefficient), *(part.mean() for part in parts)]
    columns = ["gini", "gini_low", "gini_high", "theil", "theil_within", "theil_between"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


ANSWERS = (
    Answer(
        "inequality",
        lambda results: table(results, INCOME).rename_axis("strategy").reset_index(),
        needs_villages=True,
        compares=False,
    ),
)
