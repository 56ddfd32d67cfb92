"""From the runs of counties to those of their province, as each indicator declares (`Indicator.over_districts`).

A slice is any set of whole runs of all counties, for example one batch of futures: nothing larger need be held at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.indicator import NONE, SUM, VILLAGES, Indicator
from sim.indicators import INDICATORS

if TYPE_CHECKING:
    from scenarios.province import Province

COUNTY = "county"
KEYS = ("strategy", "start", "world", "seed", "year")
"""What names a row of the province's table."""


def province_indicators(indicators: Mapping[str, Indicator] = INDICATORS) -> dict[str, Indicator]:
    """Indicators that a province has: all but quantiles and the like, which counties' values do not tell."""
    return {name: item for name, item in indicators.items() if item.over_districts != NONE}


def describe_province(province: Province) -> dict[str, Any]:
    """What a manifest says of a province in the place of a district; it has no map and is marked as synthetic."""
    return {
        "key": province.key,
        "zh": province.zh,
        "en": province.en,
        "synthetic": True,
        "counties": len(province.counties),
        "counties_left_out": province.left_out,
        "template": province.template,
        "villages_of_county": province.villages_of,
        "villages": province.villages,
        "towns": province.towns,
        "clusters": province.clusters,
        "fingerprint": province.fingerprint,
        "facts": province.facts,
        "given_columns": [],
        "recommendations": [],
    }


def province_table(
    counties: pa.Table, villages_of: Mapping[str, int], indicators: Mapping[str, Indicator] = INDICATORS
) -> pa.Table:
    """The province's rows of one slice of runs.

    Sums are sums; a mean over villages is weighted by villages, and a share by what it is a share of, so that both are
    exact. A value that any county lacks is null; a run that any county lacks (it failed there) is left out. Counties
    are added in the order of `villages_of`, whatever the order of the rows: the numbers do not depend on it.

    Args:
        counties: wide rows of the counties: `county`, the keys, one column per indicator.
        villages_of: number of villages by county; all that make up the province.
        indicators: what may be among the columns.

    Returns:
        Wide rows of the province, runs in the order in which they come first, years ascending, without `county`.

    Raises:
        ValueError: a county that is none of the province's, or a row that stands twice.
    """
    present = [name for name in province_indicators(indicators) if name in counties.column_names]
    place, row, first = _places(counties, list(villages_of))
    rows = len(first)
    values: dict[str, np.ndarray] = {}
    villages = np.array(list(villages_of.values()), dtype=np.float64)[:, None]

    def by_county(name: str) -> np.ndarray:
        if name not in values:
            values[name] = np.full((len(villages_of), rows), np.nan)
            values[name][place, row] = counties.column(name).to_numpy(zero_copy_only=False)
        return values[name]

    def over(name: str) -> np.ndarray:
        how = indicators[name].over_districts
        if how == SUM:
            return added(by_county(name))
        return weighted_mean(by_county(name), villages if how == VILLAGES else by_county(how))

    complete = np.bincount(row, minlength=rows) == len(villages_of)
    whole = pa.array(complete)
    keys = counties.select(list(KEYS)).take(pa.array(first))
    columns = {name: pa.array(over(name), from_pandas=True) for name in present}
    return pa.table({**{name: keys.column(name) for name in KEYS}, **columns}).filter(whole)


def added(values: np.ndarray) -> np.ndarray:
    """Sum over counties `(C, n)`, one county after the other, `(n,)`."""
    total = values[0].copy()
    for row in values[1:]:
        total += row
    return total


def weighted_mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean over counties of `(C, n)` with weights `(C, n)` or `(C, 1)`, `(n,)`; the first county's where none counts.

    It is written as the first county's value and the mean distance from it: one county is itself to the last digit.
    """
    weights = np.broadcast_to(weights, values.shape)
    distance, total = added(weights * (values - values[0])), added(weights)
    return values[0] + np.divide(distance, total, out=distance * 0.0, where=total > 0)


def _places(counties: pa.Table, names: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number of the county and number of the province's row of each row, and where each of these comes first."""
    county = pd.Index(names).get_indexer(counties.column(COUNTY).to_pandas().astype(str))
    if (county < 0).any():
        raise ValueError("a county that is none of the province's")
    keys = pd.MultiIndex.from_frame(counties.select(list(KEYS)).to_pandas().astype({"strategy": str, "start": str}))
    row, distinct = pd.factorize(keys)
    if len(distinct) * len(names) < len(row) or pd.Index(row * len(names) + county).has_duplicates:
        raise ValueError("a run of a county stands twice")
    first = np.full(len(distinct), len(row))
    np.minimum.at(first, row, np.arange(len(row)))
    return county, row.astype(np.int64), first
