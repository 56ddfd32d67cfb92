"""Each pattern on villages and indicators whose answer is known by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from tiny_study import study

from analysis.answers import patterns
from analysis.answers.patterns import Case, Pattern

YEARS = (2023, 2024, 2026, 2028, 2029, 2030)


@dataclass(frozen=True)
class Given(Case):
    """A case whose villages are given by column and year."""

    villages: dict = field(default_factory=dict)

    def village(self, column: str, year: int) -> np.ndarray:
        return np.array([self.villages[column, year]], dtype=float)


def case(villages: dict | None = None, without: str = "", **indicators: list) -> Given:
    """One future; indicators by year, those of the strategy without policies under `bare_…`."""
    values = {("a", name): np.array([row], dtype=float) for name, row in indicators.items() if "bare_" not in name}
    values |= {("b", name.removeprefix("bare_")): np.array([row], dtype=float)
               for name, row in indicators.items() if "bare_" in name}  # fmt: skip
    values = values or {("a", "anything"): np.zeros((1, len(YEARS)))}
    return Given(study(values, YEARS), "a", without, villages=villages or {})


def test_villages_below_five_are_those_after_the_first_year() -> None:
    """Four of ten villages at the end of 2024."""
    assert patterns.low_tail(case(villages_below_5_operating=[9, 4, 8, 8, 8, 8])) == [0.4]


def test_a_campaign_is_a_rise_and_a_fall_back() -> None:
    """20 before, 50 at its end, 41 three years on: 30 rise, 9 fall back, 13 a year."""
    assert patterns.campaign(case(villages_10_operating=[20, 30, 50, 44, 41, 40])) == [(30 + 9) / 3]
    assert patterns.campaign(case(villages_10_operating=[20, 30, 50, 54, 65, 66])) == [(30 - 15) / 3]


def test_villages_that_stay_in_their_third() -> None:
    """Six villages; the lowest and the highest swap one each with the middle: two of six keep their third."""
    first = [1, 2, 3, 4, 5, 6]
    last = [1, 3, 2, 5, 4, 6]
    given = case({("income_operating", 2023): first, ("income_operating", 2030): last})
    assert patterns.persistence(given) == [pytest.approx(2 / 6)]


def test_market_access_goes_with_income_by_rank() -> None:
    given = case({("market_access", 2030): [1, 2, 3, 4], ("income_operating", 2030): [10, 1000, 20, 30]})
    assert patterns.location(given) == [pytest.approx(0.4)]


def test_the_dependent_are_the_passive_ones() -> None:
    """Effort 0.9 and 0.7 in the least dependent third, 0.2 and 0.4 in the most."""
    given = case({("dependency", 2030): [0, 0.1, 0.4, 0.5, 0.8, 0.9], ("effort", 2030): [0.9, 0.7, 0, 1, 0.2, 0.4]})
    assert patterns.passive(given) == [pytest.approx(0.5)]


def test_ability_goes_with_growth_within_the_term() -> None:
    """Growth 1, 2, 3 although incomes at the end are in the opposite order."""
    given = case({("income_operating", 2026): [30, 20, 10], ("income_operating", 2030): [31, 22, 13],
                  ("ability", 2028): [0.1, 0.2, 0.3]})  # fmt: skip
    assert patterns.leaders(given) == [pytest.approx(1)]


def test_how_far_attending_is_a_matter_of_villages() -> None:
    """All attend in one village, nobody in the other: all of the variance lies between; equal rates: none."""
    assert patterns.clustering(case({("participation", 2030): [0, 1]})) == [pytest.approx(1)]
    assert patterns.clustering(case({("participation", 2030): [0.2, 0.4]})) == [pytest.approx(0.01 / 0.21)]
    assert patterns.clustering(case({("participation", 2030): [0.3, 0.3]})) == [0]


def test_poor_villages_lose_people() -> None:
    given = case({("income_operating", 2030): [1, 5, 9], ("home_share", 2023): [0.6, 0.9, 0.5],
                  ("home_share", 2030): [0.4, 0.1, 0.5]})  # fmt: skip
    assert patterns.hollow(given) == [pytest.approx(0.2)]


def test_supervision_prevents_a_part_of_leakage() -> None:
    """Ten villages. With 6 leaked of (2+1)·10 a year, without 12 of (2+2)·10: 0.2 against 0.3, a third prevented."""
    six = [0] + [1] * 5
    rows = {"leaked": [6 * x for x in six], "project_grants_mean": [2 * x for x in six], "income_profit_mean": six}
    bare = {"bare_leaked": [12 * x for x in six], "bare_project_grants_mean": [2 * x for x in six],
            "bare_income_profit_mean": [2 * x for x in six]}  # fmt: skip
    assert patterns.audited(case(without="b", **rows, **bare)) == [pytest.approx(1 / 3)]


def test_alliances_that_fell_apart_are_a_share_of_those_founded() -> None:
    """One gone, three alive at the end; where none was founded it can't be judged."""
    one = [0, 0, 0, 0, 0, 1]
    assert patterns.eroding(case(alliances_dissolved=one, alliances_alive=[3] * 6)) == [0.25]
    none = [0] * 6
    assert np.isnan(patterns.eroding(case(alliances_dissolved=none, alliances_alive=none))).all()


@pytest.mark.parametrize(("value", "share"), [(0.2, 1), (0.5, 1), (0.35, 1), (0.199, 0), (0.501, 0)])
def test_the_ends_of_a_range_belong_to_it(value: float, share: float) -> None:
    found = patterns.judge(Pattern("P", 0.2, 0.5, lambda _: np.array([value])), case())
    assert (found["share"], found["median"], found["n"]) == (share, value, 1)


def test_the_share_is_of_all_futures_and_the_median_of_those_known() -> None:
    measured = np.array([0.1, 0.3, 0.4, np.nan])
    found = patterns.judge(Pattern("P", 0.2, 0.5, lambda _: measured), case())
    assert (found["share"], found["median"], found["n"]) == (0.5, 0.3, 4)
