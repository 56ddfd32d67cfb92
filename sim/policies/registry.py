"""All levers, found by themselves, in the order in which the district acts on them; what strategies make of them."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim import policies
from sim.ablation import PROCESSES
from sim.parameters import unknown_names
from sim.policies.base import Lever, Strategy
from sim.policies.reach import idle_years, is_on, never
from sim.problems import Problem

if TYPE_CHECKING:
    from sim.district import District


def find_levers() -> dict[str, type[Lever]]:
    """The levers of this package by key, in the order of their turns: a new one is a class in a file of it.

    Raises:
        TypeError: two levers share a key or a turn.
    """
    modules = [import_module(f"sim.policies.{item.name}") for item in pkgutil.iter_modules(policies.__path__)]
    classes = [
        item
        for module in modules
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Lever) and item.__module__ == module.__name__
    ]
    levers = sorted((item for item in classes if item is not Lever), key=lambda lever: lever.turn)
    if len({lever.key for lever in levers}) < len(levers) or len({lever.turn for lever in levers}) < len(levers):
        raise TypeError("two levers share a key or a turn")
    return {lever.key: lever for lever in levers}


LEVERS = find_levers()


def check_strategy(strategy: Any, district: District) -> list[Problem]:
    """All problems of a strategy: unknown levers, settings, types, ranges, dates, targets, processes left out."""
    if not isinstance(strategy, Strategy):
        zh, en = "应为策略", "must be a strategy"
        allowed = 'load_strategy("existing")'
        return [Problem(zh, en, field="strategy", value=str(strategy)[:80], allowed=allowed)]
    where = f"strategy {strategy.key}"
    levers: Any = strategy.levers
    if not isinstance(levers, Mapping):
        zh, en = "应为“措施: 设置”", "must hold lever: settings"
        return [Problem(zh, en, file=where, field="levers", value=str(levers))]
    problems = unknown_names(levers, LEVERS, f"{where}.levers")
    problems += unknown_names(strategy.without, PROCESSES, f"{where}.without")
    for key, values in levers.items():
        if not isinstance(values, Mapping):
            zh, en = "应为“设置: 值”", "must hold setting: value"
            problems.append(Problem(zh, en, file=f"{where}.levers", field=str(key), value=str(values),
                                    allowed="{intensity: 1, start: 2025}"))  # fmt: skip
        elif key in LEVERS:
            problems += LEVERS[key].check(values, district, where)
    return problems


def build_levers(strategy: Strategy, district: District) -> list[Lever]:
    """The strategy's levers, those at intensity 0 included, in the fixed order of `LEVERS`."""
    return [lever(district, strategy.levers.get(key, {})) for key, lever in LEVERS.items()]


def check_reach(strategy: Strategy, district: District, years: tuple[int, int]) -> list[Problem]:
    """Levers of a checked strategy that reach nobody in the simulated years, first to last, and why."""
    problems, acting = [], {}
    for key, values in strategy.levers.items():
        place = f"strategy {strategy.key}.levers.{key}"
        if values and "intensity" not in values:
            zh, en = "没有写力度 intensity，措施不会实行，这些设置不起作用", "without an intensity the lever is off"
            problems.append(
                Problem(zh, en, file=place, field=", ".join(sorted(map(str, values))), allowed="intensity: 0–1")
            )
        elif is_on(values):
            acting[key] = LEVERS[key](district, values)
            problems += never(acting[key], place, years)
    return problems or idle_years(acting, f"strategy {strategy.key}", years)
