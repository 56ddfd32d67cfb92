"""What `qiangcun verify` has found, and how trees and tables are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.provinces import COUNTY

FUTURE = ["world", "seed"]


@dataclass(frozen=True)
class Found:
    """One thing looked at.

    Attributes:
        agrees: whether it is as the manifest says; None where it could not be looked at.
        zh: what was seen, in Chinese.
        en: the same in English.
    """

    agrees: bool | None
    zh: str
    en: str


def outcome(found: Sequence[Found]) -> int:
    """Exit code: 0 all was looked at and agrees, 1 something differs, 3 something could not be looked at."""
    return 1 if any(one.agrees is False for one in found) else 3 if any(one.agrees is None for one in found) else 0


def found(same: bool, zh: str, en: str) -> Found:
    """That something agrees or differs."""
    return Found(same, f"{zh}：{'相符' if same else '不符'}", f"{en}: {'agrees' if same else 'differs'}")


def differing(one: Any, two: Any, path: str = "") -> Iterator[str]:
    """Where two trees of plain values differ; 1 and 1.0 are the same number, true is none."""
    if isinstance(one, dict) and isinstance(two, dict):
        for name in dict.fromkeys([*one, *two]):
            here = f"{path}.{name}".lstrip(".")
            if name in one and name in two:
                yield from differing(one[name], two[name], here)
            else:
                yield here
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for number, (left, right) in enumerate(zip(one, two, strict=True)):
            yield from differing(left, right, f"{path}[{number}]")
    elif one != two or isinstance(one, bool) != isinstance(two, bool):
        yield path


def same_table(one: pa.Table, two: pa.Table) -> bool:
    """Whether two tables hold the same columns and values, bit for bit; undefined is undefined."""
    if one.column_names != two.column_names or len(one) != len(two):
        return False
    left, right = one.to_pandas(), two.to_pandas()
    keys = [name for name in left if not pd.api.types.is_float_dtype(left[name])]
    same = all(left[name].astype(str).equals(right[name].astype(str)) for name in keys)
    values = [name for name in left if name not in keys]
    return same and np.array_equal(left[values].to_numpy(), right[values].to_numpy(), equal_nan=True)


def grouped(table: pa.Table, keys: list[str]) -> dict[tuple[int, int], pd.DataFrame]:
    """The rows of each run, by what names them within it."""
    frame = table.drop_columns(["strategy", "start", *({COUNTY} & {*table.column_names})]).to_pandas()
    frame = frame.astype({name: str for name in keys if name != "year"})
    return {run: rows.drop(columns=FUTURE).set_index(keys).sort_index() for run, rows in frame.groupby(FUTURE)}


def differences(run: str, then: pd.DataFrame | None, now: pd.DataFrame) -> Iterator[Found]:
    """A run's numbers that differ, the largest relative difference first."""
    if then is None or list(then.index) != list(now.index) or set(then.columns) != set(now.columns):
        yield Found(False, f"{run}：年份、村或指标不同", f"{run}: other years, villages or indicators")
        return
    names = list(now.columns)
    old, new = then[names].to_numpy(np.float64), now.to_numpy(np.float64)
    apart = np.abs(new - old) / np.maximum(np.abs(old), 1e-12)
    apart[np.isnan(old) & np.isnan(new)] = 0
    apart[np.isnan(apart)] = np.inf
    if not apart.any():
        return
    worst = np.argsort(-apart.max(axis=0), kind="stable")[:3]
    seen = []
    for place in worst[apart.max(axis=0)[worst] > 0]:
        row = int(np.argmax(apart[:, place]))
        label = then.index[row] if then.index.nlevels == 1 else " ".join(map(str, then.index[row]))
        seen.append(f"{names[place]} {label}: {float(old[row, place])!r} → {float(new[row, place])!r}")
    count = int(np.sum(apart.max(axis=0) > 0))
    yield Found(False, f"{run}：{count} 个指标不同，如 {'; '.join(seen)}",
                f"{run}: {count} indicators differ, such as {'; '.join(seen)}")  # fmt: skip
