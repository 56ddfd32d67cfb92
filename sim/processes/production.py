"""Production and prices: capital, place and people into revenue (EQ-01, EQ-02, EQ-04)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import by_mode, over_modes, pick, power, share
from sim.modes import EXPOSED, PHOTOVOLTAIC, SERVICES
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import capital
from sim.processes.finance import YUAN
from sim.state import Moment


class ProductionParameters(Parameters):
    """Parameters of production, prices and leakage from revenue."""

    needs = {
        ("paired_assistance",): ("purchase_margin",),
        ("asset_supervision",): ("leakage_supervision", "leakage_disclosure"),
        ("expert_corps",): ("expert_effect",),
        ("industry_plan",): ("local_brand_premium", "kappa_local_brand"),
        ("property_rights_reform",): ("leakage_reform",),
    }

    yield_level = Parameter(
        1.0, 0.85, 1.15, "ratio", ASSUMPTION, "各模式产出率总体水平", "common level of all revenue yields"
    )
    price_persistence = Parameter(0.5, 0.2, 0.8, "per year", ASSUMPTION, "价格持续性", "persistence of prices")
    sigma_common = Parameter(0.10, 0.05, 0.2, "log points", ASSUMPTION, "共同价格波动", "volatility of common prices")
    other_exposure = Parameter(
        0.3, 0.1, 0.5, "ratio", ASSUMPTION, "其他模式价格暴露", "price exposure of the other modes"
    )
    sigma_idio = Parameter(0.12, 0.05, 0.3, "log points", ASSUMPTION, "个体价格波动", "volatility of village prices")
    pv_price_factor = Parameter(
        1.0, 0.4, 1.0, "ratio", "B70: 0.41 to 1.13 yuan/kWh", "光伏电价系数", "price factor of photovoltaics"
    )
    service_demand = Parameter(20.0, 5.0, 60.0, "yuan per head", ASSUMPTION, "本地服务需求",
                               "what people at home spend on their villages' services a year")  # fmt: skip
    purchase_margin = Parameter(
        0.3, 0.15, 0.45, "share", ASSUMPTION, "消费帮扶毛利率", "margin on purchases by sponsors"
    )
    leak_revenue = Parameter(0.05, 0.01, 0.10, "share of profit", ASSUMPTION, "收益流失率", "leakage from profit")
    leakage_supervision = Parameter(0.34, 0.1, 0.7, "log per unit", "B34: full audit cuts 29 %", "监管对流失的抑制",
                                    "restraint of leakage by supervision")  # fmt: skip
    leakage_disclosure = Parameter(0.02, 0.0, 0.08, "log per unit", "B34: about 0; 0.5 of 26 points, at most 2",
                                   "公开对流失的抑制", "restraint of leakage by disclosure")  # fmt: skip
    expert_effect = Parameter(0.04, 0.0, 0.13, "share", "B80: 2.7 %; field schools: at most 13 %", "专家服务增产",
                              "yield added by full service of experts")  # fmt: skip
    local_brand_premium = Parameter(
        0.02, 0.0, 0.05, "share of revenue", ASSUMPTION, "本地品牌溢价", "premium of a full local brand"
    )
    kappa_local_brand = Parameter(
        0.2, 0.1, 0.4, "per year", ASSUMPTION, "本地品牌形成速度", "speed of building a local brand"
    )
    leakage_reform = Parameter(
        0.3, 0.1, 0.5, "share", ASSUMPTION, "产权改革对流失的抑制", "leakage prevented by property-rights reform"
    )


def face_the_year(now: Moment) -> None:
    """Fix what stays the same all year: place, people and experts in one factor, the brand, the own price shock."""
    village, p = now.state.village, now.parameters
    village.advantage = advantage(now) * expert_gain(now)
    village.service_glut = service_glut(now)
    village.local_brand = village.local_brand + p.kappa_local_brand * (now.policy.local_brand - village.local_brand)
    sigma = p.sigma_idio
    village.idiosyncratic_price = np.exp(
        sigma[..., None] * now.draws.price_idiosyncratic - (sigma * sigma / 2)[..., None]
    )


def advantage(now: Moment) -> np.ndarray:
    """What a village makes of its place and people in each mode, `(R, V, 8)` (EQ-01)."""
    village, quality = now.state.village, now.state.secretary.manager_quality
    place = village.resource_endowment, village.market_access
    return capital.advantage(now, capital.OF_VILLAGES, *place, quality, labour_ratio(now))


def expert_gain(now: Moment) -> np.ndarray:
    """Factor on the yield of each mode from experts' service, `(R, V, 8)`; they know the industry modes (EQ-24)."""
    return 1 + by_mode(np.multiply, now.parameters.expert_effect * now.policy.expert_service, EXPOSED)


def labour_ratio(now: Moment) -> np.ndarray:
    """Labour at home relative to the start, `(R, V)`; 1 where there was none."""
    village = now.state.village
    labour = village.labour_share * village.registered_population
    start = village.labour_start
    return np.divide(labour, start, out=np.ones_like(labour), where=start > 0)


def service_glut(now: Moment) -> np.ndarray:
    """Part of the services offered in a village's town, also by what is being built, that nobody buys, `(R, V)`."""
    village = now.state.village
    offered = now.towns.sum(over_modes(yearly_base(now, capital.stock(village)) * SERVICES))
    at_home = now.towns.sum(village.registered_population * village.home_share)
    bought = np.minimum(now.parameters.service_demand * at_home / YUAN, offered)
    return now.towns.spread(share(offered - bought, offered))


def yearly_base(now: Moment, invested: np.ndarray) -> np.ndarray:
    """Revenue a year at price 1 from capital `(R, V, 8)`, 万元 (EQ-01)."""
    return reference_base(now) * capital.size(invested, now.parameters.returns_to_scale)


def reference_base(now: Moment) -> np.ndarray:
    """Revenue a year at price 1 of a project of the reference size, 万元 `(R, V, 8)`."""
    return capital.scale(now, now.parameters.revenue_yield) * now.state.village.advantage


def profit_share(now: Moment) -> np.ndarray:
    """Profit expected per yuan of base revenue at common price 1, `(R, V, 8)`; in an alliance less what it costs."""
    village, p = now.state.village, now.parameters
    saved = by_mode(np.multiply, village.bulk_saving, 1 - p.margin)
    return premium(now) - 1 + p.margin + EXPOSED * (saved - village.brand_cost[..., None])


def expected_profit(now: Moment, invested: np.ndarray) -> np.ndarray:
    """Profit a year expected at common price 1, 万元 `(R, V, 8)`."""
    return yearly_base(now, invested) * profit_share(now)


def premium(now: Moment) -> np.ndarray:
    """Lasting price premium of each mode, `(R, V, 8)`: a brand, the subsidy on solar power, a glut of services."""
    found = 1 + by_mode(np.multiply, best_brand(now), EXPOSED)
    found[..., PHOTOVOLTAIC] = now.parameters.pv_price_factor[..., None]
    return found - by_mode(np.multiply, now.state.village.service_glut, SERVICES)


def best_brand(now: Moment) -> np.ndarray:
    """Premium on the industry modes, `(R, V)`: of the alliance's brand or of the local one, whichever is larger."""
    return np.maximum(now.state.village.brand_premium, local_premium(now))


def local_premium(now: Moment) -> np.ndarray:
    """Premium of the brand of the town's main industry, `(R, V)`."""
    return now.parameters.local_brand_premium * now.state.village.local_brand


def move_prices(now: Moment) -> None:
    """Common price series take one quarter's step (EQ-04); all villages of an industry meet the same price."""
    village, p = now.state.village, now.parameters
    persistence = power(p.price_persistence, np.full_like(p.price_persistence, 0.25))
    step = np.sqrt(1 - persistence * persistence) * now.draws.price_common
    own = pick(step, village.industry)
    village.common_price = persistence * village.common_price + own
    village.other_price = persistence * village.other_price + step[:, -1:]


def common_prices(now: Moment) -> tuple[np.ndarray, np.ndarray]:
    """Common price factors of mean 1, `(R, V)`: of the industry modes, fully exposed, and of all others."""
    village, p = now.state.village, now.parameters
    full, weak = p.sigma_common, p.sigma_common * p.other_exposure
    industry = np.exp(full * village.common_price - full * full / 2)
    return industry, np.exp(weak * village.other_price - weak * weak / 2)


def earn(now: Moment) -> None:
    """Turn capital into revenue and operating cost for one quarter (EQ-01, EQ-02)."""
    village, p, ledger = now.state.village, now.parameters, now.ledger
    base = yearly_base(now, village.capital) / 4
    at_own_price = base * premium(now) * village.idiosyncratic_price
    industry, other = common_prices(now)
    branded = industry * over_modes(at_own_price * EXPOSED)
    revenue = branded + other * over_modes(at_own_price * ~EXPOSED)
    costs = (1 - p.margin) * base
    cost = over_modes(costs)
    village.branded_revenue = branded / (1 + best_brand(now))
    village.branded_cost = over_modes(costs * EXPOSED)
    ledger.pay("market", "village", revenue, "operations")
    ledger.pay("village", "suppliers", cost, "operating_cost")
    bought = now.policy.purchases / 4
    purchase_cost = (1 - p.purchase_margin) * bought
    ledger.pay("village", "suppliers", purchase_cost, "purchase_cost")
    village.profit_this_quarter = revenue - cost + bought - purchase_cost


def lose(now: Moment) -> None:
    """A part of the quarter's profit leaks (EQ-02, EQ-10)."""
    profit = np.maximum(now.state.village.profit_this_quarter, 0)
    now.ledger.pay("village", "leaked", leakage(now, now.parameters.leak_revenue) * profit, "leak_revenue")


def leakage(now: Moment, rate: np.ndarray) -> np.ndarray:
    """Share that leaks at a base `rate` `(R, 1)`; audit, disclosure and reform restrain it."""
    village, p = now.state.village, now.parameters
    watched = np.exp(-p.leakage_supervision * now.policy.supervision - p.leakage_disclosure * now.policy.disclosure)
    return rate * watched * (1 - p.leakage_reform * village.reformed)
