"""Read `district.yaml`: the names of a district and its published numbers, each with its place or source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenarios.errors import Problem, nearest
from scenarios.yaml_data import read_yaml

FILE = "district.yaml"
TOP_KEYS = ("name", "code", "seat", "report", "other")
FACT_KEYS = ("value", "unit", "place", "phrase", "source", "year", "n", "note", "at_least")

REQUIRED_FACTS: dict[str, tuple[float, float]] = {
    "villages": (1, 100_000),
    "towns": (1, 10_000),
    "clusters": (1, 100_000),
    "town_areas": (1, 10_000),
    "parks": (0, 10_000),
    "settlements": (0, 100_000),
    "capable_secretaries": (0, 100_000),
    "reserve_cadres": (0, 1_000_000),
    "reserve_cadres_with_college": (0, 1_000_000),
    "reserve_mean_age": (22, 45),
    "departments": (0, 10_000),
    "pipeline_projects": (0, 1_000_000),
    "renovated_centres": (0, 1_000_000),
    "service_centres": (1, 1_000_000),
    "professionals": (0, 100_000),
    "renewed_town_chiefs": (0, 10_000),
    "resident_population": (1, 1e9),
    "urban_population": (0, 1e9),
    "registered_population": (1, 1e9),
}
"""Facts that the model needs, with lowest and highest value."""
MEANS = ("reserve_mean_age", "city_income_mean")
"""Facts that need not be whole numbers."""

STAND_INS: dict[str, tuple[tuple[float, float], float, str, str]] = {
    "city_income_mean": ((0.01, 10_000), 9.56, "村均集体收入（巴中市2023年公布的9.56万元）",
                         "mean collective income per village (9.56万元, published of Bazhong city for 2023)"),
    "enterprise_rate_villages": ((1, 100_000), 209, "招商企业到来数所指的村数（209个）",
                                 "villages that the rate of arriving enterprises is stated for (209)"),
}  # fmt: skip
"""Facts that the model needs and a district may not know: range, the value that stands in, and what is said of it."""

LARGEST = 1e15
"""Larger numbers, infinity and NaN are refused."""

AT_MOST: tuple[tuple[str, str], ...] = (
    ("towns", "clusters"),
    ("clusters", "villages"),
    ("town_areas", "towns"),
    ("settlements", "villages"),
    ("capable_secretaries", "villages"),
    ("reserve_cadres_with_college", "reserve_cadres"),
    ("renovated_centres", "service_centres"),
    ("villages", "service_centres"),
    ("renewed_town_chiefs", "towns"),
    ("urban_population", "resident_population"),
)
"""Pairs of facts of which the first can't exceed the second."""


@dataclass(frozen=True)
class Fact:
    """A published number.

    Attributes:
        name: English key.
        value: the number.
        unit: unit as printed.
        place: section of the report, for example `一(三)`; empty if it is not in the report.
        phrase: short Chinese phrase that names it.
        source: where it is published, if not in the report.
        year: year it speaks of, if not the report's.
        number: number of the figure in the list N1..N44 of the model description; empty if none.
        note: caveat.
        at_least: the source says "more than".
    """

    name: str
    value: float
    unit: str = ""
    place: str = ""
    phrase: str = ""
    source: str = ""
    year: int | None = None
    number: str = ""
    note: str = ""
    at_least: bool = False


@dataclass
class DistrictFile:
    """What `district.yaml` says.

    Attributes:
        zh: Chinese name of the district.
        en: English name.
        seat_degrees: longitude and latitude of the seat; empty if not given.
        facts: published numbers by name.
    """

    zh: str = ""
    en: str = ""
    seat_degrees: tuple[float, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, float]:
        """Values of all facts by name."""
        return {name: fact.value for name, fact in self.facts.items()}


def read_district_file(path: Path) -> tuple[DistrictFile, list[Problem]]:
    """Read and check `district.yaml`."""
    result = DistrictFile()
    data, problems = read_yaml(path)
    if problems:
        return result, problems
    content = data.tree
    problems += unknown_keys(content, TOP_KEYS, "")
    result.zh, result.en, name_problems = read_name(content.get("name"))
    problems += name_problems
    problems += read_seat(content.get("seat"), result)
    for section in ("report", "other"):
        problems += read_section(section, content.get(section), result)
    return result, problems + check_facts(result.values)


def unknown_keys(mapping: Mapping[Any, Any], valid: tuple[str, ...], inside: str) -> list[Problem]:
    """One problem for each key that does not exist, with the nearest that does."""
    return [
        Problem(
            "没有这个名称",
            "no such name",
            file=FILE,
            field=f"{inside}{key}",
            allowed=", ".join(valid),
            nearest=nearest(str(key), valid),
        )
        for key in mapping
        if key not in valid
    ]


def read_name(name: Any) -> tuple[str, str, list[Problem]]:
    """Chinese and English name."""
    if isinstance(name, dict) and name.get("zh") and name.get("en"):
        return str(name["zh"]), str(name["en"]), []
    allowed = "{zh: 恩阳区, en: Enyang}"
    return "", "", [Problem("缺少中英文名称", "names are missing", file=FILE, field="name", allowed=allowed)]


def read_seat(seat: Any, result: DistrictFile) -> list[Problem]:
    """Coordinate of the district seat; may be left out."""
    if seat is None:
        return []
    degrees = [seat.get(name) for name in ("longitude", "latitude")] if isinstance(seat, dict) else [None]
    numbers = [float(item) for item in degrees if isinstance(item, int | float)]
    if len(numbers) == 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90:
        result.seat_degrees = tuple(numbers)
        return []
    allowed = "{longitude: -180–180, latitude: -90–90}"
    return [Problem("坐标应为经纬度", "must be degrees", file=FILE, field="seat", value=str(seat), allowed=allowed)]


def read_section(section: str, entries: Any, result: DistrictFile) -> list[Problem]:
    """Facts of one section of the file."""
    if entries is None:
        return []
    if not isinstance(entries, dict):
        allowed = "name: {value, unit, place, phrase}"
        return [Problem("应为名称与数值", "must be a mapping", file=FILE, field=section, allowed=allowed)]
    problems: list[Problem] = []
    for name, entry in entries.items():
        where = f"{section}.{name}"
        if not isinstance(entry, dict):
            problems.append(
                Problem(
                    "应写明数值与出处",
                    "needs a value and where it is from",
                    file=FILE,
                    field=where,
                    value=str(entry),
                    allowed="{value, unit, place | source, year, phrase}",
                )
            )
            continue
        problems += unknown_keys(entry, FACT_KEYS, f"{where}.")
        value = entry.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
            problems.append(Problem("应为数字", "must be a number", file=FILE, field=where, value=str(value)))
            continue
        if not entry.get("place") and not entry.get("source"):
            problems.append(
                Problem("缺少出处", "has no place or source", file=FILE, field=where, allowed="place | source")
            )
        if name in result.facts:
            problems.append(Problem("名称重复", "stands twice", file=FILE, field=where))
        result.facts[str(name)] = make_fact(str(name), entry)
    return problems


def make_fact(name: str, entry: Mapping[str, Any]) -> Fact:
    """A fact from its entry in the file."""
    text = {key: str(entry.get(key, "")) for key in ("unit", "place", "phrase", "source", "note")}
    year = entry.get("year")
    return Fact(
        name,
        float(entry["value"]),
        **text,
        year=year if isinstance(year, int) else None,
        number=str(entry.get("n", "")),
        at_least=bool(entry.get("at_least", False)),
    )


def check_facts(values: Mapping[str, float]) -> list[Problem]:
    """Facts that the model needs: present, whole, inside their range, and not contradicting one another."""
    problems: list[Problem] = []
    spare = [name for name in values if name not in REQUIRED_FACTS]
    known = {name: bounds for name, (bounds, *_) in STAND_INS.items() if name in values}
    for name, (low, high) in {**REQUIRED_FACTS, **known}.items():
        allowed = f"{low:g}–{high:g}"
        if name not in values:
            near = nearest(name, spare)
            problems.append(
                Problem("缺少这一数据", "fact is missing", file=FILE, field=name, allowed=allowed, nearest=near)
            )
            continue
        value = values[name]
        place: dict[str, Any] = {"file": FILE, "field": name, "value": f"{value:g}", "allowed": allowed}
        if not low <= value <= high:
            problems.append(Problem("超出允许范围", "is outside the allowed range", **place))
        elif name not in MEANS and value != int(value):
            problems.append(Problem("应为整数", "must be a whole number", **place))
    for small, large in AT_MOST:
        if small in values and large in values and values[small] > values[large]:
            problems.append(
                Problem(
                    f"不能大于 {large}",
                    f"can not exceed {large}",
                    file=FILE,
                    field=small,
                    value=f"{values[small]:.12g}",
                    allowed=f"≤ {values[large]:.12g}",
                )
            )
    return problems
