"""The report's own question and the gains and losses of villages."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.answers import question, winners
from analysis.data import effects


def test_question_covers_measures_and_starts(results) -> None:
    """Three years, three measures, two starts; the count is that of the stored runs."""
    table = question.table(results)
    assert len(table) == 18
    row = table[(table["start"] == "target_consistent") & (table["measure"] == "total") & (table["year"] == 2025)]
    stored = results.at(results.reference, "villages_aim_total", 2025, "target_consistent")
    assert row["reached"].item() == (stored >= question.target(results)).sum()
    assert row["mean"].item() == pytest.approx(stored.mean())


def test_winners_add_up(results) -> None:
    """Gain, same and lose make a whole, and a village compared with itself does not change."""
    table = winners.both(results)["operating"]
    np.testing.assert_allclose(table[["gain", "same", "lose"]].sum(axis=1), 1)


def test_tiers_average_to_the_whole(results) -> None:
    """Mean differences by tier, weighted by villages, give about the mean difference of all."""
    for key, rows in winners.by_tier(results, "income_operating").groupby("strategy"):
        whole = effects.row(results, str(key), "income_operating_mean", results.horizon)["difference"]
        assert np.average(rows["difference"], weights=rows["villages"]) == pytest.approx(whole, rel=0.05, abs=0.05)


def test_labels_hide_real_names() -> None:
    """Town and a number in the order of the codes."""
    codes, towns = np.array(["3", "1", "2"]), np.array(["甲镇", "甲镇", "乙镇"])
    assert winners.labels(codes, towns) == ["甲镇-02", "甲镇-01", "乙镇-01"]
