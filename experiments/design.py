"""Designs: how the futures of a study are chosen (`conf/design/`).

`futures` numbers them; `lhs` and `sobol` spread parameters over their ranges; `grid` crosses values with futures;
`table` takes them from a user's CSV file. A design sets parameters of the world;
what a strategy sets is swept with `-m`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from experiments.chinese_names import by_label
from experiments.declarations import flat
from scenarios.cells import NUMBER
from scenarios.columns import narrow
from scenarios.sheets import user_path
from scenarios.tables import Table, read_table
from sim.checks import LARGEST_NUMBER
from sim.futures import NO_WORLD, Futures, numbered
from sim.parameters import Parameter, check_number, unknown_names
from sim.problems import Problem, nearest
from sim.world import DECLARED, spread

FUTURES, LHS, SOBOL, GRID, TABLE = "futures", "lhs", "sobol", "grid", "table"
KEYS = {
    FUTURES: (),
    LHS: ("parameters", "seed", "repeats"),
    SOBOL: ("parameters", "seed", "repeats"),
    GRID: ("values",),
    TABLE: ("file",),
}
"""Kinds of design and what each of them takes."""
MOST_FUTURES = 1_000_000
NUMBERS = {"world": "世界", "seed": "种子"}
"""Columns of a table besides parameters, with their Chinese headings."""
HEADINGS = by_label([*DECLARED.items(), *NUMBERS.items()])
"""Names by Chinese label, which may stand in the head of a table instead."""


@dataclass(frozen=True)
class Asked:
    """A design as asked for.

    Attributes:
        futures: number of futures; in a grid for each combination, in a table without effect.
        drawn: whether what the design does not set is drawn in each world, or stays at its default.
        fixed: parameters held at a value of their own; a design can't set them as well.
        ranges: ranges that replace the declared ones.
    """

    futures: int
    drawn: bool
    fixed: Mapping[str, float] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def read_design(node: Any, asked: Asked, where: str) -> tuple[Futures, dict[str, Any], list[Problem]]:
    """The futures of a design, how it is told in results, and all that is wrong with it.

    Args:
        node: the configuration's `design`.
        asked: number of futures and what the rest of the configuration holds fixed.
        where: place named in problems.
    """
    reader = {FUTURES: _futures, LHS: _spread, SOBOL: _spread, GRID: _grid, TABLE: _table}
    place = f"{where} design"
    kind = str(node.get("kind")) if isinstance(node, Mapping) else str(node)
    if kind not in KEYS or not isinstance(node, Mapping):
        zh, en, near = "没有这种方案", "no such design", nearest(kind, KEYS)
        problem = Problem(zh, en, file=where, field="design.kind", value=kind, allowed=", ".join(KEYS), nearest=near)
        return numbered([]), {}, [problem]
    problems = unknown_names(node, ("kind", *KEYS[kind]), place)
    found, told, wrong = reader[kind](node, asked, place)
    both = [name for name in found.names if name in asked.fixed]
    for name in both:
        zh, en = (
            "方案已给出这个参数，不能再固定为一个值",
            "the design sets this parameter, so it can't be held fixed too",
        )
        problems.append(Problem(zh, en, file=place, field=name, value=f"{asked.fixed[name]:g}"))
    problems += idle_ranges(asked, found.names, is_listed=kind in (GRID, TABLE), where=where)
    return found, {"kind": kind, **told, "sets": len(found.names)}, problems + wrong


def idle_ranges(asked: Asked, names: Sequence[str], is_listed: bool, where: str) -> list[Problem]:
    """Ranges that can change no number.

    Args:
        asked: the ranges, and what is held fixed.
        names: parameters that the design sets.
        is_listed: whether it sets listed values; else it spreads them over their ranges.
        where: place named in problems.
    """
    problems = []
    for name in asked.ranges:
        if name in asked.fixed:
            zh, en = "这个参数已固定，取值范围不起作用", "the parameter is held fixed, so that its range has no effect"
        elif name in names and is_listed:
            zh, en = (
                "方案已列出这个参数的值，取值范围不起作用",
                "the design lists its values, so that its range has no effect",
            )
        elif name not in names and not asked.drawn:
            zh, en = "world.draw 为 false，取值范围不起作用", "world.draw is false, so that its range has no effect"
        else:
            continue
        problems.append(Problem(zh, en, file=where, field=f"world.ranges.{name}", value=str(list(asked.ranges[name]))))
    return problems


def only(futures: Futures, numbers: Any, where: str) -> tuple[Futures, list[Problem]]:
    """Some futures of a design by their place in it, from 0; all where none is named."""
    if not isinstance(numbers, list):
        zh, en = "应为序号的列表", "must be a list of numbers"
        return futures, [Problem(zh, en, file=where, field="only", value=str(numbers), allowed="[17]")]
    most = len(futures) - 1
    wrong = [number for number in numbers if not _whole(number) or not 0 <= number <= most]
    if wrong:
        zh, en = "没有这个序号的未来", "no future of this number"
        return futures, [
            Problem(zh, en, file=where, field="only", value=str(number), allowed=f"0–{most}") for number in wrong
        ]
    return (futures.take(np.array(sorted(set(numbers)), dtype=np.int64)) if numbers else futures), []


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _draws(number: int, asked: Asked) -> np.ndarray:
    return np.arange(number) if asked.drawn else np.full(number, NO_WORLD)


def _futures(node: Mapping[str, Any], asked: Asked, place: str) -> tuple[Futures, dict[str, Any], list[Problem]]:
    return numbered(range(asked.futures), asked.drawn), {}, []


def _spread(node: Mapping[str, Any], asked: Asked, place: str) -> tuple[Futures, dict[str, Any], list[Problem]]:
    """A Latin hypercube or a scrambled Sobol' sequence: half of the points below a parameter's default, half above."""
    from scipy.stats import qmc  # takes a quarter of a second to load, and most designs do without

    numbers = {"seed": (0, 2**32 - 1), "repeats": (1, 10_000)}
    problems = [
        Problem("应为范围内的整数", "must be a whole number in range", file=place, field=name,
                value=str(node.get(name)), allowed=f"{low}–{high}")
        for name, (low, high) in numbers.items() if not _whole(node.get(name)) or not low <= node[name] <= high
    ]  # fmt: skip
    names, wrong = _parameters(node.get("parameters"), asked, place)
    problems += wrong
    if problems:
        return numbered([]), {}, problems
    points = -(-asked.futures // node["repeats"])
    sampler = qmc.LatinHypercube if node["kind"] == LHS else qmc.Sobol
    rng = np.random.default_rng(node["seed"])
    count = 1 << (points - 1).bit_length() if node["kind"] == SOBOL else points  # a power of two keeps its balance
    position = sampler(len(names), rng=rng).random(count)[:points]
    values = spread(position, names, asked.ranges)
    point = np.arange(asked.futures) // node["repeats"]
    draws = _draws(points, asked)[point]
    told = {"parameters": "all" if node["parameters"] == "all" else list(names), "points": points,
            "seed": node["seed"], "repeats": node["repeats"]}  # fmt: skip
    return Futures(point, draws, np.arange(asked.futures), names, values[point]), told, []


def _parameters(named: Any, asked: Asked, place: str) -> tuple[tuple[str, ...], list[Problem]]:
    if named == "all":
        return tuple(name for name, item in DECLARED.items() if item.drawn and name not in asked.fixed), []
    if not isinstance(named, list) or not named:
        zh, en = "应为 all 或参数名称的列表", "must be all or a list of parameters"
        return (), [Problem(zh, en, file=place, field="parameters", value=str(named), allowed="all, [fixed_cost]")]
    names = tuple(dict.fromkeys(str(name) for name in named))
    return names, unknown_names(names, DECLARED, f"{place}.parameters")


def _grid(node: Mapping[str, Any], asked: Asked, place: str) -> tuple[Futures, dict[str, Any], list[Problem]]:
    """Every combination of the listed values, each in the same drawn worlds and with the same seeds."""
    listed = flat(node.get("values") or {}) if isinstance(node.get("values") or {}, Mapping) else {}
    if not listed:
        zh, en = "应为“参数: [值, …]”", "must hold parameter: [value, ...]"
        return numbered([]), {}, [Problem(zh, en, file=place, field="values", value=str(node.get("values")),
                                          allowed="{fixed_cost: [1, 2]}")]  # fmt: skip
    problems = unknown_names(listed, DECLARED, f"{place}.values")
    for name, values in listed.items():
        if not isinstance(values, list) or not values:
            zh, en = "应为值的列表", "must be a list of values"
            problems.append(Problem(zh, en, file=place, field=name, value=str(values), allowed="[1, 2]"))
        elif name in DECLARED:
            problems += [wrong for value in values for wrong in check_number(DECLARED[name], value, f"{place}.values")]
    if problems:
        return numbered([]), {}, problems
    rows = list(itertools.product(*(dict.fromkeys(map(float, values)) for values in listed.values())))
    if len(rows) * asked.futures > MOST_FUTURES:
        zh, en = "组合数乘以未来数过大", "too many combinations times futures"
        value, most = f"{len(rows)} × {asked.futures}", f"≤ {MOST_FUTURES}"
        return numbered([]), {}, [Problem(zh, en, file=place, field="values", value=value, allowed=most)]
    values = np.repeat(np.array(rows), asked.futures, axis=0)
    number = np.arange(len(values))
    seeds = number % asked.futures
    draws = _draws(asked.futures, asked)[seeds]
    return Futures(number, draws, seeds, tuple(listed), values), {"points": len(rows), "values": listed}, []


def _table(node: Mapping[str, Any], asked: Asked, place: str) -> tuple[Futures, dict[str, Any], list[Problem]]:
    """Each row of a CSV file is a future: a column for each parameter it sets, and `world` and `seed` if wanted."""
    if node.get("file") is None:
        zh, en = "找不到文件", "no such file"
        return numbered([]), {}, [Problem(zh, en, file=place, field="file", value="null")]
    path = user_path(str(node["file"]))
    table, problems = read_table(path, (), (*DECLARED, *NUMBERS), _column)
    columns = {name: _numbers(table, name, problems) for name in table.columns if name in (*DECLARED, *NUMBERS)}
    if problems:
        return numbered([]), {}, problems
    count = len(table.rows)
    names = tuple(name for name in columns if name not in NUMBERS)
    seeds = np.array(columns.get("seed", np.arange(count)), dtype=np.int64)
    values = np.array([columns[name] for name in names]).T if names else np.zeros((count, 0))
    draws = np.array(columns["world"], dtype=np.int64) if "world" in columns else _draws(count, asked)
    met: dict[tuple[float, ...], int] = {}
    for row, line in zip(map(tuple, np.column_stack([draws, seeds, values]).tolist()), table.lines, strict=True):
        if met.setdefault(row, line) != line:
            zh, en = f"与第 {met[row]} 行是同一未来（世界、种子与参数都相同）", f"is the future of row {met[row]} again"
            problems.append(Problem(zh, en, file=table.file, row=line))
    if problems:
        return numbered([]), {}, problems
    return Futures(np.arange(count), draws, seeds, names, values), {"points": count, "file": path.name}, []


def _column(heading: str) -> str:
    """The name that a heading stands for: a Chinese label or the name itself; letters may have either width."""
    return HEADINGS.get(narrow(heading), [heading.strip()])[0]


def _numbers(table: Table, name: str, problems: list[Problem]) -> list[float]:
    """The values of a column; what is wrong with them is added to the problems."""
    number = replace(WHOLE, name=name) if name in NUMBERS else DECLARED[name]
    values = []
    for row, line in zip(table.rows, table.lines, strict=True):
        cell = row.get(name, "")
        wrong = [] if NUMBER.fullmatch(cell) else [Problem("应为数字", "must be a number", field=name, value=cell)]
        value = 0.0 if wrong else float(cell) + 0.0
        wrong = wrong or check_number(number, value, "")
        if name in NUMBERS and not wrong and value != int(value):
            wrong = [Problem("应为整数", "must be a whole number", field=name, value=cell)]
        problems += [replace(problem, file=table.file, row=line) for problem in wrong]
        values.append(value)
    return values


WHOLE = Parameter(0, unit="", low=0, high=LARGEST_NUMBER, source="design", zh="序号", en="number")
