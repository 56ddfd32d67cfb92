"""What is left when a measure ends: the difference to never having had it, later, relative to that in the last year.

A study can tell where one strategy holds a lever up to a year and another is the same without that lever. The villages
are also told apart by the secretary's quality, above or below the median of the future, taken in the last year under
the strategy that never had the lever, so that the lever itself decides nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.answers import Answer, Picture
from analysis.data.effects import BY_VILLAGE, spread
from analysis.data.once import once
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import FEW

QUALITY = "manager_quality"
YEARS_AFTER = (3, 5)
LEAST = 0.1
"""万元 a village: a difference in the last year below this is no effect of which a part could be left."""
GROUPS = ("all", "high", "low")
COLUMNS = (
    "ended", "never", "lever", "end", "measure", "after", "group", "n", "small", "at_end", "later", "left", "left_low",
    "left_median", "left_high",
)  # fmt: skip


@dataclass(frozen=True)
class Withdrawal:
    """A lever last in force in the year `end` in one strategy, and absent from another that is otherwise the same."""

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


def measures(results: Results) -> list[str]:
    """Incomes that the study holds, profit first."""
    return [name for name in BY_VILLAGE if results.has(f"{BY_VILLAGE[name]}_mean")]


def path(results: Results, case: Withdrawal, measure: str) -> pd.DataFrame:
    """Difference to never having had the lever, by year: mean and range of the futures."""
    change = results.paired(case.ended, f"{BY_VILLAGE[measure]}_mean", case.never)
    rows = [(int(year), values.mean(), *spread(values.to_numpy())) for year, values in change.items()]
    return pd.DataFrame(rows, columns=["year", "mean", "low", "high"])


def groups(results: Results, case: Withdrawal, measure: str) -> dict[str, np.ndarray]:
    """Villages of each group, `(F, V)` of bool: all, and by the secretary's quality in the last year."""
    if not results.has_village_columns(BY_VILLAGE[measure], QUALITY):
        return {}
    quality = results.village_values(QUALITY, case.end).by_strategy[case.never]
    high = quality > np.median(quality, axis=1, keepdims=True)
    return {"high": high, "low": ~high}


def changes(results: Results, case: Withdrawal, measure: str, year: int) -> dict[str, np.ndarray]:
    """Mean difference in a year by group, a value per future."""
    column = BY_VILLAGE[measure]
    found = {"all": results.paired(case.ended, f"{column}_mean", case.never)[year].to_numpy()}
    inside = groups(results, case, measure)
    if inside:
        values = results.village_values(column, year).by_strategy
        change = values[case.ended] - values[case.never]
        found |= {name: np.where(mask, change, 0).sum(axis=1) / mask.sum(axis=1) for name, mask in inside.items()}
    return found


@once
def table(results: Results) -> pd.DataFrame:
    """Part of the difference that is left, by case, measure of income, years after and group.

    `left` is the ratio of the means over futures; the range and the median are of the ratios of single futures, without
    those (`small`) whose difference in the last year is below `LEAST`.
    """
    rows = []
    for case, measure in product(withdrawals(results), measures(results)):
        at_end = changes(results, case, measure, case.end)
        for after in YEARS_AFTER:
            if case.end + after > results.horizon:
                continue
            later = changes(results, case, measure, case.end + after)
            for group in (name for name in GROUPS if name in at_end):
                named = {"measure": measure, "after": after, "group": group, **vars(case)}
                rows.append(part_left(at_end[group], later[group]) | named)
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


MARKS = {"all": "o", "high": "^", "low": "v"}


def title(results: Results, words: Words) -> str:
    """The part that is left after the longest time, of each lever that ends, by profit and by turnover."""
    if results.n < FEW:
        return words("few_title", subject=words("withdrawal_subject"), n=results.n)
    left = table(results)
    left = left[left["group"] == "all"]
    parts = []
    for (_, lever, measure), rows in left.groupby(["ended", "lever", "measure"], sort=False):
        row = rows.iloc[-1]
        name, income = results.lever_name(str(lever), words.lang), words(f"short_{measure}")
        if pd.isna(row["left"]):
            parts.append(words("withdrawal_none", income=income, lever=name, end=int(row["end"])))
            continue
        span = words("span", low=words.percent(row["left_low"]), high=words.percent(row["left_high"]))
        parts.append(
            words("withdrawal_part", income=income, lever=name, end=int(row["end"]), after=int(row["after"]),
                  left=words.percent(row["left"]), span=span)
        )  # fmt: skip
    return words("title_withdrawal", parts=words("semicolon").join(parts))


def draw(results: Results, words: Words) -> Figure:
    """A line of panels for each lever that ends and each income: the difference by year, and what is left by group."""
    cases = [case for case in withdrawals(results) if case.ended in set(table(results)["ended"])]
    shown = list(product(cases, measures(results)))
    figure = Figure(figsize=(style.WIDTH, 2.5 * len(shown) + 0.3), layout="constrained")
    grid = figure.subplots(len(shown), 2, squeeze=False, width_ratios=[1.5, 1])
    for (left, right), (case, measure) in zip(grid, shown, strict=True):
        years(left, results, case, measure, words)
        parts(right, results, case, measure, words)
    return figure


def years(axes: Axes, results: Results, case: Withdrawal, measure: str, words: Words) -> None:
    """Difference to never having had the lever, and the year in which it ends."""
    course, hue = path(results, case, measure), colour(results, case.ended)
    axes.fill_between(course["year"], course["low"], course["high"], color=hue, alpha=0.2, linewidth=0)
    axes.plot(course["year"], course["mean"], color=hue, linewidth=1.8)
    style.zero(axes, vertical=False)
    axes.axvline(case.end, color=style.FAINT, linewidth=1, linestyle=(0, (3, 2)))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _position: f"{year:.0f}"))
    style.numbers(axes.yaxis)
    axes.set_ylabel(words("axis_difference_short", unit=words.unit("income")))
    name = style.clean(results.lever_name(case.lever, words.lang), words.lang)
    axes.set_title(
        style.wrap(words("withdrawal_years", income=words(f"measure_{measure}"), lever=name, end=case.end), 44)
    )
    axes.grid()


def parts(axes: Axes, results: Results, case: Withdrawal, measure: str, words: Words) -> None:
    """What is left after three and five years: all villages, and by the secretary's quality."""
    left = table(results)
    same = (left["ended"] == case.ended) & (left["lever"] == case.lever) & (left["measure"] == measure)
    rows = left[same].reset_index(drop=True)
    hue = colour(results, case.ended)
    for place, row in rows.iterrows():
        axes.plot([100 * row["left_low"], 100 * row["left_high"]], [place] * 2, color=hue, linewidth=1.6)
        axes.plot(100 * row["left"], place, MARKS[row["group"]], color=hue, markersize=6)
    names = [words(f"withdrawal_{row['group']}", after=int(row["after"])) for _, row in rows.iterrows()]
    axes.set_yticks(range(len(rows)), [style.wrap(name, 24) for name in names])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axvline(100, color=style.LINE, linewidth=1)
    style.zero(axes, vertical=True)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel(words("axis_withdrawal"))
    axes.grid(axis="x")


ANSWERS = (
    Answer(
        "withdrawal", table, lambda results: len(table(results)) > 0, picture=Picture(draw, title, "note_withdrawal")
    ),
)
