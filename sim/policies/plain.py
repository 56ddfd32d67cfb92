"""Levers that only write policy columns at a level, and pay for their work: declarations without an `act`."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import NOBODY, Choice, Lever, Setting, UnitCost

GRADING = f"EQ-18; {ASSUMPTION}"


class EnterprisePromotion(Lever):
    """The district presents its projects and looks for partners; enterprises settle in the villages it promotes."""

    key = "enterprise_promotion"
    turn = 70
    zh = "双招双引"
    en = "attracting enterprises"
    place = "一(三)"
    changes = ("enterprise.alive", "village.pipeline", "village.income_operating", "village.local_opportunity")
    purposes = ("enterprise_promotion",)

    fixed_cost = UnitCost(100, 0, 1000, "万元/yr", "C6; assumption", "招商经费", "cost of promotion")

    writes = {"promotion": ("level",)}
    spread_work = "fixed_cost"


class CreditGuarantee(Lever):
    """Banks lend more against the same collateral; while in force the fund pays them its part of what defaults."""

    key = "credit_guarantee"
    turn = 80
    zh = "信贷担保"
    en = "credit guarantee"
    place = "二(二)"
    changes = ("village.debt", "village.capital", "village.income_operating")
    purposes = ("guarantee_paid",)

    payer = Choice("district", {"district": "区财政"}, "付款方", "payer")
    guarantee = Setting(
        0.2, 0, 0.35, "ratio", f"EQ-07; {ASSUMPTION}", "担保增加的抵押倍数", "collateral multiplier added by the fund"
    )

    writes = {"guarantee": ("level", "guarantee")}  # it pays when a project fails: `sim.processes.projects.fail`


class InterestSubsidy(Lever):
    """Loans cost villages less, so more projects are worth a loan; it pays interest wherever it is due, in time."""

    key = "interest_subsidy"
    turn = 85
    zh = "贷款贴息"
    en = "interest subsidy"
    place = "二(二)"
    changes = ("village.debt", "village.cash", "village.capital", "village.income_operating")
    purposes = ("interest_subsidy",)

    payer = Choice("district", {"district": "区财政"}, "付款方", "payer")
    subsidised_share = Setting(0.5, 0, 1, "share of interest", ASSUMPTION, "贴息比例", "share of interest paid")

    writes = {"interest_subsidy": ("level", "subsidised_share")}  # paid by `sim.processes.credit.pay_interest`


class DistrictCoordination(Lever):
    """One scalar for joint meetings of departments: less project money lies idle, approvals come sooner.

    For sensitivity only: nothing is published about its size.
    """

    key = "district_coordination"
    turn = 120
    zh = "治理协调机制"
    en = "coordination in the district"
    place = "三(三)"
    changes = ("village.pending_this_year", "village.capital", "village.income_operating")
    purposes = ("district_coordination",)

    fixed_cost = UnitCost(
        50, 0, 500, "万元/yr", f"C6; {ASSUMPTION}", "协调机制经费", "cost a year in the whole district"
    )

    writes = {"coordination": ("level",)}
    spread_work = "fixed_cost"


class Training(Lever):
    """Secretaries are trained every year; what they learn counts in ability and leaves with them."""

    key = "training"
    turn = 180
    zh = "干部培训"
    en = "cadre training"
    place = "一(二)"
    changes = ("secretary.training_stock", "secretary.ability", "secretary.manager_quality", "village.income_operating")
    purposes = ("training",)

    cost_per_secretary = UnitCost(
        0.3, 0, 3, "万元 per secretary a year", f"C6; {ASSUMPTION}", "每名书记培训成本", "cost per secretary"
    )

    writes = {"training": ("level",)}
    work = ("level", "cost_per_secretary")


class CareerPath(Lever):
    """The prospect of promotion adds to effort; each year a few secretaries are promoted and leave their village."""

    key = "career_path"
    turn = 190
    zh = "职业通道"
    en = "career path"
    place = "一(二)"
    changes = ("secretary.effort", "secretary.promoted", "secretary.tenure", "village.income_operating")
    purposes = ()

    payer = Choice("nobody", NOBODY, "付款方", "payer")

    writes = {"career_path": ("level",)}


class ResponsibilityList(Lever):
    """Duties that are written down and assessed add to visits and to what effort is worth to a secretary."""

    key = "responsibility_list"
    turn = 200
    zh = "责任清单"
    en = "list of responsibilities"
    place = "一(一)"
    changes = ("secretary.effort", "village.participation", "village.income_operating")
    purposes = ("responsibility_list",)

    strength = Setting(
        1, 0, 2, "ratio", ASSUMPTION, "清单力度", "strength: 1 as in force, 2 with both full coverages (两个全覆盖)"
    )
    cost_per_village = UnitCost(
        0.1, 0, 1, "万元 per village a year", ASSUMPTION, "每村考核成本", "cost of assessment per village"
    )

    writes = {"responsibility": ("level", "strength")}
    work = ("level", "strength", "cost_per_village")


class GradedManagement(Lever):
    """Each year the score of growth, participation and audit decides a grade; the score is noisy, so it errs."""

    key = "graded_management"
    turn = 210
    zh = "分档管理"
    en = "graded management"
    place = "三(一)"
    changes = ("secretary.grade", "secretary.effort", "secretary.removed", "secretary.skill",
               "village.income_operating")  # fmt: skip
    purposes = ("graded_management",)

    share_a = Setting(0.2, 0, 0.5, "share", GRADING, "A档比例", "share graded A")
    share_c = Setting(0.15, 0, 0.3, "share", GRADING, "C档比例", "share graded C")
    share_d = Setting(0.05, 0, 0.2, "share", GRADING, "D档比例", "share graded D")
    weight_income = Setting(0.5, 0, 1, "0-1", GRADING, "增收权重", "weight of the growth of reported income")
    weight_participation = Setting(0.3, 0, 1, "0-1", GRADING, "参与权重", "weight of participation")
    weight_audit = Setting(0.2, 0, 1, "0-1", GRADING, "审计权重", "weight of the audit")
    pay_a = Setting(1.2, 1, 2, "ratio", GRADING, "A档薪酬系数", "multiplier on the pay of A")
    pay_c = Setting(0.8, 0, 1, "ratio", GRADING, "C档薪酬系数", "multiplier on the pay of C")
    pay_d = Setting(0.5, 0, 1, "ratio", GRADING, "D档薪酬系数", "multiplier on the pay of D")
    promotion_factor = Setting(2, 1, 5, "ratio", GRADING, "A档晋升倍数", "how much likelier A is to be promoted")
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


class TargetPressure(Lever):
    """A secretary whose village falls short of the target works harder; projects are checked; reports may err."""

    key = "target_pressure"
    turn = 220
    zh = "目标任务"
    en = "target pressure"
    place = "一(三)"
    changes = ("secretary.effort", "village.failures", "village.idle_rent", "village.income_operating")
    purposes = ()

    payer = Choice("nobody", NOBODY, "付款方", "payer")
    target_income = Setting(30, 0, 100, "万元/yr", "N24", "目标收入", "target income")
    inflation = Setting(
        0, 0, 0.3, "share", "design of the lever", "虚报幅度",
        "how far a report may exceed the true income to reach 10 or 30万元; 0 = reports are true",
    )  # fmt: skip
    risk_control = Setting(1, 0, 1, "", ASSUMPTION, "风险防范力度", "strength of risk control")

    writes = {
        "target_pressure": ("level",),
        "target_income": ("target_income",),
        "report_inflation": ("level", "inflation"),
        "risk_control": ("level", "risk_control"),
    }


class GridOutreach(Lever):
    """Outreach on top of the ordinary visits of a secretary, as far as time and organisation allow."""

    key = "grid_outreach"
    turn = 240
    zh = "网格方阵"
    en = "grid outreach"
    place = "一(一)"
    changes = ("village.participation", "resident.participates")
    purposes = ("grid_outreach",)

    strength = Setting(0.5, 0, 1, "0-1", ASSUMPTION, "网格走访强度", "outreach of the grid")
    doorstep_share = Setting(0, 0, 0.5, "share of the time for the economy", "design of the lever", "上门服务时间",
                             "part of the secretary's time for the economy that goes to visits (走村入户)")  # fmt: skip
    cost_per_village = UnitCost(
        0.5, 0, 5, "万元 per village a year", f"C6; {ASSUMPTION}", "每村网格成本", "cost per village"
    )

    writes = {"grid": ("level", "strength"), "doorstep": ("level", "doorstep_share")}
    work = ("level", "cost_per_village")


class NormReform(Lever):
    """Lowers the banquet burden; the burden is 0 by default, so that by default the lever does nothing but cost."""

    key = "norm_reform"
    turn = 270
    zh = "移风易俗"
    en = "reform of customs"
    place = "二(三), 三(三)"
    changes = ("village.trust", "village.participation", "resident.participates")
    purposes = ("norm_reform",)

    reduction = Setting(0.5, 0, 1, "share", ASSUMPTION, "负担减少比例", "share of the banquet burden that it ends")
    cost_per_village = UnitCost(
        0.1, 0, 2, "万元 per village a year", f"C6; {ASSUMPTION}", "每村工作成本", "cost per village"
    )

    writes = {"norm_reform": ("level", "reduction")}
    work = ("level", "cost_per_village")
