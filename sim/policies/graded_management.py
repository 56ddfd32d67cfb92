"""Graded management 分档管理: secretaries are scored, graded A to D, paid by grade, and removed after two D (EQ-18)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Lever, Setting, UnitCost

SPEC = f"EQ-18; {ASSUMPTION}"


class GradedManagement(Lever):
    """Each year the score of growth, participation and audit decides a grade; the score is noisy, so it errs."""

    key = "graded_management"
    turn = 210
    zh = "分档管理"
    en = "graded management"
    place = "三(一)"
    changes = (
        "secretary.grade",
        "secretary.effort",
        "secretary.removed",
        "secretary.skill",
        "village.income_operating",
    )
    purposes = ("graded_management",)

    share_a = Setting(0.2, 0, 0.5, "share", SPEC, "A档比例", "share graded A")
    share_c = Setting(0.15, 0, 0.3, "share", SPEC, "C档比例", "share graded C")
    share_d = Setting(0.05, 0, 0.2, "share", SPEC, "D档比例", "share graded D")
    weight_income = Setting(0.5, 0, 1, "0-1", SPEC, "增收权重", "weight of the growth of reported income")
    weight_participation = Setting(0.3, 0, 1, "0-1", SPEC, "参与权重", "weight of participation")
    weight_audit = Setting(0.2, 0, 1, "0-1", SPEC, "审计权重", "weight of the audit")
    pay_a = Setting(1.2, 1, 2, "ratio", SPEC, "A档薪酬系数", "multiplier on the pay of A")
    pay_c = Setting(0.8, 0, 1, "ratio", SPEC, "C档薪酬系数", "multiplier on the pay of C")
    pay_d = Setting(0.5, 0, 1, "ratio", SPEC, "D档薪酬系数", "multiplier on the pay of D")
    promotion_factor = Setting(2, 1, 5, "ratio", SPEC, "A档晋升倍数", "how much likelier A is to be promoted")
    cost_per_village = UnitCost(
        0.2, 0, 2, "万元 per village a year", f"C6; {ASSUMPTION}", "每村考评成本", "cost of assessment per village"
    )

    writes = {
        "graded": ("level",),
        "grade_top_share": ("level", "share_a"),
        "grade_low_share": ("level", "share_c"),
        "grade_bottom_share": ("level", "share_d"),
        "grade_weight_income": ("weight_income",),
        "grade_weight_participation": ("weight_participation",),
        "grade_weight_audit": ("weight_audit",),
        "grade_pay_a": ("pay_a",),
        "grade_pay_c": ("pay_c",),
        "grade_pay_d": ("pay_d",),
        "grade_promotion": ("promotion_factor",),
    }
    work = ("level", "cost_per_village")
