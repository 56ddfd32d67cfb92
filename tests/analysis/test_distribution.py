"""Distributions of an outcome, on two futures of four villages known by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_study import study, with_villages

from analysis.answers import distribution
from analysis.data.results import Results
from analysis.sentences.catalogue import Words
from sim.problems import InputErrors

FIRST = np.array([[0, 2, 4, 6.0], [6, 4, 2, 0.0]])
LAST = np.array([[0, 10, 20, 30.0], [40, 50, 60, 70.0]])


@pytest.fixture
def found(tmp_path: Path) -> Results:
    change = np.array([[1, -1, 0, 0.05], [1, 1, -1, 0]])
    given = {("a", "income_operating"): np.stack([FIRST, LAST], axis=1),
             ("b", "income_operating"): np.stack([FIRST, LAST + change], axis=1)}  # fmt: skip
    return with_villages(tmp_path, given, (2023, 2024), ["t", "t", "u", "u"])


def test_the_two_spreads_are_told_apart(found: Results) -> None:
    row = distribution.table(found, "income_operating", 2024).iloc[0]
    assert (row["strategy"], row["n"], row["villages"], row["mean"]) == ("a", 2, 4, 35)
    assert (row["future_low"], row["future_high"]) == (15, 55), "means of the two futures"
    assert (row["village_low"], row["village_high"]) == pytest.approx((1.5 + 20, 28.5 + 20))
    assert row["village_sd"] == pytest.approx(np.sqrt(125)) and row["future_sd"] == pytest.approx(20)
    assert row["village_share"] == pytest.approx(125 / (125 + 400))


def test_a_group_is_what_villages_were_at_first_in_that_future(found: Results) -> None:
    """The lowest third of the first future is its first villages, that of the second its last ones."""
    table = distribution.table(found, "income_operating", 2024, "income_third")
    means = table[table["strategy"] == "a"].set_index("group")["mean"]
    assert means["0"] == pytest.approx((5 + 65) / 2)
    assert table["villages"].sum() == 8
    towns = distribution.table(found, "income_operating", 2023, "town")
    assert towns[towns["strategy"] == "b"][["group", "mean"]].values.tolist() == [["t", 3], ["u", 3]]
    alone = distribution.table(found, "income_operating", 2024, "village")
    assert alone["group"].tolist()[::2] == ["t-01", "t-02", "u-01", "u-02"]
    assert (alone["village_sd"] == 0).all() and (alone["village_share"] == 0).all()


def test_who_gains_is_counted_in_villages_of_futures(found: Results) -> None:
    table = distribution.gains(found, "income_operating").set_index(["by", "group"])
    whole = table.loc[("all", "")]
    assert (whole["gain"], whole["same"], whole["lose"]) == pytest.approx((3 / 8, 3 / 8, 2 / 8))
    assert table.loc[("village", "t-02"), "gain"] == 0.5 and table.loc[("village", "t-02"), "lose"] == 0.5
    assert table.loc[("town", "t"), "difference"] == pytest.approx((0 + 1) / 2)
    lowest = table.loc[("income_third", "0")]
    assert (lowest["gain"], lowest["lose"]) == (1 / 4, 2 / 4), "first two villages, then the last two"


def test_what_was_asked_for_is_given_and_drawn(found: Results) -> None:
    asked = found.distribution(year=2023, by="town", strategies=["b"])
    assert set(asked.table["strategy"]) == {"b"} and set(asked.table["year"]) == {2023}
    assert "2023" in asked.title(Words("en")) and "Plan b" in asked.title(Words("en"))
    for lang in ("zh", "en"):
        (axes,) = asked.plot(lang).axes
        assert [label.get_text() for label in axes.get_yticklabels()] == ["t", "u"]
    assert found.distribution().year == 2024


def test_mistakes_are_told_at_once_with_the_nearest(found: Results) -> None:
    with pytest.raises(InputErrors) as caught:
        found.distribution(year=2029, by="towns", strategies=["c"], indicator="income_operatin")
    problems = {problem.field: problem for problem in caught.value.problems}
    assert set(problems) == {"year", "by", "strategy", "indicator"}
    assert problems["by"].nearest == "town" and problems["indicator"].nearest == "income_operating"
    assert problems["year"].allowed == "2023, 2024"
    with pytest.raises(InputErrors, match="not stored"):
        study({("a", "x"): [1.0]}).distribution()


def test_undefined_values_count_in_no_mean(tmp_path: Path) -> None:
    values = np.array([[[1.0, 3.0], [np.nan, 5.0]], [[1.0, 3.0], [np.nan, np.nan]]])
    found = with_villages(tmp_path, {("a", "income_operating"): values}, (2023, 2024), ["t", "t"])
    row = distribution.table(found, "income_operating", 2024).iloc[0]
    assert (row["n"], row["villages"], row["mean"], row["village_high"]) == (1, 1, 5, 5)
