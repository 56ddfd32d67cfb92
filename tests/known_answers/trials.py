"""Trials as an evaluator would run them, and what they were about: half of the places are drawn, the others compared.

In a simulation the same futures run without the lever too, so that beside what the evaluator sees (treated less others,
less the same difference in the year before) stands what the lever truly did to the treated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from places import engine_in, enyang, options

from experiments.compose import load_strategy
from sim.engine import Engine
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS
from sim.processes import production

DRAWS = 4
"""Assignments that are drawn; each meets its own quarter of the futures."""
FUTURES = 80


@dataclass(frozen=True)
class Trial:
    """A trial of one lever.

    Attributes:
        lever: its key.
        settings: of the lever, besides the villages.
        by_cluster: whether clusters are drawn, else villages.
        start: first year.
        end: last year in force; None where it goes on.
        years: years looked at.
    """

    lever: str
    settings: Mapping[str, Any]
    by_cluster: bool
    years: tuple[int, ...]
    start: int = 2024
    end: int | None = None


TRIALS = {
    "joint_building": Trial("joint_building", {"contribution_share": 0}, True, (2023, 2025, 2030), end=2024),
    "graded_management": Trial("graded_management", {}, False, (2023, 2027)),
    "industry_alliance": Trial("industry_alliance", {}, False, (2023, 2031)),
}
"""One year of joint building in half of the clusters, without pooled money; grades in half of the villages; alliances
in half of the villages. All on top of the measures in force."""


def assignment(trial: Trial, number: int) -> np.ndarray:
    """Who is treated, `(V,)` of bool: half of the clusters or of the villages."""
    place = enyang()
    unit = place.cluster_of if trial.by_cluster else np.arange(place.villages)
    order = np.random.default_rng(number).permutation(int(unit.max()) + 1)
    return np.isin(unit, order[: len(order) // 2])


def revenue(engine: Engine) -> np.ndarray:
    """What a village's own projects earn a year at price 1, `(R, V)` 万元."""
    return production.yearly_base(engine.now, engine.now.state.village.capital).sum(axis=2)


def industry_profit(engine: Engine) -> np.ndarray:
    """Profit a year of the industry modes at price 1 with what an alliance adds and costs, `(R, V)` 万元."""
    base = production.yearly_base(engine.now, engine.now.state.village.capital)
    return (base * production.profit_share(engine.now))[..., production.EXPOSED].sum(axis=2)


def of_village(name: str) -> Callable[[Engine], np.ndarray]:
    """A column of villages."""
    return lambda engine: getattr(engine.now.state.village, name).copy()


OUTCOMES: dict[str, Callable[[Engine], np.ndarray]] = {
    "quality": lambda engine: engine.now.state.secretary.manager_quality.copy(),
    "effort": lambda engine: engine.now.state.secretary.effort.copy(),
    "revenue": revenue,
    "industry_profit": industry_profit,
    "income": of_village("income_operating"),
    "profit": of_village("income_profit"),
    "allied": lambda engine: (engine.now.state.village.alliance > 0) * 1.0,
}


@dataclass(frozen=True)
class Seen:
    """What a trial gave: outcome and year to `(futures, V)` with and without the lever, and who was treated."""

    treated: np.ndarray
    with_lever: Mapping[tuple[str, int], np.ndarray]
    without_lever: Mapping[tuple[str, int], np.ndarray]

    def truth(self, outcome: str, year: int, relative: bool = False) -> np.ndarray:
        """What the lever did to the mean of the treated in each future, `(futures,)`; `relative` to without it."""
        one, other = (self._mean(found[outcome, year], self.treated) for found in (self.with_lever, self.without_lever))
        return one / other - 1 if relative else one - other

    def estimate(self, outcome: str, year: int, before: int = 2023) -> np.ndarray:
        """What an evaluator sees in each future, `(futures,)`: difference in differences of means."""
        found = self.with_lever
        change = found[outcome, year] - found[outcome, before]
        return self._mean(change, self.treated) - self._mean(change, ~self.treated)

    @staticmethod
    def _mean(values: np.ndarray, where: np.ndarray) -> np.ndarray:
        return (values * where).sum(axis=1) / where.sum(axis=1)


@cache
def run(key: str) -> Seen:
    """The trial in its futures, residents off."""
    trial, base = TRIALS[key], load_strategy("existing")
    levers = {name: values for name, values in base.levers.items() if name != trial.lever}
    with_lever: dict[tuple[str, int], list[np.ndarray]] = {}
    without_lever: dict[tuple[str, int], list[np.ndarray]] = {}
    treated, size = [], FUTURES // DRAWS
    for number in range(DRAWS):
        chosen = assignment(trial, number)
        numbers = list(range(number * size, (number + 1) * size))
        villages = [str(code) for code in enyang().village_code[chosen]]
        said = {**LEVERS[trial.lever].defaults(), **trial.settings, "intensity": 1, "start": trial.start,
                "end": trial.end, "villages": villages}  # fmt: skip
        treated += [chosen] * size
        for store, strategy in (
            (with_lever, Strategy("trial", levers={**levers, trial.lever: said})),
            (without_lever, Strategy("base", levers=levers)),
        ):
            engine = engine_in(enyang(), strategy, numbers, numbers, options(trial.years[-1], residents=0))
            for year in range(2023, trial.years[-1] + 1):
                if year in trial.years:
                    for name, measure in OUTCOMES.items():
                        store.setdefault((name, year), []).append(measure(engine))
                for _ in range(4 if year < trial.years[-1] else 0):
                    engine.step()
    joined = ({key: np.concatenate(parts) for key, parts in store.items()} for store in (with_lever, without_lever))
    return Seen(np.array(treated), *joined)
