"""A county as a district: what its sheets say, and after a template district whatever they do not."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.clusters import assign_areas, assign_clusters, place_parks
from scenarios.county import town_layout, town_sizes
from scenarios.county_content import Content, read_content, towns_of
from scenarios.county_income import TIERS, law_of, operating_share
from scenarios.county_lines import FACTS, MOST_VILLAGES, SHEETS
from scenarios.county_scale import KEPT, nearest_whole, scale_facts
from scenarios.county_sheets import WORKBOOKS, file_in, is_folder_of_a_county, read_county_sheets
from scenarios.errors import InputErrors, Problem
from scenarios.facts import AT_MOST, STAND_INS
from scenarios.sheets import user_path
from scenarios.tables import read_table
from sim.district import District
from sim.initial import SPREAD_FACTS

COUNTS = Path(__file__).parent / "county_counts" / "counties.csv"
CODE = re.compile(r"\d{6}")
GROWS_WITH = {
    "urban_population": "resident_population",
    "registered_population": "resident_population",
    "reserve_cadres_with_college": "reserve_cadres",
    "renovated_centres": "service_centres",
}
"""Facts that are borrowed as a part of another one, where that one is given."""
MADE_UP = {
    "codes": ("村代码（编造）", "codes of villages (made up)"),
    "villages": ("村名、各镇村数（编造）", "names of villages, villages of each town (made up)"),
    "towns": ("镇名（编造）", "names of towns (made up)"),
    "positions": ("镇的位置（编造）", "positions of towns (made up)"),
    "areas": ("镇域片区的划分（按远近）", "town areas (by nearness)"),
    "parks_in_town": ("园区所在镇（在县城附近）", "towns of the parks (near the seat)"),
    "clusters_of_villages": ("村级片区的划分（按村的次序）", "village clusters (by the order of villages)"),
    "measures": ("现有措施（借用{zh}）", "measures in force (borrowed from {en})"),
    "incomes": ("各村收入（按分布抽取）", "incomes of villages (drawn from a law)"),
}
"""What is made up beside facts, in both languages."""


def find_county(place: str | Path) -> Path | str | None:
    """The workbook, the folder or the code of a county that a user names; None if it is something else."""
    path = user_path(place)
    try:
        if path.suffix.lower() in WORKBOOKS or (path.is_dir() and is_folder_of_a_county(path)):
            return path
        return str(place) if CODE.fullmatch(str(place)) and not path.exists() and str(place) in counts() else None
    except (OSError, ValueError):  # a name that no system can have
        return None


@cache
def counts() -> Mapping[str, tuple[str, int, int]]:
    """Name, villages and communities of every county, by code."""
    table, _ = read_table(COUNTS, ("code", "name", "villages", "communities"))
    return {row["code"]: (row["name"], int(row["villages"]), int(row["communities"])) for row in table.rows}


def load_county(place: Path | str, template: District, units: Mapping[str, str]) -> District:
    """The district of a county.

    Args:
        place: its workbook, its folder, or its code.
        template: the district from which everything is borrowed that is not given.
        units: `money_unit` and `position_unit` of its villages, as far as the user says them.

    Raises:
        InputErrors: everything that is wrong with its sheets.
    """
    if isinstance(place, Path):
        tables, problems = read_county_sheets(place)
        content = Content()
        if tables:
            content, found = read_content(tables, units)
            problems += found
        digest = [] if problems else [hashlib.sha256(path.read_bytes()).hexdigest() for path in county_files(place)]
        name = place.stem if place.is_file() else place.resolve().name
    else:
        content, problems = content_of_code(place)
        digest, name = [place], place
    if problems:
        raise InputErrors(problems)
    told = json.dumps([digest, template.fingerprint, dict(content.given_in)])
    return build(name, content, template, hashlib.sha256(told.encode()).hexdigest())


def county_files(place: Path) -> list[Path]:
    """The workbook of a county, or the files of its folder."""
    return [place] if place.is_file() else [path for sheet in SHEETS if (path := file_in(place, sheet))]


def content_of_code(code: str) -> tuple[Content, list[Problem]]:
    """What is published of every county: its name, villages and service centres."""
    name, villages, communities = counts()[code]
    if not villages:
        return Content(), [
            Problem("这个县没有村", "the county has no villages", field="district", value=f"{code} {name}")
        ]
    facts = {"villages": float(villages), "service_centres": float(villages + communities)}
    return Content({"name": name, "code": code}, facts), []


def build(name: str, content: Content, template: District, fingerprint: str) -> District:
    """The district of checked content.

    Villages without a code are numbered behind the county's; villages and towns that are not listed are as
    `scenarios.county` makes them.
    """
    name = content.texts.get("name", name)
    code, said = content.texts.get("code", ""), dict(content.facts)
    made_up: list[str] = []
    towns = content.towns or [{"name": town} for town in towns_of(content.villages)]
    number = int(said["villages"])
    share = number / template.villages
    count = len(towns) or town_count(said, template)
    if not towns:
        made_up.append("towns")
        towns = [{"name": f"{code or name}-{town:02d}"} for town in range(1, count + 1)]
    villages = [dict(row) for row in content.villages]
    if not villages:
        made_up.append("villages")
        sizes = np.repeat(np.arange(count), town_sizes(number, count, template))
        villages = [{"town": towns[town]["name"]} for town in sizes]
    order = name_villages(villages, code, made_up)
    town_number = {row["name"]: index for index, row in enumerate(towns)}
    town_of = np.array([town_number[villages[at]["town"]] for at in order], dtype=np.int64)
    clusters = min(int(said.get("clusters", max(count, nearest_whole(template.clusters * share)))), number)
    labels = [villages[at].get("cluster") for at in order]
    layout = {"villages": number, "towns": count, "clusters": max(clusters, count)}
    position_km, areas, parks = lay_out(towns, said, template, made_up)
    layout |= {"town_areas": int(areas.max()) + 1, "parks": int(parks.sum())}
    if None in labels:
        made_up.append("clusters_of_villages")
    facts, borrowed = facts_of(content, template, layout)
    facts |= aim_of(content)
    made_up += ["measures"] if content.measures is None else []
    made_up += [] if "income_operating" in content.given else ["incomes"]
    return District(
        key=code or name, zh=name, en=content.texts.get("name_en", name),
        village_code=np.array([villages[at]["code"] for at in order]),
        village_name=np.array([villages[at].get("name", villages[at]["code"]) for at in order]),
        town_name=tuple(row["name"] for row in towns), town_name_en=tuple(row["name"] for row in towns),
        town_of=town_of,
        cluster_of=assign_clusters(town_of, layout["clusters"]) if None in labels else numbers_of(labels),
        area_of_town=areas, town_position_km=position_km, facts=facts, parks_in_town=parks,
        given={column: values[order] for column, values in content.given.items()}, given_in=dict(content.given_in),
        given_read=content.given_read,
        stand_ins=borrowed | {
            key: {"zh": MADE_UP[key][0].format(zh=template.zh), "en": MADE_UP[key][1].format(en=template.en)}
            for key in made_up
        },
        fingerprint=fingerprint, measures=content.measures, scaled_from=template.villages,
        aims=tuple(plain(row) for row in content.aims),
        observations=tuple(plain(row) for row in content.observations),
    )  # fmt: skip


def aim_of(content: Content) -> dict[str, float]:
    """The first aim of a county as facts: its line of income and how many villages; none where it names no aim."""
    first = content.aims[0] if content.aims else {}
    named = {"target_income_line": first.get("line"), "target_villages_30": first.get("villages")}
    return {name: float(value) for name, value in named.items() if value is not None}


def town_count(said: Mapping[str, float], template: District) -> int:
    """Towns of a county that does not list them: as given, else as many for each village as in the template."""
    usual = nearest_whole(template.towns * said["villages"] / template.villages)
    least = max(1, said.get("town_areas", 1), said.get("renewed_town_chiefs", 1))
    return int(said.get("towns", min(max(usual, least), said["villages"], said.get("clusters", said["villages"]))))


def name_villages(villages: list[dict[str, Any]], code: str, made_up: list[str]) -> list[int]:
    """Give every village a code, and tell the order of the codes."""
    taken = {row.get("code") for row in villages}
    free = (made for place in range(1, 2 * MOST_VILLAGES + 2) if (made := f"{code}{place:04d}") not in taken)
    if None in taken:
        made_up.append("codes")
    for row in villages:
        row["code"] = row.get("code") or next(free)
    return sorted(range(len(villages)), key=lambda at: villages[at]["code"])


def lay_out(
    towns: list[dict[str, Any]], said: Mapping[str, float], template: District, made_up: list[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions, areas and parks of the towns: as given, else by rule."""
    share = said["villages"] / template.villages
    position_km = np.array([[row.get("x_km") or 0.0, row.get("y_km") or 0.0] for row in towns])
    if any(row.get("x_km") is None for row in towns):
        made_up.append("positions")
        position_km = town_layout(len(towns), template)
    labels = [row.get("area") for row in towns]
    if None in labels:
        made_up.append("areas")
        usual = max(1, nearest_whole((int(template.area_of_town.max()) + 1) * share))
        areas = assign_areas(position_km, min(int(said.get("town_areas", usual)), len(towns)))
    else:
        areas = numbers_of(labels)
    if any(row.get("parks") is not None for row in towns):
        return position_km, areas, np.array([int(row.get("parks") or 0) for row in towns])
    made_up.append("parks_in_town")
    parks = int(said.get("parks", nearest_whole(float(template.parks_in_town.sum()) * share)))
    return position_km, areas, place_parks(position_km, parks)


def numbers_of(labels: list[Any]) -> np.ndarray:
    """Labels as numbers from 0 in the order in which they come first."""
    number = {label: index for index, label in enumerate(dict.fromkeys(labels))}
    return np.array([number[label] for label in labels], dtype=np.int64)


def facts_of(
    content: Content, template: District, layout: Mapping[str, int]
) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """All facts that the model needs, and of those that are borrowed what is said of them."""
    given, derived = content.given, law_of(content.facts)
    if "population" in given:
        rural = 1 - template.facts["urban_population"] / template.facts["resident_population"]
        derived["resident_population"] = float(np.nanmean(given["population"])) * layout["villages"] / rural
    if "income_operating" in given:
        derived["city_income_mean"] = max(float(np.nanmean(given["income_operating"])) / operating_share(), 0.01)
    said = derived | {
        name: value for name, value in content.facts.items() if name not in (*layout, "income_sd", *TIERS)
    }
    facts = scale_facts(template.facts, layout["villages"], layout)
    usual = dict(facts)
    facts |= said
    for part, whole in GROWS_WITH.items():
        if whole in said and part not in said and usual[whole]:
            value = usual[part] * said[whole] / usual[whole]
            facts[part] = value if part.endswith("population") else float(nearest_whole(value))
    if "urban_population" in said and "resident_population" not in said:
        facts["resident_population"] += said["urban_population"] - usual["urban_population"]
    for small, large in AT_MOST:  # what is given stays; what is borrowed gives way
        if facts[small] > facts[large]:
            gives_way, stays = (large, small) if small in said and large not in (*said, *layout) else (small, large)
            facts[gives_way] = facts[stays]
    absent = [name for name in facts if name not in (*content.facts, *SPREAD_FACTS)]
    return facts, {name: stand_in(name, template, name in derived) for name in absent}


def stand_in(name: str, template: District, is_derived: bool) -> dict[str, str]:
    """What is said of a fact that is borrowed, or derived from others that are given."""
    zh, en = (FACTS[name].zh, FACTS[name].en) if name in FACTS else STAND_INS[name][2:]
    if is_derived:
        return {"zh": f"{zh}（由各村数据推算）", "en": f"{en} (derived from figures of villages)"}
    if name in KEPT:
        return {"zh": f"{zh}（借用{template.zh}）", "en": f"{en} (borrowed from {template.en})"}
    return {"zh": f"{zh}（按{template.zh}每村折算）", "en": f"{en} (per village as in {template.en})"}


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is kept: what is empty left out, whole numbers whole."""
    return {
        name: int(value) if isinstance(value, float) and value == int(value) else value
        for name, value in row.items() if value is not None
    }  # fmt: skip
