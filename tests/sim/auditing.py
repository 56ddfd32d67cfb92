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
    for kind in ("village", "venture", "secretary", "alliance", "enterprise"):
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
        self.loans, self.stakes, self.payouts, self.fines, self.fees = 0.0, 0.0, 0.0, 0.0, 0.0

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
        folded(amount) if by_seats(source, target) else amount
        for (source, target, what), amount in moved.items()
        if what == purpose and payer in ("", source) and payee in ("", target)
    ]
    return sum(chosen) if chosen else 0.0


def by_seats(payer: str, payee: str) -> bool:
    """Amounts between a village and a venture stand by seat: all pools, then all companies."""
    return "venture" in (payer, payee) and (payer.startswith("village.") or payee.startswith("village."))


def folded(seats: np.ndarray) -> np.ndarray:
    pools, companies = np.split(seats, 2, axis=1)
    return pools + companies


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
                    expected = expected + sign * _in_shape(now, account, amount, by_seats(payer, payee))
        near(after[account], expected, 1 + np.max(np.abs(expected)))


def _in_shape(now: Moment, account: str, amount: np.ndarray, seats: bool) -> np.ndarray:
    if account in OUTSIDE:
        return amount.sum(axis=1, keepdims=True)
    if not seats:
        return amount
    return by_venture(now, amount) if account == "venture" else folded(amount)


def venture_of_seat(now: Moment) -> np.ndarray:
    return np.append(now.district.cluster_of, now.district.clusters + now.district.town_of)


def by_venture(now: Moment, seats: np.ndarray) -> np.ndarray:
    found = np.zeros((seats.shape[0], now.district.clusters + now.district.towns))
    for seat, venture in enumerate(venture_of_seat(now)):
        found[:, venture] += seats[:, seat]
    return found


def held(taken: Snapshot) -> np.ndarray:
    """Stakes by seat."""
    return np.concatenate([taken["village:stake"], taken["village:company_stake"]], axis=1)


# The quarter ---------------------------------------------------------------------------------------------------------

INTO_VILLAGE = (
    "operations", "assistance_purchases", "venture_dividend", "central_grant", "assistance_projects",
    "running_subsidy", "assistance_cash", "deficit_cover", "borrowing", "forced_sale",
    "enterprise_fee", "bulk_saving", "fines_received", "company_startup", "winding_up",
)  # fmt: skip
OUT_OF_VILLAGE = (
    "operating_cost", "purchase_cost", "fixed_cost", "leak_revenue", "leak_invest", "idle", "interest", "repayment",
    "investment", "stakes", "cadre_bonus", "services", "dividend", "administration", "quality_cost", "fines",
)  # fmt: skip
INSIDE_VILLAGE = ("pot", "pot_returned", "reserve", "reserve_drawn")
OF_VENTURE = (
    "venture_investment", "venture_operations", "venture_forced_sale", "venture_operating_cost", "venture_agency",
    "public_contracts", "manager_pay",
)  # fmt: skip
ELSEWHERE = ("manager_pay_public", "quality_subsidy", "enterprise_investment", "enterprise_operations",
             "enterprise_cost")  # fmt: skip


def check_quarter(engine: Engine, before: Snapshot, after: Snapshot) -> None:
    """A1: what the four village accounts gained is what flowed in less what flowed out, purpose by purpose."""
    now, moved = engine.now, flows_between(before, after)
    known = {*INTO_VILLAGE, *OUT_OF_VILLAGE, *INSIDE_VILLAGE, *OF_VENTURE, *ELSEWHERE, *LEVERS}
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
    for kind in ("village", "secretary", "candidate", "venture", "alliance", "enterprise", "resident"):
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


def _restraint(now: Moment, before: Snapshot) -> np.ndarray:
    """EQ-10: what supervision, participation and property-rights reform leave of a leak."""
    p = now.parameters
    watched = np.exp(-p.leakage_supervision * now.policy.supervision)
    by_participation = 1 - p.leakage_participation * before["village:participation"]
    return watched * by_participation * (1 - p.leakage_reform * before["village:reformed"])


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
    brand = 1 + EXPOSED * before["village:brand_premium"][..., None]
    premium = np.where(PHOTOVOLTAIC, p.pv_price_factor[..., None], brand)
    revenue = (base * price * premium).sum(axis=2)
    near(_flow(moved, "operations"), revenue)
    cost = ((1 - p.margin) * base).sum(axis=2)
    near(_flow(moved, "operating_cost"), cost)
    bought = now.policy.purchases / 4
    near(_flow(moved, "purchase_cost"), (1 - p.purchase_margin) * bought)
    near(after["village:profit_this_quarter"], revenue - cost + p.purchase_margin * bought)
    near(after["village:branded_revenue"], (base * price)[..., EXPOSED].sum(axis=2))
    near(after["village:branded_cost"], ((1 - p.margin) * base)[..., EXPOSED].sum(axis=2))


def check_alliances_settle(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-31: own and public cost of quality, fines that reach those who comply, savings; alliance by alliance."""
    p, policy, sold = now.parameters, now.policy, before["village:branded_revenue"]
    member, keeps = before["village:alliance"] > 0, before["village:complies"] > 0
    full = p.quality_cost * sold * keeps * member
    near(np.broadcast_to(_flow(moved, "quality_cost"), sold.shape), full * (1 - policy.cost_share))
    near(np.broadcast_to(_flow(moved, "quality_subsidy"), sold.shape), full * policy.cost_share)
    saved = before["village:bulk_saving"] * before["village:branded_cost"]
    near(np.broadcast_to(_flow(moved, "bulk_saving"), sold.shape), saved)
    fined = np.broadcast_to(_flow(moved, "fines"), sold.shape)
    received = np.broadcast_to(_flow(moved, "fines_received"), sold.shape)
    for run in range(sold.shape[0]):
        for number in set(before["village:alliance"][run]) - {0}:
            here = before["village:alliance"][run] == number
            rides = here & (before["village:complies"][run] == 0)
            due = (policy.fine * policy.monitor * sold)[run] * rides * bool((keeps[run] & here).any())
            near(fined[run][here], due[here])
            weight = (sold[run] * keeps[run])[here]
            parts = weight / weight.sum() if weight.sum() > 0 else 0 * weight
            near(received[run][here], due.sum() * parts)
    change = after["village:profit_this_quarter"] - before["village:profit_this_quarter"]
    near(change, received + saved - fined - full * (1 - policy.cost_share))
    audit.fines += fined.sum()


def check_production_lose(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    profit = np.maximum(before["village:profit_this_quarter"], 0)
    near(_flow(moved, "leak_revenue"), now.parameters.leak_revenue * _restraint(now, before) * profit)


def check_enterprises_trade(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-30: a share of the profit of all enterprises of a village, never of a loss."""
    profit = _flow(moved, "enterprise_operations") - _flow(moved, "enterprise_cost")
    fee = np.broadcast_to(_flow(moved, "enterprise_fee"), before["village.cash"].shape)
    near(fee, now.parameters.fee_share * np.maximum(profit, 0) * np.ones_like(fee))
    alive = before["enterprise:alive"].reshape(*fee.shape, -1).sum(axis=2)
    assert np.all(fee[alive == 0] == 0)
    audit.fees += fee.sum()


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
    earned = ("operations", "assistance_purchases", "venture_dividend", "enterprise_fee")
    operating = sum(_flow(year, name) for name in earned)
    near(after["village:income_operating"], operating)
    cash = _flow(year, "running_subsidy") + _flow(year, "assistance_cash") + _flow(year, "deficit_cover")
    near(after["village:income_total"], operating + cash)
    costs = sum(
        _flow(year, name)
        for name in (
            "operating_cost", "purchase_cost", "leak_revenue", "fixed_cost", "interest", "quality_cost", "fines",
        )
    )  # fmt: skip
    back = _flow(year, "bulk_saving") + _flow(year, "fines_received")
    own = sum(_flow(year, key, payer="village.cash") for key in LEVERS)
    near(after["village:income_profit"], operating + back - costs - own)
    change = after["village:income_profit"] - before["village:income_profit"]
    near(after["village:profit_change"], change)


def check_finance_grow_dependent(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-13."""
    year, income = after["flows"], before["village:income_operating"]
    aid = sum(
        _flow(year, name)
        for name in (
            "central_grant",
            "assistance_projects",
            "company_startup",
            "assistance_cash",
            "assistance_purchases",
        )
    )
    aid = np.broadcast_to(aid, income.shape)
    target = np.divide(aid, aid + income, out=np.zeros_like(income), where=aid + income > 0)
    old = before["village:dependency"]
    near(after["village:dependency"], old + now.parameters.kappa_dependency * (target - old))


def check_stakes_contribute(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A4: stakes of the members equal what is paid into each venture and what it builds, in the modes of its mix."""
    bought = held(after) - held(before)
    paid = [amount for (_, payee, what), amount in moved.items() if what == "stakes" and payee == "venture"]
    near(bought, sum(paid) if paid else np.zeros_like(bought))
    built = after["venture:pending_this_year"] - before["venture:pending_this_year"]
    near(built.sum(axis=2), by_venture(now, bought))
    near(built, built.sum(axis=2)[..., None] * after["venture:mix"])
    near(after["venture"], before["venture"])
    founded = after["venture:active"] > 0
    near(after["venture:mix"].sum(axis=2)[founded], 1.0)
    audit.stakes += bought.sum()


def check_ventures_earn(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """The venture's cash and the year's profit grow by revenue less cost, pay and agency; losses fall on capital."""
    p = now.parameters
    revenue = _flow(moved, "venture_operations") + _flow(moved, "public_contracts")
    cost = _flow(moved, "venture_operating_cost") + _flow(moved, "manager_pay")
    agency, sold = _flow(moved, "venture_agency"), _flow(moved, "venture_forced_sale")
    near(after["venture"] - before["venture"], np.broadcast_to(revenue + sold - cost - agency, after["venture"].shape))
    profit = after["venture:profit_year"] - before["venture:profit_year"]
    near(profit, np.broadcast_to(revenue - cost - agency, profit.shape))
    monitoring = np.minimum(p.monitoring + p.monitoring_by_supervision * before["venture:supervision"], 1)
    rate = p.agency_base * (1 - monitoring)
    near(np.broadcast_to(agency, profit.shape), rate * np.maximum(revenue - cost, 0))
    lost = (before["venture:capital"] - after["venture:capital"]).sum(axis=2)
    near(p.fire_sale * lost, np.broadcast_to(sold, lost.shape))
    contracts = np.broadcast_to(_flow(moved, "public_contracts"), profit.shape)
    near(contracts, before["venture:public_contracts"] * revenue)
    assert np.all(contracts[:, : now.district.clusters] == 0), "public contracts go to companies"
    pay = np.broadcast_to(_flow(moved, "manager_pay"), profit.shape)
    assert np.all(pay[before["venture:professional_in_post"] == 0] == 0)


def check_ventures_pay_out(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """A4: dividends received equal dividends paid; shares sum to 1 wherever something is paid."""
    seat_flows = [amount for (_, _, what), amount in moved.items() if what == "venture_dividend"]
    received = sum(seat_flows) if seat_flows else np.zeros_like(held(before))
    paid = by_venture(now, received)
    profit, cash = before["venture:profit_year"], np.maximum(before["venture"], 0)
    first = before["venture:years_paying"] == 0
    part = before["venture:payout_share"] * np.where(first, now.parameters.first_payout, 1.0)
    due = np.minimum(part * np.maximum(profit, 0), cash)
    near(paid, due)
    kept = np.minimum(np.maximum(profit - paid, 0), cash)
    built = (after["venture:pending_this_year"] - before["venture:pending_this_year"]).sum(axis=2)
    near(built, kept)
    near(before["venture"] - after["venture"], paid + kept)
    stake = held(before)
    assert np.all(received[stake == 0] == 0)
    income = before["village:income_operating"]
    need = stake / (1 + np.concatenate([income, income], axis=1))
    rule = before["venture:sharing"][:, venture_of_seat(now)]
    weight = np.choose(rule, [stake, (stake > 0) * 1.0, need])
    whole = by_venture(now, weight)[:, venture_of_seat(now)]
    shares = np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)
    near(received, shares * due[:, venture_of_seat(now)])
    near(by_venture(now, shares)[paid > 0], 1.0)
    audit.payouts += paid.sum()


def check_ventures_wind_up(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """Below the line a venture sells what it has and all of it goes to those who held stakes; others stay."""
    stock = sum(before[f"venture:{name}"] for name in ("capital", "pending_this_year", "pending_last_year"))
    left, line = stock.sum(axis=2) + before["venture"], now.parameters.winding_up_line
    ends = (before["venture:active"] > 0) & (left < line)
    assert np.array_equal(before["venture:active"] - after["venture:active"], ends * 1.0)
    seat_flows = [amount for (_, _, what), amount in moved.items() if what == "winding_up"]
    returned = by_venture(now, sum(seat_flows)) if seat_flows else np.zeros_like(left)
    near(returned, ends * (now.parameters.fire_sale * stock.sum(axis=2) + before["venture"]))
    assert np.all(by_venture(now, held(after))[ends] == 0)
    kept = ~ends[:, venture_of_seat(now)]
    assert np.array_equal(held(after)[kept], held(before)[kept])


def check_managers_staff(audit: Audit, now: Moment, before: Snapshot, after: Snapshot, moved: dict) -> None:
    """EQ-29: never more professionals than the market has, and none in a pool."""
    in_post = after["venture:professional_in_post"]
    supply = now.policy.professionals.max(axis=1)
    assert np.all(in_post.sum(axis=1) <= supply) and np.all(in_post[:, : now.district.clusters] == 0)
    hired = (in_post > 0) & (before["venture:professional_in_post"] == 0)
    skill = after["venture:professional_skill"][hired]
    assert np.all((skill >= 0.6) & (skill <= 1.2))
