"""What villages report: operating income as told to the district, which need not be the true one."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import below
from sim.state import Moment

LINES = (10.0, 30.0)
"""万元 a year: the lines of the report that a village wants to reach, for pairing (10) and for the target (30)."""
SMALLEST_BASE = 10.0
"""万元 a year: growth of a smaller income is counted on this, else a village that began with nothing would lead."""


def report(now: Moment) -> None:
    """A village a little below a line reports the line, as far as it dares under audit; growth is of reports."""
    village, policy = now.state.village, now.policy
    before, true = village.income_reported.copy(), village.income_operating
    dares = policy.report_inflation * np.exp(-now.parameters.leakage_supervision * policy.supervision)
    told = true
    for line in LINES:
        told = np.where(below(true, line) & ~below(true * (1 + dares), line), line, told)
    village.income_reported = told
    village.report_growth = (told - before) / np.maximum(before, SMALLEST_BASE)
