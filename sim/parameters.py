"""Parameters: declared once beside the process that uses them, checked in one place.

A declaration gives default, range, unit, source and both labels. *Nature* parameters are decided by nature or
history: a world draws them over their range. *Settings* are decided by a lever's designer (see `policies/base.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.held import HELD
from sim.problems import Problem, nearest
from sim.units import UNITS_ZH

ASSUMPTION = "assumption"
RESIDENTS = "residents"
"""In place of a lever: simulated residents."""


@dataclass
class Parameter:
    """A number of the model.

    Attributes:
        default: value in the default world.
        low: lowest value of the declared range.
        high: highest value of the declared range.
        unit: unit in words.
        source: evidence id, equation with published value, or `assumption`.
        zh: Chinese label.
        en: English label.
        name: unique name, taken from the declaration.
        module: process or lever that declares it.
        drawn: whether worlds draw it; else it is at its default unless a user fixes it or names a range.
        needs: levers of which one must be on for it to act, or `RESIDENTS`; empty: it always may.
    """

    default: float
    low: float
    high: float
    unit: str
    source: str
    zh: str
    en: str
    name: str = ""
    module: str = ""
    drawn: bool = True
    needs: tuple[str, ...] = ()

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def unit_zh(self) -> str:
        """The unit in Chinese."""
        return UNITS_ZH[self.unit]


class Parameters:
    """Base of a process's parameter group; subclasses hold `Parameter` declarations as class attributes.

    Attributes:
        needs: what parameters need to act (`Parameter.needs`), to the names of those that do; no names: all of them.
    """

    needs: ClassVar[Mapping[tuple[str, ...], tuple[str, ...]]] = {}

    def __init_subclass__(cls) -> None:
        """Say of each parameter where it is declared, what it needs and whether worlds draw it.

        Raises:
            ValueError: a name among the needs is no parameter of the group.
        """
        for parameter in cls.declared().values():
            parameter.module = cls.__module__.rsplit(".", 1)[-1]
            parameter.drawn = parameter.drawn and parameter.name not in HELD
        for needed, names in cls.needs.items():
            for name in names or cls.declared():
                if name not in cls.declared():
                    raise ValueError(f"{cls.__name__}: no parameter {name!r}")
                cls.declared()[name].needs = needed

    @classmethod
    def declared(cls) -> dict[str, Parameter]:
        """Declarations of this group by name."""
        return {name: item for name, item in vars(cls).items() if isinstance(item, Parameter)}


class ParameterValues:
    """Values for R runs: attribute `name` gives an array `(R, 1)`, mode tables `(R, 1, modes)`.

    Attributes:
        unit_cost: factor on the unit costs of each lever that has any, by lever.
    """

    def __init__(self, values: Mapping[str, np.ndarray], unit_cost: Mapping[str, np.ndarray] | None = None) -> None:
        self.__dict__.update(values)
        self.unit_cost = unit_cost or {}

    def __getattr__(self, name: str) -> np.ndarray:
        raise AttributeError(f"no parameter {name!r}")


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number, Python's or NumPy's; true and false are none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether a value is a number, Python's or NumPy's; true and false are none."""
    return is_whole(value) or isinstance(value, float | np.floating)


def check_whole(name: str, value: Any, low: int, high: int, where: str = "") -> list[Problem]:
    """Problem of a value that should be a whole number between two others."""
    if is_whole(value) and low <= value <= high:
        return []
    zh, en = "应为范围内的整数", "must be a whole number in range"
    return [Problem(zh, en, file=where, field=name, value=str(value), allowed=f"{low}–{high}")]


def check_number(parameter: Parameter, value: Any, where: str) -> list[Problem]:
    """Problems with one value: type, NaN, range."""
    allowed = f"{parameter.low:g}–{parameter.high:g} {parameter.unit}".strip()
    place = {"file": where, "field": parameter.name, "value": str(value), "allowed": allowed}
    if not is_number(value):
        return [Problem("应为数字", "must be a number", **place)]  # type: ignore[arg-type]
    if value != value:
        return [Problem("不能为空值 NaN", "must not be NaN", **place)]  # type: ignore[arg-type]
    if not parameter.low <= value <= parameter.high:
        return [Problem("超出允许范围", "is outside the allowed range", **place)]  # type: ignore[arg-type]
    return []


def unknown_names(names: Iterable[str], valid: Iterable[str], where: str) -> list[Problem]:
    """One problem for each name that does not exist, with the nearest that does."""
    valid = list(valid)
    return [
        Problem("没有这个名称", "no such name", file=where, field=str(name), nearest=nearest(str(name), valid))
        for name in names
        if name not in valid
    ]


def check_parameters(values: Any, declared: Mapping[str, Parameter]) -> list[Problem]:
    """All problems of a mapping from parameter name to value."""
    if not isinstance(values, Mapping):
        return [Problem("应为“名称: 值”", "must hold name: value", file="parameters", value=str(values))]
    problems = unknown_names(values, declared, "parameters")
    for name, value in values.items():
        if name in declared:
            problems += check_number(declared[name], value, "parameters")
    return problems


def check_ranges(ranges: Any, declared: Mapping[str, Parameter], where: str = "ranges") -> list[Problem]:
    """All problems of a mapping from parameter name to low and high: low ≤ high, both inside the declared range."""
    allowed = "[low, high]"
    if not isinstance(ranges, Mapping):
        zh, en = "应为“名称: [下限, 上限]”", "must hold name: [low, high]"
        return [Problem(zh, en, file=where, value=str(ranges), allowed="{fixed_cost: [1, 3]}")]
    problems = unknown_names(ranges, declared, where)
    for name, bounds in ranges.items():
        if name not in declared:
            continue
        if not isinstance(bounds, list | tuple) or len(bounds) != 2:
            zh, en = "应为两个数", "must be two numbers"
            problems.append(Problem(zh, en, file=where, field=name, value=str(bounds), allowed=allowed))
            continue
        wrong = [problem for number in bounds for problem in check_number(declared[name], number, where)]
        if not wrong and bounds[0] > bounds[1]:
            zh, en = "下限大于上限", "low exceeds high"
            wrong = [Problem(zh, en, file=where, field=name, value=str(list(bounds)), allowed=allowed)]
        problems += wrong
    return problems
