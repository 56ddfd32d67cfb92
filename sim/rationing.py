"""A yearly public budget shared out among the levers by priority (C6: capped).

At the opening of a year, before any lever acts, levers are asked in order of priority what they would cost: each acts
on a sketch of the district, where nothing lasts, and what it pays and promises there is its demand. A lever whose
demand the rest of the budget covers gets all of it; another the largest share, 0 to 1, that the rest covers. The share
multiplies the lever's intensity for the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from sim.arithmetic import over_places
from sim.ledger import PUBLIC_PAYERS, Ledger
from sim.policies.base import Lever
from sim.policies.columns import PolicyState
from sim.state import Moment, State, Table

HALVINGS = 20
"""A share is found to 2^-20 of a lever's demand, always below what the budget covers."""
NOTHING = 1e-6
"""Less than this part of the budget is not given out: it is what halving leaves."""


class Rationing:
    """Shares a yearly budget out among the levers of R runs.

    Args:
        levers: in the order in which they act.
        budget: public money a year, 万元.
        priority: keys of the levers served first; the others follow in the order in which they act.
    """

    def __init__(self, levers: Sequence[Lever], budget: float, priority: Sequence[str] = ()) -> None:
        by_key = {lever.key: lever for lever in levers}
        first = [by_key[key] for key in priority if key in by_key]
        self.order = first + [lever for lever in levers if lever not in first]
        self.budget = budget
        self.overrun: np.ndarray | float = 0.0
        self._given: np.ndarray | float = budget
        self._asked: dict[str, np.ndarray] = {}
        self._later: dict[str, np.ndarray] = {}

    def close_year(self, now: Moment) -> None:
        """Take stock of the year that has ended, while its flows still stand in the ledger."""
        total = np.zeros((now.runs, 1))
        for lever in self.order:
            spent = now.ledger.paid_by(PUBLIC_PAYERS, lever.purposes)[:, None]
            share = np.broadcast_to(lever.share, spent.shape)
            late = np.maximum(spent - self._asked.get(lever.key, spent), 0.0)
            self._later[lever.key] = np.divide(late, share, out=np.zeros_like(late), where=share > 0)
            total += spent
        self.overrun = np.maximum(total - self._given, 0.0)

    def share_out(self, now: Moment) -> None:
        """Set every lever's share of the year; what last year's levers spent beyond the budget is taken off."""
        self._given = np.maximum(np.full((now.runs, 1), self.budget) - self.overrun, 0.0)
        left = np.array(self._given)
        sketches = Sketches(now)
        for lever in self.order:
            if not lever.purposes or lever.values["payer"] not in PUBLIC_PAYERS:
                continue
            lever.share, cost, self._asked[lever.key] = self._grant(lever, sketches, left)
            left = left - cost

    def _grant(self, lever: Lever, sketches: Sketches, left: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Share of a lever, what that costs in all, and what of it is paid as the lever acts, each `(R, 1)`."""
        whole, at_once = self._cost(lever, sketches, np.ones_like(left))
        some = left > NOTHING * self.budget
        share = ((whole <= left) & some) * 1.0
        if np.all(share == 1):
            return share, whole, at_once
        low, high = np.array(share), np.ones_like(left)
        for _ in range(HALVINGS):
            middle = np.where(share == 1, 1.0, (low + high) / 2)
            fits = (self._cost(lever, sketches, middle)[0] <= left) & some
            low, high = np.where(fits, middle, low), np.where(fits, high, middle)
        return low, *self._cost(lever, sketches, low)

    def _cost(self, lever: Lever, sketches: Sketches, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a lever would cost this year at a share: in all, and as it acts, `(R, 1)`.

        What comes later is what the lever says its policy will cost, or what it cost at this share last year if more.
        """
        before, lever.share = lever.share, share
        sketch, ledger = sketches.new()
        lever.act(sketch)
        at_once = ledger.public(lever.purposes)
        later = np.maximum(lever.promised(sketch), self._later.get(lever.key, 0.0) * share)
        lever.share = before
        return at_once + later * (share > 0), at_once


class Sketches:
    """Copies of a moment on which a lever may act without consequences: what is written lasts as long as the copy."""

    def __init__(self, now: Moment) -> None:
        self._now = now
        self._tables = {
            item.name: frozen(getattr(now.state, item.name))
            for item in fields(State)
            if isinstance(getattr(now.state, item.name), Table)
        }

    def new(self) -> tuple[Moment, SketchLedger]:
        """A fresh copy, and the ledger that notes what is paid on it."""
        now, ledger = self._now, SketchLedger(self._now.ledger)
        tables: dict[str, Any] = {name: SketchTable(columns) for name, columns in self._tables.items()}
        state, policy = State(**tables, cohort=now.state.cohort), PolicyState(now.runs, now.district.villages)
        return replace(now, state=state, ledger=ledger, policy=policy), ledger  # type: ignore[arg-type]


def frozen(table: Table) -> dict[str, Any]:
    """A table's arrays, read-only."""
    found = dict(vars(table))
    for name in table.columns:
        found[name] = found[name].view()
        found[name].flags.writeable = False
    return found


class SketchTable(Table):
    """A table whose columns are replaced and not overwritten."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self.__dict__.update(columns)

    def __setattr__(self, name: str, value: np.ndarray) -> None:
        """Put new values in the place of a column's, in its shape and type."""
        if name not in self.columns:
            raise AttributeError(f"no column {name!r}")
        column = np.empty_like(self.__dict__[name])
        column[...] = value
        self.__dict__[name] = column


class SketchLedger:
    """Notes what is paid; balances and everything else are those of the true ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._paid: list[tuple[str, str, np.ndarray]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def pay(self, payer: str, payee: str, amount: np.ndarray, purpose: str) -> None:
        """Note a payment."""
        self._paid.append((payer, purpose, over_places(amount)))

    def public(self, purposes: tuple[str, ...]) -> np.ndarray:
        """What public payers paid for the purposes, `(R, 1)`."""
        total = np.zeros((self._ledger.runs, 1))
        for payer, purpose, amount in self._paid:
            if payer in PUBLIC_PAYERS and purpose in purposes:
                total = total + amount
        return total
