"""A synthetic county: a district of a given number of villages, made after a template district by rule alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.clusters import assign_areas, assign_clusters, place_parks
from scenarios.county_scale import nearest_whole, scale_facts
from sim.district import District

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True)
class County:
    """A row of the table of counties.

    Attributes:
        code: official code of the county.
        zh: Chinese name of the county.
        city: Chinese name of its city.
        villages: number of villages.
    """

    code: str
    zh: str
    city: str
    villages: int


def build_county(county: County, template: District) -> District:
    """The synthetic district of a county: its number of villages is real, all else is made up.

    Towns, clusters, areas, parks and offices are as many for each village as in the template; towns differ in size as
    the template's do, and stand around the seat as far apart. Villages are named by made-up codes: the county's code
    and a number of four digits (official codes have twelve).

    Args:
        county: the row of the table; at least one village.
        template: the district that is copied village by village.

    Returns:
        The district. Its key is the county's code, and its draws are its own.
    """
    number, share = county.villages, county.villages / template.villages
    towns = max(1, nearest_whole(template.towns * share))
    clusters = min(max(towns, nearest_whole(template.clusters * share)), number)
    areas = min(max(1, nearest_whole((int(template.area_of_town.max()) + 1) * share)), towns)
    parks = nearest_whole(float(template.parks_in_town.sum()) * share)
    town_of = np.repeat(np.arange(towns), town_sizes(number, towns, template))
    position_km = town_layout(towns, template)
    codes = np.array([f"{county.code}{place:04d}" for place in range(1, number + 1)])
    layout = {"villages": number, "towns": towns, "clusters": clusters, "town_areas": areas, "parks": parks}
    return District(
        key=county.code,
        zh=f"{county.zh}（合成）",
        en=f"{county.zh} (synthetic)",
        village_code=codes,
        village_name=codes,
        town_name=tuple(f"{county.code}-{town:02d}" for town in range(1, towns + 1)),
        town_name_en=tuple(f"{county.code}-{town:02d}" for town in range(1, towns + 1)),
        town_of=town_of,
        cluster_of=assign_clusters(town_of, clusters),
        area_of_town=assign_areas(position_km, areas),
        town_position_km=position_km,
        facts=scale_facts(template.facts, number, layout),
        parks_in_town=place_parks(position_km, parks),
        draws=f" county {county.code}",
    )


def town_sizes(villages: int, towns: int, template: District) -> np.ndarray:
    """Villages of each town, `(T,)`, at least one: spread as the template's towns are, largest remainders first.

    With as many towns and villages as the template these are the template's own sizes in ascending order.
    """
    sizes = np.bincount(template.town_of, minlength=template.towns)
    shape = np.quantile(sizes, (np.arange(towns) + 0.5) / towns, method="hazen")
    spare = villages - towns  # one village each comes first
    wanted = np.maximum(shape - 1, 0)
    wanted = spare * (wanted / wanted.sum() if wanted.sum() > 0 else np.full(towns, 1 / towns))
    found = np.floor(wanted + 1e-9).astype(np.int64)
    left = spare - int(found.sum())
    found[np.argsort(found - wanted, kind="stable")[:left]] += 1
    return found + 1


def town_layout(towns: int, template: District) -> np.ndarray:
    """Kilometres east and north of the seat, `(T, 2)`: a sunflower's spiral in which a town has as much room as there.

    Points spread evenly over a disc of area A have the mean squared distance A / 2π from its centre; turned round,
    that gives the room of a town of the template.
    """
    centred = template.town_position_km - template.town_position_km.mean(axis=0)
    room_km2 = 2 * np.pi * float(np.mean(np.sum(centred * centred, axis=1))) / template.towns
    number = np.arange(towns)
    radius, angle = np.sqrt((number + 0.5) * room_km2 / np.pi), number * GOLDEN_ANGLE
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
