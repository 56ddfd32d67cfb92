"""Grades of secretaries 分档管理: a yearly score with noise, grades A to D, who has to go (EQ-18)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import over_modes, rank, share
from sim.columns import GRADE_A, GRADE_B, GRADE_C, GRADE_D, UNGRADED
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes.finance import PROJECT_GRANTS
from sim.state import Moment

YEARS_TO_REMOVAL = 2
"""Years running with grade D after which a secretary is removed."""
NO_SPREAD = 1e-12
"""Values that differ by less are all the same; their scores are 0."""


class GradingParameters(Parameters):
    """Parameters of how well a score tells what a secretary did."""

    needs = {("graded_management",): ()}

    grade_noise = Parameter(
        0.5, 0.2, 1.0, "standard deviations", f"EQ-18; {ASSUMPTION}", "考评误差", "noise in the yearly score"
    )


def assess(now: Moment) -> None:
    """Score the year and grade: the best A, the weakest C and D, everybody else B; the bottom is counted first."""
    secretary, policy = now.state.secretary, now.policy
    graded = policy.graded > 0
    number = np.sum(graded, axis=1, keepdims=True)
    noisy = score(now, graded) + now.parameters.grade_noise * now.draws.grade
    from_top = rank(np.where(graded, -noisy, np.inf))
    from_bottom = number - 1 - from_top
    top, low, bottom = policy.grade_top_share, policy.grade_low_share, policy.grade_bottom_share
    grade = np.where(from_top < _places(top, number), GRADE_A, GRADE_B)
    grade = np.where(from_bottom < _places(low + bottom, number), GRADE_C, grade)
    grade = np.where(from_bottom < _places(bottom, number), GRADE_D, grade)
    secretary.grade = np.where(graded, grade, UNGRADED)
    secretary.years_at_bottom = np.where(secretary.grade == GRADE_D, secretary.years_at_bottom + 1, 0)


def score(now: Moment, graded: np.ndarray) -> np.ndarray:
    """The year's score without noise, `(R, V)`: growth of reported income, participation, and what the audit found."""
    village, policy = now.state.village, now.policy
    return (
        policy.grade_weight_income * standardised(village.report_growth, graded)
        + policy.grade_weight_participation * standardised(village.participation, graded)
        - policy.grade_weight_audit * standardised(loss_share(now), graded)
    )


def loss_share(now: Moment) -> np.ndarray:
    """What leaked or was lost with failed projects in the year, over assets and takings: the audit, `(R, V)`."""
    village, ledger = now.state.village, now.ledger
    lost = village.capital_lost + ledger.paid(("leak_invest", "leak_revenue"))
    taken = village.income_operating + ledger.paid(PROJECT_GRANTS)
    return share(lost, over_modes(village.capital) + village.capital_lost + taken)


def standardised(values: np.ndarray, graded: np.ndarray) -> np.ndarray:
    """Distance from the mean of those graded in standard deviations, `(R, V)`; 0 where all are alike, or not graded."""
    number = np.maximum(np.sum(graded, axis=1, keepdims=True), 1)
    mean = np.sum(np.where(graded, values, 0.0), axis=1, keepdims=True) / number
    distance = np.where(graded, values - mean, 0.0)
    spread = np.sqrt(np.sum(distance * distance, axis=1, keepdims=True) / number)
    return distance / np.where(spread > NO_SPREAD, spread, np.inf)


def removed(now: Moment) -> np.ndarray:
    """Whose second D running was given at the end of last year, where grades are in force, `(R, V)` of bool."""
    return (now.policy.graded > 0) & (now.state.secretary.years_at_bottom >= YEARS_TO_REMOVAL)


def above_the_median(now: Moment) -> np.ndarray:
    """Whether a secretary's own ability stands in the upper half of those graded, `(R, V)` of bool."""
    graded = now.policy.graded > 0
    place = rank(np.where(graded, now.state.secretary.own_ability, np.inf))
    return graded & (2 * place >= np.sum(graded, axis=1, keepdims=True))


def promotion_factor(now: Moment) -> np.ndarray:
    """How much likelier than others a secretary is to be promoted, by last year's grade, `(R, V)`."""
    best = (now.policy.graded > 0) & (now.state.secretary.grade == GRADE_A)
    return np.where(best, now.policy.grade_promotion, 1.0)


def merit(now: Moment) -> np.ndarray:
    """How far promotion goes by merit, 0-1 `(R, V)`: by how much likelier A is promoted; 0 where nobody grades."""
    return np.where(now.policy.graded > 0, 1 - 1 / np.maximum(now.policy.grade_promotion, 1), 0.0)


def _places(part: np.ndarray, number: np.ndarray) -> np.ndarray:
    """How many of those graded a share is, rounded, `(R, 1)`."""
    return np.floor(np.max(part, axis=1, keepdims=True) * number + 0.5)
