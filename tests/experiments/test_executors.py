from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from experiments import study
from experiments.compose import load_strategy
from experiments.executors import THREADS, Workers, each_done, pool
from experiments.jobs.common import run_study
from experiments.messages import Stopped
from experiments.settings import Job
from experiments.store import RUNS, content_hash
from experiments.study import Study
from scenarios import load_district
from sim.futures import numbered
from sim.options import RunOptions
from tests.tiers import fast


@pytest.fixture(scope="module")
def small() -> Study:
    return Study("small", load_district("enyang"), (load_strategy("none"), load_strategy("existing_all_four")), "none",
                 numbered(range(24)), RunOptions(horizon=2025, residents_per_village=7), detail="district")  # fmt: skip


@pytest.fixture(scope="module")
def expected(small: Study, tmp_path_factory: pytest.TempPathFactory) -> str:
    return run(small, tmp_path_factory.mktemp("serial"), Workers(number=1))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "FUTURES_PER_BATCH", 4)


def run(design: Study, outputs: Path, workers: Workers) -> str:
    return content_hash(run_study(Job(design, outputs, workers), "test").folder / RUNS)


def threads_of_worker(number: int) -> tuple[int, dict[str, str | None]]:
    return os.getpid(), {name: os.environ.get(name) for name in THREADS}


@contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler and workers as a user starts them."""
    file = folder / "scheduler.json"
    python = [sys.executable, "-m", "dask"]
    place = ["--scheduler-file", str(file)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    begun = [subprocess.Popen([*python, "scheduler", *place, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], **quiet)]  # fmt: skip  # noqa: E501
    try:
        until(file.is_file)
        for _ in range(workers):
            words = ["worker", *place, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
            begun.append(subprocess.Popen([*python, *words], start_new_session=True, **quiet))
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield address, begun[1:]
    finally:
        for process in reversed(begun):
            process.terminate()
        for process in begun:
            process.wait(timeout=30)


def until(holds: object, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", fast([2, 3], 1))
def test_processes_give_the_same_numbers(small: Study, expected: str, tmp_path: Path, number: int) -> None:
    assert run(small, tmp_path, Workers(number=number)) == expected


@pytest.mark.parametrize("together", fast([5, 1, 24], 1))
def test_batches_of_any_size_give_the_same_numbers(
    small: Study, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(study, "FUTURES_PER_BATCH", together)
    assert run(small, tmp_path, Workers(number=1)) == expected


def test_batches_in_any_order_give_the_same_numbers(
    small: Study, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.execution.in_tasks", lambda tasks, at_a_time: [[task] for task in tasks[::-1]])
    assert run(small, tmp_path, Workers(number=1)) == expected


@pytest.mark.thorough
def test_workers_have_one_thread_each() -> None:
    with pool(Workers(number=2), 8) as (executor, at_once):
        found = list(each_done(executor, at_once, threads_of_worker, range(8)))
    assert all(set(threads.values()) == {"1"} for _, threads in found)
    assert os.getpid() not in {number for number, _ in found}


def test_few_tasks_are_handed_over_at_a_time() -> None:
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with pool(Workers(number=1), 100) as (executor, _):
        for count, _ in enumerate(each_done(executor, 4, abs, numbers()), start=1):
            assert len(taken) <= count + 7


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of Unix")
def test_a_worker_that_is_killed_is_told() -> None:
    with pool(Workers(number=2), 8) as (executor, at_once), pytest.raises(Stopped, match="memory"):
        list(each_done(executor, at_once, end_of_worker, range(8)))


def end_of_worker(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.thorough
def test_dask_gives_the_same_numbers_though_a_worker_is_killed(small: Study, expected: str, tmp_path: Path) -> None:
    with dask_cluster(tmp_path, 2) as (address, workers):
        dask = Workers("dask", address=address)
        assert run(small, tmp_path / "calm", dask) == expected
        with pool(dask, 8) as (executor, at_once):
            assert set(each_done(executor, at_once, os.getenv, THREADS)) == {"1"}
        large = replace(small, futures=numbered(range(96)))
        killer = subprocess.Popen([sys.executable, "-c", KILLER, str(workers[0].pid), str(tmp_path / "killed")])
        found = run(large, tmp_path / "killed", dask)
        assert killer.wait(timeout=60) == 0, "the worker was killed while the study ran"
    assert found == run(large, tmp_path / "alone", Workers(number=2))


KILLER = """
import glob, os, signal, sys, time
while len(glob.glob(sys.argv[2] + "/studies/*/parts/*.parquet")) < 3:
    time.sleep(0.01)
if glob.glob(sys.argv[2] + "/studies/*/manifest.json"):
    sys.exit(1)
os.killpg(int(sys.argv[1]), signal.SIGKILL)
"""


@pytest.mark.thorough
def test_no_scheduler_is_told(small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    client = distributed.Client
    monkeypatch.setattr(distributed, "Client", lambda address, **more: client(address, **{**more, "timeout": "1s"}))
    with pytest.raises(Stopped, match="dask scheduler"):
        run(small, tmp_path, Workers("dask", address="tcp://127.0.0.1:9"))


@pytest.mark.thorough
def test_jobs_of_submitit_give_the_same_numbers(small: Study, expected: str, tmp_path: Path) -> None:
    """Its local executor starts the same jobs as Slurm would, as processes of this computer."""
    jobs = Workers("slurm", cluster="local", jobs=2, batches_per_job=3)
    assert run(small, tmp_path, jobs) == expected
