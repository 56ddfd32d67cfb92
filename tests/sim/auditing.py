"""An engine whose every phase is checked: money, capital, stakes, shares and stocks (known answers D-A1 to D-A5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import audited_ventures
import audited_villages
import numpy as np
from audited_flows import MONEY, Snapshot, by_seats, flow, flows_between, in_shape, near, snapshot
from places import engine_in

from sim.calendar import YEAR, Calendar
from sim.engine import Engine
from sim.ledger import OUTSIDE, VILLAGE_ACCOUNTS
from sim.policies import acting
from sim.policies.registry import LEVERS
from sim.purposes import PURPOSES
from sim.state import Moment

CHECKS = {**vars(audited_villages), **vars(audited_ventures)}


class Audit:
    """Runs an engine and checks each phase, each quarter and each year."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        calendar = Calendar(*([self._watched(phase) for phase in phases] for phases in vars(YEAR).values()))
        self.engine = engine_in(*arguments, calendar=calendar, **named)
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
            if phase is acting.open_books:  # last year's flows are forgotten
                before["flows"] = {}
            after = snapshot(now)
            moved = flows_between(before, after)
            check_phase(now, before, after, moved)
            check = CHECKS.get(f"check_{name}")
            if check:
                check(self, now, before, after, moved)
            else:
                assert np.array_equal(before["village:capital"], after["village:capital"]), name
            self.seen.add(name)

        return run


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
                    expected = expected + sign * in_shape(now, account, amount, by_seats(payer, payee))
        near(after[account], expected, 1 + np.max(np.abs(expected)))


# The quarter ---------------------------------------------------------------------------------------------------------

INTO_VILLAGE = (
    "operations", "assistance_purchases", "venture_dividend", "central_grant", "assistance_projects",
    "assistance_central", "assistance_province", "assistance_firms",
    "running_subsidy", "other_income", "assistance_cash", "deficit_cover", "borrowing", "forced_sale",
    "enterprise_fee", "idle_rent", "bulk_saving", "fines_received", "company_startup", "winding_up",
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
ELSEWHERE = ("manager_pay_public", "quality_subsidy", "guarantee_paid", "enterprise_investment",
             "enterprise_operations", "enterprise_cost")  # fmt: skip


def check_quarter(engine: Engine, before: Snapshot, after: Snapshot) -> None:
    """A1: what the four village accounts gained is what flowed in less what flowed out, purpose by purpose."""
    now, moved = engine.now, flows_between(before, after)
    known = {*INTO_VILLAGE, *OUT_OF_VILLAGE, *INSIDE_VILLAGE, *OF_VENTURE, *ELSEWHERE, *LEVERS}
    assert {purpose for (_, _, purpose), amount in moved.items() if np.any(amount != 0)} <= known
    accounts = [f"village.{name}" for name in VILLAGE_ACCOUNTS]
    gained = sum(after[account] - before[account] for account in accounts)
    expected = np.zeros_like(gained)
    for purpose in INTO_VILLAGE:
        expected += flow(moved, purpose)
    for purpose in OUT_OF_VILLAGE:
        expected -= flow(moved, purpose)
    for key in (set(LEVERS) & set(PURPOSES)) - {"central_grant"}:
        expected -= flow(moved, key, payer="village.cash")
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
