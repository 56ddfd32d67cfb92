"""Public cost: who pays, for which lever, and cost against effect."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from analysis import describe
from analysis.effects import MOST_POINTS
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, label, legend, outside_legend, strategy_axis
from analysis.same_cost import change

LEVERS_SHOWN = 14
MOST_LABELS = 9
"""Points that are named on the spot; more have a legend."""


def draw_payers(findings: Findings, words: Words) -> Figure:
    """Stacked bars by payer."""
    table = findings.payers
    scale, digits = words.scale("money")
    keys = list(table.index)
    figure = Figure(figsize=(style.WIDTH, 0.45 * len(keys) + 1.2), layout="constrained")
    axes = figure.subplots()
    left = np.zeros(len(keys))
    for payer in table.columns:
        values = table[payer].to_numpy() * scale
        axes.barh(
            range(len(keys)),
            values,
            left=left,
            color=style.payer_colour(payer),
            height=0.58,
            label=words(f"payer_{payer}") if words.has(f"payer_{payer}") else payer,
        )
        left += values
    for position, total in enumerate(left):
        axes.text(total, position, f" {words.number(total, digits)}", va="center", fontsize=8.5, color=style.INK)
    axes.set_xlabel(words("axis_cost_year", unit=words.unit("money")))
    axes.xaxis.set_major_formatter(style.thousands())
    axes.grid(axis="x")
    axes.margins(x=0.1)
    axes.set_xlim(left=0)
    if not left.max() > 0:
        axes.set_xlim(0, 1)
    strategy_axis(axes, findings, keys, words)
    marks, names = axes.get_legend_handles_labels()
    outside_legend(figure, marks, names, columns=len(names))
    return figure


def draw_levers(findings: Findings, words: Words) -> Figure:
    """One line per lever, one dot per strategy."""
    table = findings.levers.head(LEVERS_SHOWN)
    scale, _digits = words.scale("money")
    results = findings.results
    figure = Figure(figsize=(style.WIDTH, 0.36 * len(table) + 1.4), layout="constrained")
    axes = figure.subplots()
    step = min(0.14, 0.6 / len(results.strategies))
    for number, key in enumerate(results.strategies):
        places = np.arange(len(table)) + (number - (len(results.strategies) - 1) / 2) * step
        values = table[key].to_numpy() * scale
        axes.plot(
            values,
            places,
            "o",
            color=colour(findings, key),
            markersize=5,
        )
    names = [style.wrap(style.clean(results.lever_name(name, words.lang), words.lang), 30) for name in table.index]
    axes.set_yticks(range(len(table)), names)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(left=-0.015 * max(1e-9, table.to_numpy().max() * scale))
    axes.set_xlabel(words("axis_cost_year", unit=words.unit("money")))
    axes.xaxis.set_major_formatter(style.thousands())
    axes.grid(axis="x")
    axes.hlines(np.arange(len(table)), 0, axes.get_xlim()[1], color="#f1f2f4", linewidth=7, zorder=0)
    axes.spines["left"].set_visible(False)
    legend(figure, findings, results.strategies, words)
    return figure


def data_plane(findings: Findings) -> pd.DataFrame:
    """Differences of discounted cost and profit, mean and spread, 万元."""
    rows = []
    for key in findings.results.others:
        row: dict[str, Any] = {"strategy": key}
        for name in ("public_cost_discounted", "profit_discounted", "net_benefit", "net_benefit_with_assets"):
            found = findings.effect(key, name)
            if found is not None:
                row |= {name: found["difference"], f"{name}_low": found["spread_low"]}
                row[f"{name}_high"] = found["spread_high"]
        rows.append(row)
    return pd.DataFrame(rows)


def draw_plane(findings: Findings, words: Words) -> Figure:
    """Cost to the right, profit upwards; above the slanted line villages gain more than the public pays."""
    results, table = findings.results, data_plane(findings)
    factor = 1e-4 if words.lang == "zh" else 1e-2
    figure = Figure(figsize=(7.6, 4.9), layout="constrained")
    axes = figure.subplots()
    names = []
    for _, row in table.iterrows():
        key, hue = row["strategy"], colour(findings, row["strategy"])
        cost, profit = (
            spread_out(change(results, key, name)) for name in ("public_cost_discounted", "profit_discounted")
        )
        axes.plot(
            cost * factor,
            profit * factor,
            ".",
            color=hue,
            markersize=3.2,
            alpha=0.35,
            mew=0,
        )
        axes.plot(
            row["public_cost_discounted"] * factor,
            row["profit_discounted"] * factor,
            "o",
            color=hue,
            markersize=8,
        )
        names.append((key, row["public_cost_discounted"] * factor, row["profit_discounted"] * factor))
    axes.plot(0, 0, "o", color=style.REFERENCE, markersize=8)
    names.append((results.reference, 0.0, 0.0))
    axes.margins(0.14)
    low, high = axes.get_xlim()
    bottom, top = axes.get_ylim()
    axes.axline((0, 0), slope=1, color=style.FAINT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.set_xlim(low, high + 0.3 * (high - low))
    axes.set_ylim(bottom, top)
    style.zero(axes, vertical=True)
    style.zero(axes, vertical=False)
    if len(names) > MOST_LABELS:
        legend(figure, findings, results.strategies, words)
    else:
        name_points(axes, findings, words, names)
    unit = words("unit_money_large")
    axes.set_xlabel(words("axis_plane_cost", unit=unit))
    axes.set_ylabel(words("axis_plane_profit", unit=unit))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(style.thousands())
    axes.yaxis.set_major_formatter(style.thousands())
    axes.grid()
    return figure


def spread_out(values: pd.Series) -> pd.Series:
    """All values, or `MOST_POINTS` of them that stand at equal steps among the futures."""
    if len(values) <= MOST_POINTS:
        return values
    return values.iloc[np.linspace(0, len(values) - 1, MOST_POINTS).round().astype(int)]


def name_points(axes: Axes, findings: Findings, words: Words, names: list[tuple[str, float, float]]) -> None:
    """Names of strategies beside their points `(strategy, across, up)`, moved apart where they crowd."""
    (bottom, top), (left, right) = axes.get_ylim(), axes.get_xlim()
    gap, width = 0.085 * (top - bottom), (right - left) / 1.3
    placed = style.spread_labels([name[2] for name in names], gap)
    for (key, x, y), place in zip(names, placed, strict=True):
        moved = abs(place - y) > 0.3 * gap
        axes.annotate(
            label(findings, key, words, 28),
            (x, y),
            (x + 0.03 * width, place),
            fontsize=8.3,
            color=colour(findings, key),
            va="center",
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
            arrowprops={"arrowstyle": "-", "color": style.LINE, "lw": 0.7} if moved else None,
        )


def has_cost(findings: Findings) -> bool:
    """Whether costs by payer are stored."""
    return not findings.payers.empty


PLOTS = [
    Plot(
        "cost_by_payer",
        "money",
        has_cost,
        draw_payers,
        describe.title_payers,
        lambda findings: findings.payers.rename_axis("strategy").reset_index(),
        "note_payers",
    ),
    Plot(
        "cost_by_lever",
        "money",
        lambda findings: not findings.levers.empty,
        draw_levers,
        describe.title_levers,
        lambda findings: findings.levers.rename_axis("lever").reset_index(),
        "note_levers",
    ),
    Plot(
        "cost_and_effect",
        "money",
        lambda findings: (
            bool(findings.results.others) and findings.effect(findings.results.others[0], "net_benefit") is not None
        ),
        draw_plane,
        describe.title_plane,
        data_plane,
        "note_plane",
    ),
]
