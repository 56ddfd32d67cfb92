"""All findings of one study, each computed once and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import (
    aid,
    backfires,
    distribution,
    effectiveness,
    effects,
    equity,
    gains,
    hinges,
    kinds,
    league,
    money,
    places,
    question,
    recommendations,
    same_cost,
    treated,
    unit_costs,
    withdrawal,
)
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
    def treated(self) -> pd.DataFrame:
        """Share of futures in which policies reach each village."""
        return treated.by_village(self.results)

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
    def same_cost(self) -> pd.DataFrame:
        """Each policy against grants of the same cost."""
        return same_cost.table(self.results)

    @cached_property
    def league(self) -> pd.DataFrame:
        """Ranks, chances and criteria of all strategies."""
        return league.table(self.results)

    @cached_property
    def places(self) -> pd.DataFrame:
        """Share of futures by place in the league."""
        return league.places(self.results)

    @cached_property
    def effectiveness(self) -> pd.DataFrame:
        """Cost per village lifted and per extra 10k yuan."""
        return effectiveness.table(self.results)

    @cached_property
    def unit_costs(self) -> pd.DataFrame:
        """Net benefit and place of each strategy in worlds of low, middle and high unit costs."""
        return unit_costs.table(self.results)

    @cached_property
    def quantile_effects(self) -> pd.DataFrame:
        """Gain along the distribution of income."""
        return gains.quantile_effects(self.results, INCOME)

    @cached_property
    def lorenz(self) -> pd.DataFrame:
        """Lorenz curves at the horizon."""
        return gains.lorenz_curves(self.results, INCOME)

    @cached_property
    def aid(self) -> pd.DataFrame:
        """Concentration of public money against starting income."""
        return aid.table(self.results)

    @cached_property
    def who(self) -> pd.DataFrame:
        """Villages that gain and lose, described."""
        return kinds.who(self.results, INCOME)

    @cached_property
    def participation_by_kind(self) -> pd.DataFrame:
        """Difference in participation by kind of village."""
        return kinds.by_kind(self.results, "participation")

    @cached_property
    def income_by_kind(self) -> pd.DataFrame:
        """Difference in operating income by kind of village; empty where villages were not stored."""
        return kinds.by_kind(self.results, INCOME) if self.results.has_villages() else pd.DataFrame()

    @cached_property
    def hinges(self) -> pd.DataFrame:
        """Parameters that the effect of each strategy hangs on."""
        return hinges.table(self.results)

    @cached_property
    def backfires(self) -> pd.DataFrame:
        """When each strategy is worse than the reference."""
        return backfires.table(self.results, self.hinges, self.income_by_kind)

    @cached_property
    def recommendations(self) -> pd.DataFrame:
        """What each recommendation of the district's report would do."""
        return recommendations.table(self)

    @cached_property
    def towns(self) -> pd.DataFrame:
        """Effects by town."""
        return places.by_town(self.results, INCOME)

    @cached_property
    def withdrawal(self) -> pd.DataFrame:
        """What is left of measures that end."""
        return withdrawal.table(self.results)

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
