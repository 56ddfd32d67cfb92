"""Row 1, the price of plainness: the engine in batches against the oracle (`tests/oracle`), on the same runs.

The oracle holds the same equations as functions of scalars. Its agents are `mesa.Agent`s of a `mesa.Model`; phases call
them one by one in plain loops, without Mesa's schedulers, without data collection and without tricks either way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.measuring import ROOT, Repeats, in_turn, processor_seconds, ratios
from benchmarks.phases import LEVERS_AND_TAPE, Case, Clock, seconds_of_phases
from benchmarks.rows import AT_LEAST, Finding, Row, table
from sim.policies.registry import LEVERS
from sim.world import world_values

TOGETHER = 32
RENAMED = {"services.wear_roads": "roads.wear", "services.develop_organisation": "organisation.develop"}
"""Phases that stand in another file of the oracle."""


def oracle_beside(case: Case, watch: Callable[[str], None] | None = None) -> tuple[Any, Any]:
    """An engine of one run and the oracle that starts where it stands."""
    sys.path += [folder for folder in [str(ROOT / "tests")] if folder not in sys.path]
    from oracle.compare import oracle_of

    engine = case.engine(1)
    defaults: Mapping = {key: lever.defaults() for key, lever in LEVERS.items()}
    return engine, oracle_of(engine, defaults, world_values(0), 0, watch)


def steps(model: Any, quarters: int) -> Callable[[], None]:
    """All quarters of an engine or an oracle."""

    def run() -> None:
        for _ in range(quarters):
            model.step()

    return run


def check_same(case: Case) -> None:
    """Engine and oracle agree after the last quarter, else there is nothing to compare.

    Raises:
        SystemExit: they differ.
    """
    engine, oracle = oracle_beside(case)
    from oracle.compare import differences

    for model in (engine, oracle):
        steps(model, case.quarters)()
    found = differences(engine, oracle)
    if found:
        raise SystemExit("\n".join(["engine and oracle differ:", *found]))


def seconds_of_oracle_phases(case: Case) -> dict[str, float]:
    """Processor seconds of each phase of one run of the oracle."""
    clock = Clock()
    name = {True: lambda phase: LEVERS_AND_TAPE, False: lambda phase: RENAMED.get(phase, phase)}
    _, oracle = oracle_beside(case, lambda phase: clock.read(name[phase.startswith("levers.")](phase)))
    clock.read("start")
    steps(oracle, case.quarters)()
    return {phase: seconds for phase, seconds in clock.spent.items() if phase != "start"}


def row(case: Case, repeats: int, together: int = TOGETHER) -> Row:
    """Measure row 1."""
    check_same(case)
    plain, batch, alone = in_turn(
        repeats,
        lambda: processor_seconds(steps(oracle_beside(case)[1], case.quarters)),
        lambda: processor_seconds(steps(case.engine(together), case.quarters)) / together,
        lambda: processor_seconds(steps(case.engine(1), case.quarters)),
    )
    years = case.quarters / 4
    phases, lines = compared(case, together)
    tape = phases[LEVERS_AND_TAPE] / sum(phases.values())
    least, most = (found(phases_ratio(lines)) for found in (min, max))
    limits = (
        f"The oracle itself needs only {1000 * Repeats(tuple(plain)).median / years:.0f} ms a simulated year. Phases gain "
        f"between {least:.0f} and {most:.0f} times; levers and draws alone, which both pay for, take {tape:.0%} of the "
        f"engine's steps and cap the whole at {Repeats(tuple(plain)).median / (tape * Repeats(tuple(batch)).median):.0f}×."
    )
    beside = [
        f"Milliseconds a run and year: oracle {Repeats(tuple(1000 * value / years for value in plain)).text()}, engine "
        f"with one run {Repeats(tuple(1000 * value / years for value in alone)).text()}, with {together} together "
        f"{Repeats(tuple(1000 * value / years for value in batch)).text('.3f')}. By phase, one reading:",
        "",
        *table(["phase", "oracle, ms a run and year", f"engine, {together} together", "ratio"],
               [[name, f"{one:.3f}", f"{other:.4f}", f"{one / other:.0f}" if other else "–"] for name, one, other in lines]),
    ]  # fmt: skip
    return Row(
        1, f"per run, engine in batches ({together} together) against the oracle's plain-Mesa model, same rules, same "
        "district, same years", AT_LEAST, 200, "×", [Finding("", ratios(plain, batch), "×")], limits,
        f"Processor time of all quarters {case.options.start_year}–{case.options.horizon}, building the models left out, "
        "in turn; oracle and engine were compared at the end of one run and agree. The oracle's agents are `mesa.Agent`s "
        "of a `mesa.Model`, called one by one in plain Python loops on scalars, without Mesa's `AgentSet.do` and data "
        "collection: the leanest Mesa model of these rules, not a typical one.", beside,
    )  # fmt: skip


def compared(case: Case, together: int) -> tuple[dict[str, float], list[tuple[str, float, float]]]:
    """Seconds of the engine's phases, and for each phase milliseconds a run and year of oracle and engine."""
    mine, plain = seconds_of_phases(case, together), seconds_of_oracle_phases(case)
    scale = 1000 * 4 / case.quarters
    lines = [(name, plain[name] * scale, mine.get(name, 0.0) * scale / together) for name in plain]
    return mine, sorted(lines, key=lambda line: -line[1])


def phases_ratio(lines: list[tuple[str, float, float]]) -> list[float]:
    """Oracle over engine, of the phases that both have."""
    return [one / other for _, one, other in lines if other > 0]
