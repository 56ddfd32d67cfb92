"""The village table of a study: columns as arrays strategies x years x futures x villages, read when asked for."""

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

from analysis.data.kept import Kept
from analysis.data.run_table import check_file

MOST_ROWS = 8_000_000
"""Rows of villages that figures use at most: a column then takes 32 MB."""
KEPT_BYTES = 200 * 2**20
"""Columns that were read are kept up to this size."""
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
    _columns: Kept = field(default_factory=lambda: Kept(KEPT_BYTES), repr=False)

    @cached_property
    def stored(self) -> ds.Dataset:
        """All parts; rows come in the same order at every reading."""
        parts = sorted(self.folder.glob("*.parquet")) if self.folder.is_dir() else [self.folder]
        for part in parts:
            check_file(part)
        return ds.dataset(parts)

    @cached_property
    def pieces(self) -> list[Piece]:
        """The row groups of all parts."""
        groups = (group for part in self.stored.get_fragments() for group in part.split_by_row_group())
        return [Piece.of(group) for group in groups]

    @cached_property
    def used(self) -> list[Piece]:
        """The row groups that figures use: all of the start that counts, or of some futures where these are too many.

        Batches of futures are taken at equal steps, the same ones for every strategy.
        """
        if any(piece.strategy is None or piece.start is None for piece in self.pieces):
            return self.pieces
        pieces = [piece for piece in self.pieces if piece.start == self.start and piece.strategy in self.strategies]
        rows = sum(piece.rows for piece in pieces)
        if rows > MOST_ROWS:
            batches = sorted({piece.futures for piece in pieces})
            count = max(1, int(len(batches) * MOST_ROWS / rows))
            kept = {batches[place] for place in np.linspace(0, len(batches) - 1, count).round().astype(int)}
            pieces = [piece for piece in pieces if piece.futures in kept]
        return pieces

    def of_pieces(self, pieces: Sequence[Piece]) -> ds.Dataset:
        """These row groups and no others."""
        stored = self.stored
        fragments = [piece.fragment for piece in pieces]
        return ds.FileSystemDataset(fragments, stored.schema, stored.format, stored.filesystem)

    @property
    def names(self) -> list[str]:
        """Names of the columns that are stored, without keys."""
        return [name for name in self.stored.schema.names if name not in (*KEYS, "county")]

    @cached_property
    def layout(self) -> Layout:
        """Where each row belongs."""
        return Layout.of(self)

    def column(self, name: str) -> np.ndarray:
        """One column, shape `(strategies, years, futures, villages)`; NaN where it is not defined."""
        return self._columns.get(name, lambda: self._column(name))

    def _column(self, name: str) -> np.ndarray:
        layout = self.layout
        whole = np.full(np.prod(layout.shape), np.nan, dtype=np.float32)
        for piece, chosen, place in zip(self.used, layout.chosen, layout.place, strict=True):
            stored = piece.fragment.to_table(columns=[name]).column(name).to_numpy().astype(np.float32)
            whole[place] = stored if chosen is None else stored[chosen]
        whole = whole.reshape(layout.shape)
        return whole if layout.shared.all() else whole[:, :, layout.shared]

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

    def keys(self) -> dict[str, pa.ChunkedArray]:
        """The columns that say what a row is about."""
        table = self.fragment.to_table(columns=list(KEYS))
        return {name: table.column(name) for name in KEYS}

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
        chosen: rows of each piece that count; None where all do.
        place: place of each of these rows in the flattened array.
        shape: strategies, years, futures, villages.
    """

    strategies: list[str]
    years: list[int]
    futures: pd.MultiIndex
    shared: np.ndarray
    codes: np.ndarray
    towns: np.ndarray
    chosen: list[np.ndarray | None]
    place: list[np.ndarray]
    shape: tuple[int, int, int, int]

    @classmethod
    def of(cls, table: VillageTable) -> Layout:
        """Read the keys of all rows, one row group after another."""
        numbers: dict[str, dict[Any, int]] = {name: {} for name in ("strategy", "year", "future", "village")}
        town_of: dict[str, str] = {}
        chosen, rows = [], []
        for piece in table.used:
            keys = {name: encoded(column) for name, column in piece.keys().items()}
            kept = which(keys, table)
            codes = {name: code if kept is None else code[kept] for name, (code, _names) in keys.items()}
            future = codes["world"].astype(np.int64) * len(keys["seed"][1]) + codes["seed"]
            pairs, codes["future"] = np.unique(future, return_inverse=True)
            world, seed = (keys[name][1].astype(int) for name in ("world", "seed"))
            width = len(seed)
            names = {name: keys[name][1].tolist() for name in ("strategy", "year", "village")}
            names["future"] = [(int(world[pair // width]), int(seed[pair % width])) for pair in pairs]
            rows.append({name: numbered(codes[name], names[name], numbers[name]) for name in numbers})
            first = np.unique(codes["village"], return_index=True)[1]
            towns = keys["town"][1][codes["town"][first]]
            town_of.update(zip(keys["village"][1][codes["village"][first]], towns, strict=True))
            chosen.append(kept)
        if not any(len(row["year"]) for row in rows):
            raise ValueError(f"{table.folder}: 没有数据 / no data for start {table.start}")
        return cls.arranged(table, numbers, town_of, chosen, rows)

    @classmethod
    def arranged(
        cls,
        table: VillageTable,
        numbers: dict[str, dict[Any, int]],
        town_of: dict[str, str],
        chosen: list[np.ndarray | None],
        rows: list[dict[str, np.ndarray]],
    ) -> Layout:
        """Put what was read in order: strategies as the study has them, all else ascending."""
        met = {name: np.unique(np.concatenate([row[name] for row in rows])) for name in numbers}
        found = {name: [list(numbers[name])[code] for code in met[name]] for name in numbers}
        order = {name: sorted(values) for name, values in found.items()}
        order["strategy"] = [key for key in table.strategies if key in found["strategy"]]
        rank = {
            name: np.array([places.get(value, -1) for value in numbers[name]])
            for name, places in ((name, {value: place for place, value in enumerate(order[name])}) for name in numbers)
        }
        shape = tuple(len(order[name]) for name in ("strategy", "year", "future", "village"))
        both = np.zeros((shape[0], shape[2]), dtype=bool)
        place = []
        for row in rows:
            index = tuple(rank[name][row[name]] for name in ("strategy", "year", "future", "village"))
            both[index[0], index[2]] = True
            place.append(np.ravel_multi_index(index, shape).astype(np.int32 if np.prod(shape) < 2**31 else np.int64))
        shared = both.all(axis=0)
        if not shared.any():
            raise ValueError(f"{table.folder}: 各策略没有共同的未来 / no future is shared by all strategies")
        futures = pd.MultiIndex.from_tuples(order["future"], names=["world", "seed"])
        codes = np.array(order["village"])
        towns = np.array([town_of[code] for code in order["village"]], dtype=object)
        years = [int(year) for year in order["year"]]
        return cls(order["strategy"], years, futures, shared, codes, towns, chosen, place, shape)


def which(keys: dict[str, tuple[np.ndarray, np.ndarray]], table: VillageTable) -> np.ndarray | None:
    """Rows of the start that counts and of the study's strategies; None where all are."""
    kept = [
        np.isin(keys[name][1], wanted)[keys[name][0]]
        for name, wanted in (("start", [table.start]), ("strategy", table.strategies))
    ]
    rows = kept[0] & kept[1]
    return None if rows.all() else np.flatnonzero(rows)


def numbered(codes: np.ndarray, names: list[Any], numbers: dict[Any, int]) -> np.ndarray:
    """Codes of one piece as numbers that hold in all of them; new names get the next number."""
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int32)[codes]


def encoded(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """A column as numbers and what they stand for."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    return whole.indices.to_numpy(), np.array(whole.dictionary.to_pylist())
