"""Studies of a handful of numbers whose results are known by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis import StudyResults, load
from analysis.data.results import Results

INCOME, TURNOVER = "income_profit_mean", "income_operating_mean"
"""The measure that judges, and the one beside it."""
Values = dict[tuple[str, str], Any]


def study(values: Values, years: tuple[int, ...] = (2024,), starts: tuple[str, ...] = ("s",), **facts: Any) -> Results:
    """A study of what is given: by strategy and indicator, one value a future, or `(futures, years)`.

    The first strategy named is the reference. With several starts all hold the same values.
    """
    keys = list(dict.fromkeys(key for key, _ in values))
    frames = []
    for key in keys:
        own = {name: np.asarray(given, dtype=float) for (strategy, name), given in values.items() if strategy == key}
        own = {name: given[:, None] if given.ndim == 1 else given for name, given in own.items()}
        futures = len(next(iter(own.values())))
        columns = {name: np.broadcast_to(given, (futures, len(years))).ravel() for name, given in own.items()}
        worlds, told = np.repeat(np.arange(futures), len(years)), np.tile(years, futures)
        for start in starts:
            keyed = {"strategy": key, "start": start, "world": worlds, "seed": worlds, "year": told}
            frames.append(pd.DataFrame({**keyed, **columns}))
    manifest = {
        "strategies": [{"key": key, "zh": f"策略{key}", "en": f"Plan {key}"} for key in keys],
        "reference": keys[0], "start": starts[0], "start_year": 2024, "discount_rate": 0.1,
        "district": {"villages": 10, "facts": {"target_villages_30": 42}},
    }  # fmt: skip
    return StudyResults.of({**manifest, **facts}, pd.concat(frames, ignore_index=True))


def with_villages(folder: Path, given: Values, years: tuple[int, ...], towns: list[str] | None = None) -> Results:
    """A study on disk with its villages: by strategy and column `(futures, years, villages)`; means in the runs."""
    arrays = {key: np.asarray(values, dtype=float) for key, values in given.items()}
    runs = study({(key, f"{name}_mean"): values.mean(axis=2) for (key, name), values in arrays.items()}, years)
    number = next(iter(arrays.values())).shape[2]
    places = pd.DataFrame({"village": [f"v{place}" for place in range(number)], "town": towns or ["t"] * number})
    frames = []
    for key in dict.fromkeys(key for key, _ in arrays):
        own = {name: values for (strategy, name), values in arrays.items() if strategy == key}
        shape = next(iter(own.values())).shape
        world, year, place = (axis.ravel() for axis in np.indices(shape))
        keyed = {"strategy": key, "start": "s", "world": world, "seed": world, "year": np.array(years)[year]}
        columns = {name: values.ravel() for name, values in own.items()}
        frames.append(pd.DataFrame({**keyed, **places.iloc[place].to_dict("list"), **columns}))
    text = {name: "category" for name in ("strategy", "start", "village", "town")}
    (folder / "villages.parquet").mkdir()
    pd.concat(frames, ignore_index=True).astype(text).to_parquet(folder / "villages.parquet" / "0.parquet")
    runs.frame().to_parquet(folder / "runs.parquet")
    facts = {**runs.manifest, "district": {"villages": number}}
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    return load(folder)
