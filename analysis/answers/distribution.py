"""How an outcome of villages is spread, in any year: between the villages of one future, and between futures.

The two are told apart: villages differ within every future, and the mean of a group differs from future to future for
what nobody knows. Villages are drawn anew in each future, so a group is what villages have in common, or one key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.answers import Answer
from analysis.answers.kinds import class_name, kinds, thirds
from analysis.answers.telling import quoted, unit_name
from analysis.answers.winners import TOLERANCE, changes, in_one, labels, starting_values
from analysis.data.effects import INCOME, spread
from analysis.data.once import once
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour, label
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import MANY
from sim.problems import InputErrors, Problem, nearest

BY = ("all", "income_third", "kind", "town", "village")
"""Ways to group villages; `kind` is several at once."""
MOST_VILLAGES = 20_000
"""Villages times strategies that are told one by one."""
ENDS = (0.05, 0.95)
GROUP = ["strategy", "year", "by", "group", "villages", "n"]
COLUMNS = [*GROUP, "mean", "village_low", "village_high", "future_low", "future_high", "village_sd", "future_sd",
           "village_share"]  # fmt: skip
GAINS = [*GROUP, "gain", "same", "lose", "difference", "spread_low", "spread_high"]


def groups(results: Results, by: str) -> Iterator[tuple[str, str, np.ndarray]]:
    """How villages are grouped, name of the group, and which villages are in it in each future, `(F, V)`."""
    first = starting_values(results, INCOME)
    start = first.by_strategy[results.reference]
    if by == "all":
        yield by, "", np.ones(start.shape, dtype=bool)
    elif by in ("income_third", "kind"):
        sorted_by = kinds(results) if by == "kind" else {by: thirds(start)}
        for name, classes in sorted_by.items():
            for number in np.unique(classes):
                yield name, str(number), classes == number
    else:
        names = first.towns if by == "town" else np.array(labels(first.codes, first.towns))
        for name in dict.fromkeys(names):
            yield by, str(name), np.broadcast_to(names == name, start.shape)


@once
def table(results: Results, indicator: str = INCOME, year: int = 0, by: str = "all") -> pd.DataFrame:
    """Spread of an outcome by strategy and group of villages in one year (0: the last).

    `village_low` and `village_high` are the 5th and 95th percentile over the villages of one future, mean over futures;
    `future_low` and `future_high` the range of the group's mean in 90 of 100 futures; `village_share` the share of the
    variance that lies between villages. `n` futures have the group.
    """
    year = year or results.horizon
    values = results.village_values(indicator, year).by_strategy
    rows = [
        {"strategy": key, "year": year, "by": name, "group": group, **spreads(values[key], inside)}
        for name, group, inside in groups(results, by)
        for key in results.strategies
        if key in values
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def spreads(values: np.ndarray, inside: np.ndarray) -> dict[str, float]:
    """Mean and both spreads of the villages of a group; values and membership are `(F, V)`."""
    ever = inside.any(axis=0)
    values, inside = values[:, ever], inside[:, ever] & ~np.isnan(values[:, ever])
    values, inside = values[inside.any(axis=1)], inside[inside.any(axis=1)]
    if not len(values):
        return {"villages": 0.0, "n": 0}
    count = inside.sum(axis=1)
    means = np.where(inside, values, 0).sum(axis=1) / count
    within = np.where(inside, (values - means[:, None]) ** 2, 0).sum(axis=1) / count
    ordered = np.sort(np.where(inside, values, np.inf), axis=1)
    low, high = (quantile(ordered, count, end).mean() for end in ENDS)
    between, whole = means.var(), means.var() + within.mean()
    found = {"villages": count.mean(), "n": len(means), "mean": means.mean(), "village_low": low, "village_high": high}
    found["future_low"], found["future_high"] = spread(means)
    found |= {"village_sd": np.sqrt(within.mean()), "future_sd": np.sqrt(between)}
    return found | {"village_share": within.mean() / whole if whole > 0 else np.nan}


def quantile(ordered: np.ndarray, count: np.ndarray, share: float) -> np.ndarray:
    """Quantile of the first `count` values of each row, which are ascending, `(F,)`."""
    place = share * (count - 1)
    below = np.floor(place).astype(int)
    ends = np.stack([below, np.minimum(below + 1, count - 1)], axis=1)
    low, high = np.take_along_axis(ordered, ends, axis=1).T
    return low + (place - below) * (high - low)


def listed(results: Results) -> tuple[str, ...]:
    """Ways to group villages in long tables: one by one only where they are few enough to be read."""
    return BY if results.village_count * len(results.strategies) <= MOST_VILLAGES else BY[:-1]


@once
def whole(results: Results, column: str) -> pd.DataFrame:
    """One income: all villages and thirds by starting income in every year, all other groups at the horizon."""
    asked = [(year, by) for by in BY[:2] for year in results.village_years]
    asked += [(results.horizon, by) for by in listed(results)[2:]]
    return pd.concat([table(results, column, year, by) for year, by in asked], ignore_index=True)


@once
def gains(results: Results, column: str) -> pd.DataFrame:
    """Share of the villages of a group that gain, keep and lose income at the horizon, mean over futures."""
    villages, rows = results.village_values(column, results.horizon), []
    for name, group, inside in (found for by in listed(results) for found in groups(results, by)):
        count, ever = inside.sum(axis=1), inside.any(axis=0)
        met = count > 0
        for key, change in changes(results, villages):
            part, change = inside[met][:, ever], change[met][:, ever]
            mean = np.where(part, change, 0).sum(axis=1) / count[met]
            low, high = spread(mean)
            gain, lose = (part & (change > TOLERANCE)).sum(), (part & (change < -TOLERANCE)).sum()
            rows.append([key, results.horizon, name, group, count[met].mean(), len(mean), gain / part.sum(),
                         1 - (gain + lose) / part.sum(), lose / part.sum(), mean.mean(), low, high])  # fmt: skip
    return pd.DataFrame(rows, columns=GAINS)


def group_name(results: Results, by: str, group: str, words: Words) -> str:
    """Name of a group of villages; a village has the same key in both languages."""
    if by == "all":
        return words("who_all")
    if by == "town" and words.lang == "en":
        place = results.manifest.get("district", {}).get("map", {})
        return dict(zip(place.get("town_zh", []), place.get("town_en", []), strict=False)).get(group, group)
    if by in ("town", "village"):
        return group
    return words(f"class_home_{group}") if by == "income_third" else class_name(by, int(group), words)


@dataclass(frozen=True)
class Distribution:
    """An answer to what was asked of a village column, villages grouped `by` one of `BY`: a table and a picture."""

    results: Results
    indicator: str
    year: int
    by: str
    table: pd.DataFrame

    def title(self, words: Words) -> str:
        """What is shown, and how much of the spread lies between villages: under the reference if it is shown."""
        results, keys = self.results, list(self.table["strategy"])
        key = results.reference if results.reference in keys else keys[0]
        whole = table(results, self.indicator, self.year).set_index("strategy").loc[key]
        name = str(results.village_indicator(self.indicator).get(words.lang) or self.indicator)
        share, strategy = words.percent(whole["village_share"]), quoted(results, key, words)
        name = name[:1].upper() + name[1:]
        return words("title_distribution", indicator=name, year=self.year, strategy=strategy, share=share)

    def plot(self, language: str = "en") -> Figure:
        """Thin lines for villages of one future, thick ones for the mean in 90 of 100 futures, dots for the mean."""
        words, results = Words.of(self.results.manifest, style.figure_language(language)), self.results
        table = self.table[self.table["n"] > 0]
        keys = list(dict.fromkeys(table["strategy"]))
        names = list(dict.fromkeys(zip(table["by"], table["group"], strict=True)))
        with style.look():
            figure = Figure(figsize=(style.WIDTH, len(names) * (0.14 * len(keys) + 0.12) + 1.3), layout="constrained")
            axes = figure.subplots()
            for row in table.to_dict("records"):
                hue, line = colour(results, row["strategy"]), keys.index(row["strategy"])
                place = [names.index((row["by"], row["group"])) + 0.8 * ((line + 0.5) / len(keys) - 0.5)] * 2
                axes.plot([row["village_low"], row["village_high"]], place, color=hue, linewidth=1)
                axes.plot([row["future_low"], row["future_high"]], place, color=hue, linewidth=4, alpha=0.5)
                axes.plot(row["mean"], place[0], "o", color=hue, markersize=3.5)
            texts = [style.wrap(group_name(results, *name, words), 24) for name in names]
            axes.set_yticks(range(len(names)), texts)
            axes.set_ylim(len(names) - 0.5, -0.5)
            unit = unit_name(results.village_indicator(self.indicator).get("unit") or "0–1", words)
            axes.set_xlabel(words("axis_distribution", unit=unit))
            axes.grid(axis="x")
            marks = [Line2D([], [], color=colour(results, key), marker="o", linewidth=0, markersize=5) for key in keys]
            texts = [label(results, key, words, 40) for key in keys]
            axes.legend(marks, texts, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False, fontsize=8)
            note = "note_distribution" if results.village_sample >= MANY else "note_distribution_few"
            told = {"x": 0.005, "ha": "left", "linespacing": 1.4}
            figure.suptitle(style.wrap(style.clean(self.title(words), words.lang), 92), fontsize=11.5, **told)
            figure.supxlabel(
                style.wrap(words(note, n=results.village_sample), 140), fontsize=7.5, color=style.FAINT, **told
            )
        return figure


def ask(
    results: Results, year: int | None = None, strategies: Sequence[str] | None = None, indicator: str = INCOME,
    by: str = "all",
) -> Distribution:  # fmt: skip
    """The distribution asked for, of some strategies (all unless named) in one year (the last unless named).

    Raises:
        InputErrors: no villages were stored, or no such year, strategy, indicator or way to group.
    """
    if not results.has_villages():
        zh, en = "没有保存逐村结果（detail=district）", "villages were not stored (detail=district)"
        raise InputErrors([Problem(zh, en, file=str(results.folder))])
    strategies, year = list(strategies or results.strategies), results.horizon if year is None else year
    asked = [("strategy", strategies, results.strategies), ("year", [year], results.village_years),
             ("indicator", [indicator], results.village_table.names), ("by", [by], list(BY))]  # fmt: skip
    problems = [
        Problem("没有这一项", "no such thing", field=name, value=str(value),
                allowed=", ".join(map(str, known)), nearest=nearest(str(value), [str(item) for item in known]))
        for name, values, known in asked for value in values if value not in known
    ]  # fmt: skip
    if problems:
        raise InputErrors(problems)
    found = table(results, indicator, year, by)
    if not found["n"].any():
        zh, en = "这一年没有这个指标", "this indicator is not defined in that year"
        raise InputErrors([Problem(zh, en, field="year", value=f"{indicator} {year}")])
    found = found[found["strategy"].isin(strategies)].reset_index(drop=True)
    return Distribution(results, indicator, year, by, found)


ANSWERS = (
    Answer("distribution", partial(in_one, table=whole), needs_villages=True, compares=False, sheet="distribution"),
    Answer("gains", partial(in_one, table=gains), needs_villages=True, sheet="gains"),
)
