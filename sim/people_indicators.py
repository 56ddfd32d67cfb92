"""Indicators of those who lead villages and of what they report: removals by grade, reported incomes."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import below, share
from sim.indicator import VILLAGES, Indicator, Measure
from sim.processes.reporting import LINES
from sim.state import Moment

NEAR = 0.1
"""A village is near a line if it reports within a tenth of it."""


def people_indicators() -> list[Indicator]:
    """Indicators of grades and reports."""
    return [*_grades(), *_reports()]


def _grades() -> list[Indicator]:
    return [
        Indicator("removals", "人", 0, "清退书记人数", "secretaries removed in the year",
                  lambda now, _: np.sum(now.state.secretary.removed, axis=1), at_start=False),
        Indicator("wrong_removals", "人", -1, "误清退书记人数", "secretaries of the abler half removed in the year",
                  lambda now, _: np.sum(now.state.secretary.wrongly_removed, axis=1), at_start=False),
    ]  # fmt: skip


def _reports() -> list[Indicator]:
    found = [
        Indicator("income_reported_mean", "万元", 0, "村均上报经营性收入", "mean operating income as reported",
                  lambda now, _: np.mean(now.state.village.income_reported, axis=1), over_districts=VILLAGES),
    ]  # fmt: skip
    for line in LINES:
        found.append(
            Indicator(f"villages_{line:.0f}_reported", "村", 0, f"上报经营性收入达{line:.0f}万元的村",
                      f"villages that report operating income of at least {line:.0f}万元",
                      _reporting(line))
        )  # fmt: skip
    return [
        *found,
        Indicator("reports_just_above", "", 0, "临线村上报达线比例", "share of reports near a line that reach it",
                  lambda now, _: share(*_near_lines(now)), over_districts="reports_near_line"),
        Indicator("reports_near_line", "村", 0, "临线上报的村次", "reports near a line",
                  lambda now, _: _near_lines(now)[1]),
    ]  # fmt: skip


def _reporting(line: float) -> Measure:
    return lambda now, _: np.sum(~below(now.state.village.income_reported, line), axis=1) * 1.0


def _near_lines(now: Moment) -> tuple[np.ndarray, np.ndarray]:
    """Reports within a tenth of 10 or 30万元: how many reach the line, and how many there are, each `(R,)`."""
    reported, above, near = now.state.village.income_reported, np.zeros(now.runs), np.zeros(now.runs)
    for line in LINES:
        close = ~below(reported, (1 - NEAR) * line) & below(reported, (1 + NEAR) * line)
        near += np.sum(close, axis=1)
        above += np.sum(close & ~below(reported, line), axis=1)
    return above, near
