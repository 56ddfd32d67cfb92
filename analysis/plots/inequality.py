"""How unequal villages are under each strategy."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis import describe
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, strategy_axis


def data(findings: Findings) -> pd.DataFrame:
    """Gini and Theil by strategy."""
    return findings.equity.rename_axis("strategy").reset_index()


def draw(findings: Findings, words: Words) -> Figure:
    """Gini with its spread at the left, Theil between and within towns at the right."""
    table = findings.equity
    keys = list(table.index)
    figure = Figure(figsize=(style.WIDTH, 0.42 * len(keys) + 1.2), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    for position, key in enumerate(keys):
        row, hue = table.loc[key], colour(findings, key)
        left.plot([row["gini_low"], row["gini_high"]], [position] * 2, color=hue, linewidth=1.2)
        left.plot(row["gini"], position, "o", color=hue, markersize=5.5)
        right.barh(position, row["theil_within"], color=hue, alpha=0.45, height=0.55)
        right.barh(position, row["theil_between"], left=row["theil_within"], color=hue, height=0.55)
        share = row["theil_between"] / row["theil"] if row["theil"] > 0 else 0.0
        text = words("between_share", share=words.percent(share))
        right.text(row["theil"], position, f" {text}", va="center", fontsize=8, color=style.FAINT)
    left.set_xlim(0, 1)
    left.set_title(words("gini"))
    left.set_xlabel(words("axis_gini"))
    right.set_title(words("theil"))
    right.set_xlabel(words("axis_theil"))
    right.set_xlim(0, max(1e-6, table["theil"].max()) * 1.45)
    for axes in (left, right):
        axes.grid(axis="x")
    strategy_axis(left, findings, keys, words)
    right.spines["left"].set_visible(False)
    return figure


PLOTS = [
    Plot(
        name="inequality",
        section="distribution",
        possible=lambda findings: findings.results.has_villages() and findings.equity["gini"].notna().all(),
        draw=draw,
        title=describe.title_inequality,
        data=data,
        note="note_inequality",
    )
]
