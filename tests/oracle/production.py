"""Production and prices: EQ-01, EQ-02, EQ-04, EQ-10."""

from __future__ import annotations

import math

from oracle.agents import Village
from oracle.modes import ModeValues
from sim.modes import REFERENCE_CAPITAL


def advantage(mode: ModeValues, endowment: float, access: float, manager: float, labour_ratio: float) -> float:
    """Endowment, access, manager and labour in one factor of EQ-01."""
    return (
        endowment**mode.endowment_exponent
        * access**mode.access_exponent
        * math.exp(mode.manager_exponent * (manager - 0.5))
        * labour_ratio**mode.labour_exponent
    )


def base(mode: ModeValues, yield_level: float, capital: float, factor: float) -> float:
    """EQ-01: revenue a year at price 1 and premium 1, 万元."""
    scale = (capital / REFERENCE_CAPITAL) ** mode.returns_to_scale
    return yield_level * mode.revenue_yield * REFERENCE_CAPITAL * scale * factor


def labour_ratio(village: Village) -> float:
    """Labour at home relative to the start; 1 where there was none."""
    if village.labour_start == 0:
        return 1.0
    return village.labour_share * village.registered_population / village.labour_start


def village_base(model, village: Village, m: int, capital: float) -> float:
    """EQ-01 for a village's mode number m with this much capital."""
    return base(model.modes[m], model.p.yield_level, capital, village.advantage[m])


def premium(model, village: Village, mode: ModeValues) -> float:
    """What the price of a mode is multiplied by besides market prices."""
    if mode.key == "photovoltaic":
        return model.p.pv_price_factor
    return 1 + best_brand(model, village) if mode.industry_mode else 1.0


def local_premium(model, village: Village) -> float:
    """What the brand of the town's main industry adds to the price."""
    return model.p.local_brand_premium * village.local_brand


def best_brand(model, village: Village) -> float:
    """Of the alliance's and the local brand the one that brings more."""
    return max(village.brand_premium, local_premium(model, village))


def expert_gain(model, village: Village, mode: ModeValues) -> float:
    """EQ-24: what experts make of the yield of the industry modes."""
    return 1 + model.p.expert_effect * village.policy.expert_service if mode.industry_mode else 1.0


def next_price(x: float, persistence: float, shock: float) -> float:
    """EQ-04: a price series a quarter on, in standard deviations."""
    rho = persistence**0.25
    return rho * x + math.sqrt(1 - rho * rho) * shock


def price(x: float, sigma: float) -> float:
    """EQ-04: the price of a series that stands at x standard deviations; its mean is 1."""
    return math.exp(sigma * x - sigma * sigma / 2)


def common_price(model, village: Village, mode: ModeValues) -> float:
    """The common price that a mode meets in a village."""
    if mode.industry_mode:
        return price(village.common_price, model.p.sigma_common)
    return price(village.other_price, model.p.other_exposure * model.p.sigma_common)


def leakage(model, village: Village) -> float:
    """EQ-10: what audits, disclosure and reform leave of both leaks."""
    p = model.p
    return (
        math.exp(-p.leakage_supervision * village.policy.supervision)
        * math.exp(-p.leakage_disclosure * village.policy.disclosure)
        * (1 - p.leakage_reform * village.reformed)
    )


def face_the_year(model) -> None:
    """Opening: the year's place, people and village prices."""
    shocks = model.draws["price_idiosyncratic"]
    for village in model.villages:
        labour = labour_ratio(village)
        village.local_brand += model.p.kappa_local_brand * (village.policy.local_brand - village.local_brand)
        for m, mode in enumerate(model.modes):
            village.advantage[m] = advantage(
                mode, village.resource_endowment, village.market_access, village.secretary.manager_quality, labour
            ) * expert_gain(model, village, mode)
            village.idiosyncratic_price[m] = price(shocks[village.number][m], model.p.sigma_idio)

    for village in model.villages:
        village.service_glut = service_glut(model, village.town)
    m = [mode.key for mode in model.modes].index("service_income")
    for village in model.villages:
        village.advantage[m] *= 1 - village.service_glut


def service_glut(model, town: int) -> float:
    """Part of the services offered in a town that its people at home do not buy."""
    here = [village for village in model.villages if village.town == town]
    m = [mode.key for mode in model.modes].index("service_income")
    offered = 0.0
    for village in here:
        held = village.capital[m] + village.pending_this_year[m] + village.pending_last_year[m]
        offered += village_base(model, village, m, held)
    at_home = sum(village.registered_population * village.home_share for village in here)
    return max(0.0, 1 - model.p.service_demand * at_home / 10_000 / offered) if offered > 0 else 0.0


def move_prices(model) -> None:
    """Every quarter: common prices move."""
    shocks = model.draws["price_common"]
    for village in model.villages:
        village.common_price = next_price(village.common_price, model.p.price_persistence, shocks[village.industry])
        village.other_price = next_price(village.other_price, model.p.price_persistence, shocks[-1])


def activity(model) -> float:
    """How much business the whole district does this year, on average 1."""
    if model.structure["district_years"] == "off":
        return 1.0
    spread, u = model.p.district_year_sd / math.sqrt(2), model.draws["district_year"][0]
    draw = -math.log(2 - 2 * u) if u > 0.5 else math.log(2 * u)
    return (1 - spread**2) * math.exp(spread * draw)


def earn(model) -> None:
    """Every quarter: villages sell, pay for production, and sell to sponsors."""
    for village in model.villages:
        village.branded_revenue = village.branded_cost = 0.0
        revenue = cost = 0.0
        for m, mode in enumerate(model.modes):
            quarter_base = village_base(model, village, m, village.capital[m]) / 4 * activity(model)
            market = quarter_base * common_price(model, village, mode) * village.idiosyncratic_price[m]
            revenue += market * premium(model, village, mode)
            cost += (1 - mode.margin) * quarter_base
            if mode.industry_mode:
                village.branded_revenue += market
                village.branded_cost += (1 - mode.margin) * quarter_base
        purchases = village.policy.purchases / 4
        purchase_cost = (1 - model.p.purchase_margin) * purchases
        model.ledger.pay("market", village, revenue, "operations")
        model.ledger.pay(village, "suppliers", cost, "operating_cost")
        model.ledger.pay(village, "suppliers", purchase_cost, "purchase_cost")
        village.profit_this_quarter = revenue - cost + purchases - purchase_cost


def lose(model) -> None:
    """Every quarter: a part of a positive profit leaks."""
    for village in model.villages:
        leak = model.p.leak_revenue * leakage(model, village) * max(0.0, village.profit_this_quarter)
        model.ledger.pay(village, "leaked", leak, "leak_revenue")
