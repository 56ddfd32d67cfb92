"""What is said of villages, on two futures of six villages known by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_study import study, with_villages

from analysis import answers
from analysis.answers import distribution, equity, kinds, winners
from analysis.data import money
from analysis.data.results import Results
from analysis.sentences.catalogue import Words

EN, YEARS = Words("en"), (2023, 2024, 2025)
"""The year between is no year that a finding takes."""
BETWEEN = np.full((2, 6), 77.0) + np.arange(6)
FIRST = [[0, 3, 8, 12, 20, 40.0], [0, 0, 8, 12, 20, 40.0]]
LAST = [[1, 3, 10, 12, 30, 40.0], [1, 3, 10, 12, 30, 40.0]]
CHANGE = [[2, 0.05, -0.05, -1, 0, 10.0], [2, 4, -3, -1, 0, 10.0]]


@pytest.fixture
def found(tmp_path: Path) -> Results:
    first, last, change = (np.array(values) for values in (FIRST, LAST, CHANGE))
    given = {("a", "income_operating"): np.stack([first, BETWEEN, last], axis=1),
             ("b", "income_operating"): np.stack([first, BETWEEN, last + change], axis=1),
             ("a", "income_profit"): np.stack([first, BETWEEN, last], axis=1),
             ("b", "income_profit"): np.stack([first, BETWEEN, last - change], axis=1)}  # fmt: skip
    return with_villages(tmp_path, given, YEARS, ["t", "t", "t", "u", "u", "u"])


def test_who_gains_and_who_loses(found: Results) -> None:
    """Of twelve village futures five gain more than 0.1, three lose more than that, four keep."""
    row = winners.both(found)["operating"].iloc[0]
    assert (row["gain"], row["lose"], row["same"]) == pytest.approx((5 / 12, 3 / 12, 4 / 12))
    assert row["mean_gain"] == pytest.approx((2 + 10 + 2 + 4 + 10) / 5)
    assert row["mean_loss"] == pytest.approx((1 + 3 + 1) / 3)
    assert row["villages_lose"] == pytest.approx((1 + 2) / 2)
    assert winners.both(found)["profit"].iloc[0]["gain"] == pytest.approx(3 / 12), "profit is its own measure"


def test_a_village_is_better_and_worse_by_more_than_a_thousand_yuan(found: Results) -> None:
    table = distribution.gains(found, "income_operating").query("by == 'village'")
    np.testing.assert_allclose(table["gain"], [1, 0.5, 0, 0, 0, 1])
    np.testing.assert_allclose(table["lose"], [0, 0, 0.5, 1, 0, 0])
    np.testing.assert_allclose(table["difference"], [2, 2.025, -1.525, -1, 0, 10])


def test_tiers_are_of_the_income_at_first(found: Results) -> None:
    """None: 2, and 2 and 4 in the second future; up to 5: 0.05 in the first future alone."""
    table = winners.by_tier(found, "income_operating").set_index("tier")
    np.testing.assert_allclose(table["difference"], [(2 + 3) / 2, 0.05, (-0.05 - 3) / 2, -0.5, 10], rtol=1e-6)
    assert list(table.index) == [-1, 0, 1, 2, 3]
    np.testing.assert_allclose(table["villages"], [1.5, 0.5, 1, 2, 1])
    assert winners.tier_of(np.array([-1, 0, 0.1, 5, 10, 29.9, 30])).tolist() == [-1, -1, 0, 1, 2, 2, 3]


def test_shares_below_and_at_the_lines(found: Results) -> None:
    """Under the reference two of six lie below 10 (10 itself does not), two reach 30 (30 itself does)."""
    table = winners.shares(found, "income_operating")
    np.testing.assert_allclose(table.loc["a"], [2 / 6, 2 / 6])
    np.testing.assert_allclose(table.loc["b"], [(3 + 3) / 12, (2 + 2) / 12])


def test_inequality_is_that_of_the_horizon(found: Results) -> None:
    """Gini of 1, 3, 10, 12, 30, 40 by its mean differences."""
    values = np.array(LAST[0])
    gini = np.abs(values[:, None] - values).sum() / (2 * 6 * values.sum())
    row = equity.table(found, "income_operating").loc["a"]
    assert row["gini"] == pytest.approx(gini)
    assert row["theil"] == pytest.approx(row["theil_within"] + row["theil_between"])
    share = np.array([14 / 96, 82 / 96])
    assert row["theil_between"] == pytest.approx((share * np.log(share / 0.5)).sum())


def test_sentences_take_the_right_column(found: Results) -> None:
    told = "“Plan a”: by profit, “Plan b” 42%; by operating income, “Plan b” 25%"
    assert winners.title_winners(found, EN).endswith(told)
    assert "“Plan b” −25,000 and −100,000" in winners.title_tiers(found, EN)


def test_every_table_of_villages_tells_profit_before_turnover(found: Results) -> None:
    for name in ("winners", "by_starting_income", "who_gains", "gains", "distribution"):
        table = answers.found()[name].table(found)
        assert list(dict.fromkeys(table["measure"])) == ["profit", "operating"], name


def test_kinds_without_a_village_in_a_future_are_left_out() -> None:
    """Class 1 has a member in the first future alone."""
    change, classes = np.array([[1.0, 3, 5], [1, 1, 1]]), np.array([[0, 0, 1], [0, 0, 0]])
    assert kinds.group_means(change, classes, 0).tolist() == [2, 1]
    assert kinds.group_means(change, classes, 1).tolist() == [5]


def test_who_is_described_by_what_it_had_at_first(found: Results) -> None:
    """Those who gain: 0 and 40, then 0, 0 and 40; three of these five began below 10."""
    table = kinds.who(found, "income_operating").set_index("group")
    assert table.loc["gain", "income_operating"] == pytest.approx((0 + 40 + 0 + 0 + 40) / 5)
    assert table.loc["gain", "poor"] == pytest.approx(3 / 5)
    assert table.loc["lose", "villages"] == pytest.approx(1.5)
    assert table.loc["lose", "poor"] == pytest.approx(1 / 3)
    assert table.loc["all", "income_operating"] == pytest.approx(np.mean(FIRST))


def test_money_of_levers_is_sorted_and_of_its_own_column() -> None:
    values = {("a", "cost_training"): [[9, 1.0, 1]], ("a", "cost_central_grant"): [[9, 3.0, 3]],
              ("b", "cost_training"): [[9, 2.0, 2]], ("b", "cost_central_grant"): [[9, 5.0, 5]],
              ("a", "public_cost"): [[9, 4.0, 4]], ("b", "public_cost"): [[9, 7.0, 7]]}  # fmt: skip
    table = money.by_lever(study(values, YEARS))
    assert list(table.index) == ["central_grant", "training"], "the dearest first"
    assert table.loc["training"].tolist() == [1, 2] and table.loc["central_grant"].tolist() == [3, 5]
