"""What an effect costs: public money per village lifted over a line, and per extra 10k yuan of income.

A ratio of two differences means something only where both are clearly above zero; elsewhere a reason stands instead.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.answers import Answer
from analysis.answers.same_cost import COST, clearly_more
from analysis.data import effects, money
from analysis.data.effects import available, change
from analysis.data.once import once
from analysis.data.results import Results

PROFIT, TURNOVER = "profit_discounted", "operating_discounted"
EFFECTS = (PROFIT, TURNOVER, "villages_10_operating", "villages_aim_operating")
RESAMPLES = 2000
STEP = 100
COLUMNS = ("strategy", "effect", "extra_cost", "gained", "ratio", "ratio_low", "ratio_high", "reason", "n")


def gained(results: Results, key: str, effect: str) -> pd.Series:
    """Difference to the reference, a value per future: villages at the horizon, or discounted income of them all."""
    if effect != TURNOVER:
        return change(results, key, effect)
    one, two = (
        money.present_value(results, name, effects.TURNOVER) * results.village_count
        for name in (key, results.reference)
    )
    return (one - two).dropna()


def interval(cost: np.ndarray, effect: np.ndarray) -> tuple[float, float]:
    """95 % interval of the ratio of the means, by drawing futures again and again."""
    draw = np.random.default_rng(33)
    above, below = np.empty(RESAMPLES), np.empty(RESAMPLES)
    for start in range(0, RESAMPLES, STEP):
        drawn, some = draw.integers(0, len(cost), (STEP, len(cost))), slice(start, start + STEP)
        above[some], below[some] = cost[drawn].mean(axis=1), effect[drawn].mean(axis=1)
    if (below <= 0).any():
        return float("nan"), float("nan")
    low, high = np.quantile(above / below, [0.025, 0.975])
    return float(low), float(high)


@once
def table(results: Results) -> pd.DataFrame:
    """Cost per unit gained, by strategy and effect; `reason` is cost or effect where the ratio would mislead."""
    rows = []
    needed = {TURNOVER: effects.TURNOVER}
    for key in results.others if available(results, COST) else []:
        cost = change(results, key, COST)
        for effect in (name for name in EFFECTS if available(results, needed.get(name, name))):
            gain = gained(results, key, effect)
            shared = cost.index.intersection(gain.index)
            one, two = cost[shared], gain[shared]
            row = {"strategy": key, "effect": effect, "extra_cost": one.mean(), "gained": two.mean(), "n": len(one)}
            reason = "cost" if not clearly_more(one) else "effect" if not clearly_more(two) else ""
            row["reason"] = reason
            if not reason:
                low, high = interval(one.to_numpy(), two.to_numpy())
                row |= {"ratio": one.mean() / two.mean(), "ratio_low": low, "ratio_high": high}
            rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


ANSWERS = (Answer("cost_per_unit", table, sheet="cost"),)
