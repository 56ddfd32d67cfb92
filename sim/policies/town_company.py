"""Strong-village companies 强村公司: one a town, with stakes and professional managers (EQ-28, EQ-29)."""

from __future__ import annotations

import numpy as np

from sim.parameters import ASSUMPTION
from sim.policies.base import Choice, Lever, Setting
from sim.state import Moment

BUSINESS_CODES = {"mixed": 0.0, "assets": 1.0, "operations": 2.0}


class TownCompany(Lever):
    """The villages of a town found a company; professionals manage it, partly paid by the public (政招企用).

    Variants: with and without professionals, voluntary or mandatory stakes, line of business.
    """

    key = "town_company"
    turn = 50
    zh = "强村公司"
    en = "strong-village companies"
    place = "一(三)"
    changes = ("venture.capital", "venture.active", "venture.professional_in_post", "venture.manager_quality",
               "village.company_stake", "village.advice", "secretary.manager_quality",
               "village.income_operating")  # fmt: skip
    purposes = ("company_startup", "manager_pay_public", "public_contracts")

    payer = Choice("district", {"district": "区财政"}, "付款方", "payer")
    startup = Setting(30, 0, 200, "万元 per company", "C6; assumption", "财政启动资金", "public start-up money")
    entry = Setting(5, 0, 50, "万元 per village", "B76: 5 in Wanzhou", "每村入股", "what each village pays in at first")
    stake_share = Setting(
        0.1, 0, 1, "share of investable funds", ASSUMPTION, "后续出资比例", "share of funds asked in later years"
    )
    stake_years = Setting(3, 0, 60, "years", ASSUMPTION, "出资年数", "years in which stakes are asked for")
    stakes = Choice(
        "voluntary", {"voluntary": "自愿", "mandatory": "统一出资"}, "出资方式", "whether stakes are a duty"
    )
    business = Choice(
        "mixed", {"mixed": "综合经营", "assets": "资产经营", "operations": "实体经营"}, "经营方向", "line of business"
    )
    payout = Setting(0.6, 0, 1, "share of profit", "effects.md 3: at most 59 %", "分红比例", "share of profit paid out")
    professionals = Setting(22, 0, 200, "professionals", "N29", "职业经理人数", "professionals on the market")
    manager_pay = Setting(
        12, 0, 40, "万元 per manager a year", "effects.md 3: 18, 15, 12", "职业经理人薪酬", "pay of a professional"
    )
    manager_pay_public_share = Setting(
        0.8, 0, 1, "share of pay", ASSUMPTION, "薪酬财政承担比例", "public part of the pay"
    )
    public_contract_share = Setting(
        0.3, 0, 1, "share of revenue", "B76; size assumed", "承接政府项目比例", "revenue from public contracts"
    )
    advice = Setting(1, 0, 1, "", "design of the lever", "指导力度", "strength of advice to members")

    def act(self, now: Moment) -> None:
        """Say what the companies may do this year."""
        level = self.level(now)
        member = level > 0
        if not np.any(member):
            return
        in_town = np.maximum(now.towns.spread(now.towns.sum(member * 1.0)), 1)
        said = {
            "company": np.ones_like(level),
            "company_startup": level * self.number("startup", now) / in_town,
            "company_entry": level * self.number("entry", now),
            "company_stake_share": level * self.number("stake_share", now),
            "company_stake_years": self.number("stake_years", now),
            "company_mandatory": np.full_like(level, self.values["stakes"] == "mandatory"),
            "company_business": np.full_like(level, BUSINESS_CODES[self.values["business"]]),
            "company_payout": self.number("payout", now),
            "company_advice": level * self.number("advice", now),
            "company_post": self.number("professionals", now) > 0,
            "professionals": np.floor(level * self.number("professionals", now)),
            "manager_pay": self.number("manager_pay", now),
            "manager_pay_public": self.number("manager_pay_public_share", now),
            "public_contracts": level * self.number("public_contract_share", now),
        }
        self.write(now, said, level)

    def each_quarter(self, now: Moment) -> None:
        """The public pays its part of the professionals who are in post, where there is a company."""
        if not np.any(now.policy.company > 0):
            return
        venture = now.state.venture
        employed = venture.professional_in_post * venture.active
        in_post = now.towns.spread(employed[:, now.clusters.count :])
        pay = now.policy.manager_pay * now.policy.manager_pay_public * in_post / 4
        members = np.maximum(now.towns.spread(now.towns.sum((now.policy.company > 0) * 1.0)), 1)
        now.ledger.pay(self.values["payer"], "managers", pay * (now.policy.company > 0) / members, "manager_pay_public")
