"""Who computes the batches of a study: this process, or several."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from experiments.progress import Progress
from experiments.store import Store, write_batch
from experiments.study import Batch, Study
from sim.engine import BatchResult, run_batch

EachDone = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Task:
    """All that a process needs to compute one batch and to store it in `folder`."""

    study: Study
    batch: Batch
    folder: Path


def compute(study: Study, batch: Batch) -> BatchResult:
    """Run one batch of a study."""
    run_options = replace(study.options, start=batch.start)
    return run_batch(
        study.district, batch.strategy, batch.worlds, batch.seeds, run_options, study.parameters, study.ranges
    )


def run_task(task: Task) -> int:
    """Run and store one batch; gives the number of runs."""
    write_batch(task.folder, task.study.district, task.batch, compute(task.study, task.batch))
    return len(task.batch.seeds)


def execute(store: Store, workers: int | None, language: str = "zh") -> None:
    """Compute what a study's store lacks.

    Args:
        store: where the results go.
        workers: number of processes; None = one for each processor.
        language: language of the progress bar.
    """
    study, missing = store.study, store.missing()
    tasks = [Task(study, batch, store.folder) for batch in missing]
    store.prepare()
    with (
        Progress(total=sum(len(batch.seeds) for batch in missing), language=language) as progress,
        processes(workers, len(tasks)) as each_done,
    ):
        for runs in each_done(run_task, tasks):
            progress.advance(runs)


def leave_interrupts() -> None:
    """Ctrl-C is for the process that waits; the others finish their batch in silence."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def processes(workers: int | None, tasks: int) -> Iterator[EachDone]:
    """What maps a function over tasks, in several processes of one thread each, in whatever order they finish.

    Args:
        workers: number of processes; None = one for each processor.
        tasks: how many there are at most at once; one task needs no other process.
    """
    workers = min(workers or os.cpu_count() or 1, tasks)
    if workers <= 1:
        yield map
        return
    context = multiprocessing.get_context("spawn")
    with one_thread_each(), ProcessPoolExecutor(workers, context, initializer=leave_interrupts) as pool:
        yield partial(_each_done, pool)


def _each_done(pool: ProcessPoolExecutor, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
    waiting = [pool.submit(function, task) for task in tasks]
    try:
        for future in as_completed(waiting):
            yield future.result()
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Processes started inside compute with one thread: NumPy reads these names when it is loaded."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
