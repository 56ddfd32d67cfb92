"""A sweep read off: what each cell changes, how that responds to each setting, and which cells can't be told apart.

A cell is compared with its own reference, which holds the same parameters; two cells are compared by what they change.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.answers import Answer, Picture
from analysis.data import effects
from analysis.data.once import once
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import indicator_name, outside_legend
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import CLEAR, FEW, SMALL, Verdict

INDICATORS = (*effects.HEADLINE, "villages_aim_operating", "participation", "public_cost_discounted")
MOST_LINES = 8
"""Lines of one panel; of more, some at equal steps are drawn."""
MOST_PANELS, MOST_NAMED = 4, 3
MOST_NUMBERS = 12
"""Columns of a map up to which its fields hold numbers, and values written along an axis at most."""
Place = tuple[int, ...]


def is_sweep(results: Results) -> bool:
    """Whether cells differ in more than their strategy: those that do not are an ordinary comparison."""
    node = results.manifest.get("sweep") or {}
    return any(item["path"] != "strategy" for item in node.get("settings", []))


def settings(results: Results) -> list[dict[str, Any]]:
    """All that is swept, in its order: labels, values and their texts, as the manifest holds them."""
    return list(results.manifest["sweep"]["settings"])


def are_numbers(item: dict[str, Any]) -> bool:
    """Whether a setting's values lie on a scale."""
    return all(isinstance(value, int | float) for value in item["values"])


def written(item: dict[str, Any], place: int, words: Words, what: str = "texts") -> str:
    """What is written for a value, or said of it (`phrases`)."""
    return "–" if place < 0 else str(item[f"{what}_{words.lang}"][place])


def said(items: list[dict[str, Any]], place: Place, words: Words) -> str:
    """Settings in words."""
    texts = [written(item, rank, words, "phrases") for item, rank in zip(items, place, strict=True) if rank >= 0]
    return {"zh": "，", "en": ", "}[words.lang].join(texts)


@once
def places(results: Results) -> dict[str, Place]:
    """Place of each cell's value among those of each setting, by the cell's key; -1 where it does not set it."""
    scales = [item["values"] for item in settings(results)]
    return {
        cell["key"]: tuple(
            -1 if value is None else scale.index(value) for value, scale in zip(cell["values"], scales, strict=True)
        )
        for cell in results.manifest["sweep"]["cells"] if cell["key"] in results.strategies
    }  # fmt: skip


@once
def changes(results: Results, key: str, indicator: str) -> pd.Series:
    """What a cell changes against its reference at the horizon, a value per future."""
    reference = next(cell["reference"] for cell in results.manifest["sweep"]["cells"] if cell["key"] == key)
    return effects.change(results, key, indicator, reference)


@once
def compared(results: Results, indicator: str, one: str, two: str | None = None) -> dict[str, Any]:
    """What a cell changes, or how much more it changes than another one, summarised over futures."""
    change = changes(results, one, indicator)
    against = change * 0 if two is None else changes(results, two, indicator)
    direction = effects.direction_of(results, indicator)
    row = {"indicator": indicator, "direction": direction} | effects.compared(change, against, direction)
    return row | {"verdict": Verdict.of(row).direction}


SHOWN = ("difference", "spread_low", "spread_high", "precision_low", "precision_high", "share_better", "n", "verdict")


@once
def table(results: Results) -> pd.DataFrame:
    """Each cell: its settings by path (`base`: what it builds on), level of each indicator, what the cell changes."""
    columns = ["base" if item["path"] == "strategy" else item["path"] for item in settings(results)]
    rows = []
    for key, place in places(results).items():
        texts = [written(item, rank, Words("en")) for item, rank in zip(settings(results), place, strict=True)]
        for indicator in (name for name in INDICATORS if effects.available(results, name)):
            level = effects.outcomes(results, key, indicator, results.horizon).mean()
            row = compared(results, indicator, key)
            rows.append({"strategy": key, **dict(zip(columns, texts, strict=True)), "indicator": indicator,
                         "year": results.horizon, "level": level, **{name: row[name] for name in SHOWN}})  # fmt: skip
    return pd.DataFrame(rows)


@once
def lines(results: Results, number: int) -> dict[Place, list[str]]:
    """Cells that differ in one setting alone, in the order of its values, by their places in all others."""
    found: dict[Place, list[str]] = {}
    for key, place in sorted(places(results).items(), key=lambda pair: pair[1][number]):
        if place[number] >= 0:
            found.setdefault(place[:number] + place[number + 1 :], []).append(key)
    return dict(sorted(found.items()))


@once
def steps(results: Results) -> pd.DataFrame:
    """Neighbours: cells one step apart in one setting, and how much more the second one changes than the first."""
    rows = [
        {"setting": item["path"], "from": one, "to": two, **compared(results, indicator, two, one)}
        for number, item in enumerate(settings(results))
        for keys in lines(results, number).values()
        for one, two in zip(keys, keys[1:], strict=False)
        for indicator in INDICATORS[:-1] if results.has(indicator)
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=["setting", "from", "to", "indicator", *SHOWN])
    found["verdict"] = [Verdict.of(row).word for _, row in found.iterrows()]
    return found


@once
def moves(results: Results, indicator: str = effects.PROFIT) -> dict[tuple[str, str], str]:
    """What may be said of an income at each step; steps between cells that are the same in all futures are none."""
    found = steps(results)
    found = found[(found["indicator"] == indicator) & (found["verdict"] != "same")]
    return {(row["from"], row["to"]): row["verdict"] for _, row in found.iterrows()}


def course(results: Results, keys: list[str], number: int) -> tuple[str, int]:
    """How profit goes on along a line: rises, falls, flat, levels_up, levels_down, peak, dip; and where that shows.

    A line levels off where no later step is both clear and large enough to matter; it turns where clear steps change
    their direction.
    """
    rank = [places(results)[key][number] for key in keys]
    steps_told = [moves(results).get(pair) for pair in zip(keys, keys[1:], strict=False)]
    clear = {step: told for step, told in enumerate(steps_told) if told in CLEAR}
    if not clear:
        return "flat", rank[0]
    up = next(iter(clear.values())) == "higher"
    if len(set(clear.values())) > 1:
        means = [changes(results, key, effects.PROFIT).mean() for key in keys]
        return ("peak", rank[int(np.argmax(means))]) if up else ("dip", rank[int(np.argmin(means))])
    if max(clear) < len(steps_told) - 1:
        return "levels_up" if up else "levels_down", rank[max(clear) + 1]
    return "rises" if up else "falls", rank[-1]


def courses(results: Results, words: Words) -> list[str]:
    """A sentence for each setting: where its effect levels off or turns, lines that do the same together."""
    if results.n < FEW:
        return [words("few_title", subject=words("sweep_subject"), n=results.n)]
    found = []
    for number, item in enumerate(settings(results)):
        groups: dict[tuple[str, int], list[Place]] = {}
        for others, keys in lines(results, number).items():
            if are_numbers(item) and any(pair in moves(results) for pair in zip(keys, keys[1:], strict=False)):
                groups.setdefault(course(results, keys, number), []).append(others)
        parts = []
        for (how, rank), members in groups.items():
            rest = [other for place, other in enumerate(settings(results)) if place != number]
            who = words("sweep_lines", count=len(members))
            if len(members) <= MOST_NAMED:
                who = words.join([said(rest, place, words) for place in members])
            who = words("sweep_who", who=who) if len(groups) > 1 else ""
            parts.append(who + words(f"sweep_{how}", value=written(item, rank, words)))
        if parts:
            label = item[words.lang][:1].upper() + item[words.lang][1:]
            found.append(words("sweep_course", label=label, parts=words("semicolon").join(parts)))
    return found


def apart(results: Results, words: Words) -> str:
    """Which neighbours can't be told apart by profit."""
    pairs = moves(results)
    alike = [pair for pair, told in pairs.items() if told not in CLEAR]
    if not pairs or results.n < FEW:
        return ""
    if not alike:
        return words("sweep_all_apart", total=len(pairs))
    names = [words("sweep_pair", one=results.name(one, words.lang), two=results.name(two, words.lang))
             for one, two in alike[:MOST_NAMED]]  # fmt: skip
    told = words("semicolon").join(names) + (words("sweep_more") if len(alike) > MOST_NAMED else "")
    limit = words.with_unit("income", SMALL["income"])
    return words("sweep_alike", count=len(alike), total=len(pairs), names=told, limit=limit)


def best(results: Results, words: Words) -> str:
    """The cell with the largest effect on profit, what is first by turnover, and how many can't be told from it."""
    means, turnover = (
        {key: changes(results, key, name).mean() for key in places(results)} for name in effects.HEADLINE
    )
    first, other = (max(found, key=lambda key: found[key]) for found in (means, turnover))
    top = compared(results, effects.PROFIT, first)
    against = [compared(results, effects.PROFIT, key, first) for key in means if key != first]
    alike = sum(Verdict.of(row).word not in CLEAR for row in against)
    span = words.within("income", (top["spread_low"], top["spread_high"]), results.n, signed=True)
    change = words.with_unit("income", top["difference"], signed=True)
    beside = words.with_unit("income", turnover[first], signed=True)
    text = words("sweep_best", name=results.name(first, words.lang), change=change, span=span, year=results.horizon,
                 turnover=beside)  # fmt: skip
    if other != first:
        value = words.with_unit("income", turnover[other], signed=True)
        text += words("gap") + words("sweep_best_by_turnover", name=results.name(other, words.lang), change=value)
    tail = [words("sweep_best_alike", count=alike)] if alike and results.n >= FEW else []
    return words("gap").join([text, *tail])


def sentences(results: Results, words: Words) -> list[str]:
    """What the sweep tells, the most important first."""
    return [line for line in (best(results, words), *courses(results, words), apart(results, words)) if line]


def arranged(results: Results) -> list[int]:
    """Settings with several values: the axis first, for which one on a scale with most values is taken."""
    found = settings(results)
    several = [number for number, item in enumerate(found) if len(item["values"]) > 1]
    return sorted(several, key=lambda number: (not are_numbers(found[number]), -len(found[number]["values"])))


def panels(results: Results, first: list[int], words: Words) -> dict[str, list[str]]:
    """Cells by what they have in common besides the first settings, in words; of many groups, some at equal steps."""
    rest = [number for number in range(len(settings(results))) if number not in first]
    groups: dict[Place, list[str]] = {}
    for key, place in places(results).items():
        groups.setdefault(tuple(place[number] for number in rest), []).append(key)
    items = [settings(results)[number] for number in rest]
    shown = some(sorted(groups), MOST_PANELS)
    return {style.clean(said(items, place, words), words.lang): groups[place] for place in shown}


def some(found: list[Any], most: int) -> list[Any]:
    """At most so many of them at equal steps, the first and the last among these."""
    places_kept = np.linspace(0, len(found) - 1, min(most, len(found))).round().astype(int)
    return [found[place] for place in places_kept]


def ticks(item: dict[str, Any], at: list[float], words: Words) -> tuple[list[float], list[str]]:
    """Where values stand on an axis and what is written there."""
    shown = some(list(range(len(at))), MOST_NUMBERS)
    return [at[place] for place in shown], [style.clean(written(item, place, words), words.lang) for place in shown]


def draw_curves(results: Results, words: Words) -> Figure:
    """A panel for each indicator and group: the swept setting along the axis, a line for each value of the second."""
    first = arranged(results)[:2]
    groups, shown = panels(results, first, words), [name for name in INDICATORS[:3] if results.has(name)]
    alone = len(groups) == 1
    rows, columns = (1, len(shown)) if alone else (len(shown), len(groups))
    figure = Figure(figsize=(style.WIDTH, 3.1 * rows + 0.3), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, sharey=False if alone else "row")
    hues = colours(results, first)
    pairs = [(indicator, heading) for indicator in shown for heading in groups]
    for place, (axes, (indicator, heading)) in enumerate(zip(grid.flat, pairs, strict=True)):
        curves(axes, results, (groups[heading], first, indicator), hues, words)
        unit = words("axis_difference_short", unit=words.unit(kind_of(indicator)))
        name, unit = (style.clean(text, words.lang) for text in (indicator_name(results, indicator, words), unit))
        axes.set_title(style.wrap(name if alone else heading if place < columns else "", 100 // columns))
        axes.set_ylabel(unit if alone else f"{style.wrap(name, 26)}\n{unit}" if place % columns == 0 else "")
    if len(first) > 1:
        marks = [Line2D([], [], color=hue, linewidth=2, marker="o", markersize=4) for hue in hues.values()]
        second = settings(results)[first[1]]
        names = [style.clean(written(second, rank, words, "phrases"), words.lang) for rank in hues]
        outside_legend(figure, marks, names, max(1, 90 // (max(map(style.width_of, names)) + 5)))
    return figure


def colours(results: Results, first: list[int]) -> dict[int, Any]:
    """The colour of each line that is drawn, by the place of the second setting's value; one where there is none."""
    if len(first) < 2:
        return {0: "#0072b2"}
    ranks = some(sorted({place[first[1]] for place in places(results).values()}), MOST_LINES)
    return dict(zip(ranks, mpl.colormaps["viridis"](np.linspace(0.05, 0.85, len(ranks))), strict=True))


def curves(
    axes: Axes, results: Results, what: tuple[list[str], list[int], str], hues: dict[int, Any], words: Words
) -> None:
    """One panel: mean change with the precision as a band; a single line has the range of futures as well."""
    inside, (number, *second), indicator = what
    item, scale = settings(results)[number], words.scale(kind_of(indicator))[0]
    at = [float(value) if are_numbers(item) else place for place, value in enumerate(item["values"])]
    style.zero(axes, vertical=False)
    for keys in lines(results, number).values():
        hue = hues.get(places(results)[keys[0]][second[0]] if second else 0)
        if hue is None or keys[0] not in inside:
            continue
        found = pd.DataFrame([compared(results, indicator, key) for key in keys])
        x = [at[places(results)[key][number]] for key in keys]
        for part, alpha in (("precision", 0.25), ("spread", 0.13))[: 1 if second else 2]:
            ends = (found[f"{part}_low"] * scale, found[f"{part}_high"] * scale)
            axes.fill_between(x, *ends, color=hue, alpha=alpha, linewidth=0)
        axes.plot(x, found["difference"] * scale, color=hue, linewidth=1.8, marker="o", markersize=4)
    axes.set_xticks(*ticks(item, at, words))
    unit = item["unit_zh" if words.lang == "zh" else "unit"]
    axes.set_xlabel(style.clean(item[words.lang] + (words("sweep_unit", unit=unit) if unit else ""), words.lang))
    style.numbers(axes.yaxis)
    axes.grid(axis="y")


def draw_map(results: Results, words: Words) -> Figure:
    """Mean change of either income over two settings, a map of each for each group of the other settings."""
    first = arranged(results)[:2]
    groups, (across, up) = panels(results, first, words), (settings(results)[number] for number in first)
    height = min(0.42 * len(up["values"]), 6) + 1.1
    shown = [name for name in effects.HEADLINE if results.has(name)]
    figure = Figure(figsize=(style.WIDTH, height * len(groups) * len(shown)), layout="constrained")
    means = [changes(results, key, name).mean() for key in places(results) for name in shown]
    norm = mpl.colors.TwoSlopeNorm(0, min(-1e-9, *means), max(1e-9, *means))
    panels_drawn = [(name, heading, keys) for heading, keys in groups.items() for name in shown]
    grid = figure.subplots(len(panels_drawn), 1, squeeze=False).flat
    for axes, (name, heading, keys) in zip(grid, panels_drawn, strict=True):
        where = {key: tuple(places(results)[key][number] for number in first) for key in keys}
        fields(axes, results, {key: place for key, place in where.items() if min(place) >= 0}, name, norm, words)
        axes.set_xticks(*ticks(across, list(range(len(across["values"]))), words))
        axes.set_yticks(*ticks(up, list(range(len(up["values"]))), words))
        axes.set(xlim=(-0.5, len(across["values"]) - 0.5), ylim=(-0.5, len(up["values"]) - 0.5))
        axes.set_xlabel(style.clean(across[words.lang], words.lang))
        axes.set_ylabel(style.wrap(style.clean(up[words.lang], words.lang), 20))
        title = "\n".join(filter(None, [style.clean(indicator_name(results, name, words), words.lang), heading]))
        axes.set_title(style.wrap(title, 90))
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.tick_params(length=0)
    return figure


def fields(axes: Axes, results: Results, where: dict[str, Place], indicator: str, norm: Any, words: Words) -> None:
    """The fields of one map; a circle where a cell can't be told from its reference, ≈ between neighbours alike."""
    numbers = max(place[0] for place in where.values()) < MOST_NUMBERS
    for key, (x, y) in where.items():
        row = compared(results, indicator, key)
        hue = mpl.colormaps["PuOr"](1 - norm(row["difference"]))
        axes.add_patch(mpl.patches.Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=hue, edgecolor="white", linewidth=1.5))
        text = words.amount("income", row["difference"], signed=True) + ("" if row["verdict"] in CLEAR else " ○")
        ink = "white" if np.dot(hue[:3], (0.3, 0.59, 0.11)) < 0.5 else style.INK
        axes.text(x, y, ("=" if row["verdict"] == "same" else text) if numbers else "", ha="center", va="center",
                  fontsize=8, color=ink)  # fmt: skip
    for (one, two), told in moves(results, indicator).items() if numbers else ():
        if one in where and two in where and told not in CLEAR:
            x, y = (np.array(where[one]) + np.array(where[two])) / 2
            axes.text(x, y, "≈", ha="center", va="center", fontsize=7, color=style.INK, zorder=3,
                      bbox={"boxstyle": "circle,pad=0.12", "facecolor": "white", "edgecolor": style.LINE})  # fmt: skip


def has_two(results: Results) -> bool:
    """Whether two settings are swept over several values each."""
    return is_sweep(results) and len(arranged(results)) > 1


def swept_names(results: Results, words: Words) -> str:
    """All that is swept; the measure's name before its first setting where all are of one measure."""
    labels = [item[words.lang] for item in settings(results)]
    paths = [item["path"].split(".") for item in settings(results)]
    measures = {path[2]: place for place, path in reversed(list(enumerate(paths))) if path[1:2] == ["levers"]}
    if len(measures) == 1:
        ((measure, place),) = measures.items()
        labels[place] = results.lever_name(measure, words.lang) + words("sweep_colon") + labels[place]
    return " × ".join(labels)


def title(results: Results, words: Words, name: str) -> str:
    """What a figure shows."""
    one, two = [settings(results)[number][words.lang] for number in (*arranged(results), 0)][:2]
    return words(f"title_sweep_{name}", one=one, two=two, year=results.horizon, unit=words.unit("income"))


ANSWERS = (
    Answer("sweep", table, is_sweep, compares=False),
    Answer("sweep_steps", steps, is_sweep, compares=False),
    *(
        Answer(f"sweep_{name}", table, possible, compares=False,
               picture=Picture(draw, partial(title, name=name), f"note_sweep_{name}"))
        for name, possible, draw in (("curves", is_sweep, draw_curves), ("map", has_two, draw_map))
    ),
)  # fmt: skip
