"""The same money as plain grants: each policy against the straight line from the reference to the grants."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import describe
from analysis.findings import Findings
from analysis.labels.catalogue import Words, kind_of
from analysis.plots import style
from analysis.plots.base import Plot, colour, indicator_name, legend
from analysis.same_cost import answer, grants, policies

SHOWN = (
    "income_operating_mean",
    "income_profit_mean",
    "participation",
    "villages_10_operating",
    "villages_30_operating",
    "income_operating_gini",
)
MAIN = "income_operating_mean"


def possible(findings: Findings) -> bool:
    """Whether there are costs to compare; a study at equal cost needs no line."""
    return len(findings.same_cost) > 0 and not findings.results.equal_to


def data(findings: Findings) -> pd.DataFrame:
    """The table of equal money with the answer in one word."""
    table = findings.same_cost
    return table.assign(answer=[answer(row) for _, row in table.iterrows()]).drop(columns=["reason", "verdict"])


def title(findings: Findings, words: Words) -> str:
    """Which policies do more for mean operating income than the same money as grants."""
    table = findings.same_cost
    rows = table[table["indicator"] == MAIN]
    answers = {row["strategy"]: answer(row) for _, row in rows.iterrows()}
    return words("title_same_cost", parts=describe.grouped(findings, words, answers))


def draw(findings: Findings, words: Words) -> Figure:
    """Extra cost to the right, effect upwards; above the line a policy does more than grants for the money."""
    table = findings.same_cost
    shown = [name for name in SHOWN if name in set(table["indicator"])]
    columns = min(3, len(shown))
    lines = -(-len(shown) // columns)
    figure = Figure(figsize=(style.WIDTH, 2.6 * lines + 0.7), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharex=True)
    for axes, indicator in zip(grid.flat, shown, strict=False):
        panel(axes, findings, words, table[table["indicator"] == indicator])
        axes.set_title(style.wrap(indicator_name(findings, indicator, words), 36))
        axes.set_ylabel(words("axis_difference_short", unit=words.unit(kind_of(indicator))))
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_axis_off()
    figure.supxlabel(words("axis_plane_cost", unit=words("unit_money_large")), fontsize=8.5, color=style.FAINT)
    plain = grants(findings.results)
    keys = [findings.results.reference, *policies(findings.results), *([plain] if plain else [])]
    legend(figure, findings, keys, words)
    return figure


def panel(axes: Axes, findings: Findings, words: Words, table: pd.DataFrame) -> None:
    """One indicator: the line and a point with the interval of its mean for each policy."""
    results, factor = findings.results, large_factor(words)
    scale, _digits = words.scale(kind_of(table["indicator"].iloc[0]))
    plain, first = grants(results), table.iloc[0]
    style.zero(axes, vertical=False)
    axes.plot(0, 0, "o", color=style.REFERENCE, markersize=6, zorder=3)
    if plain and pd.notna(first["grants_cost"]):
        cost, effect = first["grants_cost"] * factor, first["grants_effect"] * scale
        hue = colour(findings, plain)
        axes.plot([0, cost], [0, effect], color=hue, linewidth=1.1, zorder=2)
        axes.plot([cost, 1.25 * cost], [effect, 1.25 * effect], color=hue, linewidth=0.9, linestyle=(0, (2, 3)))
        axes.plot(cost, effect, "s", color=hue, markersize=5.5, zorder=3)
    for _, row in table.iterrows():
        hue, place = colour(findings, row["strategy"]), row["extra_cost"] * factor
        if row["n"] > 1 or pd.notna(row["effect_low"]):
            ends = [row["effect_low"] * scale, row["effect_high"] * scale]
            axes.plot([place, place], ends, color=hue, linewidth=4, alpha=0.4, solid_capstyle="butt", zorder=4)
        clear = answer(row) in {"better", "worse"}
        axes.plot(place, row["effect"] * scale, "o", color=hue, markersize=6, mfc=hue if clear else "white", zorder=5)
    axes.grid()
    axes.margins(0.08)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(style.thousands())
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(style.thousands())


def large_factor(words: Words) -> float:
    """From 万元 to 亿元 in Chinese, to million yuan in English."""
    return 1e-4 if words.lang == "zh" else 1e-2


PLOTS = [
    Plot("same_cost", "same_cost", possible, draw, title, data, "note_same_cost"),
]
