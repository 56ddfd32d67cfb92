"""Computing what a study's folder lacks, round by round where it may stop early."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.executors import Workers, each_done, pool
from experiments.parts import Part
from experiments.progress import RUNS, Progress, Stages
from experiments.stopping import Stopping
from experiments.store import Store
from experiments.study import Batch
from experiments.tasks import Task, in_tasks, run_tasks, task_of


@dataclass(frozen=True)
class Executed:
    """What was computed, now or before.

    Attributes:
        batches: those that make up the study, in the order of the design.
        futures: number of futures that each strategy has met.
        reached: whether the precision asked for was reached; None where none was asked for.
    """

    batches: list[Batch]
    futures: int
    reached: bool | None


def execute(store: Store, workers: Workers, stages: Stages | None = None) -> Executed:
    """Compute what a study's store lacks.

    Args:
        store: where the results go.
        workers: who computes.
        stages: how it is shown.
    """
    study, batches, stages = store.study, store.study.batches(), stages or Stages()
    store.prepare()
    there = store.parts(batches)
    rule, whole = study.stopping, len(study.futures)
    missing = [batch for batch in batches if batch.name not in there]
    values = {strategy.key: np.full(whole, np.nan) for strategy in study.strategies}
    begin, end, reached = 0, whole, None
    runs, lacks = _runs(batches), _runs(missing)
    with (
        stages.stage(RUNS, f"推演 {lacks} 次……", f"{lacks} runs ...", runs, runs - lacks) as shown,
        pool(workers, -(-len(missing) // workers.at_a_time), store.folder) as (executor, at_once),
    ):
        for end in rule.rounds(whole) if rule else [whole]:
            lacking = [batch for batch in missing if begin <= batch.first < end]
            tasks = in_tasks([task_of(study, batch, store.folder) for batch in lacking], workers.at_a_time)
            run_all(tasks, executor, at_once, shown)
            if rule:
                new = [batch for batch in batches if begin <= batch.first < end and batch.start == study.options.start]
                found = store.parts(new)
                for batch in new:
                    read_values(found[batch.name], batch, rule, values[batch.strategy.key])
                reached = rule.is_reached({key: column[:end] for key, column in values.items()}, study.reference)
                if reached:
                    break
            begin = end
    return Executed([batch for batch in batches if batch.first < end], end, reached)


def run_all(tasks: Sequence[list[Task]], executor: Executor, at_once: int, shown: Progress) -> None:
    """Run and store all batches of some tasks, and show how it gets on."""
    for done in each_done(executor, at_once, run_tasks, tasks):
        for one in done:
            shown.advance(one.runs, one.failed)


def _runs(batches: Sequence[Batch]) -> int:
    return sum(len(batch.futures) for batch in batches)


def read_values(part: Part, batch: Batch, rule: Stopping, values: np.ndarray) -> None:
    """Put what a rule looks at into the places of the batch's futures; those of failed runs stay as they are."""
    failed = {failure.future for failure in part.failures}
    places = [batch.first + place for place in range(len(batch.futures)) if batch.first + place not in failed]
    if places:
        table = pq.read_table(part.path, columns=["year", rule.indicator])
        values[places] = table.filter(pc.field("year") == rule.year)[rule.indicator].to_numpy()
