"""What a run needs to know beyond district, strategy and futures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.initial import STARTS
from sim.parameters import check_whole, is_number, is_whole, unknown_names
from sim.policies.registry import LEVERS
from sim.problems import Problem, nearest
from sim.rules.registry import check_rules
from sim.structures import check_structures

START_YEARS, HORIZONS, LONGEST = (1990, 2100), (1990, 2160), 60
ALL_RESIDENTS = "all"
"""In place of a number of residents per village: every registered resident of the district."""


@dataclass(frozen=True)
class RunOptions:
    """What a run needs to know beyond district, strategy, world and seed.

    Attributes:
        horizon: last year simulated.
        start_year: first year simulated.
        start: initial condition, one of `STARTS`.
        residents_per_village: residents simulated in each village; 0 switches residents off, `all` takes every
            registered one.
        project_grants_in_total: whether total income counts project grants (EQ-03).
        annual_budget: public money a year for all levers together, 万元; None = as much as they take.
        priority: keys of the levers that such a budget serves first; the others follow in the order of the registry.
        rules: shocks and rules of one's own (`sim.rules`): key to its numbers.
        structure: forms of contested structures that differ from the usual ones (`sim.structures`), by name.
    """

    horizon: int = 2035
    start_year: int = 2024
    start: str = "bazhong_mean"
    residents_per_village: int | str = 30
    project_grants_in_total: bool = False
    annual_budget: float | None = None
    priority: tuple[str, ...] = ()
    rules: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    structure: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> list[Problem]:
        """All problems of the options."""
        problems = check_whole("start_year", self.start_year, *START_YEARS)
        problems += check_whole("horizon", self.horizon, *HORIZONS)
        if not problems and not self.start_year <= self.horizon <= self.start_year + LONGEST:
            problems.append(
                Problem("终止年须不早于起始年且不超过60年", "the horizon must lie 0 to 60 years after the start",
                        field="horizon", value=str(self.horizon),
                        allowed=f"{self.start_year}–{self.start_year + LONGEST}")
            )  # fmt: skip
        problems += check_rules(self.rules) + check_structures(self.structure)
        if self.start not in list(STARTS):  # what is no text may not even be looked up
            problems.append(
                Problem("没有这个起始条件", "no such initial condition", field="start", value=str(self.start),
                        allowed=", ".join(STARTS), nearest=nearest(str(self.start), list(STARTS)))
            )  # fmt: skip
        number = self.residents_per_village
        if not (isinstance(number, str) and number == ALL_RESIDENTS) and not (
            is_whole(number) and (number == 0 or 7 <= int(number) <= 500)
        ):
            problems.append(
                Problem("每村模拟居民数无效", "not a valid number of residents per village", field="residents",
                        value=str(number), allowed="off, 7–500, all", nearest=nearest(str(number), ["off", "all"]))
            )  # fmt: skip
        grants: Any = self.project_grants_in_total
        if not isinstance(grants, bool):
            problems.append(
                Problem("应为 true 或 false", "must be true or false", field="project_grants_in_total",
                        value=str(grants), allowed="true, false")
            )  # fmt: skip
        if self.annual_budget is not None and not (is_number(self.annual_budget) and 0 <= self.annual_budget < np.inf):
            problems.append(
                Problem("须不小于0", "must not be below 0", field="annual_budget", value=str(self.annual_budget),
                        allowed="≥ 0 万元")
            )  # fmt: skip
        named: Any = self.priority
        if not isinstance(named, list | tuple):
            zh, en = "应为措施名称的列表", "must be a list of levers"
            return [*problems, Problem(zh, en, field="priority", value=str(named), allowed=", ".join(LEVERS))]
        return problems + unknown_names(named, LEVERS, "priority")


def number_of_residents(value: Any) -> Any:
    """Residents per village as users write them: `off` and false are none; anything else is left to be checked."""
    return 0 if value is False or (isinstance(value, str) and value == "off") else value
