"""Paired assistance 结对帮扶: sponsors for villages below a line, with money, purchases, plan and advice (EQ-12)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import below, rank
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.policies.base import Choice, Lever, Setting, UnitCost
from sim.state import Moment

STREAMS = {
    "central": ("central", "assistance_central", False),
    "intra_province": ("partner_regions", "assistance_province", True),
    "state_firms": ("state_firms", "assistance_firms", True),
}
"""Project money beside the sponsors' own, by setting: who pays, for what purpose, whether it fades with the sponsor."""


class PairingParameters(Parameters):
    """What the designer of pairing does not decide."""

    needs = {("paired_assistance",): ()}

    targeting_capture = Parameter(
        0.2, 0.0, 0.8, "share of slots", "B73; size assumed", "扶强不扶弱", "slots captured by stronger villages"
    )
    pair_advice = Parameter(0.05, 0.0, 0.1, "M", ASSUMPTION, "结对指导作用", "advice of a sponsor")


class PairedAssistance(Lever):
    """District departments sponsor the neediest villages below an income line; a part of the slots is captured.

    A sponsorship lasts until the village has been above the line long enough, or is above it when a term ends.
    Three more streams of project money, each with its own payer, may come with a sponsor: of the central and provincial
    budget, of a paired region of the province, of state firms.
    Variants: order, term, measure of income, direct and coordinated money, streams, purchases, exit rule, supply.
    """

    key = "paired_assistance"
    turn = 20
    zh = "结对帮扶"
    en = "paired assistance"
    place = "一(三)"
    changes = ("village.paired", "village.captured", "village.sponsor_years", "village.sponsored_income",
               "village.years_above_line", "village.earmarked_cash", "village.aided_capital",
               "village.capital", "village.income_operating", "village.income_total", "village.service_quality",
               "village.dependency", "secretary.manager_quality")  # fmt: skip
    purposes = ("paired_assistance", "assistance_cash", "assistance_purchases", "assistance_projects",
                "assistance_central", "assistance_province", "assistance_firms")  # fmt: skip

    payer = Choice("sponsors", {"sponsors": "帮扶单位"}, "付款方", "payer")
    income_line = Setting(10, 0, 100, "万元/yr", "N25", "帮扶收入线", "income line")
    measure = Choice(
        "operating", {"operating": "经营性收入", "total": "总收入", "profit": "经营收益"}, "收入口径", "income measure"
    )
    order = Choice("neediest_first", {"neediest_first": "先帮最困难", "nearest_line_first": "先帮临近达标"}, "优先次序",
                   "who is served first")  # fmt: skip
    sponsor_departments = Setting(42, 0, 200, "departments", "N2", "帮扶部门数", "sponsor departments")
    villages_per_sponsor = Setting(2, 0, 10, "villages", ASSUMPTION, "每部门帮扶村数", "villages per sponsor")
    term_years = Setting(3, 1, 20, "years", ASSUMPTION, "结对期限", "years of a sponsorship")
    exit_years = Setting(2, 0, 5, "years", ASSUMPTION, "退出观察年数", "years above the line before exit")
    direct = Setting(
        6, 0, 25, "万元 per village a year", "B72: 23 in the poverty era; default assumed", "直接投入", "direct money"
    )
    purchase_share = Setting(
        0.5, 0, 1, "share of direct money", ASSUMPTION, "消费帮扶占比", "share of purchases in direct money"
    )
    coordinated = Setting(6, 0, 70, "万元 per village a year", "B72: 71 in the poverty era; default assumed",
                          "协调项目资金", "coordinated project money")  # fmt: skip
    central = Setting(
        0, 0, 70, "万元 per village a year", "N26; no amount published", "中省项目资金", "central project money"
    )
    intra_province = Setting(0, 0, 70, "万元 per village a year", "N26; no amount published", "省内结对项目资金",
                             "project money of partner regions")  # fmt: skip
    state_firms = Setting(0, 0, 70, "万元 per village a year", "N26; no amount published", "国企带县项目资金",
                          "project money of state firms")  # fmt: skip
    staff_cost = UnitCost(3, 0, 10, "万元 per village a year", ASSUMPTION, "驻村人员成本", "cost of staff")
    advisors = Setting(60, 0, 209, "villages", ASSUMPTION, "可指导村数", "villages that advisors can serve")

    def act(self, now: Moment) -> None:
        """Assign sponsors for the year, then pay and promise what they give."""
        level = self.level(now)
        place = self.assign(now, level > 0)
        paired = place >= 0
        now.state.village.paired = paired
        advised = paired & (place < self.number("advisors", now))
        now.policy.apply("paired", paired * 1.0, where=paired)
        now.policy.apply("village_plan", level, where=paired)
        now.policy.apply("advice", now.parameters.pair_advice * level, where=advised)
        given = level * paired
        direct, purchases = self.number("direct", now), self.number("purchase_share", now)
        now.policy.apply("purchases", given * direct * purchases, where=paired)
        counted = {"operating": purchases, "total": 1.0, "profit": purchases * now.parameters.purchase_margin}
        now.state.village.sponsored_income = given * direct * counted[self.values["measure"]]
        self.give(now, "village", given * direct * (1 - purchases), "assistance_cash")
        projects = given * self.number("coordinated", now)
        self.give(now, "village.earmarked_cash", projects, "assistance_projects")
        leaves_with_sponsor = projects
        for stream, (payer, purpose, fades) in STREAMS.items():
            amount = given * self.number(stream, now)
            now.ledger.pay(payer, "village.earmarked_cash", amount, purpose)
            leaves_with_sponsor = leaves_with_sponsor + amount * fades
        now.state.village.earmarked_aid = now.state.village.earmarked_aid + leaves_with_sponsor
        self.pay(now, "suppliers", given * self.number("staff_cost", now))

    def assign(self, now: Moment, in_force: np.ndarray) -> np.ndarray:
        """Place of each village in the queue of those with a sponsor, from 0; -1 without one. `(R, V)` of int."""
        village, need, line = now.state.village, self.need(now), self.number("income_line", now)
        weak, near = below(need, line), below(need, 2 * line)
        counted = np.where(weak, 0.0, village.years_above_line + 1)
        village.years_above_line = np.where(in_force, counted, village.years_above_line)
        over = village.sponsor_years >= self.number("term_years", now)
        needs = village.years_above_line < self.number("exit_years", now)
        keeps = np.where(village.captured > 0, ~over | near, needs & (~over | weak))
        stays = (village.paired > 0) & keeps & in_force
        urgent = need if self.values["order"] == "neediest_first" else -need
        slots = np.floor(self.number("sponsor_departments", now) * self.number("villages_per_sponsor", now))
        stays &= _queue(urgent, stays) < slots
        free, waits = slots - np.sum(stays, axis=1, keepdims=True), in_force & ~stays
        strong = self.capture(now, free, waits & near & ~weak, need)
        entering = _queue(urgent, waits & weak) < free - np.sum(strong, axis=1, keepdims=True)
        captured = strong | stays & (village.captured > 0)
        needy = (stays | waits & weak & entering) & ~captured
        village.captured = captured * 1.0
        village.sponsor_years = (needy | captured) * (1 + stays * ~over * village.sponsor_years)
        place = np.where(needy, _queue(urgent, needy), -1)
        return np.where(captured, _queue(-need, captured) + np.sum(needy, axis=1, keepdims=True), place)

    def need(self, now: Moment) -> np.ndarray:
        """Income of last year by which need is measured, without what sponsors bought or gave, `(R, V)`."""
        village = now.state.village
        return getattr(village, f"income_{self.values['measure']}") - village.sponsored_income

    def capture(self, now: Moment, free: np.ndarray, band: np.ndarray, need: np.ndarray) -> np.ndarray:
        """The strongest of the `band`, who take some of the `free` slots `(R, 1)` for themselves, `(R, V)` of bool."""
        offered = np.arange(now.district.villages) < free
        taken = np.sum((now.draws.capture < now.parameters.targeting_capture) & offered, axis=1, keepdims=True)
        return band & (_queue(-need, band) < taken)

    def each_quarter(self, now: Moment) -> None:
        """Sponsors buy a quarter of what they promised for the year."""
        self.give(now, "village", now.policy.purchases / 4, "assistance_purchases")

    def give(self, now: Moment, payee: str, amount: np.ndarray, purpose: str) -> None:
        """Pay for one of the lever's own purposes."""
        now.ledger.pay(self.values["payer"], payee, amount, purpose)


def _queue(income: np.ndarray, waits: np.ndarray) -> np.ndarray:
    """Place in the queue by income, lowest first, ties by code; those who do not wait stand behind. `(R, V)`."""
    return rank(np.where(waits, income, np.inf))
