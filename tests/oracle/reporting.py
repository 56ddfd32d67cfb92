"""What villages report: true operating income, or a line that they nearly reached."""

from __future__ import annotations

from oracle.arithmetic import below


def told(village) -> float:
    """Operating income as reported."""
    true = village.income_operating
    dares = village.policy.report_inflation * (1 - village.policy.supervision)
    for line in (10.0, 30.0):
        if below(true, line) and not below((1 + dares) * true, line):
            return line
    return true


def report(model) -> None:
    """Closing: villages report, and the district reads growth from the reports."""
    for village in model.villages:
        last = village.income_reported
        village.income_reported = told(village)
        village.report_growth = (village.income_reported - last) / max(last, 10.0)
