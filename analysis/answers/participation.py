"""Participation: five ways of taking part, order and differences only."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.answers import Answer, Picture, telling
from analysis.data.effects import compared
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour, legend, most_changed
from analysis.sentences.catalogue import Words

STAGES = (
    "participation_vote", "participation", "participation_speak", "participation_initiate", "participation_online",
)  # fmt: skip


def stages(results: Results) -> list[str]:
    """Stages that the study holds."""
    return [name for name in STAGES if results.has(name)]


def data(results: Results) -> pd.DataFrame:
    """Index of the reference (attending = 100) and differences in percentage points at the horizon."""
    rows = []
    year, base = results.horizon, results.reference
    attending = results.at(base, "participation", year).mean()
    for stage in stages(results):
        two = results.at(base, stage, year)
        index = 100 * two.mean() / attending if attending > 0 else float("nan")
        rows.append({"strategy": base, "stage": stage, "index": index})
        for key in results.others:
            summary = compared(results.at(key, stage, year), two)
            kept = {name: 100 * summary[name] for name in ("difference", "spread_low", "spread_high")}
            rows.append({"strategy": key, "stage": stage, **kept, "share_better": summary["share_better"]})
    return pd.DataFrame(rows)


def draw(results: Results, words: Words) -> Figure:
    """At the left the order of the stages, at the right how far strategies move each."""
    table, names = data(results), stages(results)
    keys = most_changed(results, results.others, "participation")
    height = 0.75 * len(names) + 0.9 + 0.1 * len(keys)
    figure = Figure(figsize=(style.WIDTH, height), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1, 2])
    first = table[table["strategy"] == results.reference].set_index("stage")["index"]
    for position, stage in enumerate(names):
        left.barh(position, first[stage], color=style.REFERENCE, alpha=0.5, height=0.55)
        left.text(
            first[stage], position, f" {words.number(first[stage], 0)}", va="center", fontsize=8, color=style.FAINT
        )
    step = 0.7 / max(1, len(keys))
    for number, key in enumerate(keys):
        rows = table[table["strategy"] == key].set_index("stage")
        hue = colour(results, key)
        for position, stage in enumerate(names):
            place = position - 0.35 + step * (number + 0.5)
            row = rows.loc[stage]
            right.plot([row["spread_low"], row["spread_high"]], [place] * 2, color=hue, linewidth=1.2)
            right.plot(row["difference"], place, "o", color=hue, markersize=5)
    style.zero(right, vertical=True)
    left.set_yticks(range(len(names)), [words(f"stage_{name}") for name in names])
    left.set_ylim(len(names) - 0.4, -0.6)
    left.set_title(words("funnel_order"))
    left.set_xlabel(words("axis_funnel_order"))
    right.set_title(words("funnel_difference"))
    right.set_xlabel(words("axis_difference", unit=words.unit("points")))
    right.grid(axis="x")
    for axes in (left, right):
        axes.spines["left"].set_visible(False)
    left.margins(x=0.15)
    if results.others:
        legend(figure, results, keys, words)
    return figure


def title_funnel(results: Results, words: Words) -> str:
    """Participation compared; no level is stated as fact."""
    if not results.others:
        return words("title_funnel_single")
    return telling.compare_all(results, words, "participation", words("indicator_participation"))


ANSWERS = (
    Answer(
        "participation_funnel", data, lambda results: len(stages(results)) > 1 and results.has("participation"),
        compares=False, picture=Picture(draw, title_funnel, "note_funnel", "participation"),
    ),
)  # fmt: skip
