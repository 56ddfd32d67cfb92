"""The report's own question: villages at 30 万元 against the aim."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis import describe
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot

HUES = {"operating": "#2f6690", "total": "#81a4c1", "profit": "#b0558f"}


def data(findings: Findings) -> pd.DataFrame:
    """The table of the question."""
    return findings.question


def draw(findings: Findings, words: Words) -> Figure:
    """One panel per start, one line per year and measure, the aim as a vertical line."""
    table = findings.question
    starts = list(dict.fromkeys(table["start"]))
    years = sorted(table["year"].unique())
    measures = list(dict.fromkeys(table["measure"]))
    aim = int(table["target"].iloc[0])
    figure = Figure(figsize=(style.WIDTH, 0.26 * len(years) * len(measures) + 1.4), layout="constrained")
    panels = figure.subplots(1, len(starts), sharey=True, sharex=True, squeeze=False)[0]
    for axes, start in zip(panels, starts, strict=True):
        for _, row in table[table["start"] == start].iterrows():
            place = measures.index(row["measure"]) * (len(years) + 0.8) + years.index(row["year"])
            hue = HUES.get(row["measure"], style.INK)
            axes.plot([row["spread_low"], row["spread_high"]], [place] * 2, color=hue, linewidth=1.4)
            axes.plot(row["mean"], place, "o", color=hue, markersize=5, clip_on=False)
            count = words("futures_short", count=row["reached"], n=row["n"])
            axes.text(
                1.01,
                place,
                count,
                transform=axes.get_yaxis_transform(),
                fontsize=7.8,
                color=style.FAINT,
                va="center",
            )
        axes.axvline(aim, color="#b23a48", linewidth=1.1, linestyle=(0, (4, 3)))
        axes.set_title(style.wrap(describe.start_name(start, words), 44), pad=16)
        axes.text(
            1.01,
            1.01,
            words("reached_head"),
            transform=axes.transAxes,
            fontsize=7.5,
            color=style.FAINT,
            va="bottom",
        )
        axes.text(
            aim,
            0.015,
            words("aim", aim=aim) + " ",
            transform=axes.get_xaxis_transform(),
            fontsize=7.8,
            color="#b23a48",
            ha="right",
            va="bottom",
        )
        axes.set_xlabel(words("axis_villages_30"))
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.set_xlim(0, 1.08 * max(aim, table["spread_high"].max()))
    ticks, names = [], []
    for measure in measures:
        for year in years:
            ticks.append(measures.index(measure) * (len(years) + 0.8) + years.index(year))
            names.append(f"{words(f'measure_{measure}')}  {year}" if year == years[0] else f"{year}")
    panels[0].set_yticks(ticks, names)
    panels[0].set_ylim(max(ticks) + 0.7, -0.7)
    return figure


PLOTS = [
    Plot(
        name="aim",
        section="trajectories",
        possible=lambda findings: len(findings.question) > 0,
        draw=draw,
        title=describe.title_aim,
        data=data,
        note="note_aim",
    )
]
