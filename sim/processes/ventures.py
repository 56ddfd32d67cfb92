"""Ventures: the pooled project of a village cluster, from pot to payout (EQ-27b, pool part of EQ-28)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import MONEY_TOLERANCE, power, share
from sim.modes import REFERENCE_CAPITAL
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import projects
from sim.processes.production import common_prices, labour_ratio
from sim.state import Moment

YEARS_TO_COLLECT = 2
BY_STAKE, EQUALLY, BY_NEED = 0, 1, 2


class VentureParameters(Parameters):
    """Parameters of pooled projects."""

    autonomy_premium = Parameter(
        0.1, 0.0, 0.3, "share of own return", "B10; size assumed", "自主偏好", "autonomy premium"
    )
    coord_cost = Parameter(
        0.01, 0.0, 0.03, "share of revenue per further member", ASSUMPTION, "协调成本", "cost of coordination"
    )
    agency_base = Parameter(0.20, 0.0, 0.4, "share of profit", ASSUMPTION, "代理损失", "agency loss without monitoring")
    monitoring = Parameter(0.3, 0.1, 0.5, "0-1", ASSUMPTION, "监督程度", "monitoring")
    manager_discount = Parameter(
        0.8, 0.6, 1.0, "ratio", ASSUMPTION, "兼职管理折扣", "quality of a secretary who manages beside the office"
    )
    first_payout = Parameter(
        1 / 3, 0.2, 1.0, "share", "effects.md: 33 % of a full year", "首年分红比例", "share paid out in the first year"
    )


def open_year(now: Moment) -> None:
    """Fix what stays the same all year: members' place and people, the manager, the venture's price shock."""
    venture, p = now.state.venture, now.parameters
    venture.pending_last_year = venture.pending_last_year + venture.pending_this_year
    venture.pending_this_year = np.zeros_like(venture.pending_this_year)
    venture.profit_year = np.zeros_like(venture.profit_year)
    venture.failures = np.zeros_like(venture.failures)
    village = now.state.village
    best = now.clusters.maximum(now.state.secretary.manager_quality)
    venture.manager_quality = p.manager_discount * best
    founded = venture.active > 0
    wish = now.clusters.maximum(now.policy.pool_mode)
    venture.mode = np.where(founded, venture.mode, wish)
    venture.sharing = np.where(founded, venture.sharing, now.clusters.maximum(now.policy.pool_sharing))
    venture.advantage = (
        power(now.clusters.mean(village.resource_endowment), _of_mode(now, "endowment_exponent"))
        * power(now.clusters.mean(village.market_access), _of_mode(now, "access_exponent"))
        * np.exp(_of_mode(now, "manager_exponent") * (venture.manager_quality - 0.5))
        * power(now.clusters.mean(labour_ratio(now)), _of_mode(now, "labour_exponent"))
    )
    sigma = p.sigma_idio
    venture.idiosyncratic_price = np.exp(sigma * now.draws.price_venture - sigma * sigma / 2)


def _of_mode(now: Moment, field: str) -> np.ndarray:
    """A mode parameter for each cluster's pool, `(R, C)`."""
    values = getattr(now.parameters, f"pool_{field}")
    return np.where(now.state.venture.mode == 1, values[..., 1], values[..., 0])


def _base(now: Moment, capital: np.ndarray) -> np.ndarray:
    """Revenue a year at price 1, 万元 `(R, C)` (EQ-01)."""
    scale = now.parameters.yield_level * _of_mode(now, "revenue_yield") * REFERENCE_CAPITAL
    return scale * power(capital / REFERENCE_CAPITAL, _of_mode(now, "returns_to_scale")) * now.state.venture.advantage


def _further_members(now: Moment) -> np.ndarray:
    """Members beyond the first, `(R, C)`; a member is a village with a stake, or before founding one that may join."""
    village = now.state.village
    joins = np.where(
        now.clusters.spread(now.state.venture.active) > 0, village.stake > 0, now.policy.pool_contribution > 0
    )
    return np.maximum(now.clusters.sum(joins.astype(np.float64)) - 1, 0)


def _coordination(now: Moment) -> np.ndarray:
    return np.minimum(now.parameters.coord_cost * _further_members(now), 0.5)


def expected_yield(now: Moment, funds: projects.Funds) -> np.ndarray:
    """Payout a year per yuan of stake expected at price 1, for the capital at hand or the minimum scale, `(R, C)`."""
    venture, p = now.state.venture, now.parameters
    offered = now.clusters.sum(now.policy.pool_contribution * (funds.cash + funds.earmarked * funds.productive))
    capital = venture.capital + venture.pending_this_year + venture.pending_last_year + offered
    capital = np.maximum(capital, _of_mode(now, "minimum_scale"))
    profit = _base(now, capital) * (_of_mode(now, "margin") - _coordination(now))
    return profit * (1 - p.agency_base * (1 - p.monitoring)) / capital


def contribute(now: Moment) -> None:
    """Members for whom the pool beats going alone commit funds; a full pot founds it, a stale one goes back.

    A pot that did not fill in two years goes back before this year's projects, and so does one whose lever has ended.
    """
    village, venture, p, ledger = now.state.village, now.state.venture, now.parameters, now.ledger
    is_open = now.clusters.maximum(now.policy.pool_contribution) > 0
    stale = (venture.years_collecting >= YEARS_TO_COLLECT) | ~is_open
    if not np.any(is_open | (venture.years_collecting > 0)):
        return
    returned = now.clusters.spread(stale)
    ledger.pay("village.pot_commitment", "village", village.pot_commitment * returned, "pot_returned")
    ledger.pay("village.pot_earmarked", "village.earmarked_cash", village.pot_earmarked * returned, "pot_returned")
    funds = projects.investable(now)
    own, worth = projects.best_own_return(now, funds)
    pool = now.clusters.spread(expected_yield(now, funds))
    willing = (pool - p.autonomy_premium * np.abs(own) > worth) * now.policy.pool_contribution * ~returned
    ledger.pay("village", "village.pot_commitment", willing * funds.cash, "pot")
    ledger.pay("village.earmarked_cash", "village.pot_earmarked", willing * funds.earmarked, "pot")
    village.earmarked_aid = village.earmarked_aid * (1 - willing)
    pot = now.clusters.sum(village.pot_commitment + village.pot_earmarked * funds.productive)
    founded = ((venture.active > 0) | (pot >= _of_mode(now, "minimum_scale"))) & (pot > 0)
    _place(now, now.clusters.spread(founded), funds)
    venture.active = np.maximum(venture.active, founded)
    venture.years_collecting = np.where((pot > 0) & ~founded, venture.years_collecting * ~stale + 1, 0)


def _place(now: Moment, founded: np.ndarray, funds: projects.Funds) -> None:
    """Turn committed money into stakes and capital of the venture."""
    village, ledger = now.state.village, now.ledger
    own, public = village.pot_commitment * founded, village.pot_earmarked * founded
    stakes = own + public * funds.productive
    ledger.pay("village.pot_commitment", "venture", own, "stakes")
    projects.spend_earmarked(now, "village.pot_earmarked", public, funds, "venture")
    ledger.pay("venture", "contractors", now.clusters.sum(stakes), "venture_investment")
    village.stake = village.stake + stakes
    now.state.venture.pending_this_year = now.state.venture.pending_this_year + now.clusters.sum(stakes)


def mature(now: Moment) -> None:
    """Pooled projects begin to produce after their delay."""
    venture, delay = now.state.venture, _of_mode(now, "delay_quarters")
    for name, elapsed in (("pending_this_year", now.quarter), ("pending_last_year", now.quarter + 4)):
        pending = getattr(venture, name)
        done = np.where(delay <= elapsed, pending, 0.0)
        venture.capital = venture.capital + done
        setattr(venture, name, pending - done)


def wear_and_fail(now: Moment) -> None:
    """Pooled capital wears out; some pools fail (EQ-05, EQ-06)."""
    venture, p = now.state.venture, now.parameters
    venture.capital = venture.capital * (1 - _of_mode(now, "depreciation") / 4)
    small = 1 + p.small_scale_hazard * (venture.capital < _of_mode(now, "minimum_scale"))
    hazard = _of_mode(now, "failure_hazard") * np.exp(-p.eta_manager_hazard * (venture.manager_quality - 0.5)) * small
    failed = (now.draws.failure_venture < -np.expm1(-hazard / 4)) & (venture.capital > 0)
    venture.capital = venture.capital * (1 - _of_mode(now, "loss_given_failure") * failed)
    venture.failures = venture.failures + failed


def earn(now: Moment) -> None:
    """A quarter's revenue, cost, coordination and agency loss of pooled projects; losses fall on their capital."""
    venture, p, ledger = now.state.venture, now.parameters, now.ledger
    if not np.any(venture.active > 0):
        return
    common = common_prices(now)[1][:, :1]
    base = _base(now, venture.capital) / 4
    revenue = base * common * venture.idiosyncratic_price
    cost = (1 - _of_mode(now, "margin")) * base + _coordination(now) * revenue
    proceeds = np.minimum(np.maximum(cost - revenue - venture.cash, 0), p.fire_sale * venture.capital)
    venture.capital = venture.capital * np.maximum(1 - share(proceeds, p.fire_sale * venture.capital), 0)
    cost = np.minimum(cost, np.maximum(venture.cash, 0) + revenue + proceeds)
    ledger.pay("market", "venture", revenue, "venture_operations")
    ledger.pay("market", "venture", proceeds, "venture_forced_sale")
    ledger.pay("venture", "suppliers", cost, "venture_operating_cost")
    agency = p.agency_base * (1 - p.monitoring) * np.maximum(revenue - cost, 0)
    ledger.pay("venture", "leaked", agency, "venture_agency")
    venture.profit_year = venture.profit_year + revenue - cost - agency


def pay_out(now: Moment) -> None:
    """Pools pay out the year's profit before depreciation by agreed shares; the first time a third of it (EQ-28).

    What is not paid out becomes capital of the pool.
    """
    venture, p = now.state.venture, now.parameters
    if not np.any(venture.active > 0):
        return
    pays = venture.profit_year > MONEY_TOLERANCE
    part = np.where(venture.years_paying == 0, p.first_payout, 1.0)
    payable = np.clip(part * venture.profit_year, 0, np.maximum(venture.cash, 0))
    venture.years_paying = venture.years_paying + pays
    weights = sharing_weights(now)
    total = now.clusters.sum(weights)
    shares = share(weights, now.clusters.spread(total))
    now.ledger.pay("venture", "village", shares * now.clusters.spread(payable), "venture_dividend")
    kept = np.clip(venture.profit_year - payable, 0, np.maximum(venture.cash, 0))
    now.ledger.pay("venture", "contractors", kept, "venture_investment")
    venture.pending_this_year = venture.pending_this_year + kept


def sharing_weights(now: Moment) -> np.ndarray:
    """Weight of each stakeholder in the payout, `(R, V)`: by stake, equally, or stake over income (need)."""
    village = now.state.village
    holds = (village.stake > 0).astype(np.float64)
    by_need = village.stake / (1 + village.income_operating)
    sharing = now.clusters.spread(now.state.venture.sharing)
    return np.where(sharing == EQUALLY, holds, np.where(sharing == BY_NEED, by_need, village.stake))
