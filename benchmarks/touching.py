"""What a phase touches: which arrays of the model it is handed and which of them it changes, noted while it runs.

Every object through which a phase reaches arrays (state tables, policy columns, parameters, draws, ledger, residents'
register and network, groups) is made to note each array that it hands out. When the phase ends, arrays that were
assigned or that hold other bytes than when they were handed out count as written. So no list of columns is kept here:
what the model reads and writes today is what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import numpy as np

from benchmarks.phases import Case, watched
from sim.declared import Declared
from sim.engine import Engine
from sim.ledger import Ledger
from sim.state import Moment, Table


@dataclass
class Touched:
    """Bytes of one call of a phase.

    Attributes:
        read: arrays that were handed out, each counted once.
        written: arrays that were changed, each counted once.
    """

    read: int = 0
    written: int = 0


def place_of(array: np.ndarray) -> tuple[int, int]:
    """Where an array lies and how many bytes it has there; one that repeats a row for others has only that row."""
    low, high = np.lib.array_utils.byte_bounds(array)
    return low, min(array.nbytes, high - low)


@dataclass
class Notes:
    """Arrays that the running phase was handed, by place in memory, with a copy of what they held."""

    handed: dict[tuple[int, int], tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    assigned: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)

    def hand(self, value: Any) -> None:
        """Note `value` if it is an array."""
        if isinstance(value, np.ndarray):
            place = place_of(value)
            if place not in self.handed and value.dtype != object:
                self.handed[place] = (value, value.copy())

    def assign(self, value: np.ndarray) -> None:
        """Note an array that is overwritten as a whole."""
        self.assigned[place_of(value)] = value

    def close(self) -> Touched:
        """What was touched since the last time."""
        changed = {
            place for place, (array, before) in self.handed.items() if array.tobytes() != before.tobytes()
        } | set(self.assigned)
        touched = Touched(sum(size for _, size in self.handed), sum(size for _, size in changed))
        self.forget()
        return touched

    def forget(self) -> None:
        """Begin anew."""
        self.handed.clear()
        self.assigned.clear()


NOTES = Notes()


def noting(kind: type) -> type:
    """A subclass that notes every array it hands out and every column that is assigned."""

    class Noting(kind):  # type: ignore[misc, valid-type]
        def __getattribute__(self, name: str) -> Any:
            value = super().__getattribute__(name)
            if not name.startswith("__"):
                NOTES.hand(value)
            return value

        def __getattr__(self, name: str) -> Any:
            value = super().__getattr__(name)
            NOTES.hand(value)
            return value

        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, value)
            if issubclass(kind, Table):
                NOTES.assign(self.__dict__[name])

    return Noting


class NotingBalances(Declared[np.ndarray]):
    """Balances of a ledger: a note of each that is asked for."""

    def __getitem__(self, key: Any) -> np.ndarray:
        value = super().__getitem__(key)
        NOTES.hand(value)
        return value


class NotingLedger(noting(Ledger)):  # type: ignore[misc]
    """A ledger that notes the flows it adds to and the flows it sums."""

    def pay(self, payer: str, payee: str, amount: np.ndarray, purpose: str) -> None:
        """Pay, and note the flow that was added to."""
        before = {key: id(flow) for key, flow in self.flows.items()}
        super().pay(payer, payee, amount, purpose)
        for key, flow in self.flows.items():
            names = tuple(name.removesuffix(".cash") for name in key[:2])
            if (*names, key[2]) == (payer.removesuffix(".cash"), payee.removesuffix(".cash"), purpose):
                if key in before:  # a new one is only written
                    NOTES.hand(flow)
                NOTES.assign(flow)

    def paid(self, *given: Any, **named: Any) -> np.ndarray:
        """Sum, and note the flows that were summed."""
        return self._noted("paid", given, named)

    def paid_by_seat(self, *given: Any, **named: Any) -> np.ndarray:
        """Sum, and note the flows that were summed."""
        return self._noted("paid_by_seat", given, named)

    def paid_by(self, *given: Any, **named: Any) -> np.ndarray:
        """Sum, and note the flows that were summed."""
        return self._noted("paid_by", given, named)

    def ever_paid(self, *given: Any, **named: Any) -> np.ndarray:
        """Sum, and note the flows that were summed."""
        return self._noted("ever_paid", given, named)

    def _noted(self, name: str, given: tuple, named: dict) -> np.ndarray:
        method = getattr(Ledger, name)
        asked = signature(method).bind(self, *given, **named).arguments
        for (payer, payee, purpose), flow in self.flows.items():
            if (
                purpose in asked["purposes"]
                and payer in (asked.get("payers") or (payer,))
                and payee in (asked.get("payees") or (payee,))
            ):
                NOTES.hand(flow)
        return method(self, *given, **named)


def make_noting(engine: Engine) -> None:
    """Make everything through which an engine's phases reach arrays note what it hands out."""
    now = engine.now
    tables = [value for value in vars(now.state).values() if isinstance(value, Table)]
    others = [now.policy, now.parameters, now.draws, now.towns, now.clusters, now.seats, now.candidate_towns]
    for thing in (*tables, *others, now.register, now.state, now):
        object.__setattr__(thing, "__class__", noting(type(thing)))  # some refuse to be changed the usual way
    now.ledger.balances = NotingBalances("account", now.ledger.balances)
    now.ledger.__class__ = NotingLedger


def touched_by_phases(case: Case, together: int) -> dict[str, Touched]:
    """Bytes that each phase touches in all years of a batch, the sum over its calls."""
    total: dict[str, Touched] = {}

    def after(name: str, now: Moment) -> None:
        touched = NOTES.close()
        whole = total.setdefault(name, Touched())
        whole.read += touched.read
        whole.written += touched.written

    engine = case.engine(together, watched(lambda name, now: NOTES.forget(), after))
    make_noting(engine)
    for _ in range(case.quarters):
        engine.step()
    NOTES.forget()
    return total
