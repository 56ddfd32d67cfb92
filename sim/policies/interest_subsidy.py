"""Interest subsidy 贷款贴息: the public pays a part of the interest on loans of village collectives (EQ-02, EQ-07)."""

from __future__ import annotations

from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting


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
