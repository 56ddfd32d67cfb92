"""Which villages gain and which lose, compared in the same future."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.results import Results
from analysis.village_table import VillageValues

TOLERANCE = 0.1
TIERS = (0.0, 5.0, 10.0, 30.0)


def labels(codes: np.ndarray, towns: np.ndarray) -> list[str]:
    """Names that point to no real village: town and number within the town, such as 玉山镇-07."""
    seen: dict[str, int] = {}
    names = []
    for town in towns[np.argsort(codes, kind="stable")]:
        seen[town] = seen.get(town, 0) + 1
        names.append(f"{town}-{seen[town]:02d}")
    order = np.empty(len(codes), dtype=int)
    order[np.argsort(codes, kind="stable")] = np.arange(len(codes))
    return [names[position] for position in order]


def changes(results: Results, villages: VillageValues) -> Iterator[tuple[str, np.ndarray]]:
    """Each other strategy that stored its villages, with its difference to the reference, `(futures, V)`."""
    for key in results.others:
        if key in villages.by_strategy:
            yield key, villages.by_strategy[key] - villages.by_strategy[results.reference]


def by_village(results: Results, column: str) -> pd.DataFrame:
    """Mean difference and share of futures better, per strategy and village, at the horizon."""
    villages = results.village_values(column, results.horizon)
    names = labels(villages.codes, villages.towns)
    frames = []
    for key, change in changes(results, villages):
        frames.append(
            pd.DataFrame(
                {
                    "strategy": key,
                    "village": names,
                    "difference": change.mean(axis=0),
                    "share_better": (change > TOLERANCE).mean(axis=0),
                    "share_worse": (change < -TOLERANCE).mean(axis=0),
                }
            )
        )
    columns = ["strategy", "village", "difference", "share_better", "share_worse"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def winners(results: Results, column: str) -> pd.DataFrame:
    """Share of villages that gain, keep and lose income at the horizon, mean over futures, and by how much.

    A change within `TOLERANCE` (0.1 万元) counts as none.
    """
    villages = results.village_values(column, results.horizon)
    rows = []
    for key, change in changes(results, villages):
        gain, loss = change > TOLERANCE, change < -TOLERANCE
        rows.append(
            {
                "strategy": key,
                "gain": gain.mean(),
                "same": (~gain & ~loss).mean(),
                "lose": loss.mean(),
                "mean_gain": change[gain].mean() if gain.any() else 0.0,
                "mean_loss": -change[loss].mean() if loss.any() else 0.0,
                "villages_lose": loss.sum(axis=1).mean(),
            }
        )
    return pd.DataFrame(rows, columns=["strategy", "gain", "same", "lose", "mean_gain", "mean_loss", "villages_lose"])


def starting_values(results: Results, column: str) -> VillageValues:
    """Village values of the first stored year (the year before the start where the study kept it)."""
    return results.village_values(column, results.village_years[0])


def tier_of(income: np.ndarray) -> np.ndarray:
    """Class of starting income: -1 none, then by `TIERS`."""
    return np.where(income <= 0, -1, np.digitize(income, TIERS) - 1)


def by_tier(results: Results, column: str) -> pd.DataFrame:
    """Mean difference by the operating income that a village had at first in that same future."""
    villages = results.village_values(column, results.horizon)
    first = starting_values(results, "income_operating").by_strategy[results.reference]
    tier = tier_of(first)
    rows = []
    for key, change in changes(results, villages):
        for number in range(-1, len(TIERS)):
            inside = tier == number
            if inside.any():
                per_future = [row[mask].mean() for row, mask in zip(change, inside, strict=True) if mask.any()]
                rows.append(
                    {
                        "strategy": key,
                        "tier": number,
                        "villages": inside.sum(axis=1).mean(),
                        "difference": float(np.mean(per_future)),
                        "low": float(np.quantile(per_future, 0.05)),
                        "high": float(np.quantile(per_future, 0.95)),
                    }
                )
    return pd.DataFrame(rows, columns=["strategy", "tier", "villages", "difference", "low", "high"])


def quantiles(results: Results, column: str, points: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 0.9)) -> pd.DataFrame:
    """Quantiles over villages at the horizon, mean over futures."""
    villages = results.village_values(column, results.horizon)
    rows = {key: np.quantile(values, points, axis=1).mean(axis=1) for key, values in villages.by_strategy.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=[f"p{round(100 * p)}" for p in points])


def shares(results: Results, column: str) -> pd.DataFrame:
    """Mean share of villages below 10 万元 and at 30 万元 or more at the horizon."""
    villages = results.village_values(column, results.horizon)
    rows = {key: {"below_10": (v < 10).mean(), "at_30": (v >= 30).mean()} for key, v in villages.by_strategy.items()}
    return pd.DataFrame.from_dict(rows, orient="index")
