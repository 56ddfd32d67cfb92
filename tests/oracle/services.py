"""Services, platform, roads and organisation: EQ-20, EQ-23, EQ-25, EQ-26."""

from __future__ import annotations

import math

TRANSPARENCY_WITHOUT_PLATFORM = 0.3


def spend_assistance(model) -> None:
    """Opening: cash of sponsors is spent on services."""
    for village in model.villages:
        model.ledger.pay(village, "suppliers", village.received["assistance_cash"], "services")


def adoption(start: float, ceiling: float, years: float) -> float:
    """EQ-20: use of the platform in its n-th year: logistic from the start, 95 % of the ceiling in the third.

    A start that is already nearer to the ceiling than that stays where it is.
    """
    odds = max(ceiling / start - 1, 0.0)
    speed = math.log(19 * odds) / 3 if 19 * odds > 1 else 0.0
    return ceiling / (1 + odds * math.exp(-speed * years))


def adopt_platform(model) -> None:
    """Opening: the platform is taken up where it runs, and makes village affairs open."""
    p = model.p
    for village in model.villages:
        platform = village.policy.platform
        village.platform_years += platform
        if village.platform_years > 0:
            village.digital_adoption = adoption(p.adoption_start, p.digital_ceiling, village.platform_years)
        open_affairs = TRANSPARENCY_WITHOUT_PLATFORM + p.transparency_by_platform * village.policy.platform_openness
        open_affairs += p.transparency_by_disclosure * village.policy.disclosure
        village.transparency = min(max(open_affairs, 0.0), 1.0)


def wanted_service(model, village) -> float:
    """EQ-23: the quality that services move towards."""
    p = model.p
    heads = max(village.home_share * village.registered_population, 1.0)
    a_head = 10_000 * village.paid["services"] / heads
    return (
        p.service_base
        + p.service_by_spending * math.log(1 + a_head / p.spending_scale)
        + p.service_by_upgrade * village.service_upgraded
        + p.service_by_platform * village.policy.platform_home
        + p.service_by_roads * village.road_share
        + gain_from_targeting(model, village, heads)
    )


def gain_from_targeting(model, village, heads: float) -> float:
    """EQ-23: ordinary service money, against an equal share of it."""
    p = model.p
    a_head = 10_000 * max(0.0, p.service_money + village.policy.service_shift) / heads
    equally = 10_000 * p.service_money / heads
    return p.service_by_spending * math.log((p.spending_scale + a_head) / (p.spending_scale + equally))


def improve(model) -> None:
    """Closing: services move (EQ-23)."""
    for village in model.villages:
        moved = model.p.kappa_service * (wanted_service(model, village) - village.service_quality)
        village.service_quality = min(max(village.service_quality + moved, 0.0), 1.0)


def wear_roads(model) -> None:
    """Closing: floods damage roads, repairs are spread over all (EQ-25)."""
    for village in model.villages:
        repaired = village.policy.road_repair_km / model.p.road_network_km
        village.road_share *= 1 - max(0.0, model.p.road_damage - repaired)


def develop_organisation(model) -> None:
    """Closing: organisation moves (EQ-26)."""
    p = model.p
    for village in model.villages:
        goal = (
            p.organisation_base
            + p.organisation_by_ability * village.secretary.ability
            + p.organisation_by_participation * village.participation
            + p.organisation_by_rectification * village.policy.rectified
        )
        moved = village.organisation + p.kappa_organisation * (goal - village.organisation)
        village.organisation = min(max(moved, 0.0), 1.0)
