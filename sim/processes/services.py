"""Services to residents, service centres and the digital platform (EQ-20, EQ-23)."""

from __future__ import annotations

import numpy as np

from sim.ledger import PUBLIC_PAYERS
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes.finance import YUAN
from sim.state import Moment

YEARS_TO_SATURATE = 3.0


class ServiceParameters(Parameters):
    """Parameters of service quality and of the platform's use."""

    needs = {
        ("digital_platform",): ("service_by_platform", "transparency_by_platform", "adoption_start", "digital_ceiling"),
        ("infrastructure",): ("service_by_roads",),
        ("asset_supervision",): ("transparency_by_disclosure",),
        ("service_targeting",): ("service_money",),
    }

    kappa_service = Parameter(0.3, 0.1, 0.6, "per year", ASSUMPTION, "服务调整速度", "speed of services")
    service_base = Parameter(0.3, 0.2, 0.4, "0-1", ASSUMPTION, "服务基准", "base of services")
    service_by_spending = Parameter(0.1, 0.05, 0.15, "0-1", ASSUMPTION, "投入对服务的作用", "services from spending")
    spending_scale = Parameter(50.0, 25.0, 100.0, "yuan per head", ASSUMPTION, "服务投入参照额", "scale of spending")
    service_by_upgrade = Parameter(
        0.2, 0.1, 0.3, "0-1", "N33: visits x4; size assumed", "中心改造的作用", "services from a renovated centre"
    )
    service_by_platform = Parameter(0.1, 0.0, 0.2, "0-1", ASSUMPTION, "平台对服务的作用", "services from the platform")
    service_by_roads = Parameter(0.1, 0.0, 0.2, "0-1", ASSUMPTION, "道路对服务的作用", "services from good roads")
    transparency_by_platform = Parameter(
        0.2, 0.0, 0.4, "0-1", ASSUMPTION, "平台对公开的作用", "transparency from the platform"
    )
    transparency_by_disclosure = Parameter(
        0.2, 0.0, 0.4, "0-1", ASSUMPTION, "账目公开对公开的作用", "transparency from disclosure"
    )
    service_money = Parameter(3.0, 1.0, 6.0, "万元/yr", ASSUMPTION, "每村常规公共服务资金",
                              "ordinary service money of a village, shared equally")  # fmt: skip
    adoption_start = Parameter(0.08, 0.02, 0.15, "share", "腾讯为村: 9 %", "平台起始使用率", "adoption at the start")
    digital_ceiling = Parameter(
        0.25, 0.08, 0.6, "share", "腾讯为村: 9 %; one village: half", "平台使用率上限", "ceiling of adoption"
    )


TRANSPARENCY_START = 0.3


def spend_assistance(now: Moment) -> None:
    """The cash that sponsors give for services is spent on them (EQ-12)."""
    now.ledger.pay("village", "suppliers", now.ledger.paid(("assistance_cash",), payers=PUBLIC_PAYERS), "services")


def adopt_platform(now: Moment) -> None:
    """Residents take up the platform along a logistic curve that nears its ceiling in three years (EQ-20)."""
    village, p = now.state.village, now.parameters
    village.platform_years = village.platform_years + now.policy.platform
    headroom = np.maximum(p.digital_ceiling / p.adoption_start - 1, 0.0)
    speed = np.log(19 * np.maximum(headroom, 1 / 19)) / YEARS_TO_SATURATE
    grown = p.digital_ceiling / (1 + headroom * np.exp(-speed * village.platform_years))
    village.digital_adoption = np.where(village.platform_years > 0, grown, 0.0)
    by_platform = TRANSPARENCY_START + p.transparency_by_platform * now.policy.platform_openness
    village.transparency = np.clip(by_platform + p.transparency_by_disclosure * now.policy.disclosure, 0, 1)


def improve(now: Moment) -> None:
    """Service quality moves towards what spending, a renovated centre, the platform and roads allow (EQ-23)."""
    village, p = now.state.village, now.parameters
    home = np.maximum(village.registered_population * village.home_share, 1.0)
    per_head = now.ledger.paid(("services",)) * YUAN / home
    target = (
        p.service_base
        + p.service_by_spending * np.log1p(per_head / p.spending_scale)
        + p.service_by_upgrade * village.service_upgraded
        + p.service_by_platform * now.policy.platform_home
        + p.service_by_roads * village.road_share
        + gain_from_targeting(now, home)
    )
    village.service_quality = np.clip(
        village.service_quality + p.kappa_service * (target - village.service_quality), 0, 1
    )


def gain_from_targeting(now: Moment, home: np.ndarray) -> np.ndarray:
    """What ordinary service money does beyond an equal share between villages, `(R, V)`; negative where it is less.

    With an equal share it is part of the base. The money exists under every strategy and is booked in none.
    """
    p = now.parameters
    received = np.maximum(p.service_money + now.policy.service_shift, 0) * YUAN
    reference = p.spending_scale * home
    return p.service_by_spending * np.log((reference + received) / (reference + p.service_money * YUAN))
