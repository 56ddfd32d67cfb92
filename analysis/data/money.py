"""Public money: who pays, for which lever, and what comes back (EQ-33)."""

from __future__ import annotations

import pandas as pd

from analysis.data.once import once
from analysis.data.results import Results

PAYERS = ("central", "district", "sponsors")
"""Payers that are always shown; others are where they pay anything."""
PREFIX = "public_cost_"


def discount(results: Results, years: pd.Index) -> pd.Series:
    """Discount factors; money of the first simulated year counts in full."""
    return pd.Series((1 + results.discount_rate) ** -(years.to_numpy(dtype=float) - results.start_year), index=years)


@once
def present_value(results: Results, strategy: str, indicator: str, start: str | None = None) -> pd.Series:
    """Discounted sum of a yearly indicator over all simulated years, a value per future."""
    values = results.values(strategy, indicator, start)
    values = values.loc[:, values.columns >= results.start_year].fillna(0)
    return values.mul(discount(results, values.columns), axis=1).sum(axis=1)


def public_value(results: Results, strategy: str, assets: bool) -> pd.Series:
    """Discounted profit of all villages less discounted public cost, 万元 per future.

    The difference of two strategies is the net benefit of EQ-33. With `assets` the capital of the villages at
    the horizon counts too, discounted.
    """
    value = present_value(results, strategy, "income_profit_mean") * results.village_count
    value = value - present_value(results, strategy, "public_cost")
    if assets:
        capital = results.at(strategy, "capital_mean", results.horizon) * results.village_count
        value = value + capital * discount(results, pd.Index([results.horizon])).iloc[0]
    return value


def a_year(results: Results, strategy: str, indicator: str = "public_cost") -> pd.Series:
    """Mean over the simulated years, not discounted, 万元 a year, a value per future."""
    values = results.values(strategy, indicator)
    return values.loc[:, values.columns >= results.start_year].mean(axis=1)


def yearly_mean(results: Results, strategy: str, indicator: str) -> float:
    """Mean over futures and simulated years, not discounted, 万元 a year."""
    if not results.has(indicator):
        return 0.0
    values = results.values(strategy, indicator)
    values = values.loc[:, values.columns >= results.start_year]
    return float(values.to_numpy().mean()) if values.size else 0.0


@once
def by_payer(results: Results) -> pd.DataFrame:
    """Mean public cost a year by strategy (rows) and payer (columns), 万元."""
    stored = [name.removeprefix(PREFIX) for name in results.runs.names if name.startswith(PREFIX)]
    payers = sorted(stored, key=lambda payer: PAYERS.index(payer) if payer in PAYERS else len(PAYERS))
    rows = {
        key: {payer: yearly_mean(results, key, f"public_cost_{payer}") for payer in payers}
        for key in results.strategies
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=payers)
    return table.loc[:, table.ne(0).any() | table.columns.isin(PAYERS)]


@once
def by_lever(results: Results) -> pd.DataFrame:
    """Mean cost a year by lever (rows) and strategy (columns), 万元; levers that nobody uses are left out."""
    rows = {
        lever: {key: yearly_mean(results, key, f"cost_{lever}") for key in results.strategies}
        for lever in results.levers()
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=results.strategies)
    table = table[(table.abs() > 1e-9).any(axis=1)]
    return table.loc[table.max(axis=1).sort_values(ascending=False).index]
