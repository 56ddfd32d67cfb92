"""A study killed at many moments: afterwards the same command must give the same table, and nothing done is done again.

    python tests/reliability/kills.py [--kills 50] [--seed 0]

Each time a fresh study is started, killed (signal 9) at a moment uniform over the measured run time, and started again.
Every other time only the process that waits is killed and its workers are left to themselves; else all of them.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from experiments.parts import DAMAGED, PARTS
from experiments.store import MANIFEST, RUNS, content_hash

LEAST_BETWEEN = 0.6
"""Part of the kills that must lie between the first and the last part, 30 of 50."""


def command(outputs: Path) -> list[str]:
    """The study: some 8 seconds on two cores."""
    words = ["futures=600", "horizon=2026", "residents=off", "strategies=[none,existing]", "other_starts=[]",
             "workers=2", "report=false", "detail=district", f"outputs={outputs}"]  # fmt: skip
    return [sys.executable, "-m", "experiments.cli", "compare", *words]


def parts(outputs: Path) -> set[str]:
    """Names of the parts that are there."""
    return {path.name for path in outputs.glob(f"studies/*/{PARTS}/*.parquet")}


@dataclass(frozen=True)
class Killed:
    """One kill: when, how many parts were there, and whether the study had been complete."""

    seconds: float
    parts: int
    complete: bool


def start(outputs: Path) -> subprocess.Popen:
    """Start the study in a group of its own."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command(outputs), start_new_session=True, **quiet)


def whole(outputs: Path) -> tuple[str, str]:
    """Run to the end; the hash of the table and what was said."""
    done = subprocess.run(command(outputs), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"exit code {done.returncode}\n{done.stdout}{done.stderr}")
    (folder,) = outputs.glob("studies/*")
    return content_hash(folder / RUNS), done.stdout


def kill(outputs: Path, seconds: float, alone: bool) -> Killed:
    """Start, wait, kill."""
    process = start(outputs)
    time.sleep(seconds)
    if alone:
        process.send_signal(signal.SIGKILL)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return Killed(seconds, len(parts(outputs)), bool(list(outputs.glob(f"studies/*/{MANIFEST}"))))


def try_once(folder: Path, seconds: float, alone: bool, expected: str) -> Killed:
    """One kill and what follows; ends with an error where anything was lost or differs."""
    outputs = folder / "killed"
    shutil.rmtree(outputs, ignore_errors=True)
    killed = kill(outputs, seconds, alone)
    there = parts(outputs)
    found, said = whole(outputs)
    if found != expected:
        raise SystemExit(f"killed after {seconds:.2f} s: another table")
    if list(outputs.glob(f"studies/*/{DAMAGED}/*")):
        raise SystemExit(f"killed after {seconds:.2f} s: a part was torn")
    told = re.search(r"(\d+) of \d+ batches are there", said)
    resumed = int(told.group(1)) if told else 0
    if not killed.complete and resumed < len(there):
        raise SystemExit(f"killed after {seconds:.2f} s: {len(there)} parts were there, {resumed} were used")
    return killed


def main() -> None:
    """Kill, resume, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        begun = time.monotonic()
        expected, _ = whole(folder / "calm")
        length = time.monotonic() - begun
        print(f"uninterrupted: {length:.1f} s, {expected[:16]}", flush=True)
        source = random.Random(chosen.seed)  # noqa: S311 - moments, not secrets
        killed = []
        for number in range(chosen.kills):
            killed.append(try_once(folder, source.uniform(0, length), number % 2 == 1, expected))
            last = killed[-1]
            print(f"{number + 1:>3}  {last.seconds:5.2f} s  {last.parts:>3} parts", flush=True)
    between = sum(0 < one.parts and not one.complete for one in killed)
    print(f"{len(killed)} kills, {between} of them between the first and the last part: the same table every time")
    if between < LEAST_BETWEEN * len(killed):
        raise SystemExit("too few kills between the first and the last part")


if __name__ == "__main__":
    main()
