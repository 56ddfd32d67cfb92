"""What figures are made of: names, colours, legends, panels."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.data import effects
from analysis.data.results import Results
from analysis.drawing import style
from analysis.sentences.catalogue import Words

MOST_DRAWN = 8
"""Strategies besides the reference that a figure with a panel or a line for each holds."""
LONGEST = 60
"""Half-width columns of a name in a legend."""


def label(results: Results, key: str, words: Words, columns: int = 16, lines: int = 2) -> str:
    """Name of a strategy, broken into lines; where it needs more of them, its middle is left out."""
    name = results.short_name(key, words.lang) or key
    kept = style.width_of(name)
    while True:
        text = style.wrap(style.clean(style.shorten(name, kept), words.lang) or key, columns)
        if text.count("\n") < lines or kept <= columns // 2:
            return text
        kept = min(kept, lines * columns) - 1


def colour(results: Results, key: str) -> str:
    """The one colour of a strategy."""
    return style.colour(key, results.reference, results.strategies)


def strategy_axis(axes: Axes, results: Results, keys: list[str], words: Words, columns: int = 28) -> None:
    """One line of the figure per strategy, first on top, names in the strategies' colours."""
    name_ticks(axes, results, keys, words, columns)
    axes.set_ylim(len(keys) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)


def name_ticks(
    axes: Axes, results: Results, keys: list[str], words: Words, columns: int, size: float = 8.5, spacing: float = 1.3
) -> None:
    """Names of strategies at the left, each in its colour."""
    axes.set_yticks(range(len(keys)), [label(results, key, words, columns) for key in keys])
    for tick, key in zip(axes.get_yticklabels(), keys, strict=True):
        tick.set(color=colour(results, key), fontsize=size, linespacing=spacing)


def indicator_name(results: Results, name: str, words: Words) -> str:
    """Short name of an indicator: the catalogue's, else the manifest's."""
    if words.has(f"indicator_{name}"):
        return words(f"indicator_{name}")
    return str(results.indicator(name).get(words.lang) or name.replace("_", " "))


def legend(figure: Figure, results: Results, keys: list[str], words: Words, dots: bool = True) -> None:
    """Names of strategies in their colours above the figure, in as many lines as they need."""
    names = [label(results, key, words, LONGEST, 1) for key in keys]
    widest = max(style.width_of(name) for name in names)
    columns = max(1, min(len(keys), int(figure.get_figwidth() * 14.5 / (widest + 5))))
    further = max(0, -(-len(keys) // columns) - 2)
    figure.set_figheight(figure.get_figheight() + 0.18 * further)  # for lines of names beyond two
    marks = [
        Line2D([], [], color=colour(results, key), marker="o" if dots else "", linewidth=0 if dots else 2, markersize=5)
        for key in keys
    ]
    outside_legend(figure, marks, names, columns, dots)


def outside_legend(figure: Figure, marks: list[Any], names: list[str], columns: int, dots: bool = False) -> None:
    """A legend above the panels; the layout makes room for it."""
    figure.legend(
        marks, names, loc="outside upper left", ncols=columns, frameon=False, fontsize=8,
        labelcolor="linecolor" if dots or all(isinstance(mark, Line2D) for mark in marks) else style.INK,
        handletextpad=0.3 if dots else 0.6, handlelength=1.2, columnspacing=1.4,
    )  # fmt: skip


def in_a_line(number: int, most: int = 4) -> int:
    """How many of `number` panels stand in a line so that the lines are as full as can be; five still fit on one."""
    if number <= most + 1:
        return number
    return -(-number // -(-number // most))


def most_changed(results: Results, keys: list[str], indicator: str) -> list[str]:
    """These strategies; where they are many, the reference and those that change an indicator most, in their order."""
    others = [key for key in keys if key != results.reference]
    if len(others) <= MOST_DRAWN:
        return keys
    size = {key: change_size(results, key, indicator) for key in others}
    kept = sorted(others, key=lambda key: -size[key])[:MOST_DRAWN]
    return [key for key in keys if key in kept or key == results.reference]


def change_size(results: Results, key: str, indicator: str) -> float:
    """How far a strategy moves an indicator at the horizon, either way; 0 where it is not defined."""
    row = effects.row(results, key, indicator, results.horizon)
    if row is not None:
        return abs(float(row["difference"]))
    if not results.has(indicator):
        return 0.0
    change = results.paired(key, indicator)
    return abs(float(change[results.horizon].fillna(0).mean())) if results.horizon in change.columns else 0.0


def policies_drawn(results: Results) -> list[str]:
    """All strategies but the reference; no measures only where it is alone, for it would widen the scale too far."""
    others = [key for key in results.others if key != "none"]
    return others or results.others
