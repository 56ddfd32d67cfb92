"""Projects: investing, building, wearing out, failing and fading (EQ-05 to EQ-08, fading of EQ-12)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arithmetic import MONEY_TOLERANCE, by_mode, first_largest, over_modes, share
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import capital, credit
from sim.processes.production import leakage, profit_share, reference_base
from sim.state import Moment
from sim.tape import gumbel


class ProjectParameters(Parameters):
    """Parameters of project choice, public project money, credit, failure and fading."""

    needs = {
        ("paired_assistance", "industry_plan"): ("plan_steadies_choice",),
        ("property_rights_reform",): ("collateral_reform",),
        ("asset_supervision",): ("approval_delay",),
        ("district_coordination",): ("coordination_effect", "coordination_speed"),
        ("target_pressure",): ("risk_control_effect",),
        ("paired_assistance",): ("aid_fade",),
    }

    choice_noise = Parameter(0.03, 0.01, 0.10, "return per year", ASSUMPTION, "项目选择偏差", "noise of project choice")
    risk_aversion = Parameter(0.5, 0.2, 1.0, "ratio", ASSUMPTION, "风险规避", "risk aversion")
    plan_steadies_choice = Parameter(
        0.5, 0.2, 0.8, "share", ASSUMPTION, "一村一策的选择改进", "how far a village plan cuts noise"
    )
    leak_invest = Parameter(0.05, 0.01, 0.20, "share", "audits 2016, 2017: 1.1-6.4 % misused; B34: 24 %",
                            "项目资金流失率", "leakage from public project money")  # fmt: skip
    productive_share = Parameter(0.94, 0.83, 0.99, "share", "audits 2013-17: 1.1-16.8 % idle", "项目资金有效使用率",
                                 "productive share of project money")  # fmt: skip
    collateral_multiplier = Parameter(0.25, 0.0, 1.35, "ratio", ASSUMPTION, "抵押倍数", "collateral multiplier")
    collateral_reform = Parameter(
        0.2, 0.0, 0.4, "share", "EQ-07; assumption", "产权改革增加的抵押", "collateral added by property-rights reform"
    )
    borrow_wedge = Parameter(0.02, 0.0, 0.05, "per year", ASSUMPTION, "借贷意愿门槛", "return above interest to borrow")
    default_share = Parameter(0.5, 0.2, 1.0, "share", ASSUMPTION, "违约比例", "share of debt defaulting with a failure")
    eta_manager_hazard = Parameter(
        1.0, 0.0, 2.0, "per unit of M", ASSUMPTION, "管理对失败的影响", "effect of the manager on failure"
    )
    dep_hazard = Parameter(1.0, 0.0, 2.0, "ratio", ASSUMPTION, "依赖对失败的影响", "effect of dependency on failure")
    small_scale_hazard = Parameter(
        0.5, 0.2, 0.8, "ratio", ASSUMPTION, "规模不足的失败加成", "extra hazard below minimum scale"
    )
    approval_delay = Parameter(
        1.0, 0.0, 1.0, "quarters", "effects.md 9: sign only", "监管审批耗时", "approval delay under supervision"
    )
    coordination_effect = Parameter(
        0.3, 0.0, 0.6, "share", ASSUMPTION, "协调减少的闲置", "idle money prevented by coordination"
    )
    coordination_speed = Parameter(
        0.6, 0.0, 1.0, "quarters", ASSUMPTION, "协调缩短的审批", "time saved in approvals by coordination"
    )
    risk_control_effect = Parameter(
        0.3, 0.1, 0.5, "share", "EQ-05; assumption", "风险防范的作用", "failures prevented by risk control"
    )
    aid_fade = Parameter(
        0.6, 0.0, 1.0, "per year", "effects.md: about 0 after 4-5 years", "帮扶资产消退", "fading of aided capital"
    )


LONGEST_DELAY = 7
"""quarters; projects of last year are finished by the end of this one."""


@dataclass
class Funds:
    """What a village can place this year, each `(R, V)` 万元.

    Attributes:
        cash: own cash.
        reserve: reserve above one year's fixed cost and interest.
        earmarked: public project money as paid.
        lost: share of earmarked money that leaks.
        idle: share of earmarked money that is spent to no use, after leakage.
    """

    cash: np.ndarray
    reserve: np.ndarray
    earmarked: np.ndarray
    lost: np.ndarray
    idle: np.ndarray

    @property
    def productive(self) -> np.ndarray:
        """Share of earmarked money that becomes capital."""
        return 1 - self.lost - self.idle

    @property
    def total(self) -> np.ndarray:
        """Capital that the funds would make."""
        return self.cash + self.reserve + self.earmarked * self.productive


def investable(now: Moment) -> Funds:
    """Own and public money that can be placed in a project now; what rounding left in an account is no money."""
    village, p = now.state.village, now.parameters
    year_of_costs = p.fixed_cost + credit.interest_rate(now) * village.debt
    lost = leakage(now, p.leak_invest)
    return Funds(
        cash=_money(village.cash),
        reserve=_money(village.reserve_fund - year_of_costs),
        earmarked=_money(village.earmarked_cash),
        lost=lost,
        idle=(1 - lost) * (1 - p.productive_share) * (1 - p.coordination_effect * now.policy.coordination),
    )


def _money(amount: np.ndarray) -> np.ndarray:
    """An amount, and 0 where it is negative or no more than rounding."""
    return np.where(amount > MONEY_TOLERANCE, amount, 0.0)


def after_losses(now: Moment, account: str, amount: np.ndarray, funds: Funds) -> np.ndarray:
    """Of public project money on its way into a project a part leaks and a part lies idle; returns the rest."""
    lost, idle = amount * funds.lost, amount * funds.idle
    now.ledger.pay(account, "leaked", lost, "leak_invest")
    now.ledger.pay(account, "idle", idle, "idle")
    return amount - lost - idle


def marginal_return(now: Moment, placed: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Profit a year per yuan of `amount` `(R, V)` on top of `placed` `(R, V, 8)`, after leakage; finite difference."""
    base, profit = reference_base(now), profit_share(now)
    exponent = now.parameters.returns_to_scale

    def expected(invested: np.ndarray) -> np.ndarray:
        return base * capital.size(invested, exponent) * profit

    more = expected(placed + amount[..., None]) - expected(placed)
    return (1 - leakage(now, now.parameters.leak_revenue))[..., None] * share(more, amount[..., None])


def feasible(now: Moment, placed: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Whether stock, funds and credit reach the minimum scale of a mode, `(R, V, 8)` of bool."""
    reach = placed + (amount + credit.headroom(now))[..., None]
    return (reach >= now.parameters.minimum_scale) & (amount > 0)[..., None]


def utility(now: Moment, returns: np.ndarray) -> np.ndarray:
    """Return less the price of risk, `(R, V, 8)` (EQ-08)."""
    p = now.parameters
    return returns - (p.risk_aversion[..., None] * p.failure_hazard * p.loss_given_failure)


def noise(now: Moment) -> np.ndarray:
    """Scale of the errors in a village's choice of mode, `(R, V)` (EQ-08)."""
    p = now.parameters
    unsteady = p.choice_noise * (1.2 - np.minimum(now.state.secretary.manager_quality, 1.15))
    return unsteady * (1 - p.plan_steadies_choice * now.policy.village_plan)


def best_own_return(now: Moment, funds: Funds) -> tuple[np.ndarray, np.ndarray]:
    """Return and utility of the best feasible mode run alone, each `(R, V)`; 0 where none is feasible."""
    placed = capital.stock(now.state.village)
    returns = marginal_return(now, placed, funds.total)
    possible = feasible(now, placed, funds.total)
    best = first_largest(np.where(possible, utility(now, returns), -np.inf))[..., None]
    any_possible = np.any(possible, axis=2)
    chosen = np.take_along_axis(returns, best, axis=2)[..., 0]
    worth = np.take_along_axis(utility(now, returns), best, axis=2)[..., 0]
    return np.where(any_possible, chosen, 0.0), np.where(any_possible, worth, 0.0)


def open_year(now: Moment) -> None:
    """Projects begun last year become the older batch, and losses are counted from 0."""
    village = now.state.village
    capital.open_year(village)
    village.failures = np.zeros_like(village.failures)
    village.capital_lost = np.zeros_like(village.capital_lost)


def invest(now: Moment) -> None:
    """Place own funds and earmarked grants in one mode, then borrow if it pays (EQ-08, EQ-07)."""
    village, ledger = now.state.village, now.ledger
    funds, placed = investable(now), capital.stock(village)
    total = funds.total
    possible = feasible(now, placed, total)
    appeal = utility(now, marginal_return(now, placed, total)) / noise(now)[..., None]
    appeal = appeal + gumbel(now.draws.project_choice)
    mode = first_largest(np.where(possible, appeal, -np.inf))[..., None]
    builds = np.any(possible, axis=2)
    ledger.pay("village", "contractors", funds.cash * builds, "investment")
    ledger.pay("village.reserve_fund", "contractors", funds.reserve * builds, "investment")
    public = after_losses(now, "village.earmarked_cash", funds.earmarked * builds, funds)
    ledger.pay("village.earmarked_cash", "contractors", public, "investment")
    village.aided_capital = village.aided_capital + village.earmarked_aid * funds.productive * builds
    village.earmarked_aid = village.earmarked_aid * ~builds
    own = (total * builds)[..., None]
    loan = _borrow(now, np.take_along_axis(placed, mode, axis=2)[..., 0] + own[..., 0], mode, builds)
    _add(village.pending_this_year, mode, own + loan[..., None])


def _borrow(now: Moment, placed: np.ndarray, mode: np.ndarray, builds: np.ndarray) -> np.ndarray:
    """Borrow the whole headroom for the chosen mode, or nothing; returns the loan `(R, V)` 万元."""
    village, p = now.state.village, now.parameters
    headroom = credit.headroom(now) * builds
    shape = village.capital.shape

    def chosen(values: np.ndarray) -> np.ndarray:
        return np.take_along_axis(np.broadcast_to(values, shape), mode, axis=2)[..., 0]

    exponent = chosen(p.returns_to_scale)
    more = capital.size(placed + headroom, exponent) - capital.size(placed, exponent)
    profit = chosen(reference_base(now) * profit_share(now)) * more
    returns = (1 - leakage(now, p.leak_revenue)) * share(profit, headroom)
    wear = chosen(p.failure_hazard * p.loss_given_failure + p.depreciation)
    loan = headroom * (returns - wear > credit.interest_rate(now) + p.borrow_wedge)
    now.ledger.pay("banks", "village", loan, "borrowing")
    now.ledger.pay("village", "contractors", loan, "investment")
    village.debt = village.debt + loan
    return loan


def _add(array: np.ndarray, mode: np.ndarray, amount: np.ndarray) -> None:
    np.put_along_axis(array, mode, np.take_along_axis(array, mode, axis=2) + amount, axis=2)


def mature(now: Moment) -> None:
    """Projects of villages begin to produce after their mode's delay and the time that approvals take."""
    delay = np.minimum(by_mode(np.add, approval_delay(now), now.parameters.delay_quarters), LONGEST_DELAY)
    capital.mature(now.state.village, delay, now.quarter)


def approval_delay(now: Moment) -> np.ndarray:
    """Whole quarters that projects wait longer under supervision and less with coordination, `(R, V)` (EQ-10)."""
    p, policy = now.parameters, now.policy
    return np.floor(p.approval_delay * policy.supervision - p.coordination_speed * policy.coordination + 0.5)


def depreciate(now: Moment) -> None:
    """Capital wears out (EQ-06), and where the sponsor has left, capital that sponsors brought fades (EQ-12)."""
    village, p = now.state.village, now.parameters
    capital.wear(village, p.depreciation)
    weakness = np.clip(1.2 - now.state.secretary.manager_quality, 0, 1)
    fading = p.aid_fade / 4 * weakness * village.aided_capital * (1 - village.paired)
    total = over_modes(village.capital)
    fading = np.minimum(fading, total)
    capital.give_up(village, share(fading, total))
    village.aided_capital = np.minimum(village.aided_capital, over_modes(capital.stock(village)) + fading) - fading


def hazard(now: Moment) -> np.ndarray:
    """Chance per year, as a hazard, that a project fails, `(R, V, 8)` (EQ-05)."""
    village, p = now.state.village, now.parameters
    dependent = 1 + p.dep_hazard * village.dependency
    of_village = capital.hazard(now, dependent, now.state.secretary.manager_quality, now.policy.risk_control)
    small = capital.too_small(now, village.capital, p.minimum_scale)
    return by_mode(np.multiply, of_village, p.failure_hazard) * small


def fail(now: Moment) -> None:
    """Some projects fail: capital is lost, and a part of the debt defaults (EQ-05, EQ-07)."""
    village, p = now.state.village, now.parameters
    failed = capital.strikes_seldom(now.draws.failure, hazard(now) / 4, village.capital > 0)
    lost = failed * p.loss_given_failure * village.capital
    total = over_modes(village.capital)
    share_lost = share(over_modes(lost), total)
    credit.default(now, p.default_share * share_lost)
    village.aided_capital = village.aided_capital * (1 - share_lost)
    village.capital_lost = village.capital_lost + over_modes(lost)
    village.capital -= lost
    count = over_modes(failed.view(np.int8))
    village.failures = village.failures + count
    village.trust = np.maximum(village.trust - p.trust_lost_by_failure * (count > 0), 0)
