"""How village incomes are spread at the horizon, one ridge per strategy."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.ndimage import gaussian_filter1d

from analysis import describe
from analysis.findings import INCOME, Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, label

TICKS = (0, 1, 2, 5, 10, 20, 30, 50, 100, 200, 500)
BINS = 160
NOTHING = 0.05
TALLEST = 1.7


def squeeze(income: np.ndarray) -> np.ndarray:
    """Scale of the horizontal axis: even steps near zero, even ratios far from it."""
    return np.log1p(np.maximum(income, 0) / 2)


def density(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Smoothed share of all villages along the axis; villages without income are left out."""
    counts, _ = np.histogram(squeeze(values[values > NOTHING]), bins=edges)
    return gaussian_filter1d(counts / values.size, 2.2, mode="nearest")


def data(findings: Findings) -> pd.DataFrame:
    """Quantiles and shares of villages by strategy."""
    table = findings.quantiles.join(findings.shares)
    return table.rename_axis("strategy").reset_index()


def draw(findings: Findings, words: Words) -> Figure:
    """Ridges over a common axis, the lines at 10 and 30 万元 drawn through."""
    villages = findings.results.village_values(INCOME, findings.results.horizon)
    arrays = {key: villages.by_strategy[key] for key in findings.results.strategies if key in villages.by_strategy}
    top = max(float(np.quantile(values, 0.998)) for values in arrays.values())
    edges = np.linspace(0, squeeze(np.array(max(top, 40.0))) * 1.02, BINS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    figure = Figure(figsize=(style.WIDTH, min(0.85, 10 / len(arrays)) * len(arrays) + 0.9), layout="constrained")
    axes = figure.subplots()
    shapes = {key: density(values, edges) for key, values in arrays.items()}
    peaks = [shape.max() for shape in shapes.values()]
    height = max(float(np.median(peaks)) / 0.8, max(peaks) / TALLEST, 1e-12)
    for number, (key, shape) in enumerate(shapes.items()):
        base = -number
        hue = colour(findings, key)
        axes.fill_between(middle, base, base + shape / height, color=hue, alpha=0.35, linewidth=0, zorder=2 + number)
        axes.plot(middle, base + shape / height, color=hue, linewidth=1.3, zorder=2 + number)
        axes.axhline(base, color=style.LINE, linewidth=0.8, zorder=1)
        share = findings.shares.loc[key]
        zero = words.percent(float((arrays[key] <= NOTHING).mean()))
        text = words(
            "ridge_label",
            zero=zero,
            below=words.percent(share["below_10"]),
            above=words.percent(share["at_30"], 1),
        )
        axes.text(
            1.01,
            base + 0.06,
            text,
            transform=axes.get_yaxis_transform(),
            fontsize=8,
            color=hue,
            va="bottom",
            linespacing=1.3,
        )
    for line in (10, 30):
        axes.axvline(float(squeeze(np.array(line))), color=style.FAINT, linewidth=0.9, linestyle=(0, (3, 3)), zorder=1)
    decorate(axes, findings, words, list(arrays))
    return figure


def decorate(axes: Axes, findings: Findings, words: Words, keys: list[str]) -> None:
    """Names at the left, income at the foot."""
    axes.set_yticks([-number + 0.22 for number in range(len(keys))], [label(findings, key, words, 28) for key in keys])
    for tick, key in zip(axes.get_yticklabels(), keys, strict=True):
        tick.set_color(colour(findings, key))
        tick.set_fontsize(8.5)
    limit = axes.get_xlim()[1]
    ticks = [tick for tick in TICKS if squeeze(np.array(tick)) <= limit]
    axes.set_xticks([squeeze(np.array(tick)) for tick in ticks], [f"{tick:g}" for tick in ticks])
    axes.set_xlim(0, limit)
    axes.set_ylim(-len(keys) + 0.9, max(1.05, axes.dataLim.y1 + 0.05))
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel(words("axis_village_income", year=findings.results.horizon, unit=words.unit("income")))


PLOTS = [
    Plot(
        name="village_income",
        section="distribution",
        possible=lambda findings: findings.results.has_villages(),
        draw=draw,
        title=describe.title_ridge,
        data=data,
        note="note_ridge",
    )
]
