"""Rows 4 and 5: more villages, and every registered resident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from benchmarks.measuring import Repeats, fresh, in_turn, processor_seconds, ratios
from benchmarks.phases import LEVERS_AND_TAPE, Case, seconds_of_phases
from benchmarks.places import peopled, repeated
from benchmarks.rows import AT_MOST, Finding, Row, table
from experiments import load_district, load_strategy
from sim.engine import ALL_RESIDENTS, RunOptions, run_batch

TIMES = 10
PEOPLED = (1, 2, 4)
"""How many times the registered residents of Enyang."""


def whole(case: Case, together: int) -> float:
    """Processor seconds of a batch from nothing to its results."""
    numbers = list(range(together))
    return processor_seconds(lambda: run_batch(case.district, case.strategy, numbers, numbers, case.options))


def villages_row(case: Case, repeats: int, together: int = 25) -> Row:
    """Measure row 4."""
    large = replace(case, district=repeated(case.district, TIMES))
    few, many = in_turn(repeats, lambda: whole(case, together), lambda: whole(large, together))
    small, big = seconds_of_phases(case, together), seconds_of_phases(large, together)
    growth = {name: big[name] / small[name] for name in small}
    steepest = sorted((name for name in small if big[name] > 0.01 * sum(big.values())), key=lambda name: -growth[name])
    flattest = steepest[-1]
    limits = (
        f"Of the phases that take more than 1 % of the time, `{steepest[0]}` grows most ({growth[steepest[0]]:.1f} times) "
        f"and `{flattest}` least ({growth[flattest]:.1f} times); all steps together grow "
        f"{sum(big.values()) / sum(small.values()):.1f} times, since arrays of {large.district.villages:,} villages and "
        f"{together} runs take {large.district.villages * together * 8 / 2**10:,.0f} KiB a column and leave the cache, "
        "while calls cost the same."
    )
    beside = table(
        ["processor milliseconds a run", "median (lowest–highest)"],
        [[f"{one.district.villages:,} villages", Repeats(tuple(1000 * value / together for value in values)).text()]
         for one, values in ((case, few), (large, many))]
        + [[f"`{name}`, growth", f"{growth[name]:.1f} times"] for name in steepest[:5]],
    )  # fmt: skip
    return Row(
        4, f"ten times the villages ({large.district.villages:,}), per run", AT_MOST, 10.5, "× the time",
        [Finding("", ratios(many, few), "×")], limits,
        f"Processor time of whole batches of {together} runs, start and results included. The larger district is Enyang "
        f"{TIMES} times side by side, with as many more towns, clusters and people.", beside,
    )  # fmt: skip


def all_residents(times: float, horizon: int, residents: int | str = ALL_RESIDENTS) -> Mapping[str, float]:
    """One run in a process of its own: residents, steps and processor seconds."""
    district = peopled(load_district("enyang"), times)
    options = RunOptions(horizon=horizon, residents_per_village=residents)
    case = Case(district, load_strategy("existing_all_four"), options)
    engine = case.engine(1)
    number = engine.now.register.size
    del engine
    return {"residents": number, "steps": number * case.quarters, "seconds": whole(case, 1)}


def residents_rows(case: Case, repeats: int) -> list[Row]:
    """Measure row 5: time, then memory."""
    horizon, most = case.options.horizon, PEOPLED[-1]
    found = [[fresh("sizes:all_residents", times=times, horizon=horizon) for times in PEOPLED] for _ in range(repeats)]
    numbers = [int(one["result"]["residents"]) for one in found[0]]
    each = [[one["result"]["seconds"] / one["result"]["steps"] for one in line] for line in found]
    linear = Repeats(tuple(line[-1] / line[0] for line in each))
    memory = Repeats(tuple(
        (line[-1]["peak_bytes"] - line[0]["peak_bytes"]) / (numbers[-1] - numbers[0]) for line in found
    ))  # fmt: skip
    everybody = replace(case, options=replace(case.options, residents_per_village=ALL_RESIDENTS))
    spent = seconds_of_phases(everybody, 1)
    order = sorted(spent, key=lambda name: -spent[name])
    share = [f"`{name}` {spent[name] / sum(spent.values()):.0%}" if name != LEVERS_AND_TAPE
             else f"{name} {spent[name] / sum(spent.values()):.0%}" for name in order[:3]]  # fmt: skip
    lines = [
        [f"{number:,} residents",
         Repeats(tuple(1e9 * line[place] for line in each)).text(),
         Repeats(tuple(line[place]["peak_bytes"] / 2**20 for line in found)).text(".0f")]
        for place, number in enumerate(numbers)
    ]  # fmt: skip
    beside = table(["one run of every registered resident", "ns a resident-step", "peak memory, MiB"], lines)
    process = f"Each run in a fresh process, {', '.join(f'{times} times' for times in PEOPLED)} Enyang's registers in the same "
    process += "villages. "
    time_row = Row(
        5, f"`residents=all`: cost linear in residents (time per resident-step with {most} times the residents, over that "
        "with Enyang's)", AT_MOST, 1.1, "×", [Finding("", linear, "×")],
        f"Most time goes into {', '.join(share)}; a resident-step costs "
        f"{Repeats(tuple(1e9 * line[0] for line in each)).median:.0f} ns with {numbers[0]:,} residents and "
        f"{Repeats(tuple(1e9 * line[-1] for line in each)).median:.0f} ns with {numbers[-1]:,}.",
        process + "Processor time of the whole run over residents and quarters. The issue asks for a cost that is "
        "linear; 10 % either way is taken as that.", beside,
    )  # fmt: skip
    memory_row = Row(
        5, "`residents=all`: memory a resident a run", AT_MOST, 100, " bytes",
        [Finding("", memory, " bytes", 0)], stored(everybody, numbers[0]),
        process + "Growth of the peak memory of the process from the smallest to the largest, over the residents that "
        "were added; what a process holds anyway is so left out.", [],
    )  # fmt: skip
    return [time_row, memory_row]


def stored(case: Case, residents: int) -> str:
    """What the arrays that last hold of each resident."""
    engine = case.engine(1)
    engine.step()
    now, table_ = engine.now, engine.now.state.resident
    columns = sum(getattr(table_, name).nbytes for name in table_.columns)
    ties = now.ties.nbytes + now.settlement_tie.nbytes
    size = now.register.size
    draws = sum(value.nbytes for value in vars(now.draws).values() if value.ndim == 2 and value.shape[1] >= size // 4)
    return (
        f"What lasts: {columns / size:.0f} bytes of state, {ties / size:.0f} of ties (the network is the place's, one for "
        f"all runs) and {draws / size:.0f} of draws a resident; the rest is passing arithmetic of the largest phase."
    )
