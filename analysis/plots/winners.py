"""Which share of villages gains and loses, and by starting income."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import describe
from analysis.distribution import TIERS
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, in_a_line, label, most_changed, strategy_axis

DRAWN_BY = "income_operating_mean"
GAIN, SAME, LOSE = "#3d8f86", "#e6e8ea", "#c77d4f"


def data(findings: Findings) -> pd.DataFrame:
    """Winners and losers by both measures."""
    frames = [table.assign(measure=measure) for measure, table in findings.winners.items()]
    return pd.concat(frames, ignore_index=True)


def draw(findings: Findings, words: Words) -> Figure:
    """Stacked bars: losers at the left, winners at the right, one panel per measure."""
    keys = findings.results.others
    figure = Figure(figsize=(style.WIDTH, 0.5 * len(keys) + 1.1), layout="constrained")
    panels = figure.subplots(1, len(findings.winners), sharey=True, squeeze=False)[0]
    for axes, (measure, table) in zip(panels, findings.winners.items(), strict=True):
        panel(axes, table, keys, words)
        axes.set_title(words(f"measure_{measure}"), pad=16)
    strategy_axis(panels[0], findings, keys, words)
    for axes in panels[1:]:
        axes.spines["left"].set_visible(False)
    return figure


def panel(axes: Axes, table: pd.DataFrame, keys: list[str], words: Words) -> None:
    """One income measure."""
    for _, row in table.iterrows():
        position, left = keys.index(row["strategy"]), 0.0
        for part, hue in (("lose", LOSE), ("same", SAME), ("gain", GAIN)):
            axes.barh(position, row[part], left=left, color=hue, height=0.6, linewidth=0)
            if row[part] >= 0.08:
                ink = style.INK if part == "same" else "white"
                text = words.percent(row[part])
                axes.text(left + row[part] / 2, position, text, ha="center", va="center", fontsize=8, color=ink)
            left += row[part]
    for place, part, hue, side in (
        (0, "lose", LOSE, "left"),
        (0.5, "same", style.FAINT, "center"),
        (1, "gain", GAIN, "right"),
    ):
        axes.annotate(
            words(part), (place, 1), (0, 3), xycoords="axes fraction", textcoords="offset points",
            fontsize=8, color=hue, ha=side, va="bottom",
        )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.spines["bottom"].set_visible(False)


def tier_name(number: int, words: Words) -> str:
    """Name of a class of starting income."""
    if number < 0:
        return words("tier_zero")
    if number == len(TIERS) - 1:
        return words("tier_top", low=f"{TIERS[number]:g}")
    return words("tier", low=f"{TIERS[number]:g}", high=f"{TIERS[number + 1]:g}")


def draw_tiers(findings: Findings, words: Words) -> Figure:
    """Mean difference by starting income, one panel per strategy."""
    keys, table = most_changed(findings, findings.results.others, DRAWN_BY), findings.tiers
    numbers = sorted(table["tier"].unique())
    columns = in_a_line(len(keys))
    lines = -(-len(keys) // columns)
    width = style.WIDTH if columns > 2 else 3 + 2.2 * columns
    figure = Figure(figsize=(width, lines * (0.3 * len(numbers) + 1.1)), layout="constrained")
    grid = figure.subplots(lines, columns, sharey=True, sharex=True, squeeze=False)
    for axes, key in zip(grid.flat, keys, strict=False):
        style.zero(axes, vertical=True)
        for _, row in table[table["strategy"] == key].iterrows():
            hue, position = colour(findings, key), numbers.index(row["tier"])
            axes.plot([row["low"], row["high"]], [position] * 2, color=hue, linewidth=1.2)
            axes.plot(row["difference"], position, "o", color=hue, markersize=5)
        axes.set_title(
            label(findings, key, words, int(width * 12.5 / columns)),
            color=colour(findings, key),
            fontsize=8.5,
        )
        axes.set_yticks(range(len(numbers)), [tier_name(number, words) for number in numbers])
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
    for axes in list(grid.flat)[len(keys) :]:
        axes.set_axis_off()
    grid[0, 0].set_ylim(-0.6, len(numbers) - 0.4)
    grid[0, 0].set_ylabel(words("axis_tier"))
    figure.supxlabel(words("axis_difference", unit=words.unit("income")), fontsize=8.5, color=style.FAINT)
    return figure


def possible(findings: Findings) -> bool:
    """Whether there are villages and something to compare."""
    return findings.results.has_villages() and bool(findings.results.others)


PLOTS = [
    Plot("winners", "distribution", possible, draw, describe.title_winners, data, "note_winners"),
    Plot(
        "by_starting_income",
        "distribution",
        possible,
        draw_tiers,
        describe.title_tiers,
        lambda findings: findings.tiers,
        "note_tiers",
        DRAWN_BY,
    ),
]
