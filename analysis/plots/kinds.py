"""Participation by kind of village: differences only."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import describe
from analysis.effects import FEW
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, legend, most_changed, policies_drawn
from analysis.plots.winners import tier_name


def possible(findings: Findings) -> bool:
    """Whether participation by village was simulated and there is something to compare."""
    results = findings.results
    if not (results.others and results.has_village_columns("participation")):
        return False
    return bool(findings.participation_by_kind["difference"].notna().any())


def class_name(kind: str, number: int, words: Words) -> str:
    """Name of a class of villages."""
    return tier_name(number, words) if kind == "income" else words(f"class_{kind}_{number}")


def title(findings: Findings, words: Words) -> str:
    """Where the change is largest, for the strategy that changes participation most."""
    results, table = findings.results, findings.participation_by_kind
    if results.n < FEW:
        return words("few_title", subject=words("indicator_participation"), n=results.n)
    table = table[table["strategy"].isin(policies_drawn(findings))]
    clear = table[table["verdict"].isin(["higher", "lower"])]
    if clear.empty:
        return words("title_kinds_unclear")
    row = clear.loc[clear["difference"].abs().idxmax()]
    return words(
        "title_kinds",
        name=describe.quoted(findings, row["strategy"], words),
        kind=words(f"within_{row['kind']}"),
        group=class_name(row["kind"], int(row["class"]), words),
        change=words.with_unit("points", row["difference"], signed=True),
    )


def drawn(findings: Findings) -> list[str]:
    """Strategies that have a line."""
    return most_changed(findings, policies_drawn(findings), "participation")


def draw(findings: Findings, words: Words) -> Figure:
    """One panel per way of sorting villages; a line per class and strategy."""
    table = findings.participation_by_kind
    names = list(dict.fromkeys(table["kind"]))
    keys = drawn(findings)
    step = 0.15 if len(keys) <= 8 else 0.1
    sizes = [table[table["kind"] == name]["class"].nunique() for name in names]
    pairs = [names[start : start + 2] for start in range(0, len(names), 2)]
    tall = [max(sizes[names.index(name)] for name in pair) for pair in pairs]
    height = sum(size * (len(keys) + 1.6) * step + 0.75 for size in tall) + 0.8
    figure = Figure(figsize=(style.WIDTH, height), layout="constrained")
    grid = figure.subplots(len(pairs), 2, squeeze=False, sharex=True, height_ratios=tall)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, name in zip(grid.flat, names, strict=False):
        axes.set_axis_on()
        panel(axes, findings, words, table[table["kind"] == name], name)
        axes.set_ylim(tall[names.index(name) // 2] - 0.5, -0.5)
        axes.tick_params(labelbottom=True)
    figure.supxlabel(words("axis_difference", unit=words.unit("points")), fontsize=8.5, color=style.FAINT)
    legend(figure, findings, keys, words)
    return figure


def panel(axes: Axes, findings: Findings, words: Words, table: pd.DataFrame, kind: str) -> None:
    """One way of sorting villages."""
    keys = drawn(findings)
    classes = sorted(table["class"].unique())
    scale, _digits = words.scale("points")
    style.zero(axes, vertical=True)
    for place, number in enumerate(classes):
        if place % 2:
            axes.axhspan(place - 0.5, place + 0.5, color="#f6f7f8", zorder=0, linewidth=0)
        rows = table[table["class"] == number].set_index("strategy")
        for order, key in enumerate(keys):
            if key not in rows.index:
                continue
            row, hue = rows.loc[key], colour(findings, key)
            height = place + 0.8 * ((order + 0.5) / len(keys) - 0.5)
            axes.plot([row["low"] * scale, row["high"] * scale], [height] * 2, color=hue, linewidth=1)
            axes.plot(row["difference"] * scale, height, "o", color=hue, markersize=3.8)
    labels = []
    for number in classes:
        count = table[table["class"] == number]["villages"].iloc[0]
        text = words("class_count", name=class_name(kind, number, words), count=words.number(count, 0))
        labels.append(style.wrap(text, 24))
    axes.set_yticks(range(len(classes)), labels)
    axes.set_title(words(f"kind_{kind}"))
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(style.thousands())
    axes.grid(axis="x")


PLOTS = [
    Plot(
        "participation_by_kind",
        "participation",
        possible,
        draw,
        title,
        lambda findings: findings.participation_by_kind,
        "note_kinds",
        "participation",
    )
]
