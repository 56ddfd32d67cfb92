"""Row 9: from the command to the first run, over loading NumPy, Mesa and Hydra."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import ROOT, environment, in_turn
from benchmarks.rows import AT_MOST, Finding, Row, prose, table

LIBRARIES = "import numpy, mesa, hydra"
PATIENCE = 60.0
"""Seconds after which a command that never began a run is given up."""


def seconds_to_load(code: str) -> float:
    """Wall seconds of a process that only executes `code`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment(), check=True)  # noqa: S603
    return time.perf_counter() - start


def seconds_to_first_run(*words: str) -> float:
    """Wall seconds from giving the command to the moment when a batch begins, in whatever process.

    Raises:
        SystemExit: no run began.
    """
    with TemporaryDirectory() as folder:
        note = Path(folder) / "begun"
        note.touch()
        command = [sys.executable, str(ROOT / "benchmarks" / "first_run.py"), *words]
        start = time.time()
        process = subprocess.Popen(  # noqa: S603
            command, cwd=folder, env={**environment(), "FIRST_RUN": str(note)}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        while not note.stat().st_size and time.time() < start + PATIENCE and process.poll() is None:
            time.sleep(0.005)
        begun = note.read_text(encoding="utf-8").split()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # the process and the workers it has started
        said, _ = process.communicate()
    if not begun:
        raise SystemExit(f"no run began: {' '.join(words)}\n{said.decode(errors='replace')}")
    return float(begun[0]) - start


def loaded(code: str) -> dict[str, float]:
    """Milliseconds that each module takes to load by itself, as `python -X importtime` tells."""
    command = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(command, env=environment(), check=True, capture_output=True, text=True)  # noqa: S603
    lines = re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)", done.stderr)
    return {module: int(microseconds) / 1000 for microseconds, module in lines}


def by_package(modules: dict[str, float], without: dict[str, float]) -> list[tuple[str, float]]:
    """Milliseconds of each package's modules that are not in `without`, the dearest first."""
    packages: dict[str, float] = {}
    for module, spent in modules.items():
        if module not in without:
            package = module.partition(".")[0]
            packages[package] = packages.get(package, 0.0) + spent
    return sorted(packages.items(), key=lambda item: -item[1])


def row(repeats: int) -> Row:
    """Measure row 9."""
    seconds_to_first_run("run", "futures=1")  # warms the disk's cache
    base, one, two, command = in_turn(
        repeats,
        lambda: seconds_to_load(LIBRARIES),
        lambda: seconds_to_first_run("run", "futures=1"),
        lambda: seconds_to_first_run("run"),
        lambda: seconds_to_load("import experiments.cli, experiments.jobs.run"),
    )
    extra = by_package(loaded("import experiments.cli, experiments.jobs.run"), loaded(LIBRARIES))
    dearest = ", ".join(f"`{package}` {spent:.0f} ms" for package, spent in extra[:4])
    limits = f"""Loading our modules and what they need takes {command.median:.2f} s (dearest beyond the three
        libraries: {dearest}), composing and checking the configuration and laying out the study {
        one.median - command.median:.2f} s, starting worker processes, which load all again, {
        two.median - one.median:.2f} s."""
    lines = [
        [f'`python -c "{LIBRARIES}"`', base.text()],
        ["loading `experiments.cli` and the job", command.text()],
        ["`qiangcun run futures=1` to the first run", one.text()],
        ["`qiangcun run`, worker processes started, to the first run", two.text()],
    ]
    findings = [
        Finding("computed in the process itself (`futures=1`)", one.over(base), "×", 2),
        Finding("computed in worker processes (the default)", two.over(base), "×", 2),
    ]
    how = """Wall clock, files in the disk's cache, in turn. The command is stopped when the first batch begins,
        wherever that is."""
    return Row(9, f'from command to first run, over `python -c "{LIBRARIES}"`', AT_MOST, 3, "×", findings,
        prose(limits), prose(how), table(["seconds", "median (lowest–highest)"], lines))  # fmt: skip
