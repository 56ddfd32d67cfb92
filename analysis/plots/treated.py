"""Who is treated: villages with a sponsor, with stakes and in alliances, on a small map for every strategy."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from analysis import describe, treated
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, in_a_line, label, most_changed
from analysis.plots.ground import Ground, placed

COLOURS, SCALE = "YlGnBu", Normalize(0, 1)
DRAWN_BY = "income_operating_mean"
MOST = 7
"""Strategies in a line."""


def possible(findings: Findings) -> bool:
    """Whether villages have places and any is reached."""
    return placed(findings) and len(findings.treated) > 0


def draw(findings: Findings, words: Words) -> Figure:
    """A line of maps for every policy, a column for every strategy; strategies that reach nobody are left out."""
    found, ground = findings.treated, Ground.of(findings)
    keys = [key for key in findings.results.strategies if key in set(found["strategy"])]
    keys = most_changed(findings, keys, DRAWN_BY)
    policies = [name for name in treated.MEANS if name in set(found["policy"])]
    columns = in_a_line(len(keys), MOST)
    blocks = -(-len(keys) // columns)
    width = style.WIDTH if columns > 3 else 2.3 * columns + 0.8
    across = (width - 0.8) / columns
    figure = Figure(figsize=(width, blocks * (len(policies) * (across * ground.height + 0.1) + 0.5) + 0.5))
    figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02)
    grid = figure.subplots(blocks * len(policies), columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    shares = {pair: rows["share_of_futures"].to_numpy() for pair, rows in found.groupby(["strategy", "policy"])}
    for number, key in enumerate(keys):
        block, column = divmod(number, columns)
        for line, policy in enumerate(policies):
            axes = grid[block * len(policies) + line, column]
            dots(axes, ground, shares.get((key, policy)))
            if column == 0:
                text = style.wrap(words(f"treated_{policy}"), 9)
                axes.text(-0.04, 0.5, text, transform=axes.transAxes, ha="right", va="center", fontsize=8)
        name = label(findings, key, words, int(across * 12.5))
        grid[block * len(policies), column].set_title(name, fontsize=8, linespacing=1.3, color=colour(findings, key))
    bar = figure.colorbar(
        ScalarMappable(SCALE, COLOURS), ax=grid[-1, :].tolist(), location="bottom", shrink=0.35, aspect=40, pad=0.04
    )
    bar.set_ticks([0, 0.5, 1], labels=[words.percent(share) for share in (0, 0.5, 1)])
    bar.set_label(words("treated_share"), fontsize=8, color=style.FAINT)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=7.5)
    return figure


def dots(axes: Axes, ground: Ground, share: np.ndarray | None) -> None:
    """The district with its villages; where nobody is reached all stay white."""
    ground.frame(axes)
    values = np.zeros(len(ground.position)) if share is None else share
    hue = mpl.colormaps[COLOURS](SCALE(values))
    hue[values == 0] = (1, 1, 1, 1)
    axes.scatter(*ground.position.T, s=6, c=hue, edgecolors="#6f767e", linewidths=0.2)


def title(findings: Findings, words: Words) -> str:
    """How many villages the policy that differs most between strategies reaches, mean over futures."""
    reached = treated.count(findings.treated).unstack(fill_value=0.0)
    policy = str((reached.max(axis=1) - reached.min(axis=1)).idxmax())
    counts = {key: float(reached.loc[policy, key]) for key in findings.results.strategies if key in reached.columns}
    parts = describe.listed(findings, words, counts, lambda count: f"{count:.0f}")
    whole = findings.treated["village"].nunique()
    return words(f"title_treated_{policy}", year=findings.results.horizon, whole=whole, parts=parts)


PLOTS = [
    Plot("treated", "strategies", possible, draw, title, lambda findings: findings.treated, "note_treated", DRAWN_BY)
]
