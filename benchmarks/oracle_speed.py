"""Row 1, the price of plainness: the engine in batches against the oracle (`tests/oracle`), on the same runs.

The oracle holds the same equations as functions of scalars. Its agents are `mesa.Agent`s of a `mesa.Model`; phases
call them one by one in plain loops, without Mesa's schedulers, without data collection and without tricks either way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.measuring import ROOT, in_turn, processor_seconds
from benchmarks.phases import LEVERS_AND_TAPE, Case, Clock, seconds_of_phases
from benchmarks.rows import AT_LEAST, Finding, Row, prose, table
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

    def saw(phase: str) -> None:
        clock.read(LEVERS_AND_TAPE if phase.startswith("levers.") else RENAMED.get(phase, phase))

    _, oracle = oracle_beside(case, saw)
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
    milliseconds = 1000 * 4 / case.quarters
    mine, theirs = seconds_of_phases(case, together), seconds_of_oracle_phases(case)
    gains = {name: theirs[name] * together / mine[name] for name in theirs if mine.get(name)}
    slowest = sorted(gains, key=lambda name: -mine[name])[:3]
    draws = mine[LEVERS_AND_TAPE] / sum(mine.values())
    limits = prose(f"""The oracle itself needs only {plain.median * milliseconds:.0f} ms a simulated year. The engine's
        dearest parts gain {", ".join(f"{gains[name]:.0f} times ({name})" for name in slowest)}; levers and draws alone
        take {draws:.0%} of its steps, so that with all else for nothing the ratio would be
        {plain.median / (draws * batch.median):.0f}.""")
    told = prose(f"""Milliseconds a run and year: oracle {(plain * milliseconds).text()}, engine with one run
        {(alone * milliseconds).text()}, with {together} together {(batch * milliseconds).text(".3f")}. By phase, one
        reading:""")
    lines = [
        [
            name,
            f"{theirs[name] * milliseconds:.3f}",
            f"{mine[name] * milliseconds / together:.4f}",
            f"{gains[name]:.0f}",
        ]
        for name in sorted(gains, key=lambda name: -theirs[name])
    ]
    heads = ["phase", "oracle, ms a run and year", f"engine, {together} together", "ratio"]
    measure = f"""per run, engine in batches ({together} together) against the oracle's plain-Mesa model, same rules,
        same district, same years"""
    how = f"""Processor time of all quarters {case.options.start_year}–{case.options.horizon}, building the models left
        out, in turn; oracle and engine were compared at the end of one run and agree. The oracle's agents are
        `mesa.Agent`s of a `mesa.Model`, called one by one in plain Python loops on scalars, without Mesa's
        `AgentSet.do` and data collection: the leanest Mesa model of these rules, not a typical one."""
    return Row(1, prose(measure), AT_LEAST, 200, "×", [Finding("", plain.over(batch), "×")], limits, prose(how),
               [told, "", *table(heads, lines)])  # fmt: skip
