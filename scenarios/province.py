"""A synthetic province: a table of counties with their numbers of villages, each built as a district of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scenarios.cells import parse_number
from scenarios.county import County, build_county
from scenarios.county_district import find_county
from scenarios.county_scale import BY_TOWNS_WHOLE, BY_VILLAGES, BY_VILLAGES_WHOLE, OF_LAYOUT, scale_strategy
from scenarios.district import PROVINCE_FILE, find_folder, fingerprint, load_district
from scenarios.errors import InputErrors, Problem, nearest
from scenarios.plausibility import Taken
from scenarios.tables import check_unique, read_table
from scenarios.yaml_data import read_yaml
from sim.district import District
from sim.policies.base import Strategy

TABLE = "counties.csv"
COLUMNS = ("county_code", "county", "city", "villages")
KEYS = ("name", "template", "villages")
MOST_VILLAGES = 9999
"""Codes of villages have four digits after the county's."""


@dataclass(frozen=True)
class Province:
    """Counties that run as independent districts; all of them are synthetic but for their numbers of villages.

    Attributes:
        key: folder name.
        zh: Chinese name.
        en: English name.
        counties: districts with at least one village, in the order of their codes.
        left_out: counties of the table without a village.
        template: key of the district the counties are made after.
        template_villages: its number of villages, for which strategies are written.
        fingerprint: hash of the table, the declaration and the template.
    """

    key: str
    zh: str
    en: str
    counties: tuple[District, ...]
    left_out: int
    template: str
    template_villages: int
    fingerprint: str

    @property
    def villages(self) -> int:
        """Number of villages of all counties."""
        return sum(county.villages for county in self.counties)

    @property
    def towns(self) -> int:
        """Number of towns of all counties."""
        return sum(county.towns for county in self.counties)

    @property
    def clusters(self) -> int:
        """Number of village clusters of all counties."""
        return sum(county.clusters for county in self.counties)

    @property
    def villages_of(self) -> dict[str, int]:
        """Number of villages by key of the county."""
        return {county.key: county.villages for county in self.counties}

    @property
    def facts(self) -> dict[str, float]:
        """What the counties count, summed."""
        counted = (*OF_LAYOUT, *BY_VILLAGES_WHOLE, *BY_VILLAGES, *BY_TOWNS_WHOLE)
        return {
            name: sum(county.facts[name] for county in self.counties)
            for name in counted
            if all(name in county.facts for county in self.counties)
        }

    def strategy_in(self, county: District, strategy: Strategy) -> Strategy:
        """The strategy as a county of this size carries it out (see `county_scale.scale_strategy`)."""
        return scale_strategy(strategy, county, self.template_villages)

    def budget_of(self, county: District, annual: float | None) -> float | None:
        """The county's part of a yearly budget of the whole province, by villages, 万元; None stays None."""
        return None if annual is None else annual * county.villages / self.villages


def load_place(
    place: str | Path = "enyang", village_table: str | Path | None = None, **units: str | None
) -> District | Province:
    """Load a district, or a province where the folder declares one (`province.yaml`).

    Args:
        place: a folder of this package or the path of a folder of the same shape.
        village_table: a user's own village columns, for a district only.
        **units: `money_unit` and `position_unit` of that table, as for `load_district`.

    Raises:
        InputErrors: everything that is wrong with the files, at once.
    """
    if find_county(place) is not None:
        return load_district(place, village_table, **units)
    folder = find_folder(place)
    if not (folder / PROVINCE_FILE).is_file():
        return load_district(place, village_table, **units)
    wrong = Taken({name: unit for name, unit in units.items() if unit is not None}).check([])
    if wrong:
        raise InputErrors(wrong)
    if village_table is not None:
        zh, en = "合成省没有村级数据表", "a synthetic province takes no village table"
        raise InputErrors([Problem(zh, en, field="district.village_table", value=str(village_table), allowed="null")])
    return load_province(folder)


def load_province(folder: Path) -> Province:
    """Read the declaration and the table of counties, check both, and build every county with a village.

    Raises:
        InputErrors: everything that is wrong with the files, at once.
    """
    content, problems = read_declaration(folder / PROVINCE_FILE)
    counties, found = read_counties(folder / TABLE)
    problems += found
    total = sum(county.villages for county in counties)
    if not problems and total != content["villages"]:
        zh, en = f"表中数目与 {PROVINCE_FILE} 不一致", f"number in the table differs from {PROVINCE_FILE}"
        allowed = str(content["villages"])
        problems.append(Problem(zh, en, file=TABLE, field="villages", value=str(total), allowed=allowed))
    if not problems and total == 0:
        zh, en = "没有一个县有村", "no county has a village"
        problems.append(Problem(zh, en, file=TABLE, field="villages", value="0"))
    if problems:
        raise InputErrors(problems)
    template = load_district(content["template"])
    own = fingerprint([folder / PROVINCE_FILE, folder / TABLE], None)
    digest = hashlib.sha256(f"{own}{template.fingerprint}".encode()).hexdigest()
    built = [build_county(county, template) for county in counties if county.villages]
    districts = tuple(replace(county, fingerprint=digest) for county in built)
    return Province(
        key=folder.name, zh=content["name"]["zh"], en=content["name"]["en"], counties=districts,
        left_out=len(counties) - len(built), template=template.key, template_villages=template.villages,
        fingerprint=digest,
    )  # fmt: skip


def read_declaration(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """`province.yaml`: names in both languages, the template district, the number of villages."""
    data, problems = read_yaml(path)
    if problems:
        return {}, problems
    content = data.tree
    problems += [
        Problem("没有这个名称", "no such name", file=PROVINCE_FILE, field=str(key), allowed=", ".join(KEYS),
                nearest=nearest(str(key), KEYS))
        for key in content
        if key not in KEYS
    ]  # fmt: skip
    name, villages = content.get("name"), content.get("villages")
    if not (isinstance(name, Mapping) and all(isinstance(name.get(lang), str) and name[lang] for lang in ("zh", "en"))):
        zh, en = "名称应有中英文", "the name is needed in both languages"
        problems.append(Problem(zh, en, file=PROVINCE_FILE, field="name", allowed="{zh: ..., en: ...}"))
    if not isinstance(content.get("template"), str):
        zh, en = "应为区县名称", "must be the name of a district"
        problems.append(Problem(zh, en, file=PROVINCE_FILE, field="template", allowed="enyang"))
    if isinstance(villages, bool) or not isinstance(villages, int) or villages < 1:
        zh, en = "应为正整数", "must be a whole number above 0"
        problems.append(Problem(zh, en, file=PROVINCE_FILE, field="villages", value=str(villages), allowed="≥ 1"))
    return content, problems


def read_counties(path: Path) -> tuple[list[County], list[Problem]]:
    """The table of counties in the order of their codes; those without a village are in it."""
    table, problems = read_table(path, COLUMNS)
    if any(name not in table.columns for name in COLUMNS):
        return [], problems
    problems += check_unique(table, "county_code", "县重复", "county stands twice")
    counties = []
    for row, line in zip(table.rows, table.lines, strict=True):
        place = table.place(line, "villages")
        number, problem = parse_number(row["villages"], 0, MOST_VILLAGES, place, f"0–{MOST_VILLAGES}")
        if problem is None and number != int(number):
            problem = Problem("应为整数", "must be a whole number", value=row["villages"], **place)
        problems += [problem] if problem else []
        code = row["county_code"]
        if not (code.isascii() and code.isalnum()):
            zh, en = "代码应为字母或数字", "a code must be letters and digits"
            problems.append(Problem(zh, en, file=table.file, row=line, field="county_code", value=code))
        counties.append(County(code, row["county"] or code, row["city"], 0 if problem else int(number)))
    return sorted(counties, key=lambda county: county.code), problems
