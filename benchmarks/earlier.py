"""Row 10: a whole comparison, report included, over the same of version 0.4.0."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import ROOT, environment, in_turn
from benchmarks.rows import AT_MOST, Finding, Row, prose, table

VERSION = "v0.4.0"
COMMAND = ("-m", "experiments.cli", "compare", "language=zh")


@contextmanager
def source(earlier: str) -> Iterator[Path | None]:
    """Folder with the files of an earlier version: `earlier` itself, or what git keeps under that tag; None if neither.

    Args:
        earlier: folder, tag or commit.
    """
    if Path(earlier).is_dir():
        yield Path(earlier).resolve()
        return
    asked = ["git", "archive", "--format=tar", earlier]
    stored = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    if stored.returncode:
        yield None
        return
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(stored.stdout)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def processor_seconds_of(root: Path, words: tuple[str, ...]) -> float:
    """Processor seconds, all processes together, of a comparison that finds nothing computed before.

    Args:
        root: folder of the program.
        words: further words of the command.

    Raises:
        SystemExit: the command failed.
    """
    with TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(  # noqa: S603
            [sys.executable, *COMMAND, *words, f"outputs={folder}/outputs"], cwd=folder, capture_output=True,
            env=environment() | {"PYTHONPATH": str(root)}, check=False, text=True,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"compare failed in {root}:\n{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(earlier: str, repeats: int, words: tuple[str, ...] = ()) -> list[Row]:
    """Measure row 10; no row where the earlier version is not at hand."""
    with source(earlier) as folder:
        if folder is None:
            return []
        for root in (ROOT, folder):  # warm: files in the disk's cache, modules compiled, fonts found
            processor_seconds_of(root, ("futures=1", "horizon=2024", "strategies=[none]"))
        now, before, runs = in_turn(
            repeats,
            lambda: processor_seconds_of(ROOT, words),
            lambda: processor_seconds_of(folder, words),
            lambda: processor_seconds_of(ROOT, (*words, "report=false")),
        )
    limits = f"""The runs and the search for equal cost take {runs.median:.0f} s of {now.median:.0f} s, the report
        {now.median - runs.median:.0f} s."""
    how = f"""Processor time of the whole command, all its processes together, in turn; nothing computed before, files
        in the disk's cache. Version 0.4.0 always writes both languages. {" ".join(words)}"""
    lines = [
        ["`qiangcun compare`, one language", now.text(".1f")],
        ["the same without its report", runs.text(".1f")],
        ["version 0.4.0", before.text(".1f")],
    ]
    measure = "`qiangcun compare` with defaults, warm, one language, over version 0.4.0: processor time"
    return [Row(10, measure, AT_MOST, 0.4, "×", [Finding("", now.over(before), "×", 2)], prose(limits), prose(how),
                table(["processor seconds", "median (lowest–highest)"], lines))]  # fmt: skip
