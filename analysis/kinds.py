"""Kinds of villages: what a village had at first, who gains and who loses, and how participation differs by kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.distribution import TOLERANCE, changes, starting_values, tier_of
from analysis.effects import paired_summary, verdict
from analysis.results import Results

THIRDS = {"home_share": "home", "organisation": "organisation"}
FEWEST = 1.0
DESCRIBED = (
    "income_operating", "market_access", "home_share", "dependency", "organisation", "alliance", "stake",
)  # fmt: skip
AT_END = ("alliance", "stake")
WHO_COLUMNS = ("strategy", "group", "villages", "poor", *DESCRIBED)


def thirds(values: np.ndarray) -> np.ndarray:
    """0, 1 or 2 for the lowest, middle and highest third of villages of each future, `(F, V)`."""
    order = np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable")
    return order * 3 // values.shape[1]


def kinds(results: Results) -> dict[str, np.ndarray]:
    """Class of each village at the start of its future, `(F, V)`, by what the classes are about."""

    def first(column: str) -> np.ndarray:
        return starting_values(results, column).by_strategy[results.reference]

    found = {"income": tier_of(first("income_operating"))}
    if results.has_village_columns("service_upgraded"):
        found["centre"] = (first("service_upgraded") > 0).astype(int)
    for column, name in THIRDS.items():
        if results.has_village_columns(column) and np.ptp(first(column)) > 0:
            found[name] = thirds(first(column))
    return found


def group_means(change: np.ndarray, classes: np.ndarray, number: int) -> np.ndarray:
    """Mean change of the villages of one class, a value per future that has any."""
    inside = classes == number
    count = inside.sum(axis=1)
    return (np.where(inside, change, 0).sum(axis=1) / np.maximum(count, 1))[count > 0]


def by_kind(results: Results, column: str) -> pd.DataFrame:
    """Mean difference to the reference at the horizon by kind of village, and the range of 90 of 100 futures."""
    villages = results.village_values(column, results.horizon)
    rows = []
    for name, classes in kinds(results).items():
        for key, change in changes(results, villages):
            for number in np.unique(classes):
                means = group_means(change, classes, number)
                found = paired_summary(means, 0 * means)
                rows.append(
                    {
                        "kind": name,
                        "class": int(number),
                        "strategy": key,
                        "villages": (classes == number).sum(axis=1).mean(),
                        "difference": means.mean(),
                        "low": found["spread_low"],
                        "high": found["spread_high"],
                        "share_better": found["share_better"],
                        "n": len(means),
                        "verdict": verdict(found | {"direction": 1}),
                    }
                )
    columns = ["kind", "class", "strategy", "villages", "difference", "low", "high", "share_better", "n", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def who(results: Results, column: str) -> pd.DataFrame:
    """Villages that gain and lose by a measure of income, described by what they had at first.

    One row per strategy for those that gain and those that lose, and one for all villages. Conditions are those of the
    start of the future; being in an alliance and holding a stake are those of the horizon under the strategy. A group
    of fewer than `FEWEST` villages on average is not described.
    """
    villages = results.village_values(column, results.horizon)
    shown = [name for name in DESCRIBED if results.has_village_columns(name)]
    first = {
        name: starting_values(results, name).by_strategy[results.reference] for name in shown if name not in AT_END
    }
    rows = []
    for key, change in changes(results, villages):
        have = dict(first)
        for name in set(AT_END) & set(shown):
            have[name] = (results.village_values(name, results.horizon).by_strategy[key] > 0) * 1.0
        groups = {"gain": change > TOLERANCE, "lose": change < -TOLERANCE, "all": np.ones(change.shape, dtype=bool)}
        for group, inside in groups.items():
            count = inside.sum(axis=1).mean()
            row: dict[str, object] = {"strategy": key, "group": group, "villages": count}
            if count >= FEWEST:
                row["poor"] = (have["income_operating"][inside] < 10).mean()
                row |= {name: have[name][inside].mean() for name in shown}
            rows.append(row)
    return pd.DataFrame(rows, columns=list(WHO_COLUMNS)).dropna(axis=1, how="all")
