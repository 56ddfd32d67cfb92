"""Where results lie: a folder for each study, written batch by batch, never overwritten once complete."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.study import Batch, Study
from sim.district import District
from sim.engine import BatchResult
from sim.world import world_values

NO_WORLD = -1
"""Number under which the world of defaults is stored."""
MANIFEST, RUNS, VILLAGES, WORLDS = "manifest.json", "runs.parquet", "villages.parquet", "worlds.parquet"
PARTS = "parts"


class Store:
    """The folder of one study: `runs.parquet`, `villages.parquet/`, `worlds.parquet`, `manifest.json`.

    Attributes:
        study: what is stored.
        folder: `outputs/studies/<name>-<first 8 of the id>`.
    """

    def __init__(self, study: Study, outputs: Path) -> None:
        self.study = study
        self.folder = outputs / "studies" / f"{study.name}-{study.id[:8]}"

    @property
    def is_complete(self) -> bool:
        """Whether all results are there: the manifest is written last."""
        path = self.folder / MANIFEST
        return path.is_file() and json.loads(path.read_text(encoding="utf-8")).get("id") == self.study.id

    def missing(self) -> list[Batch]:
        """Batches that are not stored yet."""
        return [
            batch for batch in self.study.batches() if not (self.folder / PARTS / f"{batch.name}.parquet").is_file()
        ]

    def prepare(self) -> None:
        """Make the folders."""
        for name in (PARTS, VILLAGES):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Join the parts, in the order of the design, and write the manifest with the hashes of all results."""
        parts = [
            [self.folder / PARTS / f"{batch.name}.parquet" for batch in group]
            for _, group in groupby(self.study.batches(), lambda batch: (batch.strategy.key, batch.start))
        ]
        write_blocks(parts, self.folder / RUNS)
        write_parquet(world_table(self.study), self.folder / WORLDS)
        hashes = {**manifest.get("hashes", {}), **{name: hash_of(self.folder / name) for name in (RUNS, WORLDS)}}
        for path in sorted((self.folder / VILLAGES).glob("*.parquet")):
            hashes[f"{VILLAGES}/{path.name}"] = hash_of(path)
        write_json({**manifest, "hashes": hashes}, self.folder / MANIFEST)
        shutil.rmtree(self.folder / PARTS, ignore_errors=True)


def write_batch(folder: Path, district: District, batch: Batch, result: BatchResult) -> None:
    """Store one batch; its runs are written last and mark it as done."""
    write_parquet(village_table(district, batch, result), folder / VILLAGES / f"{batch.name}.parquet")
    write_parquet(run_table(batch, result), folder / PARTS / f"{batch.name}.parquet")


def run_table(batch: Batch, result: BatchResult) -> pa.Table:
    """Table of a batch: a row for each run and year, a column for each indicator, null where it is not defined."""
    run, year = (index.ravel() for index in np.indices((len(batch.seeds), len(result.years))))
    return pa.table(
        {
            **_keys(batch, run),
            "year": pa.array(np.asarray(result.years, dtype=np.int32)[year]),
            **{
                name: pa.array(np.asarray(values, dtype=np.float64).ravel(), from_pandas=True)
                for name, values in result.indicators.items()
            },
        }
    )


def village_table(district: District, batch: Batch, result: BatchResult) -> pa.Table:
    """Wide table of a batch: a row for each run, year and village."""
    shape = (len(batch.seeds), len(result.years), district.villages)
    run, year, village = (index.ravel() for index in np.indices(shape))
    return pa.table(
        {
            **_keys(batch, run),
            "year": pa.array(np.asarray(result.years, dtype=np.int32)[year]),
            "village": _category(village, [str(code) for code in district.village_code]),
            "town": _category(np.asarray(district.town_of)[village], list(district.town_name)),
            **{name: pa.array(values.ravel()) for name, values in result.villages.items()},
        }
    )


def world_table(study: Study) -> pa.Table:
    """Worlds a study met: a row for each, a column for each parameter; the values in force, fixed ones too."""
    worlds = sorted(set(study.worlds), key=lambda world: NO_WORLD if world is None else world)
    values = [world_values(world, study.parameters, study.ranges) for world in worlds]
    numbers = np.array([NO_WORLD if world is None else world for world in worlds], dtype=np.int32)
    columns = {name: pa.array([one[name] for one in values], type=pa.float64()) for name in values[0]}
    return pa.table({"world": pa.array(numbers), **columns})


def _keys(batch: Batch, run: np.ndarray) -> dict[str, pa.Array]:
    worlds = np.array([NO_WORLD if world is None else world for world in batch.worlds], dtype=np.int32)
    same = np.zeros(len(run), dtype=np.int32)
    return {
        "strategy": _category(same, [batch.strategy.key]),
        "start": _category(same, [batch.start]),
        "world": pa.array(worlds[run]),
        "seed": pa.array(np.asarray(batch.seeds, dtype=np.int64)[run]),
    }


def _category(codes: np.ndarray, names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names, type=pa.string()))


def join(tables: Any) -> pa.Table:
    """Tables one after another, with one list of names for each category."""
    return pa.concat_tables(list(tables)).unify_dictionaries().combine_chunks()


@contextmanager
def atomically(path: Path) -> Iterator[Path]:
    """A temporary name to write to; the file takes its own name once it is whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    yield temporary
    os.replace(temporary, path)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a table at once or not at all."""
    with atomically(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def write_blocks(parts: Iterable[Sequence[Path]], path: Path) -> None:
    """Write tables one after another; the parts of each block (one strategy and start) share a row group."""
    writer = None
    with atomically(path) as temporary:
        for block in parts:
            table = join(pq.read_table(part) for part in block)
            writer = writer or pq.ParquetWriter(temporary, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is not None:
            writer.close()


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write JSON at once or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    temporary.write_text(text + "\n", encoding="utf-8")
    os.replace(temporary, path)


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
