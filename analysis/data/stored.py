"""Stored tables of runs and of villages: what is asked of one strategy and start is read, and nothing else.

A block is all rows of one strategy from one start; the store keeps each in row groups of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.data.parquet import check_file, only_value

BLOCK = ["strategy", "start"]
FUTURE = ["world", "seed"]
KEPT_BYTES = 100 * 2**20
"""Values of runs that were read are kept up to this size."""
KEPT_VILLAGE_BYTES = 200 * 2**20
MOST_ROWS = 8_000_000
"""Rows of villages that figures use at most: a column then takes 32 MB."""

Block = tuple[str, str]


@dataclass(frozen=True)
class Piece:
    """One row group, or the rows of a block in memory.

    `strategy` and `start` are the only ones in it, None where its statistics do not say so; `futures` are the lowest
    and highest world and seed: what tells the batches of a design apart.
    """

    source: Any
    number: int
    strategy: str | None
    start: str | None
    futures: tuple[int, ...]
    rows: int


@dataclass(frozen=True)
class Layout:
    """Where each row of a block belongs.

    Attributes:
        futures: (world, seed) of each future, ascending.
        axes: years and, of villages, their codes, each ascending.
        place: place of each stored row in the flattened array `(futures, years, …)`.
    """

    futures: pd.MultiIndex
    axes: list[np.ndarray]
    place: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis, futures first."""
        return (len(self.futures), *map(len, self.axes))

    def array(self, columns: Iterable[pa.ChunkedArray], kind: type) -> np.ndarray:
        """A stored column by its axes; NaN where no row is."""
        array, first = np.full(self.shape, np.nan, dtype=kind), 0
        for column in columns:
            array.reshape(-1)[self.place[first : first + len(column)]] = column.to_numpy()
            first += len(column)
        return array


class Kept:
    """Arrays by key, at most so many bytes or one array; those not asked for the longest go first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._bytes = 0
        self._arrays: OrderedDict[Hashable, np.ndarray] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._arrays

    def get(self, key: Hashable, make: Callable[[], np.ndarray]) -> np.ndarray:
        """The array under a key, made where it is not kept; it can't be written to."""
        if key not in self._arrays:
            self._arrays[key] = make()
            self._arrays[key].flags.writeable = False
            self._bytes += self._arrays[key].nbytes
            while len(self._arrays) > 1 and self._bytes > self.most:
                self._bytes -= self._arrays.popitem(last=False)[1].nbytes
        self._arrays.move_to_end(key)
        return self._arrays[key]


class StoredTable:
    """A table, in files or one in memory, whose rows are about a strategy, a start, a future, a year and `more`.

    Errors call it by its `name`; `kept` bytes of values are kept.
    """

    kind: type = np.float64

    def __init__(self, sources: Sequence[Path | pa.Table], name: str, more: Sequence[str], kept: int) -> None:
        self.sources, self.name = sources, name
        self.axes = [*FUTURE, "year", *more]
        self._layouts: dict[Block, Layout] = {}
        self._kept = Kept(kept)
        self._known: dict[Path, pq.FileMetaData] = {}

    @cached_property
    def schema(self) -> pa.Schema:
        """Columns as they are stored."""
        first = self.sources[0]
        return first.schema if isinstance(first, pa.Table) else pq.read_schema(first)

    @cached_property
    def names(self) -> list[str]:
        """Names of the columns that hold values."""
        return [name for name in self.schema.names if name not in (*BLOCK, *self.axes, "county", "town")]

    @cached_property
    def pieces(self) -> list[Piece]:
        """All row groups that have rows, in the order of the files."""
        return [piece for source in self.sources for piece in self._pieces_of(source)]

    def _pieces_of(self, source: Path | pa.Table) -> Iterator[Piece]:
        if isinstance(source, pa.Table):
            for strategy, start in pairs_of(source):
                rows = source.filter(is_of(source, (strategy, start)))
                yield Piece(rows, 0, strategy, start, (), len(rows))
            return
        check_file(source)
        file = self.file(source)
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            strategy, start = (only_value(file, number, name) for name in BLOCK)
            ends = [group.column(file.schema_arrow.names.index(name)).statistics for name in FUTURE]
            futures = [(int(end.min), int(end.max)) if end and end.has_min_max else (-1, -1) for end in ends]
            if group.num_rows:
                yield Piece(source, number, strategy, start, sum(futures, ()), group.num_rows)

    def file(self, path: Path) -> pq.ParquetFile:
        """A file; what it holds is remembered, so that it is quick to open again."""
        file = pq.ParquetFile(path, metadata=self._known.get(path))
        self._known[path] = file.metadata
        return file

    @cached_property
    def blocks(self) -> dict[Block, list[Piece]]:
        """Row groups that hold each strategy and start, in the order of the files."""
        found: dict[Block, list[Piece]] = {}
        for piece in self.pieces:
            single = (piece.strategy, piece.start)
            for block in [single] if None not in single else pairs_of(next(self.read([piece], BLOCK))):
                found.setdefault(block, []).append(piece)
        return found

    def used(self, block: Block) -> list[Piece]:
        """The row groups of a block that values are taken from."""
        return self.blocks[block]

    def read(self, pieces: Sequence[Piece], columns: Sequence[str], block: Block | None = None) -> Iterator[pa.Table]:
        """Columns of some row groups, a table for each file; of one block alone where it is named."""
        for _, group in groupby(pieces, lambda piece: id(piece.source)):
            found = list(group)
            source = found[0].source
            mixed = block is not None and any(None in (piece.strategy, piece.start) for piece in found)
            wanted = list(dict.fromkeys([*columns, *(BLOCK if mixed else ())]))
            if isinstance(source, pa.Table):
                table = source.select(wanted)
            else:
                table = self.file(source).read_row_groups([piece.number for piece in found], columns=wanted)
            yield (table.filter(is_of(table, block)) if mixed else table).select(list(columns))

    def layout(self, block: Block) -> Layout:
        """Futures, years and further axes of a block; a ValueError where a row is there twice."""
        if block not in self._layouts:
            tables = list(self.read(self.used(block), self.axes, block))
            layout = arranged([[encoded(table[name]) for name in self.axes] for table in tables])
            if len(layout.place) > 1 and np.bincount(layout.place).max() > 1:
                future, *spot = np.unravel_index(np.bincount(layout.place).argmax(), layout.shape)
                others = [axis[place].item() for axis, place in zip(layout.axes, spot, strict=True)]
                keys = [*block, *map(int, layout.futures[future]), *others]
                row = dict(zip([*BLOCK, *self.axes], keys, strict=True))
                raise ValueError(f"{self.name}: 重复的行 / repeated row: {row}")
            self._layouts[block] = layout
        return self._layouts[block]

    def array(self, block: Block, name: str) -> np.ndarray:
        """One column of a block by future, year and further axes; NaN where it is not defined."""
        layout = self.layout(block)
        if self._all_fit and (block, name) not in self._kept:  # reading them one by one takes ten times as long
            tables = list(self.read(self.used(block), self.names, block))
            for other in self.names:
                columns = [table[other] for table in tables]
                self._kept.get((block, other), partial(layout.array, columns, self.kind))
        tables = self.read(self.used(block), [name], block)
        return self._kept.get((block, name), lambda: layout.array((table[name] for table in tables), self.kind))

    @cached_property
    def _all_fit(self) -> bool:
        return False

    def frame(self, blocks: Iterable[Block], columns: Sequence[str], years: Sequence[int] | None) -> pd.DataFrame:
        """Rows of several blocks, all futures of them, one block after another, with their keys."""
        keys = [*BLOCK, *self.axes, *(["town"] if "town" in self.schema.names else [])]
        tables = [self.schema.empty_table().select([*keys, *columns])]
        for block in blocks:
            for table in self.read(self.blocks.get(block, []), [*keys, *columns], block):
                if years is not None:
                    wanted = pa.array(list(years), type=pa.int64())
                    table = table.filter(pc.is_in(pc.cast(table["year"], pa.int64()), wanted))
                tables.append(table)
        whole = pa.concat_tables(tables[1:] or tables, promote_options="permissive")
        return whole.unify_dictionaries().to_pandas(strings_to_categorical=True)


class RunTable(StoredTable):
    """Every indicator of every run and year."""

    def __init__(self, source: Path | pd.DataFrame | pa.Table) -> None:
        """Open the table; a ValueError where columns are missing, or a run is there twice."""
        if isinstance(source, pd.DataFrame):
            source = pa.Table.from_pandas(source, preserve_index=False)
        super().__init__([source], str(source) if isinstance(source, Path) else "memory", (), KEPT_BYTES)
        names = self.schema.names
        if {"indicator", "value"} <= set(names):
            zh, en = "是旧版本的长表，请重新推演", "a long table of an earlier version; run the study again"
            raise ValueError(f"{self.name}: {zh} / {en}")
        absent = [name for name in (*BLOCK, *self.axes) if name not in names]
        if absent:
            listed = ", ".join(absent)
            raise ValueError(f"{self.name}: 缺少列 {listed} / missing columns {listed}")
        for block in self.blocks:
            self.layout(block)

    @cached_property
    def _all_fit(self) -> bool:
        return sum(piece.rows for piece in self.pieces) * len(self.names) * 8 <= self._kept.most

    def years(self) -> list[int]:
        """All years of all blocks, ascending."""
        return sorted({int(year) for block in self.blocks for year in self.layout(block).axes[0]})

    def values(self, block: Block, indicator: str) -> pd.DataFrame:
        """One indicator of a block: a row per future, a column per year; NaN where it is not defined."""
        layout = self.layout(block)
        years = pd.Index(layout.axes[0], name="year")
        return pd.DataFrame(self.array(block, indicator), index=layout.futures, columns=years, copy=False)


@dataclass(frozen=True)
class VillageValues:
    """One village column in one year, or summed over years: `(F, V)` by strategy, in the futures that all share.

    `codes` and `towns`, shape `(V,)`, are those of the last axis; `futures` (world, seed) are those of the first.
    """

    codes: np.ndarray
    towns: np.ndarray
    futures: pd.MultiIndex
    by_strategy: dict[str, np.ndarray]


class VillageTable(StoredTable):
    """Every village of every run and year; figures take those of one start, strategies in the order of the study."""

    kind = np.float32

    def __init__(self, sources: Sequence[Path | pa.Table], name: str, strategies: list[str], start: str) -> None:
        super().__init__(sources, name, ["village"], KEPT_VILLAGE_BYTES)
        self.strategies, self.start = strategies, start

    @cached_property
    def own(self) -> list[Block]:
        """The blocks that count, in the order of the study; a ValueError if there is none, or no future in all."""
        found = [(key, self.start) for key in self.strategies if (key, self.start) in self.blocks]
        if not found:
            raise ValueError(f"{self.name}: 没有数据 / no data for start {self.start}")
        return found

    @cached_property
    def batches(self) -> set[tuple[int, ...]] | None:
        """The batches of futures that count where villages are too many, the same for every strategy; None: all."""
        pieces = [piece for block in self.own for piece in self.blocks[block]]
        rows = sum(piece.rows for piece in pieces)
        if rows <= MOST_ROWS or any(piece.strategy is None or not piece.futures for piece in pieces):
            return None
        batches = sorted({piece.futures for piece in pieces})
        count = max(1, int(len(batches) * MOST_ROWS / rows))
        return {batches[place] for place in np.linspace(0, len(batches) - 1, count).round().astype(int)}

    def used(self, block: Block) -> list[Piece]:
        """All row groups of a block, or whole batches at equal steps where villages are too many."""
        pieces = self.blocks[block]
        return pieces if self.batches is None else [piece for piece in pieces if piece.futures in self.batches]

    @cached_property
    def shared(self) -> pd.MultiIndex:
        """The futures that all strategies met."""
        futures = self.layout(self.own[0]).futures
        for block in self.own[1:]:
            futures = futures.intersection(self.layout(block).futures)
        if not len(futures):
            raise ValueError(f"{self.name}: 各策略没有共同的未来 / no future is shared by all strategies")
        return futures.sort_values()

    @property
    def years(self) -> list[int]:
        """All years, ascending."""
        return [int(year) for year in self.layout(self.own[0]).axes[0]]

    @cached_property
    def towns(self) -> np.ndarray:
        """Town of each village."""
        codes, found = self.layout(self.own[0]).axes[1], {}
        for table in self.read(self.used(self.own[0]), ["village", "town"]):
            pairs = table.group_by(["village", "town"]).aggregate([]).to_pylist()
            found |= {pair["village"]: pair["town"] for pair in pairs}
            if len(found) == len(codes):
                break
        return np.array([found[code] for code in codes], dtype=object)

    def values(self, name: str, year: int) -> VillageValues:
        """One column in one year."""
        place = self.years.index(year)
        return self._hand_out(lambda array: array[:, place].astype(float), name)

    def total(self, name: str, first: int) -> VillageValues:
        """One column summed over all years from `first` on; undefined values count as zero."""
        place = np.array(self.years) >= first
        return self._hand_out(lambda array: np.nansum(array[:, place].astype(float), axis=1), name)

    def _hand_out(self, take: Any, name: str) -> VillageValues:
        codes, found = self.layout(self.own[0]).axes[1], {}
        for block in self.own:
            place = self.layout(block).futures.get_indexer(self.shared)
            found[block[0]] = take(self.array(block, name))[place]
        return VillageValues(codes, self.towns, self.shared, found)


def arranged(found: list[list[tuple[np.ndarray, np.ndarray]]]) -> Layout:
    """The layout of rows whose world, seed, year and further keys are given as numbers and what these stand for."""
    known = [np.unique(np.concatenate([names for _, names in column])) for column in zip(*found, strict=True)]
    rows = [
        [
            np.searchsorted(every, names).astype(np.int32)[codes]
            for (codes, names), every in zip(keys, known, strict=True)
        ]
        for keys in found
    ]
    worlds, seeds, *others = known
    pairs = [np.unique(world.astype(np.int64) * len(seeds) + seed, return_inverse=True) for world, seed, *_ in rows]
    every = np.unique(np.concatenate([pair for pair, _ in pairs]))
    futures = pd.MultiIndex.from_arrays([worlds[every // len(seeds)], seeds[every % len(seeds)]], names=FUTURE)
    shape = [len(every), *(len(axis) for axis in others)]
    kind = np.int32 if np.prod(shape) < 2**31 else np.int64
    place = [
        np.ravel_multi_index((np.searchsorted(every, pair)[number], *keys[2:]), shape).astype(kind)
        for (pair, number), keys in zip(pairs, rows, strict=True)
    ]
    return Layout(futures, others, np.concatenate(place))


def encoded(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """A column as numbers and what they stand for."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    return whole.indices.to_numpy(), np.array(whole.dictionary.to_pylist())


def as_text(table: pa.Table) -> pa.Table:
    """Strategy and start as text, however they are stored."""
    return table.select(BLOCK).cast(pa.schema([(name, pa.string()) for name in BLOCK]))


def pairs_of(table: pa.Table) -> list[Block]:
    """Strategies and starts that a table holds, in its order."""
    pairs = as_text(table).group_by(BLOCK, use_threads=False).aggregate([])
    return list(zip(pairs["strategy"].to_pylist(), pairs["start"].to_pylist(), strict=True))


def is_of(table: pa.Table, block: Block) -> pa.ChunkedArray:
    """Which rows are of a strategy and start."""
    keys = as_text(table)
    return pc.and_(pc.equal(keys["strategy"], block[0]), pc.equal(keys["start"], block[1]))
