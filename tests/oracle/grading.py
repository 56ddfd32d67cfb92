"""Grades: score, grades, removal (EQ-18)."""

from __future__ import annotations

import math

from oracle.agents import Village
from oracle.arithmetic import ratio
from oracle.finance import PROJECT_GRANTS
from oracle.rewards import A, B, C, D


def audit(village: Village) -> float:
    """What leaked and what failed projects lost, over assets and takings."""
    gone = village.capital_lost + village.paid["leak_invest"] + village.paid["leak_revenue"]
    grants = sum(village.received[purpose] for purpose in PROJECT_GRANTS)
    return ratio(gone, sum(village.capital) + village.capital_lost + village.income_operating + grants)


def z_scores(values: list[float]) -> list[float]:
    """Distances from the mean in standard deviations; all 0 where all are alike."""
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / spread if spread > 1e-12 else 0.0 for value in values]


def assess(model) -> None:
    """Closing: those in villages where grades are in force are scored and graded."""
    graded = [village for village in model.villages if village.policy.graded]
    for village in model.villages:
        if village not in graded:
            village.secretary.grade = 0
            village.secretary.years_at_bottom = 0.0
    if not graded:
        return
    growth = z_scores([village.report_growth for village in graded])
    takes_part = z_scores([village.participation for village in graded])
    losses = z_scores([audit(village) for village in graded])
    scored = []
    for village, g, t, loss in zip(graded, growth, takes_part, losses, strict=True):
        policy = village.policy
        points = policy.grade_weight_income * g + policy.grade_weight_participation * t
        points -= policy.grade_weight_audit * loss
        scored.append((points + model.p.grade_noise * model.draws["grade"][village.number], village))
    scored.sort(key=lambda item: -item[0])

    def number(name: str) -> int:
        return math.floor(max(getattr(village.policy, name) for village in graded) * len(graded) + 0.5)

    share_of_c_and_d = max(village.policy.grade_low_share + village.policy.grade_bottom_share for village in graded)
    in_c_and_d = math.floor(share_of_c_and_d * len(graded) + 0.5)
    for place, (_, village) in enumerate(scored):
        grade = A if place < number("grade_top_share") else B
        behind = len(graded) - 1 - place
        if behind < in_c_and_d:
            grade = C
        if behind < number("grade_bottom_share"):
            grade = D
        village.secretary.grade = grade
        village.secretary.years_at_bottom = village.secretary.years_at_bottom + 1 if grade == D else 0.0


def has_to_go(village: Village) -> bool:
    """Two years running at the bottom, and grades are still in force."""
    return bool(village.policy.graded) and village.secretary.years_at_bottom >= 2


def abler_half(model) -> set[int]:
    """Numbers of the graded villages whose secretaries are in the upper half of own ability."""
    graded = [village for village in model.villages if village.policy.graded]
    graded.sort(key=lambda village: village.secretary.own_ability)
    return {village.number for place, village in enumerate(graded) if 2 * place >= len(graded)}


def chance_of_promotion(model, village: Village) -> float:
    """EQ-17: a year; more for who has an A."""
    chance = model.p.promotion_rate * village.policy.career_path
    best = village.policy.graded and village.secretary.grade == A
    return chance * village.policy.grade_promotion if best else chance
