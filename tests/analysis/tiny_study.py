"""Studies of a handful of numbers, in memory, whose findings are known by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.findings import Findings
from analysis.results import Results

INCOME = "income_operating_mean"
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
        "district": {"villages": 10},
    }  # fmt: skip
    return Results.of({**manifest, **facts}, pd.concat(frames, ignore_index=True))


def findings(values: Values, years: tuple[int, ...] = (2024,), **facts: Any) -> Findings:
    """Its findings."""
    return Findings(study(values, years, **facts))
