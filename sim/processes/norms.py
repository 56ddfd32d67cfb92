"""Customs 乡风: what banquets and gifts take from households; off by default, for there is no data (P13)."""

from __future__ import annotations

import numpy as np

from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.state import Moment

BURDEN_OF_REFERENCE = 100.0
"""yuan per registered head a year."""


class NormParameters(Parameters):
    """Parameters of the banquet burden 人情宴席负担 and what it does."""

    banquet_burden = Parameter(0.0, 0.0, 500.0, "yuan per head", f"{ASSUMPTION}; no data, so 0 = off", "人情宴席负担",
                               "yearly banquets and gifts per registered head beyond what comes back")  # fmt: skip
    trust_by_burden = Parameter(
        0.05, 0.0, 0.1, "0-1", ASSUMPTION, "人情负担对信任的损害", "trust lost at a burden of 100 yuan per head"
    )
    burden_by_credit_file = Parameter(
        0.1, 0.0, 0.3, "share", ASSUMPTION, "诚信档案对人情负担的抑制", "burden prevented by files of good faith"
    )


def burden(now: Moment) -> np.ndarray:
    """Yearly burden of banquets per registered head, yuan `(R, V)`; reform and files of good faith lower it."""
    p, policy = now.parameters, now.policy
    filed = 1 - p.burden_by_credit_file * policy.platform_credit
    return p.banquet_burden * (1 - policy.norm_reform) * filed


def dividend_left(now: Moment) -> np.ndarray:
    """What of last year's dividend per head banquets leave, yuan `(R, V)`: the part that people notice."""
    return np.maximum(now.state.village.dividend_per_head - burden(now), 0)


def trust_lost(now: Moment) -> np.ndarray:
    """How much lower the level is that trust moves towards, `(R, V)`."""
    return now.parameters.trust_by_burden * burden(now) / BURDEN_OF_REFERENCE
