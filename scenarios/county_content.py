"""What a county's sheets say, checked together: facts, towns, villages, measures in force, aims, observations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from scenarios.columns import VILLAGE_COLUMNS, VILLAGE_HEADINGS
from scenarios.county_income import TIERS
from scenarios.county_lines import FACTS, LONGEST, MOST_TOWNS, MOST_VILLAGES, Line
from scenarios.county_sheets import CountyTable, known, parse
from scenarios.errors import Problem, nearest
from scenarios.facts import AT_MOST
from scenarios.plausibility import Taken
from scenarios.tables import Table, office_table
from scenarios.understood import Understood, read_columns
from scenarios.village_table import check_registered
from sim.district import NOWHERE
from sim.policies.base import Choice
from sim.policies.registry import LEVERS

TEXTS = ("name", "name_en", "code")
COMMON = ("start", "end", "payer")


@dataclass
class Content:
    """What is known of a county.

    Attributes:
        texts: name, English name and code, as far as they are given.
        facts: facts that are given.
        towns: rows of the sheet of towns.
        villages: rows of the sheet of villages.
        given: village columns in the order of these rows.
        measures: levers in force with their settings; None if the county does not say.
        aims: rows of the sheet of aims.
        observations: rows of the sheet of observations.
        given_in: units that the user says the table of villages is in.
        given_read: how that table was read where it is not written plainly, Chinese and English.
    """

    texts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)
    towns: list[dict[str, Any]] = field(default_factory=list)
    villages: list[dict[str, Any]] = field(default_factory=list)
    given: dict[str, np.ndarray] = field(default_factory=dict)
    measures: dict[str, dict[str, Any]] | None = None
    aims: list[dict[str, Any]] = field(default_factory=list)
    observations: list[dict[str, Any]] = field(default_factory=list)
    given_in: Mapping[str, str] = field(default_factory=dict)
    given_read: tuple[tuple[str, str], ...] = ()


def read_content(tables: Mapping[str, CountyTable], units: Mapping[str, str]) -> tuple[Content, list[Problem]]:
    """The content of all sheets, and everything that is wrong within them and between them."""
    content, problems = Content(), []
    cells: dict[str, dict[str, Any]] = {}
    if "county" in tables:
        problems += read_facts(tables["county"], content, cells)
    for name in ("towns", "villages", "aims", "observations"):
        setattr(content, name, tables[name].rows if name in tables else [])
    if "measures" in tables:
        content.measures, found = read_measures(tables["measures"])
        problems += found
    taken = Taken(units, content.facts)
    problems += read_villages(tables["villages"], content, taken) if content.villages else taken.check([])
    if content.towns:
        problems += check_towns(tables["towns"], content)
    if not content.villages and "villages" not in content.facts:
        zh, en = "村表是空的，也没有行政村数", "no villages are listed, and their number is not given"
        file = next(iter(tables.values())).sheet.file if tables else ""
        problems.append(Problem(zh, en, file=file, field=FACTS["villages"].zh))
    return content, problems + list(check_counts(content, cells))


def read_facts(table: CountyTable, content: Content, cells: dict[str, dict[str, Any]]) -> list[Problem]:
    """The lines of the sheet of the county; `cells` is told where each stands."""
    problems = []
    for number, row in enumerate(table.rows):
        label = row.get("item") or ""
        line, place = known(label, tuple(FACTS.values())), table.place(number, "value")
        if line is None:
            near = nearest(label, [item.zh for item in FACTS.values()])
            place = table.place(number, "item")
            problems.append(Problem("没有这一项", "no such line", **place, value=label, nearest=near))
            continue
        place["field"] = label
        if line.name in cells:
            problems.append(Problem("这一项出现两次", "line stands twice", **place))
        cells[line.name] = place
        value, problem = parse(row.get("value") or "", line, place)
        if problem is None and line.name == "name" and value and not re.fullmatch(r"[\w ·（）()-]{1,40}", value):
            problem = Problem("县名只用文字", "a name is made of letters", value=value, **place)
        problems += [problem] if problem else []
        if value is not None:
            (content.texts if line.name in TEXTS else content.facts)[line.name] = value
    return problems


def read_villages(table: CountyTable, content: Content, taken: Taken) -> list[Problem]:
    """Village columns; each village stands once, and a cluster lies in one town."""
    rows = content.villages
    if len(rows) > MOST_VILLAGES:
        return [Problem("村数过多", "too many villages", file=table.sheet.file, allowed=f"≤ {MOST_VILLAGES:,}")]
    filled = [name for name in VILLAGE_COLUMNS if table.given(name)]
    office, problems = office_table([table.sheet], VILLAGE_HEADINGS) if filled else (Table(table.sheet.file), [])
    understood = Understood(office)
    values, found = read_columns(understood, taken) if filled else ({}, taken.check([]))
    row_of = {line: number for number, line in enumerate(office.lines)}
    for name, column in values.items():
        content.given[name] = np.array([column[row_of[line]] if line in row_of else np.nan for line in table.lines])
    number_of = {line: number for number, line in enumerate(table.lines)}
    problems = [addressed(item, table, number_of) for item in problems + found + check_registered(office, values)]
    content.given_in, content.given_read = taken.said, tuple(understood.habits_told())
    problems += twice(table, ("code",), "村代码重复", "code stands twice")
    problems += twice(table, ("town", "name"), "同一镇内村名重复", "name stands twice in a town")
    problems += whole_or_none(table, ("cluster",))
    town_of: dict[str, str] = {}
    for number, row in enumerate(rows):
        cluster = row.get("cluster")
        if cluster and town_of.setdefault(cluster, row["town"]) != row["town"]:
            zh, en = "片区跨镇：一个片区只能在一个镇内", "cluster straddles towns; it must lie inside one"
            place = table.place(number, "cluster")
            problems.append(Problem(zh, en, value=cluster, allowed=str(town_of[cluster]), **place))
    return problems


def addressed(problem: Problem, table: CountyTable, number_of: Mapping[int, int]) -> Problem:
    """The same problem of a village column, with the address and the heading of its cell."""
    if problem.field not in table.columns or problem.row is None:
        return replace(problem, file=problem.file or table.sheet.file)
    place = table.place(number_of[problem.row], problem.field)
    return replace(problem, column=place["column"], field=place["field"])


def twice(table: CountyTable, names: tuple[str, ...], zh: str, en: str) -> list[Problem]:
    """Rows whose values of these columns stood before."""
    first: dict[tuple[Any, ...], int] = {}
    problems = []
    for number, row in enumerate(table.rows):
        value = tuple(row.get(name) for name in names)
        if None in value:
            continue
        if value in first:
            words = (f"{zh}(首次在第 {first[value]} 行)", f"{en} (first in row {first[value]})")
            problems.append(Problem(*words, value=str(value[-1]), **table.place(number, names[-1])))
        first.setdefault(value, table.lines[number])
    return problems


def whole_or_none(table: CountyTable, names: tuple[str, ...]) -> list[Problem]:
    """Empty cells of columns that are filled in part."""
    zh, en = "单元格为空；整列都填，或整列不填", "cell is empty; fill the whole column or none of it"
    return [
        Problem(zh, en, **table.place(number, name))
        for name in names if any(table.given(item) for item in names)
        for number, row in enumerate(table.rows) if row.get(name) is None
    ]  # fmt: skip


def check_towns(table: CountyTable, content: Content) -> list[Problem]:
    """Each town once with its villages, and villages in these towns alone."""
    problems = twice(table, ("name",), "镇名重复", "name of a town stands twice")
    problems += whole_or_none(table, ("area",)) + whole_or_none(table, ("x_km", "y_km"))
    if len(table.rows) > MOST_TOWNS:
        problems.append(Problem("镇数过多", "too many towns", file=table.sheet.file, allowed=f"≤ {MOST_TOWNS}"))
    peopled = {row["town"] for row in content.villages if row.get("town")}
    for number, row in enumerate(table.rows):
        if content.villages and row["name"] and row["name"] not in peopled:
            near = nearest(row["name"], sorted(peopled))
            problems.append(Problem("镇没有村", "town has no village", value=row["name"], nearest=near,
                                    **table.place(number, "name")))  # fmt: skip
    return problems + [
        Problem("村表中的镇不在镇表中", "town of a village is not among the towns", file=table.sheet.file, value=name)
        for name in sorted(peopled - {row["name"] for row in table.rows})
    ]


def read_measures(table: CountyTable) -> tuple[dict[str, dict[str, Any]] | None, list[Problem]]:
    """Levers that are ticked with their settings; None if none is."""
    problems: list[Problem] = []
    found: dict[str, dict[str, Any]] = {}
    names = {label: key for key, lever in LEVERS.items() for label in (key, lever.zh, lever.en)}
    for number, row in enumerate(table.rows):
        key, place = names.get(row["lever"] or ""), table.place(number, "lever")
        if key is None:
            near = nearest(row["lever"] or "", list(names))
            problems.append(Problem("没有这项措施", "no such measure", **place, value=str(row["lever"]), nearest=near))
        elif row.get("is_on"):
            if key in found:
                problems.append(Problem("措施重复", "measure stands twice", **place, value=row["lever"]))
            settings = {name: row[name] for name in COMMON if row.get(name) is not None}
            settings |= {name: int(settings[name]) for name in ("start", "end") if name in settings}
            amounts, wrong = read_amounts(row.get("amounts") or "", key, table.place(number, "amounts"))
            intensity = row.get("intensity")
            found[key] = {"intensity": 1 if intensity is None else intensity, **settings, **amounts}
            for problem in wrong or LEVERS[key].check(found[key], NOWHERE, ""):
                column = problem.field if problem.field in table.columns else "amounts"
                problems.append(replace(problem, **(table.place(number, column) | {"field": problem.field})))
    return found or None, problems


def read_amounts(text: str, key: str, place: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Settings of a lever written as `名称=值；名称=值`."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    settings = {name: item for name, item in LEVERS[key].settings().items() if name not in ("intensity", "payer")}
    for part in filter(None, (part.strip() for part in re.split("[;；,，\n]", text))):
        label, _, value = (word.strip() for word in re.sub("[＝:：]", "=", part).partition("="))
        name = next((name for name, item in settings.items() if label in (name, item.zh, item.en)), None)
        if name is None or not value or len(part) > LONGEST:
            near = nearest(label, [item.zh for item in settings.values()])
            zh, en = "应写作“名称=值；名称=值”", "must be written name=value; name=value"
            problems.append(Problem(zh, en, value=part, nearest=near, **place))
            continue
        item = settings[name]
        if isinstance(item, Choice):
            line = Line(name, item.zh, item.en, kind="choice", choices=item.options)
        else:
            line = Line(name, item.zh, item.en, kind="number", low=item.low, high=item.high)
        found[name], problem = parse(value, line, {**place, "field": label})
        problems += [problem] if problem else []
    return found, problems


def check_counts(content: Content, cells: Mapping[str, dict[str, Any]]) -> Iterator[Problem]:
    """Lines of the county that contradict one another or the sheets."""
    facts, towns = content.facts, content.towns or [{"name": name} for name in towns_of(content.villages)]
    clusters, areas = {row.get("cluster") for row in content.villages}, {row.get("area") for row in towns}
    listed = {"villages": len(content.villages), "towns": len(towns)}
    listed |= {
        name: 0 if None in labels else len(labels) for name, labels in (("clusters", clusters), ("town_areas", areas))
    }
    if any(row.get("parks") is not None for row in towns):
        listed["parks"] = int(sum(row.get("parks") or 0 for row in towns))
    for name, number in listed.items():
        if name in facts and facts[name] != number and (number or name == "parks"):
            zh, en = "与其他工作表中的数目不一致", "differs from what the other sheets list"
            yield Problem(zh, en, **cells[name], value=f"{facts[name]:g}", allowed=str(number))
        elif number:
            facts[name] = float(number)
    for small, large in (*AT_MOST, ("towns", "villages")):
        if small in facts and large in facts and facts[small] > facts[large]:
            zh, en = f"不能大于{FACTS[large].zh}", f"can not exceed {FACTS[large].en}"
            place = cells.get(small) or cells.get(large) or {}
            yield Problem(zh, en, value=f"{facts[small]:.12g}", allowed=f"≤ {facts[large]:.12g}", **place)
    rural = facts.get("resident_population", np.inf) - facts.get("urban_population", 0)
    if rural < facts.get("villages", 0) and "population" not in content.given:
        zh, en = "减去城镇常住人口，每村不足一人", "leaves less than one person a village outside towns"
        yield Problem(zh, en, value=f"{facts['resident_population']:g}", **cells["resident_population"])
    tiers = [name for name in TIERS if name in facts]
    if tiers and len(tiers) < len(TIERS):
        absent = next(name for name in TIERS if name not in facts)
        place = {**cells[tiers[0]], "field": FACTS[absent].zh}
        yield Problem("六档村数须都填", "all six tiers are needed", **place)
    elif tiers and "villages" in facts and (total := sum(facts[name] for name in TIERS)) != facts["villages"]:
        zh, en = "六档村数之和与村数不一致", "the tiers do not add up to the villages"
        yield Problem(zh, en, **cells[tiers[-1]], value=f"{total:g}", allowed=f"{facts['villages']:g}")


def towns_of(villages: list[dict[str, Any]]) -> list[str]:
    """Names of the towns in which villages lie, in the order in which they come first."""
    return list(dict.fromkeys(row["town"] for row in villages if row.get("town")))
