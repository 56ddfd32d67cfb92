"""What a figure of the report consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style

MOST_DRAWN = 8
"""Strategies besides the reference that a figure with a panel or a line for each holds."""


@dataclass(frozen=True)
class Plot:
    """One figure: when it can be drawn, how, what it says and the numbers beneath.

    Attributes:
        name: file name without language and ending.
        section: id of the report section it belongs to.
        possible: whether the study has what it needs.
        draw: makes the figure, without title and foot.
        title: the finding in one sentence.
        data: the numbers of the figure as a table.
        note: id of the sentence that says how to read it.
        drawn_by: where strategies are many, the figure shows those that change this indicator most; empty: all.
    """

    name: str
    section: str
    possible: Callable[[Findings], bool]
    draw: Callable[[Findings, Words], Figure]
    title: Callable[[Findings, Words], str]
    data: Callable[[Findings], pd.DataFrame]
    note: str
    drawn_by: str = ""


def label(findings: Findings, key: str, words: Words, columns: int = 16) -> str:
    """Name of a strategy, broken into lines."""
    return style.wrap(style.clean(findings.results.short_name(key, words.lang) or key, words.lang) or key, columns)


def colour(findings: Findings, key: str) -> str:
    """The one colour of a strategy."""
    return style.colour(key, findings.results.reference, findings.results.strategies)


def strategy_axis(axes: Axes, findings: Findings, keys: list[str], words: Words, columns: int = 28) -> None:
    """One line of the figure per strategy, first on top, names in the strategies' colours."""
    axes.set_yticks(range(len(keys)), [label(findings, key, words, columns) for key in keys])
    for tick, key in zip(axes.get_yticklabels(), keys, strict=True):
        tick.set_color(colour(findings, key))
        tick.set_fontsize(8.5)
        tick.set_linespacing(1.3)
    axes.set_ylim(len(keys) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)


def indicator_name(findings: Findings, name: str, words: Words) -> str:
    """Short name of an indicator: the catalogue's, else the manifest's."""
    if words.has(f"indicator_{name}"):
        return words(f"indicator_{name}")
    return str(findings.results.indicator(name).get(words.lang) or name.replace("_", " "))


def legend(figure: Figure, findings: Findings, keys: list[str], words: Words, dots: bool = True) -> None:
    """Names of strategies in their colours above the figure, in as many lines as they need."""
    names = [label(findings, key, words, 80) for key in keys]
    widest = max(style.width_of(name) for name in names)
    columns = max(1, min(len(keys), int(figure.get_figwidth() * 14.5 / (widest + 5))))
    marks = [
        Line2D(
            [], [], color=colour(findings, key), marker="o" if dots else "", linewidth=0 if dots else 2, markersize=5
        )
        for key in keys
    ]
    outside_legend(figure, marks, names, columns, dots)


def outside_legend(figure: Figure, marks: list[Any], names: list[str], columns: int, dots: bool = False) -> None:
    """A legend above the panels; the layout makes room for it."""
    figure.legend(
        marks,
        names,
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        fontsize=8,
        labelcolor="linecolor" if dots or all(isinstance(mark, Line2D) for mark in marks) else style.INK,
        handletextpad=0.3 if dots else 0.6,
        handlelength=1.2,
        columnspacing=1.4,
    )


def in_a_line(number: int, most: int = 4) -> int:
    """How many of `number` panels stand in a line so that the lines are as full as can be; five still fit on one."""
    if number <= most + 1:
        return number
    return -(-number // -(-number // most))


def panels(figure_height: float, number: int, most: int = 4, **options: Any) -> tuple[Figure, list[Axes], int]:
    """A figure with a panel for each of `number` things, at most `most` in a line; unused places stay empty.

    Args:
        figure_height: height of one line of panels in inches.
        number: panels.
        most: panels in a line.
        options: passed to `Figure.subplots`.

    Returns:
        The figure, its panels in reading order, panels in a line.
    """
    columns = in_a_line(number, most)
    lines = -(-number // columns)
    width = style.WIDTH if columns > 2 else 2.6 + 2.4 * columns
    figure = Figure(figsize=(width, figure_height * lines + 0.3), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, **options)
    found = list(grid.flat)
    for axes in found[number:]:
        axes.set_axis_off()
    return figure, found[:number], columns


def panel_title(axes: Axes, findings: Findings, key: str, words: Words, columns: int) -> None:
    """Name of a strategy above its panel, in its colour."""
    width = int(axes.get_figure().get_figwidth() * 12.5 / columns)  # type: ignore[union-attr]
    name = label(findings, key, words, width)
    axes.set_title(name, fontsize=8.5, linespacing=1.3, color=colour(findings, key))


def most_changed(findings: Findings, keys: list[str], indicator: str) -> list[str]:
    """These strategies; where they are many, the reference and those that change an indicator most, in their order."""
    results = findings.results
    others = [key for key in keys if key != results.reference]
    if len(others) <= MOST_DRAWN:
        return keys
    size = {key: change_size(findings, key, indicator) for key in others}
    kept = sorted(others, key=lambda key: -size[key])[:MOST_DRAWN]
    return [key for key in keys if key in kept or key == results.reference]


def change_size(findings: Findings, key: str, indicator: str) -> float:
    """How far a strategy moves an indicator at the horizon, either way; 0 where it is not defined."""
    results = findings.results
    row = findings.effect(key, indicator, results.horizon)
    if row is not None:
        return abs(float(row["difference"]))
    if not results.has(indicator):
        return 0.0
    change = results.paired(key, indicator)
    return abs(float(change[results.horizon].fillna(0).mean())) if results.horizon in change.columns else 0.0


def policies_drawn(findings: Findings) -> list[str]:
    """All strategies but the reference; no measures only where it is alone, for it would widen the scale too far."""
    others = [key for key in findings.results.others if key != "none"]
    return others or findings.results.others


def comparable(findings: Findings) -> bool:
    """Whether there are villages and something to compare them with."""
    return findings.results.has_villages() and bool(findings.results.others)
