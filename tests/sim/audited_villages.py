"""Checks of the phases in which villages earn, invest, borrow and pay (known answers D-A3, D-A5, D-A6).

Each amount is recomputed from the equations of docs/model.md, not from the functions of the model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from audited_flows import MONEY, Snapshot, activity, flow, near

from sim.modes import EXPOSED, PHOTOVOLTAIC, REFERENCE_CAPITAL
from sim.policies.registry import LEVERS
from sim.purposes import PURPOSES
from sim.state import Moment


def check_projects_invest(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A3: new projects are worth what the builders were paid; A5: debt within the collateral when borrowing."""
    p = now.parameters
    built = (after["village:pending_this_year"] - before["village:pending_this_year"]).sum(axis=2)
    near(built, flow(moved, "investment", payee="contractors"), 1 + np.max(built))
    spent = before["village.earmarked_cash"] - after["village.earmarked_cash"]
    restraint = _restraint(now, before)
    near(flow(moved, "leak_invest"), spent * p.leak_invest * restraint)
    uncoordinated = 1 - p.coordination_effect * now.policy.coordination
    wasted = spent * (1 - p.leak_invest * restraint) * (1 - p.productive_share) * uncoordinated
    near(flow(moved, "idle"), wasted)
    loan = after["village:debt"] - before["village:debt"]
    near(loan, flow(moved, "borrowing"))
    accepted = (p.collateral_multiplier + now.policy.guarantee) * (1 + p.collateral_reform * before["village:reformed"])
    limit = accepted * (p.collateral_share * before["village:capital"]).sum(axis=2)
    assert np.all((loan <= MONEY) | (after["village:debt"] <= limit + MONEY))
    assert np.all((loan <= MONEY) | (np.abs(after["village:debt"] - limit) <= MONEY)), "the whole headroom or nothing"
    assert np.array_equal(before["village:capital"], after["village:capital"])
    audit.loans += loan.sum()


def _restraint(now: Moment, before: Snapshot) -> np.ndarray:
    """EQ-10: what supervision and property-rights reform leave of a leak."""
    p = now.parameters
    watched = np.exp(-p.leakage_supervision * now.policy.supervision - p.leakage_disclosure * now.policy.disclosure)
    return watched * (1 - p.leakage_reform * before["village:reformed"])


def check_projects_mature(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A3: what begins to produce is what was under construction."""

    def under_construction(taken: Snapshot) -> np.ndarray:
        return taken["village:pending_this_year"] + taken["village:pending_last_year"]

    finished = under_construction(before) - under_construction(after)
    near(after["village:capital"] - before["village:capital"], finished, 1 + np.max(after["village:capital"]))
    assert not moved or all(np.all(amount == 0) for amount in moved.values())


def check_projects_depreciate(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A3: capital falls by a quarter's depreciation and by fading of aid where no sponsor stands."""
    p = now.parameters
    worn = before["village:capital"] * (1 - p.depreciation / 4)
    weak = np.clip(1.2 - now.state.secretary.manager_quality, 0, 1)
    faded = p.aid_fade / 4 * weak * before["village:aided_capital"] * (before["village:paired"] == 0)
    faded = np.minimum(faded, worn.sum(axis=2))
    near(after["village:capital"].sum(axis=2), worn.sum(axis=2) - faded, 1 + np.max(worn))


def check_projects_fail(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A3: a mode loses its whole loss share or nothing; debt falls by the defaulting share."""
    p, capital = now.parameters, before["village:capital"]
    lost = capital - after["village:capital"]
    one_loss = p.loss_given_failure * capital
    whole = np.abs(lost - one_loss) <= MONEY * (1 + capital)
    assert np.all(whole | (lost == 0))
    total = capital.sum(axis=2)
    part = np.divide(lost.sum(axis=2), total, out=np.zeros_like(total), where=total > 0)
    defaulted = before["village:debt"] * p.default_share * part
    near(after["village:debt"], before["village:debt"] - defaulted)
    backed = p.collateral_multiplier + now.policy.guarantee
    near(flow(moved, "guarantee_paid") * backed, defaulted * now.policy.guarantee)
    count = ((lost > 0) & (one_loss > 0)).sum(axis=2)
    near(after["village:failures"] - before["village:failures"], count)


def check_production_earn(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-01, EQ-02 and EQ-10, written out."""
    p = now.parameters
    capital = before["village:capital"]
    size = (capital / REFERENCE_CAPITAL) ** p.returns_to_scale
    base = p.yield_level[..., None] * p.revenue_yield * REFERENCE_CAPITAL * size * before["village:advantage"] / 4
    base = base * activity(now)[..., None]
    full, weak = p.sigma_common, p.sigma_common * p.other_exposure
    exposed = np.exp(full * before["village:common_price"] - full**2 / 2)[..., None]
    sheltered = np.exp(weak * before["village:other_price"] - weak**2 / 2)[..., None]
    price = np.where(EXPOSED, exposed, sheltered) * before["village:idiosyncratic_price"]
    best = np.maximum(before["village:brand_premium"], p.local_brand_premium * before["village:local_brand"])
    brand = 1 + EXPOSED * best[..., None]
    premium = np.where(PHOTOVOLTAIC, p.pv_price_factor[..., None], brand)
    revenue = (base * price * premium).sum(axis=2)
    near(flow(moved, "operations"), revenue)
    cost = ((1 - p.margin) * base).sum(axis=2)
    near(flow(moved, "operating_cost"), cost)
    bought = now.policy.purchases / 4
    near(flow(moved, "purchase_cost"), (1 - p.purchase_margin) * bought)
    near(after["village:profit_this_quarter"], revenue - cost + p.purchase_margin * bought)
    near(after["village:branded_revenue"], (base * price)[..., EXPOSED].sum(axis=2))
    near(after["village:branded_cost"], ((1 - p.margin) * base)[..., EXPOSED].sum(axis=2))


def check_production_lose(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    profit = np.maximum(before["village:profit_this_quarter"], 0)
    near(flow(moved, "leak_revenue"), now.parameters.leak_revenue * _restraint(now, before) * profit)


def check_organisation_develop(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-26."""
    p = now.parameters
    target = (
        p.organisation_base + p.organisation_by_ability * before["secretary:ability"]
        + p.organisation_by_participation * before["village:participation"]
        + p.organisation_by_rectification * now.policy.rectified
    )  # fmt: skip
    old = before["village:organisation"]
    near(after["village:organisation"], np.clip(old + p.kappa_organisation * (target - old), 0, 1))


def check_finance_pay_running_costs(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    near(flow(moved, "fixed_cost"), np.broadcast_to(now.parameters.fixed_cost / 4, after["village.cash"].shape))
    interest = now.parameters.interest_rate / 4 * before["village:debt"]
    near(flow(moved, "interest"), (1 - now.policy.interest_subsidy) * interest)
    near(flow(moved, "interest_subsidy"), now.policy.interest_subsidy * interest)


def check_finance_cover_shortfall(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-09: reserve first, then a forced sale at a discount, and the district only when nothing is left."""
    short = np.maximum(-before["village.cash"], 0)
    drawn = np.minimum(short, before["village.reserve_fund"])
    near(flow(moved, "reserve_drawn"), drawn)
    worth = now.parameters.fire_sale * before["village:capital"].sum(axis=2)
    proceeds = np.minimum(short - drawn, worth)
    near(flow(moved, "forced_sale"), proceeds)
    sold = (before["village:capital"] - after["village:capital"]).sum(axis=2)
    near(now.parameters.fire_sale * sold, proceeds, 1 + np.max(before["village:capital"]))
    near(flow(moved, "deficit_cover"), short - drawn - proceeds)


def check_finance_use_surplus(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A5 and EQ-09: nothing out of a loss; shares of what is left after repayment and bonus."""
    p, profit = now.parameters, before["village:income_profit"]
    surplus = np.minimum(np.maximum(profit, 0), np.maximum(before["village.cash"], 0))
    repaid = np.minimum(p.repayment_rate * before["village:debt"], surplus)
    near(flow(moved, "repayment"), repaid)
    near(after["village:debt"], before["village:debt"] - repaid)
    earned = profit - before["village:profit_change"] >= now.policy.bonus_floor - 2 * MONEY
    increase = np.maximum(before["village:profit_change"], 0)
    bonus = now.policy.bonus_share * increase + now.policy.bonus_tier * np.maximum(
        increase - now.policy.bonus_tier_from, 0
    )
    by_grade = np.stack([np.ones_like(bonus), now.policy.grade_pay_a, np.ones_like(bonus), now.policy.grade_pay_c,
                         now.policy.grade_pay_d])  # fmt: skip
    factor = np.take_along_axis(by_grade, now.state.secretary.grade[None].astype(np.int64), axis=0)[0]
    bonus = bonus * np.where(now.policy.graded > 0, factor, 1) * earned
    bonus = np.minimum(np.minimum(bonus, p.bonus_cap), surplus - repaid)
    near(flow(moved, "cadre_bonus"), bonus)
    left = surplus - repaid - bonus
    near(flow(moved, "reserve"), p.reserve_share * left)
    near(flow(moved, "services"), p.service_share * left)
    dividend_share = p.dividend_share * (left >= p.dividend_from)
    near(flow(moved, "dividend"), dividend_share * left)
    kept = before["village.cash"] - after["village.cash"]
    named = p.reserve_share + p.service_share + dividend_share
    assert np.all(named < 1)
    near(surplus - kept, (1 - named) * left)
    for purpose in ("repayment", "cadre_bonus", "reserve", "services", "dividend"):
        assert np.all(np.asarray(flow(moved, purpose))[profit <= 0] == 0), purpose
    near(after["village:income_profit"], profit - bonus)


def check_finance_measure_incomes(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-03: the three incomes from the year's flows."""
    year = after["flows"]
    earned = ("operations", "assistance_purchases", "venture_dividend", "enterprise_fee", "idle_rent")
    operating = sum(flow(year, name) for name in earned)
    near(after["village:income_operating"], operating)
    purposes = ("running_subsidy", "other_income", "assistance_cash", "deficit_cover")
    cash = sum(flow(year, name) for name in purposes)
    near(after["village:income_total"], operating + cash)
    costs = sum(
        flow(year, name)
        for name in (
            "operating_cost", "purchase_cost", "leak_revenue", "fixed_cost", "interest", "quality_cost", "fines",
        )
    )  # fmt: skip
    back = flow(year, "bulk_saving") + flow(year, "fines_received")
    own = sum(flow(year, key, payer="village.cash") for key in set(LEVERS) & set(PURPOSES))
    near(after["village:income_profit"], operating + back - costs - own)
    change = after["village:income_profit"] - before["village:income_profit"]
    near(after["village:profit_change"], change)


def check_finance_grow_dependent(audit: Any, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-13."""
    year, income = after["flows"], before["village:income_operating"]
    aid = sum(
        flow(year, name)
        for name in (
            "central_grant",
            "assistance_projects",
            "assistance_central",
            "assistance_province",
            "assistance_firms",
            "company_startup",
            "assistance_cash",
            "assistance_purchases",
        )
    )
    aid = np.broadcast_to(aid, income.shape)
    target = np.divide(aid, aid + income, out=np.zeros_like(income), where=aid + income > 0)
    old = before["village:dependency"]
    near(after["village:dependency"], old + now.parameters.kappa_dependency * (target - old))
