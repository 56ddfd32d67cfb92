"""Numbers come from their own place: of this strategy, this start, this count, in this direction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tiny_study import INCOME, study

from analysis.data import effects, money
from analysis.data.results import Results
from analysis.page import rows
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import certainty

EN = Words("en")


def test_a_difference_is_the_strategy_s_less_the_reference_s_in_the_futures_both_have() -> None:
    found = study({("a", INCOME): [1.0, 2.0, 3.0], ("b", INCOME): [5.0, 7.0]})
    assert found.paired("b", INCOME)[2024].tolist() == [4, 5]
    assert found.paired("a", INCOME, against="b")[2024].tolist() == [-4, -5]


def test_a_present_value_is_that_of_its_start() -> None:
    one = study({("a", INCOME): [1.0, 3.0]}).frame()
    facts = {"reference": "a", "start": "s", "start_year": 2024, "discount_rate": 0.1}
    both = Results.of(facts, pd.concat([one, one.assign(start="t", **{INCOME: 9.0})]))
    assert money.present_value(both, "a", INCOME).tolist() == [1, 3]
    assert money.present_value(both, "a", INCOME, "t").tolist() == [9, 9]


def test_levels_by_year_are_those_of_the_reference_wherever_it_stands() -> None:
    found = study({("a", INCOME): [9.0] * 3, ("b", INCOME): [2.0] * 3}, reference="b")
    (line,) = rows.years_rows(found, EN)["rows"]
    assert set(line["cells"]) == {"20,000"}


def test_the_table_of_the_aim_counts_the_futures_that_reach_it() -> None:
    found = rows.aim(study({("a", "villages_aim_operating"): [41.0, 42, 43]}), EN)
    assert found is not None
    assert found["rows"][0]["cells"][0]["count"] == EN("futures_short", count=2, n=3)


@pytest.mark.parametrize("direction", [1, -1])
def test_certainty_counts_the_futures_that_move_as_the_mean_does(direction: int) -> None:
    """Where less is better, most futures rise and are worse: the mean rises with them."""
    change = np.array([1.0] * 90 + [-0.1] * 10)
    row = effects.paired_summary(change, 0 * change, direction) | {"direction": direction}
    assert row["share_better"] == pytest.approx(0.9 if direction > 0 else 0.1)
    assert certainty(row) == ("fair", pytest.approx(0.9))
