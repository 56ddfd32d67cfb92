"""Effects by place: towns on a small grid, villages at schematic positions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from analysis.answers import Answer
from analysis.answers.winners import changes
from analysis.data.effects import INCOME
from analysis.data.once import once
from analysis.data.results import Results


def schematic(results: Results) -> dict[str, Any]:
    """What the study says of towns and positions; empty where it says nothing."""
    return results.manifest.get("district", {}).get("map") or {}


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


def grid(position: np.ndarray) -> np.ndarray:
    """Column and row of each town on a small grid, near its rough position; no two share a tile.

    The grid is as wide as high districts allow: its sides are in the ratio of the district's extent, with a third more
    tiles than towns. Towns go to tiles so that the sum of squared distances is least.

    Args:
        position: kilometres east and north, shape `(T, 2)`.

    Returns:
        Column from the left and row from the top, integers, shape `(T, 2)`.
    """
    count = len(position)
    extent = np.maximum(np.ptp(position, axis=0), 1e-6)
    across = int(np.clip(round(np.sqrt(1.35 * count * extent[0] / extent[1])), 1, count))
    down = -(-max(count, round(1.35 * count)) // across)
    scaled = (position - position.min(axis=0)) / extent
    place = np.column_stack([scaled[:, 0] * (across - 1), (1 - scaled[:, 1]) * (down - 1)])
    tiles = np.array([(column, row) for row in range(down) for column in range(across)])
    distance = ((place[:, None] - tiles[None]) ** 2).sum(axis=2)
    towns, chosen = linear_sum_assignment(distance)
    result = np.empty((count, 2), dtype=int)
    result[towns] = tiles[chosen]
    return result - result.min(axis=0)


ANSWERS = (Answer("towns", lambda results: by_town(results, INCOME), needs_villages=True),)
