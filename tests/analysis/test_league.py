"""Ranks, chances and criteria by hand."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.answers import league
from analysis.data.results import Results

OUTCOME = np.array([[3.0, 1.0, 2.0], [3.0, 3.0, 0.0], [1.0, 2.0, 3.0], [5.0, 1.0, 1.0]])


def test_ranks_and_ties() -> None:
    """The largest is first; equal outcomes share the mean of their ranks."""
    expected = [[1, 3, 2], [1.5, 1.5, 3], [3, 2, 1], [1, 2.5, 2.5]]
    np.testing.assert_array_equal(league.ranks(OUTCOME), expected)


def test_chances() -> None:
    """A first place that two share counts half for either; the places add up."""
    best, two = league.chances(OUTCOME, 1), league.chances(OUTCOME, 2)
    np.testing.assert_allclose(best, [2.5 / 4, 0.5 / 4, 1 / 4])
    np.testing.assert_allclose(two, [3 / 4, 2.5 / 4, 2.5 / 4])
    assert best.sum() == pytest.approx(1)
    assert two.sum() == pytest.approx(2)


def test_criteria() -> None:
    """Regret is the shortfall from the best of the same future."""
    found = league.criteria(OUTCOME, reference=1)
    np.testing.assert_allclose(found["mean"], [3, 1.75, 1.5])
    np.testing.assert_allclose(found["largest_regret"], [2, 4, 4])
    np.testing.assert_allclose(found["worst_decile"], [1, 1, 0])
    np.testing.assert_allclose(found["above_reference"], [0.5, 0, 0.5])
    first = league.first_by(found)
    assert first["mean"] == 0
    assert "worst_decile" not in first, "two share it"


def test_regret_and_the_worst_tenth_of_twenty_futures() -> None:
    """One falls short by 0, 1, …, 19: by 17.1 at most in nine of ten; the two worst futures make the worst tenth."""
    short = np.arange(20.0)
    found = league.criteria(np.column_stack([np.full(20, 30.0), 30 - short]), reference=0)
    np.testing.assert_allclose(found["regret_90"], [0, 17.1])
    np.testing.assert_allclose(found["largest_regret"], [0, 19])
    np.testing.assert_allclose(found["worst_decile"], [30, (11 + 12) / 2])
    assert league.first_by(found) == {"mean": 0, "worst_decile": 0, "largest_regret": 0, "regret_90": 0}


def test_the_best_of_one_criterion_may_be_the_worst_of_another() -> None:
    """A gamble wins by the mean, the careful strategy by the worst tenth."""
    gamble = np.r_[np.zeros(10), np.full(10, 10.0)]
    found = league.first_by(league.criteria(np.column_stack([gamble, np.full(20, 4.0)]), 0))
    assert found["mean"] == 0
    assert found["worst_decile"] == 1


def test_table_holds_every_contestant(results: Results) -> None:
    """Reference, no measures and grants take part; chances add up; places are a winners."""
    table, places = league.table(results), league.places(results)
    for indicator, rows in table.groupby("indicator"):
        assert set(rows["strategy"]) == set(results.strategies)
        assert rows["best"].sum() == pytest.approx(1)
        assert rows["top_two"].sum() == pytest.approx(2)
        assert rows["beside"].iloc[0], "the best mean is beside itself"
        part = places[places["indicator"] == indicator]
        np.testing.assert_allclose(part.groupby("strategy")["share"].sum(), 1)
        expected = (part["place"] * part["share"]).groupby(part["strategy"]).sum()
        np.testing.assert_allclose(rows.set_index("strategy")["rank"].sort_index(), expected.sort_index())


def test_overlap_is_flagged() -> None:
    """A strategy that is lower in a bare half of the futures stands beside the leader."""
    leader = np.random.default_rng(1).normal(0, 1, 60)
    assert not league.behind(leader - np.linspace(-1, 1.1, 60), leader)
    assert league.behind(leader - 1, leader)
