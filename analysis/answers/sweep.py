"""A sweep read off: what each cell changes, how that responds to each setting, and which cells can't be told apart.

A cell is compared with its own reference, which holds the same parameters; two cells are compared by what they change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.answers import Answer, Picture
from analysis.data import effects
from analysis.data.once import once
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import indicator_name, outside_legend
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import CLEAR, FEW, SMALL, verdict, word

INCOME = "income_operating_mean"
INDICATORS = (INCOME, "villages_30_operating", "participation", "public_cost_discounted")
MOST_LINES = 8
"""Lines of one panel; of more, some at equal steps are drawn."""
MOST_PANELS, MOST_NAMED = 4, 3
MOST_NUMBERS = 12
"""Columns of a map up to which its fields hold numbers."""
Place = tuple[int, ...]


@dataclass(frozen=True)
class Setting:
    """A swept setting.

    Attributes:
        told: labels, values and their texts, as the manifest holds them.
        order: places of its values, by size where they are numbers.
    """

    told: dict[str, Any]
    order: list[int]

    @property
    def are_numbers(self) -> bool:
        """Whether its values lie on a scale."""
        return all(isinstance(value, int | float) for value in self.told["values"])

    def rank(self, value: Any) -> int:
        """Place of a value on the scale; -1 where the cell does not set it."""
        return -1 if value is None else [self.told["values"][place] for place in self.order].index(value)

    def number(self, rank: int) -> float:
        """Where a value stands on an axis."""
        return float(self.told["values"][self.order[rank]]) if self.are_numbers else float(rank)

    def text(self, rank: int, words: Words, what: str = "texts") -> str:
        """What is written for a value, or said of it (`phrases`)."""
        return "–" if rank < 0 else str(self.told[f"{what}_{words.lang}"][self.order[rank]])

    def label(self, words: Words) -> str:
        """Its name."""
        return str(self.told[words.lang])


def is_sweep(results: Results) -> bool:
    """Whether cells differ in more than their strategy: those that do not are an ordinary comparison."""
    node = results.manifest.get("sweep") or {}
    return any(item["path"] != "strategy" for item in node.get("settings", []))


@once
def settings(results: Results) -> list[Setting]:
    """All that is swept, in its order."""
    found = []
    for item in results.manifest["sweep"]["settings"]:
        setting = Setting(item, list(range(len(item["values"]))))
        by_size = sorted(setting.order, key=lambda place, values=item["values"]: values[place])  # type: ignore[misc]
        found.append(Setting(item, by_size) if setting.are_numbers else setting)
    return found


@once
def places(results: Results) -> dict[str, Place]:
    """Where each cell stands on the scale of each setting, by its key."""
    cells = [cell for cell in results.manifest["sweep"]["cells"] if cell["key"] in results.strategies]
    return {
        cell["key"]: tuple(item.rank(value) for item, value in zip(settings(results), cell["values"], strict=True))
        for cell in cells
    }


@once
def changes(results: Results, key: str, indicator: str) -> pd.Series:
    """What a cell changes against its reference at the horizon, a value per future."""
    reference = next(cell["reference"] for cell in results.manifest["sweep"]["cells"] if cell["key"] == key)
    one, two = (effects.outcomes(results, name, indicator, results.horizon) for name in (key, reference))
    shared = one.dropna().index.intersection(two.dropna().index)
    return one[shared] - two[shared]


def compared(results: Results, indicator: str, one: str, two: str | None = None) -> dict[str, Any]:
    """What a cell changes, or how much more it changes than another one, summarised over futures."""
    change = changes(results, one, indicator)
    against = change * 0 if two is None else changes(results, two, indicator)
    shared = change.index.intersection(against.index)
    direction = effects.direction_of(results, indicator)
    row = {"indicator": indicator, "direction": direction}
    row |= effects.paired_summary(change[shared].to_numpy(), against[shared].to_numpy(), direction)
    return row | {"verdict": verdict(row)}


SHOWN = ("difference", "spread_low", "spread_high", "precision_low", "precision_high", "share_better", "n", "verdict")


@once
def table(results: Results) -> pd.DataFrame:
    """Each cell with its settings: level of each indicator at the horizon, and what the cell changes."""
    rows = []
    for key, place in places(results).items():
        for indicator in (name for name in INDICATORS if effects.available(results, name)):
            level = effects.outcomes(results, key, indicator, results.horizon).mean()
            row = compared(results, indicator, key)
            rows.append({"strategy": key, **named(results, place), "indicator": indicator, "year": results.horizon,
                         "level": level, **{name: row[name] for name in SHOWN}})  # fmt: skip
    return pd.DataFrame(rows)


def named(results: Results, place: Place) -> dict[str, str]:
    """A cell's settings by path; `base` is the strategy it builds on."""
    columns = ["base" if item.told["path"] == "strategy" else item.told["path"] for item in settings(results)]
    texts = [item.text(rank, Words("en")) for item, rank in zip(settings(results), place, strict=True)]
    return dict(zip(columns, texts, strict=True))


@once
def lines(results: Results, number: int) -> dict[Place, list[str]]:
    """Cells that differ in one setting alone, in the order of its scale, by their places in all others."""
    found: dict[Place, list[str]] = {}
    for key, place in sorted(places(results).items(), key=lambda pair: pair[1][number]):
        if place[number] >= 0:
            found.setdefault(place[:number] + place[number + 1 :], []).append(key)
    return dict(sorted(found.items()))


@once
def steps(results: Results) -> pd.DataFrame:
    """Neighbours: cells one step apart in one setting, and how much more the second one changes than the first."""
    rows = [
        {"setting": item.told["path"], "from": one, "to": two, **compared(results, indicator, two, one)}
        for number, item in enumerate(settings(results))
        for keys in lines(results, number).values()
        for one, two in zip(keys, keys[1:], strict=False)
        for indicator in INDICATORS[:3] if results.has(indicator)
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=["setting", "from", "to", "indicator", *SHOWN])
    found["verdict"] = [word(row) for _, row in found.iterrows()]
    return found


@once
def moves(results: Results, indicator: str) -> dict[tuple[str, str], str]:
    """What may be said of each step."""
    found = steps(results)
    found = found[found["indicator"] == indicator]
    return {(row["from"], row["to"]): row["verdict"] for _, row in found.iterrows()}


def course(results: Results, keys: list[str], number: int, indicator: str = INCOME) -> tuple[str, int]:
    """How a line goes on: rises, falls, flat, levels_up, levels_down, peak, dip; and the place where that is decided.

    A line levels off where no later step is both clear and large enough to matter; it turns where clear steps change
    their direction.
    """
    said = [moves(results, indicator)[pair] for pair in zip(keys, keys[1:], strict=False)]
    clear = [step for step, one in enumerate(said) if one in CLEAR]
    rank = [places(results)[key][number] for key in keys]
    if not clear:
        return "flat", rank[0]
    directions = [said[step] for step in clear]
    if len(set(directions)) > 1:
        means = [changes(results, key, indicator).mean() for key in keys]
        peak = directions[0] == "higher"
        return ("peak" if peak else "dip"), rank[int(np.argmax(means) if peak else np.argmin(means))]
    up = directions[0] == "higher"
    if clear[-1] < len(said) - 1:
        return ("levels_up" if up else "levels_down"), rank[clear[-1] + 1]
    return ("rises" if up else "falls"), rank[-1]


def courses(results: Results, words: Words) -> list[str]:
    """A sentence for each setting: where its effect levels off or turns, lines that do the same together."""
    if results.n < FEW:
        return [words("few_title", subject=words("sweep_subject"), n=results.n)]
    found = []
    for number, item in enumerate(settings(results)):
        groups: dict[tuple[str, int], list[Place]] = {}
        for others, keys in lines(results, number).items():
            said_of = {moves(results, INCOME)[pair] for pair in zip(keys, keys[1:], strict=False)}
            if item.are_numbers and said_of - {"same"}:
                groups.setdefault(course(results, keys, number), []).append(others)
        total = sum(map(len, groups.values()))
        parts = []
        for (how, rank), members in groups.items():
            who = "" if len(members) == total else words("sweep_who", who=lines_named(results, members, number, words))
            parts.append(who + words(f"sweep_{how}", value=item.text(rank, words)))
        if parts:
            label = item.label(words)
            found.append(
                f"{label[:1].upper()}{label[1:]}" + words("sweep_course", parts=words("semicolon").join(parts))
            )
    return found


def lines_named(results: Results, members: list[Place], number: int, words: Words) -> str:
    """Lines by the other settings of their cells, or their number where they are many."""
    if len(members) > MOST_NAMED:
        return words("sweep_lines", count=len(members))
    others = [item for place, item in enumerate(settings(results)) if place != number]
    return words.join([said(others, place, words) for place in members])


def said(items: list[Setting], place: Place, words: Words) -> str:
    """Settings in words."""
    texts = [item.text(rank, words, "phrases") for item, rank in zip(items, place, strict=True) if rank >= 0]
    return {"zh": "，", "en": ", "}[words.lang].join(texts)


def apart(results: Results, words: Words) -> str:
    """Which neighbours can't be told apart by income."""
    if results.n < FEW:
        return ""
    pairs = {pair: said_of for pair, said_of in moves(results, INCOME).items() if said_of != "same"}
    alike = [pair for pair, said_of in pairs.items() if said_of not in CLEAR]
    if not alike:
        return words("sweep_all_apart", total=len(pairs)) if pairs else ""
    named_pairs = [(results.name(one, words.lang), results.name(two, words.lang)) for one, two in alike[:MOST_NAMED]]
    names = [words("sweep_pair", one=one, two=two) for one, two in named_pairs]
    more = words("sweep_more") if len(alike) > MOST_NAMED else ""
    limit, listed = words.with_unit("income", SMALL["income"]), words("semicolon").join(names) + more
    return words("sweep_alike", count=len(alike), total=len(pairs), names=listed, limit=limit)


def best(results: Results, words: Words) -> str:
    """The cell with the largest effect, and how many can't be told from it."""
    means = {key: changes(results, key, INCOME).mean() for key in places(results)}
    first = max(means, key=lambda key: means[key])
    row = compared(results, INCOME, first)
    alike = [
        key for key in means if key != first and word(pd.Series(compared(results, INCOME, key, first))) not in CLEAR
    ]
    ends = (row["spread_low"], row["spread_high"])
    told = {
        "name": results.name(first, words.lang),
        "change": words.with_unit("income", row["difference"], signed=True),
    }
    told |= {"span": words.within("income", ends, results.n, signed=True), "year": results.horizon}
    tail = words("sweep_best_alike", count=len(alike)) if alike and results.n >= FEW else ""
    return words("gap").join(filter(None, [words("sweep_best", **told), tail]))


def sentences(results: Results, words: Words) -> list[str]:
    """What the sweep tells, the most important first."""
    return [line for line in (best(results, words), *courses(results, words), apart(results, words)) if line]


def arranged(results: Results) -> list[int]:
    """Settings by their place in figures: the axis, the lines or the other side of a map, the panels.

    The axis is the one with most values among those on a scale; what has one value only has no place.
    """
    found = settings(results)
    several = [number for number, item in enumerate(found) if len(item.order) > 1]
    return sorted(several, key=lambda number: (not found[number].are_numbers, -len(found[number].order)))


def panels(results: Results, first: list[int]) -> dict[Place, list[str]]:
    """Cells by their places in all settings but the first ones; of many groups, some at equal steps."""
    groups: dict[Place, list[str]] = {}
    for key, place in places(results).items():
        groups.setdefault(tuple(rank for number, rank in enumerate(place) if number not in first), []).append(key)
    return some(dict(sorted(groups.items())), MOST_PANELS)


def some(groups: dict[Any, Any], most: int) -> dict[Any, Any]:
    """At most so many of them, the first and the last among these."""
    keys = list(groups)
    kept = (
        keys
        if len(keys) <= most
        else [keys[place] for place in np.linspace(0, len(keys) - 1, most).round().astype(int)]
    )
    return {key: groups[key] for key in kept}


def heading(results: Results, first: list[int], place: Place, words: Words) -> str:
    """What the cells of a panel have in common."""
    return said([item for number, item in enumerate(settings(results)) if number not in first], place, words)


def draw_curves(results: Results, words: Words) -> Figure:
    """A line of panels for each indicator: the swept setting along the axis, a line for each value of the second."""
    first = arranged(results)[:2]
    groups, shown = panels(results, first), [name for name in INDICATORS[:2] if results.has(name)]
    alone = len(groups) == 1
    rows, columns = (1, len(shown)) if alone else (len(shown), len(groups))
    figure = Figure(figsize=(style.WIDTH, 3.1 * rows + 0.3), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, sharey=False if alone else "row")
    hues = colours(results, first)
    for row, indicator in enumerate(shown):
        for column, (place, keys) in enumerate(groups.items()):
            axes = grid[0, row] if alone else grid[row, column]
            curves(axes, results, (keys, first, indicator), hues, words)
            title = indicator_name(results, indicator, words) if alone else heading(results, first, place, words)
            if alone or not row:
                axes.set_title(style.wrap(style.clean(title, words.lang), 40))
            if alone or not column:
                unit = words("axis_difference_short", unit=words.unit(kind_of(indicator)))
                named = unit if alone else f"{indicator_name(results, indicator, words)}\n{unit}"
                axes.set_ylabel(style.clean(named, words.lang))
    if hues:
        second = settings(results)[first[1]]
        marks = [Line2D([], [], color=hue, linewidth=2, marker="o", markersize=4) for hue in hues.values()]
        names = [style.clean(second.text(rank, words, "phrases"), words.lang) for rank in hues]
        outside_legend(figure, marks, names, max(1, 90 // (max(map(style.width_of, names)) + 5)))
    return figure


def colours(results: Results, first: list[int]) -> dict[int, Any]:
    """The colour of each line that is drawn, by the place of the second setting's value; none without a second."""
    if len(first) < 2:
        return {}
    ranks = some(dict.fromkeys(sorted({place[first[1]] for place in places(results).values()})), MOST_LINES)
    hues = mpl.colormaps["viridis"](np.linspace(0.05, 0.85, len(ranks)))
    return dict(zip(ranks, hues, strict=True))


def curves(
    axes: Axes, results: Results, what: tuple[list[str], list[int], str], hues: dict[int, Any], words: Words
) -> None:
    """One panel: mean change with the precision as a band; a single line has the range of futures as well."""
    keys, first, indicator = what
    item, scale = settings(results)[first[0]], words.scale(kind_of(indicator))[0]
    style.zero(axes, vertical=False)
    for rank, hue in (hues or {0: "#0072b2"}).items():
        own = [key for key in keys if not hues or places(results)[key][first[1]] == rank]
        own = sorted(
            (key for key in own if places(results)[key][first[0]] >= 0), key=lambda key: places(results)[key][first[0]]
        )
        found = [compared(results, indicator, key) for key in own]
        x = [item.number(places(results)[key][first[0]]) for key in own]
        low, high, mean, least, most = (
            [row[name] * scale for row in found]
            for name in ("precision_low", "precision_high", "difference", "spread_low", "spread_high")
        )
        if not hues:
            axes.fill_between(x, least, most, color=hue, alpha=0.13, linewidth=0)
        axes.fill_between(x, low, high, color=hue, alpha=0.25, linewidth=0)
        axes.plot(x, mean, color=hue, linewidth=1.8, marker="o", markersize=4)
    ticks = some({item.number(rank): item.text(rank, words) for rank in range(len(item.order))}, 8)
    axes.set_xticks(list(ticks), [style.clean(text, words.lang) for text in ticks.values()])
    unit = item.told["unit_zh" if words.lang == "zh" else "unit"]
    axes.set_xlabel(style.clean(item.label(words) + (words("sweep_unit", unit=unit) if unit else ""), words.lang))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(style.thousands())
    axes.grid(axis="y")


def draw_map(results: Results, words: Words) -> Figure:
    """Mean change of income over two settings; a circle where it can't be told from none, ≈ between like neighbours."""
    first = arranged(results)[:2]
    groups = panels(results, first)
    across, up = (settings(results)[number] for number in first)
    height = min(0.42 * len(up.order), 6) + 1.1
    figure = Figure(figsize=(style.WIDTH, height * len(groups)), layout="constrained")
    grid = figure.subplots(len(groups), 1, squeeze=False)
    means = {key: changes(results, key, INCOME).mean() for key in places(results)}
    low, high = min(0, *means.values()), max(0, *means.values())
    norm = mpl.colors.TwoSlopeNorm(0, min(low, -1e-9), max(high, 1e-9))
    for axes, (place, keys) in zip(grid[:, 0], groups.items(), strict=True):
        fields(axes, results, (keys, first), (means, norm), words)
        for ticks, item in ((axes.set_xticks, across), (axes.set_yticks, up)):
            shown = some({rank: style.clean(item.text(rank, words), words.lang) for rank in range(len(item.order))}, 12)
            ticks(list(shown), list(shown.values()))
        axes.set_ylabel(style.wrap(style.clean(up.label(words), words.lang), 20))
        axes.set_title(style.wrap(style.clean(heading(results, first, place, words), words.lang), 90))
        axes.set_xlabel(style.clean(across.label(words), words.lang))
    return figure


def fields(
    axes: Axes, results: Results, what: tuple[list[str], list[int]], shown: tuple[dict[str, float], Any], words: Words
) -> None:
    """The fields of one map with their numbers, and what can't be told apart."""
    (keys, first), (means, norm) = what, shown
    where = {key: (places(results)[key][first[0]], places(results)[key][first[1]]) for key in keys}
    where = {key: place for key, place in where.items() if min(place) >= 0}
    wide, tall = (len(settings(results)[number].order) for number in first)
    colourmap = mpl.colormaps["PuOr"]
    for key, (x, y) in where.items():
        hue = colourmap(1 - norm(means[key]))
        axes.add_patch(mpl.patches.Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=hue, edgecolor="white", linewidth=1.5))
        if wide <= MOST_NUMBERS:
            said_of = compared(results, INCOME, key)["verdict"]
            ink = "white" if np.dot(hue[:3], (0.3, 0.59, 0.11)) < 0.5 else style.INK
            text = words.amount("income", means[key], signed=True) + ("" if said_of in CLEAR else " ○")
            text = "=" if said_of == "same" else text
            axes.text(x, y, text, ha="center", va="center", fontsize=8, color=ink)
    for (one, two), said_of in moves(results, INCOME).items() if wide <= MOST_NUMBERS else ():
        if one in where and two in where and said_of not in (*CLEAR, "same"):
            x, y = (np.array(where[one]) + np.array(where[two])) / 2
            axes.text(x, y, "≈", ha="center", va="center", fontsize=7, color=style.INK, zorder=3,
                      bbox={"boxstyle": "circle,pad=0.12", "facecolor": "white", "edgecolor": style.LINE})  # fmt: skip
    axes.set_xlim(-0.5, wide - 0.5)
    axes.set_ylim(-0.5, tall - 0.5)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)


def has_two(results: Results) -> bool:
    """Whether two settings are swept over several values each."""
    return is_sweep(results) and len(arranged(results)) > 1


def swept_names(results: Results, words: Words) -> str:
    """All that is swept; the measure's name before its first setting where all are of one measure."""
    paths = [item.told["path"].split(".") for item in settings(results)]
    labels = [item.label(words) for item in settings(results)]
    measures = [(place, path[2]) for place, path in enumerate(paths) if path[:2] == ["strategy", "levers"]]
    if len({measure for _, measure in measures}) == 1:
        place, measure = measures[0]
        labels[place] = results.lever_name(measure, words.lang) + words("sweep_colon") + labels[place]
    return " × ".join(labels)


def title_curves(results: Results, words: Words) -> str:
    """How income responds to the setting along the axis."""
    first = settings(results)[arranged(results)[0]].label(words)
    return words("title_sweep_curves", label=first, year=results.horizon)


def title_map(results: Results, words: Words) -> str:
    """What the map shows."""
    one, two = (settings(results)[number].label(words) for number in arranged(results)[:2])
    return words("title_sweep_map", one=one, two=two, year=results.horizon)


ANSWERS = (
    Answer("sweep", table, is_sweep),
    Answer("sweep_steps", steps, is_sweep),
    Answer("sweep_curves", table, is_sweep, picture=Picture(draw_curves, title_curves, "note_sweep_curves")),
    Answer("sweep_map", table, has_two, picture=Picture(draw_map, title_map, "note_sweep_map")),
)
