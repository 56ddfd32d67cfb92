"""Patterns that a model of village collectives has to show, judged future by future.

Each pattern is a number and the range in which published evidence puts it. A pattern about a difference that a policy
makes needs the strategy without that policy beside it. P6 (professional management helps better villages, more with
supervision) takes a pair of strategies of its own and is a test of the model, `tests/sim/test_companies.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.answers.kinds import thirds
from analysis.data.ranks import mean_ranks
from analysis.data.results import Results

CAMPAIGN = (2023, 2026, 2029)
"""Year before the campaign, its last year, and three years on."""
TERM = (2026, 2028, 2030)
"""First, middle and last year of a term of office."""
MIDDLE = 2030
HOLDS = 0.5
"""A pattern is shown where it holds in at least this share of futures."""


@dataclass(frozen=True)
class Case:
    """One strategy of a study, and the one that differs only in lacking the policies (empty where there is none)."""

    results: Results
    strategy: str
    without_policies: str = ""

    def village(self, column: str, year: int) -> np.ndarray:
        """A village column in a year, `(F, V)`."""
        return self.results.village_values(column, year).by_strategy[self.strategy]

    def indicator(self, name: str, year: int, strategy: str = "") -> np.ndarray:
        """A district indicator in a year, `(F,)`."""
        return self.results.at(strategy or self.strategy, name, year).to_numpy()

    def total(self, name: str, strategy: str = "") -> np.ndarray:
        """A district indicator summed over the simulated years, `(F,)`."""
        return np.nansum(self.results.values(strategy or self.strategy, name).to_numpy(), axis=1)

    @property
    def first(self) -> int:
        """The year before the first simulated one."""
        return self.results.start_year - 1

    @property
    def last(self) -> int:
        """The horizon."""
        return self.results.horizon


@dataclass(frozen=True)
class Pattern:
    """One pattern.

    Attributes:
        key: number, with a letter where it has several parts; its words are in the catalogues.
        low: least value that shows it.
        high: largest value that shows it.
        measure: from a case to one value a future, `(F,)`; NaN where it can't be judged.
        years: years that must be simulated.
        needs: an indicator that the study must hold; empty where none is special.
        needs_policies: whether it is about a difference that policies make.
    """

    key: str
    low: float
    high: float
    measure: Callable[[Case], np.ndarray]
    years: tuple[int, ...] = ()
    needs: str = ""
    needs_policies: bool = False

    def possible(self, case: Case) -> bool:
        """Whether the case has what the pattern needs."""
        results = case.results
        return (
            set(self.years) <= set(results.years)
            and (not self.needs or results.has(self.needs))
            and (not self.needs_policies or bool(case.without_policies))
        )


def rank_correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Spearman's correlation over the villages of each future, `(F,)`; NaN where one side does not vary."""
    left, right = (mean_ranks(values) for values in (one, other))
    left, right = (ranks - ranks.mean(axis=1, keepdims=True) for ranks in (left, right))
    scale = np.sqrt(np.sum(left**2, axis=1) * np.sum(right**2, axis=1))
    return np.divide(np.sum(left * right, axis=1), scale, out=np.full(len(one), np.nan), where=scale > 0)


def skewness(case: Case) -> np.ndarray:
    """P1: mean operating income over the median."""
    mean, median = (case.indicator(f"income_operating_{name}", case.last) for name in ("mean", "median"))
    return mean / np.maximum(median, 1e-9)


def low_tail(case: Case) -> np.ndarray:
    """P1: share of villages below 5 万元 once a first year has passed."""
    return case.indicator("villages_below_5_operating", case.first + 1) / case.results.village_count


def persistence(case: Case) -> np.ndarray:
    """P2: share of villages that end in the third of incomes in which they began."""
    first, last = (thirds(case.village("income_operating", year)) for year in (case.first, case.last))
    return np.mean(first == last, axis=1)


def location(case: Case) -> np.ndarray:
    """P2: rank correlation of market access with income at the end."""
    return rank_correlation(case.village("market_access", case.last), case.village("income_operating", case.last))


def campaign(case: Case) -> np.ndarray:
    """P3: villages that pass 10 万元 a year during the campaign, less those of the three years after it."""
    before, end, after = (case.indicator("villages_10_operating", year) for year in CAMPAIGN)
    return (2 * end - before - after) / 3


def failing(case: Case) -> np.ndarray:
    """P4: share of projects that fail within five years."""
    yearly = np.nanmean(case.results.values(case.strategy, "failure_share").to_numpy(), axis=1)
    return 1 - (1 - yearly) ** 5


def passive(case: Case) -> np.ndarray:
    """P5: effort in the least dependent third of villages less that in the most dependent."""
    classes, effort = thirds(case.village("dependency", MIDDLE)), case.village("effort", MIDDLE)
    mean = [np.sum(effort * (classes == number), axis=1) / np.sum(classes == number, axis=1) for number in (0, 2)]
    return mean[0] - mean[1]


def leaders(case: Case) -> np.ndarray:
    """P7: rank correlation of a secretary's ability with the growth of income within a term of office."""
    begin, middle, end = TERM
    growth = case.village("income_operating", end) - case.village("income_operating", begin)
    return rank_correlation(case.village("ability", middle), growth)


def clustering(case: Case) -> np.ndarray:
    """P8: share of the variance of attending that lies between villages."""
    rates = case.village("participation", MIDDLE)
    mean = rates.mean(axis=1)
    return rates.var(axis=1) / np.maximum(mean * (1 - mean), 1e-9)


def hollow(case: Case) -> np.ndarray:
    """P9: share at home lost by the third of villages with the lowest income."""
    poor = thirds(case.village("income_operating", case.last)) == 0
    lost = case.village("home_share", case.first) - case.village("home_share", case.last)
    return np.sum(lost * poor, axis=1) / np.sum(poor, axis=1)


def audited(case: Case) -> np.ndarray:
    """P10: part of leakage per yuan of project money and profit that policies with supervision prevent."""
    rates = []
    for key in (case.strategy, case.without_policies):
        base = case.total("project_grants_mean", key) + np.maximum(case.total("income_profit_mean", key), 0)
        rates.append(case.total("leaked", key) / np.maximum(base * case.results.village_count, 1e-9))
    return 1 - rates[0] / np.where(rates[1] > 0, rates[1], np.nan)


def eroding(case: Case) -> np.ndarray:
    """P11: share of the alliances founded that fell apart, as too few of their members complied."""
    gone, alive = (case.indicator(f"alliances_{name}", case.last) for name in ("dissolved", "alive"))
    return np.where(gone + alive > 0, gone / np.maximum(gone + alive, 1), np.nan)


PATTERNS = (
    Pattern("P1a", 1.2, np.inf, skewness),
    Pattern("P1b", 0.35, 0.75, low_tail),
    Pattern("P2a", 0.5, 0.9, persistence),
    Pattern("P2b", 0.15, 1.0, location),
    Pattern("P3", 0.0, np.inf, campaign, CAMPAIGN),
    Pattern("P4", 0.2, 0.5, failing),
    Pattern("P5", 0.02, np.inf, passive, (MIDDLE,)),
    Pattern("P7", 0.1, 1.0, leaders, TERM),
    Pattern(
        "P8a", 0.15, 0.45, lambda case: case.indicator("participation", MIDDLE), (MIDDLE,), needs="participation_vote"
    ),
    Pattern("P8b", 0.2, 0.6, clustering, (MIDDLE,), needs="participation_vote"),
    Pattern("P9", 0.0, np.inf, hollow),
    Pattern("P10", 0.05, 0.5, audited, needs_policies=True),
    Pattern("P11", 0.1, 1.0, eroding, needs_policies=True),
)


def judge(pattern: Pattern, case: Case) -> dict[str, float]:
    """Median over futures, and the share of futures in which the pattern holds; NaN counts as not holding."""
    values = pattern.measure(case)
    holds = (values >= pattern.low) & (values <= pattern.high)
    known = values[np.isfinite(values)]
    median = float(np.median(known)) if len(known) else float("nan")
    return {"median": median, "share": float(holds.mean()), "n": len(values)}


def table(cases: list[Case]) -> pd.DataFrame:
    """All patterns in all cases, one row each; those about policies only where the case has a strategy without them."""
    rows = [
        {"strategy": case.strategy, "pattern": pattern.key, "low": pattern.low, "high": pattern.high}
        | judge(pattern, case)
        for case in cases
        for pattern in PATTERNS
        if pattern.possible(case)
    ]
    return pd.DataFrame(rows, columns=["strategy", "pattern", "low", "high", "median", "share", "n"])
