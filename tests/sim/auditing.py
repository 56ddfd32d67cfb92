"""An engine whose every phase is checked: money, capital, stakes, shares and stocks (known answers D-A1 to D-A5).

The checks recompute each amount from the equations of the specification, not from the functions of the model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.calendar import YEAR, Calendar
from sim.engine import Engine
from sim.ledger import OUTSIDE, VILLAGE_ACCOUNTS
from sim.modes import EXPOSED, PHOTOVOLTAIC, REFERENCE_CAPITAL
from sim.policies.registry import LEVERS
from sim.state import Moment

MONEY = 1e-9
"""万元; stocks are some hundred 万元, so 1e-9 is 1e-11 of them: some thousand roundings of 1e-16."""
Snapshot = dict[str, Any]


def snapshot(now: Moment) -> Snapshot:
    taken: Snapshot = {name: np.array(values) for name, values in now.ledger.balances.items()}
    taken["flows"] = {key: amount.copy() for key, amount in now.ledger.flows.items()}
    taken["turnover"] = now.ledger.turnover.copy()
    taken["total"] = now.ledger.total()
    for kind in ("village", "venture", "secretary"):
        table = getattr(now.state, kind)
        for name in table.columns:
            taken[f"{kind}:{name}"] = np.array(getattr(table, name))
    return taken


def flows_between(before: Snapshot, after: Snapshot) -> dict[tuple[str, str, str], np.ndarray]:
    return {key: amount - before["flows"].get(key, 0.0) for key, amount in after["flows"].items()}


def near(one: np.ndarray, other: np.ndarray, scale: np.ndarray | float = 1.0) -> None:
    one, other = np.broadcast_arrays(one, other)
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=MONEY * float(np.max(scale)))


class Audit:
    """Runs an engine and checks each phase, each quarter and each year."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        calendar = Calendar(*([self._watched(phase) for phase in phases] for phases in vars(YEAR).values()))
        self.engine = Engine(*arguments, calendar=calendar, **named)
        self.opening_total = self.engine.now.ledger.total()
        self.seen: set[str] = set()
        self.loans, self.stakes, self.payouts = 0.0, 0.0, 0.0

    def run(self, quarters: int) -> Audit:
        for _ in range(quarters):
            before = snapshot(self.engine.now)
            if self.engine.now.quarters_since_start % 4 == 0:
                before["flows"] = {}
            self.engine.step()
            check_quarter(self.engine, before, snapshot(self.engine.now))
            total, turnover = self.engine.now.ledger.total(), self.engine.now.ledger.turnover
            assert np.all(np.abs(total - self.opening_total) <= 1e-9 * turnover)
        return self

    def _watched(self, phase: Callable[[Moment], None]) -> Callable[[Moment], None]:
        name = f"{phase.__module__.rsplit('.', 1)[-1]}_{phase.__name__}"

        def run(now: Moment) -> None:
            before = snapshot(now)
            phase(now)
            after = snapshot(now)
            moved = flows_between(before, after)
            check_phase(now, before, after, moved)
            check = globals().get(f"check_{name}")
            if check:
                check(self, now, before, after, moved)
            elif name not in MAY_MOVE_CAPITAL:
                assert np.array_equal(before["village:capital"], after["village:capital"]), name
            self.seen.add(name)

        return run


MAY_MOVE_CAPITAL: set[str] = set()


def _flow(moved: dict, purpose: str, payer: str = "", payee: str = "") -> Any:
    """Sum of the flows of one purpose, by village or venture."""
    chosen = [
        amount
        for (source, target, what), amount in moved.items()
        if what == purpose and payer in ("", source) and payee in ("", target)
    ]
    return sum(chosen) if chosen else 0.0


def check_phase(now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """One payer and one payee for every flow, and no other change of any balance."""
    for account in after:
        if account not in (*OUTSIDE, "venture") and not account.startswith("village."):
            continue
        expected = before[account].copy()
        for (payer, payee, _), amount in moved.items():
            assert np.all(amount >= 0) or np.min(amount) > -MONEY
            for side, sign in ((payer, -1), (payee, 1)):
                if side == account:
                    expected = expected + sign * _in_shape(now, account, amount)
        near(after[account], expected, 1 + np.max(np.abs(expected)))


def _in_shape(now: Moment, account: str, amount: np.ndarray) -> np.ndarray:
    if account in OUTSIDE:
        return amount.sum(axis=1, keepdims=True)
    if account == "venture" and amount.shape[1] == now.district.villages:
        return by_cluster(now, amount)
    return amount


def by_cluster(now: Moment, values: np.ndarray) -> np.ndarray:
    found = np.zeros((values.shape[0], now.district.clusters))
    for village, cluster in enumerate(now.district.cluster_of):
        found[:, cluster] += values[:, village]
    return found


# The quarter ---------------------------------------------------------------------------------------------------------

INTO_VILLAGE = (
    "operations", "assistance_purchases", "venture_dividend", "central_grant", "assistance_projects",
    "running_subsidy", "assistance_cash", "deficit_cover", "borrowing", "forced_sale",
)  # fmt: skip
OUT_OF_VILLAGE = (
    "operating_cost", "purchase_cost", "fixed_cost", "leak_revenue", "leak_invest", "idle", "interest", "repayment",
    "investment", "stakes", "cadre_bonus", "services", "dividend", "administration",
)  # fmt: skip
INSIDE_VILLAGE = ("pot", "pot_returned", "reserve", "reserve_drawn")
OF_VENTURE = (
    "venture_investment", "venture_operations", "venture_forced_sale", "venture_operating_cost", "venture_agency",
)  # fmt: skip


def check_quarter(engine: Engine, before: Snapshot, after: Snapshot) -> None:
    """A1: what the four village accounts gained is what flowed in less what flowed out, purpose by purpose."""
    now, moved = engine.now, flows_between(before, after)
    known = {*INTO_VILLAGE, *OUT_OF_VILLAGE, *INSIDE_VILLAGE, *OF_VENTURE, *LEVERS}
    assert {purpose for (_, _, purpose), amount in moved.items() if np.any(amount != 0)} <= known
    accounts = [f"village.{name}" for name in VILLAGE_ACCOUNTS]
    gained = sum(after[account] - before[account] for account in accounts)
    expected = np.zeros_like(gained)
    for purpose in INTO_VILLAGE:
        expected += _flow(moved, purpose)
    for purpose in OUT_OF_VILLAGE:
        expected -= _flow(moved, purpose)
    for key in set(LEVERS) - {"central_grant"}:
        expected -= _flow(moved, key, payer="village.cash")
    near(gained, expected, 1 + np.max(np.abs(after["village.cash"])))
    _check_stocks(now, after)
    _check_earmarked(moved)


def _check_stocks(now: Moment, after: Snapshot) -> None:
    """A5: no stock below zero, every column inside its declared range."""
    for name in VILLAGE_ACCOUNTS:
        assert np.min(after[f"village.{name}"]) >= -MONEY, name
    assert np.min(after["venture"]) >= -MONEY
    for kind in ("village", "secretary", "candidate", "venture", "resident"):
        table = getattr(now.state, kind)
        for name, column in table.columns.items():
            values = np.asarray(getattr(table, name), dtype=np.float64)
            assert np.all(np.isfinite(values)), f"{kind}.{name}"
            if values.size:
                assert values.min() >= column.low - MONEY, f"{kind}.{name} {values.min()}"
                assert values.max() <= column.high + MONEY, f"{kind}.{name} {values.max()}"


def _check_earmarked(moved: dict) -> None:
    """A5: earmarked money goes into projects, never to cash, dividends or the bonus."""
    ends = {"leaked", "idle", "contractors", "venture", "village.pot_earmarked", "village.earmarked_cash"}
    for (payer, payee, purpose), amount in moved.items():
        if payer in ("village.earmarked_cash", "village.pot_earmarked") and np.any(amount != 0):
            assert payee in ends, (payer, payee, purpose)


# Phases --------------------------------------------------------------------------------------------------------------


def check_projects_invest(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A3: new projects are worth what the builders were paid; A5: debt within the collateral when borrowing."""
    p = now.parameters
    built = (after["village:pending_this_year"] - before["village:pending_this_year"]).sum(axis=2)
    near(built, _flow(moved, "investment", payee="contractors"), 1 + np.max(built))
    spent = before["village.earmarked_cash"] - after["village.earmarked_cash"]
    restraint = _restraint(now, before)
    near(_flow(moved, "leak_invest"), spent * p.leak_invest * restraint)
    wasted = spent * (1 - p.leak_invest * restraint) * (1 - p.productive_share)
    near(_flow(moved, "idle"), wasted)
    loan = after["village:debt"] - before["village:debt"]
    near(loan, _flow(moved, "borrowing"))
    accepted = p.collateral_multiplier * (1 + p.collateral_reform * before["village:reformed"])
    limit = accepted * (p.collateral_share * before["village:capital"]).sum(axis=2)
    assert np.all((loan <= MONEY) | (after["village:debt"] <= limit + MONEY))
    assert np.all((loan <= MONEY) | (np.abs(after["village:debt"] - limit) <= MONEY)), "the whole headroom or nothing"
    assert np.array_equal(before["village:capital"], after["village:capital"])
    audit.loans += loan.sum()


def check_projects_mature(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A3: what begins to produce is what was under construction."""

    def under_construction(taken: Snapshot) -> np.ndarray:
        return taken["village:pending_this_year"] + taken["village:pending_last_year"]

    finished = under_construction(before) - under_construction(after)
    near(after["village:capital"] - before["village:capital"], finished, 1 + np.max(after["village:capital"]))
    assert not moved or all(np.all(amount == 0) for amount in moved.values())


def check_projects_depreciate(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A3: capital falls by a quarter's depreciation and by fading of aid where no sponsor stands."""
    p = now.parameters
    worn = before["village:capital"] * (1 - p.depreciation / 4)
    weak = np.clip(1.2 - now.state.secretary.manager_quality, 0, 1)
    faded = p.aid_fade / 4 * weak * before["village:aided_capital"] * (before["village:paired"] == 0)
    faded = np.minimum(faded, worn.sum(axis=2))
    near(after["village:capital"].sum(axis=2), worn.sum(axis=2) - faded, 1 + np.max(worn))


def check_projects_fail(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A3: a mode loses its whole loss share or nothing; debt falls by the defaulting share."""
    p, capital = now.parameters, before["village:capital"]
    lost = capital - after["village:capital"]
    one_loss = p.loss_given_failure * capital
    whole = np.abs(lost - one_loss) <= MONEY * (1 + capital)
    assert np.all(whole | (lost == 0))
    total = capital.sum(axis=2)
    part = np.divide(lost.sum(axis=2), total, out=np.zeros_like(total), where=total > 0)
    near(after["village:debt"], before["village:debt"] * (1 - p.default_share * part))
    count = ((lost > 0) & (one_loss > 0)).sum(axis=2)
    near(after["village:failures"] - before["village:failures"], count)


def check_production_earn(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-01, EQ-02 and EQ-10, written out."""
    p = now.parameters
    capital = before["village:capital"]
    size = (capital / REFERENCE_CAPITAL) ** p.returns_to_scale
    base = p.yield_level[..., None] * p.revenue_yield * REFERENCE_CAPITAL * size * before["village:advantage"] / 4
    full, weak = p.sigma_common, p.sigma_common * p.other_exposure
    exposed = np.exp(full * before["village:common_price"] - full**2 / 2)[..., None]
    sheltered = np.exp(weak * before["village:other_price"] - weak**2 / 2)[..., None]
    price = np.where(EXPOSED, exposed, sheltered) * before["village:idiosyncratic_price"]
    premium = np.where(PHOTOVOLTAIC, p.pv_price_factor[..., None], 1.0)
    revenue = (base * price * premium).sum(axis=2)
    near(_flow(moved, "operations"), revenue)
    cost = ((1 - p.margin) * base).sum(axis=2)
    near(_flow(moved, "operating_cost"), cost)
    bought = now.policy.purchases / 4
    near(_flow(moved, "purchase_cost"), (1 - p.purchase_margin) * bought)
    profit = revenue - cost + p.purchase_margin * bought
    near(_flow(moved, "leak_revenue"), p.leak_revenue * _restraint(now, before) * np.maximum(profit, 0))


def _restraint(now: Moment, before: Snapshot) -> np.ndarray:
    """EQ-10: what participation and property-rights reform leave of a leak."""
    p = now.parameters
    by_participation = 1 - p.leakage_participation * before["village:participation"]
    return by_participation * (1 - p.leakage_reform * before["village:reformed"])


def check_organisation_develop(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-26."""
    p = now.parameters
    target = (
        p.organisation_base + p.organisation_by_ability * before["secretary:ability"]
        + p.organisation_by_participation * before["village:participation"]
        + p.organisation_by_rectification * now.policy.rectified
    )  # fmt: skip
    old = before["village:organisation"]
    near(after["village:organisation"], np.clip(old + p.kappa_organisation * (target - old), 0, 1))


def check_finance_pay_running_costs(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    near(_flow(moved, "fixed_cost"), np.broadcast_to(now.parameters.fixed_cost / 4, after["village.cash"].shape))
    near(_flow(moved, "interest"), now.parameters.interest_rate / 4 * before["village:debt"])


def check_finance_cover_shortfall(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-09: reserve first, then a forced sale at a discount, and the district only when nothing is left."""
    short = np.maximum(-before["village.cash"], 0)
    drawn = np.minimum(short, before["village.reserve_fund"])
    near(_flow(moved, "reserve_drawn"), drawn)
    worth = now.parameters.fire_sale * before["village:capital"].sum(axis=2)
    proceeds = np.minimum(short - drawn, worth)
    near(_flow(moved, "forced_sale"), proceeds)
    sold = (before["village:capital"] - after["village:capital"]).sum(axis=2)
    near(now.parameters.fire_sale * sold, proceeds, 1 + np.max(before["village:capital"]))
    near(_flow(moved, "deficit_cover"), short - drawn - proceeds)


def check_finance_use_surplus(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A5 and EQ-09: nothing out of a loss; shares of what is left after repayment and bonus."""
    p, profit = now.parameters, before["village:income_profit"]
    surplus = np.minimum(np.maximum(profit, 0), np.maximum(before["village.cash"], 0))
    repaid = np.minimum(p.repayment_rate * before["village:debt"], surplus)
    near(_flow(moved, "repayment"), repaid)
    near(after["village:debt"], before["village:debt"] - repaid)
    earned = profit - before["village:profit_change"] >= now.policy.bonus_floor - 2 * MONEY
    bonus = now.policy.bonus_share * np.maximum(before["village:profit_change"], 0) * earned
    bonus = np.minimum(np.minimum(bonus, p.bonus_cap), surplus - repaid)
    near(_flow(moved, "cadre_bonus"), bonus)
    left = surplus - repaid - bonus
    near(_flow(moved, "reserve"), p.reserve_share * left)
    near(_flow(moved, "services"), p.service_share * left)
    near(_flow(moved, "dividend"), p.dividend_share * left)
    kept = before["village.cash"] - after["village.cash"]
    named = p.reserve_share + p.service_share + p.dividend_share
    assert np.all(named < 1)
    near(surplus - kept, (1 - named) * left)
    for purpose in ("repayment", "cadre_bonus", "reserve", "services", "dividend"):
        assert np.all(np.asarray(_flow(moved, purpose))[profit <= 0] == 0), purpose
    near(after["village:income_profit"], profit - bonus)


def check_finance_measure_incomes(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-03: the three incomes from the year's flows."""
    year = after["flows"]
    operating = _flow(year, "operations") + _flow(year, "assistance_purchases") + _flow(year, "venture_dividend")
    near(after["village:income_operating"], operating)
    cash = _flow(year, "running_subsidy") + _flow(year, "assistance_cash") + _flow(year, "deficit_cover")
    near(after["village:income_total"], operating + cash)
    costs = sum(
        _flow(year, name) for name in ("operating_cost", "purchase_cost", "leak_revenue", "fixed_cost", "interest")
    )
    own = sum(_flow(year, key, payer="village.cash") for key in LEVERS)
    near(after["village:income_profit"], operating - costs - own)
    change = after["village:income_profit"] - before["village:income_profit"]
    near(after["village:profit_change"], change)


def check_finance_grow_dependent(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-13."""
    year, income = after["flows"], before["village:income_operating"]
    aid = sum(
        _flow(year, name)
        for name in ("central_grant", "assistance_projects", "assistance_cash", "assistance_purchases")
    )
    aid = np.broadcast_to(aid, income.shape)
    target = np.divide(aid, aid + income, out=np.zeros_like(income), where=aid + income > 0)
    old = before["village:dependency"]
    near(after["village:dependency"], old + now.parameters.kappa_dependency * (target - old))


def check_ventures_contribute(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A4: stakes of the members equal what is paid into the venture and what the venture builds."""
    bought = after["village:stake"] - before["village:stake"]
    near(bought, np.broadcast_to(_flow(moved, "stakes", payee="venture"), bought.shape))
    built = after["venture:pending_this_year"] - before["venture:pending_this_year"]
    near(built, by_cluster(now, bought))
    near(built, np.broadcast_to(_flow(moved, "venture_investment"), built.shape))
    near(after["venture"], before["venture"])
    audit.stakes += bought.sum()


def check_ventures_earn(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """The venture's cash and the year's profit grow by revenue less cost and agency loss; losses fall on capital."""
    revenue, cost = _flow(moved, "venture_operations"), _flow(moved, "venture_operating_cost")
    agency, sold = _flow(moved, "venture_agency"), _flow(moved, "venture_forced_sale")
    near(after["venture"] - before["venture"], np.broadcast_to(revenue + sold - cost - agency, after["venture"].shape))
    profit = after["venture:profit_year"] - before["venture:profit_year"]
    near(profit, np.broadcast_to(revenue - cost - agency, profit.shape))
    rate = now.parameters.agency_base * (1 - now.parameters.monitoring)
    near(np.broadcast_to(agency, profit.shape), rate * np.maximum(revenue - cost, 0))
    lost = before["venture:capital"] - after["venture:capital"]
    near(now.parameters.fire_sale * lost, np.broadcast_to(sold, lost.shape))


def check_ventures_pay_out(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A4: dividends received equal dividends paid; shares sum to 1 wherever something is paid."""
    received = _flow(moved, "venture_dividend")
    received = np.broadcast_to(received, after["village.cash"].shape)
    paid = by_cluster(now, received)
    kept = np.maximum(before["venture:profit_year"] - paid, 0)
    near(after["venture:pending_this_year"] - before["venture:pending_this_year"], kept)
    near(before["venture"] - after["venture"], paid + kept)
    first = before["venture:years_paying"] == 0
    part = np.where(first, now.parameters.first_payout, 1.0)
    due = np.minimum(part * np.maximum(before["venture:profit_year"], 0), np.maximum(before["venture"], 0))
    near(paid, due)
    assert np.all(received[before["village:stake"] == 0] == 0)
    stake, need = before["village:stake"], before["village:stake"] / (1 + before["village:income_operating"])
    rule = before["venture:sharing"][:, now.district.cluster_of]
    weight = np.choose(rule, [stake, (stake > 0) * 1.0, need])
    whole = by_cluster(now, weight)[:, now.district.cluster_of]
    shares = np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)
    near(received, shares * due[:, now.district.cluster_of])
    near(by_cluster(now, shares)[paid > 0], 1.0)
    audit.payouts += paid.sum()
