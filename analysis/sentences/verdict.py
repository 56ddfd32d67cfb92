"""What may be said of a difference: numbers of futures, thresholds and what is too small to matter, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.sentences.catalogue import kind_of

FEW = 10
"""Futures below which no direction is stated."""
MANY = 20
"""Futures from which 90 of 100 are meant by a range; below, all are."""
CLEAR_SHARE = 2 / 3
"""Share of futures that must agree with a direction."""
UNREACHED = "unreached"
"""Said of a strategy that is the reference in all but name, for a yearly budget never came to it."""
CLEAR = ("higher", "lower")
SMALL = {"income": 0.05, "villages": 0.5, "points": 0.0005}
"""Differences below these (万元 per village, villages, share of residents) are too small to matter, however clear."""


@dataclass(frozen=True)
class Verdict:
    """What may be said of one difference.

    A direction is stated only where the precision excludes zero and at least two thirds of the futures agree.

    Attributes:
        direction: higher, lower, same, few (too few futures), unclear, or `UNREACHED`.
        small: whether it is clear but too small to matter, or small in nearly all futures.
    """

    direction: str
    small: bool = False

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Verdict:
        """The verdict on a paired summary (see `effects.paired_summary`).

        Args:
            row: may name its `indicator`, without which nothing is too small; its `direction` is 1 if it has none, and
                a `verdict` that was reached before stands.
        """
        direction = str(row["verdict"]) if "verdict" in row else _direction(row)
        if direction not in (*CLEAR, "unclear"):
            return cls(direction)
        parts = ("difference",) if direction in CLEAR else ("spread_low", "spread_high")
        return cls(direction, all(too_small(row.get("indicator"), row[part]) for part in parts))

    @property
    def word(self) -> str:
        """The direction, or `small`."""
        return "small" if self.small else self.direction


def _direction(row: Mapping[str, Any]) -> str:
    if row["share_equal"] == 1:
        return "same"
    if row["n"] < FEW:
        return "few"
    if not (row["precision_low"] > 0 or row["precision_high"] < 0):
        return "unclear"
    higher = row["difference"] > 0
    agrees = row["share_better"] if higher == (row.get("direction", 1) >= 0) else row["share_worse"]
    if agrees < CLEAR_SHARE:
        return "unclear"
    return "higher" if higher else "lower"


def too_small(indicator: str | None, value: float) -> bool:
    """Whether a difference of this indicator is too small to matter."""
    return indicator is not None and abs(value) < SMALL.get(kind_of(indicator), 0.0)


def half_width(row: Mapping[str, Any]) -> float:
    """Half the width of the 95 % interval of a mean difference: it decides how many digits are written."""
    return (row["precision_high"] - row["precision_low"]) / 2


CERTAINTY = {"high": 0.95, "fair": 0.8, "some": CLEAR_SHARE}
"""Least share of futures for each word of certainty, the highest first."""


def certainty(row: Mapping[str, Any]) -> tuple[str, float]:
    """How certain a difference is: a word of `CERTAINTY` or `none`, and the share of futures in its direction.

    Only a clear difference is certain to any degree.
    """
    better = (row["difference"] > 0) == (row.get("direction", 1) >= 0)
    share = float(row["share_better"] if better else row["share_worse"])
    if Verdict.of(row).direction not in CLEAR:
        return "none", share
    return next((word for word, least in CERTAINTY.items() if share >= least), "none"), share
