"""Computing what a study's folder lacks, round by round where it may stop early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.executors import Workers, each_done, pool
from experiments.parts import Part
from experiments.progress import Progress
from experiments.stopping import Stopping
from experiments.store import Store
from experiments.study import Batch
from experiments.tasks import in_tasks, run_tasks, task_of


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


def execute(store: Store, workers: Workers, progress: str = "auto", language: str = "zh") -> Executed:
    """Compute what a study's store lacks.

    Args:
        store: where the results go.
        workers: who computes.
        progress: how it is shown (`experiments.progress.MODES`).
        language: language of the progress bar.
    """
    study, batches = store.study, store.study.batches()
    store.prepare()
    there = store.parts(batches)
    rule, whole = study.stopping, len(study.futures)
    missing = [batch for batch in batches if batch.name not in there]
    values = {strategy.key: np.full(whole, np.nan) for strategy in study.strategies}
    begin, end, reached = 0, whole, None
    with (
        Progress(_runs(batches), _runs(batches) - _runs(missing), progress, language) as shown,
        pool(workers, -(-len(missing) // workers.at_a_time), store.folder) as (executor, at_once),
    ):
        for end in rule.rounds(whole) if rule else [whole]:
            lacking = [batch for batch in missing if begin <= batch.first < end]
            each = [replace(task_of(study, batch, store.folder), study=study.id) for batch in lacking]
            tasks = in_tasks(each, workers.at_a_time)
            for done in each_done(executor, at_once, run_tasks, tasks):
                for one in done:
                    shown.advance(one.runs, one.failed)
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


def _runs(batches: Sequence[Batch]) -> int:
    return sum(len(batch.futures) for batch in batches)


def read_values(part: Part, batch: Batch, rule: Stopping, values: np.ndarray) -> None:
    """Put what a rule looks at into the places of the batch's futures; those of failed runs stay as they are."""
    failed = {failure.future for failure in part.failures}
    places = [batch.first + place for place in range(len(batch.futures)) if batch.first + place not in failed]
    if places:
        table = pq.read_table(part.path, columns=["year", rule.indicator])
        values[places] = table.filter(pc.field("year") == rule.year)[rule.indicator].to_numpy()
