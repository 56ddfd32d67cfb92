"""The doors by which a user's input comes in: all that the fuzzer calls of the packages, named in one place.

A door raises `CLEAN` for a mistake of the user, and returns what was accepted.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from analysis.data import results
from experiments import cli, compare, load_strategy, simulate
from experiments.compose import check, compose, options, session
from experiments.design import Asked, read_design
from experiments.jobs import verify as verify_job
from experiments.merge import merge
from experiments.messages import Stopped, complain
from experiments.output import find_studies
from experiments.overrides import Invocation, read, readable
from experiments.settings import Job, read_job
from experiments.store import Store
from experiments.user_yaml import Options
from scenarios import load_district
from scenarios.columns import VILLAGE_COLUMNS, VILLAGE_HEADINGS, column_of_heading
from sim.district import District
from sim.engine import BatchResult, run_batch
from sim.futures import Futures, futures_of
from sim.model import DistrictModel
from sim.options import RunOptions
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS
from sim.problems import InputErrors
from sim.world import DECLARED

__all__ = [
    "CLEAN", "DECLARED", "LEVERS", "VILLAGE_COLUMNS", "Calls", "District", "DistrictModel", "Futures", "RunOptions",
    "Strategy", "column_of_heading", "compare", "composed_keys", "design_table", "finds_whole", "jobs_of",
    "futures_of", "load_district", "load_strategy", "main", "opened", "run_batch", "shown", "simulate",
    "unit_of_heading", "user_folder", "verified", "words_taken",
]  # fmt: skip

CLEAN = (InputErrors, Stopped)
"""What says in words that the user can mend something."""
Calls = BatchResult
"""What a batch of runs gives back."""


def shown(error: Exception) -> tuple[str, str, str]:
    """A clean error in Chinese, in English, and as the command line prints it."""
    if isinstance(error, Stopped):
        return error.zh, error.en, f"{error.zh}\n{error.en}"
    assert isinstance(error, InputErrors)
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        complain(error.problems)
    return (
        "".join(problem.zh for problem in error.problems),
        "".join(problem.en for problem in error.problems),
        printed.getvalue(),
    )


def unit_of_heading(heading: str) -> str:
    """The unit that a heading of a village table names; empty if none."""
    return VILLAGE_HEADINGS.read(heading)[1]


def main(arguments: Sequence[str]) -> int:
    """The whole command; its exit code."""
    try:
        cli.main(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def words_taken(job: str, words: Sequence[str]) -> Invocation:
    """Words of the command line, as far as they are read without composing anything."""
    invocation = read(job, list(words), ("enyang", "sichuan_synthetic"))
    _, problems = readable(invocation)
    if problems:
        raise InputErrors(problems)
    return invocation


def jobs_of(job: str, words: Sequence[str]) -> list[Job]:
    """Every job of a command line, checked down to its last value, as before a run; none where nothing is run."""
    with session():
        invocation = read(job, list(words), options("district"))
        if invocation.only_shows:
            return []
        problems, each = check(invocation)
        jobs: list[Job] = []
        for overrides in each:
            try:
                composed = compose(invocation.job, overrides)
                jobs.append(read_job(invocation.job, composed, invocation.folders))
            except InputErrors as errors:
                problems += errors.problems
    if problems:
        raise InputErrors(problems)
    return jobs


@cache
def composed_keys(job: str) -> tuple[str, ...]:
    """Dotted names of all values that a job is composed of."""

    def below(tree: Mapping[str, Any], prefix: str) -> list[str]:
        names = []
        for key, value in tree.items():
            names.append(f"{prefix}{key}")
            if isinstance(value, Mapping):
                names += below(value, f"{prefix}{key}.")
        return names

    with session():
        return tuple(below(compose(job, []).values, ""))


def user_folder(folder: Path) -> None:
    """A folder given with `--config-dir`, before anything is composed with it."""
    found = Options([folder])
    problems = [*found.problems, *(problem for wrong in found.wrong().values() for problem in wrong)]
    if problems:
        raise InputErrors(problems)


def design_table(path: Path) -> Futures:
    """The futures of `design=table design.file=PATH`."""
    found, _, problems = read_design({"kind": "table", "file": str(path)}, Asked(2, True), "design")
    if problems:
        raise InputErrors(problems)
    return found


def verified(folder: Path, sample: int = 0) -> bool:
    """Whether `verify` vouches for a study: exit code 0."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            verify_job.main([str(folder), "--sample", str(sample)])
        except SystemExit as end:
            if end.code not in (1, 2, 3):
                raise RuntimeError(f"exit code {end.code}") from end
            return False
    return True


def opened(folder: Path, outputs: Path) -> bool:
    """Whether `report` takes a study: found, merged, its tables read."""
    study = results.load(merge(find_studies([folder]), outputs))
    numbers = [study.at(key, "income_operating_mean", study.horizon).to_numpy() for key in study.strategies]
    if study.has_villages():
        study.village_values("income_operating", study.horizon)
    return len(study.worlds) > 0 and bool(np.isfinite(np.concatenate(numbers)).all())


def finds_whole(job: Job, outputs: Path) -> bool:
    """Whether `compare` takes a study that lies in `outputs` as finished and does not compute it again."""
    return Store(job.study, outputs).is_complete
