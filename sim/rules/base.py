"""A shock or a rule of one's own: something small that happens at a stated place of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from sim.parameters import check_number, unknown_names
from sim.policies.base import Setting
from sim.problems import Problem
from sim.state import Moment

OPENING, EVERY_QUARTER, CLOSING = "opening", "every_quarter", "closing"


class Rule:
    """What a rule is; itself the baseline, a rule that does nothing.

    A subclass declares numbers as `Setting` and says in `__call__` what happens. It moves money through the ledger, for
    the purpose `own_rule`, and may draw nothing at random, so that every strategy meets it alike.

    Attributes:
        key: name in configuration.
        zh: Chinese name.
        en: English name.
        part: the part of the calendar that it stands in.
        after: phase that it follows there, such as `production.move_prices`; empty: before all others.
        values: its numbers, by name.
    """

    key: ClassVar[str] = "nothing"
    zh: ClassVar[str] = "不加任何规则"
    en: ClassVar[str] = "no rule at all"
    part: ClassVar[str] = OPENING
    after: ClassVar[str] = ""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = {**{name: item.default for name, item in self.settings().items()}, **values}

    def __call__(self, now: Moment) -> None:
        """Act on the moment; the baseline does nothing."""

    @classmethod
    def settings(cls) -> dict[str, Setting]:
        """Its declared numbers by name."""
        return {name: item for name, item in vars(cls).items() if isinstance(item, Setting)}

    @classmethod
    def check(cls, values: Any) -> list[Problem]:
        """All problems of its numbers."""
        place = f"rules.{cls.key}"
        if not isinstance(values, Mapping):
            zh, en = "应为“名称: 值”", "must hold name: value"
            return [Problem(zh, en, field=place, value=str(values), allowed=f"{{{', '.join(cls.settings())}}}")]
        problems = unknown_names(values, cls.settings(), "")
        for name, value in values.items():
            if name in cls.settings():
                problems += check_number(cls.settings()[name], value, "")
        return [replace(problem, field=f"{place}.{problem.field}") for problem in problems]
