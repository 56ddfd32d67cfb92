"""The village table of a study: every column is read once, into arrays strategies x years x futures x villages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

MOST_ROWS = 8_000_000
"""Rows of villages that figures use at most: a column then takes 32 MB."""
KEYS = ("strategy", "start", "world", "seed", "year", "village", "town")


@dataclass(frozen=True)
class VillageValues:
    """One village column in one year, or summed over years.

    Attributes:
        codes: village codes in the order of the last axis, shape `(V,)`.
        towns: town of each village, shape `(V,)`.
        futures: (world, seed) of each row; the futures that all strategies share.
        by_strategy: values per strategy, shape `(F, V)`.
    """

    codes: np.ndarray
    towns: np.ndarray
    futures: pd.MultiIndex
    by_strategy: dict[str, np.ndarray]


@dataclass
class VillageTable:
    """Rows of one start, put in order.

    Attributes:
        folder: where the parts of the table lie.
        strategies: keys in the order of the study.
        start: the start whose rows count.
    """

    folder: Path
    strategies: list[str]
    start: str
    _columns: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    @cached_property
    def stored(self) -> ds.Dataset:
        """All parts; rows come in the same order at every reading."""
        return ds.dataset(sorted(self.folder.glob("*.parquet")) if self.folder.is_dir() else self.folder)

    @cached_property
    def pieces(self) -> list[Piece]:
        """The row groups of all parts."""
        groups = (group for part in self.stored.get_fragments() for group in part.split_by_row_group())
        return [Piece.of(group) for group in groups]

    @cached_property
    def dataset(self) -> ds.Dataset:
        """The rows that figures use: all of the start that counts, or of some futures where these are too many.

        Batches of futures are taken at equal steps, the same ones for every strategy.
        """
        if any(piece.strategy is None or piece.start is None for piece in self.pieces):
            return self.stored
        pieces = [piece for piece in self.pieces if piece.start == self.start and piece.strategy in self.strategies]
        rows = sum(piece.rows for piece in pieces)
        if not pieces:
            return self.stored
        if rows > MOST_ROWS:
            batches = sorted({piece.futures for piece in pieces})
            count = max(1, int(len(batches) * MOST_ROWS / rows))
            kept = {batches[place] for place in np.linspace(0, len(batches) - 1, count).round().astype(int)}
            pieces = [piece for piece in pieces if piece.futures in kept]
        return self.of_pieces(pieces)

    def of_pieces(self, pieces: Sequence[Piece]) -> ds.Dataset:
        """These row groups and no others."""
        stored = self.stored
        fragments = [piece.fragment for piece in pieces]
        return ds.FileSystemDataset(fragments, stored.schema, stored.format, stored.filesystem)

    @property
    def names(self) -> list[str]:
        """Names of the columns that are stored, without keys."""
        return [name for name in self.stored.schema.names if name not in KEYS]

    @cached_property
    def layout(self) -> Layout:
        """Where each row belongs."""
        return Layout.of(self)

    def column(self, name: str) -> np.ndarray:
        """One column, shape `(strategies, years, futures, villages)`; NaN where it is not defined."""
        if name not in self._columns:
            layout = self.layout
            stored = self.dataset.to_table(columns=[name]).column(name).to_numpy().astype(np.float32)
            whole = np.full(np.prod(layout.shape), np.nan, dtype=np.float32)
            whole[layout.place] = stored[layout.chosen]
            whole = whole.reshape(layout.shape)
            self._columns[name] = whole if layout.shared.all() else whole[:, :, layout.shared]
        return self._columns[name]

    def values(self, name: str, year: int) -> VillageValues:
        """One column in one year."""
        return self._hand_out(self.column(name)[:, self.layout.years.index(year)].astype(float))

    def total(self, name: str, first: int) -> VillageValues:
        """One column summed over all years from `first` on; undefined values count as zero."""
        years = [index for index, year in enumerate(self.layout.years) if year >= first]
        return self._hand_out(np.nansum(self.column(name)[:, years].astype(float), axis=1))

    def frame(
        self, blocks: Iterable[tuple[str, str]], columns: Sequence[str], years: Sequence[int] | None
    ) -> pd.DataFrame:
        """Rows of some strategies and starts, all futures of them, with their keys."""
        asked = list(blocks)
        pieces = [piece for piece in self.pieces if any(piece.may_hold(block) for block in asked)]
        wanted = pc.scalar(False)
        for strategy, start in asked:
            wanted = wanted | ((ds.field("strategy") == strategy) & (ds.field("start") == start))
        if years is not None:
            wanted = wanted & ds.field("year").isin(list(years))
        table = self.of_pieces(pieces).to_table(columns=[*KEYS, *columns], filter=wanted)
        return table.unify_dictionaries().to_pandas()

    def _hand_out(self, values: np.ndarray) -> VillageValues:
        layout = self.layout
        arrays = dict(zip(layout.strategies, values, strict=True))
        return VillageValues(layout.codes, layout.towns, layout.futures[layout.shared], arrays)


@dataclass(frozen=True)
class Piece:
    """One row group of a part.

    Attributes:
        fragment: how it is read.
        strategy: the only strategy in it; None where its statistics do not say so.
        start: likewise.
        futures: lowest and highest world and seed: what tells the batches of a design apart.
        rows: number of rows.
    """

    fragment: ds.ParquetFileFragment
    strategy: str | None
    start: str | None
    futures: tuple[int, ...]
    rows: int

    @classmethod
    def of(cls, fragment: ds.ParquetFileFragment) -> Piece:
        """What the statistics of a row group say."""
        group = fragment.row_groups[0]
        found = group.statistics
        ends = [found.get(name, {}) for name in ("world", "seed")]
        futures = tuple(int(end.get(side, -1)) for end in ends for side in ("min", "max"))
        return cls(fragment, single(found, "strategy"), single(found, "start"), futures, group.num_rows)

    def may_hold(self, block: tuple[str, str]) -> bool:
        """Whether rows of a strategy and start may be in it."""
        return self.strategy in (None, block[0]) and self.start in (None, block[1])


def single(statistics: dict[str, dict[str, Any]], name: str) -> str | None:
    """The value of a text column that holds but one."""
    ends = statistics.get(name, {})
    return str(ends["min"]) if ends and ends["min"] == ends["max"] else None


@dataclass(frozen=True)
class Layout:
    """Place of each row in the whole array.

    Attributes:
        strategies: strategies that stored villages.
        years: all years, ascending.
        futures: (world, seed) of every future of any strategy.
        shared: whether all strategies met a future.
        codes: village codes, ascending.
        towns: town of each village.
        chosen: rows of the start that counts.
        place: place of each chosen row in the flattened array.
        shape: strategies, years, futures, villages.
    """

    strategies: list[str]
    years: list[int]
    futures: pd.MultiIndex
    shared: np.ndarray
    codes: np.ndarray
    towns: np.ndarray
    chosen: np.ndarray
    place: np.ndarray
    shape: tuple[int, int, int, int]

    @classmethod
    def of(cls, table: VillageTable) -> Layout:
        """Read the keys of all rows."""
        keys = {name: encoded(table.dataset.to_table(columns=[name]).column(name)) for name in KEYS}
        start, starts = keys["start"]
        strategy, strategies = keys["strategy"]
        known = [key for key in table.strategies if key in strategies]
        order = np.array([known.index(key) if key in known else -1 for key in strategies])
        chosen = np.flatnonzero((starts[start] == table.start) & (order[strategy] >= 0))
        if not len(chosen):
            raise ValueError(f"{table.folder}: 没有数据 / no data for start {table.start}")
        rows = {name: codes[chosen] for name, (codes, _names) in keys.items()}
        worlds, seeds, years = (keys[name][1].astype(int) for name in ("world", "seed", "year"))
        pairs, future = np.unique(rows["world"].astype(np.int64) * len(seeds) + rows["seed"], return_inverse=True)
        futures = pd.MultiIndex.from_arrays(
            [worlds[pairs // len(seeds)], seeds[pairs % len(seeds)]], names=["world", "seed"]
        )
        codes, rank = np.unique(keys["village"][1], return_inverse=True)
        towns = np.empty(len(codes), dtype=object)
        towns[rank[rows["village"]]] = keys["town"][1][rows["town"]]
        calendar, when = np.unique(years, return_inverse=True)
        shape = (len(known), len(calendar), len(futures), len(codes))
        index = (order[rows["strategy"]], when[rows["year"]], future, rank[rows["village"]])
        met = np.zeros((shape[0], shape[2]), dtype=bool)
        met[index[0], index[2]] = True
        shared = met.all(axis=0)
        if not shared.any():
            raise ValueError(f"{table.folder}: 各策略没有共同的未来 / no future is shared by all strategies")
        place = np.ravel_multi_index(index, shape)
        return cls(known, [int(year) for year in calendar], futures, shared, codes, towns, chosen, place, shape)


def encoded(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """A column as numbers and what they stand for."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    return whole.indices.to_numpy(), np.array(whole.dictionary.to_pylist())
