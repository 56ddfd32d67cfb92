"""Stakes: how villages put money into ventures, and when a venture is founded (EQ-27b, EQ-28)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import over_modes
from sim.modes import VENTURE_KEYS
from sim.parameters import Parameter, Parameters
from sim.processes import capital, projects, ventures
from sim.state import Moment

YEARS_TO_COLLECT = 2
POOL, COMPANY = 0, 1
COMPANY_MIXES = np.array(
    [
        [0.3, 0.0, 0.3, 0.2, 0.2],  # mixed
        [0.5, 0.0, 0.5, 0.0, 0.0],  # assets
        [0.0, 0.0, 0.0, 0.5, 0.5],  # operations
    ]
)
"""Shares of a company's money in `VENTURE_KEYS` by its line of business; the first is that of EQ-28."""


class StakeParameters(Parameters):
    """Parameters of joining a venture."""

    needs = {("joint_building", "town_company"): ()}

    autonomy_premium = Parameter(
        0.1, 0.0, 0.3, "share of own return", "B10; size assumed", "自主偏好", "autonomy premium"
    )


def contribute(now: Moment) -> None:
    """Villages put money into their town's company and their cluster's pool, the company first."""
    returned = _return_pots(now)
    if not np.any(now.policy.company > 0) and not np.any(now.policy.pool_contribution > 0):
        now.state.venture.years_collecting[:, : now.clusters.count] = 0  # nobody is asked for anything
        return
    funds = projects.investable(now)
    own, worth = projects.best_own_return(now, funds)
    asked = worth + now.parameters.autonomy_premium * np.abs(own)
    _join_company(now, funds, asked)
    _join_pool(now, funds, asked, returned)


def expected_payout(now: Moment, offered: np.ndarray) -> np.ndarray:
    """Payout a year per yuan of capital expected at price 1, if `offered` `(R, S)` 万元 came in, `(R, S)`.

    Computed for the capital at hand and offered, or for the minimum scale where that is larger.
    """
    venture, p = now.state.venture, now.parameters
    mix = mix_to_be(now)
    scale = np.where(now.is_company, 0.0, over_modes(p.venture_minimum_scale * mix))
    held = capital.stock(venture)
    more = np.maximum(offered, scale - over_modes(held))
    invested = held + np.maximum(more, 0)[..., None] * mix
    base = ventures.yearly_base(now, invested)
    agreeing = ventures.coordination(now, np.where(venture.active > 0, ventures.members(now), _may_join(now)))
    profit = over_modes(base * p.venture_margin) - agreeing * over_modes(base) - ventures.own_part_of_pay(now)
    kept = (1 - ventures.agency(now)) * _payout_share_to_be(now)
    total = over_modes(invested)
    return np.divide(profit * kept, total, out=np.zeros_like(total), where=total > 0)


def mix_to_be(now: Moment) -> np.ndarray:
    """Modes of each venture, `(R, S, 5)`: those of its founding, else what its members' levers say now."""
    venture = now.state.venture
    line = now.towns.maximum(now.policy.company_business).astype(np.int64)
    wish, pools = np.empty_like(venture.mix), now.clusters.count
    wish[:, :pools] = now.clusters.maximum(now.policy.pool_mode)[..., None] == np.arange(len(VENTURE_KEYS))
    wish[:, pools:] = COMPANY_MIXES[line]
    return np.where(venture.active[..., None] > 0, venture.mix, wish)


def _payout_share_to_be(now: Moment) -> np.ndarray:
    company = now.towns.maximum(now.policy.company_payout)
    wish = np.concatenate([np.ones((now.runs, now.clusters.count)), company], axis=1)
    return np.where(now.is_company & (now.state.venture.active > 0), now.state.venture.payout_share, wish)


def _may_join(now: Moment) -> np.ndarray:
    """Villages that the levers let into each venture, `(R, S)`."""
    allowed = np.concatenate([now.policy.pool_contribution, now.policy.company], axis=1)
    return now.seats.sum((allowed > 0).astype(np.float64))


def _found(now: Moment, founded: np.ndarray) -> None:
    """Ventures `(R, S)` that begin now take their modes and rules."""
    venture = now.state.venture
    new = founded & (venture.active == 0)
    sharing = now.clusters.maximum(now.policy.pool_sharing)
    by_stake = np.full((now.runs, now.towns.count), ventures.BY_STAKE)
    venture.payout_share = np.where(new, _payout_share_to_be(now), venture.payout_share)
    venture.sharing = np.where(new, np.concatenate([sharing, by_stake], axis=1), venture.sharing)
    venture.mix = np.where(new[..., None], mix_to_be(now), venture.mix)
    venture.active = np.maximum(venture.active, founded)
    venture.founded = np.maximum(venture.founded, founded)
    venture.wound_up = venture.wound_up * ~new


def _take_in(now: Moment, account: str, amount: np.ndarray, funds: projects.Funds, place: int) -> np.ndarray:
    """Public project money `(R, V)` becomes stakes, less what leaks and lies idle; returns what arrived.

    Args:
        now: the moment.
        account: the villages' account it is paid from.
        amount: money as paid, 万元.
        funds: shares that are lost.
        place: `POOL` or `COMPANY`.
    """
    arrived = projects.after_losses(now, account, amount, funds)
    now.ledger.pay(account, "venture", at_seats(arrived, place), "stakes")
    return arrived


def at_seats(values: np.ndarray, place: int) -> np.ndarray:
    """Amounts `(R, V)` at the villages' seats in pools or in companies, nothing at the others, `(R, 2V)`."""
    nothing = np.zeros_like(values)
    return np.concatenate([values, nothing] if place == POOL else [nothing, values], axis=1)


def _payout_expected_if(now: Moment, offered: np.ndarray, place: int) -> np.ndarray:
    """Payout per yuan that each village may expect if all offers `(R, V)` of capital came in, `(R, V)`."""
    found = now.seats.spread(expected_payout(now, now.seats.sum(at_seats(offered, place))))
    villages = now.district.villages
    return found[:, :villages] if place == POOL else found[:, villages:]


def _join_company(now: Moment, funds: projects.Funds, asked: np.ndarray) -> None:
    """In its first year every member pays in and the public gives start-up money; later the willing, or all, add more.

    Start-up money is public project money, and is shared out to the members as stakes (折股量化到村).
    """
    village, venture, policy, ledger = now.state.village, now.state.venture, now.policy, now.ledger
    member, pools = policy.company > 0, now.clusters.count
    if not np.any(member):
        return

    def of_company(column: str) -> np.ndarray:
        return now.towns.spread(getattr(venture, column)[:, pools:])

    begins = member & (of_company("founded") == 0)
    open_to_more = member & (of_company("active") > 0) & (of_company("years_active") < policy.company_stake_years)
    share_asked = policy.company_stake_share * open_to_more
    worth_it = _payout_expected_if(now, share_asked * (funds.cash + funds.earmarked * funds.productive), COMPANY)
    gives = share_asked * ((worth_it > asked) | (policy.company_mandatory > 0))
    startup = ledger.covered("district", policy.company_startup * begins, "company_startup")
    entry = np.minimum(policy.company_entry, funds.cash) * begins
    ledger.pay("district", "village.earmarked_cash", startup, "company_startup")
    cash, earmarked = entry + gives * funds.cash, gives * funds.earmarked
    ledger.pay("village", "venture", at_seats(cash, COMPANY), "stakes")
    arrived = _take_in(now, "village.earmarked_cash", startup + earmarked, funds, COMPANY)
    village.earmarked_aid = village.earmarked_aid * (1 - gives)
    village.company_stake = village.company_stake + cash + arrived
    paid_in = now.seats.sum(at_seats(cash + arrived, COMPANY))
    _found(now, now.is_company & (paid_in > 0))
    ventures.build(now, paid_in)
    funds.cash, funds.earmarked = funds.cash - cash, funds.earmarked - earmarked


def _return_pots(now: Moment) -> np.ndarray:
    """Pots that did not fill in two years, or whose lever has ended, go back; returns whose, `(R, V)` of bool."""
    village, ledger = now.state.village, now.ledger
    collecting = now.state.venture.years_collecting[:, : now.clusters.count]
    stale = (collecting >= YEARS_TO_COLLECT) | (now.clusters.maximum(now.policy.pool_contribution) == 0)
    returned = now.clusters.spread(stale)
    if np.any(returned & (village.pot_commitment + village.pot_earmarked > 0)):
        pot, earmarked = village.pot_commitment * returned, village.pot_earmarked * returned
        ledger.pay("village.pot_commitment", "village", pot, "pot_returned")
        ledger.pay("village.pot_earmarked", "village.earmarked_cash", earmarked, "pot_returned")
    return returned


def _join_pool(now: Moment, funds: projects.Funds, asked: np.ndarray, returned: np.ndarray) -> None:
    """Members for whom the pool beats going alone commit funds, and a full pot founds it.

    Who has just got a pot back commits nothing in the same year.
    """
    village, venture, ledger, pools = now.state.village, now.state.venture, now.ledger, now.clusters.count
    wish = now.policy.pool_contribution
    if not np.any(wish > 0):
        venture.years_collecting[:, :pools] = 0
        return
    payout = _payout_expected_if(now, wish * (funds.cash + funds.earmarked * funds.productive), POOL)
    willing = (payout > asked) * wish * ~returned
    ledger.pay("village", "village.pot_commitment", willing * funds.cash, "pot")
    ledger.pay("village.earmarked_cash", "village.pot_earmarked", willing * funds.earmarked, "pot")
    village.earmarked_aid = village.earmarked_aid * (1 - willing)
    pot = now.clusters.sum(village.pot_commitment + village.pot_earmarked * funds.productive)
    enough = pot >= over_modes(now.parameters.venture_minimum_scale * mix_to_be(now))[:, :pools]
    founded = ((venture.active[:, :pools] > 0) | enough) & (pot > 0)
    waited = venture.years_collecting[:, :pools] * (now.clusters.minimum(returned * 1.0) == 0)
    venture.years_collecting[:, :pools] = np.where((pot > 0) & ~founded, waited + 1, 0)
    _place_pots(now, founded, funds)


def _place_pots(now: Moment, founded: np.ndarray, funds: projects.Funds) -> None:
    """Turn the committed money of founded pools `(R, C)` into stakes and projects."""
    village = now.state.village
    chosen = now.clusters.spread(founded)
    own = village.pot_commitment * chosen
    now.ledger.pay("village.pot_commitment", "venture", at_seats(own, POOL), "stakes")
    bought = own + _take_in(now, "village.pot_earmarked", village.pot_earmarked * chosen, funds, POOL)
    village.stake = village.stake + bought
    _found(now, np.concatenate([founded, np.zeros((now.runs, now.towns.count), dtype=bool)], axis=1))
    ventures.build(now, now.seats.sum(at_seats(bought, POOL)))
