"""What each strategy changes against the reference, future by future."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.data import money
from analysis.data.once import once
from analysis.data.results import Results
from analysis.sentences.verdict import MANY, UNREACHED, Verdict

PROFIT, TURNOVER = HEADLINE = ("income_profit_mean", "income_operating_mean")
"""Income is told as profit 经营收益 and as turnover 经营性收入, side by side and in this order; the first judges."""
BY_VILLAGE = {"profit": "income_profit", "operating": "income_operating"}
"""Columns of the same two measures in the results by village, in the same order."""
INCOME = "income_operating"
MEASURES = (*BY_VILLAGE, "total")
YEARLY = (
    *(f"income_{measure}_mean" for measure in MEASURES),
    *(f"villages_{line}_{measure}" for line in (10, "aim") for measure in MEASURES), "participation",
    "income_operating_gini", "public_cost", *(f"public_cost_{payer}" for payer in money.PAYERS),
)  # fmt: skip
DISCOUNTED = ("public_cost_discounted", "profit_discounted", "net_benefit", "net_benefit_with_assets")
DIRECTION = {"public_cost": -1, "public_cost_discounted": -1, "income_operating_gini": -1, "income_profit_gini": -1}
MIDDLE_YEAR = 2030
NEARLY_ALL = 0.95
"""Share of a yearly budget that the reference takes where nothing is left for others."""


def paired_summary(one: np.ndarray, two: np.ndarray, direction: int = 1) -> dict[str, float]:
    """Summarise paired outcomes, one value per future each.

    The spread is the range of 90 of 100 futures (of all futures where there are fewer than 20); the precision
    is the 95 % interval of the mean difference (paired t). The variance reduction is the variance of a
    difference of independent futures over that of paired ones: (sx²+sy²) / (sx²+sy²−2·r·sx·sy).

    Args:
        one: outcomes of a strategy, shape `(F,)`.
        two: outcomes of the reference in the same futures, shape `(F,)`.
        direction: +1 where more is better, −1 where less is, 0 where neither (counted as +1).
    """
    one, two = np.asarray(one, dtype=float), np.asarray(two, dtype=float)
    change = one - two
    count = len(change)
    tolerance = 1e-9 * max(1.0, float(np.abs(two).max()))
    change = np.where(np.abs(change) <= tolerance, 0.0, change)
    low, high = spread(change)
    half = half_width(change)
    signed = change * (direction or 1)
    return {
        "n": count, "reference_mean": two.mean(), "strategy_mean": one.mean(), "difference": change.mean(),
        "spread_low": low, "spread_high": high, "precision_low": change.mean() - half,
        "precision_high": change.mean() + half, "share_better": (signed > 0).mean(),
        "share_equal": (signed == 0).mean(), "share_worse": (signed < 0).mean(), **pairing(one, two),
    }  # fmt: skip


def compared(one: pd.Series, two: pd.Series, direction: int = 1) -> dict[str, float]:
    """Summary of two outcomes, each a value per future, in the futures in which both are defined."""
    shared = one.dropna().index.intersection(two.dropna().index)
    return paired_summary(one[shared].to_numpy(), two[shared].to_numpy(), direction)


def spread(values: np.ndarray) -> tuple[float, float]:
    """Range in which 90 of 100 values lie; all of them where there are fewer than `MANY`."""
    if len(values) < MANY:
        return float(values.min()), float(values.max())
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def half_width(values: np.ndarray, level: float = 0.95) -> float:
    """Half width of the t interval of a mean; not a number with fewer than two values."""
    if len(values) < 2:
        return float("nan")
    error = values.std(ddof=1) / np.sqrt(len(values))
    return float(stdtrit(len(values) - 1, 0.5 + level / 2) * error)


def pairing(one: np.ndarray, two: np.ndarray) -> dict[str, float]:
    """Correlation that pairing achieved, and by how much it lowered the variance of the difference."""
    empty = {"correlation": float("nan"), "variance_reduction": float("nan")}
    if len(one) < 3:
        return empty
    spread_one, spread_two, change = one.var(ddof=1), two.var(ddof=1), (one - two).var(ddof=1)
    scale = max(spread_one, spread_two)
    if scale <= 1e-18 or min(spread_one, spread_two) <= 1e-15 * scale:
        return empty
    factor = (spread_one + spread_two) / change if change > 1e-15 * scale else float("inf")
    return {"correlation": float(np.corrcoef(one, two)[0, 1]), "variance_reduction": float(factor)}


def direction_of(results: Results, indicator: str) -> int:
    """+1 where more is better, −1 where less is better, 0 where neither."""
    return int(results.indicator(indicator).get("direction", DIRECTION.get(indicator, 1)))


@once
def outcomes(results: Results, strategy: str, indicator: str, year: int) -> pd.Series:
    """One value per future of a yearly indicator or of a discounted sum up to the horizon."""
    if indicator == "public_cost_discounted":
        return money.present_value(results, strategy, "public_cost")
    if indicator == "profit_discounted":
        return money.present_value(results, strategy, "income_profit_mean") * results.village_count
    if indicator == "net_benefit":
        return money.public_value(results, strategy, assets=False)
    if indicator == "net_benefit_with_assets":
        return money.public_value(results, strategy, assets=True)
    return results.at(strategy, indicator, year)


def available(results: Results, indicator: str) -> bool:
    """Whether the study holds what an indicator of the effects table needs."""
    needs = {
        "public_cost_discounted": ["public_cost"],
        "profit_discounted": ["income_profit_mean"],
        "net_benefit": ["public_cost", "income_profit_mean"],
        "net_benefit_with_assets": ["public_cost", "income_profit_mean", "capital_mean"],
    }
    return all(results.has(name) for name in needs.get(indicator, [indicator]))


@once
def table(results: Results, indicators: tuple[str, ...] = YEARLY + DISCOUNTED) -> pd.DataFrame:
    """Effects of every strategy against the reference, one row per strategy, indicator and year."""
    years = [year for year in (MIDDLE_YEAR, results.horizon) if year in results.years]
    rows, without_money = [], unreached(results)
    for strategy in results.others:
        for indicator in (name for name in indicators if available(results, name)):
            for year in [results.horizon] if indicator in DISCOUNTED else dict.fromkeys(years):
                said = {"verdict": UNREACHED} if strategy in without_money else {}
                rows.append(effect(results, strategy, indicator, year) | said)
    return pd.DataFrame(rows)


def unreached(results: Results) -> list[str]:
    """Strategies that never got any money for what they add: the reference spent the yearly budget before.

    Every indicator is the reference's in every future and year, which says nothing about the measures.
    """
    if results.annual_budget is None or not results.has("public_cost"):
        return []
    if money.yearly_mean(results, results.reference, "public_cost") < NEARLY_ALL * results.annual_budget:
        return []

    def identical(key: str) -> bool:
        return all(
            results.values(key, name).equals(results.values(results.reference, name)) for name in results.runs.names
        )

    return [key for key in results.others if identical(key)]


def change(results: Results, strategy: str, indicator: str, reference: str | None = None) -> pd.Series:
    """Difference to the reference (or another one) at the horizon, a value per future in which both are defined."""
    one, two = (
        outcomes(results, key, indicator, results.horizon) for key in (strategy, reference or results.reference)
    )
    return (one - two).dropna()


@once
def effect(results: Results, strategy: str, indicator: str, year: int) -> dict:
    """Effect of one strategy on one indicator in one year."""
    one = outcomes(results, strategy, indicator, year)
    two = outcomes(results, results.reference, indicator, year)
    direction = direction_of(results, indicator)
    row = {"strategy": strategy, "indicator": indicator, "year": year, "direction": direction}
    row |= compared(one, two, direction)
    return row | {"verdict": Verdict.of(row).direction}


def row(results: Results, strategy: str, indicator: str, year: int | None = None) -> pd.Series | None:
    """One row of the table of effects, the latest year by default; None where it is absent."""
    return find(table(results), strategy, indicator, year)


def find(table: pd.DataFrame, strategy: str, indicator: str, year: int | None = None) -> pd.Series | None:
    """One row of the effects table, the latest year by default; None where it is absent."""
    if not len(table):
        return None
    rows = table[(table["strategy"] == strategy) & (table["indicator"] == indicator)]
    if year is not None:
        rows = rows[rows["year"] == year]
    return rows.iloc[-1] if len(rows) else None
