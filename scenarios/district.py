"""Load a district: read its folder, check everything, hand over plain arrays. Nothing is ever written."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from scenarios.cells import parse_number
from scenarios.clusters import assign_clusters
from scenarios.county_district import county_files, find_county, load_county
from scenarios.errors import InputErrors, Problem, nearest
from scenarios.facts import FILE as FACTS_FILE
from scenarios.facts import STAND_INS, DistrictFile, Fact, read_district_file
from scenarios.plausibility import UNIT_NAMES, Taken
from scenarios.recommendations import FILE as RECOMMENDATIONS_FILE
from scenarios.recommendations import read_recommendations
from scenarios.sheets import read_text, user_path
from scenarios.tables import MOST_NAMED, Table, check_unique, read_table, unknown_value
from scenarios.village_table import Understood, Villages, read_village_table
from sim.district import District

PLACES = Path(__file__).parent
PROVINCE_FILE = "province.yaml"
"""Declares a folder that is a province (`scenarios.province`)."""
ROSTER_COLUMNS = ("code", "name", "kind", "town_code", "town")
TOWN_COLUMNS = ("code", "name", "name_en", "area", "x_km", "y_km", "park")
TOWN_EXTRA_COLUMNS = ("layout_grade", "area_km2")
KINDS = ("village", "community")
MOST_KM = 200.0


@dataclass
class Towns:
    """The towns of a district in the order of their codes.

    Attributes:
        codes: official codes, length `T`.
        names: Chinese names.
        names_en: English names.
        areas: town area of each town as written.
        position_km: kilometres east and north of the seat, shape `(T, 2)`.
        parks: parks of each town, shape `(T,)`.
    """

    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    names_en: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    position_km: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))
    parks: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass
class Roster:
    """The villages of a district in the order of their codes.

    Attributes:
        codes: official codes, length `V`.
        names: names.
        towns: code of the town of each village.
        clusters: cluster of each village as written; empty if the file has no such column.
        communities: codes of the communities in the file.
    """

    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    towns: list[str] = field(default_factory=list)
    clusters: list[str] = field(default_factory=list)
    communities: frozenset[str] = frozenset()


def load_district(
    place: str | Path = "enyang",
    village_table: str | Path | None = None,
    money_unit: str | None = None,
    position_unit: str | None = None,
) -> District:
    """Load a district and check all of its files.

    Args:
        place: a folder of this package (`enyang`), the path of a folder of the same shape, or a county: its workbook or
            folder as `qiangcun init-county` writes them, or its code of six digits (number of villages alone).
        village_table: a user's own village columns: a workbook, a CSV file or a folder with `villages.csv`; without it
            the `villages.csv` of the district's folder is used if there is one.
        money_unit: unit of its money, one of `plausibility.MONEY_UNITS` or its Chinese name; None = what the head says,
            else 万元, and ask if that is implausible.
        position_unit: `km` or `degrees`, likewise.

    Returns:
        The district.

    Raises:
        InputErrors: everything that is wrong with the files, at once.
    """
    answers = {"money_unit": money_unit, "position_unit": position_unit}
    units = {name: UNIT_NAMES.get(unit, unit) for name, unit in answers.items() if unit is not None}
    county = find_county(place)
    if county is not None:
        if village_table is not None:
            zh, en = "村的数据写在工作簿的“村”表中", "the villages stand in the county's own sheets"
            raise InputErrors([Problem(zh, en, field="district.village_table", value=str(village_table))])
        return load_county(county, load_district(), units)
    folder = find_folder(place)
    own_table = find_village_table(folder, village_table)
    facts, problems = read_district_file(folder / FACTS_FILE)
    towns, found = read_towns(folder / "towns.csv")
    problems += found
    roster, found = read_roster(folder / "roster.csv", towns)
    problems += found
    outline, found = read_outline(folder / "outline.geojson")
    problems += found
    recommendations, found = read_recommendations(folder / RECOMMENDATIONS_FILE)
    problems += found
    given: dict[str, np.ndarray] = {}
    understood: Understood | None = None
    taken = Taken(units, facts.values, facts.seat_degrees)
    if own_table is None:
        problems += taken.check([])
    else:
        town_names = dict(zip(towns.codes, towns.names, strict=True))
        in_towns = [town_names.get(code, "") for code in roster.towns]
        listed = Villages(roster.codes, roster.names, in_towns, roster.communities)
        given, understood, found = read_village_table(own_table, listed, taken)
        problems += found
    if not problems:
        problems += check_counts(facts.values, towns, roster)
    if problems:
        raise InputErrors(problems)
    names = (FACTS_FILE, "towns.csv", "roster.csv", "outline.geojson", RECOMMENDATIONS_FILE)
    digest = fingerprint([folder / name for name in names], own_table)
    if taken.said:
        digest = hashlib.sha256(f"{digest}{json.dumps(taken.said, sort_keys=True)}".encode()).hexdigest()
    place = build(folder.name, facts, towns, roster, outline, given, digest)
    read = tuple([*understood.habits_told(), *understood.unused_told()]) if understood else ()
    return replace(place, recommendations=recommendations, given_in=taken.said, given_read=read)


def load_facts(place: str | Path = "enyang") -> dict[str, Fact]:
    """The published numbers of a district with unit, place in the report or source, year and caveat.

    Raises:
        InputErrors: everything that is wrong with `district.yaml`.
    """
    content, problems = read_district_file(find_folder(place) / FACTS_FILE)
    if problems:
        raise InputErrors(problems)
    return content.facts


def find_folder(place: str | Path) -> Path:
    """The folder of a district or a province: one that comes with the package, or a path."""
    known = sorted(item.parent.name for name in (FACTS_FILE, PROVINCE_FILE) for item in PLACES.glob(f"*/{name}"))
    if str(place) in known:
        return PLACES / str(place)
    folder = user_path(place)
    if os.path.isdir(folder):  # false for a name that no system can have
        return folder.resolve()
    problem = Problem(
        "找不到这个区县(既无此名称,也无此文件夹)",
        "no such district: neither a known name nor a folder",
        field="district",
        value=str(place),
        allowed=", ".join(known),
        nearest=nearest(str(place), known),
    )
    raise InputErrors([problem])


def files_of(place: str | Path) -> dict[str, Path]:
    """Files of a user's own place by the name under which they are kept; none of a place of the package.

    Raises:
        InputErrors: there is no such place.
    """
    county = find_county(place)
    folder = county if isinstance(county, Path) else find_folder(place) if county is None else PLACES
    if folder.is_file():
        return {folder.name: folder}
    names = (FACTS_FILE, "towns.csv", "roster.csv", "outline.geojson", RECOMMENDATIONS_FILE, "villages.csv")
    files = county_files(folder) if county else [folder / name for name in names]
    return {f"{folder.name}/{path.name}": path for path in files if PLACES not in path.parents and path.is_file()}


def find_village_table(folder: Path, village_table: str | Path | None) -> Path | None:
    """The village table to read, if any."""
    if village_table is None:
        own = folder / "villages.csv"
        return own if own.is_file() else None
    path = user_path(village_table)
    return path / "villages.csv" if os.path.isdir(path) else path


def read_towns(path: Path) -> tuple[Towns, list[Problem]]:
    """Read `towns.csv`."""
    table, problems = read_table(path, TOWN_COLUMNS, TOWN_EXTRA_COLUMNS)
    if any(name not in table.columns for name in TOWN_COLUMNS):
        return Towns(), problems
    problems += check_unique(table, "code", "镇重复", "town stands twice")
    problems += check_unique(table, "name", "镇名重复", "name of a town stands twice")  # results go by name
    problems += check_filled(table, ("code", "name", "name_en", "area"))
    problems += check_codes(table, ("code",))
    position = np.zeros((len(table.rows), 2))
    parks = np.zeros(len(table.rows))
    for number, (row, line) in enumerate(zip(table.rows, table.lines, strict=True)):
        for axis, column in enumerate(("x_km", "y_km")):
            place = table.place(line, column)
            allowed = f"{-MOST_KM:g}–{MOST_KM:g} km"
            position[number, axis], problem = parse_number(row[column], -MOST_KM, MOST_KM, place, allowed)
            problems += [problem] if problem else []
        place = table.place(line, "park")
        parks[number], problem = parse_number(row["park"], 0, 1000, place, "0–1000")
        if problem is None and parks[number] != int(parks[number]):
            problem = Problem("应为整数", "must be a whole number", value=row["park"], **place)
        problems += [problem] if problem else []
    order = sorted(range(len(table.rows)), key=lambda number: table.rows[number]["code"])
    text = {name: [table.rows[number][name] for number in order] for name in TOWN_COLUMNS}
    towns = Towns(text["code"], text["name"], text["name_en"], text["area"], position[order], parks[order])
    return towns, problems


def check_filled(table: Table, columns: tuple[str, ...]) -> list[Problem]:
    """Cells of text columns that are empty."""
    return [
        Problem("单元格为空", "cell is empty", **table.place(line, column))
        for row, line in zip(table.rows, table.lines, strict=True)
        for column in columns
        if not row[column]
    ]


def check_codes(table: Table, columns: tuple[str, ...]) -> list[Problem]:
    """Codes with blanks inside: they look like others."""
    return [
        Problem("代码中有空格", "code holds blanks", value=row[column], **table.place(line, column))
        for row, line in zip(table.rows, table.lines, strict=True)
        for column in columns
        if any(letter.isspace() for letter in row[column])
    ]


def read_roster(path: Path, towns: Towns) -> tuple[Roster, list[Problem]]:
    """Read `roster.csv`: villages and communities with their towns, and the clusters if they are known."""
    table, problems = read_table(path, ROSTER_COLUMNS, ("cluster",))
    if any(name not in table.columns for name in ROSTER_COLUMNS):
        return Roster(), problems
    problems += check_unique(table, "code", "村(社区)重复", "stands twice")
    problems += check_filled(table, ("code", "name"))
    problems += check_codes(table, ("code", "town_code"))
    town_names = dict(zip(towns.codes, towns.names, strict=True))
    town_codes = dict(zip(towns.names, towns.codes, strict=True))
    for row, line in zip(table.rows, table.lines, strict=True):
        looks = len(problems) < MOST_NAMED
        if row["kind"] not in KINDS:
            problems.append(unknown_value(table, line, "kind", row["kind"], KINDS, looks=looks))
        if town_names and row["town_code"] not in town_names:
            named = town_codes.get(row["town"], "")
            problems.append(unknown_value(table, line, "town_code", row["town_code"], town_names, named, looks))
        elif town_names and row["town"] != town_names[row["town_code"]]:
            expected = town_names[row["town_code"]]
            zh, en = "镇名与代码不符", "name does not belong to the town code"
            problems.append(Problem(zh, en, value=row["town"], allowed=expected, **table.place(line, "town")))
    problems += check_clusters(table)
    villages = sorted((row for row in table.rows if row["kind"] == "village"), key=lambda row: row["code"])
    roster = Roster(
        codes=[row["code"] for row in villages],
        names=[row["name"] for row in villages],
        towns=[row["town_code"] for row in villages],
        clusters=[row["cluster"] for row in villages] if "cluster" in table.columns else [],
        communities=frozenset(row["code"] for row in table.rows if row["kind"] == "community"),
    )
    return roster, problems


def check_clusters(table: Table) -> list[Problem]:
    """Every village has a cluster, and a cluster lies inside one town."""
    if "cluster" not in table.columns:
        return []
    problems: list[Problem] = []
    town_of: dict[str, str] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        cluster = row["cluster"]
        place = {**table.place(line, "cluster"), "value": cluster}
        if row["kind"] != "village":
            continue
        if not cluster:
            problems.append(Problem("村没有片区", "village has no cluster", **place))
        elif town_of.setdefault(cluster, row["town_code"]) != row["town_code"]:
            zh, en = "片区跨镇:一个片区只能在一个镇内", "cluster straddles towns; it must lie inside one"
            problems.append(Problem(zh, en, allowed=town_of[cluster], **place))
    return problems


def read_outline(path: Path) -> tuple[tuple[np.ndarray, ...], list[Problem]]:
    """Outer rings of the schematic outline, each `(points, 2)` in degrees; a district may have none."""
    if not path.exists():
        return (), []
    text, problems = read_text(path)
    if problems:
        return (), problems
    try:
        rings: list[np.ndarray] = []
        for feature in json.loads(text)["features"]:
            geometry = feature["geometry"]
            parts = geometry["coordinates"]
            for part in parts if geometry["type"] == "MultiPolygon" else [parts]:
                ring = np.array(part[0], dtype=np.float64)
                if ring.ndim != 2 or ring.shape[1] < 2 or not np.isfinite(ring).all():
                    raise ValueError("ring")
                if (np.abs(ring[:, :2]) > (180, 90)).any():
                    raise ValueError("longitude -180–180, latitude -90–90")
                rings.append(ring[:, :2])
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError) as error:
        allowed = "FeatureCollection: Polygon, MultiPolygon"
        zh, en = "不是有效的 GeoJSON 轮廓", "is not a valid GeoJSON outline"
        return (), [Problem(zh, en, file=path.name, value=f"{error}", allowed=allowed)]
    return tuple(rings), []


def check_counts(facts: Mapping[str, float], towns: Towns, roster: Roster) -> list[Problem]:
    """The tables hold as many of everything as the facts say."""
    found = {
        "villages": len(roster.codes),
        "towns": len(towns.codes),
        "town_areas": len(set(towns.areas)),
        "parks": int(towns.parks.sum()),
    }
    files = {"villages": "roster.csv", "clusters": "roster.csv"}
    if roster.clusters:
        found["clusters"] = len(set(roster.clusters))
    if roster.communities:
        found["service_centres"] = len(roster.codes) + len(roster.communities)
        files["service_centres"] = "roster.csv"
    problems = [
        Problem(
            f"表中数目与 {FACTS_FILE} 不一致",
            f"number in the table differs from {FACTS_FILE}",
            file=files.get(name, "towns.csv"),
            field=name,
            value=str(number),
            allowed=f"{facts[name]:g}",
        )
        for name, number in found.items()
        if number != facts[name]
    ]
    peopled = set(roster.towns)
    problems += [
        Problem("镇没有村", "town has no village", file="roster.csv", field="town", value=name)
        for code, name in zip(towns.codes, towns.names, strict=True)
        if code not in peopled
    ]
    return problems


def fingerprint(files: list[Path], village_table: Path | None) -> str:
    """SHA-256 over names and bytes of the input files.

    Line ends are read as LF: version control turns them into CRLF on some machines, which changes no number.
    """
    digest = hashlib.sha256()
    inputs = [(path.name, path) for path in files if path.exists()]
    if village_table is not None:
        inputs.append(("villages.csv", village_table))
    for name, path in inputs:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def numbered(labels: list[str]) -> np.ndarray:
    """Labels as numbers from 0 in the order in which they come first."""
    number = {label: index for index, label in enumerate(dict.fromkeys(labels))}
    return np.array([number[label] for label in labels], dtype=np.int64)


def build(
    key: str,
    facts: DistrictFile,
    towns: Towns,
    roster: Roster,
    outline: tuple[np.ndarray, ...],
    given: Mapping[str, np.ndarray],
    digest: str,
) -> District:
    """The district from its checked parts; without a cluster column the clusters come by rule."""
    town_number = {code: index for index, code in enumerate(towns.codes)}
    town_of = np.array([town_number[code] for code in roster.towns], dtype=np.int64)
    if roster.clusters:
        cluster_of = numbered(roster.clusters)
    else:
        cluster_of = assign_clusters(town_of, int(facts.values["clusters"]))
    return District(
        key=key,
        zh=facts.zh,
        en=facts.en,
        village_code=np.array(roster.codes),
        village_name=np.array(roster.names),
        town_name=tuple(towns.names),
        town_name_en=tuple(towns.names_en),
        town_of=town_of,
        cluster_of=cluster_of,
        area_of_town=numbered(towns.areas),
        town_position_km=towns.position_km,
        parks_in_town=towns.parks.astype(np.int64),
        facts={**{name: value for name, (_, value, *_) in STAND_INS.items()}, **facts.values},
        stand_ins={name: {"zh": zh, "en": en} for name, (_, _, zh, en) in STAND_INS.items() if name not in facts.facts},
        outline_degrees=outline,
        seat_degrees=facts.seat_degrees,
        given=given,
        fingerprint=digest,
    )
