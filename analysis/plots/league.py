"""How often each strategy takes which place: the overlap behind a ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from analysis.effects import FEW
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, indicator_name, label

TEXT_FROM = 0.08


def data(findings: Findings) -> pd.DataFrame:
    """The league table."""
    return findings.league


def title(findings: Findings, words: Words) -> str:
    """Which strategy comes first most often, by measure, and how many cannot be told from the best mean."""
    table = findings.league
    n = int(table["n"].iloc[0])
    if n < FEW:
        return words("few_title", subject=words("league_subject"), n=n)
    parts = []
    for indicator, rows in table.groupby("indicator", sort=False):
        most = rows.loc[rows["best"].idxmax()]
        parts.append(
            words(
                "league_part",
                measure=indicator_short(str(indicator), words),
                name=findings.results.short_name(most["strategy"], words.lang),
                count=words.futures(most["best"], int(most["n"])),
            )
        )
    return words("title_league", parts=words("semicolon").join(parts))


def indicator_short(indicator: str, words: Words) -> str:
    """Short name of a measure of the league."""
    return words(f"league_{indicator}")


def draw(findings: Findings, words: Words) -> Figure:
    """One panel per measure: strategies down, places across, share of futures as shade and number."""
    table, league = findings.places, findings.league
    measures = list(dict.fromkeys(table["indicator"]))
    count = len(findings.results.strategies)
    figure = Figure(figsize=(style.WIDTH, 0.34 * count + 1.2), layout="constrained")
    grid = figure.subplots(1, len(measures), squeeze=False, sharey=True)[0]
    keys = list(league[league["indicator"] == measures[0]]["strategy"])
    for axes, indicator in zip(grid, measures, strict=True):
        panel(axes, findings, table[table["indicator"] == indicator], league[league["indicator"] == indicator], keys)
        name = indicator_name(findings, indicator, words)
        axes.set_title(style.wrap(name, int(92 / len(measures))), fontsize=8.5)
        axes.set_xlabel(words("axis_place"))
    grid[0].set_yticks(range(count), [label(findings, key, words, 30) for key in keys])
    for tick, key in zip(grid[0].get_yticklabels(), keys, strict=True):
        tick.set_color(colour(findings, key))
        tick.set_fontsize(8)
        tick.set_linespacing(1.2)
    return figure


def panel(axes: Axes, findings: Findings, table: pd.DataFrame, league: pd.DataFrame, keys: list[str]) -> None:
    """One measure; strategies that cannot be told from the best mean carry a mark at the right."""
    wide = table.pivot(index="strategy", columns="place", values="share").loc[keys]
    image = np.ones((*wide.shape, 3))
    for row, key in enumerate(keys):
        hue = np.array(to_rgb(colour(findings, key)))
        image[row] = 1 - np.sqrt(wide.to_numpy()[row])[:, None] * (1 - hue)
    places = wide.shape[1]
    axes.pcolormesh(np.arange(places + 1) + 0.5, np.arange(len(keys) + 1) - 0.5, image, edgecolor="white", linewidth=1)
    size = 7 if places <= 9 else 5
    for row, values in enumerate(wide.to_numpy()):
        for place, share in enumerate(values, start=1):
            if share >= TEXT_FROM:
                ink = "white" if share > 0.35 else style.INK
                axes.text(place, row, f"{100 * share:.0f}", ha="center", va="center", fontsize=size, color=ink)
    beside = dict(zip(league["strategy"], league["beside"], strict=True))
    for row, key in enumerate(keys):
        if beside[key]:
            axes.text(places + 0.6, row, "●", va="center", fontsize=6, color=style.INK, clip_on=False)
    axes.set_xticks(range(1, places + 1))
    axes.tick_params(axis="x", labelsize=8 if places <= 9 else 5.5, length=0)
    axes.set_ylim(len(keys) - 0.5, -0.5)
    for side in axes.spines.values():
        side.set_visible(False)


PLOTS = [Plot("league", "league", lambda findings: len(findings.league) > 0, draw, title, data, "note_league")]
