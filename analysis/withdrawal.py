"""What is left when a measure ends: the difference to never having had it, later, relative to that in the last year.

A study can tell where one strategy holds a lever up to a year and another is the same without that lever. The villages
are also told apart by the secretary's quality, above or below the median of the future, taken in the last year under
the strategy that never had the lever, so that the lever itself decides nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects import spread
from analysis.results import Results

INCOME, VILLAGE_INCOME, QUALITY = "income_operating_mean", "income_operating", "manager_quality"
YEARS_AFTER = (3, 5)
LEAST = 0.1
"""万元 a village: a difference in the last year below this is no effect of which a part could be left."""
GROUPS = ("all", "high", "low")
COLUMNS = (
    "ended", "never", "lever", "end", "after", "group", "n", "small", "at_end", "later", "left", "left_low",
    "left_median", "left_high",
)  # fmt: skip


@dataclass(frozen=True)
class Withdrawal:
    """One lever that ends in one strategy and is absent in another.

    Attributes:
        ended: key of the strategy in which it ends.
        never: key of the strategy that never holds it and is otherwise the same.
        lever: its key.
        end: last year in force.
    """

    ended: str
    never: str
    lever: str
    end: int


def withdrawals(results: Results) -> list[Withdrawal]:
    """All that the study can tell of, in its order; the first simulated year and the last are no end."""
    levers = {key: results.strategy(key).get("levers") or {} for key in results.strategies}
    found = []
    for ended, own in levers.items():
        for lever, settings in own.items():
            end = settings.get("end") if isinstance(settings, dict) else None
            if not isinstance(end, int) or not results.start_year <= end <= results.horizon - YEARS_AFTER[0]:
                continue
            rest = {key: value for key, value in own.items() if key != lever}
            same = [key for key, other in levers.items() if key != ended and other == rest]
            found += [Withdrawal(ended, never, lever, end) for never in same[:1]]
    return found


def path(results: Results, case: Withdrawal) -> pd.DataFrame:
    """Difference to never having had the lever, by year: mean and range of the futures."""
    change = results.paired(case.ended, INCOME, case.never)
    rows = [
        {"year": int(year), "mean": values.mean(), **dict(zip(("low", "high"), spread(values.to_numpy()), strict=True))}
        for year, values in change.items()
    ]
    return pd.DataFrame(rows)


def groups(results: Results, case: Withdrawal) -> dict[str, np.ndarray]:
    """Villages of each group, `(F, V)` of bool: all, and by the secretary's quality in the last year."""
    if not results.has_village_columns(VILLAGE_INCOME, QUALITY):
        return {}
    quality = results.village_values(QUALITY, case.end).by_strategy[case.never]
    high = quality > np.median(quality, axis=1, keepdims=True)
    return {"high": high, "low": ~high}


def changes(results: Results, case: Withdrawal, year: int) -> dict[str, np.ndarray]:
    """Mean difference in a year by group, a value per future."""
    found = {"all": results.paired(case.ended, INCOME, case.never)[year].to_numpy()}
    inside = groups(results, case)
    if inside:
        values = results.village_values(VILLAGE_INCOME, year).by_strategy
        change = values[case.ended] - values[case.never]
        found |= {name: np.where(mask, change, 0).sum(axis=1) / mask.sum(axis=1) for name, mask in inside.items()}
    return found


def table(results: Results) -> pd.DataFrame:
    """Part of the difference that is left, by case, years after and group.

    `left` is the ratio of the means over futures; the range and the median are of the ratios of single futures, without
    those (`small`) whose difference in the last year is below `LEAST`.
    """
    rows = []
    for case in withdrawals(results) if results.has(INCOME) else []:
        at_end = changes(results, case, case.end)
        for after in YEARS_AFTER:
            if case.end + after > results.horizon:
                continue
            later = changes(results, case, case.end + after)
            for group in (name for name in GROUPS if name in at_end):
                rows.append(part_left(at_end[group], later[group]) | {"after": after, "group": group, **vars(case)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def part_left(at_end: np.ndarray, later: np.ndarray) -> dict[str, float]:
    """What part of a difference is left later; not a number where there was none to begin with."""
    counts = at_end >= LEAST
    ratio = later[counts] / at_end[counts]
    low, high = spread(ratio) if len(ratio) else (float("nan"), float("nan"))
    return {
        "n": len(at_end), "small": int((~counts).sum()), "at_end": at_end.mean(), "later": later.mean(),
        "left": later.mean() / at_end.mean() if at_end.mean() >= LEAST else float("nan"),
        "left_low": low, "left_median": float(np.median(ratio)) if len(ratio) else float("nan"), "left_high": high,
    }  # fmt: skip
