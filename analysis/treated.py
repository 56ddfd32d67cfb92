"""Who is treated: the share of futures in which a village is reached by a policy at the horizon."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.distribution import labels
from analysis.results import Results
from analysis.village_table import VillageValues

MEANS = {"paired": "paired", "pool_stake": "stake", "company_stake": "company_stake", "alliance": "alliance"}
"""What reaches a village, and the column of the village table that says so; `stake` holds pools and companies."""
LEAST = 0.001
"""万元; what remains of a stake by rounding is less."""


def reached(results: Results, policy: str) -> VillageValues:
    """Whether each village is reached at the horizon, 1 or 0."""
    values = results.village_values(MEANS[policy], results.horizon)
    found = values.by_strategy
    if policy == "pool_stake":
        company = results.village_values("company_stake", results.horizon).by_strategy
        found = {key: stake - company[key] for key, stake in found.items()}
    return replace(values, by_strategy={key: (amount > LEAST) * 1.0 for key, amount in found.items()})


def by_village(results: Results) -> pd.DataFrame:
    """Share of futures in which each village is reached, by strategy and policy; where nobody is, left out."""
    frames = []
    for name in MEANS if results.has_village_columns(*MEANS.values()) else ():
        villages = reached(results, name)
        for key in results.strategies:
            share = villages.by_strategy[key].mean(axis=0)
            if share.any():
                frames.append(
                    pd.DataFrame(
                        {
                            "strategy": key,
                            "policy": name,
                            "village": labels(villages.codes, villages.towns),
                            "share_of_futures": share,
                        }
                    )
                )
    columns = ["strategy", "policy", "village", "share_of_futures"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def count(table: pd.DataFrame) -> pd.Series:
    """Villages reached, mean over futures, by policy and strategy."""
    return table.groupby(["policy", "strategy"], sort=False)["share_of_futures"].sum()
