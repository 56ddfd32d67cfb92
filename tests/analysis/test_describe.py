"""Sentences claim no more than the runs show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.data import effects
from analysis.page import front
from analysis.sentences.catalogue import LANGUAGES, Words
from analysis.sentences.verdict import Verdict


def effect(change: np.ndarray, indicator: str = "income_operating_mean", direction: int = 1) -> pd.Series:
    """An effect row with these differences."""
    base = np.random.default_rng(5).normal(10, 1, len(change))
    row = effects.paired_summary(base + change, base, direction)
    row |= {"indicator": indicator, "direction": direction}
    return pd.Series(row | {"verdict": Verdict.of(row).direction})


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (np.linspace(-1, 1.1, 40), "unclear"),
        (np.r_[np.full(22, 1.0), np.full(18, -0.1)], "unclear"),
        (np.r_[np.full(6, 30.0), np.full(34, -0.1)], "unclear"),
        (np.linspace(0.5, 1, 40), "higher"),
        (np.linspace(-1, -0.5, 40), "lower"),
        (np.zeros(40), "same"),
        (np.linspace(0.5, 1, 5), "few"),
    ],
    ids=[
        "interval holds 0",
        "share between",
        "few large gains",
        "clear gain",
        "clear loss",
        "none",
        "few futures",
    ],
)
def test_verdicts(change: np.ndarray, verdict: str) -> None:
    """A direction is stated only with both a clear interval and two thirds of the futures."""
    assert effect(change)["verdict"] == verdict


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cannot_tell_is_said(lang: str) -> None:
    """Where nothing can be told apart the sentence says so, and never 'higher on average'."""
    words = Words(lang)
    text = front.change_of(effect(np.linspace(-1, 1.1, 40)), words)
    assert ("分不出高低" if lang == "zh" else "cannot be told") in text
    assert not text.startswith("高 ")
    assert "yuan higher" not in text


def test_frequencies_follow_the_direction() -> None:
    """For a cost that falls in 36 of 40 futures, the sentence counts the futures where it is lower."""
    change = np.r_[np.full(36, -1.0), np.full(4, 0.2)]
    text = front.change_of(effect(change, "public_cost", -1), Words("en"))
    assert "(lower in 36/40)" in text


def test_decline_needs_the_runs(results) -> None:
    """Self-finance below one is stated only where income falls in two thirds of the futures."""
    found = [front.decline(results, name) for name in effects.HEADLINE]
    assert all(row is not None and Verdict.of(row).word == "lower" for row in found) and front.declining(results)
    assert not any(Verdict.of(row | {"share_worse": 0.6}).word == "lower" for row in found)
    assert not any(Verdict.of(row | {"n": 5}).word == "lower" for row in found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_summary_is_short(results, lang: str) -> None:
    """Page one has a handful of sentences without unfilled placeholders."""
    lines = front.summary(results, Words(lang))
    assert 4 <= len(lines) <= 8
    lines += front.would_change(results, Words(lang))
    assert not any("{" in line or "nan" in line for line in lines)
