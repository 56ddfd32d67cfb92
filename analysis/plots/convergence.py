"""Were there enough futures? The mean difference as futures are added."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter

from analysis import describe
from analysis.effects import MOST_POINTS, convergence
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, label, most_changed

INDICATOR = "income_operating_mean"


def data(findings: Findings) -> pd.DataFrame:
    """Mean difference and its 95 % interval after n futures."""
    return convergence(findings.results, INDICATOR)


def draw(findings: Findings, words: Words) -> Figure:
    """One line per strategy with its interval, named at the right end."""
    table = data(findings)
    figure = Figure(figsize=(style.WIDTH, 3.4), layout="constrained")
    axes = figure.subplots()
    ends = []
    for key in most_changed(findings, findings.results.others, INDICATOR):
        rows, hue = table[table["strategy"] == key], colour(findings, key)
        axes.fill_between(rows["n"], rows["low"], rows["high"], color=hue, alpha=0.2, linewidth=0)
        axes.plot(rows["n"], rows["difference"], color=hue, linewidth=1.6)
        ends.append((key, float(rows["difference"].iloc[-1])))
    settled = table[table["n"] >= min(5, table["n"].max())]
    low, high = min(0.0, settled["low"].min()), max(0.0, settled["high"].max())
    room = 0.08 * max(high - low, 1e-6)
    axes.set_ylim(low - room, high + room)
    last = float(table["n"].max())
    axes.set_xlim(2, max(last, 3))
    many = last > MOST_POINTS
    if many:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(style.thousands())
        axes.xaxis.set_minor_formatter(NullFormatter())
    style.zero(axes, vertical=False)
    names = {key: label(findings, key, words, 32) for key, _ in ends}
    lines = max(name.count("\n") + 1 for name in names.values())
    gap = (0.05 * lines + 0.03) * (high - low + 2 * room)
    placed = style.spread_labels([end[1] for end in ends], gap)
    for (key, value), place in zip(ends, placed, strict=True):
        axes.annotate(
            names[key],
            (last, value),
            (1.015, place),
            textcoords=axes.get_yaxis_transform(),
            fontsize=8.3,
            color=colour(findings, key),
            va="center",
            annotation_clip=False,
        )
    axes.set_xlabel(words("axis_futures"))
    axes.set_ylabel(words("axis_difference", unit=words.unit("income")))
    if not many:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y")
    return figure


PLOTS = [
    Plot(
        name="convergence",
        section="appendix",
        possible=lambda findings: (
            bool(findings.results.others) and findings.results.has(INDICATOR) and len(data(findings)) > 0
        ),
        draw=draw,
        title=describe.title_convergence,
        data=data,
        note="note_convergence",
        drawn_by=INDICATOR,
    )
]
