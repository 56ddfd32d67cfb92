"""Ventures: the pooled projects of village clusters and the companies of towns, from building to payout (EQ-28).

A pool and a company are one thing: members hold stakes, a manager runs capital in one or more modes, a part of the
profit is lost to agency, a part is paid out, the rest is built in. They differ only in what their members may decide.
"""

from __future__ import annotations

import numpy as np

from sim.arithmetic import MONEY_TOLERANCE, by_mode, over_modes, share
from sim.ledger import by_seat, by_village
from sim.modes import VENTURE_EXPOSED
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import capital
from sim.processes.production import common_prices, labour_ratio
from sim.state import Moment

BY_STAKE, EQUALLY, BY_NEED = 0, 1, 2


class VentureParameters(Parameters):
    """Parameters of pooled projects and town companies."""

    needs = {
        ("joint_building", "town_company"): (),
        ("town_company",): ("company_hazard", "company_advice"),
        ("joint_building",): ("coord_cost",),
    }

    coord_cost = Parameter(
        0.01, 0.0, 0.03, "share of revenue per further member", ASSUMPTION, "协调成本", "cost of coordination"
    )
    agency_base = Parameter(0.20, 0.0, 0.4, "share of profit", ASSUMPTION, "代理损失", "agency loss without monitoring")
    monitoring = Parameter(0.3, 0.1, 0.5, "0-1", ASSUMPTION, "监督程度", "monitoring")
    monitoring_by_supervision = Parameter(
        0.6, 0.3, 0.7, "0-1", ASSUMPTION, "监管对监督程度的作用", "monitoring from supervision"
    )
    company_hazard = Parameter(0.07, 0.03, 0.12, "per year", "small firms die at 8.2 % a year (3693630133df)",
                               "强村公司失败率", "failure hazard of a town company")  # fmt: skip
    winding_up_line = Parameter(12.0, 6.0, 24.0, "万元", "one year of a manager's pay; assumption", "清算线",
                                "assets below which a venture ends")  # fmt: skip
    first_payout = Parameter(
        1 / 3, 0.2, 1.0, "share", "effects.md: 33 % of a full year", "首年分红比例", "share paid out in the first year"
    )
    company_advice = Parameter(0.05, 0.0, 0.10, "M", "Colombia, single firms: at most +8 to +10 points (W2907268177)",
                               "强村公司指导作用", "advice of a supervised company to its members")  # fmt: skip


def members_advice(now: Moment) -> np.ndarray:
    """What the town's company adds to the quality of its members' secretaries, `(R, V)` (EQ-28)."""
    active = now.state.venture.active[:, now.clusters.count :]
    supervised = 0.5 + 0.5 * now.policy.supervision
    return now.parameters.company_advice * now.policy.company_advice * now.towns.spread(active) * supervised


def open_year(now: Moment) -> None:
    """Fix what stays the same all year: members' place and people, supervision, the venture's price shock."""
    venture, village, p = now.state.venture, now.state.village, now.parameters
    capital.open_year(venture)
    for name in ("profit_year", "payout_year", "failures"):
        setattr(venture, name, np.zeros_like(getattr(venture, name)))
    venture.years_active = np.where(venture.active > 0, venture.years_active + 1, 0)
    venture.supervision = now.seats.mean(by_seat(now.policy.supervision))
    contracts = now.towns.maximum(now.policy.public_contracts)
    venture.public_contracts = np.concatenate([np.zeros((now.runs, now.clusters.count)), contracts], axis=1)

    def mean(values: np.ndarray) -> np.ndarray:
        return now.seats.mean(by_seat(values))

    place = mean(village.resource_endowment), mean(village.market_access)
    venture.advantage = capital.advantage(
        now, capital.OF_VENTURES, *place, venture.manager_quality, mean(labour_ratio(now))
    )
    shock = np.concatenate([now.draws.price_venture, now.draws.price_company], axis=1)
    venture.idiosyncratic_price = np.exp(p.sigma_idio * shock - p.sigma_idio * p.sigma_idio / 2)


def yearly_base(now: Moment, invested: np.ndarray) -> np.ndarray:
    """Revenue a year at price 1 from capital `(R, S, 5)`, 万元 (EQ-01)."""
    p, size = now.parameters, capital.size(invested, now.parameters.venture_returns_to_scale)
    return capital.scale(now, p.venture_revenue_yield) * size * now.state.venture.advantage


def coordination(now: Moment, members: np.ndarray) -> np.ndarray:
    """Share of revenue that a pool of so many members spends on agreeing, `(R, S)`; a company has a manager for it."""
    cost = np.minimum(now.parameters.coord_cost * np.maximum(members - 1, 0), 0.5)
    return np.where(now.is_company, 0.0, cost)


def agency(now: Moment) -> np.ndarray:
    """Share of profit lost because managers look after themselves, `(R, S)`."""
    p = now.parameters
    monitoring = np.minimum(p.monitoring + p.monitoring_by_supervision * now.state.venture.supervision, 1)
    return p.agency_base * (1 - monitoring)


def stakes(now: Moment) -> np.ndarray:
    """Stakes by seat, `(R, 2V)` 万元: those in pools, then those in companies."""
    village = now.state.village
    return np.concatenate([village.stake, village.company_stake], axis=1)


def members(now: Moment) -> np.ndarray:
    """Villages with a stake, `(R, S)`."""
    return now.seats.sum((stakes(now) > 0).astype(np.float64))


def build(now: Moment, amount: np.ndarray) -> None:
    """Put the ventures' money `(R, S)` into projects, in the modes of their mix."""
    venture = now.state.venture
    now.ledger.pay("venture", "contractors", amount, "venture_investment")
    venture.pending_this_year = venture.pending_this_year + amount[..., None] * venture.mix


def mature(now: Moment) -> None:
    """Projects of ventures begin to produce after their mode's delay."""
    capital.mature(now.state.venture, now.parameters.venture_delay_quarters, now.quarter)


def wear_and_fail(now: Moment) -> None:
    """Capital of ventures wears out; some ventures fail and lose a part of it (EQ-05, EQ-06)."""
    venture, p = now.state.venture, now.parameters
    capital.wear(venture, p.venture_depreciation)
    total = over_modes(venture.capital)
    small = capital.too_small(now, total, over_modes(p.venture_minimum_scale * venture.mix))
    usual = np.where(now.is_company, p.company_hazard, over_modes(p.venture_failure_hazard * venture.mix) * small)
    controlled = now.seats.mean(by_seat(now.policy.risk_control))
    draw = np.concatenate([now.draws.failure_venture, now.draws.failure_company], axis=1)
    hazard = capital.hazard(now, usual, venture.manager_quality, controlled)
    failed = capital.strikes(draw, hazard / 4) & (total > 0)
    venture.capital = venture.capital * (1 - by_mode(np.multiply, failed, p.venture_loss_given_failure))
    venture.failures = venture.failures + failed


def earn(now: Moment) -> None:
    """A quarter's revenue, cost, coordination, pay and agency loss of ventures; losses fall on their capital.

    A part of a company's revenue comes from public contracts, a part of its manager's pay from the public.
    """
    venture, p, ledger = now.state.venture, now.parameters, now.ledger
    if not np.any(venture.active > 0):
        return
    industry, other = common_prices(now)
    at_own_price = yearly_base(now, venture.capital) / 4
    cost = over_modes((1 - p.venture_margin) * at_own_price)
    exposed = over_modes(at_own_price * VENTURE_EXPOSED) * now.seats.mean(by_seat(industry))
    sheltered = over_modes(at_own_price * ~VENTURE_EXPOSED) * other[:, :1]
    revenue = (exposed + sheltered) * venture.idiosyncratic_price
    cost = cost + coordination(now, members(now)) * revenue
    pay = own_part_of_pay(now) / 4
    due, worth = cost + pay, p.fire_sale * over_modes(venture.capital)
    proceeds = np.minimum(np.maximum(due - revenue - venture.cash, 0), worth)
    capital.give_up(venture, share(proceeds, worth))
    paid = share(np.minimum(due, np.maximum(venture.cash, 0) + revenue + proceeds), due)
    wished = revenue * venture.public_contracts
    public = ledger.covered("district", wished, "public_contracts")
    at_market = revenue * (1 - venture.public_contracts) + (wished - public)  # also what a yearly budget doesn't cover
    ledger.pay("market", "venture", at_market, "venture_operations")
    ledger.pay("district", "venture", public, "public_contracts")
    ledger.pay("market", "venture", proceeds, "venture_forced_sale")
    ledger.pay("venture", "suppliers", paid * cost, "venture_operating_cost")
    ledger.pay("venture", "managers", paid * pay, "manager_pay")
    profit = revenue - paid * due
    lost = agency(now) * np.maximum(profit, 0)
    ledger.pay("venture", "leaked", lost, "venture_agency")
    venture.profit_year = venture.profit_year + profit - lost


def own_part_of_pay(now: Moment) -> np.ndarray:
    """What ventures themselves pay their professional managers a year, 万元 `(R, S)`."""
    pay = now.towns.maximum(now.policy.manager_pay) * (1 - now.towns.maximum(now.policy.manager_pay_public))
    in_post = now.state.venture.professional_in_post
    return np.concatenate([np.zeros((now.runs, now.clusters.count)), pay], axis=1) * in_post


def pay_out(now: Moment) -> None:
    """Ventures pay out their share of the year's profit before depreciation; the first time a third of it (EQ-28).

    What is not paid out becomes capital.
    """
    venture, p = now.state.venture, now.parameters
    if not np.any(venture.active > 0):
        return
    pays = venture.profit_year > MONEY_TOLERANCE
    part = venture.payout_share * np.where(venture.years_paying == 0, p.first_payout, 1.0)
    payable = np.clip(part * venture.profit_year, 0, np.maximum(venture.cash, 0))
    venture.years_paying = venture.years_paying + pays
    venture.payout_year = payable
    now.ledger.pay("venture", "village", parts(now, payable), "venture_dividend")
    build(now, np.clip(venture.profit_year - payable, 0, np.maximum(venture.cash, 0)))


def parts(now: Moment, amount: np.ndarray) -> np.ndarray:
    """What each seat gets of an amount `(R, S)` shared by the venture's rule, `(R, 2V)`."""
    weights = sharing_weights(now)
    total = now.seats.sum(weights)
    return share(weights, now.seats.spread(total)) * now.seats.spread(amount)


def sharing_weights(now: Moment) -> np.ndarray:
    """Weight of each seat in the payout, `(R, 2V)`: by stake, equally, or stake over income (need)."""
    held = stakes(now)
    by_need = held / (1 + by_seat(now.state.village.income_operating))
    sharing = now.seats.spread(now.state.venture.sharing)
    return np.where(sharing == EQUALLY, held > 0, np.where(sharing == BY_NEED, by_need, held))


def wind_up(now: Moment) -> None:
    """A venture left with less than the winding-up line sells out, gives back what is left and ends."""
    venture, village, p = now.state.venture, now.state.village, now.parameters
    total = over_modes(capital.stock(venture))
    ends = (venture.active > 0) & (total + venture.cash < p.winding_up_line)
    if not np.any(ends):
        return
    held = stakes(now) * now.seats.spread(ends)
    now.ledger.pay("market", "venture", p.fire_sale * total * ends, "venture_forced_sale")
    left = np.maximum(venture.cash, 0) * ends
    returned = share(held, now.seats.spread(now.seats.sum(held))) * now.seats.spread(left)
    now.ledger.pay("venture", "village", returned, "winding_up")
    for name in ("capital", "pending_this_year", "pending_last_year"):
        setattr(venture, name, getattr(venture, name) * ~ends[..., None])
    for name in ("active", "years_paying", "professional_in_post"):
        setattr(venture, name, getattr(venture, name) * ~ends)
    venture.wound_up = np.maximum(venture.wound_up, ends)
    kept = 1 - now.seats.spread(ends * 1.0)
    village.stake = village.stake * kept[:, : now.district.villages]
    village.company_stake = village.company_stake * kept[:, now.district.villages :]


def dividends(now: Moment) -> np.ndarray:
    """Payout of pools and companies received by each village this year, `(R, V)` 万元."""
    return by_village(now.ledger.paid_by_seat(("venture_dividend",)))
