"""What a study may spend: as much as its levers take, a yearly budget, or the same for every strategy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.parameters import is_number, unknown_names
from sim.policies.base import Strategy
from sim.policies.central_grant import CentralGrant
from sim.policies.reach import is_on
from sim.policies.registry import LEVERS
from sim.problems import Problem, nearest

UNCAPPED, CAPPED, EQUAL_COST = MODES = ("uncapped", "capped", "equal_cost")
KEYS = ("mode", "equal_to", "annual", "priority")
TOPPED_UP_FROM = 2025
"""First year in which central grants make costs equal."""

ONLY_GRANTS = {
    "zh": "只发财政扶持",
    "en": "Plain grants alone",
    "description_zh": "不采取其他措施，2025年起全部资金用于中省财政扶持。",
    "description_en": "No other measure is in force; from 2025 all the money goes out as central grants.",
}
"""What a strategy without any lever is called once it is given money."""


@dataclass(frozen=True)
class Budget:
    """What strategies may spend.

    Attributes:
        mode: one of `MODES`.
        equal_to: with `equal_cost`, key of the strategy whose public cost all others get.
        annual: with `capped`, public money a year for all levers together, 万元.
        priority: with `capped`, keys of the levers that are served first.
    """

    mode: str = UNCAPPED
    equal_to: str = ""
    annual: float | None = None
    priority: tuple[str, ...] = ()


def read_budget(node: Any, where: str) -> tuple[Budget, list[Problem]]:
    """The budget of a job, and what is wrong with it; an absent one is uncapped."""
    place = f"{where} budget"
    if node is None:
        return Budget(), []
    if not isinstance(node, Mapping):
        return Budget(), [Problem("应为“名称: 值”", "must hold name: value", file=place, value=str(node))]
    problems = unknown_names([str(name) for name in node], KEYS, place)
    mode, equal_to, annual = node.get("mode", UNCAPPED), node.get("equal_to"), node.get("annual")
    priority = node.get("priority") or []
    if mode not in MODES:
        problems.append(Problem("没有这个选项", "no such option", file=place, field="mode", value=str(mode),
                                allowed=", ".join(MODES), nearest=nearest(str(mode), MODES)))  # fmt: skip
        return Budget(), problems
    for name, value, of in (("equal_to", equal_to, EQUAL_COST), ("annual", annual, CAPPED)):
        if (value is None) == (mode == of):
            zh = f"{name} 与 mode={of} 须一起使用"
            problems.append(Problem(zh, f"{name} and mode={of} need each other", file=place, field=name,
                                    value="–" if value is None else str(value)))  # fmt: skip
    if annual is not None and not (is_number(annual) and 0 <= annual < math.inf):
        problems.append(Problem("应为不小于0的数字", "must be a number not below 0", file=place, field="annual",
                                value=str(annual), allowed="≥ 0 万元"))  # fmt: skip
    problems += check_priority(priority, mode, place)
    if problems:
        return Budget(), problems
    return Budget(mode, str(equal_to or ""), annual, tuple(priority)), []


def check_priority(priority: Any, mode: str, place: str) -> list[Problem]:
    """Problems of the order in which levers are served."""
    if not isinstance(priority, list | tuple):
        zh, en = "应为措施名称的列表", "must be a list of levers"
        return [Problem(zh, en, file=place, field="priority", value=str(priority), allowed=", ".join(LEVERS))]
    problems = unknown_names([str(key) for key in priority], LEVERS, f"{place}.priority")
    if len(set(map(str, priority))) < len(priority):
        zh, en = "措施不得重复", "must not name a lever twice"
        problems.append(Problem(zh, en, file=place, field="priority", value=", ".join(map(str, priority))))
    if priority and mode != CAPPED:
        zh, en = "priority 与 mode=capped 须一起使用", "priority needs mode=capped"
        problems.append(Problem(zh, en, file=place, field="priority", value=", ".join(map(str, priority))))
    return problems


def with_equal_cost(
    strategies: Sequence[Strategy], budget: Budget, years: tuple[int, int]
) -> tuple[list[Strategy], list[Problem]]:
    """Strategies that are to be given the cost of one of them, and what is wrong; as they are in other modes.

    Args:
        strategies: as read.
        budget: what they may spend.
        years: first and last simulated year.
    """
    strategies = list(strategies)
    if budget.mode != EQUAL_COST:
        return strategies, []
    keys = [strategy.key for strategy in strategies if not strategy.same_cost_as]
    problems = []
    if budget.equal_to not in keys:
        zh = "须为所比较的策略之一，且其成本不取自另一策略"
        en = "must be one of the strategies compared, and not one that takes its cost from another"
        problems.append(Problem(zh, en, file="budget", field="equal_to", value=budget.equal_to,
                                allowed=", ".join(keys), nearest=nearest(budget.equal_to, keys)))  # fmt: skip
    if years[1] < TOPPED_UP_FROM:
        zh, en = f"补足资金从{TOPPED_UP_FROM}年开始", f"money is topped up from {TOPPED_UP_FROM} on"
        problems.append(Problem(zh, en, file="budget", field="horizon", value=str(years[1]),
                                allowed=f"≥ {TOPPED_UP_FROM}"))  # fmt: skip
    if problems:
        return strategies, problems
    return [topped_up(strategy, budget.equal_to, years[0]) for strategy in strategies], []


def topped_up(strategy: Strategy, equal_to: str, start_year: int) -> Strategy:
    """The strategy with central grants from 2025 on that are to be scaled; the one whose cost it gets stays as it is.

    Until then its grants are its own. Then they reach villages every year, also those that had one, in an intensity
    that the search finds; amount, rate, payer and targets are those of the strategy. A strategy that already takes its
    cost from another keeps the lever it scales.
    """
    if strategy.key == equal_to:
        return strategy
    if strategy.same_cost_as:
        return replace(strategy, same_cost_as=equal_to)
    key = CentralGrant.key
    grants = {**CentralGrant.defaults(), **strategy.levers.get(key, {})}
    first = max(start_year, grants["start"] or start_year)
    last = min(TOPPED_UP_FROM - 1, grants["end"] or TOPPED_UP_FROM)
    intensity = _until(grants["intensity"], first, last)
    if intensity and last < TOPPED_UP_FROM - 1:
        intensity[last + 1] = 0
    own = {name: value for name, value in strategy.levers.get(key, {}).items() if name != "end"}
    own |= {
        "start": None if first >= TOPPED_UP_FROM else grants["start"],
        "intensity": {**intensity, TOPPED_UP_FROM: 1},
        "pause_years": {**_until(grants["pause_years"], first, last), TOPPED_UP_FROM: 0},
    }
    named = strategy if any(map(is_on, strategy.levers.values())) else replace(strategy, **ONLY_GRANTS)
    return replace(named, levers={**strategy.levers, key: own}, same_cost_as=equal_to, scaled_lever=key)


def _until(value: Any, first: int, last: int) -> dict[int, Any]:
    """A plain or dated setting as dates from `first` to `last`."""
    if not isinstance(value, Mapping):
        return {first: value} if first <= last else {}
    return {int(year): number for year, number in value.items() if int(year) <= last}
