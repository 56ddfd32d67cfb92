"""Rules for areas and parks, and counties of another size, on numbers known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios import load_district
from scenarios.clusters import apportion, assign_areas, assign_clusters, place_parks
from scenarios.county_scale import nearest_whole, scale_facts, scale_strategy
from sim.policies.base import Strategy
from sim.world import DECLARED, world_values

TOWNS = np.array([[9.0, 0], [1, 1], [10, 0], [0, 20], [2, 1], [1, 19]])
"""Town 1 lies at the seat with 4 beside it, 0 and 2 in the east, 3 and 5 in the north."""


def test_areas_begin_at_the_seat_and_go_on_with_the_farthest() -> None:
    """Centres 1, then 3 (19 km away), then 2 (9 km from 1): numbered as the towns meet them."""
    assert assign_areas(TOWNS, 3).tolist() == [0, 1, 0, 2, 1, 2]
    assert assign_areas(TOWNS, 2).tolist() == [0, 0, 0, 1, 0, 1]
    assert assign_areas(TOWNS, 1).tolist() == [0] * 6
    line = np.array([[10.0, 0], [0, 0], [-9, 0], [4, 0]])
    assert assign_areas(line, 2).tolist() == [0, 1, 1, 1], "the seat lies in the second town, not in the first"


def test_a_third_centre_is_far_from_both() -> None:
    """On a line at 0, 1, 10 and 18: after 0 and 18 comes 10, which is 8 from the nearer; 1 is far from one alone."""
    line = np.array([[0.0, 0], [1, 0], [10, 0], [18, 0]])
    assert assign_areas(line, 3).tolist() == [0, 0, 1, 2]


def test_parks_go_to_the_towns_nearest_the_seat_in_turn() -> None:
    assert place_parks(TOWNS, 2).tolist() == [0, 1, 0, 0, 1, 0]
    assert place_parks(TOWNS, 8).tolist() == [1, 2, 1, 1, 2, 1]


def test_clusters_are_as_even_as_can_be() -> None:
    """Towns of 6, 2 and 4 with five clusters: 3+3, 2, 2+2; numbers go on from town to town."""
    assert apportion([6, 2, 4], 5) == [2, 1, 2]
    assert apportion([3, 3], 3) == [2, 1], "of equal towns the first"
    assert assign_clusters([0] * 6 + [1] * 2 + [2] * 4, 5).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4]
    with pytest.raises(ValueError, match="do not fit"):
        apportion([1, 1], 3)


def test_halves_are_rounded_up() -> None:
    assert [nearest_whole(number) for number in (0.4, 0.5, 1.5, 2.49)] == [0, 1, 2, 2]


def test_a_county_of_half_the_villages_and_a_third_of_the_towns() -> None:
    template = {"villages": 200, "towns": 18, "settlements": 31, "capable_secretaries": 100, "reserve_cadres": 99,
                "reserve_cadres_with_college": 50, "departments": 42, "pipeline_projects": 7, "renovated_centres": 9,
                "service_centres": 11, "professionals": 18, "resident_population": 1001, "urban_population": 501,
                "registered_population": 2001, "renewed_town_chiefs": 9, "reserve_mean_age": 33.5,
                "city_income_mean": 12.5, "enterprise_rate_villages": 209}  # fmt: skip
    layout = {"villages": 100, "towns": 6, "clusters": 20, "town_areas": 2, "parks": 4}
    facts = scale_facts(template, 100, layout)
    assert facts | layout == facts
    assert (facts["settlements"], facts["reserve_cadres"], facts["departments"]) == (16, 50, 21)
    assert (facts["resident_population"], facts["urban_population"]) == (500.5, 250.5), "people are not rounded"
    assert (facts["renewed_town_chiefs"], facts["reserve_mean_age"]) == (3, 33.5)
    assert (facts["city_income_mean"], facts["enterprise_rate_villages"]) == (12.5, 209), "means and rates stay"


def test_what_counts_things_of_a_district_is_scaled_dated_values_and_defaults_too() -> None:
    enyang = load_district("enyang")
    levers = {"paired_assistance": {"sponsor_departments": {2024: 42, 2027: 21}, "direct": 6},
              "service_upgrade": {}, "infrastructure": {"new_km": 30}}  # fmt: skip
    found = scale_strategy(Strategy("given", levers=levers), enyang, 2 * enyang.villages).levers
    assert found["paired_assistance"]["sponsor_departments"] == {2024: 21, 2027: 11}
    assert found["paired_assistance"]["direct"] == 6, "an amount per village stays"
    assert found["infrastructure"]["new_km"] == 15
    from sim.policies.registry import LEVERS

    usual = LEVERS["service_upgrade"].defaults()["centres_per_year"]
    assert usual > 0 and found["service_upgrade"]["centres_per_year"] == nearest_whole(usual / 2)


def test_what_nothing_is_known_about_is_not_drawn() -> None:
    held = [name for name, item in DECLARED.items() if not item.drawn and item.low < item.high]
    for world in range(3):
        values = world_values(world)
        assert all(values[name] == DECLARED[name].default for name in held)
