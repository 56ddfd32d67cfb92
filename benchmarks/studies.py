"""Rows 6 to 8: what a study costs beyond its runs, in memory, in time, and with two processes."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import load
from benchmarks.measuring import Repeats, fresh, fresh_copies, ratios
from benchmarks.rows import AT_LEAST, AT_MOST, Finding, Row, table
from experiments.compose import compose, session
from experiments.jobs.common import run_study
from experiments.settings import Job, read_job
from experiments.store import Store
from experiments.study import FUTURES_PER_BATCH
from sim.engine import run_batch

STRATEGY = "existing_all_four"
DETAILS = ("district", "villages")
MORE = 10


@contextmanager
def job(futures: int, workers: int, detail: str, horizon: int) -> Iterator[Job]:
    """A study of one strategy with its results in a folder that goes away."""
    with TemporaryDirectory() as folder, session(), contextlib.redirect_stdout(io.StringIO()):
        words = [f"strategy={STRATEGY}", f"futures={futures}", f"workers={workers}", f"detail={detail}",
                 f"horizon={horizon}", f"outputs={folder}/outputs"]  # fmt: skip
        if "detail" not in compose("run", []).values:  # TEMPORARY
            words = [word for word in words if not word.startswith("detail")]
        yield read_job("run", compose("run", words))


def computed(futures: int, workers: int, detail: str, horizon: int) -> dict[str, float]:
    """Compute and store a study: wall seconds, and bytes on the disk."""
    with job(futures, workers, detail, horizon) as asked:
        start = time.perf_counter()
        store = run_study(asked, "run")
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "bytes": sum(path.stat().st_size for path in files(store))}


def files(store: Store) -> list[Path]:
    """All files of a study."""
    return [path for path in store.folder.rglob("*") if path.is_file()]


def bare(futures: int, horizon: int) -> float:
    """Wall seconds of the same runs in batches of the same size, nothing kept."""
    with job(futures, 1, DETAILS[0], horizon) as asked:
        study = asked.study
    start = time.perf_counter()
    for first in range(0, futures, FUTURES_PER_BATCH):
        numbers = list(range(first, min(first + FUTURES_PER_BATCH, futures)))
        run_batch(study.district, study.strategies[0], numbers, numbers, study.options)
    return time.perf_counter() - start


def beside_bare(futures: int, horizon: int, repeats: int) -> dict[str, list[float]]:
    """Bare runs and whole studies in turn, wall seconds; of these the part after the last run."""
    found: dict[str, list[float]] = {"bare": [], "finish": [], **{detail: [] for detail in DETAILS}}
    finish = Store.finish

    def timed(store: Store, *given: object, **named: object) -> None:
        start = time.perf_counter()
        finish(store, *given, **named)  # type: ignore[arg-type]
        found["finish"].append(time.perf_counter() - start)

    Store.finish = timed  # type: ignore[method-assign, assignment]
    bare(min(futures, FUTURES_PER_BATCH), horizon)
    for _ in range(repeats):
        found["bare"].append(bare(futures, horizon))
        for detail in DETAILS:
            found[detail].append(computed(futures, 1, detail, horizon)["seconds"])
    return found


def memory_row(futures: int, repeats: int, horizon: int) -> Row:
    """Measure row 6."""
    given = {"workers": 1, "detail": DETAILS[0], "horizon": horizon}
    found = [[fresh("studies:computed", futures=number, **given)["peak_bytes"] / 2**20
              for number in (FUTURES_PER_BATCH, futures, MORE * futures)] for _ in range(repeats)]  # fmt: skip
    one, few, many = zip(*found, strict=True)
    growth = Repeats(tuple(100 * (ratio - 1) for ratio in ratios(many, few).values))
    added = Repeats(many).median - Repeats(few).median
    runs = (MORE - 1) * futures
    return Row(
        6, f"ten times the runs ({MORE * futures:,} for {futures:,}): peak memory", AT_MOST, 5, " % more",
        [Finding("", growth, " %")],
        f"A single batch of {FUTURES_PER_BATCH} runs already takes {Repeats(one).median:.0f} MiB, libraries included; each "
        f"further run adds {1024 * added / runs:.1f} KiB.",
        f"Peak memory of a fresh process that computes and stores a whole study with `detail={DETAILS[0]}` and "
        "`workers=1`, from the command's words to the finished store.",
        table(["peak memory, MiB", "median (lowest–highest)"],
              [[f"{number:,} runs", Repeats(values).text(".0f")]
               for number, values in ((FUTURES_PER_BATCH, one), (futures, few), (MORE * futures, many))]),
    )  # fmt: skip


def overhead_row(futures: int, repeats: int, horizon: int) -> Row:
    """Measure row 7."""
    found = fresh("studies:beside_bare", futures=futures, horizon=horizon, repeats=repeats)["result"]
    findings, parts = [], []
    for place, detail in enumerate(DETAILS):
        over = Repeats(tuple(100 * (ratio - 1) for ratio in ratios(found[detail], found["bare"]).values))
        findings.append(Finding(f"`detail={detail}`", over, " %"))
        finish = Repeats(tuple(found["finish"][place :: len(DETAILS)])).median
        more = Repeats(tuple(found[detail])).median - Repeats(tuple(found["bare"])).median
        parts.append(f"with `detail={detail}` {1000 * more / futures:.2f} ms a run, of which {1000 * finish / futures:.2f} "
                     "ms joining the parts, hashes and the manifest after the last run")  # fmt: skip
    lines = [[name, Repeats(tuple(1000 * value / futures for value in found[key])).text()]
             for name, key in (("bare `run_batch`", "bare"), *((f"study, `detail={one}`", one) for one in DETAILS))]  # fmt: skip
    return Row(
        7, f"store, progress and orchestration over bare `simulate` (`run_batch` in batches of {FUTURES_PER_BATCH})",
        AT_MOST, 10, " % more", findings, f"A study adds {'; '.join(parts)}.",
        f"Wall clock, since flushing files to the disk is part of it; {futures:,} runs of `{STRATEGY}`, `workers=1`, in "
        "turn in one process, results in the system's temporary folder.",
        table(["wall milliseconds a run", "median (lowest–highest)"], lines),
    )  # fmt: skip


def workers_row(futures: int, repeats: int, horizon: int) -> Row:
    """Measure row 8."""
    given = {"detail": DETAILS[0], "horizon": horizon}
    small = 2 * FUTURES_PER_BATCH
    found: dict[str, list[float]] = {name: [] for name in ("one", "two", "small one", "small two", "alone", "pair")}
    loads = [load()]
    for _ in range(repeats):
        for name, number, workers in (("one", futures, 1), ("two", futures, 2), ("small one", small, 1),
                                      ("small two", small, 2)):  # fmt: skip
            found[name].append(fresh("studies:computed", futures=number, workers=workers, **given)["result"]["seconds"])
        for name, copies in (("alone", 1), ("pair", 2)):
            done = fresh_copies("studies:bare", copies, futures=max(small, futures // 8), horizon=horizon)
            found[name].append(max(one["result"] for one in done))
        loads.append(load())
    medians = {name: Repeats(tuple(values)).median for name, values in found.items()}
    gain = ratios(found["one"], found["two"])
    bare_gain = Repeats(tuple(2 * ratio for ratio in ratios(found["alone"], found["pair"]).values))
    start = medians["small two"] - medians["small one"] / 2
    limits = (
        f"Two bare processes at once, which share nothing but the machine, do {bare_gain.text()} times the work of one; "
        f"starting the workers costs {start:.1f} s, {start / medians['two']:.0%} of the {medians['two']:.0f} s that this "
        f"study takes with two. Load of the machine at the start {loads[0]:.1f}, during the measurement up to "
        f"{max(loads[1:]):.1f}: beyond 2 others were at work."
    )
    return Row(
        8, "two worker processes on two cores, over one", AT_LEAST, 1.9, "×", [Finding("", gain, "×", 2)], limits,
        f"Wall clock of {futures:,} runs computed and stored with `detail={DETAILS[0]}`, `workers=1` and `workers=2` in "
        "turn, each in a fresh process; loading the command is left out, starting the workers is not.",
        table(["wall seconds", "median (lowest–highest)"],
              [[f"{number:,} runs, `workers={workers}`", Repeats(tuple(found[name])).text()]
               for name, number, workers in (("one", futures, 1), ("two", futures, 2), ("small one", small, 1),
                                             ("small two", small, 2))]),
    )  # fmt: skip
