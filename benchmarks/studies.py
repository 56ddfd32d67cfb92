"""Rows 6 to 8: what a study costs beyond its runs, in memory, in time, and with two processes."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.machine import load
from benchmarks.measuring import Repeats, fresh, fresh_copies, in_turn, peak_bytes
from benchmarks.rows import AT_LEAST, AT_MOST, Finding, Row, prose, table
from experiments.compose import compose, session
from experiments.jobs.common import run_study
from experiments.settings import Job, read_job
from experiments.store import Store
from experiments.study import FUTURES_PER_BATCH
from sim.engine import run_batch
from sim.futures import numbered

STRATEGY = "existing_all_four"
DETAILS = ("district", "villages")
MORE = 10


@contextmanager
def job(futures: int, workers: int, detail: str, horizon: int) -> Iterator[Job]:
    """A study of one strategy with its results in a folder that goes away."""
    with TemporaryDirectory() as folder, session(), contextlib.redirect_stdout(io.StringIO()):
        words = [f"strategy={STRATEGY}", f"futures={futures}", f"workers={workers}", f"detail={detail}",
                 f"horizon={horizon}", f"outputs={folder}/outputs"]  # fmt: skip
        yield read_job("run", compose("run", words))


def computed(futures: int, workers: int, detail: str, horizon: int) -> dict[str, float]:
    """Compute and store a study: seconds, bytes on the disk, and peak memory when the last run was done."""
    with job(futures, workers, detail, horizon) as asked, watched_finish() as finished:
        start, processor = time.perf_counter(), time.process_time()
        store = run_study(asked, "run")
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        stored = sum(path.stat().st_size for path in files(store))
        before, finish = finished[0]
        return {"seconds": seconds, "processor": processor, "bytes": stored, "peak_before_finish": before,
                "finish": finish}  # fmt: skip


@contextmanager
def watched_finish() -> Iterator[list[tuple[int, float]]]:
    """Peak memory before a study's results are joined, and the seconds that joining takes, of each study inside."""
    found: list[tuple[int, float]] = []
    finish = Store.finish

    def timed(store: Store, *given: Any, **named: Any) -> None:
        before, start = peak_bytes(), time.perf_counter()
        finish(store, *given, **named)
        found.append((before, time.perf_counter() - start))

    Store.finish = timed  # type: ignore[method-assign, assignment]
    try:
        yield found
    finally:
        Store.finish = finish  # type: ignore[method-assign]


def files(store: Store) -> list[Path]:
    """All files of a study."""
    return [path for path in store.folder.rglob("*") if path.is_file()]


def bare(futures: int, horizon: int) -> float:
    """Wall seconds of the same runs in batches of the same size, nothing kept."""
    with job(futures, 1, DETAILS[0], horizon) as asked:
        study = asked.study
    start = time.perf_counter()
    for first in range(0, futures, FUTURES_PER_BATCH):
        some = numbered(range(first, min(first + FUTURES_PER_BATCH, futures)))
        run_batch(study.district, study.strategies[0], some, study.options)
    return time.perf_counter() - start


def beside_bare(futures: int, horizon: int, repeats: int) -> dict[str, list[float]]:
    """Bare runs and whole studies in turn, wall seconds, and what of them joining the results takes."""
    found: dict[str, list[float]] = {"bare": [], "bare processor": []}
    bare(min(futures, FUTURES_PER_BATCH), horizon)
    for _ in range(repeats):
        start = time.process_time()
        found["bare"].append(bare(futures, horizon))
        found["bare processor"].append(time.process_time() - start)
        for detail in DETAILS:
            done = computed(futures, 1, detail, horizon)
            found.setdefault(detail, []).append(done["seconds"])
            found.setdefault(f"{detail} processor", []).append(done["processor"])
            found.setdefault(f"{detail} finish", []).append(done["finish"])
            found.setdefault(f"{detail} bytes", []).append(done["bytes"])
    return found


def memory_row(futures: int, repeats: int, horizon: int) -> Row:
    """Measure row 6."""
    given = {"workers": 1, "detail": DETAILS[0], "horizon": horizon}
    numbers = (FUTURES_PER_BATCH, futures, MORE * futures)
    rounds = [[fresh("studies:computed", futures=number, **given) for number in numbers] for _ in range(repeats)]
    sizes = list(zip(*rounds, strict=True))
    peaks = [Repeats(tuple(one["peak_bytes"] / 2**20 for one in size)) for size in sizes]
    computing = [Repeats(tuple(one["result"]["peak_before_finish"] / 2**20 for one in size)) for size in sizes]
    whole, before = (1024 * (of[2].median - of[1].median) / (numbers[2] - numbers[1]) for of in (peaks, computing))
    limits = f"""A single batch of {numbers[0]} runs already takes {peaks[0].median:.0f} MiB, libraries included.
        Between {numbers[1]:,} and {numbers[2]:,} runs the peak grows by {whole:.1f} KiB a run, of which {before:.1f}
        KiB while runs are computed and the rest when their results are joined."""
    how = f"""Peak memory of a fresh process that computes and stores a whole study with `detail={DETAILS[0]}` and
        `workers=1`, from the command's words to the finished store."""
    lines = [
        [f"{number:,} runs", peak.text(".0f"), earlier.text(".0f")]
        for number, peak, earlier in zip(numbers, peaks, computing, strict=True)
    ]
    return Row(6, f"ten times the runs ({numbers[2]:,} for {numbers[1]:,}): peak memory", AT_MOST, 5, " % more",
               [Finding("", peaks[2].more_than(peaks[1]), " %")], prose(limits), prose(how),
               table(["peak memory, MiB", "whole study", "when the last run was done"], lines),
               {"process_mib": peaks[0].median, "join_kib": max(whole - before, 0.0)})  # fmt: skip


def overhead_row(futures: int, repeats: int, horizon: int) -> Row:
    """Measure row 7."""
    done = fresh("studies:beside_bare", futures=futures, horizon=horizon, repeats=repeats)["result"]
    stored = {detail: Repeats(tuple(done.pop(f"{detail} bytes"))).median / futures for detail in DETAILS}
    found = {name: Repeats(tuple(values)) * (1000 / futures) for name, values in done.items()}
    plain = found["bare"]
    parts = [
        f"""with `detail={detail}` {found[detail].median - plain.median:.2f} ms a run, of which
        {found[f"{detail} finish"].median:.2f} ms joining the parts, hashes and the manifest after the last run"""
        for detail in DETAILS
    ]
    limits = f"A run takes {plain.median:.2f} ms. A study adds {'; '.join(parts)}."
    how = f"""Wall clock, since flushing files to the disk is part of it; {futures:,} runs of `{STRATEGY}`, `workers=1`,
        in turn in one process, results in the system's temporary folder."""
    names = {"bare": "bare `run_batch`", **{detail: f"study, `detail={detail}`" for detail in DETAILS}}
    lines = [[name, found[key].text(), found[f"{key} processor"].text()] for key, name in names.items()]
    measure = (
        f"""store, progress and orchestration over bare `simulate` (`run_batch` in batches of {FUTURES_PER_BATCH})"""
    )
    findings = [Finding(f"`detail={detail}`", found[detail].more_than(plain), " %") for detail in DETAILS]
    constants = {f"seconds_{detail}": found[detail].median / 1000 for detail in DETAILS}
    constants |= {f"bytes_{detail}": stored[detail] for detail in DETAILS}
    return Row(7, measure, AT_MOST, 10, " % more", findings, prose(limits), prose(how),
               table(["milliseconds a run", "wall clock", "processor"], lines), constants)  # fmt: skip


def workers_row(futures: int, repeats: int, horizon: int) -> Row:
    """Measure row 8."""
    small = 2 * FUTURES_PER_BATCH
    loads = [load()]

    def study(number: int, workers: int) -> float:
        given = {"futures": number, "workers": workers, "detail": DETAILS[0], "horizon": horizon}
        return fresh("studies:computed", **given)["result"]["seconds"]

    def bare_copies(copies: int) -> float:
        loads.append(load())
        done = fresh_copies("studies:bare", copies, futures=max(small, futures // 8), horizon=horizon)
        return max(one["result"] for one in done)

    cases = [(futures, 1), (futures, 2), (small, 1), (small, 2)]
    one, two, small_one, small_two, alone, pair = in_turn(
        repeats, *(partial(study, *case) for case in cases), lambda: bare_copies(1), lambda: bare_copies(2)
    )
    start = small_two.median - small_one.median / 2
    limits = f"""Two bare processes at once, which share nothing but the machine, do {(alone.over(pair) * 2).text()}
        times the work of one; starting the workers costs {start:.1f} s, {start / two.median:.0%} of the
        {two.median:.0f} s that this study takes with two. Load of the machine at the start {loads[0]:.1f}, during the
        measurement up to {max(loads[1:]):.1f}: beyond 2 others were at work."""
    how = f"""Wall clock of {futures:,} runs computed and stored with `detail={DETAILS[0]}`, `workers=1` and `workers=2`
        in turn, each in a fresh process; loading the command is left out, starting the workers is not."""
    lines = [
        [f"{number:,} runs, `workers={workers}`", seconds.text()]
        for (number, workers), seconds in zip(cases, (one, two, small_one, small_two), strict=True)
    ]
    return Row(8, "two worker processes on two cores, over one", AT_LEAST, 1.9, "×", [Finding("", one.over(two), "×",
        2)], prose(limits), prose(how), table(["wall seconds", "median (lowest–highest)"], lines),
               {"two_workers": one.over(two).median, "seconds_workers": start})  # fmt: skip
