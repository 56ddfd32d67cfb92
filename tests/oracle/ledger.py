"""Who pays whom, one payment at a time."""

from __future__ import annotations

from collections.abc import Mapping

from oracle.agents import Venture, Village
from sim.purposes import PURPOSES

VILLAGE_ACCOUNTS = ("cash", "earmarked_cash", "reserve_fund", "pot_commitment", "pot_earmarked")


class Ledger:
    """Balances of everyone outside; villages and ventures carry their own."""

    def __init__(self, outside: Mapping[str, float]) -> None:
        self.outside = dict(outside)
        self.budget = None

    def pay(self, payer, payee, amount: float, purpose: str) -> None:
        """Move an amount; payer and payee are a village (its cash), a venture, (village, account), or a name."""
        PURPOSES.check((purpose,))
        if self.budget:
            self.budget.take(payer, amount, purpose)
        self._move(payer, -amount)
        self._move(payee, amount)
        if _village(payer) is not _village(payee):
            if _village(payer):
                _village(payer).paid[purpose] += amount
            if _village(payee):
                _village(payee).received[purpose] += amount

    def _move(self, party, amount: float) -> None:
        if isinstance(party, str):
            self.outside[party] += amount
        elif isinstance(party, tuple):
            agent, account = party
            setattr(agent, account, getattr(agent, account) + amount)
        else:
            party.cash += amount


def _village(party) -> Village | None:
    if isinstance(party, tuple):
        return party[0]
    return party if isinstance(party, Village) else None


__all__ = ["VILLAGE_ACCOUNTS", "Ledger", "Venture"]
