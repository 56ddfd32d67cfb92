"""Rules by name: those beside this file, those that a program registers, and those of installed packages."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from sim.calendar import YEAR, Calendar, name_of
from sim.problems import Problem, nearest
from sim.rules.base import Rule
from sim.rules.price_fall import PriceFall

ENTRY_POINTS = "qiangcun.rules"
"""Group in which an installed package names its rules: `visits = "my_rules:Visits"` in its `pyproject.toml`."""
_REGISTERED: dict[str, type[Rule]] = {rule.key: rule for rule in (Rule, PriceFall)}


def register(rule: type[Rule]) -> type[Rule]:
    """Make a rule known by its key in this process; may stand above its class as a decorator.

    Raises:
        ValueError: it stands at no place of the calendar.
    """
    phases = [name_of(phase) for phase in getattr(YEAR, rule.part, ())]
    if not phases or (rule.after and rule.after not in phases):
        near = nearest(rule.after, phases)
        raise ValueError(f"rule {rule.key}: no phase {rule.after!r} in {rule.part!r}" + f"; {near}?" * bool(near))
    _REGISTERED[rule.key] = rule
    return rule


def names() -> list[str]:
    """Keys of all rules that can be named."""
    return [*_REGISTERED, *(name for name in _installed() if name not in _REGISTERED)]


def find(key: str) -> type[Rule]:
    """The rule of a key; one of an installed package is loaded when it is first asked for."""
    if key not in _REGISTERED:
        register(_installed()[key].load())
    return _REGISTERED[key]


def check_rules(rules: Any) -> list[Problem]:
    """All problems of rules as a study names them: key to numbers."""
    if not isinstance(rules, Mapping):
        zh, en = "应为“规则: 设置”", "must hold rule: settings"
        return [Problem(zh, en, field="rules", value=str(rules), allowed="{price_fall: {year: 2027}}")]
    problems = []
    for key, values in rules.items():
        if key in names():
            problems += find(key).check(values)
        else:
            zh, en = "没有这个规则", "no such rule"
            problems.append(Problem(zh, en, field="rules", value=str(key), allowed=", ".join(names()),
                                    nearest=nearest(str(key), names())))  # fmt: skip
    return problems


def with_rules(rules: Mapping[str, Mapping[str, float]]) -> Calendar:
    """The year with these rules in their places; several after one phase stand in the order in which they are named."""
    parts = {part: list(getattr(YEAR, part)) for part in vars(YEAR)}
    for key, values in reversed(list(rules.items())):
        rule = find(key)(values)
        phases = [name_of(phase) for phase in parts[rule.part]]
        parts[rule.part].insert(phases.index(rule.after) + 1 if rule.after else 0, rule)
    return Calendar(**parts) if rules else YEAR


def code_of(rules: Mapping[str, Any]) -> str:
    """Hash of the modules that declare these rules, which decide a study's numbers; empty without any."""
    texts = sorted({_code(find(key)) for key in rules})
    return hashlib.sha256("".join(texts).encode()).hexdigest() if texts else ""


def _code(rule: type[Rule]) -> str:
    """The text of the rule's module, or of what it does where there is no module, as in a notebook."""
    try:
        return inspect.getsource(sys.modules[rule.__module__])
    except (KeyError, OSError, TypeError):
        code = rule.__call__.__code__
        return repr((code.co_code, code.co_names, code.co_consts))


@cache
def _installed() -> dict[str, Any]:
    return {item.name: item for item in entry_points(group=ENTRY_POINTS)}
