"""What the audit reads: the state before and after a phase, and the money that moved between (known answers D-A1)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from sim.ledger import OUTSIDE
from sim.purposes import PURPOSES
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


def flow(moved: dict, purpose: str, payer: str = "", payee: str = "") -> Any:
    """Sum of the flows of one purpose, by village or venture."""
    PURPOSES.check((purpose,))
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


def in_shape(now: Moment, account: str, amount: np.ndarray, seats: bool) -> np.ndarray:
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


def activity(now: Moment) -> np.ndarray:
    """How much business the district does this year, `(R, 1)`: a Laplace law of the logarithm, with mean 1."""
    if now.structure["district_years"] == "off":
        return np.ones((now.runs, 1))
    sd = now.parameters.district_year_sd
    return np.exp(stats.laplace.ppf(now.draws.district_year, scale=sd / 2**0.5)) * (1 - sd**2 / 2)
