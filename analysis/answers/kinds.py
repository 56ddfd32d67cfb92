"""Kinds of villages: what a village had at first, who gains and who loses, and how participation differs by kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.answers import Answer, Picture, telling
from analysis.answers.winners import TOLERANCE, changes, in_one, starting_values, tier_name, tier_of
from analysis.data.effects import paired_summary
from analysis.data.once import once
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour, legend, most_changed, policies_drawn
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import FEW, Verdict

THIRDS = {"home_share": "home", "organisation": "organisation"}
FEWEST = 1.0
DESCRIBED = (
    "income_operating", "market_access", "home_share", "dependency", "organisation", "alliance", "stake",
)  # fmt: skip
AT_END = ("alliance", "stake")
WHO_COLUMNS = ("strategy", "group", "villages", "poor", *DESCRIBED)


def thirds(values: np.ndarray) -> np.ndarray:
    """0, 1 or 2 for the lowest, middle and highest third of villages of each future, `(F, V)`."""
    order = np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable")
    return order * 3 // values.shape[1]


def kinds(results: Results) -> dict[str, np.ndarray]:
    """Class of each village at the start of its future, `(F, V)`, by what the classes are about."""

    def first(column: str) -> np.ndarray:
        return starting_values(results, column).by_strategy[results.reference]

    found = {"income": tier_of(first("income_operating"))}
    if results.has_village_columns("service_upgraded"):
        found["centre"] = (first("service_upgraded") > 0).astype(int)
    for column, name in THIRDS.items():
        if results.has_village_columns(column) and np.ptp(first(column)) > 0:
            found[name] = thirds(first(column))
    return found


def group_means(change: np.ndarray, classes: np.ndarray, number: int) -> np.ndarray:
    """Mean change of the villages of one class, a value per future that has any."""
    inside = classes == number
    count = inside.sum(axis=1)
    return (np.where(inside, change, 0).sum(axis=1) / np.maximum(count, 1))[count > 0]


@once
def by_kind(results: Results, column: str) -> pd.DataFrame:
    """Mean difference to the reference at the horizon by kind of village, and the range of 90 of 100 futures."""
    villages = results.village_values(column, results.horizon)
    rows = []
    for name, classes in kinds(results).items():
        for key, change in changes(results, villages):
            for number in np.unique(classes):
                means = group_means(change, classes, number)
                found = paired_summary(means, 0 * means)
                size = (classes == number).sum(axis=1).mean()
                told = [found[part] for part in ("spread_low", "spread_high", "share_better", "n")]
                rows.append((name, int(number), key, size, means.mean(), *told, Verdict.of(found).word))
    columns = ["kind", "class", "strategy", "villages", "difference", "low", "high", "share_better", "n", "verdict"]
    return pd.DataFrame(rows, columns=columns)


@once
def who(results: Results, column: str) -> pd.DataFrame:
    """Villages that gain and lose by a measure of income, described by what they had at first.

    One row per strategy for those that gain and those that lose, and one for all villages. Conditions are those of the
    start of the future; being in an alliance and holding a stake are those of the horizon under the strategy. A group
    of fewer than `FEWEST` villages on average is not described.
    """
    villages = results.village_values(column, results.horizon)
    shown = [name for name in DESCRIBED if results.has_village_columns(name)]
    first = {
        name: starting_values(results, name).by_strategy[results.reference] for name in shown if name not in AT_END
    }
    rows = []
    for key, change in changes(results, villages):
        have = dict(first)
        for name in set(AT_END) & set(shown):
            have[name] = (results.village_values(name, results.horizon).by_strategy[key] > 0) * 1.0
        groups = {"gain": change > TOLERANCE, "lose": change < -TOLERANCE, "all": np.ones(change.shape, dtype=bool)}
        for group, inside in groups.items():
            count = inside.sum(axis=1).mean()
            row: dict[str, object] = {"strategy": key, "group": group, "villages": count}
            if count >= FEWEST:
                row["poor"] = (have["income_operating"][inside] < 10).mean()
                row |= {name: have[name][inside].mean() for name in shown}
            rows.append(row)
    return pd.DataFrame(rows, columns=list(WHO_COLUMNS)).dropna(axis=1, how="all")


def possible(results: Results) -> bool:
    """Whether participation by village was simulated and there is something to compare."""
    if not (results.others and results.has_village_columns("participation")):
        return False
    return bool(by_kind(results, "participation")["difference"].notna().any())


def class_name(kind: str, number: int, words: Words) -> str:
    """Name of a class of villages."""
    return tier_name(number, words) if kind == "income" else words(f"class_{kind}_{number}")


def title(results: Results, words: Words) -> str:
    """Where the change is largest, for the strategy that changes participation most."""
    table = by_kind(results, "participation")
    if results.n < FEW:
        return words("few_title", subject=words("indicator_participation"), n=results.n)
    table = table[table["strategy"].isin(policies_drawn(results))]
    clear = table[table["verdict"].isin(["higher", "lower"])]
    if clear.empty:
        return words("title_kinds_unclear")
    row = clear.loc[clear["difference"].abs().idxmax()]
    return words(
        "title_kinds",
        name=telling.quoted(results, row["strategy"], words),
        kind=words(f"within_{row['kind']}"),
        group=class_name(row["kind"], int(row["class"]), words),
        change=words.with_unit("points", row["difference"], signed=True),
    )


def drawn(results: Results) -> list[str]:
    """Strategies that have a line."""
    return most_changed(results, policies_drawn(results), "participation")


def draw(results: Results, words: Words) -> Figure:
    """One panel per way of sorting villages; a line per class and strategy."""
    table = by_kind(results, "participation")
    names = list(dict.fromkeys(table["kind"]))
    keys = drawn(results)
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
        panel(axes, results, words, table[table["kind"] == name], name)
        axes.set_ylim(tall[names.index(name) // 2] - 0.5, -0.5)
        axes.tick_params(labelbottom=True)
    figure.supxlabel(words("axis_difference", unit=words.unit("points")), fontsize=8.5, color=style.FAINT)
    legend(figure, results, keys, words)
    return figure


def panel(axes: Axes, results: Results, words: Words, table: pd.DataFrame, kind: str) -> None:
    """One way of sorting villages."""
    keys = drawn(results)
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
            row, hue = rows.loc[key], colour(results, key)
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
    style.numbers(axes.xaxis)
    axes.grid(axis="x")


ANSWERS = (
    Answer(
        "participation_by_kind", lambda results: by_kind(results, "participation"), possible, needs_villages=True,
        picture=Picture(draw, title, "note_kinds", "participation", leaves_out_none=True),
    ),
    Answer("who_gains", lambda results: in_one(results, who), needs_villages=True, sheet="gains"),
)  # fmt: skip
