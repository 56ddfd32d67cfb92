"""Mesa's face of the engine: a model whose agents are rows of a batch of one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import partial
from itertools import count
from typing import Any

import mesa
import numpy as np

from sim.agents.company import Company
from sim.agents.enterprise import Enterprise
from sim.agents.resident import Resident
from sim.agents.secretary import Secretary
from sim.agents.village import Village
from sim.checks import check_numbers, check_run
from sim.district import District
from sim.engine import Engine
from sim.futures import futures_of
from sim.indicators import INDICATORS, measure
from sim.options import RunOptions
from sim.parameters import is_whole
from sim.policies.base import Strategy
from sim.problems import InputErrors, Problem

LAST_NUMBER = "last number of an agent"


class DistrictModel(mesa.Model):
    """One district under one strategy; `step` is one quarter.

    Args:
        district: the place, from `scenarios.load_district`.
        strategy: the levers, from `experiments.load_strategy`.
        rng: seed of the random shocks, a whole number; with the same world and seed the model repeats a run of a study
            bit for bit. None draws a fresh seed, recorded in `run_seed`.
        world: number of the world; None is the world of defaults.
        options: horizon, initial condition, residents.
        parameters: parameter values held fixed.
        ranges: ranges inside the declared ones, in their place.

    Raises:
        InputErrors: all mistakes in the input.
    """

    def __init__(
        self,
        district: District,
        strategy: Strategy,
        rng: Any = None,
        world: int | None = None,
        options: RunOptions | None = None,
        parameters: Mapping[str, float] | None = None,
        ranges: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        options = RunOptions() if options is None else options
        problems = check_run(district, strategy, options)
        problems += check_numbers("world", [world], or_none=True) + _check_rng(rng)
        self.run_seed = _whole_number(rng) if not problems else 0
        futures = futures_of([0 if problems else world], [self.run_seed], fixed=parameters, ranges=ranges)
        problems += futures.check()
        if problems:
            raise InputErrors(problems)
        super().__init__(rng=self.run_seed)
        self.district, self.strategy, self.options = district, strategy, options
        self.engine = Engine(district, strategy, futures, options)
        state = self.engine.now.state
        self.villages = [Village(self, state.village, row) for row in range(district.villages)]
        self.secretaries = [Secretary(self, state.secretary, row) for row in range(district.villages)]
        ventures, enterprises = state.venture, state.enterprise
        self.companies = [Company(self, ventures, row) for row in range(district.clusters, ventures.rows)]
        self.enterprises = [Enterprise(self, enterprises, row) for row in range(enterprises.rows)]
        self._residents: list[Resident] = []
        self.indicators: dict[str, float] = {}
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "year": "year",
                "quarter": "quarter",
                **{name: partial(_indicator, name) for name in INDICATORS},
            }
        )

    def __copy__(self) -> DistrictModel:
        """A copy of its own, with its own agents: one that shared arrays would move its original."""
        return deepcopy(self)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, LAST_NUMBER: max(agent.unique_id for agent in self.agents)}

    def __setstate__(self, content: dict[str, Any]) -> None:
        """Take over what a copy or a pickle holds; agents made later are numbered on from there."""
        last = content[LAST_NUMBER]
        self.__dict__.update({name: value for name, value in content.items() if name != LAST_NUMBER})
        if hasattr(mesa.Agent, "_ids"):  # Mesa before 3.4 numbers outside of the model
            mesa.Agent._ids[self] = count(last + 1)

    @property
    def year(self) -> int:
        """The year of the last quarter done; before the first, the year before the start."""
        return self.engine.now.year

    @property
    def quarter(self) -> int:
        """The last quarter done, 1 to 4."""
        return self.engine.now.quarter + 1

    def residents(self) -> mesa.agent.AgentSet:
        """The residents as agents, made when first asked for."""
        if not self._residents:
            table = self.engine.now.state.resident
            self._residents = [Resident(self, table, row) for row in range(table.rows)]
        return self.agents_by_type.get(Resident, mesa.agent.AgentSet([], random=self.random))

    def step(self) -> None:
        """One quarter; past the horizon nothing happens. Incomes are those of the last closed year."""
        last = (self.options.horizon - self.options.start_year + 1) * 4
        if self.engine.now.quarters_since_start < last:
            self.engine.step()
        self.running = self.engine.now.quarters_since_start < last
        self.indicators = self._measure()
        self.datacollector.collect(self)

    def _measure(self) -> dict[str, float]:
        return {
            name: float(value[0])
            for name, value in measure(self.engine.now, INDICATORS, self.engine.funnel(), False).items()
        }


def _indicator(name: str, model: DistrictModel) -> float:
    return model.indicators.get(name, float("nan"))


def _check_rng(rng: Any) -> list[Problem]:
    """Problem of what is neither a seed nor anything that one can be drawn from."""
    if rng is None or isinstance(rng, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence):
        return []
    return check_numbers("rng", rng if isinstance(rng, list | tuple | np.ndarray) else [rng])


def _whole_number(rng: Any) -> int:
    """The seed itself where it is a whole number; else one drawn from what is given, or from fresh entropy."""
    if is_whole(rng):
        return int(rng)
    return int(np.random.default_rng(rng).integers(2**31))
