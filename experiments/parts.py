"""Parts: what a worker leaves of one batch, complete or not at all, and what is recognised as whole afterwards.

A part is `parts/<batch>.<hash>.parquet`: its runs, and in the file's metadata the runs that failed and the hash of the
batch's villages. Its name holds the hash of its bytes: one rename makes it count, and a torn or altered one shows.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.data.seal import VILLAGES as VILLAGE_PARTS
from analysis.data.seal import hash_of, is_plain
from experiments.files import parquet_options, write_bytes
from experiments.study import Batch
from experiments.tables import run_table, village_table
from sim.engine import BatchResult
from sim.record import VILLAGES

PARTS, DAMAGED = "parts", "damaged"
PLAN = "plan.json"
"""Beside the parts: what an unfinished study is to hold, for whoever looks for it."""
ABOUT = b"qiangcun"
HASH_LETTERS = 16
ALL_FAILED = ("所有推演均告失败；请重复该命令并附上 futures=1 查看原因。",
              "Every run has failed; repeat the command with futures=1 to see why.")  # fmt: skip


@dataclass(frozen=True)
class Failure:
    """A run that could not be computed.

    Attributes:
        strategy: key.
        start: initial condition.
        future: place of its future in the design.
        world: number of the world.
        seed: seed.
        error: type and text of the error.
    """

    strategy: str
    start: str
    future: int
    world: int
    seed: int
    error: str


@dataclass(frozen=True)
class Part:
    """A part that is there.

    Attributes:
        path: its file.
        villages: hash of the file of its villages; empty where none are kept.
        failures: its runs that failed.
    """

    path: Path
    villages: str
    failures: tuple[Failure, ...]

    @property
    def village_file(self) -> Path:
        """Where its villages lie, if any are kept."""
        return self.path.parents[1] / VILLAGE_PARTS / f"{self.path.stem.rpartition('.')[0]}.parquet"

    def move(self, folder: Path, name: str) -> None:
        """Make it the part of another batch that holds the same runs: its villages first, as they are written."""
        if self.villages:
            os.replace(self.village_file, folder / VILLAGE_PARTS / f"{name}.parquet")
        os.replace(self.path, folder / PARTS / f"{name}.{self.path.stem.rpartition('.')[2]}.parquet")


def write_part(
    folder: Path, mark: str, batch: Batch, result: BatchResult | None, detail: str, failures: Sequence[Failure] = ()
) -> None:
    """Store one batch: its villages first, then its runs, which make it count.

    Args:
        folder: the study's.
        mark: of what was computed (`experiments.tasks.Task.mark`); a part of anything else does not count.
        batch: the futures that were computed; those of failed runs are not among them.
        result: what they gave; None where all failed.
        detail: one of `sim.record.DETAILS`.
        failures: runs that failed.
    """
    villages = b""
    if detail == VILLAGES and result is not None:
        villages = in_bytes(village_table(batch, result))
        write_bytes(villages, folder / VILLAGE_PARTS / f"{batch.name}.parquet")
    about = {
        "mark": mark,
        "villages": hashlib.sha256(villages).hexdigest() if villages else "",
        "failures": [asdict(failure) for failure in failures],
    }
    table = pa.table({}) if result is None else run_table(batch, result)
    content = in_bytes(table.replace_schema_metadata({ABOUT: json.dumps(about).encode("utf-8")}))
    write_bytes(content, folder / PARTS / f"{batch.name}.{hashlib.sha256(content).hexdigest()[:HASH_LETTERS]}.parquet")


def in_bytes(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **parquet_options(table.schema))
    return sink.getvalue().to_pybytes()


def open_part(path: Path, mark: str) -> Part | None:
    """A part by its file; None where it is torn, altered, of something else or no part at all."""
    try:
        if not is_plain(path) or hash_of(path)[:HASH_LETTERS] != path.stem.rpartition(".")[2]:
            return None
        about = json.loads(pq.read_schema(path).metadata[ABOUT])
        if about["mark"] != mark:
            return None
        return Part(path, about["villages"], tuple(Failure(**failure) for failure in about["failures"]))
    except (ValueError, LookupError, TypeError):  # pyarrow's errors are of the first kind
        return None


def find_parts(folder: Path, marks: Mapping[str, str]) -> dict[str, Part]:
    """Whole parts by name of their batch; what is torn or altered is moved to `damaged/` and does not count.

    Args:
        folder: the study's.
        marks: what each batch is to hold, by its name (`experiments.tasks.Task.mark`).
    """
    found = {}
    for path in sorted((folder / PARTS).glob("*.parquet")):
        name = path.stem.rpartition(".")[0]
        if name not in marks:
            continue
        village_file = folder / VILLAGE_PARTS / f"{name}.parquet"
        part = open_part(path, marks[name])
        whole = part is not None and (
            not part.villages or (is_plain(village_file) and hash_of(village_file) == part.villages)
        )
        if whole and part is not None:
            found[name] = part
        else:
            put_aside(folder, [path, village_file])
    return found


def put_aside(folder: Path, files: Iterable[Path]) -> None:
    """Move files, links and folders to `damaged/`, beside what lies there already."""
    place = folder / DAMAGED
    for path in files:
        if os.path.lexists(path):
            place.mkdir(exist_ok=True)
            numbers = (f"{number:04d}-{path.name}" for number in itertools.count(len(list(place.iterdir()))))
            path.rename(next(place / name for name in numbers if not os.path.lexists(place / name)))
