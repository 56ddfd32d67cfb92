"""Effects at a glance: spread as a thin line, precision as a thick one."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.answers import Answer, Picture, telling
from analysis.data import effects
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour, indicator_name, strategy_axis
from analysis.sentences.catalogue import Words, kind_of

SHOWN = (
    *effects.HEADLINE, "participation", "villages_aim_operating", "villages_10_operating",
    "public_cost_discounted",
)  # fmt: skip
COLUMNS = 3


def data(results: Results) -> pd.DataFrame:
    """The rows of the effects table that are drawn, at the horizon."""
    table = effects.table(results)
    table = table[table["indicator"].isin(SHOWN) & (table["year"] == results.horizon)]
    names = ["strategy", "indicator", "difference", "spread_low", "spread_high", "precision_low", "precision_high"]
    return table[[*names, "share_better", "n", "verdict"]].reset_index(drop=True)


def draw(results: Results, words: Words, indicators: tuple[str, ...] = SHOWN) -> Figure:
    """One panel per indicator, one line per strategy."""
    table = data(results)
    shown = [name for name in indicators if name in set(table["indicator"])]
    keys = results.others
    lines = -(-len(shown) // COLUMNS)
    figure = Figure(figsize=(style.WIDTH, (0.42 * len(keys) + 1.0) * lines), layout="constrained")
    grid = figure.subplots(lines, COLUMNS, squeeze=False, sharey=True)
    for axes, indicator in zip(grid.flat, shown, strict=False):
        panel(axes, results, words, table[table["indicator"] == indicator])
        unit = words.unit(kind_of(indicator))
        axes.set_title(style.wrap(indicator_name(results, indicator, words), 34))
        axes.set_xlabel(words("axis_difference_short", unit=unit))
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_axis_off()
    for axes in grid.flat:
        axes.spines["left"].set_visible(False)
    for axes in grid[:, 0]:
        strategy_axis(axes, results, keys, words)
    return figure


def panel(axes: Axes, results: Results, words: Words, table: pd.DataFrame) -> None:
    """One indicator: a thin line for the spread, a thick one for the precision, a dot for the mean."""
    style.zero(axes, vertical=True)
    for _, row in table.iterrows():
        scale, _digits = words.scale(kind_of(row["indicator"]))
        position = results.others.index(row["strategy"])
        hue = colour(results, row["strategy"])
        axes.plot([row["spread_low"] * scale, row["spread_high"] * scale], [position] * 2, color=hue, linewidth=1.2)
        if row["n"] > 1:
            low, high = row["precision_low"] * scale, row["precision_high"] * scale
            axes.plot([low, high], [position] * 2, color=hue, linewidth=5, alpha=0.55, solid_capstyle="butt")
        filled = row["verdict"] in {"higher", "lower"}
        axes.plot(row["difference"] * scale, position, "o", color=hue, markersize=5.5, mfc=hue if filled else "white")
    axes.grid(axis="x")
    style.numbers(axes.xaxis, 4)
    axes.margins(x=0.08)


def title(results: Results, words: Words) -> str:
    """Effects at a glance: how many strategies can be told apart."""
    return telling.compare_income(results, words)


ANSWERS = (
    Answer("effects", effects.table, sheet="effects"),
    *(
        Answer(name, data, lambda results: len(data(results)) > 0, picture=Picture(how, title, "note_forest"))
        for name, how in (("forest", draw), ("brief", partial(draw, indicators=SHOWN[:COLUMNS])))
    ),
)
