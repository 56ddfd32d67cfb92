"""Who computes, as configured: `executor` and `workers`."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from functools import cache
from shutil import which
from typing import Any

from experiments.compose import JOBLIB
from experiments.executors import DASK, LOCAL, SLURM, Workers, is_installed
from sim.parameters import unknown_names
from sim.problems import CONFIGURATION, Problem, nearest

KEYS = {
    LOCAL: (),
    DASK: ("address",),
    SLURM: ("cluster", "partition", "jobs", "batches_per_job", "minutes", "memory_gb"),
}
"""Kinds of executor and what each of them takes."""
NUMBERS = {"jobs": (1, 10_000), "batches_per_job": (1, 10_000), "minutes": (1, 43_200), "memory_gb": (1, 4096)}
CLUSTERS = (SLURM, LOCAL)
PLACE = CONFIGURATION
SECONDS_TO_ANSWER = 5


def read_workers(values: Mapping[str, Any], launcher: str | None, where: str) -> tuple[Workers, list[Problem]]:
    """Who computes, and what is wrong with it.

    Args:
        values: the job's configuration.
        launcher: Hydra's launcher; where joblib runs several jobs at once, each has one process.
        where: place named in problems.
    """
    node = values.get("executor")
    kind = str(node.get("kind")) if isinstance(node, Mapping) else str(node)
    number, problems = read_number(values.get("workers"), launcher, where)
    if kind not in KEYS or not isinstance(node, Mapping):
        zh, en, near = "没有这种执行方式", "no such executor", nearest(kind, KEYS)
        return Workers(), [*problems, Problem(zh, en, file=where, field="executor", value=kind,
                                              allowed=", ".join(KEYS), nearest=near)]  # fmt: skip
    place = f"{where} executor"
    problems += unknown_names(node, ("kind", *KEYS[kind]), place)
    if not is_installed(kind):
        zh = '尚未安装；安装：pip install "qiangcun[cluster]"，或在源码目录 pip install -e ".[cluster]"'
        en = 'is not installed; pip install "qiangcun[cluster]", or pip install -e ".[cluster]" in the source folder'
        problems.append(Problem(zh, en, file=where, field="executor", value=kind))
    if kind == DASK and not re.fullmatch(r"\w+://\S+", str(node.get("address"))):
        zh, en = "须给出调度器地址", "needs the address of the scheduler"
        problems.append(Problem(zh, en, file=place, field="address", value=str(node.get("address")),
                                allowed="tcp://HOST:8786"))  # fmt: skip
    if kind == SLURM:
        problems += check_slurm(node, place)
    if problems:
        return Workers(), problems
    given = {name: node[name] for name in KEYS[kind] if node.get(name) is not None}
    return Workers(kind, number, **given), []


def check_slurm(node: Mapping[str, Any], place: str) -> list[Problem]:
    """What is wrong with the settings of a Slurm cluster."""
    problems = []
    for name, (low, high) in NUMBERS.items():
        value = node.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            zh, en = "应为范围内的整数", "must be a whole number in range"
            problems.append(Problem(zh, en, file=place, field=name, value=str(value), allowed=f"{low}–{high}"))
    partition = node.get("partition")
    if partition is not None and not (isinstance(partition, str) and re.fullmatch(r"[\w.,-]+", partition)):
        zh, en = "应为分区名称", "must be the name of a partition"
        problems.append(Problem(zh, en, file=place, field="partition", value=str(partition)))
    if str(node.get("cluster")) not in CLUSTERS:
        zh, en = "没有这个选项", "no such option"
        problems.append(Problem(zh, en, file=place, field="cluster", value=str(node.get("cluster")),
                                allowed=", ".join(CLUSTERS)))  # fmt: skip
    return problems


@cache
def check_reachable(workers: Workers) -> list[Problem]:
    """What is missing outside this program: the Slurm commands, or a Dask scheduler that answers."""
    if workers.kind == SLURM and workers.cluster == SLURM and which("sbatch") is None:
        zh, en = "此处没有 Slurm（找不到命令 sbatch）", "no Slurm here (no command sbatch)"
        return [Problem(zh, en, file=PLACE, field="executor", value=SLURM, allowed="executor.cluster=local")]
    found = re.fullmatch(r"(?:tcp|tls)://(.+):(\d{1,5})", workers.address)
    if workers.kind != DASK or not found:
        return []
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=SECONDS_TO_ANSWER).close()
    except (OSError, OverflowError, UnicodeError) as error:
        zh = f"连不上 Dask 调度器（{error}）；先启动 dask scheduler"
        en = f"no Dask scheduler answers ({error}); start one: dask scheduler"
        return [Problem(zh, en, file=PLACE, field="executor.address", value=workers.address)]
    return []


def read_number(value: Any, launcher: str | None, where: str) -> tuple[int | None, list[Problem]]:
    """Number of processes; None for one on each processor; one where joblib runs several jobs at once."""
    if value == "auto":
        return (1 if launcher == JOBLIB else None), []
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1024:
        zh, en = "应为范围内的整数", "must be a whole number in range"
        return None, [Problem(zh, en, file=where, field="workers", value=str(value), allowed="1–1024")]
    if launcher == JOBLIB and value > 1:
        zh = "joblib 同时运行多个任务时每个任务只用一个进程；同时运行的任务数用 hydra.launcher.n_jobs 设定"
        en = "a job has one process where joblib runs several at once; how many at once is hydra.launcher.n_jobs"
        return None, [Problem(zh, en, file=where, field="workers", value=str(value), allowed="auto, 1")]
    return value, []
