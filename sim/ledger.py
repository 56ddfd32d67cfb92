"""The ledger holds the balances: every flow has one payer, one payee and one purpose."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim.arithmetic import Groups
from sim.declared import Declared
from sim.purposes import PURPOSES

if TYPE_CHECKING:
    from sim.rationing import Purse

OUTSIDE = (
    "central", "district", "sponsors", "partner_regions", "state_firms", "residents", "secretaries", "managers",
    "banks", "market", "suppliers", "contractors", "enterprises", "alliances", "idle", "leaked", "outside",
)  # fmt: skip
"""Accounts of everyone whose balance is not simulated: governments, sponsors, regions of the province and state firms
paired with the district, residents, secretaries, hired managers, banks, buyers, suppliers, builders, partner
enterprises, alliances (fines under way), idle project money, leaked money, and changes that a user makes by hand."""

VILLAGE_ACCOUNTS = ("cash", "earmarked_cash", "reserve_fund", "pot_commitment", "pot_earmarked")
PUBLIC_PAYERS = ("central", "district", "sponsors", "partner_regions", "state_firms")
VILLAGE, SEAT, VENTURE = "village", "seat", "venture"
Flow = tuple[str, str, str]
"""Payer, payee and purpose."""


class Ledger:
    """Balances of villages `(R, V)`, ventures `(R, S)` and outside accounts `(R, 1)`, and the year's flows.

    Accounts are named `village` (its cash), `village.earmarked_cash`, …, `venture` and the names in `OUTSIDE`.
    """

    def __init__(self, runs: int, seats: Groups, villages: int) -> None:
        self._seats = seats
        of_villages = {f"village.{name}": np.zeros((runs, villages)) for name in VILLAGE_ACCOUNTS}
        self.balances: Declared[np.ndarray] = Declared("account", of_villages)
        self.balances["venture"] = np.zeros((runs, seats.count))
        self.balances.update({name: np.zeros((runs, 1)) for name in OUTSIDE})
        self.flows: dict[Flow, np.ndarray] = {}  # in order of name, so that sums know no batch-mates
        self.runs = runs
        self._earlier: dict[Flow, np.ndarray] = {}
        self._district: dict[Flow, np.ndarray] = {}
        """Flows of the whole district, `(R,)`, as far as somebody has asked since they last grew."""
        self._asked: dict[tuple[tuple[str, ...], ...], list[Flow]] = {}
        """Which flows each question is about."""
        self.purse: Purse | None = None
        """A yearly budget, which public money for levers comes out of; None where there is none."""

    def pay(self, payer: str, payee: str, amount: np.ndarray, purpose: str) -> None:
        """Move `amount` ≥ 0 (万元) from payer to payee.

        Amounts stand by village, `(R, V)`; between ventures and outside by venture, `(R, S)`; between ventures and
        villages by seat, `(R, 2V)`. A yearly budget pays no more than it covers.

        Raises:
            ValueError: no such account, or no such purpose.
        """
        payer, payee = _full(payer), _full(payee)
        key = (payer, payee, purpose)
        if key not in self.flows:
            self._check((payer, payee), (purpose,))
        if self.purse is not None:
            amount = self.purse.take(payer, amount, purpose)
        stands = _stands_by(payer, payee)
        self.balances[payer] -= self._for(payer, amount, stands)
        self.balances[payee] += self._for(payee, amount, stands)
        if key in self.flows:
            self.flows[key] += amount
            self._district.pop(key, None)
        else:
            self.flows[key] = np.array(amount, dtype=np.float64)
            self.flows = dict(sorted(self.flows.items()))
            self._asked.clear()

    def covered(self, payer: str, amount: np.ndarray, purpose: str) -> np.ndarray:
        """What of a payment a yearly budget covers; all of it where there is none."""
        return amount if self.purse is None else self.purse.covered(payer, amount, purpose)

    @property
    def turnover(self) -> np.ndarray:
        """All that has been paid since the start, `(R,)` 万元."""
        return self.ever_paid(tuple(sorted({purpose for _, _, purpose in self.flows})))

    def adjust(self, account: str, row: int, value: float) -> None:
        """Set one balance by hand (a rule of the user's own), against the account `outside`."""
        difference = np.zeros_like(self.balances[account])
        difference[:, row] = value - self.balances[account][:, row]
        self.pay("outside", account, np.maximum(difference, 0), "own_rule")
        self.pay(account, "outside", np.maximum(-difference, 0), "own_rule")

    def paid(self, purposes: tuple[str, ...], payers: tuple[str, ...] = (), payees: tuple[str, ...] = ()) -> np.ndarray:
        """This year's flows for the purposes, by village `(R, V)`; empty payers or payees mean all."""
        total = np.zeros_like(self.balances["village.cash"])
        for payer, payee, purpose in self._about(purposes, payers, payees):
            amount, stands = self.flows[payer, payee, purpose], _stands_by(payer, payee)
            if stands != VENTURE:
                total += by_village(amount) if stands == SEAT else amount
        return total

    def paid_by_seat(self, purposes: tuple[str, ...]) -> np.ndarray:
        """This year's flows between villages and ventures for the purposes, by seat `(R, 2V)`."""
        total = np.zeros((self.runs, self._seats.of.size))
        for payer, payee, purpose in self._about(purposes):
            if _stands_by(payer, payee) == SEAT:
                total += self.flows[payer, payee, purpose]
        return total

    def paid_by(self, payers: tuple[str, ...], purposes: tuple[str, ...]) -> np.ndarray:
        """This year's flows from the payers for the purposes, whole district, `(R,)`."""
        total = np.zeros(self.runs)
        for flow in self._about(purposes, payers):
            total += self._of_district(flow)
        return total

    def ever_paid(self, purposes: tuple[str, ...]) -> np.ndarray:
        """Flows for the purposes from the start until now, whole district, `(R,)`."""
        total = np.zeros(self.runs)
        for flow in self._about(purposes):
            total += self._of_district(flow) + self._earlier.get(flow, 0.0)
        return total

    def open_year(self) -> None:
        """Add last year's flows to those of all years, and forget them; balances stay."""
        for flow, amount in self.flows.items():
            self._earlier[flow] = self._earlier.get(flow, 0.0) + self._of_district(flow)
            amount[...] = 0.0
        self._district.clear()

    def total(self) -> np.ndarray:
        """Sum of all balances `(R,)`: constant, because every flow has a payer and a payee."""
        return sum((np.sum(balance, axis=1) for balance in self.balances.values()), start=np.zeros(self.runs))

    def _for(self, account: str, amount: np.ndarray, stands: str) -> np.ndarray:
        """The amount in the shape of the account."""
        if account in OUTSIDE:
            return np.add.reduce(amount, axis=1, keepdims=True)
        if stands != SEAT:
            return amount
        return self._seats.sum(amount) if account == "venture" else by_village(amount)

    def _about(
        self, purposes: tuple[str, ...], payers: tuple[str, ...] = (), payees: tuple[str, ...] = ()
    ) -> list[Flow]:
        """Flows there have been so far for the purposes, from payers and to payees; none named means all."""
        asked = (purposes, payers, payees)
        if asked not in self._asked:
            payers, payees = tuple(map(_full, payers)), tuple(map(_full, payees))
            self._check((*payers, *payees), purposes)
            self._asked[asked] = [
                (payer, payee, purpose)
                for payer, payee, purpose in self.flows
                if purpose in purposes and (not payers or payer in payers) and (not payees or payee in payees)
            ]
        return self._asked[asked]

    def _check(self, accounts: tuple[str, ...], purposes: tuple[str, ...]) -> None:
        self.balances.check(accounts)
        PURPOSES.check(purposes)

    def _of_district(self, flow: Flow) -> np.ndarray:
        """This year's flow of the whole district, `(R,)`."""
        if flow not in self._district:
            self._district[flow] = np.sum(self.flows[flow], axis=1)
        return self._district[flow]


def by_seat(values: np.ndarray) -> np.ndarray:
    """A village's value at both of its seats, `(R, V)` to `(R, 2V)`."""
    return np.concatenate([values, values], axis=1)


def by_village(seats: np.ndarray) -> np.ndarray:
    """Sum over a village's two seats, `(R, 2V)` to `(R, V)`."""
    villages = seats.shape[1] // 2
    return seats[:, :villages] + seats[:, villages:]


@cache
def _stands_by(payer: str, payee: str) -> str:
    """What the amounts between two accounts stand by."""
    if "venture" not in (payer, payee):
        return VILLAGE
    return SEAT if payer.startswith("village.") or payee.startswith("village.") else VENTURE


def _full(account: str) -> str:
    return "village.cash" if account == "village" else account
