"""Fan charts: how an indicator moves over the years, and how far from the reference."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.answers import Answer, Picture, telling
from analysis.data.effects import HEADLINE
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour, in_a_line, indicator_name, label, most_changed, policies_drawn
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import MANY

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
INDICATORS = (*HEADLINE, "villages_aim_operating", "participation")
LEVEL_UNKNOWN = ("participation",)


def bands(values: pd.DataFrame) -> pd.DataFrame:
    """Quantiles over futures by year, the outermost being the extremes where futures are few."""
    table = pd.DataFrame(np.quantile(values.to_numpy(), SHARES, axis=0), index=SHARES, columns=values.columns)
    if len(values) < MANY:
        table.loc[SHARES[0]], table.loc[SHARES[-1]] = values.min(), values.max()
    return table


def data(results: Results, indicator: str) -> pd.DataFrame:
    """Quantiles of level and difference by strategy and year."""
    frames = []
    for key in results.strategies:
        parts = {"level": results.values(key, indicator).dropna()}
        if key != results.reference:
            parts["difference"] = results.paired(key, indicator).dropna()
        for what, values in parts.items():
            if not (what == "level" and indicator in LEVEL_UNKNOWN):
                table = bands(values).T.rename_axis("year").reset_index()
                table.columns = ["year", "p5", "p25", "p50", "p75", "p95"]
                frames.append(table.assign(strategy=key, what=what))
    columns = ["strategy", "what", "year", "p5", "p25", "p50", "p75", "p95"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def fan(axes: Axes, values: pd.DataFrame, hue: str, scale: float) -> None:
    """Draw the 90 and 50 % bands and the middle future."""
    table = bands(values) * scale
    years = table.columns.to_numpy(dtype=float)
    axes.fill_between(years, table.loc[0.05], table.loc[0.95], color=hue, alpha=0.18, linewidth=0)
    axes.fill_between(years, table.loc[0.25], table.loc[0.75], color=hue, alpha=0.32, linewidth=0)
    axes.plot(years, table.loc[0.5], color=hue, linewidth=1.8, solid_capstyle="round")


def rows_of(results: Results, indicator: str) -> list[str]:
    """Which rows the figure has: levels (unless no level is known) and differences."""
    rows = [] if indicator in LEVEL_UNKNOWN else ["level"]
    return rows + (["difference"] if results.others else [])


def draw(results: Results, words: Words, indicator: str) -> Figure:
    """One column per strategy; levels above with the reference as a grey line, differences below."""
    rows = rows_of(results, indicator)
    keys = results.strategies if "level" in rows else policies_drawn(results)
    keys = most_changed(results, keys, indicator)
    columns = in_a_line(len(keys))
    blocks = [keys[start : start + columns] for start in range(0, len(keys), columns)]
    width = style.WIDTH if columns > 2 else 2.6 + 2.6 * columns
    height = 2.25 if len(blocks) == 1 else 1.2
    figure = Figure(figsize=(width, height * len(rows) * len(blocks) + 0.5), layout="constrained")
    grid = figure.subplots(len(rows) * len(blocks), columns, sharey="row", squeeze=False)
    scale, _digits = words.scale(kind_of(indicator))
    for number, block in enumerate(blocks):
        for column in range(columns):
            for row, what in enumerate(rows):
                axes = grid[number * len(rows) + row, column]
                if column >= len(block):
                    axes.set_axis_off()
                    continue
                panel(axes, results, words, (indicator, block[column], what), scale)
                if row == 0:
                    title = label(results, block[column], words, int(width * 12.5 / columns))
                    axes.set_title(title, fontsize=8.5, linespacing=1.3, color=colour(results, block[column]))
                if column == 0:
                    shown = "axis_level" if what == "level" else "axis_difference_short"
                    axes.set_ylabel(words(shown, unit=words.unit(kind_of(indicator))))
    link(grid, rows, len(blocks), kind_of(indicator) == "villages")
    return figure


def link(grid: np.ndarray, rows: list[str], blocks: int, whole: bool) -> None:
    """Give rows of the same kind the same range, so that strategies compare across lines."""
    for row in range(len(rows)):
        same = [axes for block in range(blocks) for axes in grid[block * len(rows) + row] if axes.axison]
        low = min(axes.get_ylim()[0] for axes in same)
        high = max(axes.get_ylim()[1] for axes in same)
        if whole and high - low < 2:
            low, high = low - 1, high + 1
        for axes in same:
            axes.set_ylim(low, high)
            style.numbers(axes.yaxis, whole=whole)


def panel(axes: Axes, results: Results, words: Words, what: tuple[str, str, str], scale: float) -> None:
    """One strategy's levels or differences."""
    indicator, key, kind = what
    hue = colour(results, key)
    if kind == "level":
        fan(axes, results.values(key, indicator).dropna(), hue, scale)
        if key != results.reference:
            middle = results.values(results.reference, indicator).median()
            axes.plot(middle.index, middle * scale, color=style.REFERENCE, linewidth=1.1, linestyle=(0, (4, 2)))
    elif key == results.reference:
        style.zero(axes, vertical=False)
        axes.text(0.5, 0.9, words("is_reference"), transform=axes.transAxes, ha="center", color=style.FAINT, fontsize=8)
    else:
        style.zero(axes, vertical=False)
        fan(axes, results.paired(key, indicator).dropna(), hue, scale)
    axes.grid(axis="y")
    years = results.years
    axes.set_xlim(years[0], max(years[-1], years[0] + 1))
    ticks = [years[0], years[len(years) // 2], years[-1]] if len(years) > 4 else years
    axes.set_xticks(list(dict.fromkeys(ticks)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _position: f"{year:.0f}"))
    sides: list[Any] = ["left", *["center"] * (len(axes.get_xticks()) - 2), "right"]
    for tick, side in zip(axes.get_xticklabels(), sides, strict=False):
        tick.set_horizontalalignment(side)


def answer(indicator: str) -> Answer:
    """How one indicator moves."""

    def possible(results: Results) -> bool:
        return results.has(indicator) and results.has_one_reference and bool(rows_of(results, indicator))

    def title(results: Results, words: Words) -> str:
        return telling.compare_all(results, words, indicator, indicator_name(results, indicator, words))

    unknown = indicator in LEVEL_UNKNOWN
    note = "note_fan_difference" if unknown else "note_fan"
    picture = Picture(partial(draw, indicator=indicator), title, note, indicator, leaves_out_none=unknown)
    return Answer(f"fan_{indicator}", partial(data, indicator=indicator), possible, compares=False, picture=picture)


ANSWERS = tuple(answer(indicator) for indicator in INDICATORS)
