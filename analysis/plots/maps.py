"""Where: towns as tiles and villages at schematic positions, effect and share of futures on common scales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import describe, distribution, places
from analysis.effects import CLEAR_SHARE, FEW
from analysis.findings import INCOME, Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, comparable, in_a_line, label, most_changed
from analysis.plots.ground import Ground, placed

COLOURS = "BrBG"
WHAT = ("difference", "share_better")
DRAWN_BY = "income_operating_mean"
UNCHANGED = (0.92, 0.93, 0.94, 1.0)
"""Where a strategy changes nothing in any future there is no share of futures to colour."""


@dataclass(frozen=True)
class Scale:
    """One colour scale for all strategies, its middle at no difference."""

    low: float
    high: float

    def hue(self, values: np.ndarray) -> np.ndarray:
        """Colours of values."""
        hue = mpl.colormaps[COLOURS](Normalize(self.low, self.high, clip=True)(values))
        hue[np.isnan(values)] = UNCHANGED
        return hue


def scales(table: pd.DataFrame) -> dict[str, Scale]:
    """Scales of the effect (centred on 0; `none` does not widen it) and of the share of futures (centred on a half)."""
    rows = table[table["strategy"] != "none"]
    most = (rows if len(rows) else table)["difference"].abs().quantile(0.98)
    most = max(float(most), 0.05)
    return {"difference": Scale(-most, most), "share_better": Scale(0.0, 1.0)}


def sheet(
    findings: Findings, words: Words, table: pd.DataFrame, height: float, paint: Callable, key: Callable[[Axes], None]
) -> Figure:
    """A panel that names the places, then two for every strategy: effect above, share of futures below."""
    keys = most_changed(findings, list(dict.fromkeys(table["strategy"])), DRAWN_BY)
    cells = [None, *keys]
    columns = in_a_line(len(cells))
    blocks = -(-len(cells) // columns)
    width = style.WIDTH if columns > 2 else 2.3 * columns + 0.6
    figure = Figure(figsize=(width, blocks * (2 * height + 0.45) + 0.1), layout="constrained")
    grid = figure.subplots(2 * blocks, columns, squeeze=False)
    found = scales(table)
    for axes in grid.flat:
        axes.set_axis_off()
    for number, name in enumerate(cells):
        block, column = divmod(number, columns)
        upper, lower = grid[2 * block, column], grid[2 * block + 1, column]
        if name is None:
            key(upper)
            upper.set_title(words("map_key"), fontsize=8.5, color=style.FAINT)
            bars(lower, words, found)
            continue
        rows = table[table["strategy"] == name]
        for axes, what in zip((upper, lower), WHAT, strict=True):
            changed = (rows["difference"].abs() > 1e-9) | (what == "difference")
            paint(axes, rows, rows[what].where(changed).to_numpy(), found[what], what)
        text = label(findings, name, words, int(width * 12.5 / columns))
        upper.set_title(text, fontsize=8.5, linespacing=1.3, color=colour(findings, name))
    return figure


def bars(axes: Axes, words: Words, found: dict[str, Scale]) -> None:
    """The two colour scales."""
    for place, what in zip((0.72, 0.28), WHAT, strict=True):
        scale = found[what]
        inset = axes.inset_axes((0.06, place, 0.86, 0.07))
        mappable = ScalarMappable(Normalize(scale.low, scale.high), COLOURS)
        extend = "both" if what == "difference" else "neither"
        bar = axes.figure.colorbar(mappable, cax=inset, orientation="horizontal", extend=extend)
        middle = (scale.low + scale.high) / 2
        ticks = [scale.low, middle, scale.high]
        if what == "difference":
            texts = [words.number(tick, 1, signed=True) for tick in ticks]
        else:
            texts = [words.percent(tick) for tick in ticks]
        bar.set_ticks(ticks, labels=texts)
        bar.outline.set_visible(False)
        inset.tick_params(length=0, labelsize=7)
        inset.set_title(words(f"map_{what}", unit=words.unit("income")), fontsize=7.5, color=style.FAINT, pad=3)


def town_names(findings: Findings, lang: str) -> dict[str, str]:
    """Names of towns in a language by their Chinese name."""
    place = places.schematic(findings.results)
    return dict(zip(place["town_zh"], place[f"town_{lang}"], strict=True))


def possible(findings: Findings) -> bool:
    """Whether the study says where towns lie."""
    place = places.schematic(findings.results)
    return comparable(findings) and len(place.get("town_position_km") or []) > 1


def draw_tiles(findings: Findings, words: Words) -> Figure:
    """Towns as tiles on a small grid."""
    place = places.schematic(findings.results)
    tiles = places.grid(np.array(place["town_position_km"], dtype=float))
    at = {town: tuple(tile) for town, tile in zip(place["town_zh"], tiles, strict=True)}
    names = town_names(findings, words.lang)
    across, down = tiles.max(axis=0) + 1

    def frame(axes: Axes) -> None:
        axes.set_xlim(-0.05, across + 0.05)
        axes.set_ylim(down + 0.05, -0.05)

    def paint(axes: Axes, rows: pd.DataFrame, values: np.ndarray, scale: Scale, what: str) -> None:
        for town, value, hue in zip(rows["town"], values, scale.hue(values), strict=True):
            column, line = at[town]
            axes.add_patch(Rectangle((column + 0.03, line + 0.03), 0.94, 0.94, facecolor=hue, linewidth=0))
            text = words.number(value, 1, signed=True) if what == "difference" else words.number(100 * value, 0)
            dark = abs((value - scale.low) / (scale.high - scale.low) - 0.5) > 0.3
            ink = "white" if dark else style.INK
            axes.text(column + 0.5, line + 0.5, text, ha="center", va="center", fontsize=6.3, color=ink)
        frame(axes)

    def key(axes: Axes) -> None:
        for town, (column, line) in at.items():
            axes.add_patch(Rectangle((column + 0.03, line + 0.03), 0.94, 0.94, facecolor="#eceef0", linewidth=0))
            name = short(names[town], words.lang)
            size = 5.4 if words.lang == "zh" else 3.9
            axes.text(column + 0.5, line + 0.5, name, ha="center", va="center", fontsize=size, linespacing=1.1)
        frame(axes)

    return sheet(findings, words, findings.towns, 0.36 * float(down) + 0.1, paint, key)


def short(name: str, lang: str) -> str:
    """A town's name as it fits on a tile: Chinese without the kind of town, in two lines where long."""
    if lang == "en":
        return style.clean(name, lang)
    core = name.removesuffix("街道").removesuffix("镇") if len(name) > 2 else name
    return core if len(core) <= 3 else f"{core[:2]}\n{core[2:]}"


def title_tiles(findings: Findings, words: Words) -> str:
    """In how many towns incomes are higher in at least two thirds of the futures, by strategy."""
    return count_title(findings, words, findings.towns, "title_tiles", findings.towns["town"].nunique())


def count_title(findings: Findings, words: Words, table: pd.DataFrame, key: str, whole: int) -> str:
    """How many places are better in most futures, by strategy."""
    if findings.results.n < FEW:
        return words("few_title", subject=words("map_subject"), n=findings.results.n)
    better = (table["share_better"] >= CLEAR_SHARE).groupby(table["strategy"], sort=False).sum()
    counts = {str(name): float(count) for name, count in better.items()}
    return words(key, whole=whole, parts=describe.listed(findings, words, counts, lambda count: f"{count:.0f}"))


def village_effects(findings: Findings) -> pd.DataFrame:
    """Mean difference and share of futures better by village code label."""
    return distribution.by_village(findings.results, INCOME)


def draw_villages(findings: Findings, words: Words) -> Figure:
    """Villages as dots within the outline."""
    ground, place = Ground.of(findings), places.schematic(findings.results)

    def paint(axes: Axes, rows: pd.DataFrame, values: np.ndarray, scale: Scale, _what: str) -> None:
        ground.frame(axes)
        axes.scatter(*ground.position.T, s=11, c=scale.hue(values), edgecolors="#6f767e", linewidths=0.3)

    def key(axes: Axes) -> None:
        ground.frame(axes)
        axes.scatter(*ground.position.T, s=2, color=style.LINE, linewidths=0)
        size = 5.2 if words.lang == "zh" else 4.2
        for name, (east, north) in zip(place[f"town_{words.lang}"], ground.towns, strict=True):
            axes.text(east, north, style.clean(name, words.lang), fontsize=size, ha="center", va="center")

    return sheet(findings, words, village_effects(findings), 2.1 * ground.height, paint, key)


def possible_villages(findings: Findings) -> bool:
    """Whether there are villages with a place and something to compare."""
    return possible(findings) and placed(findings)


def title_villages(findings: Findings, words: Words) -> str:
    """How many villages are better off in at least two thirds of the futures, by strategy."""
    table = village_effects(findings)
    return count_title(findings, words, table, "title_map", table["village"].nunique())


PLOTS = [
    Plot(
        "town_tiles",
        "places",
        possible,
        draw_tiles,
        title_tiles,
        lambda findings: findings.towns,
        "note_tiles",
        DRAWN_BY,
    ),
    Plot(
        "village_map", "places", possible_villages, draw_villages, title_villages, village_effects, "note_map", DRAWN_BY
    ),
]
