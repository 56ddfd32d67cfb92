"""The ledger holds the balances: every flow has one payer, one payee and one purpose."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import Groups

OUTSIDE = (
    "central",
    "district",
    "sponsors",
    "residents",
    "secretaries",
    "banks",
    "market",
    "suppliers",
    "contractors",
    "idle",
    "leaked",
    "outside",
)
"""Accounts of everyone who is not simulated: governments, sponsors, residents, banks, buyers, suppliers, builders, idle
project money, leaked money, and changes that a user makes by hand."""

VILLAGE_ACCOUNTS = ("cash", "earmarked_cash", "reserve_fund", "pot_commitment", "pot_earmarked")
PUBLIC_PAYERS = ("central", "district", "sponsors")


class Ledger:
    """Balances of villages `(R, V)`, ventures `(R, C)` and outside accounts `(R,)`, and the year's flows.

    Accounts are named `village` (its cash), `village.earmarked_cash`, …, `venture` and the names in `OUTSIDE`.
    """

    def __init__(self, runs: int, clusters: Groups, villages: int) -> None:
        self._clusters = clusters
        self.balances: dict[str, np.ndarray] = {
            f"village.{name}": np.zeros((runs, villages)) for name in VILLAGE_ACCOUNTS
        }
        self.balances["venture"] = np.zeros((runs, clusters.count))
        self.balances.update({name: np.zeros((runs, 1)) for name in OUTSIDE})
        self.flows: dict[tuple[str, str, str], np.ndarray] = {}
        self.turnover = np.zeros(runs)
        self._earlier: dict[tuple[str, str, str], np.ndarray] = {}

    def pay(self, payer: str, payee: str, amount: np.ndarray, purpose: str) -> None:
        """Move `amount` ≥ 0 (万元) from payer to payee: `(R, V)`, or `(R, C)` between ventures and outside."""
        payer, payee = _full(payer), _full(payee)
        by_village = _by_village(payer, payee)
        self.balances[payer] -= self._for(payer, amount, by_village)
        self.balances[payee] += self._for(payee, amount, by_village)
        key = (payer, payee, purpose)
        if key in self.flows:
            self.flows[key] += amount
        else:
            self.flows[key] = np.array(amount, dtype=np.float64)
        self.turnover += np.sum(amount, axis=1)

    def adjust(self, account: str, row: int, value: float) -> None:
        """Set one balance by hand (a rule of the user's own), against the account `outside`."""
        difference = np.zeros_like(self.balances[account])
        difference[:, row] = value - self.balances[account][:, row]
        self.pay("outside", account, np.maximum(difference, 0), "own_rule")
        self.pay(account, "outside", np.maximum(-difference, 0), "own_rule")

    def paid(self, purposes: tuple[str, ...], payers: tuple[str, ...] = (), payees: tuple[str, ...] = ()) -> np.ndarray:
        """This year's flows for the purposes, by village `(R, V)`; empty payers or payees mean all."""
        total = np.zeros_like(self.balances["village.cash"])
        for (payer, payee, purpose), amount in self.flows.items():
            right = purpose in purposes and (not payers or payer in payers) and (not payees or payee in payees)
            if right and _by_village(payer, payee):
                total += amount
        return total

    def paid_by(self, payers: tuple[str, ...], purposes: tuple[str, ...]) -> np.ndarray:
        """This year's flows from the payers for the purposes, whole district, `(R,)`."""
        total = np.zeros(len(self.turnover))
        for (payer, _, purpose), amount in self.flows.items():
            if payer in payers and purpose in purposes:
                total += np.sum(amount, axis=1)
        return total

    def ever_paid(self, purposes: tuple[str, ...]) -> np.ndarray:
        """Flows for the purposes from the start until now, whole district, `(R,)`."""
        total = np.zeros(len(self.turnover))
        for key, amount in self.flows.items():
            if key[2] in purposes:
                total += np.sum(amount, axis=1) + self._earlier.get(key, 0.0)
        return total

    def open_year(self) -> None:
        """Add last year's flows to those of all years, and forget them; balances stay."""
        for key, amount in self.flows.items():
            self._earlier[key] = self._earlier.get(key, 0.0) + np.sum(amount, axis=1)
            amount[...] = 0.0

    def total(self) -> np.ndarray:
        """Sum of all balances `(R,)`: constant, because every flow has a payer and a payee."""
        return sum((np.sum(balance, axis=1) for balance in self.balances.values()), start=np.zeros(len(self.turnover)))

    def _for(self, account: str, amount: np.ndarray, by_village: bool) -> np.ndarray:
        """The amount in the shape of the account."""
        if account in OUTSIDE:
            return np.sum(amount, axis=1, keepdims=True)
        return self._clusters.sum(amount) if account == "venture" and by_village else amount


def _by_village(payer: str, payee: str) -> bool:
    """Whether amounts between two accounts stand by village; those of ventures with the outside stand by venture."""
    return "venture" not in (payer, payee) or payer.startswith("village.") or payee.startswith("village.")


def _full(account: str) -> str:
    return "village.cash" if account == "village" else account
