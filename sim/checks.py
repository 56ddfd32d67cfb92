"""What a run is given, checked in one place: command line, notebook, Mesa and `run_batch` tell the same mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.district import District
from sim.parameters import check_number, is_whole, unknown_names
from sim.policies.base import Strategy
from sim.policies.registry import check_reach, check_strategy
from sim.problems import Problem
from sim.world import DECLARED

if TYPE_CHECKING:
    from sim.options import RunOptions

LARGEST_NUMBER = 2**53 - 1
"""The largest number of a world or a seed: up to here every table and program holds whole numbers exactly."""
SHOWN = 10


def check_run(district: Any, strategy: Any, options: Any) -> list[Problem]:
    """All problems of one strategy's run but its futures; the arguments are those of `sim.engine.Engine`."""
    problems = check_district(district)
    problems += check_strategy(strategy, district) if not problems or not isinstance(strategy, Strategy) else []
    if isinstance(strategy, Strategy) and strategy.same_cost_as:
        zh, en = "其规模尚未确定，须先与目标策略一起比较", "has no scale yet: compare it with its target first"
        problems.append(
            Problem(zh, en, file=f"strategy {strategy.key}", field="same_cost_as", value=str(strategy.same_cost_as))
        )
    wrong = check_options(options)
    if not problems and not wrong:
        wrong = check_reach(strategy, district, (options.start_year, options.horizon))
    return problems + wrong


def check_district(district: Any) -> list[Problem]:
    """Problem of what is no district."""
    if isinstance(district, District):
        return []
    zh, en = "应为一个地区", "must be a district"
    return [Problem(zh, en, field="district", value=str(district)[:80], allowed='load_district("enyang")')]


def check_options(options: RunOptions | Any) -> list[Problem]:
    """Problems of horizon, start and residents."""
    if hasattr(options, "check") and not isinstance(options, type):
        return list(options.check())
    zh, en = "应为 RunOptions", "must be RunOptions"
    return [Problem(zh, en, field="options", value=str(options)[:80], allowed="RunOptions(horizon=2030)")]


def check_futures(worlds: Any, seeds: Any, points: Any = None) -> list[Problem]:
    """Problems of the futures of a batch: one world, one seed and, if given, one point for each run."""
    problems = check_numbers("worlds", worlds, or_none=True) + check_numbers("seeds", seeds)
    if problems:
        return problems
    if len(worlds) != len(seeds):
        zh, en = "两者个数应相同", "must be equally many"
        return [Problem(zh, en, field="worlds, seeds", value=f"{len(worlds)}, {len(seeds)}")]
    return [] if points is None else check_points(points, len(worlds))


def check_numbers(name: str, numbers: Any, or_none: bool = False) -> list[Problem]:
    """Problem of a list that should hold numbers of worlds or seeds, at least one; `or_none`: None is one too."""
    allowed = f"0–{LARGEST_NUMBER}"
    if (
        not isinstance(numbers, Sequence | np.ndarray)
        or isinstance(numbers, str | bytes | bytearray)
        or not len(numbers)
    ):
        zh, en = "应为整数的列表，至少一个", "must be a list of whole numbers, at least one"
        return [Problem(zh, en, field=name, value=str(numbers)[:80], allowed=allowed)]
    wrong = [item for item in numbers if not (_is_number_of(item) or or_none and item is None)]
    if not wrong:
        return []
    zh, en = "应为范围内的整数", "must be whole numbers in range"
    return [Problem(zh, en, field=name, value=", ".join(map(str, wrong[:SHOWN])), allowed=allowed)]


def check_points(points: Any, runs: int) -> list[Problem]:
    """Problems of what a design sets, run by run; numbers that are plain are looked at all at once."""
    if not isinstance(points, Sequence) or len(points) != runs or not all(isinstance(one, Mapping) for one in points):
        zh, en = "每次推演须有一组“名称: 值”", "must hold name: value for each run"
        return [Problem(zh, en, field="points", value=str(points)[:80], allowed=f"{runs} × {{fixed_cost: 2}}")]
    problems = []
    for name in dict.fromkeys(name for point in points for name in point):
        if name not in DECLARED:
            problems += unknown_names([name], DECLARED, "points")
            continue
        item, values = DECLARED[name], [point[name] for point in points if name in point]
        if set(map(type, values)) <= {int, float} and item.low <= min(values) and max(values) <= item.high:
            if not any(value != value for value in values):
                continue
        problems += [problem for value in values for problem in check_number(item, value, "points")]
    if not problems and len({frozenset(point) for point in points}) > 1:
        zh, en = "各次推演须给出相同的参数", "must set the same parameters in each run"
        return [Problem(zh, en, field="points", value=str(points)[:80])]
    return list(dict.fromkeys(problems))


def _is_number_of(item: Any) -> bool:
    """Whether something can be the number of a world or a seed."""
    return is_whole(item) and 0 <= item <= LARGEST_NUMBER
