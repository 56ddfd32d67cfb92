"""Target pressure 目标任务: a plan sets an income for every village and watches over risks (EQ-05, EQ-14)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import NOBODY, Choice, Lever, Setting


class TargetPressure(Lever):
    """A secretary whose village falls short of the target works harder; projects are checked; reports may err."""

    key = "target_pressure"
    turn = 220
    zh = "目标任务"
    en = "target pressure"
    place = "一(三)"
    changes = ("secretary.effort", "village.failures", "village.income_operating")
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
