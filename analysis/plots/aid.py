"""Does public money reach weak villages?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis import aid, describe
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, strategy_axis


def possible(findings: Findings) -> bool:
    """Whether money by village is stored and somebody gives some."""
    return findings.results.has_village_columns(aid.COLUMN) and len(findings.aid) > 0


def title(findings: Findings, words: Words) -> str:
    """What the poorest two fifths receive, by strategy."""
    values = findings.aid.set_index("strategy")["poorest_40"].to_dict()
    return words("title_aid", parts=describe.listed(findings, words, values, words.percent))


def draw(findings: Findings, words: Words) -> Figure:
    """Curves at the left, the index with its spread at the right."""
    table = findings.aid.set_index("strategy")
    keys = list(table.index)
    height = max(3.2, 0.36 * len(keys) + 1.0)
    figure = Figure(figsize=(style.WIDTH, height), layout="constrained")
    right, left = figure.subplots(1, 2, width_ratios=[1.1, 1])
    left.plot([0, 100], [0, 100], color=style.FAINT, linewidth=0.9, linestyle=(0, (4, 3)))
    for key, values in aid.shares(findings.results).items():
        left.plot(np.arange(101), 100 * aid.curve(values), color=colour(findings, key), linewidth=1.4)
    left.set_xlim(0, 100)
    left.set_ylim(0, 100)
    ticks = [0, 20, 40, 60, 80, 100]
    left.set_xticks(ticks, [f"{tick}%" for tick in ticks])
    left.set_yticks(ticks, [f"{tick}%" for tick in ticks])
    left.set_title(words("aid_curve"))
    left.set_xlabel(words("axis_aid_villages"))
    left.grid()
    for position, key in enumerate(keys):
        row, hue = table.loc[key], colour(findings, key)
        right.plot([row["low"], row["high"]], [position] * 2, color=hue, linewidth=1.2)
        right.plot(row["index"], position, "o", color=hue, markersize=5.5)
    style.zero(right, vertical=True)
    far = 1.15 * max(0.1, float(table[["low", "high"]].abs().max().max()))
    right.set_xlim(-far, far)
    right.set_title(words("aid_index"))
    right.set_xlabel(words("axis_aid_index"))
    right.grid(axis="x")
    strategy_axis(right, findings, keys, words, 26)
    return figure


def data(findings: Findings) -> pd.DataFrame:
    """The index by strategy."""
    return findings.aid


PLOTS = [Plot("aid", "distribution", possible, draw, title, data, "note_aid")]
