"""Levers on services, property rights and roads."""

from __future__ import annotations

import math

from oracle.settings import Settings, strengthen, turn

MODULES = {
    "platform_home": "home",
    "platform_party": "party",
    "platform_voice": "voice",
    "platform_openness": "openness",
    "platform_credit": "credit_file",
}


@turn(150)
def digital_platform(model, settings: Settings) -> None:
    """The platform runs, at a fixed cost and a cost a village."""
    reached = settings.reached()
    for village, level in reached:
        strengthen(village, "platform", level)
        for policy, module in MODULES.items():
            strengthen(village, policy, level * settings[module])
        settings.pay(village, "suppliers", level * settings["cost_per_village"] * max(1.0, settings["openness"]))
        settings.pay(village, "suppliers", level * settings["fixed_cost"] / len(reached))


@turn(160)
def service_upgrade(model, settings: Settings) -> None:
    """So many centres a year are renovated, the worst or the largest first."""
    reached = settings.reached()
    waiting = [(village, level) for village, level in reached if not village.service_upgraded]
    if settings["order"] == "worst_first":
        waiting.sort(key=lambda item: item[0].service_quality)
    else:
        waiting.sort(key=lambda item: -item[0].registered_population)
    number = math.floor(settings["centres_per_year"] * max((level for _, level in reached), default=0.0) + 0.5)
    for village, _ in waiting[:number]:
        village.service_upgraded = 1.0
        settings.pay(village, "suppliers", settings["cost_per_centre"])


@turn(170)
def service_targeting(model, settings: Settings) -> None:
    """Ordinary service money is shared anew among the villages reached; costs nothing."""
    reached = settings.reached()
    if not reached:
        return

    def claim(village) -> float:
        home = village.registered_population * village.home_share
        rule = settings["rule"]
        if rule == "equal":
            return 1.0
        if rule == "per_capita":
            return home
        return home * (1 - village.service_quality if rule == "need" else 1 - village.home_share)

    all_claims = sum(claim(village) for village, _ in reached)
    money = model.p.service_money
    for village, level in reached:
        share = money * len(reached) * claim(village) / all_claims if all_claims > 0 else money
        village.policy.service_shift += level * (share - money)


@turn(280)
def property_rights_reform(model, settings: Settings) -> None:
    """So many villages a year are reformed for good, most capital first."""
    reached = settings.reached()
    waiting = [(village, level) for village, level in reached if not village.reformed]
    waiting.sort(key=lambda item: -sum(item[0].capital))
    number = math.floor(settings["villages_per_year"] * max((level for _, level in reached), default=0.0) + 0.5)
    for village, _ in waiting[:number]:
        village.reformed = 1.0
        settings.pay(village, "suppliers", settings["cost_per_village"])


@turn(290)
def infrastructure(model, settings: Settings) -> None:
    """New roads village by village until each network is done, and repairs spread over all."""
    reached = settings.reached()
    if not reached:
        return
    network = model.p.road_network_km
    order = list(reached)
    if settings["order"] == "worst_access_first":
        order.sort(key=lambda item: item[0].market_access)
    else:
        order.sort(key=lambda item: -item[0].registered_population)
    left = settings["new_km"] * max(level for _, level in reached)
    for village, _ in order:
        built = min(left, (1 - village.road_share) * network)
        left -= built
        village.road_share += built / network
        settings.pay(village, "contractors", built * settings["cost_per_km"])
    for village, level in reached:
        repaired = level * settings["repair_km"] / len(reached)
        strengthen(village, "road_repair_km", repaired)
        settings.pay(village, "contractors", repaired * settings["cost_per_repair"])
