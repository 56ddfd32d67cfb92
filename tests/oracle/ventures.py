"""Ventures, pools and companies alike: earning, payout, wear, failure, winding up (EQ-28)."""

from __future__ import annotations

import math

from oracle.agents import Venture, Village
from oracle.arithmetic import SAME_MONEY, clip, ratio
from oracle.managers import asked_of
from oracle.production import activity, advantage, base, labour_ratio, price
from oracle.projects import chance_in_a_quarter

BY_STAKE, EQUALLY, BY_NEED = 0, 1, 2
MOST_COORDINATION = 0.5


def mean(values) -> float:
    """Mean of a list of numbers."""
    return sum(values) / len(values)


def stake_of(venture: Venture, village: Village) -> float:
    """What a village holds in a venture."""
    return village.company_stake if venture.is_company else village.stake


def add_stake(venture: Venture, village: Village, amount: float) -> None:
    """More of it."""
    if venture.is_company:
        village.company_stake += amount
    else:
        village.stake += amount


def stock(venture: Venture) -> list[float]:
    """Capital and what is under construction, by mode."""
    return [
        now + this + last
        for now, this, last in zip(venture.capital, venture.pending_this_year, venture.pending_last_year, strict=True)
    ]


def draw_of(model, venture: Venture, for_pool: str, for_company: str) -> float:
    """A venture's draw: pools and companies have their own streams."""
    pools = model.district.clusters
    return (
        model.draws[for_company][venture.number - pools]
        if venture.is_company
        else model.draws[for_pool][venture.number]
    )


def open_year(model) -> None:
    """Opening: members' place and people, supervision, contracts and price of the year."""
    for venture in model.ventures:
        members = venture.members
        for m in range(len(model.venture_modes)):
            venture.pending_last_year[m] += venture.pending_this_year[m]
            venture.pending_this_year[m] = 0.0
        venture.profit_year = venture.payout_year = venture.failures = 0.0
        venture.years_active = venture.years_active + 1 if venture.active else 0.0
        venture.supervision = mean([village.policy.supervision for village in members])
        venture.public_contracts = asked_of(venture, "public_contracts") if venture.is_company else 0.0
        endowment = mean([village.resource_endowment for village in members])
        access = mean([village.market_access for village in members])
        labour = mean([labour_ratio(village) for village in members])
        for m, mode in enumerate(model.venture_modes):
            venture.advantage[m] = advantage(mode, endowment, access, venture.manager_quality, labour)
            if mode.key == "enclave" and venture.years_active > 5:
                venture.advantage[m] *= model.p.enclave_rent_after
        shock = draw_of(model, venture, "price_venture", "price_company")
        venture.idiosyncratic_price = price(shock, model.p.sigma_idio)


def mature(model) -> None:
    """Every quarter: projects whose delay is over begin to produce."""
    for venture in model.ventures:
        for m, mode in enumerate(model.venture_modes):
            if model.quarter >= mode.delay_quarters:
                venture.capital[m] += venture.pending_this_year[m]
                venture.pending_this_year[m] = 0.0
            if model.quarter + 4 >= mode.delay_quarters:
                venture.capital[m] += venture.pending_last_year[m]
                venture.pending_last_year[m] = 0.0


def of_mix(model, venture: Venture, name: str) -> float:
    """A field of the mode table, mean over the mix."""
    return sum(getattr(mode, name) * part for mode, part in zip(model.venture_modes, venture.mix, strict=True))


def hazard(model, venture: Venture) -> float:
    """EQ-05 for ventures: failures a year."""
    p = model.p
    rate = p.company_hazard
    if not venture.is_company:
        rate = of_mix(model, venture, "failure_hazard")
        if sum(venture.capital) < of_mix(model, venture, "minimum_scale"):
            rate *= 1 + p.small_scale_hazard
    controlled = mean([village.policy.risk_control for village in venture.members])
    rate *= math.exp(-p.eta_manager_hazard * (venture.manager_quality - 0.5))
    return rate * (1 - p.risk_control_effect * controlled)


def wear_and_fail(model) -> None:
    """Every quarter: capital wears out, some ventures fail in all their modes."""
    for venture in model.ventures:
        for m, mode in enumerate(model.venture_modes):
            venture.capital[m] *= 1 - mode.depreciation / 4
        draw = draw_of(model, venture, "failure_venture", "failure_company")
        if sum(venture.capital) > 0 and draw < chance_in_a_quarter(hazard(model, venture)):
            for m, mode in enumerate(model.venture_modes):
                venture.capital[m] *= 1 - mode.loss_given_failure
            venture.failures += 1


def coordination(model, venture: Venture, members: int) -> float:
    """Share of revenue that a pool of so many members spends on agreeing."""
    if venture.is_company:
        return 0.0
    return min(model.p.coord_cost * max(members - 1, 0), MOST_COORDINATION)


def agency(model, venture: Venture) -> float:
    """Share of positive profit that managers keep for themselves."""
    p = model.p
    watched = min(p.monitoring + p.monitoring_by_supervision * venture.supervision, 1.0)
    return p.agency_base * (1 - watched)


def own_pay(venture: Venture) -> float:
    """What a company itself pays its professional a year, 万元."""
    if not venture.professional_in_post:
        return 0.0
    return asked_of(venture, "manager_pay") * (1 - asked_of(venture, "manager_pay_public"))


def revenue_and_cost(model, venture: Venture) -> tuple[float, float]:
    """EQ-01 for a quarter of a venture's business."""
    p = model.p
    industry = mean([price(village.common_price, p.sigma_common) for village in venture.members])
    other = price(model.villages[0].other_price, p.other_exposure * p.sigma_common)
    revenue = cost = 0.0
    for m, mode in enumerate(model.venture_modes):
        quarter_base = base(mode, p.yield_level, venture.capital[m], venture.advantage[m]) / 4 * activity(model)
        revenue += quarter_base * (industry if mode.industry_mode else other) * venture.idiosyncratic_price
        cost += (1 - mode.margin) * quarter_base
    return revenue, cost


def earn(model) -> None:
    """Every quarter: revenue, cost, pay, agency loss."""
    active = [venture for venture in model.ventures if venture.active]
    wished = sum(revenue_and_cost(model, venture)[0] * venture.public_contracts for venture in active)
    part = model.covered("district", "public_contracts", wished)
    for venture in active:
        do_business(model, venture, part * venture.public_contracts)


def do_business(model, venture: Venture, contracts: float) -> None:
    """One venture's quarter; what it can't pay out of cash, revenue and forced sale is not paid."""
    pay = model.ledger.pay
    revenue, cost = revenue_and_cost(model, venture)
    members = sum(stake_of(venture, village) > 0 for village in venture.members)
    cost += coordination(model, venture, members) * revenue
    wage = own_pay(venture) / 4
    worth = model.p.fire_sale * sum(venture.capital)
    sold = clip(cost + wage - revenue - venture.cash, 0.0, worth)
    if sold > 0:
        for m in range(len(venture.capital)):
            venture.capital[m] *= 1 - sold / worth
    paid = ratio(min(cost + wage, max(venture.cash, 0.0) + revenue + sold), cost + wage)
    pay("market", venture, revenue * (1 - contracts), "venture_operations")
    pay("district", venture, revenue * contracts, "public_contracts")
    pay("market", venture, sold, "venture_forced_sale")
    pay(venture, "suppliers", paid * cost, "venture_operating_cost")
    pay(venture, "managers", paid * wage, "manager_pay")
    profit = revenue - paid * (cost + wage)
    lost = agency(model, venture) * max(profit, 0.0)
    pay(venture, "leaked", lost, "venture_agency")
    venture.profit_year += profit - lost


def weight(venture: Venture, village: Village) -> float:
    """EQ-28: a member's weight in the payout."""
    held = stake_of(venture, village)
    if venture.sharing == EQUALLY:
        return float(held > 0)
    return held / (1 + village.income_operating) if venture.sharing == BY_NEED else held


def build(model, venture: Venture, amount: float) -> None:
    """Money of a venture goes into projects in the modes of its mix."""
    model.ledger.pay(venture, "contractors", amount, "venture_investment")
    for m, part in enumerate(venture.mix):
        venture.pending_this_year[m] += part * amount


def pay_out(model) -> None:
    """Closing: ventures pay out a part of the year's profit; the rest is built in."""
    for venture in model.ventures:
        if not venture.active:
            continue
        profit = venture.profit_year if venture.profit_year > SAME_MONEY else 0.0
        part = venture.payout_share if venture.years_paying else venture.payout_share * model.p.first_payout
        payable = clip(part * profit, 0.0, max(venture.cash, 0.0))
        venture.years_paying += profit > 0
        venture.payout_year = payable
        total = sum(weight(venture, village) for village in venture.members)
        for village in venture.members:
            received = payable * ratio(weight(venture, village), total)
            model.ledger.pay(venture, village, received, "venture_dividend")
        build(model, venture, clip(profit - payable, 0.0, max(venture.cash, 0.0)))


def wind_up(model) -> None:
    """Closing: a venture with hardly anything left sells out and ends."""
    for venture in model.ventures:
        assets = sum(stock(venture))
        if not venture.active or assets + venture.cash >= model.p.winding_up_line:
            continue
        model.ledger.pay("market", venture, model.p.fire_sale * assets, "venture_forced_sale")
        total = sum(stake_of(venture, village) for village in venture.members)
        left = max(venture.cash, 0.0)
        for village in venture.members:
            returned = left * ratio(stake_of(venture, village), total)
            model.ledger.pay(venture, village, returned, "winding_up")
        for village in venture.members:
            add_stake(venture, village, -stake_of(venture, village))
        for m in range(len(venture.capital)):
            venture.capital[m] = venture.pending_this_year[m] = venture.pending_last_year[m] = 0.0
        venture.active = venture.years_paying = venture.professional_in_post = 0.0
        venture.wound_up = 1.0
