"""A yearly public budget shared out among the levers by priority.

At the opening of a year, before any lever acts, levers are asked in order of priority what they would cost: each acts
on a sketch of the district, where nothing lasts, and the year's commitments and payments run ahead there. What is paid
there is its demand, and no lever has to say what it will pay. A lever whose demand the rest of the budget covers gets
all of it; another the largest share, 0 to 1, that the rest covers. The share multiplies the lever's intensity for the
year. What a lever is given lies in the purse for it, and no payment goes beyond (`Purse`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from sim.arithmetic import MONEY_TOLERANCE, over_places, share
from sim.ledger import PUBLIC_PAYERS, Ledger
from sim.policies.base import Lever
from sim.policies.columns import PolicyState
from sim.processes import alliances, managers, stakes
from sim.state import Moment, State, Table

HALVINGS = 20
"""A share is found to 2^-20 of a lever's demand, always below what the budget covers."""
NOTHING = 1e-6
"""Less than this part of the budget is not given out: it is what halving leaves."""
AHEAD = (managers.staff, alliances.form, stakes.contribute)
"""Phases of the opening that commit public money of the year: posts, alliances, companies to be founded."""


class Purse:
    """The money of a yearly budget: what is kept for each lever, and what nobody was promised.

    A payment takes what is kept for its lever, then what is free. What exceeds both is not paid, and noted.

    Attributes:
        free: what is kept for no lever, `(R, 1)` 万元.
        unmet: what could not be paid this year, by lever, `(R, 1)` 万元.
    """

    def __init__(self, levers: Sequence[Lever], runs: int) -> None:
        self._lever_of = {purpose: lever.key for lever in levers for purpose in lever.purposes}
        self._nothing = np.zeros((runs, 1))
        self.fill(self._nothing)

    def fill(self, money: np.ndarray) -> None:
        """Open a year with a budget; what is left of the last year lapses."""
        self.free = np.array(money)
        self._kept = dict.fromkeys(self._lever_of.values(), self._nothing)
        self.unmet = dict(self._kept)

    def keep(self, key: str, money: np.ndarray) -> None:
        """Set free money aside for a lever."""
        self.free = np.maximum(self.free - money, 0.0)
        self._kept[key] = money

    def covered(self, payer: str, amount: np.ndarray, purpose: str) -> np.ndarray:
        """Of a payment the part that there is money for; all of what is no lever's public money."""
        key = self._lever_of.get(purpose) if payer in PUBLIC_PAYERS else None
        if key is None:
            return amount
        wanted, there = over_places(amount), self._kept[key] + self.free
        if np.all(wanted <= there):
            return amount
        self.unmet[key] = self.unmet[key] + np.maximum(wanted - there, 0.0)
        return amount * np.where(wanted <= there, 1.0, share(there, wanted))

    def take(self, payer: str, amount: np.ndarray, purpose: str) -> np.ndarray:
        """Take a payment out of the purse, as far as there is money; returns what is paid."""
        amount = self.covered(payer, amount, purpose)
        key = self._lever_of.get(purpose) if payer in PUBLIC_PAYERS else None
        if key is not None:
            paid, kept = over_places(amount), self._kept[key]
            self._kept[key] = np.maximum(kept - paid, 0.0)
            self.free = np.maximum(self.free - np.maximum(paid - kept, 0.0), 0.0)
        return amount


class Rationing:
    """Shares a yearly budget out among the levers of R runs.

    Args:
        levers: in the order in which they act.
        budget: public money a year, 万元.
        priority: keys of the levers served first; the others follow in the order in which they act.
        runs: number of runs.
        opening: phases of the opening in force.
    """

    def __init__(
        self, levers: Sequence[Lever], budget: float, priority: Sequence[str], runs: int, opening: Sequence[Any]
    ) -> None:
        by_key = {lever.key: lever for lever in levers}
        first = [by_key[key] for key in priority if key in by_key]
        self.order = first + [lever for lever in levers if lever not in first]
        self.budget, self.purse = budget, Purse(levers, runs)
        self._ahead = [phase for phase in AHEAD if phase in opening]
        self._foreseen: dict[str, np.ndarray] = {}
        self._unforeseen: dict[str, np.ndarray] = {}
        """What a lever wanted last year beyond what was foreseen, at full share, `(R, 1)`."""

    def close_year(self, now: Moment) -> None:
        """Take stock of the year that has ended, while its flows still stand in the ledger."""
        for key, foreseen in self._foreseen.items():
            lever = next(lever for lever in self.order if lever.key == key)
            wanted = now.ledger.paid_by(PUBLIC_PAYERS, lever.purposes)[:, None] + self.purse.unmet[key]
            beyond = np.where(wanted - foreseen > MONEY_TOLERANCE, wanted - foreseen, 0.0)
            self._unforeseen[key] = share(beyond, np.asarray(lever.share))

    def share_out(self, now: Moment) -> None:
        """Set every lever's share of the year, and fill the purse."""
        self.purse.fill(np.full((now.runs, 1), self.budget))
        sketches = Sketches(now)
        for lever in self.order:
            if lever.purposes and lever.values["payer"] in PUBLIC_PAYERS:
                lever.share, cost, self._foreseen[lever.key] = self._grant(lever, sketches, self.purse.free)
                self.purse.keep(lever.key, cost)

    def _grant(self, lever: Lever, sketches: Sketches, left: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Share of a lever, what is kept for that, and what of it the sketch foresees, each `(R, 1)`."""
        whole, foreseen = self._cost(lever, sketches, np.ones_like(left))
        some = left > NOTHING * self.budget
        granted = ((whole <= left) & some) * 1.0
        if np.all(granted == 1):
            return granted, whole, foreseen
        low, high = np.array(granted), np.ones_like(left)
        for _ in range(HALVINGS):
            middle = np.where(granted == 1, 1.0, (low + high) / 2)
            fits = (self._cost(lever, sketches, middle)[0] <= left) & some
            low, high = np.where(fits, middle, low), np.where(fits, high, middle)
        return low, *self._cost(lever, sketches, low)

    def _cost(self, lever: Lever, sketches: Sketches, granted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a lever would cost this year at a share: in all, and as far as the sketch foresees it, `(R, 1)`.

        In all: with what was beyond the sketch last year, at this share.
        """
        before, lever.share = lever.share, granted
        sketch, ledger = sketches.new()
        lever.act(sketch)
        for phase in self._ahead:
            phase(sketch)
        for quarter in range(4):
            sketch.quarter = quarter
            lever.each_quarter(sketch)
        lever.share = before
        foreseen = ledger.public(lever.purposes)
        return foreseen + self._unforeseen.get(lever.key, 0.0) * granted, foreseen


class Sketches:
    """Copies of a moment on which a lever may act without consequences: what is written lasts as long as the copy."""

    def __init__(self, now: Moment) -> None:
        self._now = now
        self._tables = [item.name for item in fields(State) if isinstance(getattr(now.state, item.name), Table)]

    def new(self) -> tuple[Moment, SketchLedger]:
        """A fresh copy, and the ledger that notes what is paid on it."""
        now, ledger = self._now, SketchLedger(self._now.ledger)
        tables: dict[str, Any] = {name: SketchTable(getattr(now.state, name)) for name in self._tables}
        state, policy = State(**tables, cohort=now.state.cohort), PolicyState(now.runs, now.district.villages)
        return replace(now, state=state, ledger=ledger, policy=policy), ledger  # type: ignore[arg-type]


class SketchTable(Table):
    """A table whose columns are copied when somebody asks for them."""

    def __init__(self, table: Table) -> None:
        self.__dict__.update(columns=table.columns, rows=table.rows, _table=table)

    def __getattr__(self, name: str) -> np.ndarray:
        self.__dict__[name] = np.array(getattr(self._table, name))
        return self.__dict__[name]

    def __setattr__(self, name: str, value: np.ndarray) -> None:
        getattr(self, name)[...] = value


class SketchLedger:
    """Notes what is paid; balances and everything else are those of the true ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._paid: list[tuple[str, str, np.ndarray]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def covered(self, payer: str, amount: np.ndarray, purpose: str) -> np.ndarray:
        """All of a payment: what there is money for is not the question here."""
        return amount

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
