"""What becomes of companies, alliances and enterprises under the strategies that have them."""

from __future__ import annotations

import pandas as pd

from analysis.answers import Answer
from analysis.data.effects import spread
from analysis.data.once import once
from analysis.data.results import Results

FATES = {
    "companies": (
        "companies_active", "companies_closed", "professionals_in_post",
        "company_return_median", "company_return_p90", "company_payout_mean",
    ),
    "alliances": (
        "alliances_alive", "alliances_dissolved", "alliance_members", "alliance_quality", "alliance_gain_mean",
    ),
    "enterprises": ("enterprises", "pipeline_projects", "enterprise_fees_mean"),
}  # fmt: skip
"""Indicators by family; the first tells whether a strategy has any."""


def having(results: Results, family: str) -> list[str]:
    """Strategies under which there ever is a company, an alliance or an enterprise."""
    first = FATES[family][0]
    if not results.has(first):
        return []
    return [key for key in results.strategies if (results.values(key, first).to_numpy() > 0).any()]


@once
def table(results: Results, family: str) -> pd.DataFrame:
    """Mean over futures and range of 90 of 100 futures by indicator, strategy and year.

    A future in which an indicator is not defined in a year (no company left) does not count in that year; `n` tells.
    """
    rows = []
    for indicator in filter(results.has, FATES[family]):
        for key in having(results, family):
            values = results.values(key, indicator)
            for year in values.columns:
                found = values[year].dropna().to_numpy()
                if year >= results.start_year and len(found):
                    rows.append((indicator, key, int(year), len(found), found.mean(), *spread(found)))
    return pd.DataFrame(rows, columns=["indicator", "strategy", "year", "n", "mean", "low", "high"])


def last(results: Results, key: str, indicator: str) -> float:
    """Mean over futures at the horizon; not a number where the indicator is not defined there."""
    return float(results.values(key, indicator).get(results.horizon, pd.Series(dtype=float)).mean())


ANSWERS = tuple(
    Answer(
        family,
        lambda results, family=family: table(results, family),  # type: ignore[misc]
        lambda results, family=family: len(table(results, family)) > 0,  # type: ignore[misc]
        compares=False,
    )
    for family in FATES
)
