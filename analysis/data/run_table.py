"""The table of runs on disk: what is asked of one strategy and start is read, and nothing else.

A block is all rows of one strategy from one start; the store keeps each in row groups of its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.data.kept import Kept

BLOCK = ["strategy", "start"]
FUTURE = ["world", "seed"]
KEYS = [*BLOCK, *FUTURE, "year"]
NOT_INDICATORS = {*KEYS, "county"}
TEXTS = {*BLOCK, "county", "village", "town"}
"""Columns of names; all others are numbers."""
FEW_ROWS = 1_000_000
MOST_VALUES = 1_000_000_000
"""Values of one row group: what is in memory at once."""
KEPT_BYTES = 100 * 2**20
"""Values that were read are kept up to this size."""

Block = tuple[str, str]


@dataclass(frozen=True)
class Layout:
    """Where each row of a block belongs.

    Attributes:
        futures: (world, seed) of each future, ascending.
        years: ascending.
        place: place of each stored row in the flattened array `(futures, years)`.
    """

    futures: pd.MultiIndex
    years: pd.Index
    place: np.ndarray


@dataclass
class RunTable:
    """Every indicator of every run and year.

    Attributes:
        source: the file, or its content in memory.
        name: what errors call it.
    """

    source: Any
    name: str
    _layouts: dict[Block, Layout] = field(default_factory=dict, repr=False)
    _kept: Kept = field(default_factory=lambda: Kept(KEPT_BYTES), repr=False)

    @classmethod
    def open(cls, path: Path) -> RunTable:
        """The table of a file, its columns and keys checked.

        Raises:
            ValueError: columns are missing, or a run is there twice.
        """
        table = cls(path, str(path))
        table.check()
        return table

    @classmethod
    def of(cls, frame: pd.DataFrame | pa.Table, name: str = "memory") -> RunTable:
        """The same of a table in memory: key columns, and a column for each indicator.

        Raises:
            ValueError: as `open`.
        """
        table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="none")
        made = cls(pa.py_buffer(buffer.getvalue()), name)
        made.check()
        return made

    @cached_property
    def file(self) -> pq.ParquetFile:
        """The open file; what it holds is known from its end."""
        return pq.ParquetFile(pa.BufferReader(self.source) if isinstance(self.source, pa.Buffer) else self.source)

    @cached_property
    def indicators(self) -> list[str]:
        """Names of the columns that hold values."""
        return [name for name in self.file.schema_arrow.names if name not in NOT_INDICATORS]

    def check(self) -> None:
        """Columns are there and no run is there twice."""
        names = self.file.schema_arrow.names
        if {"indicator", "value"} <= set(names):
            zh, en = "是旧版本的长表，请重新推演", "a long table of an earlier version; run the study again"
            raise ValueError(f"{self.name}: {zh} / {en}")
        absent = [name for name in KEYS if name not in names]
        if absent:
            listed = ", ".join(absent)
            raise ValueError(f"{self.name}: 缺少列 {listed} / missing columns {listed}")
        if isinstance(self.source, Path):
            check_file(self.source)
        for block in self.blocks:
            self.check_repeated(block)

    def check_repeated(self, block: Block) -> None:
        """Each future and year of a block is there once."""
        keys = self.read(block, [*FUTURE, "year"]).to_pandas()
        double = keys.duplicated()
        if double.any():
            row = dict(zip(BLOCK, block, strict=True)) | keys.loc[double.idxmax()].to_dict()
            raise ValueError(f"{self.name}: 重复的行 / repeated row: {row}")

    @cached_property
    def blocks(self) -> dict[Block, list[int]]:
        """Row groups that hold each strategy and start, in the order of the file."""
        found: dict[Block, list[int]] = {}
        for number in range(self.file.num_row_groups):
            for block in self.blocks_of(number):
                found.setdefault(block, []).append(number)
        return found

    def blocks_of(self, number: int) -> list[Block]:
        """Strategies and starts of a row group: from its statistics if they are single, else by reading."""
        if not self.file.metadata.row_group(number).num_rows:
            return []
        one = self.single(number)
        if one is not None:
            return [one]
        keys = as_text(self.file.read_row_group(number, columns=BLOCK))
        pairs = keys.group_by(BLOCK, use_threads=False).aggregate([])
        return list(zip(pairs["strategy"].to_pylist(), pairs["start"].to_pylist(), strict=True))

    def single(self, number: int) -> Block | None:
        """Strategy and start of a row group that holds but one, as its statistics say."""
        return self._singles[number]

    @cached_property
    def _singles(self) -> list[Block | None]:
        found = []
        for number in range(self.file.num_row_groups):
            strategy, start = (only_value(self.file, number, name) for name in BLOCK)
            found.append(None if strategy is None or start is None else (strategy, start))
        return found

    def read(self, block: Block, columns: Sequence[str]) -> pa.Table:
        """Columns of one strategy and start; row groups of others are not touched."""
        groups = self.blocks[block]
        if all(self.single(number) for number in groups):
            return self.file.read_row_groups(groups, columns=list(columns))
        table = self.file.read_row_groups(groups, columns=list(dict.fromkeys([*columns, *BLOCK])))
        keys = as_text(table.select(BLOCK))
        wanted = pc.and_(pc.equal(keys["strategy"], block[0]), pc.equal(keys["start"], block[1]))
        return table.filter(wanted).select(list(columns))

    def layout(self, block: Block) -> Layout:
        """Futures and years of a block."""
        if block not in self._layouts:
            keys = self.read(block, [*FUTURE, "year"])
            (world, worlds), (seed, seeds), (year, years) = (
                ranked(keys[name].to_numpy().astype(np.int64)) for name in keys.column_names
            )
            future, pairs = ranked(world * len(seeds) + seed)
            futures = pd.MultiIndex.from_arrays([worlds[pairs // len(seeds)], seeds[pairs % len(seeds)]], names=FUTURE)
            self._layouts[block] = Layout(futures, pd.Index(years, name="year"), future * len(years) + year)
        return self._layouts[block]

    def years(self) -> list[int]:
        """All years of all blocks, ascending."""
        return sorted({int(year) for block in self.blocks for year in self.layout(block).years})

    def values(self, block: Block, indicator: str) -> pd.DataFrame:
        """One indicator of a block: a row per future, a column per year; NaN where it is not defined."""
        layout = self.layout(block)
        array = self._kept.get((block, indicator), lambda: self._array(block, indicator, layout))
        return pd.DataFrame(array, index=layout.futures, columns=layout.years, copy=False)

    def _array(self, block: Block, indicator: str, layout: Layout) -> np.ndarray:
        array = np.full(len(layout.futures) * len(layout.years), np.nan)
        array[layout.place] = self.read(block, [indicator]).column(0).to_numpy()
        return array.reshape(len(layout.futures), len(layout.years))

    def frame(self, blocks: Iterable[Block], indicators: Sequence[str], years: Sequence[int] | None) -> pd.DataFrame:
        """Rows of several blocks, one after another, with their keys."""
        tables = [self.read(block, [*KEYS, *indicators]) for block in blocks]
        if years is not None:
            kept = pa.array(list(years), type=pa.int64())
            tables = [table.filter(pc.is_in(pc.cast(table["year"], pa.int64()), kept)) for table in tables]
        if not tables:
            return pd.DataFrame(columns=[*KEYS, *indicators])
        return with_categories(pa.concat_tables(tables)).to_pandas()


def check_types(schema: pa.Schema, name: str) -> None:
    """Columns hold what they should: names are text, all else are numbers.

    Raises:
        ValueError: names the columns that hold something else.
    """
    wrong = [field.name for field in schema if not (is_text if field.name in TEXTS else is_number)(field.type)]
    if wrong:
        listed = ", ".join(wrong)
        raise ValueError(f"{name}: 列的类型不对 {listed} / columns of a wrong type: {listed}")


def check_file(path: Path) -> None:
    """A table holds what it should, and not so many rows that they can't be ours: some bytes hold billions of zeros.

    Raises:
        ValueError: columns of a wrong type, or too many rows.
    """
    file = pq.ParquetFile(path)
    check_types(file.schema_arrow, str(path))
    rows, columns = file.metadata.num_rows, file.metadata.num_columns
    largest = max((file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)), default=0)
    if rows > FEW_ROWS and (rows > path.stat().st_size or largest * columns > MOST_VALUES):
        raise ValueError(f"{path}: 行数过多 / too many rows: {rows}")


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text, as it is or by number."""
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(plain) or pa.types.is_large_string(plain)


def is_number(kind: pa.DataType) -> bool:
    """Whether a column holds numbers."""
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)


def read_numbers(path: Path) -> pa.Table:
    """A table of numbers alone; what other programs have noted in the file does not count.

    Raises:
        ValueError: a column holds something else.
    """
    check_file(path)
    return pq.read_table(path).replace_schema_metadata()


def only_value(file: pq.ParquetFile, number: int, name: str) -> str | None:
    """The value of a text column in a row group that holds but one, as its statistics say; None where they do not."""
    place = file.metadata.schema.names.index(name)
    statistics = file.metadata.row_group(number).column(place).statistics
    if statistics is None or not statistics.has_min_max or statistics.min != statistics.max:
        return None
    return str(statistics.min)


def ranked(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rank of each value among the different ones, and these, ascending."""
    different, rank = np.unique(values, return_inverse=True)
    return rank, different


def as_text(table: pa.Table) -> pa.Table:
    """The same with names as text, however they are stored."""
    return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))


def with_categories(table: pa.Table) -> pa.Table:
    """The same with strategy and start as categories, however they are stored."""
    for name in BLOCK:
        place = table.schema.get_field_index(name)
        column = table.column(place)
        if not pa.types.is_dictionary(column.type):
            table = table.set_column(place, name, column.dictionary_encode())
    return table.unify_dictionaries()
