"""Row 2: resident-steps a second and core beside the models that Starsim itself is timed with, as many agents in both.

Starsim (MIT licence) keeps two: the one of its `tests/benchmark.yaml` (10,000 agents; SIR and SIS on a random, a
sexual and a maternal network; births and deaths; 20 years in steps of 0.2) and that of its `tests/benchmark_large.py`
(100,000 agents; SIS on a random network; 100 yearly steps). Their parameters are written down here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.measuring import in_turn
from benchmarks.phases import Case
from benchmarks.rows import AT_LEAST, Finding, Row, prose, table
from experiments.study import FUTURES_PER_BATCH
from sim.options import ALL_RESIDENTS
from sim.processes.participation import RECONSIDER_GROUPS
from sim.record import Record


@dataclass(frozen=True)
class Model:
    """A benchmark model of Starsim.

    Attributes:
        name: where it comes from.
        agents: number of agents at the start.
        does: what a step does.
        make: makes the simulation.
    """

    name: str
    agents: int
    does: str
    make: Callable[[], Any]


def models() -> list[Model]:
    """Starsim's own benchmark, and its larger one."""
    import starsim

    def own() -> Any:
        pars = {"n_agents": 10_000, "start": 2000, "dur": 20, "dt": 0.2, "verbose": 0, "rand_seed": 2}
        networks = ["random", "mf", "maternal"]
        return starsim.Sim(pars=pars, networks=networks, diseases=["sir", "sis"], demographics=True)

    def large() -> Any:
        pars = {"n_agents": 100_000, "dur": 100, "dt": 1.0, "verbose": 0}
        return starsim.Sim(pars=pars, networks="random", diseases="sis")

    return [
        Model("tests/benchmark.yaml", 10_000, "two diseases on three networks, births and deaths", own),
        Model("tests/benchmark_large.py", 100_000, "one disease on one random network", large),
    ]


def starsim_rate(model: Model) -> float:
    """Agent-steps a processor second; the start is left out."""
    sim = model.make()
    sim.init()
    start = time.process_time()
    sim.run()
    spent = time.process_time() - start
    alive = getattr(sim.results, "n_alive", None)
    return (float(alive.values.sum()) if alive is not None else model.agents * len(sim.t.timevec)) / spent


def engine_rate(case: Case, together: int) -> float:
    """Resident-steps a processor second, indicators of every year included; the start is left out."""
    engine = case.engine(together)
    record = Record(engine.now, case.options.start_year, case.options.horizon)
    start = time.process_time()
    for quarter in range(case.quarters):
        engine.step()
        if quarter % 4 == 3:
            record.take()
    return together * engine.now.register.size * case.quarters / (time.process_time() - start)


def row(case: Case, repeats: int, together: int = FUTURES_PER_BATCH) -> Row:
    """Measure row 2."""
    logging.getLogger("numba").setLevel(logging.ERROR)
    theirs = models()
    starsim_rate(theirs[0])  # compiles what it compiles
    own, large = (peopled_case(case, round(model.agents / case.district.villages)) for model in theirs)
    everybody = peopled_case(case, ALL_RESIDENTS)
    rates = in_turn(
        repeats,
        lambda: starsim_rate(theirs[0]), lambda: engine_rate(own, together),
        lambda: starsim_rate(theirs[1]), lambda: engine_rate(large, together),
        lambda: engine_rate(everybody, 1), lambda: engine_rate(case, together), lambda: engine_rate(case, 1),
    )  # fmt: skip
    names = [
        f"Starsim, {theirs[0].name}, {theirs[0].agents:,} agents", told(own, together),
        f"Starsim, {theirs[1].name}, {theirs[1].agents:,} agents", told(large, together),
        told(everybody, 1), told(case, together), told(case, 1),
    ]  # fmt: skip
    findings = [
        Finding(f"{model.agents:,} agents ({model.does})", rates[place + 1].over(rates[place]), "×")
        for model, place in zip(theirs, (0, 2), strict=True)
    ]
    measure = """resident-steps per second per core, all processes on, against Starsim's own benchmark models in the
        same run, equal numbers of agents"""
    how = f"""Processor time of one core for both, starts left out, recording of results included in both. A
        resident-step is one agent for one time step. A step of Starsim is
        {"; ".join(f"{model.does} ({model.agents:,} agents)" for model in theirs)}. A step of the engine is a quarter of
        the whole district: one resident in {RECONSIDER_GROUPS} reconsiders whether to take part, and all villages,
        pools, companies, enterprises and alliances trade; once a year people age, leave, return and die, and levers,
        elections and projects follow. Starsim computes one run at a time, the engine a batch of them."""
    lines = [[name, (rate * 1e-6).text()] for name, rate in zip(names, rates, strict=True)]
    limit = limits(own, large, rates[1].median, rates[3].median)
    beside = table(["million agent-steps a second and core", "median (lowest–highest)"], lines)
    return Row(2, prose(measure), AT_LEAST, 10, "×", findings, limit, prose(how), beside)


def peopled_case(case: Case, residents: int | str) -> Case:
    """The same with another number of residents a village."""
    return replace(case, options=replace(case.options, residents_per_village=residents))


def told(case: Case, together: int) -> str:
    """The engine's case in words."""
    number = case.options.residents_per_village
    who = "every registered resident" if number == ALL_RESIDENTS else f"{number} residents a village"
    return f"engine, {who}, {f'{together} runs together' if together > 1 else 'one run'}"


def limits(few: Case, many: Case, rate_of_few: float, rate_of_many: float) -> str:
    """What a resident costs and what the district costs, from the time of a quarter with few and with many."""
    people = [case.district.villages * int(case.options.residents_per_village) for case in (few, many)]
    seconds = [people[0] / rate_of_few, people[1] / rate_of_many]
    each = (seconds[1] - seconds[0]) / (people[1] - people[0])
    rest = max(seconds[0] - each * people[0], 0.0)
    return prose(f"""A resident costs {1e9 * each:.0f} ns a quarter, so that residents alone would run at
        {1e-6 / each:.0f} million steps a second; villages, levers and markets cost {1e6 * rest:.0f} µs a run and
        quarter whatever the number of residents, {rest / seconds[0]:.0%} of the time with {people[0]:,} residents.""")
