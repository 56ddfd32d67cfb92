"""All findings of one study, each computed once and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import distribution, effects, equity, money, question
from analysis.results import Results

INCOME = "income_operating"


@dataclass
class Findings:
    """Tables computed from the results of one study."""

    results: Results

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Effects of every strategy against the reference."""
        return effects.effects(self.results)

    @cached_property
    def winners(self) -> dict[str, pd.DataFrame]:
        """Villages that gain and lose, by income measure."""
        return {measure: distribution.winners(self.results, f"income_{measure}") for measure in ("operating", "profit")}

    @cached_property
    def tiers(self) -> pd.DataFrame:
        """Mean difference by what a village had at first."""
        return distribution.by_tier(self.results, INCOME)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Shares of villages below 10 and at 30 万元."""
        return distribution.shares(self.results, INCOME)

    @cached_property
    def quantiles(self) -> pd.DataFrame:
        """Quantiles of village income at the horizon."""
        return distribution.quantiles(self.results, INCOME)

    @cached_property
    def equity(self) -> pd.DataFrame:
        """Gini and Theil at the horizon."""
        return equity.table(self.results, INCOME)

    @cached_property
    def payers(self) -> pd.DataFrame:
        """Mean public cost a year by payer."""
        return money.by_payer(self.results)

    @cached_property
    def levers(self) -> pd.DataFrame:
        """Mean cost a year by lever."""
        return money.by_lever(self.results)

    @cached_property
    def question(self) -> pd.DataFrame:
        """Villages at 30 万元 by year, measure and start."""
        return question.table(self.results)

    def effect(self, strategy: str, indicator: str, year: int | None = None) -> pd.Series | None:
        """One row of the effects table."""
        return effects.find(self.effects, strategy, indicator, year)
