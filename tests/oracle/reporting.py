"""What villages report: true operating income, or a line that they nearly reached."""

from __future__ import annotations

import math

from oracle.arithmetic import below


def told(model, village) -> float:
    """Operating income as reported."""
    true = village.income_operating
    audited = math.exp(-model.p.leakage_supervision * village.policy.supervision)
    dares = village.policy.report_inflation * audited
    for line in (10.0, 30.0):
        if below(true, line) and not below((1 + dares) * true, line):
            return line
    return true


def report(model) -> None:
    """Closing: villages report, and the district reads growth from the reports."""
    for village in model.villages:
        last = village.income_reported
        village.income_reported = told(model, village)
        village.report_growth = (village.income_reported - last) / max(last, 10.0)
