"""What a batch leaves, as tables: its runs, its villages; and the worlds of a study. Columns carry unit and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from experiments.study import Batch, Study
from sim.engine import BatchResult
from sim.futures import Futures
from sim.village_indicators import VILLAGE_INDICATORS
from sim.world import DECLARED

KEYS = {
    "strategy": ("策略", "strategy"),
    "start": ("起始条件", "initial state"),
    "county": ("区县", "county"),
    "world": ("世界", "world"),
    "draw": ("抽取村级数据的世界", "world whose villages are met"),
    "seed": ("种子", "seed"),
    "year": ("年", "year"),
    "village": ("村", "village"),
    "town": ("镇", "town"),
}
"""Labels of the columns that say what a row is about."""


def labelled(table: pa.Table, declared: Mapping[str, Any]) -> pa.Table:
    """The same table; each column's field says its unit and its labels, `unit`, `zh` and `en`.

    Args:
        table: keys, and columns under names that are declared.
        declared: indicators or parameters by name.
    """

    def told(field: pa.Field) -> pa.Field:
        item = declared.get(field.name)
        zh, en = KEYS.get(field.name, (field.name, field.name)) if item is None else (item.zh, item.en)
        return field.with_metadata({"unit": "" if item is None else item.unit, "zh": zh, "en": en})

    schema = pa.schema([told(field) for field in table.schema], table.schema.metadata)
    return pa.Table.from_arrays(table.columns, schema=schema)


def run_table(batch: Batch, result: BatchResult) -> pa.Table:
    """Wide table of a batch: a row for each run and year, a column for each indicator; null where undefined."""
    run, year = (index.ravel() for index in np.indices((len(batch.futures), len(result.years))))
    return pa.table(
        {
            **_keys(batch, run),
            "year": pa.array(np.asarray(result.years, dtype=np.int32)[year]),
            **{
                name: pa.array(values.astype(np.float64).ravel(), from_pandas=True)
                for name, values in result.indicators.items()
            },
        }
    )


def village_table(batch: Batch, result: BatchResult) -> pa.Table:
    """Wide table of a batch: a row for each run, year and village."""
    district = batch.district
    shape = (len(batch.futures), len(result.years), district.villages)
    run, year, village = (index.ravel() for index in np.indices(shape))
    table = pa.table(
        {
            **_keys(batch, run),
            "year": pa.array(np.asarray(result.years, dtype=np.int32)[year]),
            "village": _category(village, [str(code) for code in district.village_code]),
            "town": _category(np.asarray(district.town_of)[village], list(district.town_name)),
            **{name: pa.array(values.ravel()) for name, values in result.villages.items()},
        }
    )
    return labelled(table, VILLAGE_INDICATORS)


def world_table(study: Study, futures: Futures | None = None) -> pa.Table:
    """Wide table of the worlds met: a row for each, a column for each parameter; the values in force, fixed ones too.

    A parameter that strategies hold at values of their own is none of a world and left out.

    `draw` is the world whose village columns are met: another than `world` where a design crosses values with worlds.

    Args:
        study: what was run.
        futures: those that were run; all of the study's where none are given.
    """
    met = (study.futures if futures is None else futures).one_each()
    numbers = {"world": met.worlds.astype(np.int32), "draw": met.draws.astype(np.int32)}
    values = met.parameters()
    own = {name: column for name, column in values.items() if name not in study.held_apart}
    return labelled(pa.table({**numbers, **own}), DECLARED)


def _keys(batch: Batch, run: np.ndarray) -> dict[str, pa.Array]:
    same = np.zeros(len(run), dtype=np.int32)
    return {
        "strategy": _category(same, [batch.strategy.key]),
        "start": _category(same, [batch.start]),
        "world": pa.array(batch.futures.worlds[run].astype(np.int32)),
        "seed": pa.array(batch.futures.seeds[run].astype(np.int64)),
    }


def _category(codes: np.ndarray, names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names, type=pa.string()))
