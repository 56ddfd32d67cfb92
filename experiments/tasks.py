"""What a worker does: compute one batch, run by run where the batch fails, and leave a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from experiments.parts import Failure, write_part
from experiments.study import Batch, Study, hash_of_plain, model_fingerprint
from sim.engine import BatchResult, joined, run_batch
from sim.options import RunOptions
from sim.record import VILLAGES
from sim.rules.registry import code_of


@dataclass(frozen=True)
class Task:
    """All that a process needs to compute one batch and to store it in `folder`.

    Attributes:
        batch: what is computed.
        options: horizon, start, residents and so on.
        detail: what is kept.
        folder: the study's.
    """

    batch: Batch
    options: RunOptions
    detail: str = VILLAGES
    folder: Path = Path()

    @property
    def mark(self) -> str:
        """Hash of all that decides the numbers of its runs, whatever study they are part of."""
        batch = self.batch
        what = [batch.strategy.levers, batch.strategy.without, batch.start, batch.district.fingerprint,
                batch.district.key, batch.futures.fingerprint, asdict(self.options),
                batch.futures.fixed, batch.futures.ranges, self.detail, model_fingerprint(),
                code_of(self.options.rules)]  # fmt: skip
        return hash_of_plain(what)


@dataclass(frozen=True)
class Done:
    """What a worker tells of a batch: its name and the numbers of runs that went well and that failed."""

    name: str
    runs: int
    failed: int


def task_of(study: Study, batch: Batch, folder: Path = Path()) -> Task:
    """The task of one batch of a study."""
    futures = batch.futures.held(study.fixed.get(batch.strategy.key, {}))
    return Task(replace(batch, futures=futures), study.options_of(batch), study.detail, folder)


def in_tasks(tasks: Sequence[Task], at_a_time: int) -> list[list[Task]]:
    """Tasks in lists, each of which one worker takes."""
    return [list(tasks[first : first + at_a_time]) for first in range(0, len(tasks), at_a_time)]


def compute(task: Task) -> BatchResult:
    """Run one batch."""
    batch = task.batch
    return run_batch(batch.district, batch.strategy, batch.futures, task.options, task.detail, True)


def compute_apart(task: Task) -> tuple[Task, BatchResult | None, list[Failure]]:
    """Run the futures of a batch one by one; gives the task of those that went well, their result, and the others.

    A run does not depend on those it is computed with, so that its numbers are the same as in the batch.
    """
    batch = task.batch
    good, results, failures = [], [], []
    for place in range(len(batch.futures)):
        alone = batch.futures.take(slice(place, place + 1))
        try:
            results.append(compute(replace(task, batch=replace(batch, futures=alone))))
            good.append(place)
        except Exception as error:  # whatever it is, it is told, and the other runs go on
            text = f"{type(error).__name__}: {error}"
            world, seed = int(alone.worlds[0]), int(alone.seeds[0])
            failures.append(Failure(batch.strategy.key, batch.start, batch.first + place, world, seed, text))
    well = replace(task, batch=replace(batch, futures=batch.futures.take(np.array(good, dtype=np.int64))))
    return well, joined(results) if results else None, failures


def run_task(task: Task) -> Done:
    """Run and store one batch."""
    batch, mark, failures = task.batch, task.mark, []
    result: BatchResult | None
    try:
        result = compute(task)
    except Exception:  # found again run by run
        task, result, failures = compute_apart(task)
    write_part(task.folder, mark, task.batch, result, task.detail, failures)
    return Done(batch.name, len(task.batch.futures), len(failures))


def run_tasks(tasks: list[Task]) -> list[Done]:
    """Run and store several batches, one after another."""
    return [run_task(task) for task in tasks]
