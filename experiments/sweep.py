"""A sweep: cells that differ in a few settings, as strategies of one study in the same futures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException

from experiments.chinese_names import COMMON, Translation
from experiments.declarations import nested
from experiments.overrides import WHERE, Invocation, bare, each_job, quote_foreign, quoted, readable, translated
from experiments.strategies import read_strategy
from experiments.user_yaml import Options, merged, set_intensities
from scenarios.sheets import user_path
from scenarios.tables import read_table
from sim.parameters import Parameter, check_number, unknown_names
from sim.policies.base import Choice, Strategy
from sim.policies.registry import LEVERS
from sim.problems import Problem
from sim.world import DECLARED

MOST_CELLS = 400
STRATEGY, LEVER, PARAMETER = "strategy", "strategy.levers.", "parameters."
SETTING = re.compile(rf"{STRATEGY}|strategy\.levers\.[^.]+\.[^.]+|parameters\..+")
"""What may differ between cells: the strategy, settings of its measures, parameters of the model."""
KEEPS_JOBS_APART = ("hydra", "verbose")
"""Words after which `run -m` starts a job for each combination, as it does where something else is swept."""
SENTENCES = {"start": {"zh": "{} 年起", "en": "from {}"}, "end": {"zh": "到 {} 年", "en": "until {}"}}
"""How the name of a cell tells a date; other settings are label and value."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sweep:
    """The cells of a sweep and what they are compared with.

    Attributes:
        strategies: references that are no cells, then the cells.
        reference: key of the first cell's reference.
        fixed: world parameters that each strategy holds at a value of its own, by key.
        told: as the manifest holds it: base; reference as it is named; settings in order with labels, different values
            and their texts; cells with values (None = not set in this cell) and the key of their reference.
    """

    strategies: tuple[Strategy, ...] = ()
    reference: str = ""
    fixed: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)


def gathered(invocation: Invocation) -> Invocation:
    """The same with all words that give several values to what cells may differ in as one list: `swept`.

    `run -m` becomes a sweep where all that it gives several values to can be told apart in this way.
    """
    if invocation.job != "sweep" and (invocation.job != "run" or not invocation.is_sweep or invocation.only_shows):
        return invocation
    several = [word for word in invocation.overrides if gives_several(word)]
    swept = [word for word in several if SETTING.fullmatch(word.partition("=")[0])]
    apart = any(re.split("[./=]", word)[0] in KEEPS_JOBS_APART for word in invocation.overrides)
    if not swept or (invocation.job == "run" and (apart or len(swept) < len(several))):
        return invocation
    others = [word for word in invocation.overrides if word not in swept]
    is_sweep = invocation.is_sweep and len(swept) < len(several)
    flags = [word for word in invocation.flags if is_sweep or word not in ("-m", "--multirun")]
    listed = f"swept=[{','.join(map(quoted, swept))}]"
    return replace(invocation, job="sweep", overrides=(*others, listed), flags=tuple(flags), is_sweep=is_sweep)


def gives_several(word: str) -> bool:
    """Whether a word gives several values for a name; one that can't be read is told elsewhere."""
    try:
        return bool(OverridesParser.create().parse_override(word).is_sweep_override())
    except (HydraException, RecursionError):
        return False


def written_out(words: Sequence[str]) -> list[str]:
    """Words of a job as a user would type them: those that were gathered stand for themselves."""
    found: list[str] = []
    for word in words:
        swept = OverridesParser.create().parse_override(word).value() if word.startswith("swept=[") else [bare(word)]
        found += map(str, swept)
    return found


def words_of(told: Mapping[str, Any], key: str, parameters: Mapping[str, float]) -> list[str]:
    """What `run` is to be told so that it does what a strategy of a sweep does, its parameters included."""
    cell = next((cell for cell in told["cells"] if cell["key"] == key), {"values": []})
    pairs = zip((item["path"] for item in told["settings"]), cell["values"], strict=False)
    given = {STRATEGY: told["base"] if cell["values"] else told["reference"]}
    given |= {path: value for path, value in pairs if value is not None and not path.startswith(PARAMETER)}
    held = [f"{PARAMETER}{name}={value}" for name, value in parameters.items()]
    return [
        *(f"{path}={as_word(value)}" for path, value in given.items()),
        *held,
        f"world.fixed=[{','.join(parameters)}]",
    ]


def as_word(value: Any) -> str:
    """A value as a word of the command line holds it."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{as_word(item)}" for key, item in value.items()) + "}"
    return quote_foreign(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_rows(swept: Any, file: Any) -> tuple[list[Row], list[Problem]]:
    """What is set in each cell, by path: every combination of the swept values with every row of a file.

    Args:
        swept: words such as `parameters.fixed_cost=1,2`.
        file: name of a CSV file, or None.
    """
    if not isinstance(swept, list) or not all(isinstance(word, str) for word in swept):
        zh, en, allowed = (
            "应为“名称=值,值”的列表",
            "must be a list of name=value,value",
            '["parameters.fixed_cost=1,2"]',
        )
        return [], [Problem(zh, en, file=WHERE, field="swept", value=str(swept), allowed=allowed)]
    lines, problems = ([[]], []) if file is None else listed(file)
    words, wrong = readable(Invocation("sweep", tuple(swept), is_sweep=True))
    jobs = [] if wrong else each_job(words, True)
    problems = problems + wrong + too_many(len(lines) * len(jobs))
    if problems:
        return [], problems
    parse = cache(OverridesParser.create().parse_override)
    pairs = [[parse(word) for word in (*line, *job)] for line in lines for job in jobs]
    rows = [{word.key_or_group: word.value() for word in row} for row in pairs]
    return rows, check_rows(rows)


def too_many(cells: int) -> list[Problem]:
    """Whether there are more cells than one report can tell apart."""
    place = {"file": WHERE, "field": "swept, cells", "value": str(cells), "allowed": f"≤ {MOST_CELLS}"}
    return [Problem("格数过多", "too many cells", **place)] if cells > MOST_CELLS else []


def listed(file: Any) -> tuple[list[list[str]], list[Problem]]:
    """The words of each row of a CSV file that lists cells: a column for each setting; an empty cell sets nothing."""
    if not isinstance(file, str):
        return [], [Problem("应为文件", "must be a file", file=WHERE, field="cells", value=str(file))]
    table, problems = read_table(user_path(file), (), every_setting(), path_of)
    many, lines = too_many(len(table.rows)), []
    for row, line in zip(() if many else table.rows, table.lines, strict=False):
        typed = [f"{name}={cell}" for name, cell in row.items() if cell]
        words, refused = translated(typed)
        good, wrong = readable(Invocation("sweep", tuple(words)))
        problems += [replace(problem, file=table.file, row=line) for problem in refused + wrong]
        lines.append(good)
    return lines, problems + many


def path_of(heading: str) -> str:
    """The setting that a heading names; all may have their Chinese names."""
    return ".".join(Translation(WHERE).path(heading.strip()))


def every_setting() -> list[str]:
    """Everything that cells may differ in."""
    settings = [f"{LEVER}{key}.{name}" for key, lever in LEVERS.items() for name in lever.defaults()]
    return [STRATEGY, *settings, *(f"{PARAMETER}{name}" for name in DECLARED)]


def check_rows(rows: Sequence[Row]) -> list[Problem]:
    """Names that cells can't differ in, wrong values of parameters, cells that stand twice, and too many of them."""
    problems = [wrong for path in paths_of(rows) for wrong in check_path(path)]
    for path in () if problems else paths_of(rows):
        if path.startswith(PARAMETER):
            values = (row[path] for row in rows if path in row)
            item = DECLARED[path.removeprefix(PARAMETER)]
            problems += [wrong for value in values for wrong in check_number(item, value, WHERE)]
    if not problems:
        place = {"file": WHERE, "field": "swept, cells"}
        texts = [json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows]
        twice = [text for text in dict.fromkeys(texts) if texts.count(text) > 1]
        problems += [Problem("同一格列了两次", "a cell stands twice", **place, value=text) for text in twice[:5]]
        if not any(rows):
            zh, en = "没有要比较的设置；请给出几个值", "nothing is swept; give several values to a setting"
            problems.append(Problem(zh, en, **place, allowed="strategy.levers.joint_building.intensity=0.5,1"))
    return list(dict.fromkeys(problems))


def paths_of(rows: Iterable[Row]) -> list[str]:
    """Everything that any row sets, in the order in which the fullest rows have it."""
    return list(dict.fromkeys(path for row in sorted(rows, key=len, reverse=True) for path in row))


def check_path(path: str) -> list[Problem]:
    """Why cells can't differ in something."""
    if SETTING.fullmatch(path):
        return unknown_names([path], every_setting(), WHERE)
    zh = "各格只能有不同的策略、措施设置和参数；地方、年限、起点等请用 -m，每个值一项推演"
    en = "cells differ in strategy, settings and parameters; places, years, starts: -m makes a study of each"
    return [Problem(zh, en, file=WHERE, field=path, allowed="strategy, strategy.levers.…, parameters.…")]


def build(
    rows: Sequence[Row], nodes: Mapping[str, Any], base: str, reference: tuple[str, Any], words: Sequence[str],
    own: Options,
) -> tuple[Sweep, list[Problem]]:  # fmt: skip
    """The strategies of a sweep; each combination of swept parameters has a reference that holds the same values.

    Args:
        rows: what is set in each cell.
        nodes: composed strategies by name, as cells build on them.
        base: the strategy where a cell names none.
        reference: name and composed strategy that cells are compared with, as it is without words of the command line.
        words: the job's words.
        own: the user's own options.
    """
    called = {key: (str(node.get("zh") or key), str(node.get("en") or key)) for key, node in nodes.items()}
    settings = settings_of(rows, called)
    are_plain = paths_of(rows) == [STRATEGY] and not any(word.startswith("strategy.") for word in words)
    name, node = reference
    plain, problems = read_strategy(name, node, set_intensities(name, [], own))
    cells, fixed = [], {}
    for number, row in enumerate(rows, start=1):
        source = str(row.get(STRATEGY, base))
        key = source if are_plain else f"cell_{number:0{len(str(len(rows)))}d}"
        levers = {path.removeprefix("strategy."): value for path, value in row.items() if path.startswith(LEVER)}
        switched = set_intensities(source, [*words, *(f"{path}=" for path in row)], own)
        cell, wrong = read_strategy(key, merged(nodes[source], nested(levers)), switched)
        problems += wrong
        zh, en = (phrase(row, settings, language) for language in ("zh", "en"))
        told_zh, told_en = f"{cell.zh}：{zh}。", f"{cell.en}: {en}."
        cells.append(cell if are_plain else replace(cell, zh=zh, en=en, description_zh=told_zh, description_en=told_en))
        fixed[key] = {path.removeprefix(PARAMETER): float(row[path]) for path in row if path.startswith(PARAMETER)}
    references = references_of(plain, cells, fixed, [with_parameters(plain, row, settings) for row in rows])
    entries = [
        {"key": cell.key, "values": [row.get(item["path"]) for item in settings], "reference": references[cell.key].key}
        for cell, row in zip(cells, rows, strict=True)
    ]
    apart = {item.key: item for item in references.values() if item not in cells}
    held = {references[key].key: values for key, values in fixed.items()} | fixed
    told = {"base": base, "reference": name, "reference_zh": plain.zh, "reference_en": plain.en, "settings": settings,
            "cells": entries}  # fmt: skip
    return Sweep(
        (*apart.values(), *cells), entries[0]["reference"], {k: v for k, v in held.items() if v}, told
    ), problems


def references_of(
    plain: Strategy, cells: Sequence[Strategy], fixed: Mapping[str, Row], called: Sequence[Strategy]
) -> dict[str, Strategy]:
    """What each cell is compared with, by the cell's key: with the same parameters, a cell where one does the same.

    Args:
        plain: the reference.
        cells: all cells.
        fixed: parameters that each of them holds.
        called: the reference for each of them, under the name that tells these parameters.
    """
    found: dict[tuple[tuple[str, float], ...], Strategy] = {}
    keys, alike = {cell.key for cell in cells}, [cell for cell in cells if is_same(cell, plain)]
    for cell, reference in zip(cells, called, strict=True):
        held = tuple(fixed[cell.key].items())
        if held not in found:
            number = 1 + len({item.key for item in found.values()} - keys)
            new = replace(reference, key=plain.key if number == 1 else f"{plain.key}_{number}")
            found[held] = next((other for other in alike if fixed[other.key] == fixed[cell.key]), new)
    return {cell.key: found[tuple(fixed[cell.key].items())] for cell in cells}


def is_same(one: Strategy, two: Strategy) -> bool:
    """Whether two strategies do the same under different names."""
    levers = [{key: item for key, item in each.levers.items() if item.get("intensity", 0) != 0} for each in (one, two)]
    return levers[0] == levers[1] and one.without == two.without


def phrase(row: Row, settings: Sequence[Mapping[str, Any]], language: str) -> str:
    """What a cell sets, in words: `力度 0.5，2025 年起`."""
    found = [item[f"phrases_{language}"][position(item["values"], row[item["path"]])]
             for item in settings if item["path"] in row]  # fmt: skip
    return {"zh": "，", "en": ", "}[language].join(found)


def with_parameters(strategy: Strategy, row: Row, settings: Sequence[Mapping[str, Any]]) -> Strategy:
    """A reference whose name tells the parameters that it holds."""
    held = {path: row[path] for path in row if path.startswith(PARAMETER)}
    zh, en = (phrase(held, settings, language) for language in ("zh", "en"))
    return replace(strategy, zh=f"{strategy.zh}（{zh}）", en=f"{strategy.en} ({en})") if zh else strategy


def settings_of(rows: Sequence[Row], called: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """Everything that is swept: labels, unit, the different values, what is written for each and what is said of it.

    Args:
        rows: what is set in each cell.
        called: names of strategies in both languages, by key.
    """
    paths = paths_of(rows)
    several = len({path.split(".")[2] for path in paths if path.startswith(LEVER)}) > 1
    return [setting_of(path, rows, called, several) for path in paths]


def setting_of(path: str, rows: Sequence[Row], called: Mapping[str, tuple[str, str]], several: bool) -> dict[str, Any]:
    """One swept setting; where settings of several measures are swept it says whose it is."""
    values: list[Any] = []
    for row in rows:
        if path in row and position(values, row[path]) < 0:
            values.append(row[path])
    if all(isinstance(value, int | float) for value in values):
        values.sort()
    name = path.rpartition(".")[2]
    declared: Parameter | Choice | None = DECLARED.get(path.removeprefix(PARAMETER))
    (zh, en), whose = COMMON.get(name, (name, name)), ("", "")
    if path.startswith(LEVER):
        lever = LEVERS[path.split(".")[2]]
        declared = lever.settings().get(name)
        whose = (lever.zh, f"{lever.en}: ") if several else whose
    if declared is not None:
        zh, en = declared.zh, declared.en
    unit, unit_zh = (declared.unit, declared.unit_zh) if isinstance(declared, Parameter) else ("", "")
    options = declared.options if isinstance(declared, Choice) else {}
    texts = [called[value] if path == STRATEGY else (options[value], value) if str(value) in options else text_of(value)
             for value in values]  # fmt: skip
    told: dict[str, Any] = {"path": path, "zh": whose[0] + zh, "en": whose[1] + en, "unit": unit, "unit_zh": unit_zh}
    if path == STRATEGY:
        told |= {"zh": "策略", "en": "strategy"}
    told |= {"values": values, "texts_zh": [text[0] for text in texts], "texts_en": [text[1] for text in texts]}
    for language, of in zip(("zh", "en"), whose, strict=True):
        sentence = SENTENCES.get(name, {}).get(language) if path.startswith(LEVER) else None
        of = f"{of} " if of and language == "zh" else of
        told[f"phrases_{language}"] = [
            text if path == STRATEGY else f"{of}{sentence.format(text)}" if sentence and text.isdigit()
            else f"{told[language]} {text}" for text in told[f"texts_{language}"]
        ]  # fmt: skip
    return told


def position(values: Sequence[Any], value: Any) -> int:
    """Place of a value among others, -1 where it is none of them; true is not 1."""
    return next((place for place, other in enumerate(values) if repr(other) == repr(value)), -1)


def text_of(value: Any) -> tuple[str, str]:
    """A value in words: a number, a list, or numbers by year."""
    if value is None:
        return "不设", "not set"
    if isinstance(value, Mapping):
        return ("、".join(f"{year} 年起 {number}" for year, number in value.items()),
                ", ".join(f"{number} from {year}" for year, number in value.items()))  # fmt: skip
    if isinstance(value, list):
        return "、".join(map(str, value)), ", ".join(map(str, value))
    text = f"{value:.12g}" if isinstance(value, float) else str(value)
    return text, text
