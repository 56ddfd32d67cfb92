"""Joining ventures: who puts how much into a pool or a company, and when one is founded (EQ-27b, EQ-28)."""

from __future__ import annotations

from dataclasses import dataclass

from oracle import projects, ventures
from oracle.agents import Venture, Village
from oracle.arithmetic import money
from oracle.managers import asked_of
from oracle.production import base
from sim.modes import VENTURE_KEYS

YEARS_TO_FILL_A_POT = 2
MIXES = {
    0: {"asset_leasing": 0.3, "enclave": 0.3, "service_income": 0.2, "entity_operation": 0.2},
    1: {"asset_leasing": 0.5, "enclave": 0.5},
    2: {"service_income": 0.5, "entity_operation": 0.5},
}
"""Lines of business of a company: mixed, assets, operations."""
POOL_MODES = ("enclave", "group_development")


@dataclass
class Funds:
    """What a village may still give this year: own cash, earmarked money; and what it asks of a stake."""

    cash: float
    earmarked: float
    productive: float
    asked: float


def funds_of(model, village: Village) -> Funds:
    """What a village could give, and the payout it asks for: its best own use and its autonomy."""
    productive = projects.after_losses(model, village, 1.0)[0]
    spare = projects.spare_reserve(model, village)
    cash, earmarked = money(village.cash), money(village.earmarked_cash)
    total = cash + spare + earmarked * productive
    own = worth = 0.0
    options = projects.feasible(model, village, total) if total > 0 else []
    if options:
        best = max(options, key=lambda m: projects.utility(model, village, m, total))
        own = projects.marginal_return(model, village, best, total)
        worth = projects.utility(model, village, best, total)
    return Funds(cash, earmarked, productive, worth + model.p.autonomy_premium * abs(own))


def wished_mix(venture: Venture) -> list[float]:
    """Modes of a venture: those of its founding, else what the levers want now."""
    if venture.active:
        return venture.mix
    if venture.is_company:
        line = MIXES[int(asked_of(venture, "company_business"))]
        return [line.get(key, 0.0) for key in VENTURE_KEYS]
    chosen = POOL_MODES[int(asked_of(venture, "pool_mode"))]
    return [float(key == chosen) for key in VENTURE_KEYS]


def wished_payout(venture: Venture) -> float:
    """Share of profit paid out: all by a pool, else that of the founding or what the levers want now."""
    if not venture.is_company:
        return 1.0
    return venture.payout_share if venture.active else asked_of(venture, "company_payout")


def least_scale(model, mix: list[float]) -> float:
    """Minimum scale of a mix, 万元."""
    return sum(mode.minimum_scale * part for mode, part in zip(model.venture_modes, mix, strict=True))


def expected_payout(model, venture: Venture, offered: float) -> float:
    """EQ-27b: payout a year per yuan of capital at price 1, if all that is offered came in."""
    mix, held = wished_mix(venture), ventures.stock(venture)
    scale = 0.0 if venture.is_company else least_scale(model, mix)
    more = max(offered, scale - sum(held), 0.0)
    capital = [old + more * part for old, part in zip(held, mix, strict=True)]
    if sum(capital) <= 0:
        return 0.0
    if venture.active:
        number = sum(ventures.stake_of(venture, village) > 0 for village in venture.members)
    else:
        number = sum(village.policy.pool_contribution > 0 for village in venture.members)
    agreeing = ventures.coordination(model, venture, number)
    profit = -ventures.own_pay(venture)
    for m, mode in enumerate(model.venture_modes):
        revenue = base(mode, model.p.yield_level, capital[m], venture.advantage[m])
        profit += (mode.margin - agreeing) * revenue
    return profit * (1 - ventures.agency(model, venture)) * wished_payout(venture) / sum(capital)


def found(venture: Venture) -> None:
    """A venture begins, or goes on as it was founded."""
    if not venture.active:
        venture.mix = wished_mix(venture)
        venture.payout_share = wished_payout(venture)
        venture.sharing = 0 if venture.is_company else int(asked_of(venture, "pool_sharing"))
        venture.wound_up = 0.0
    venture.active = venture.founded = 1.0


def take_in_public(model, venture: Venture, village: Village, account: str, amount: float) -> float:
    """Public project money becomes stakes, less what leaks and lies idle; returns what arrived."""
    arrived, leaked, idle = projects.after_losses(model, village, amount)
    model.ledger.pay((village, account), "leaked", leaked, "leak_invest")
    model.ledger.pay((village, account), "idle", idle, "idle")
    model.ledger.pay((village, account), venture, arrived, "stakes")
    return arrived


def contribute(model) -> None:
    """Opening: pots go back or fill; companies take in stakes, then pools."""
    returned = {venture.number for venture in model.ventures if not venture.is_company and return_pot(model, venture)}
    funds = [funds_of(model, village) for village in model.villages]
    new = [venture for venture in model.ventures if venture.is_company and not venture.founded]
    wished = sum(village.policy.company_startup for venture in new for village in venture.members)
    part = model.covered("district", "company_startup", wished)
    for venture in model.ventures:
        if venture.is_company:
            join_company(model, venture, funds, part)
    for venture in model.ventures:
        if not venture.is_company:
            join_pool(model, venture, funds, venture.number in returned)


def return_pot(model, venture: Venture) -> bool:
    """A pot that has waited two years, or whose lever has ended, goes back."""
    if venture.years_collecting < YEARS_TO_FILL_A_POT and asked_of(venture, "pool_contribution") > 0:
        return False
    for village in venture.members:
        model.ledger.pay((village, "pot_commitment"), village, village.pot_commitment, "pot_returned")
        model.ledger.pay((village, "pot_earmarked"), (village, "earmarked_cash"), village.pot_earmarked, "pot_returned")
    return True


def join_company(model, venture: Venture, funds: list[Funds], covered: float) -> None:
    """Entry and start-up money, as far as it is covered, in a company's first year, stakes in the years after."""
    members = [village for village in venture.members if village.policy.company > 0]
    begins, paid_in = not venture.founded, 0.0
    offered = {}
    for village in members:
        open_to_more = venture.active and venture.years_active < village.policy.company_stake_years
        offered[village.number] = village.policy.company_stake_share if open_to_more else 0.0
    hoped = expected_payout(model, venture, sum(part * worth_of(funds[number]) for number, part in offered.items()))
    for village in members:
        mine = funds[village.number]
        willing = hoped > mine.asked or village.policy.company_mandatory > 0
        part = offered[village.number] if willing else 0.0
        entry = min(village.policy.company_entry, mine.cash) if begins else 0.0
        startup = covered * village.policy.company_startup if begins else 0.0
        model.ledger.pay("district", (village, "earmarked_cash"), startup, "company_startup")
        cash, earmarked = entry + part * mine.cash, part * mine.earmarked
        model.ledger.pay(village, venture, cash, "stakes")
        bought = cash + take_in_public(model, venture, village, "earmarked_cash", startup + earmarked)
        village.earmarked_aid *= 1 - part
        ventures.add_stake(venture, village, bought)
        mine.cash -= cash
        mine.earmarked -= earmarked
        paid_in += bought
    if paid_in > 0:
        found(venture)
        ventures.build(model, venture, paid_in)


def worth_of(funds: Funds) -> float:
    """Capital that a village's cash and earmarked money would make."""
    return funds.cash + funds.earmarked * funds.productive


def join_pool(model, venture: Venture, funds: list[Funds], just_returned: bool) -> None:
    """The willing commit money; a pot that reaches the minimum scale founds the pool."""
    hoped = expected_payout(
        model, venture, sum(v.policy.pool_contribution * worth_of(funds[v.number]) for v in venture.members)
    )
    pot = 0.0
    for village in venture.members:
        mine = funds[village.number]
        part = village.policy.pool_contribution if hoped > mine.asked and not just_returned else 0.0
        model.ledger.pay(village, (village, "pot_commitment"), part * mine.cash, "pot")
        model.ledger.pay((village, "earmarked_cash"), (village, "pot_earmarked"), part * mine.earmarked, "pot")
        village.earmarked_aid *= 1 - part
        pot += village.pot_commitment + village.pot_earmarked * mine.productive
    if pot > 0 and (venture.active or pot >= least_scale(model, wished_mix(venture))):
        place_pot(model, venture)
        venture.years_collecting = 0.0
    elif pot > 0:
        venture.years_collecting = 1.0 if just_returned else venture.years_collecting + 1
    else:
        venture.years_collecting = 0.0


def place_pot(model, venture: Venture) -> None:
    """Committed money becomes stakes and projects."""
    found(venture)
    paid_in = 0.0
    for village in venture.members:
        bought = village.pot_commitment
        model.ledger.pay((village, "pot_commitment"), venture, bought, "stakes")
        bought += take_in_public(model, venture, village, "pot_earmarked", village.pot_earmarked)
        ventures.add_stake(venture, village, bought)
        paid_in += bought
    ventures.build(model, venture, paid_in)
