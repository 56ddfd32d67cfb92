"""Levers on services, property rights and roads."""

from __future__ import annotations

import math

from oracle.settings import Settings, strengthen


def digital_platform(model, settings: Settings) -> None:
    """The platform runs, at a fixed cost and a cost a village."""
    reached = settings.reached()
    for village, level in reached:
        strengthen(village, "platform", level)
        settings.pay(village, "suppliers", level * settings["cost_per_village"])
        settings.pay(village, "suppliers", level * settings["fixed_cost"] / len(reached))


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


def property_rights_reform(model, settings: Settings) -> None:
    """So many villages a year are reformed for good, most capital first."""
    reached = settings.reached()
    waiting = [(village, level) for village, level in reached if not village.reformed]
    waiting.sort(key=lambda item: -sum(item[0].capital))
    number = math.floor(settings["villages_per_year"] * max((level for _, level in reached), default=0.0) + 0.5)
    for village, _ in waiting[:number]:
        village.reformed = 1.0
        settings.pay(village, "suppliers", settings["cost_per_village"])


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
