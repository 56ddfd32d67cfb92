"""What a county of another size has, given what the template district has: facts and lever settings by size.

A number that counts things of the template grows with the villages; a rate, a mean or an amount per village stays.
Everything that follows is synthetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scenarios.facts import STAND_INS
from sim.district import District
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS

BY_VILLAGES_WHOLE = (
    "settlements", "capable_secretaries", "reserve_cadres", "reserve_cadres_with_college", "departments",
    "pipeline_projects", "renovated_centres", "service_centres", "professionals",
)  # fmt: skip
"""Facts that count things: in proportion to the villages, to the nearest whole number."""
BY_VILLAGES = ("resident_population", "urban_population", "registered_population")
"""Facts that count people: in proportion to the villages and not rounded, so that people per village stay the same."""
BY_TOWNS_WHOLE = ("renewed_town_chiefs",)
"""Facts that count things of towns: in proportion to the towns, to the nearest whole number."""
KEPT = ("reserve_mean_age", *STAND_INS)
"""Facts that are means or rates: as in the template."""
OF_LAYOUT = ("villages", "towns", "clusters", "town_areas", "parks")
"""Facts that follow from the county's own layout."""

WHOLE_SETTINGS = (
    ("paired_assistance", "sponsor_departments"),
    ("paired_assistance", "advisors"),
    ("town_company", "professionals"),
    ("expert_corps", "backbone_experts"),
    ("expert_corps", "extension_staff"),
    ("expert_corps", "local_experts"),
    ("expert_corps", "business_representatives"),
    ("secretary_selection", "inflow_per_year"),
    ("service_upgrade", "centres_per_year"),
    ("property_rights_reform", "villages_per_year"),
)
"""Settings that count things of a whole district: in proportion to the villages, to the nearest whole number."""
DIVISIBLE_SETTINGS = (
    ("expert_corps", "chief_experts"),
    ("infrastructure", "new_km"),
    ("infrastructure", "repair_km"),
)
"""Settings of a whole district that can be split: in proportion to the villages; a chief expert shares out his time."""
KEPT_SETTINGS = (
    ("digital_platform", "fixed_cost"),
    ("enterprise_promotion", "fixed_cost"),
    ("district_coordination", "fixed_cost"),
)
"""Settings of a whole district that do not depend on its size: what one platform or one office costs a year."""


def nearest_whole(number: float) -> int:
    """The nearest whole number, halves up."""
    return int(number + 0.5)


def scale_facts(template: Mapping[str, float], villages: int, layout: Mapping[str, int]) -> dict[str, float]:
    """Facts of a county of `villages` villages; facts that no process reads are left out.

    Args:
        template: facts of the template district.
        villages: villages of the county.
        layout: the county's own counts, `OF_LAYOUT`.

    Returns:
        Facts by name: everything a district needs to run. None exceeds what it is a part of, as rounding keeps order.
    """
    by_villages, by_towns = villages / template["villages"], layout["towns"] / template["towns"]
    return {
        **{name: float(layout[name]) for name in OF_LAYOUT},
        **{name: float(nearest_whole(template[name] * by_villages)) for name in BY_VILLAGES_WHOLE if name in template},
        **{name: template[name] * by_villages for name in BY_VILLAGES},
        **{name: float(nearest_whole(template[name] * by_towns)) for name in BY_TOWNS_WHOLE},
        **{name: template[name] for name in KEPT},
    }


def scale_strategy(strategy: Strategy, county: District, template_villages: float) -> Strategy:
    """The strategy as a county of another size carries it out: what counts things of a whole district is scaled.

    Settings that are not named are at their defaults, and these are scaled too. A county of the template's size gets
    the same numbers.

    Args:
        strategy: as written for the template district.
        county: the county.
        template_villages: villages of the template district.

    Returns:
        The county's strategy, of the same key; dated values stay dated.
    """
    factor = county.villages / template_villages
    levers = {key: dict(values) for key, values in strategy.levers.items()}
    for names, whole in ((WHOLE_SETTINGS, True), (DIVISIBLE_SETTINGS, False)):
        for lever, name in names:
            if lever in levers:
                value = levers[lever].get(name, LEVERS[lever].defaults()[name])
                levers[lever][name] = scaled(value, factor, whole)
    return replace(strategy, levers=levers)


def scaled(value: Any, factor: float, whole: bool) -> Any:
    """A setting times the factor, a dated one date by date."""
    if isinstance(value, Mapping):
        return {year: scaled(number, factor, whole) for year, number in value.items()}
    return nearest_whole(value * factor) if whole else value * factor
