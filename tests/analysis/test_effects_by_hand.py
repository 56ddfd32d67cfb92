"""Ranges, verdicts and directions from first principles: what each word and each end of a range means; their edges."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_study import INCOME, study

from analysis.data import effects
from analysis.sentences.verdict import Verdict


def row_of(change: list[float], direction: int = 1) -> dict:
    """Summary and verdict of differences to a reference of 0."""
    change = np.asarray(change, dtype=float)
    row = effects.paired_summary(change, 0 * change, direction) | {"direction": direction}
    return row | {"verdict": Verdict.of(row).direction}


# The range of 90 of 100 futures --------------------------------------------------------------------------------------


def test_ninety_of_a_hundred_futures_lie_in_the_spread() -> None:
    """Of the values 0 to 99 in any order, the ends leave out five below and five above."""
    values = np.random.default_rng(1).permutation(100).astype(float)
    low, high = effects.spread(values)
    inside = (values >= low) & (values <= high)
    assert inside.sum() == 90
    assert (values < low).sum() == (values > high).sum() == 5


def test_the_ends_of_the_spread_by_hand() -> None:
    """Of 0, 1, …, 100 the value with 5 of 100 steps below it is 5, and 95 the one with 5 steps above it."""
    assert effects.spread(np.arange(101.0)) == (5, 95)
    assert effects.spread(np.arange(21.0)) == (1, 19)
    assert effects.spread(-np.arange(101.0)) == (-95, -5)


def test_few_futures_are_shown_whole() -> None:
    """With 19 futures five in a hundred are less than one: the range is that of all. With 20 it is not."""
    assert effects.spread(np.arange(19.0)) == (0, 18)
    assert effects.spread(np.arange(20.0)) == pytest.approx((0.95, 18.05))
    assert effects.spread(np.array([3.0])) == (3, 3)


def test_the_summary_holds_spread_precision_and_shares() -> None:
    """Twenty-one differences −4, −3, …, 16 with mean 6: standard deviation √38.5, t of 20 degrees 2.0860."""
    row = row_of(list(range(-4, 17)))
    assert row["n"] == 21 and row["difference"] == 6 and row["strategy_mean"] == 6 and row["reference_mean"] == 0
    assert (row["spread_low"], row["spread_high"]) == (-3, 15)
    half = 2.0859634472658 * np.sqrt(38.5 / 21)
    assert row["precision_low"] == pytest.approx(6 - half)
    assert row["precision_high"] == pytest.approx(6 + half)
    assert (row["share_better"], row["share_equal"], row["share_worse"]) == (16 / 21, 1 / 21, 4 / 21)


def test_the_precision_grows_with_the_root_of_futures_and_one_future_has_none() -> None:
    """Of 1 and 3: standard deviation √2, t of one degree 12.706."""
    assert effects.half_width(np.array([1.0, 3.0])) == pytest.approx(12.706204736)
    assert np.isnan(effects.half_width(np.array([1.0])))
    many = np.tile([1.0, 3.0], 500)
    assert effects.half_width(many) == pytest.approx(1.962341 * np.sqrt(1000 / 999) / np.sqrt(1000), rel=1e-6)


# Verdict -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", [1, 0, -1])
@pytest.mark.parametrize("sign", [1, -1])
def test_higher_and_lower_speak_of_the_number_whatever_is_better(direction: int, sign: int) -> None:
    """Nine of twelve futures agree, three point the other way by little: the verdict follows the nine."""
    change = [sign * value for value in (5, 6, 7, 5, 6, 7, 5, 6, 7, -0.1, -0.2, -0.1)]
    row = row_of(change, direction)
    assert row["verdict"] == ("higher" if sign > 0 else "lower")
    assert row["share_better" if sign * (direction or 1) > 0 else "share_worse"] == 9 / 12


@pytest.mark.parametrize("direction", [1, 0, -1])
@pytest.mark.parametrize(("agreeing", "said"), [(12, "clear"), (8, "clear"), (7, "unclear")])
def test_two_thirds_of_the_futures_must_agree(direction: int, agreeing: int, said: str) -> None:
    """Of twelve, eight are exactly two thirds and enough; seven are not, although the interval excludes 0."""
    change = [5.0] * agreeing + [-0.1] * (12 - agreeing)
    for sign, word in ((1, "higher"), (-1, "lower")):
        row = row_of([sign * value for value in change], direction)
        assert row["precision_low"] > 0 or row["precision_high"] < 0
        assert row["verdict"] == (word if said == "clear" else "unclear")


def test_futures_without_a_difference_do_not_agree() -> None:
    """Seven higher and five exactly equal are seven of twelve."""
    assert row_of([5.0] * 7 + [0.0] * 5)["verdict"] == "unclear"
    assert row_of([5.0] * 8 + [0.0] * 4)["verdict"] == "higher"
    assert row_of([0.0] * 19 + [1.0])["verdict"] == "unclear", "nineteen equal ones are not all"


def test_ten_futures_are_enough_and_nine_are_few() -> None:
    change = [1.0, 1.1] * 5
    assert row_of(change)["verdict"] == "higher"
    assert row_of(change[:9])["verdict"] == "few"
    assert row_of([0.0] * 3)["verdict"] == "same", "what is equal in all futures is so with few of them too"


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.0, 2.0, "unclear"), (1e-12, 2.0, "higher"), (-2.0, 0.0, "unclear"), (-2.0, -1e-12, "lower"),
    (-1.0, 1.0, "unclear"), (float("nan"), float("nan"), "unclear"),
])  # fmt: skip
def test_an_interval_that_touches_zero_says_nothing(low: float, high: float, said: str) -> None:
    middle = -1.0 if high < 1 else 1.0
    shares = {"share_better": 1.0 if middle > 0 else 0.0, "share_worse": 0.0 if middle > 0 else 1.0}
    row = {"n": 50, "share_equal": 0.0, "difference": middle, "direction": 1, **shares}
    assert Verdict.of(row | {"precision_low": low, "precision_high": high}).direction == said


def test_rounding_is_no_difference() -> None:
    """A billionth of the reference and less is 0; twice that is not."""
    two = np.full(12, 100.0)
    assert effects.paired_summary(two + 1e-8, two)["share_equal"] == 1
    assert effects.paired_summary(two + 3e-7, two)["share_equal"] == 0
    assert effects.paired_summary(np.full(12, 1e-10), np.zeros(12))["share_equal"] == 1


# Tables --------------------------------------------------------------------------------------------------------------


def test_futures_without_a_value_do_not_count() -> None:
    """A return that is not defined in some futures, under either strategy, is compared in the others alone."""
    gap = float("nan")
    found = study({("a", "company_return_median"): [1, 2, gap, 4], ("b", "company_return_median"): [2, gap, 9, 8]})
    row = effects.effect(found, "b", "company_return_median", 2024)
    assert (row["n"], row["difference"]) == (2, 2.5)


def test_the_direction_comes_from_the_indicator_and_zero_stays_zero() -> None:
    facts = [{"name": "debt_mean", "direction": 0}, {"name": INCOME, "direction": 1},
             {"name": "leaked", "direction": -1}]  # fmt: skip
    up = [1.0 + place / 10 for place in range(12)]
    values = {("a", item["name"]): [0.0] * 12 for item in facts} | {("b", item["name"]): up for item in facts}
    found = study(values, indicators=facts)
    rows = {item["name"]: effects.effect(found, "b", item["name"], 2024) for item in facts}
    assert {name: row["direction"] for name, row in rows.items()} == {"debt_mean": 0, INCOME: 1, "leaked": -1}
    assert {row["verdict"] for row in rows.values()} == {"higher"}
    assert (rows["leaked"]["share_worse"], rows["debt_mean"]["share_better"]) == (1, 1)


def test_effects_are_of_the_middle_year_and_the_horizon_and_of_the_right_strategies() -> None:
    years = (2024, 2030, 2033)
    grid = np.array([[1.0, 10.0, 100.0]] * 3)
    found = study({("a", INCOME): grid, ("b", INCOME): 2 * grid, ("c", INCOME): 3 * grid}, years)
    table = effects.table(found, (INCOME,))
    told = {(row["strategy"], row["year"]): row["difference"] for _, row in table.iterrows()}
    assert told == {("b", 2030): 10, ("b", 2033): 100, ("c", 2030): 20, ("c", 2033): 200}
    assert effects.find(table, "b", INCOME)["year"] == 2033
    assert effects.find(table, "b", INCOME, 2030)["difference"] == 10
    assert effects.find(table, "b", "participation") is None
