"""Row 2: resident-steps a second and core beside the models that Starsim itself is timed with, at equal numbers of agents.

Starsim (MIT licence) keeps two: the one of its `tests/benchmark.yaml` (10,000 agents; SIR and SIS on a random, a sexual
and a maternal network; births and deaths; 20 years in steps of 0.2) and that of its `tests/benchmark_large.py` (100,000
agents; SIS on a random network; 100 yearly steps). Their parameters are written down here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.measuring import Repeats, in_turn, ratios
from benchmarks.phases import Case
from benchmarks.rows import AT_LEAST, Finding, Row, table
from sim.engine import ALL_RESIDENTS
from sim.indicators import Record


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


def row(case: Case, repeats: int, together: int = 32) -> Row:
    """Measure row 2."""
    logging.getLogger("numba").setLevel(logging.ERROR)
    theirs = models()
    starsim_rate(theirs[0])  # compiles what it compiles
    sizes = [round(model.agents / case.district.villages) for model in theirs]
    cases = [replace(case, options=replace(case.options, residents_per_village=size)) for size in sizes]
    batches = [together, max(1, together * theirs[0].agents // theirs[1].agents)]
    everybody = replace(case, options=replace(case.options, residents_per_village=ALL_RESIDENTS))
    found = in_turn(
        repeats,
        lambda: starsim_rate(theirs[0]), lambda: engine_rate(cases[0], batches[0]),
        lambda: starsim_rate(theirs[1]), lambda: engine_rate(cases[1], batches[1]),
        lambda: engine_rate(everybody, 1), lambda: engine_rate(case, together), lambda: engine_rate(case, 1),
    )  # fmt: skip
    rates = [Repeats(tuple(value / 1e6 for value in values)) for values in found]
    findings = [
        Finding(f"{model.agents:,} agents ({model.does})", ratios(found[2 * place + 1], found[2 * place]), "×")
        for place, model in enumerate(theirs)
    ]
    usual = case.options.residents_per_village
    named = [
        *(line for place, model in enumerate(theirs) for line in (
            [f"Starsim, {model.name}, {model.agents:,} agents", rates[2 * place].text()],
            [f"engine, {sizes[place]} residents a village, {batches[place]} runs together", rates[2 * place + 1].text()],
        )),
        ["engine, every registered resident, one run", rates[4].text()],
        [f"engine, {usual} residents a village, {together} runs together", rates[5].text()],
        [f"engine, {usual} residents a village, one run", rates[6].text()],
    ]  # fmt: skip
    return Row(
        2, "resident-steps per second per core, all processes on, against Starsim's own benchmark models in the same run, "
        "equal numbers of agents", AT_LEAST, 10, "×", findings, limits(cases, batches),
        "Processor time of one core for both, starts left out, recording of results included in both. A resident-step is "
        "one agent for one time step. A step of Starsim is "
        + "; ".join(f"{model.does} ({model.agents:,} agents)" for model in theirs)
        + ". A step of the engine is a quarter of the whole district: a quarter of the residents reconsiders whether to "
        "take part, and all villages, pools, companies, enterprises and alliances trade; once a year people age, leave, "
        "return and die, and levers, elections and projects follow. Starsim computes one run at a time, the engine a "
        "batch of them.", table(["million agent-steps a second and core", "median (lowest–highest)"], named),
    )  # fmt: skip


def limits(cases: list[Case], batches: list[int]) -> str:
    """What a resident costs and what the district costs, from the time of a quarter at both sizes."""
    seconds, people = [], []
    for case, together in zip(cases, batches, strict=True):
        size = case.district.villages * int(case.options.residents_per_village)
        seconds.append(size / engine_rate(case, together))
        people.append(size)
    each = (seconds[1] - seconds[0]) / (people[1] - people[0])
    rest = max(seconds[0] - each * people[0], 0.0)
    return (
        f"A resident costs {1e9 * each:.0f} ns a quarter, so that residents alone would run at {1e-6 / each:.0f} million "
        f"steps a second; villages, levers and markets cost {1e6 * rest:.0f} µs a quarter and run whatever the number of "
        f"residents, {rest / seconds[0]:.0%} of the time at {people[0]:,}."
    )
