"""Districts made larger: more villages like those of Enyang, or more residents in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.district import District

COUNTS = (
    "villages", "towns", "town_areas", "clusters", "parks", "settlements", "reserve_cadres", "capable_secretaries",
    "reserve_cadres_with_college", "renewed_town_chiefs", "service_centres", "renovated_centres", "pipeline_projects",
    "resident_population", "urban_population",
)  # fmt: skip
"""Facts that count something in the district and that the model reads."""


def repeated(district: District, times: int) -> District:
    """The district `times` times side by side, under codes of their own: as many more villages, towns and clusters."""

    def again(members: np.ndarray, groups: int) -> np.ndarray:
        return np.concatenate([members + copy * groups for copy in range(times)])

    areas = int(district.area_of_town.max()) + 1
    return replace(
        district,
        key=f"{district.key} {times} times",
        village_code=np.array([f"{copy:03d}{code}" for copy in range(times) for code in district.village_code]),
        village_name=np.tile(district.village_name, times),
        town_name=district.town_name * times,
        town_name_en=district.town_name_en * times,
        town_of=again(district.town_of, district.towns),
        cluster_of=again(district.cluster_of, district.clusters),
        area_of_town=again(district.area_of_town, areas),
        town_position_km=np.tile(district.town_position_km, (times, 1)),
        parks_in_town=np.tile(district.parks_in_town, times),
        facts={name: value * times if name in COUNTS else value for name, value in district.facts.items()},
        given={name: np.tile(values, times) for name, values in district.given.items()},
    )


def peopled(district: District, times: float) -> District:
    """The same villages with `times` as many registered residents."""
    people = ("resident_population", "urban_population")
    facts = {name: value * times if name in people else value for name, value in district.facts.items()}
    return replace(district, key=f"{district.key} peopled {times:g}", facts=facts)
