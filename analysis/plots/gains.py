"""Gain along the distribution of income, and Lorenz curves."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import describe
from analysis.effects import FEW
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, comparable, legend, most_changed, panel_title, panels

LOW, HIGH = 10, 90
DRAWN_BY, DRAWN_BY_GINI = "income_operating_mean", "income_operating_gini"


def title_quantiles(findings: Findings, words: Words) -> str:
    """Mean gain near the lower and the upper end of the distribution."""
    if findings.results.n < FEW:
        return words("few_title", subject=words("quantiles_subject"), n=findings.results.n)
    ends = {}
    for key, rows in findings.quantile_effects.groupby("strategy", sort=False):
        low, high = rows.set_index("percent")["difference"].loc[[LOW, HIGH]]
        ends[str(key)] = (low, high)
    return describe.two_ends(findings, words, ends, "title_quantiles")


def draw_quantiles(findings: Findings, words: Words) -> Figure:
    """One panel per strategy: place in the distribution across, gain upwards."""
    table = findings.quantile_effects
    keys = most_changed(findings, list(dict.fromkeys(table["strategy"])), DRAWN_BY)
    figure, found, columns = panels(2.0, len(keys), sharex=True, sharey=True)
    for number, (axes, key) in enumerate(zip(found, keys, strict=True)):
        rows, hue = table[table["strategy"] == key], colour(findings, key)
        axes.fill_between(rows["percent"], rows["low"], rows["high"], color=hue, alpha=0.22, linewidth=0)
        axes.plot(rows["percent"], rows["difference"], color=hue, linewidth=1.7)
        style.zero(axes, vertical=False)
        axes.set_xlim(0, 100)
        axes.set_xticks([10, 50, 90], ["10%", "50%", "90%"])
        axes.yaxis.set_major_locator(MaxNLocator(5))
        axes.yaxis.set_major_formatter(style.thousands())
        axes.grid()
        panel_title(axes, findings, key, words, columns)
        if number % columns == 0:
            axes.set_ylabel(words("axis_difference_short", unit=words.unit("income")))
    figure.supxlabel(words("axis_percent"), fontsize=8.5, color=style.FAINT)
    return figure


def title_lorenz(findings: Findings, words: Words) -> str:
    """What the poorer half holds under the reference and under the others."""
    half = findings.lorenz.set_index("share_of_villages").loc[0.5]
    base = findings.results.reference
    others = half.drop(base)
    values = {"year": findings.results.horizon, "reference": describe.quoted(findings, base, words)}
    values["value"] = words.percent(half[base])
    if others.empty:
        return words("title_lorenz_single", **values)
    return words("title_lorenz", low=words.percent(others.min()), high=words.percent(others.max()), **values)


def draw_lorenz(findings: Findings, words: Words) -> Figure:
    """Curves at the left; at the right how far each lies above or below the reference."""
    table = findings.lorenz
    keys = [key for key in findings.results.strategies if key in table.columns]
    keys = most_changed(findings, keys, DRAWN_BY_GINI)
    base = findings.results.reference
    lines = -(-len(keys) // 3)
    figure = Figure(figsize=(style.WIDTH, 3.5 + 0.18 * lines), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.25])
    across = 100 * table["share_of_villages"]
    left.plot([0, 100], [0, 100], color=style.LINE, linewidth=1)
    for key in keys:
        hue = colour(findings, key)
        left.plot(across, 100 * table[key], color=hue, linewidth=1.3)
        if key != base:
            right.plot(across, 100 * (table[key] - table[base]), color=hue, linewidth=1.5)
    style.zero(right, vertical=False)
    left.set_title(words("lorenz_level"))
    right.set_title(words("lorenz_difference"))
    left.set_ylabel(words("axis_income_share"))
    right.set_ylabel(words("axis_difference_short", unit=words.unit("points")))
    for axes in (left, right):
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"])
        axes.set_xlabel(words("axis_village_share"))
        axes.grid()
    left.set_ylim(0, 100)
    left.set_yticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"])
    legend(figure, findings, keys, words, dots=False)
    return figure


def possible_lorenz(findings: Findings) -> bool:
    """Whether every strategy has some income to share."""
    return findings.results.has_villages() and bool(pd.notna(findings.lorenz).all().all())


PLOTS = [
    Plot(
        "quantile_effects",
        "distribution",
        comparable,
        draw_quantiles,
        title_quantiles,
        lambda findings: findings.quantile_effects,
        "note_quantiles",
        DRAWN_BY,
    ),
    Plot(
        "lorenz",
        "distribution",
        possible_lorenz,
        draw_lorenz,
        title_lorenz,
        lambda findings: findings.lorenz.iloc[::5],
        "note_lorenz",
        DRAWN_BY_GINI,
    ),
]
