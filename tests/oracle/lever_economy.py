"""Levers on how villages do business: guarantee, supervision, experts, plans and brands, sites, coordination."""

from __future__ import annotations

import math

from oracle.settings import Settings, strengthen, turn

INDUSTRY_NUMBER = {"grain_oil": 0, "fruit_vegetable": 1, "livestock": 2, "herbs": 3}
VISITORS = (
    ("backbone_experts", "villages_per_backbone"),
    ("extension_staff", "villages_per_extension"),
    ("local_experts", "villages_per_local"),
    ("business_representatives", "villages_per_representative"),
)


@turn(80)
def credit_guarantee(model, settings: Settings) -> None:
    """A fund stands behind loans; it pays where a project fails."""
    for village, level in settings.reached():
        strengthen(village, "guarantee", level * settings["guarantee"])


@turn(85)
def interest_subsidy(model, settings: Settings) -> None:
    """The district pays a part of the interest."""
    for village, level in settings.reached():
        strengthen(village, "interest_subsidy", level * settings["subsidised_share"])


@turn(90)
def asset_supervision(model, settings: Settings) -> None:
    """Accounts are audited, or laid open."""
    for village, level in settings.reached():
        strengthen(village, {"audit": "supervision", "disclosure": "disclosure"}[settings["form"]], level)
        settings.pay(village, "suppliers", level * settings["cost_per_village"])


@turn(100)
def expert_corps(model, settings: Settings) -> None:
    """Every expert's time is one; chiefs share it among all, the visits of the others are dealt round like cards."""
    wanted = settings["industries"]
    served = [
        (village, level) for village, level in settings.reached()
        if wanted == "all" or village.industry == INDUSTRY_NUMBER[wanted]
    ]  # fmt: skip
    served.sort(key=lambda item: -industry_capital(model, item[0]))
    covered = [settings["chief_experts"] / len(served) for _ in served]
    card = 0
    for kind, reach in VISITORS:
        for _ in range(math.floor(settings[kind] * settings[reach])):
            if served:
                covered[card % len(served)] += 1 / settings[reach]
                card += 1
    for (village, level), part in zip(served, covered, strict=True):
        strengthen(village, "expert_service", level * min(part, 1.0))
        settings.pay(village, "suppliers", level * min(part, 1.0) * settings["cost_per_village"])


def industry_capital(model, village) -> float:
    """Capital in the industry modes."""
    return sum(capital for capital, mode in zip(village.capital, model.modes, strict=True) if mode.industry_mode)


@turn(110)
def industry_plan(model, settings: Settings) -> None:
    """A plan once a village, and the upkeep of a brand where the village has its town's main industry."""
    for village, level in settings.reached():
        strengthen(village, "village_plan", level)
        if not village.planned:
            settings.pay(village, "suppliers", level * settings["cost_per_plan"])
        village.planned = 1.0
        if village.industry == main_industry(model, village.town):
            strengthen(village, "local_brand", level * settings["brand"])
            settings.pay(village, "suppliers", level * settings["brand"] * settings["brand_upkeep"])


def main_industry(model, town: int) -> int:
    """What most villages of the town have; of equals the first."""
    numbers = [village.industry for village in model.villages if village.town == town]
    return max(range(4), key=numbers.count)


@turn(40)
def demonstration_sites(model, settings: Settings) -> None:
    """In each town the best become sites, once, for good; the others visit."""
    reached = settings.reached()
    for town in range(model.district.towns):
        here = [(village, level) for village, level in reached if village.town == town]
        here.sort(key=lambda item: (not item[0].demonstration, -worth(item[0], settings["picked_by"])))
        for place, (village, level) in enumerate(here):
            if place < settings["sites_per_town"]:
                strengthen(village, "demonstration_site", level)
                if not village.demonstration:
                    settings.pay(village, "contractors", level * settings["cost_per_site"])
                village.demonstration = 1.0
            else:
                strengthen(village, "demonstration_visit", level)


def worth(village, rule: str) -> float:
    """By what a site is picked; among sites that exist the code decides."""
    if village.demonstration:
        return 0.0
    return village.income_operating if rule == "income" else village.secretary.own_ability + village.knowledge


@turn(120)
def district_coordination(model, settings: Settings) -> None:
    """Departments work together, at a fixed cost."""
    reached = settings.reached()
    for village, level in reached:
        strengthen(village, "coordination", level)
        settings.pay(village, "suppliers", level * settings["fixed_cost"] / len(reached))
