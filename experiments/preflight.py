"""Jobs that run the model: checked whole before the first of them runs, then handed to Hydra."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from experiments.compose import check, compose, options, session, show_ready
from experiments.executors import one_thread_each
from experiments.messages import say
from experiments.output import close_sweep
from experiments.overrides import Invocation, read
from experiments.settings import read_job
from experiments.sweep import gathered
from experiments.user_yaml import tell_unused
from experiments.worker_settings import check_reachable
from sim.problems import InputErrors


def run_hydra(job: str, arguments: Sequence[str]) -> None:
    """Check a job that runs the model, then let Hydra run it."""
    with session():
        invocation = gathered(read(job, arguments, options("district")))
        outputs = show_ready(invocation) if invocation.only_shows else preflight(invocation)
    sys.argv = [f"qiangcun {invocation.job}", *invocation.arguments()]
    os.environ["HYDRA_FULL_ERROR"] = "1"  # else Hydra prints a traceback of its own and ends
    with one_thread_each():  # a launcher may start processes
        import_module(f"experiments.jobs.{invocation.job}").main()
    if invocation.is_sweep and outputs is not None:
        sweep = close_sweep(outputs)
        say(f"汇总这批任务：qiangcun report {sweep}", f"One report on all of them: qiangcun report {sweep}")


def preflight(invocation: Invocation) -> Path:
    """Compose and check every job before the first one runs, and give the folder of results; inside a `session`.

    Raises:
        InputErrors: all mistakes.
    """
    outputs = Path()
    problems, jobs = check(invocation)
    for overrides in jobs:
        try:
            composed = compose(invocation.job, overrides)
            job = read_job(invocation.job, composed, invocation.folders)
            outputs = job.outputs
            problems += check_reachable(job.workers)
        except InputErrors as errors:
            problems += errors.problems
    if problems:
        raise InputErrors(problems)
    tell_unused(invocation.folders)
    return outputs
