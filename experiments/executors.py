"""Who computes: processes of this computer, a Dask cluster, or a Slurm cluster, all as `concurrent.futures` executors.

Workers get a task and leave its result in the study's folder, which all of them must see. Each has one thread.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from experiments.children import hand_over, worker_processes
from experiments.messages import Stopped

LOCAL, DASK, SLURM = "local", "dask", "slurm"
PACKAGES = {DASK: "distributed", SLURM: "submitit"}
"""What an executor needs besides the core: the extra `cluster`."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
AHEAD = 4
"""Tasks handed over at once for each worker, so that none waits and few are held in memory."""

Given, Made = TypeVar("Given"), TypeVar("Made")


@dataclass(frozen=True)
class Workers:
    """Who computes.

    Attributes:
        kind: `local`, `dask` or `slurm`.
        number: processes of this computer; None = one for each processor.
        address: of the Dask scheduler.
        jobs: jobs that wait or run on the Slurm cluster at once.
        batches_per_job: batches that one job computes, one after another.
        minutes: time limit of a job.
        memory_gb: memory of a job.
        partition: Slurm partition; empty for the cluster's own choice.
        cluster: how submitit starts jobs: `slurm`, or `local` to try it on this computer.
    """

    kind: str = LOCAL
    number: int | None = None
    address: str = ""
    jobs: int = 100
    batches_per_job: int = 20
    minutes: int = 60
    memory_gb: int = 4
    partition: str = ""
    cluster: str = SLURM

    @property
    def at_a_time(self) -> int:
        """Batches of one task."""
        return self.batches_per_job if self.kind == SLURM else 1


def is_installed(kind: str) -> bool:
    """Whether an executor's package is there."""
    return kind not in PACKAGES or find_spec(PACKAGES[kind]) is not None


@contextmanager
def pool(workers: Workers, tasks: int, folder: Path = Path()) -> Iterator[tuple[Executor, int]]:
    """An executor, and how many tasks it takes at once.

    Args:
        workers: who computes.
        tasks: how many there are at most at once; one task needs no other process.
        folder: where a cluster's jobs leave their logs.
    """
    if workers.kind == DASK:
        with dask_pool(workers.address) as executor:
            yield executor
    elif workers.kind == SLURM:
        with submitit_pool(workers, folder) as jobs:
            yield jobs, workers.jobs
    else:
        number = min(workers.number or os.cpu_count() or 1, tasks)
        if number <= 1:
            with ThreadPoolExecutor(1) as thread, dropping_the_rest(thread):
                yield thread, 1
            return
        with one_thread_each(), worker_processes(number) as executor, dropping_the_rest(executor):
            yield executor, AHEAD * number


@contextmanager
def dropping_the_rest(executor: Executor) -> Iterator[None]:
    """After an error what has begun is finished, and what waits is dropped."""
    try:
        yield
    except BaseException:
        executor.shutdown(cancel_futures=True)
        raise


@contextmanager
def dask_pool(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a running Dask cluster."""
    from distributed import Client

    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise Stopped(f"连不上 Dask 调度器 {address}：{error}。先启动：dask scheduler，再 dask worker {address}",
                      f"No Dask scheduler answers at {address}: {error}. Start one: dask scheduler, then "
                      f"dask worker {address}") from error  # fmt: skip
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise Stopped(f"Dask 调度器 {address} 没有工作进程。启动：dask worker {address} --nthreads 1",
                          f"The Dask scheduler at {address} has no workers. Start some: "
                          f"dask worker {address} --nthreads 1")  # fmt: skip
        executor = client.get_executor(pure=False)
        try:
            yield executor, AHEAD * threads
        except BaseException:
            executor.shutdown(wait=False)  # drops what waits
            raise


@contextmanager
def submitit_pool(workers: Workers, folder: Path) -> Iterator[Executor]:
    """Jobs of a Slurm cluster: a thread for each job hands it over and waits for its end."""
    import submitit  # it reads pickles of its own, from a folder that nobody could fill before

    cluster = submitit.AutoExecutor(folder=folder / "jobs" / secrets.token_hex(8), cluster=workers.cluster)
    cluster.update_parameters(timeout_min=workers.minutes, mem_gb=workers.memory_gb, cpus_per_task=1, name="qiangcun")
    if workers.cluster == SLURM:
        cluster.update_parameters(slurm_setup=[f"export {name}=1" for name in THREADS])
        if workers.partition:
            cluster.update_parameters(slurm_partition=workers.partition)
    started: list[Any] = []

    class Jobs(ThreadPoolExecutor):
        def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future:
            def job() -> Any:
                started.append(cluster.submit(function, *given, **named))
                return started[-1].result()

            return super().submit(job)

    with one_thread_each(), Jobs(workers.jobs) as jobs:
        try:
            yield jobs
        except BaseException:
            for job in started:
                job.cancel()
            jobs.shutdown(wait=False, cancel_futures=True)
            raise


def each_done(
    executor: Executor, at_once: int, function: Callable[[Given], Made], tasks: Iterable[Given]
) -> Iterator[Made]:
    """What `function` makes of each task, in whatever order they finish; few are handed over at a time."""
    rest, waiting = iter(tasks), set()
    try:
        for task in islice(rest, at_once):
            waiting.add(hand_over(executor, function, task))
        while waiting:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                made = future.result()  # before more is handed over: an error ends it here
                waiting |= {hand_over(executor, function, task) for task in islice(rest, 1)}
                yield made
    except BrokenProcessPool as error:
        raise Stopped("一个计算进程被系统终止，多半是内存不足。完成的部分已保存；重复同一命令即可继续，可加 workers=1",
                      "A process was ended by the system, most likely for want of memory. What is done is kept; the "
                      "same command goes on, with workers=1 if need be.") from error  # fmt: skip


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
