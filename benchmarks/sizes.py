"""Rows 4 and 5: more villages, and every registered resident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from benchmarks.measuring import Repeats, fresh, in_turn, processor_seconds
from benchmarks.phases import Case, seconds_of_phases
from benchmarks.places import peopled, repeated
from benchmarks.rows import AT_MOST, Finding, Row, prose, table
from experiments import load_district, load_strategy
from experiments.study import FUTURES_PER_BATCH
from sim.engine import run_batch
from sim.futures import numbered
from sim.options import ALL_RESIDENTS, RunOptions

TIMES = 10
PEOPLED = (1, 2, 4)
"""How many times the registered residents of Enyang."""


def whole(case: Case, together: int) -> float:
    """Processor seconds of a batch from nothing to its results."""
    numbers = list(range(together))
    return processor_seconds(lambda: run_batch(case.district, case.strategy, numbered(numbers), case.options))


def villages_row(case: Case, repeats: int, together: int = FUTURES_PER_BATCH) -> Row:
    """Measure row 4."""
    large = replace(case, district=repeated(case.district, TIMES))
    few, many = in_turn(repeats, lambda: whole(case, together), lambda: whole(large, together))
    small, big = seconds_of_phases(case, together), seconds_of_phases(large, together)
    growth = {name: big[name] / small[name] for name in small}
    notable = sorted((name for name in small if big[name] > 0.01 * sum(big.values())), key=lambda name: -growth[name])
    beyond = [name for name in notable if growth[name] > 1.1 * TIMES]
    lost = sum(big[name] - TIMES * small[name] for name in beyond) / sum(big.values())
    limits = prose(f"""Of {len(notable)} phases that take more than 1 % of the time, {len(beyond)} grow clearly more
        than the villages and make {lost:.0%} of the time of the larger district
        ({", ".join(f"`{name}` {growth[name]:.0f} times" for name in beyond[:3]) or "none"}); the others grow
        {growth[notable[-1]]:.1f} times and up, since calls cost the same whatever the number of villages.""")
    lines = [
        [f"{one.district.villages:,} villages", (values * (1000 / together)).text()]
        for one, values in ((case, few), (large, many))
    ]
    lines += [[f"growth of `{name}`", f"{growth[name]:.1f} times"] for name in notable]
    peaks = [
        fresh("sizes:batch", times=times, together=together, horizon=case.options.horizon)["peak_bytes"]
        for times in (1, TIMES)
    ]
    added = together * (large.district.villages - case.district.villages)
    constants = {
        "seconds_209": few.median / together,
        "seconds_2090": many.median / together,
        "batch_bytes": (peaks[1] - peaks[0]) / added,
    }
    how = f"""Processor time of whole batches of {together} runs, start and results included. The larger district is
        Enyang {TIMES} times side by side, with as many more towns, clusters and people. Growth of the phases that take
        more than 1 % of the time: one reading."""
    return Row(4, f"ten times the villages ({large.district.villages:,}), per run", AT_MOST, 10.5, "× the time",
               [Finding("", many.over(few), "×", 2)], limits, prose(how),
               table(["processor milliseconds a run", "median (lowest–highest)"], lines), constants)  # fmt: skip


def batch(times: int, together: int, horizon: int) -> None:
    """A batch in a process of its own, to see what memory it takes."""
    district = repeated(load_district("enyang"), times)
    whole(Case(district, load_strategy("existing_all_four"), RunOptions(horizon=horizon)), together)


def all_residents(times: float, horizon: int, residents: int | str = ALL_RESIDENTS) -> Mapping[str, float]:
    """One run in a process of its own: residents and processor seconds for each of them and each quarter."""
    district = peopled(load_district("enyang"), times)
    options = RunOptions(horizon=horizon, residents_per_village=residents)
    case = Case(district, load_strategy("existing_all_four"), options)
    number = case.engine(1).now.register.size
    return {"residents": number, "each": whole(case, 1) / (number * case.quarters)}


def residents_rows(case: Case, repeats: int) -> list[Row]:
    """Measure row 5: time, then memory."""
    horizon, most = case.options.horizon, PEOPLED[-1]
    rounds = [[fresh("sizes:all_residents", times=times, horizon=horizon) for times in PEOPLED] for _ in range(repeats)]
    sizes = list(zip(*rounds, strict=True))
    numbers = [int(size[0]["result"]["residents"]) for size in sizes]
    each = [Repeats(tuple(1e9 * one["result"]["each"] for one in size)) for size in sizes]
    peaks = [Repeats(tuple(one["peak_bytes"] for one in size)) for size in sizes]
    added = numbers[-1] - numbers[0]
    memory = Repeats(tuple((many - few) / added for few, many in zip(peaks[0].values, peaks[-1].values, strict=True)))
    everybody = replace(case, options=replace(case.options, residents_per_village=ALL_RESIDENTS))
    lines = [
        [f"{number:,} residents", spent.text(), (peak * 2**-20).text(".0f")]
        for number, spent, peak in zip(numbers, each, peaks, strict=True)
    ]
    process = f"""Each run in a fresh process, {", ".join(map(str, PEOPLED))} times Enyang's registers in the same
        villages. """
    measure = f"""`residents=all`: cost linear in residents (time per resident-step with {most} times the residents,
        over that with Enyang's)"""
    how = f"""{process} Processor time of the whole run over residents and quarters. The aim is a cost that is linear;
        10 % more a resident counts as that."""
    time_row = Row(
        5, prose(measure), AT_MOST, 1.1, "×", [Finding("", each[-1].over(each[0]), "×", 2)], dearest(everybody, most),
        prose(how), table(["one run of every registered resident", "ns a resident-step", "peak memory, MiB"], lines),
        {"seconds_all_residents": each[0].median * 1e-9 * numbers[0] * case.quarters, "bytes_resident": memory.median},
    )  # fmt: skip
    how = f"""{process} Growth of the peak memory of the process from the smallest to the largest, over the residents
        that were added; what a process holds anyway is so left out."""
    memory_row = Row(5, "`residents=all`: memory a resident a run", AT_MOST, 100, " bytes",
                     [Finding("", memory, " bytes", 0)], stored(everybody), prose(how))  # fmt: skip
    return [time_row, memory_row]


def dearest(everybody: Case, most: int) -> str:
    """Which phases take the time, and how they grow with the residents."""
    small, large = (
        seconds_of_phases(replace(everybody, district=peopled(everybody.district, times)), 1) for times in (1, most)
    )
    shares = [
        f"`{name}` {small[name] / sum(small.values()):.0%} (with {most} times the residents "
        f"{large[name] / small[name]:.1f} times as long)"
        for name in sorted(small, key=lambda name: -small[name])[:3]
    ]
    together = sum(large.values()) / sum(small.values())
    return f"Most time goes into {', '.join(shares)}; all steps together take {together:.1f} times as long."


def stored(everybody: Case) -> str:
    """What the arrays that last hold of each resident."""
    now = everybody.engine(1).now
    size, people = now.register.size, now.state.resident
    columns = sum(getattr(people, name).nbytes for name in people.columns) / size
    ties = (now.ties.nbytes + now.settlement_tie.nbytes) / size
    draws = sum(values.nbytes for values in vars(now.draws).values() if values.shape[1:] == (size,)) / size
    return prose(f"""What lasts: {columns:.0f} bytes of state, {ties:.0f} of ties (the network belongs to the place) and
        {draws:.0f} of draws of the whole run a resident; the rest is draws of the year and the quarter and intermediate
        results of the phase that needs most.""")
