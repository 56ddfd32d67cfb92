"""Does public money reach weak villages? Concentration of aid against starting income.

Villages of a future are ordered by the operating income they had at first. The concentration curve gives the share of
all public money that the lowest 0, 1, ... 100 % received over the simulated years. The index is -1 where the poorest
village gets everything, 0 where income does not matter, +1 where the richest gets everything. Villages without income
cannot be ordered among themselves: each counts with their mean.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.answers import Answer
from analysis.answers.winners import starting_values
from analysis.data.effects import spread
from analysis.data.once import once
from analysis.data.results import Results

COLUMN = "public_money"
POOREST = 0.4


def ordered(aid: np.ndarray, income: np.ndarray) -> np.ndarray:
    """Share of all aid by village, from the lowest income to the highest, `(F, V)`; not a number without aid."""
    aid = np.maximum(aid, 0)
    without = income <= 0
    mean = np.where(without, aid, 0).sum(axis=1, keepdims=True) / np.maximum(without.sum(axis=1, keepdims=True), 1)
    aid = np.where(without, mean, aid)
    aid = np.take_along_axis(aid, np.argsort(income, axis=1, kind="stable"), axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return aid / aid.sum(axis=1, keepdims=True)


def index(shares: np.ndarray) -> np.ndarray:
    """Concentration index of each future, `(F, V)` to `(F,)`."""
    count = shares.shape[1]
    place = (np.arange(count) + 0.5) / count
    return 2 * (shares * place).sum(axis=1) - 1


def curve(shares: np.ndarray, points: int = 101) -> np.ndarray:
    """Concentration curve, mean over futures."""
    summed = np.concatenate([np.zeros((len(shares), 1)), shares.cumsum(axis=1)], axis=1).mean(axis=0)
    return np.interp(np.linspace(0, 1, points), np.linspace(0, 1, len(summed)), summed)


def shares(results: Results) -> dict[str, np.ndarray]:
    """Ordered shares of aid by strategy; strategies that gave nothing in some future are left out."""
    money = results.village_total(COLUMN).by_strategy
    income = starting_values(results, "income_operating").by_strategy[results.reference]
    found = {key: ordered(values, income) for key, values in money.items()}
    return {key: values for key, values in found.items() if np.isfinite(values).all()}


@once
def table(results: Results) -> pd.DataFrame:
    """Concentration index with its spread and the share of the poorest 40 %, by strategy."""
    rows = []
    for key, values in shares(results).items():
        value = index(values)
        rows.append((key, value.mean(), *spread(value), curve(values)[round(100 * POOREST)]))
    return pd.DataFrame(rows, columns=["strategy", "index", "low", "high", "poorest_40"])


ANSWERS = (Answer("aid", table, lambda results: results.has_village_columns(COLUMN), needs_villages=True),)
