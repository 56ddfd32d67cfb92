"""Enterprises that come to villages: EQ-30."""

from __future__ import annotations

import math

from oracle.agents import Enterprise, Village
from oracle.modes import ModeValues
from oracle.production import activity, base, common_price

PARTNERSHIP = "village_enterprise"


def partnership(model) -> tuple[int, ModeValues]:
    """Number and values of the partnership mode."""
    return next((m, mode) for m, mode in enumerate(model.modes) if mode.key == PARTNERSHIP)


def arrival_chance(model, village: Village, district_access: float) -> float:
    """Chance that an enterprise comes to a promoted village this year, by its share of the district's access."""
    weight = village.market_access / district_access
    rate = model.p.enterprise_rate * len(model.villages) / model.district.facts["enterprise_rate_villages"]
    return 1 - math.exp(-rate * village.policy.promotion * weight)


def landing_chance(model, village: Village) -> float:
    """Chance that one of a village's prepared projects lands this year."""
    each = min(model.p.landing_chance * village.policy.promotion, 1.0)
    return 1 - (1 - each) ** village.pipeline


def settle_at(model, site: Enterprise, prepared: bool) -> None:
    """An enterprise comes to a site."""
    site.alive, site.capital, site.from_pipeline = 1.0, model.p.enterprise_capital, float(prepared)
    model.ledger.pay("enterprises", "contractors", site.capital, "enterprise_investment")


def arrive(model) -> None:
    """Opening: a prepared project lands, an enterprise comes, as far as there are free sites."""
    district_access = sum(village.market_access for village in model.villages)
    for village in model.villages:
        free = [site for site in village.sites if not site.alive]
        lands = model.draws["pipeline_lands"][village.number] < landing_chance(model, village)
        comes = model.draws["enterprise_arrives"][village.number] < arrival_chance(model, village, district_access)
        if lands and free:
            village.pipeline -= 1
            settle_at(model, free.pop(0), prepared=True)
        if comes and free:
            settle_at(model, free.pop(0), prepared=False)


def yearly_base(model, village: Village, site: Enterprise) -> float:
    """EQ-01 for an enterprise: the partnership mode in the village's place under its own manager, 万元 a year."""
    if not site.alive:
        return 0.0
    m, mode = partnership(model)
    other_manager = math.exp(mode.manager_exponent * (model.p.enterprise_manager - village.secretary.manager_quality))
    return base(mode, model.p.yield_level, site.capital, village.advantage[m] * other_manager)


def labour_revenue_of_sites(model, village: Village) -> float:
    """Labour-weighted revenue of a village's enterprises at price 1: they bring work."""
    mode = partnership(model)[1]
    return mode.labour_exponent * sum(yearly_base(model, village, site) for site in village.sites)


def trade(model) -> None:
    """Every quarter: enterprises do business and pay their village a part of a profit."""
    m, mode = partnership(model)
    for village in model.villages:
        for site in village.sites:
            if not site.alive:
                continue
            quarter_base = yearly_base(model, village, site) / 4 * activity(model)
            revenue = quarter_base * common_price(model, village, mode) * village.idiosyncratic_price[m]
            cost = (1 - mode.margin) * quarter_base
            model.ledger.pay("market", "enterprises", revenue, "enterprise_operations")
            model.ledger.pay("enterprises", "suppliers", cost, "enterprise_cost")
            fee = model.p.fee_share * max(revenue - cost, 0.0)
            model.ledger.pay("enterprises", village, fee, "enterprise_fee")


def leave(model) -> None:
    """Closing: some enterprises leave, more of them where promotion has ended."""
    for site in model.enterprises:
        hazard = model.p.enterprise_exit
        if site.village.policy.promotion == 0:
            hazard += model.p.exit_after_promotion
        if model.draws["enterprise_leaves"][site.number] < 1 - math.exp(-hazard):
            site.alive = site.capital = site.from_pipeline = 0.0
