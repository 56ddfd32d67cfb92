"""Enterprises from outside: they arrive, bring their own capital, share profit with the village, and leave (EQ-30)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import power
from sim.modes import OWN_MODES
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import capital
from sim.processes.production import common_prices
from sim.state import Moment

SITES = 4
"""A village has room for so many enterprises; who finds none goes elsewhere."""
VILLAGES_OF_RATE = "enterprise_rate_villages"
"""Fact of the district: how many villages `enterprise_rate` is stated for."""
PARTNERSHIP = [mode.key for mode in OWN_MODES].index("village_enterprise")


class EnterpriseParameters(Parameters):
    """Parameters of enterprises that come to villages."""

    needs = {("enterprise_promotion",): ()}

    enterprise_rate = Parameter(
        6.0, 2.0, 12.0, "enterprises a year in 209 villages", ASSUMPTION, "招商企业到来数", "arrivals under promotion"
    )
    landing_chance = Parameter(
        0.15, 0.05, 0.3, "per year", ASSUMPTION, "储备项目落地率", "chance that a prepared project lands"
    )
    enterprise_capital = Parameter(
        30.0, 15.0, 60.0, "万元", ASSUMPTION, "企业投入", "capital that an enterprise brings"
    )
    enterprise_manager = Parameter(0.7, 0.5, 0.9, "M", ASSUMPTION, "企业管理水平", "manager quality of an enterprise")
    fee_share = Parameter(
        0.3, 0.15, 0.45, "share of profit", ASSUMPTION, "企业分成", "share of profit paid to the village"
    )
    enterprise_exit = Parameter(0.08, 0.04, 0.16, "per year", ASSUMPTION, "企业退出率", "hazard of leaving")
    exit_after_promotion = Parameter(
        0.1, 0.0, 0.3, "per year", "B54: sign only", "政策中断的退出", "hazard added once promotion has ended"
    )


def prepared_projects(now: Moment) -> np.ndarray:
    """Prepared projects of each village, `(V,)`: the same number for each town, dealt to its villages by code."""
    towns, number = now.towns, round(now.district.facts["pipeline_projects"])
    of_town = np.bincount(np.arange(number) % towns.count, minlength=towns.count)[towns.of]
    place = towns.order_among(np.ones((1, towns.of.size)))[0]
    members = towns.size[towns.of]
    return of_town // members + (place < of_town % members)


def sites(now: Moment, name: str) -> np.ndarray:
    """A column of the enterprises by village and site, `(R, V, 4)`; a view."""
    return getattr(now.state.enterprise, name).reshape(now.runs, -1, SITES)


def arrive(now: Moment) -> None:
    """Enterprises come to villages that are promoted, likelier where the market is near; prepared projects land."""
    village, p, promotion = now.state.village, now.parameters, now.policy.promotion
    if not np.any(promotion > 0):
        return
    weight = village.market_access / np.sum(village.market_access, axis=1, keepdims=True)
    rate = p.enterprise_rate * now.district.villages / now.district.facts[VILLAGES_OF_RATE]
    comes = capital.strikes(now.draws.enterprise_arrives, rate * promotion * weight)
    stays_away = power(1 - np.minimum(p.landing_chance * promotion, 1), village.pipeline)
    lands = now.draws.pipeline_lands < 1 - stays_away
    alive = sites(now, "alive") > 0
    free = np.cumsum(~alive, axis=2) * ~alive
    lands = lands & np.any(~alive, axis=2)
    village.pipeline = village.pipeline - lands
    new = (free > 0) & (free <= (comes * 1 + lands)[..., None])
    from_pipeline = new & (free == 1) & lands[..., None]
    sites(now, "alive")[new] = 1.0
    sites(now, "from_pipeline")[...] = np.where(new, from_pipeline, sites(now, "from_pipeline"))
    brought = np.where(new, p.enterprise_capital[..., None], sites(now, "capital"))
    sites(now, "capital")[...] = brought
    now.ledger.pay("enterprises", "contractors", np.sum(brought * new, axis=2), "enterprise_investment")


def yearly_base(now: Moment) -> np.ndarray:
    """Revenue a year at price 1 of a village's enterprises, 万元 `(R, V)` (EQ-01, partnership mode)."""
    p, quality = now.parameters, now.state.secretary.manager_quality
    value = {
        name: getattr(p, name)[..., PARTNERSHIP] for name in ("revenue_yield", "returns_to_scale", "manager_exponent")
    }
    manager = np.exp(value["manager_exponent"] * (p.enterprise_manager - quality))
    size = np.sum(_sizes(now, value["returns_to_scale"]), axis=2)
    advantage = now.state.village.advantage[..., PARTNERSHIP] * manager
    return capital.scale(now, value["revenue_yield"]) * size * advantage


def _sizes(now: Moment, exponent: np.ndarray) -> np.ndarray:
    """What the capital of each enterprise counts for by its returns to scale, `(R, V, 4)`; most sites are empty."""
    invested = now.state.enterprise.capital
    found = np.zeros(invested.shape)
    taken = np.flatnonzero(invested > 0)
    found.reshape(-1)[taken] = capital.size(invested.reshape(-1)[taken], exponent[taken // invested.shape[1], 0])
    return found.reshape(now.runs, -1, SITES)


def trade(now: Moment) -> None:
    """A quarter's business of the enterprises, and the fee that their village gets out of a profit."""
    if not np.any(now.state.enterprise.alive > 0):
        return
    p, ledger, village = now.parameters, now.ledger, now.state.village
    base = yearly_base(now) / 4
    revenue = base * common_prices(now)[1] * village.idiosyncratic_price[..., PARTNERSHIP]
    cost = (1 - p.margin[..., PARTNERSHIP]) * base
    ledger.pay("market", "enterprises", revenue, "enterprise_operations")
    ledger.pay("enterprises", "suppliers", cost, "enterprise_cost")
    ledger.pay("enterprises", "village", p.fee_share * np.maximum(revenue - cost, 0), "enterprise_fee")


def leave(now: Moment) -> None:
    """Some enterprises leave, more of them where promotion has ended; their capital goes with them."""
    if not np.any(now.state.enterprise.alive > 0):
        return
    p = now.parameters
    hazard = p.enterprise_exit + p.exit_after_promotion * (now.policy.promotion == 0)
    draw = now.draws.enterprise_leaves.reshape(now.runs, -1, SITES)
    gone = capital.strikes(draw, hazard[..., None])
    for name in ("alive", "capital", "from_pipeline"):
        sites(now, name)[gone] = 0.0
