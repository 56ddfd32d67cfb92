"""Projects: delay, wear, failure, choice, credit (EQ-05 to EQ-08, EQ-12 fading)."""

from __future__ import annotations

import math

from oracle.agents import Village
from oracle.arithmetic import clip, gumbel, money
from oracle.finance import interest_rate
from oracle.modes import ModeValues
from oracle.production import base, leakage, premium

LONGEST_DELAY = 7
"""Quarters; a project placed in one year works by the end of the next."""


def approval_delay(model, village: Village) -> int:
    """Quarters by which supervision delays a project and coordination brings it forward."""
    late, early = model.p.approval_delay * village.policy.supervision, model.p.coordination_speed
    return math.floor(late - early * village.policy.coordination + 0.5)


def hazard(model, village: Village, mode: ModeValues, capital: float) -> float:
    """EQ-05: failures a year."""
    p = model.p
    rate = mode.failure_hazard * math.exp(-p.eta_manager_hazard * (village.secretary.manager_quality - 0.5))
    rate *= (1 + p.dep_hazard * village.dependency) * (1 - p.risk_control_effect * village.policy.risk_control)
    return rate * (1 + p.small_scale_hazard) if capital < mode.minimum_scale else rate


def chance_in_a_quarter(rate: float) -> float:
    """Chance that something of this hazard a year happens in a quarter."""
    return 1 - math.exp(-rate / 4)


def stock(village: Village) -> list[float]:
    """Capital and what is under construction, by mode."""
    return [
        now + this + last
        for now, this, last in zip(village.capital, village.pending_this_year, village.pending_last_year, strict=True)
    ]


def open_year(model) -> None:
    """Opening: what was placed last year stands one year further on."""
    for village in model.villages:
        village.failures = village.capital_lost = 0.0
        for m in range(len(model.modes)):
            village.pending_last_year[m] += village.pending_this_year[m]
            village.pending_this_year[m] = 0.0


def mature(model) -> None:
    """Every quarter: projects whose delay is over begin to produce."""
    for village in model.villages:
        wait = approval_delay(model, village)
        for m, mode in enumerate(model.modes):
            delay = min(mode.delay_quarters + wait, LONGEST_DELAY)
            if model.quarter >= delay:
                village.capital[m] += village.pending_this_year[m]
                village.pending_this_year[m] = 0.0
            if model.quarter + 4 >= delay:
                village.capital[m] += village.pending_last_year[m]
                village.pending_last_year[m] = 0.0


def depreciate(model) -> None:
    """Every quarter: capital wears out (EQ-06); without a sponsor aided capital fades (EQ-12)."""
    for village in model.villages:
        for m, mode in enumerate(model.modes):
            village.capital[m] *= 1 - mode.depreciation / 4
        fade_aid(model, village)


def fade_aid(model, village: Village) -> None:
    """EQ-12: capital that sponsors brought fades while there is none; the memory of it never exceeds the stock."""
    remembered = min(village.aided_capital, sum(stock(village)))
    total, lost = sum(village.capital), 0.0
    if not village.paired and total > 0:
        rate = model.p.aid_fade / 4 * clip(1.2 - village.secretary.manager_quality, 0.0, 1.0)
        lost = min(rate * village.aided_capital, total)
        for m in range(len(model.modes)):
            village.capital[m] *= 1 - lost / total
    village.aided_capital = remembered - lost


def fail(model) -> None:
    """Every quarter: projects fail (EQ-05); a part of the debt defaults (EQ-07)."""
    p, draws, borne = model.p, model.draws["failure"], []
    for village in model.villages:
        total, lost, failed = sum(village.capital), 0.0, 0
        for m, mode in enumerate(model.modes):
            chance = chance_in_a_quarter(hazard(model, village, mode, village.capital[m]))
            if village.capital[m] > 0 and draws[village.number][m] < chance:
                loss = mode.loss_given_failure * village.capital[m]
                village.capital[m] -= loss
                lost += loss
                failed += 1
        if failed:
            borne.append(default(model, village, p.default_share * village.debt * lost / total))
            village.aided_capital -= village.aided_capital * lost / total
            village.failures += failed
            village.capital_lost += lost
            village.trust = max(0.0, village.trust - p.trust_lost_by_failure)
    part = model.covered("district", "guarantee_paid", sum(borne))
    model.ledger.pay("district", "banks", part * sum(borne), "guarantee_paid")


def default(model, village: Village, amount: float) -> float:
    """EQ-07: so much of the debt is not paid back; of 1 yuan lent on collateral and fund each bears its part.

    Returns what the fund is to bear.
    """
    village.debt -= amount
    fund = village.policy.guarantee
    return amount * fund / (model.p.collateral_multiplier + fund) if fund > 0 else 0.0


def profit_at_price_1(model, village: Village, m: int, capital: float) -> float:
    """Profit a year of a mode, with what an alliance adds and takes."""
    mode = model.modes[m]
    revenue = base(mode, model.p.yield_level, capital, village.advantage[m])
    saving, quality = (village.bulk_saving, village.brand_cost) if mode.industry_mode else (0.0, 0.0)
    return revenue * premium(model, village, mode) - (1 - mode.margin) * revenue * (1 - saving) - quality * revenue


def marginal_return(model, village: Village, m: int, amount: float) -> float:
    """EQ-08: return a year on this amount put into mode m, by the finite difference."""
    held = stock(village)[m]
    gain = profit_at_price_1(model, village, m, held + amount) - profit_at_price_1(model, village, m, held)
    return (1 - model.p.leak_revenue * leakage(model, village)) * gain / amount


def expected_loss(mode: ModeValues) -> float:
    """Share of capital that failures take in a year, as the table of modes has it."""
    return mode.failure_hazard * mode.loss_given_failure


def utility(model, village: Village, m: int, amount: float) -> float:
    """EQ-08: what a village thinks of putting this amount into mode m."""
    return marginal_return(model, village, m, amount) - model.p.risk_aversion * expected_loss(model.modes[m])


def credit_headroom(model, village: Village) -> float:
    """EQ-07: how much a village may still borrow, 万元."""
    p = model.p
    collateral = sum(mode.collateral_share * k for mode, k in zip(model.modes, village.capital, strict=True))
    multiplier = p.collateral_multiplier + village.policy.guarantee
    limit = multiplier * (1 + p.collateral_reform * village.reformed) * collateral
    return max(0.0, limit - village.debt)


def spare_reserve(model, village: Village) -> float:
    """The reserve above one year of fixed cost and interest."""
    return money(village.reserve_fund - model.p.fixed_cost - interest_rate(model, village) * village.debt)


def after_losses(model, village: Village, earmarked: float) -> tuple[float, float, float]:
    """Of public project money: what becomes capital, what leaks, what lies idle."""
    leaked = model.p.leak_invest * leakage(model, village) * earmarked
    uncoordinated = 1 - model.p.coordination_effect * village.policy.coordination
    idle = (earmarked - leaked) * (1 - model.p.productive_share) * uncoordinated
    return earmarked - leaked - idle, leaked, idle


def feasible(model, village: Village, amount: float) -> list[int]:
    """Modes whose stock would reach the minimum scale with funds and credit."""
    reach = amount + credit_headroom(model, village)
    return [m for m, held in enumerate(stock(village)) if amount > 0 and held + reach >= model.modes[m].minimum_scale]


def choose(model, village: Village, amount: float) -> int | None:
    """EQ-08: the mode chosen for the whole sum; none where none is feasible."""
    noise = model.p.choice_noise * (1.2 - min(village.secretary.manager_quality, 1.15))
    noise *= 1 - model.p.plan_steadies_choice * village.policy.village_plan
    best, chosen = -math.inf, None
    for m in feasible(model, village, amount):
        value = utility(model, village, m, amount) / noise + gumbel(model.draws["project_choice"][village.number][m])
        if value > best:
            best, chosen = value, m
    return chosen


def invest(model) -> None:
    """Opening: every village places its money in one mode, and borrows for it."""
    for village in model.villages:
        place(model, village)


def place(model, village: Village) -> None:
    """One village's investment and credit."""
    p, pay = model.p, model.ledger.pay
    own, spare, earmarked = money(village.cash), spare_reserve(model, village), money(village.earmarked_cash)
    productive, leaked, idle = after_losses(model, village, earmarked)
    amount = own + spare + productive
    if amount <= 0:
        return
    m = choose(model, village, amount)
    if m is None:
        return
    headroom = credit_headroom(model, village)
    pay((village, "reserve_fund"), village, spare, "reserve_drawn")
    pay((village, "earmarked_cash"), "leaked", leaked, "leak_invest")
    pay((village, "earmarked_cash"), "idle", idle, "idle")
    pay((village, "earmarked_cash"), "contractors", productive, "investment")
    pay(village, "contractors", own + spare, "investment")
    if earmarked > 0:
        village.aided_capital += productive * village.earmarked_aid / earmarked
    village.earmarked_aid = 0.0
    village.pending_this_year[m] += amount
    mode = model.modes[m]
    if headroom > 0:
        worth = marginal_return(model, village, m, headroom) - mode.depreciation - expected_loss(mode)
        if worth > interest_rate(model, village) + p.borrow_wedge:
            pay("banks", village, headroom, "borrowing")
            pay(village, "contractors", headroom, "investment")
            village.debt += headroom
            village.pending_this_year[m] += headroom
