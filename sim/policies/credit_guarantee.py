"""Credit guarantee 信贷担保: a public fund stands behind loans of villages and bears its part of defaults (EQ-07)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting


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
