"""Public cost: who pays, and for which lever."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from analysis.answers import Answer, Picture, telling
from analysis.data import money
from analysis.data.effects import half_width
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import outside_legend, strategy_axis
from analysis.sentences.catalogue import Words


def draw_payers(results: Results, words: Words) -> Figure:
    """Stacked bars by payer."""
    table = money.by_payer(results)
    scale, _digits = words.scale("money")
    keys = list(table.index)
    figure = Figure(figsize=(style.WIDTH, 0.45 * len(keys) + 1.2), layout="constrained")
    axes = figure.subplots()
    left = np.zeros(len(keys))
    for payer in table.columns:
        values = table[payer].to_numpy() * scale
        axes.barh(
            range(len(keys)), values, left=left, color=style.payer_colour(payer), height=0.58,
            label=words(f"payer_{payer}") if words.has(f"payer_{payer}") else payer,
        )  # fmt: skip
        left += values
    for position, key in enumerate(keys):
        total = words.amount("money", left[position] / scale, half=half_of(results, key))
        axes.text(left[position], position, f" {total}", va="center", fontsize=8.5, color=style.INK)
    axes.set_xlabel(words("axis_cost_year", unit=words.unit("money")))
    axes.xaxis.set_major_formatter(style.thousands())
    axes.grid(axis="x")
    axes.margins(x=0.1)
    axes.set_xlim(left=0)
    if not left.max() > 0:
        axes.set_xlim(0, 1)
    strategy_axis(axes, results, keys, words)
    marks, names = axes.get_legend_handles_labels()
    outside_legend(figure, marks, names, columns=len(names))
    return figure


def half_of(results: Results, key: str) -> float:
    """Half the width of the 95 % interval of the mean cost a year; not a number where the whole was not stored."""
    return half_width(money.a_year(results, key).to_numpy()) if results.has("public_cost") else float("nan")


def title_payers(results: Results, words: Words) -> str:
    """Public cost a year, smallest and largest."""
    totals = money.by_payer(results).sum(axis=1).sort_values()
    low, high = totals.index[0], totals.index[-1]
    if low == high:
        return words("title_payers_single", value=words.with_unit("money", totals.iloc[0], half=half_of(results, low)))
    return words(
        "title_payers",
        low=words.with_unit("money", totals.iloc[0], half=half_of(results, low)),
        high=words.with_unit("money", totals.iloc[-1], half=half_of(results, high)),
        cheap=telling.quoted(results, low, words),
        dear=telling.quoted(results, high, words),
    )


ANSWERS = (
    Answer(
        "cost_by_payer", lambda results: money.by_payer(results).rename_axis("strategy").reset_index(),
        lambda results: not money.by_payer(results).empty, compares=False,
        picture=Picture(draw_payers, title_payers, "note_payers"), sheet="cost",
    ),
    Answer(
        "cost_by_lever", lambda results: money.by_lever(results).rename_axis("lever").reset_index(),
        lambda results: not money.by_lever(results).empty, compares=False, sheet="cost",
    ),
)  # fmt: skip
