"""The district of the report: its counts, its tables and the rules behind the synthetic columns."""

from __future__ import annotations

import csv
import itertools
import json
import re
import time
from pathlib import Path

import numpy as np
import pytest

from scenarios import load_district, load_facts
from scenarios.clusters import apportion, assign_areas, assign_clusters, place_parks, sum_of_squares
from scenarios.draws import draw_tables
from scenarios.facts import REQUIRED_FACTS

ENYANG = Path(__file__).parents[2] / "scenarios" / "enyang"
REPORT_COUNTS = {
    "villages": 209,
    "towns": 18,
    "clusters": 37,
    "town_areas": 5,
    "parks": 12,
    "settlements": 32,
    "capable_secretaries": 140,
    "reserve_cadres": 366,
    "reserve_cadres_with_college": 281,
    "reserve_mean_age": 33.5,
    "departments": 42,
    "pipeline_projects": 90,
    "renovated_centres": 46,
    "service_centres": 309,
    "professionals": 22,
    "renewed_town_chiefs": 9,
    "target_villages_30": 42,
    "development_modes": 10,
    "strong_village_companies": 18,
    "platform_clicks": 1_000_000,
    "unsafe_houses_rebuilt": 1259,
    "household_toilets": 3100,
    "damaged_roads_repaired_km": 258,
    "capable_secretaries_percent": 67,
    "resident_population": 345_728,
    "urban_population": 129_274,
    "registered_population": 620_000,
}


def rows(name: str) -> list[dict[str, str]]:
    with (ENYANG / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def district():
    return load_district("enyang")


def test_counts_equal_the_report(district):
    assert {name: district.facts[name] for name in REPORT_COUNTS} == REPORT_COUNTS
    assert all(isinstance(value, float) for value in district.facts.values())
    assert (district.villages, district.towns, district.clusters) == (209, 18, 37)
    assert len(set(district.area_of_town.tolist())) == 5
    assert district.parks_in_town.sum() == 12
    kinds = [row["kind"] for row in rows("roster.csv")]
    assert (kinds.count("village"), kinds.count("community")) == (209, 100)
    assert REQUIRED_FACTS.keys() <= REPORT_COUNTS.keys()


def test_report_shares_are_consistent(district):
    """140 of 209 is the 67 % that the report prints; 281 of 366 is 76.8 %."""
    assert round(100 * district.facts["capable_secretaries"] / district.villages) == 67
    assert round(281 / 366, 3) == 0.768


def test_each_village_is_in_one_town_and_one_cluster(district):
    assert len(set(district.village_code.tolist())) == 209
    assert district.village_code.tolist() == sorted(district.village_code.tolist())
    assert set(district.town_of.tolist()) == set(range(18))
    assert set(district.cluster_of.tolist()) == set(range(37))
    for cluster in range(37):
        assert len(set(district.town_of[district.cluster_of == cluster].tolist())) == 1
    assert (district.town_of_cluster[district.cluster_of] == district.town_of).all()
    for row in rows("roster.csv"):
        assert row["code"].startswith(row["town_code"])
        assert len(row["code"]) == 12


def test_village_of_the_report_is_in_its_town(district):
    place = district.village_name.tolist().index("金鸭村")
    assert district.town_name[district.town_of[place]] == "兴隆镇"


def test_clusters_are_runs_of_neighbouring_codes(district):
    steps = np.diff(district.cluster_of)
    assert set(steps.tolist()) == {0, 1}
    sizes = np.bincount(district.cluster_of)
    for town in range(district.towns):
        inside = sizes[district.town_of_cluster == town]
        assert inside.max() - inside.min() <= 1


def test_synthetic_columns_agree_with_their_rules(district):
    assert (assign_clusters(district.town_of, 37) == district.cluster_of).all()
    assert (assign_areas(district.town_position_km, 5) == district.area_of_town).all()
    assert (place_parks(district.town_position_km, 12) == district.parks_in_town).all()


def test_town_with_one_village_is_one_cluster(district):
    single = np.flatnonzero(np.bincount(district.town_of) == 1)
    assert [district.town_name[town] for town in single] == ["文治街道"]
    assert (district.town_of_cluster == single[0]).sum() == 1


def test_town_facts_and_outline_are_shipped(district):
    assert len(rows("town_facts.csv")) == 367
    without_address = [row["town"] for row in rows("town_facts.csv") if not row["source_url"].startswith("http")]
    assert without_address == ["茶坝镇"] * 20
    assert json.loads((ENYANG / "outline.geojson").read_text(encoding="utf-8"))["features"]
    assert [ring.shape for ring in district.outline_degrees] == [(5, 2), (133, 2)]
    east, north = np.concatenate(district.outline_degrees).T
    assert east.min() < 106.654 < east.max()
    assert north.min() < 31.787 < north.max()


def test_towns_have_english_names_and_layout(district):
    assert all(re.fullmatch("[A-Z][a-z]+", name) for name in district.town_name_en)
    assert len(set(district.town_name_en)) == 18
    assert district.town_name_en[district.town_name.index("玉山镇")] == "Yushan"
    assert {row["layout_grade"] for row in rows("towns.csv")} == set("abcd")
    assert abs(sum(float(row["area_km2"]) for row in rows("towns.csv")) - 1155) < 5


def test_every_number_of_the_report_has_value_unit_place_and_phrase():
    facts = load_facts("enyang")
    of_report = [fact for fact in facts.values() if fact.place]
    for fact in of_report:
        assert fact.unit, fact.name
        assert re.fullmatch("摘要|[一二三]\\([一二三四]\\)(、[一二三]\\([一二三四]\\))?", fact.place), fact.name
        assert 0 < len(fact.phrase) <= 15, fact.name
        assert fact.number, fact.name
    assert {fact.number for fact in facts.values()} - {""} == {f"N{number}" for number in range(1, 45)}
    for fact in facts.values():
        if not fact.place:
            assert fact.source, fact.name
            assert fact.year is not None or "no year" in fact.note, fact.name


def test_sources_speak_of_every_file():
    text = (ENYANG / "SOURCES.md").read_text(encoding="utf-8")
    for name in ("roster.csv", "towns.csv", "town_facts.csv", "outline.geojson", "district.yaml"):
        assert name in text
    assert "not an official map" in text
    assert "不是标准地图" in text


def test_loading_is_fast_and_the_same_each_time(district):
    began = time.perf_counter()
    again = load_district()
    assert time.perf_counter() - began < 0.2
    assert again.fingerprint == district.fingerprint
    assert re.fullmatch("[0-9a-f]{64}", again.fingerprint)


def test_apportioning_is_as_even_as_whole_numbers_allow():
    """Against every way to share the clusters out: none has a smaller sum of squared sizes."""
    villages, clusters = [1, 4, 7, 2, 9], 9
    found = apportion(villages, clusters)
    ways = itertools.product(*[range(1, size + 1) for size in villages])
    sums = [
        sum(sum_of_squares(size, count) for size, count in zip(villages, way, strict=True))
        for way in ways
        if sum(way) == clusters
    ]
    assert sum(found) == clusters
    assert min(sums) == sum(map(sum_of_squares, villages, found))


def test_apportioning_refuses_what_can_not_be():
    for clusters in (2, 13):
        with pytest.raises(ValueError, match="do not fit"):
            apportion([4, 4, 4], clusters)


def test_clusters_follow_towns_even_if_codes_interleave():
    assert assign_clusters([0, 1, 0, 1, 0], 3).tolist() == [0, 2, 0, 2, 1]


def test_more_parks_than_towns_go_round():
    assert place_parks(np.array([[1.0, 0.0], [0.0, 0.0]]), 3).tolist() == [1, 2]


def test_draw_0_is_what_the_engine_draws() -> None:
    tables = draw_tables(load_district("enyang"))
    assert set(tables) == {"villages.csv", "secretaries.csv", "reserve_pool.csv"}
    for name, (header, rows) in tables.items():
        with (ENYANG / "draw_0" / name).open(encoding="utf-8-sig", newline="") as file:
            assert list(csv.reader(file)) == [header, *rows]
