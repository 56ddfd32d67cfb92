"""Where results lie: a folder for each study, written part by part, never overwritten once complete.

`runs.parquet` (a row for each run and year; of a province `counties.parquet` as well), `villages.parquet/`,
`worlds.parquet`, `failures.csv`, `manifest.json`; docs/results.md tells the columns.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from analysis.data.seal import (
    COUNTIES,
    FAILURES,
    MANIFEST,
    RUNS,
    SEAL,
    VILLAGES,
    WORLDS,
    files_in,
    hash_of,
    open_study,
    seal_of,
)
from experiments.files import at_once, make_own, parquet_options, write_bytes, write_json
from experiments.kept_inputs import keep
from experiments.messages import Stopped, say
from experiments.parts import ALL_FAILED, PARTS, PLAN, Failure, Part, find_parts, put_aside
from experiments.provinces import COUNTY, province_table
from experiments.study import Batch, Study
from experiments.tables import labelled, world_table
from experiments.tasks import task_of
from scenarios.csv_files import csv_text
from scenarios.province import Province
from sim.indicators import INDICATORS
from sim.problems import InputErrors, Problem

LOCK = ".lock"
ROWS_PER_GROUP = 1024
"""Rows of a row group at most, besides those of one part: what is in memory at once."""
WORLDS_AT_ONCE = 200


class Store:
    """The folder of one study.

    Attributes:
        study: what is stored.
        folder: `outputs/studies/<name>-<first 8 of the id>`.
    """

    def __init__(self, study: Study, outputs: Path) -> None:
        self.study = study
        self.folder = outputs / "studies" / f"{study.name}-{study.id[:8]}"

    @property
    def is_complete(self) -> bool:
        """Whether all results are there and as they were sealed; the manifest is written last."""
        return os.path.lexists(self.folder / MANIFEST) and not self.damage()

    def damage(self) -> list[Problem]:
        """What is wrong with the finished study, whose manifest is there."""
        try:
            manifest = open_study(self.folder)
        except InputErrors as errors:
            return errors.problems
        if manifest["id"] == self.study.id:
            return []
        zh, en = "是另一项推演的结果", "is of another study"
        return [Problem(zh, en, file=str(self.folder / MANIFEST))]

    def set_damage_aside(self) -> list[Problem]:
        """Move what is damaged to `damaged/`, the manifest with it, so that the study counts as not yet run."""
        if not os.path.lexists(self.folder / MANIFEST):
            return []
        found = self.damage()
        if found:
            put_aside(self.folder, dict.fromkeys([*(Path(item.file) for item in found), self.folder / MANIFEST]))
        return found

    @contextmanager
    def locked(self, waits: bool = False) -> Iterator[None]:
        """The folder for this process alone; the system lifts the lock when a process ends, however it ends.

        Args:
            waits: whether to wait for another process that computes this study.

        Raises:
            Stopped: another process computes it, and this one is not to wait.
            InputErrors: the folder is a link.
        """
        make_own(self.folder)
        path = self.folder / LOCK
        if path.exists() and path.stat().st_nlink > 1:  # an archive can make it a second name of a file of one's own
            path.unlink()
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            if waits:
                say(f"另一个进程正在推演同一方案（{self.folder}），等它结束……",
                    f"Another process computes this study ({self.folder}); waiting for its end ...")  # fmt: skip
                lock.acquire()
            else:
                raise Stopped(f"另一个进程正在推演同一方案（{self.folder}）；请等它结束，或换一个 outputs 文件夹。",
                              f"Another process computes this study ({self.folder}); wait for it, or name another "
                              "folder: outputs=…") from error  # fmt: skip
        try:
            yield
        finally:
            lock.release()

    def prepare(self) -> None:
        """Make the folders, say what is planned, and remove what an interrupted write has left."""
        for name in (PARTS, VILLAGES):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        if not (self.folder / PARTS / PLAN).exists():
            write_json(self.study.plan(), self.folder / PARTS / PLAN)
        for path in (*self.folder.glob(".*.tmp"), *self.folder.glob("*/.*.tmp")):
            path.unlink()

    def parts(self, batches: Sequence[Batch] | None = None) -> dict[str, Part]:
        """Whole parts by name of their batch, of all batches or of some; damaged ones are set aside."""
        asked = batches or self.study.batches()
        return find_parts(self.folder, {batch.name: task_of(self.study, batch).mark for batch in asked})

    def finish(
        self, batches: Sequence[Batch], describe: Callable[[], Mapping[str, Any]], command: Callable[[Failure], str],
        step: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:  # fmt: skip
        """Join the parts in the order of the design and write the manifest, which makes the study complete.

        Args:
            batches: those that were run.
            describe: gives the manifest, without hashes of results.
            command: gives the command line that repeats a failed run.
            step: told how many parts of how many are joined.
        """
        known = self.parts(batches)
        if any(batch.name not in known for batch in batches):
            raise Stopped("有部分结果在推演期间损坏，已移到 damaged 文件夹；重复同一命令即可补算。",
                          "Parts were damaged while the study ran and lie in `damaged`; the same command computes them "
                          "again.")  # fmt: skip
        parts = [known[batch.name] for batch in batches]
        if isinstance(self.study.district, Province):
            write_tables(county_tables(batches, parts), self.folder / COUNTIES)
            tables = province_tables(self.study.district, batches, counted(parts, step))
        else:
            tables = (read_part(part) for part in counted(parts, step))
        joined = write_tables(tables, self.folder / RUNS)
        last = max(batch.first + len(batch.futures) for batch in batches)
        write_worlds(self.study, last, self.folder / WORLDS)
        failures = [failure for part in parts for failure in part.failures]
        (self.folder / FAILURES).unlink(missing_ok=True)
        if failures:
            write_bytes(failure_table(failures, command), self.folder / FAILURES)
        keep(self.study, self.folder)
        files = [name for name in files_in(self.folder) if not name.startswith(VILLAGES)]
        hashes = {name: hash_of(self.folder / name) for name in files}
        for batch, part in zip(batches, parts, strict=True):
            if part.villages:
                hashes[f"{VILLAGES}/{batch.name}.parquet"] = part.villages
        manifest = {**describe(), "failed": len(failures), "content": joined}
        manifest["hashes"] = {**manifest.get("hashes", {}), **hashes}
        self._tidy({f"{batch.name}.parquet" for batch in batches})
        write_json({**manifest, SEAL: seal_of(manifest)}, self.folder / MANIFEST)
        shutil.rmtree(self.folder / PARTS, ignore_errors=True)

    def _tidy(self, kept: set[str]) -> None:
        """Remove villages of futures beyond the one at which the study stopped."""
        for path in (self.folder / VILLAGES).glob("*.parquet"):
            if path.name not in kept:
                path.unlink()
        if not any((self.folder / VILLAGES).iterdir()):
            (self.folder / VILLAGES).rmdir()


def write_worlds(study: Study, last: int, path: Path) -> None:
    """Write the worlds of a study's first futures, a few at a time."""
    met = study.futures.take(slice(0, last)).one_each()
    with at_once(path) as temporary:
        first = world_table(study, met.take(slice(0, WORLDS_AT_ONCE)))
        with pq.ParquetWriter(temporary, first.schema, **parquet_options(first.schema)) as writer:
            for begin in range(0, len(met), WORLDS_AT_ONCE):
                writer.write_table(world_table(study, met.take(slice(begin, begin + WORLDS_AT_ONCE))))


def read_part(part: Part) -> pa.Table:
    """The runs of a part."""
    return pq.read_table(part.path).replace_schema_metadata()


def counted(parts: Sequence[Part], step: Callable[[int, int], None]) -> Iterator[Part]:
    """The parts one after another, each told when it is done with."""
    for done, part in enumerate(parts, start=1):
        yield part
        step(done, len(parts))


def county_tables(batches: Sequence[Batch], parts: Iterable[Part]) -> Iterator[pa.Table]:
    """The runs of a province by county: a table for each strategy, start and slice of futures."""
    pairs = zip(batches, parts, strict=True)
    for _, slice_ in itertools.groupby(pairs, lambda pair: (pair[0].strategy.key, pair[0].start, pair[0].first)):
        tables = []
        for batch, part in slice_:
            table = read_part(part)
            names = pa.DictionaryArray.from_arrays(np.zeros(len(table), np.int32), [batch.district.key])
            if len(table):
                tables.append(table.add_column(0, COUNTY, names))
        if tables:
            yield join(tables)


def province_tables(province: Province, batches: Sequence[Batch], parts: Iterable[Part]) -> Iterator[pa.Table]:
    """The runs of a province as a whole, in the same tables."""
    return (province_table(table, province.villages_of) for table in county_tables(batches, parts))


def write_tables(tables: Iterable[pa.Table], path: Path) -> str:
    """Write tables one after another into one file, a few at a time, and give the hash of its content."""
    content = ContentHash()
    with at_once(path) as temporary:
        writer = None
        for table in row_groups(tables):
            table = labelled(table, INDICATORS)
            writer = writer or pq.ParquetWriter(temporary, table.schema, **parquet_options(table.schema))
            writer.write_table(table, row_group_size=len(table))
            content.add(table)
        if writer is None:
            raise Stopped(*ALL_FAILED)
        writer.close()
    return content.hexdigest()


def row_groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Tables one after another, joined as far as they are of one strategy and start and not too long."""
    held: list[pa.Table] = []
    for table in tables:
        if not len(table):
            continue
        if held and (_pair(held[0]) != _pair(table) or sum(map(len, held)) >= ROWS_PER_GROUP):
            yield join(held)
            held = []
        held.append(table)
    if held:
        yield join(held)


def _pair(table: pa.Table) -> tuple[str, str]:
    return table["strategy"][0].as_py(), table["start"][0].as_py()


def join(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables one after another, with one list of names for each category."""
    return pa.concat_tables(list(tables)).unify_dictionaries().combine_chunks()


class ContentHash:
    """Hash of what a table holds, column by column: row groups, compression and versions of Parquet do not count."""

    def __init__(self) -> None:
        self._columns: dict[str, Any] = {}

    def add(self, table: pa.Table) -> None:
        """The next rows."""
        for name in table.column_names:
            self._columns.setdefault(name, hashlib.sha256()).update(_bytes_of(table[name]))

    def hexdigest(self) -> str:
        """The hash of all rows added."""
        parts = [f"{name}:{digest.hexdigest()}" for name, digest in self._columns.items()]
        return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def _bytes_of(column: pa.ChunkedArray) -> bytes:
    if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
        return "\n".join([*column.cast(pa.string()).to_pylist(), ""]).encode("utf-8")
    values = column.to_numpy()
    return np.where(np.isnan(values), np.nan, values).tobytes() if values.dtype.kind == "f" else values.tobytes()


def content_hash(path: Path) -> str:
    """`ContentHash` of a Parquet file, read row group by row group."""
    content, file = ContentHash(), pq.ParquetFile(path)
    for number in range(file.num_row_groups):
        content.add(file.read_row_group(number))
    return content.hexdigest()


def failure_table(failures: Sequence[Failure], command: Callable[[Failure], str]) -> bytes:
    """Runs that failed as a CSV file that Excel opens."""
    header = ("strategy", "start", "world", "seed", "error", "command")
    rows = ([*(getattr(failure, name) for name in header[:-1]), command(failure)] for failure in failures)
    return csv_text(header, rows).encode("utf-8-sig")
