"""Credit: what banks lend against, what a loan costs a village, who bears a default (EQ-02, EQ-07)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import over_modes, share
from sim.state import Moment


def interest_rate(now: Moment) -> np.ndarray:
    """What a village pays a year for a yuan of debt, `(R, V)`: the interest less its subsidy."""
    return now.parameters.interest_rate * (1 - now.policy.interest_subsidy)


def pay_interest(now: Moment) -> None:
    """A quarter's interest: the subsidy pays its part as far as there is money, the village the rest (EQ-02)."""
    interest = now.parameters.interest_rate / 4 * now.state.village.debt
    subsidy = now.ledger.covered("district", now.policy.interest_subsidy * interest, "interest_subsidy")
    now.ledger.pay("district", "banks", subsidy, "interest_subsidy")
    now.ledger.pay("village", "banks", interest - subsidy, "interest")


def headroom(now: Moment) -> np.ndarray:
    """What banks would still lend against capital, `(R, V)` 万元 (EQ-07); own cash is already placed by then."""
    village, p = now.state.village, now.parameters
    multiplier = p.collateral_multiplier + now.policy.guarantee
    accepted = multiplier * (1 + p.collateral_reform * village.reformed)
    limit = accepted * over_modes(p.collateral_share * village.capital)
    return np.maximum(limit - village.debt, 0)


def default(now: Moment, part: np.ndarray) -> None:
    """A part of the debt `(R, V)` is not paid back; the guarantee fund bears its share of it, the bank the rest."""
    village, guarantee = now.state.village, now.policy.guarantee
    borne = share(guarantee, now.parameters.collateral_multiplier + guarantee)
    now.ledger.pay("district", "banks", borne * part * village.debt, "guarantee_paid")
    village.debt = village.debt * (1 - part)
