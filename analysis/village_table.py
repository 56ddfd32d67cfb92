"""The village table of a study: every column is read once, into arrays strategies x years x futures x villages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

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
    def dataset(self) -> ds.Dataset:
        """All parts; rows come in the same order at every reading."""
        return ds.dataset(sorted(self.folder.glob("*.parquet")) if self.folder.is_dir() else self.folder)

    @property
    def names(self) -> list[str]:
        """Names of the columns that are stored, without keys."""
        return [name for name in self.dataset.schema.names if name not in KEYS]

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
        """Rows of some strategies and starts, with their keys."""
        wanted = pc.scalar(False)
        for strategy, start in blocks:
            wanted = wanted | ((ds.field("strategy") == strategy) & (ds.field("start") == start))
        if years is not None:
            wanted = wanted & ds.field("year").isin(list(years))
        return self.dataset.to_table(columns=[*KEYS, *columns], filter=wanted).to_pandas()

    def _hand_out(self, values: np.ndarray) -> VillageValues:
        layout = self.layout
        arrays = dict(zip(layout.strategies, values, strict=True))
        return VillageValues(layout.codes, layout.towns, layout.futures[layout.shared], arrays)


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
