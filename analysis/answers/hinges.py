"""What an answer hangs on: drawn parameters that go with a strategy's effect more closely than chance explains.

The worlds of a study draw all parameters apart from one another, so a strategy's effect can be set against each of
them. With hundreds of parameters some always seem to matter; one is named only if its rank correlation exceeds what
the largest of all of them reaches in 95 of 100 shuffles of the worlds (Westfall and Young's maximum).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.answers import Answer
from analysis.data.effects import HEADLINE, available, change, direction_of, outcomes
from analysis.data.once import once
from analysis.data.ranks import mean_ranks
from analysis.data.results import Results

OUTCOMES = (*HEADLINE, "participation")
FEWEST = 40
"""With fewer worlds only very strong relations could be told from chance."""
SHUFFLES = 2000
MOST_SHUFFLED = 2000
"""Worlds that are shuffled; the limit for more follows from theirs."""
SEED = 417
LEVEL = 0.05
STEP = 500
COLUMNS = (
    "strategy", "indicator", "n", "answer", "parameter", "correlation", "by_chance",
    "third", "low_difference", "low_worse", "high_difference", "high_worse",
)  # fmt: skip


def effect_by_world(results: Results, strategy: str, indicator: str) -> pd.Series:
    """Difference to the reference at the horizon, a value per drawn world (mean over its seeds)."""
    found = change(results, strategy, indicator)
    levels = outcomes(results, results.reference, indicator, results.horizon)
    found[found.abs() <= 1e-9 * max(1.0, float(levels.abs().max()))] = 0.0
    worlds = found.groupby(level="world").mean()
    return worlds[worlds.index >= 0]


@once
def drawn(results: Results, worlds: tuple[int, ...]) -> tuple[pd.DataFrame, np.ndarray]:
    """Values of the parameters that can act and differ between these worlds, and their ranks; empty where none are."""
    values = results.worlds.reindex(worlds).dropna(axis=0, how="all")
    acting = {row["name"] for row in results.manifest.get("parameters", [])} or set(values.columns)
    values = values.loc[:, (values.nunique() > 1) & values.columns.isin(acting)]
    return values, values.to_numpy() if values.empty else standardised(values.to_numpy())


def standardised(values: np.ndarray) -> np.ndarray:
    """Ranks along the first axis, with mean 0 and sum of squares 1; a product of two is their rank correlation."""
    ranks = mean_ranks(values.T).T
    ranks = ranks - ranks.mean(axis=0)
    return ranks / np.maximum(np.sqrt((ranks**2).sum(axis=0)), 1e-300)


def by_chance(parameters: np.ndarray, effect: np.ndarray) -> float:
    """What the largest of all rank correlations stays below in 95 of 100 shuffles of the worlds.

    A rank correlation of n shuffled worlds has the variance 1/(n-1) exactly and is close to normal where worlds are
    many: with more than `MOST_SHUFFLED` these are shuffled, and their limit shrinks as the standard deviation does.
    Both are standardised ranks, `(worlds, parameters)` and `(worlds,)`.
    """
    worlds = len(effect)
    if worlds > MOST_SHUFFLED:
        some = np.linspace(0, worlds - 1, MOST_SHUFFLED).round().astype(int)
        limit = by_chance(standardised(parameters[some]), standardised(effect[some]))
        return limit * float(np.sqrt((MOST_SHUFFLED - 1) / (worlds - 1)))
    largest = [np.abs(effect[order] @ parameters).max(axis=1) for order in shuffles(worlds)]
    return float(np.quantile(np.concatenate(largest), 1 - LEVEL))


@lru_cache(maxsize=1)
def shuffles(worlds: int) -> list[np.ndarray]:
    """`SHUFFLES` orders of so many worlds, in arrays of `STEP`."""
    draw, places = np.random.default_rng(SEED), np.arange(worlds, dtype=np.int16)
    return [draw.permuted(np.tile(places, (STEP, 1)), axis=1) for _ in range(0, SHUFFLES, STEP)]


def thirds(values: pd.Series, change: pd.Series, direction: int) -> dict[str, float]:
    """Mean effect and share of worlds worse where a parameter is in its lower and in its upper third."""
    order = values.sort_values(kind="stable").index
    count = len(order) // 3
    found: dict[str, float] = {"third": count}
    for name, chosen in (("low", order[:count]), ("high", order[-count:])):
        found[f"{name}_difference"] = float(change[chosen].mean())
        found[f"{name}_worse"] = float((change[chosen] * (direction or 1) < 0).mean())
    return found


def of_effect(results: Results, strategy: str, indicator: str) -> list[dict[str, object]]:
    """Rows of one strategy and indicator: its deciding parameters, strongest first, or why none is named."""
    by_world = effect_by_world(results, strategy, indicator)
    values, parameters = drawn(results, tuple(by_world.index))
    by_world = by_world.reindex(values.index)
    row: dict[str, object] = {"strategy": strategy, "indicator": indicator, "n": len(by_world)}
    if values.empty:
        return [row | {"answer": "not_drawn"}]
    if len(by_world) < FEWEST:
        return [row | {"answer": "few"}]
    if by_world.nunique() < 2:
        return [row | {"answer": "constant"}]
    effect = standardised(by_world.to_numpy())
    limit = by_chance(parameters, effect)
    correlation = pd.Series(effect @ parameters, index=values.columns)
    named = correlation[correlation.abs() > limit].sort_values(key=lambda item: -item.abs(), kind="stable")
    if named.empty:
        return [row | {"answer": "none", "by_chance": limit}]
    direction = direction_of(results, indicator)
    return [
        row
        | {"answer": "named", "parameter": name, "correlation": value, "by_chance": limit}
        | thirds(values[name], by_world, direction)
        for name, value in named.items()
    ]


@once
def table(results: Results) -> pd.DataFrame:
    """Deciding parameters by strategy and indicator.

    Columns: strategy, indicator, n (worlds), answer (named; none: nothing exceeds chance; few; constant: the effect is
    always the same; not_drawn), parameter, correlation, by_chance, third (worlds in a third), and for the lower and
    the upper third of the parameter's worlds the mean difference and the share of worlds in which it is worse.
    """
    rows = [
        row
        for strategy in results.others
        for indicator in OUTCOMES
        if available(results, indicator)
        for row in of_effect(results, strategy, indicator)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["parameter"] = frame["parameter"].astype(object).fillna("")
    return frame


def find(frame: pd.DataFrame, strategy: str, indicator: str) -> pd.DataFrame:
    """Rows of one strategy and indicator."""
    return frame[(frame["strategy"] == strategy) & (frame["indicator"] == indicator)]


ANSWERS = (Answer("hinges", table),)
