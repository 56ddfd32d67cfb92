"""What may be said of a difference: numbers of futures, thresholds and what is too small to matter, in one place."""

from __future__ import annotations

import pandas as pd

from analysis.sentences.catalogue import kind_of

FEW = 10
"""Futures below which no direction is stated."""
MANY = 20
"""Futures from which 90 of 100 are meant by a range; below, all are."""
CLEAR_SHARE = 2 / 3
"""Share of futures that must agree with a direction."""
UNREACHED = "unreached"
"""Verdict on a strategy that is the reference in all but name, for a yearly budget never came to it."""
CLEAR = ("higher", "lower")
SMALL = {"income": 0.05, "villages": 0.5, "points": 0.0005}
"""Differences below these (万元 per village, villages, share of residents) are too small to matter, however clear."""


def verdict(row: dict[str, float] | pd.Series) -> str:
    """What may be said of a difference: higher, lower, same, few (too few futures) or unclear.

    A direction is stated only where the precision excludes zero and at least two thirds of the futures agree.
    """
    if row["share_equal"] == 1:
        return "same"
    if row["n"] < FEW:
        return "few"
    if not (row["precision_low"] > 0 or row["precision_high"] < 0):
        return "unclear"
    higher = row["difference"] > 0
    agrees = row["share_better"] if higher == (row["direction"] >= 0) else row["share_worse"]
    if agrees < CLEAR_SHARE:
        return "unclear"
    return "higher" if higher else "lower"


def word(row: pd.Series) -> str:
    """The verdict on an effect; `small` where it is clear but too small to matter, or small in nearly all futures."""
    limit = SMALL[kind_of(row["indicator"])]
    parts = ("difference",) if row["verdict"] in CLEAR else ("spread_low", "spread_high")
    small = all(abs(row[part]) < limit for part in parts)
    return "small" if small and row["verdict"] in (*CLEAR, "unclear") else str(row["verdict"])
