"""Companies, alliances and enterprises over the years, and public cost by year."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis import describe, fates
from analysis.effects import spread
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour, legend, most_changed

COST = "public_cost_discounted"
PERCENT = ("company_return_median", "company_return_p90", "alliance_quality")
COLUMNS = 3


def draw(findings: Findings, words: Words, family: str) -> Figure:
    """One panel per indicator, a line per strategy; bars at the right are the range at the horizon."""
    results, table = findings.results, fates.table(findings.results, family)
    shown = [name for name in fates.shown(results, family) if name in set(table["indicator"])]
    keys = most_changed(findings, fates.having(results, family), fates.FATES[family][0])
    table = table[table["strategy"].isin(keys)]
    columns = min(COLUMNS, len(shown))
    lines = -(-len(shown) // columns)
    width = style.WIDTH if columns == COLUMNS else 3.2 * columns + 0.4
    figure = Figure(figsize=(width, 2.15 * lines + 0.3 + 0.16 * len(keys)), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False)
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_axis_off()
    for axes, name in zip(grid.flat, shown, strict=False):
        lines_of(axes, findings, table[table["indicator"] == name], 100 if name in PERCENT else 1)
        axes.set_title(style.wrap(words(f"fate_{name}"), int(width * 13 / columns)))
    legend(figure, findings, keys, words, dots=False)
    return figure


def lines_of(axes: Axes, findings: Findings, table: pd.DataFrame, scale: float) -> None:
    """Means by year, and the range at the last year as a bar beside it."""
    keys = list(dict.fromkeys(table["strategy"]))
    last = table["year"].max()
    step = max(0.12, 0.16 * (last - table["year"].min()) / max(len(keys), 5))
    for number, key in enumerate(keys):
        rows, hue = table[table["strategy"] == key], colour(findings, key)
        axes.plot(rows["year"], rows["mean"] * scale, color=hue, linewidth=1.5)
        end = rows[rows["year"] == last]
        if len(end):
            place = last + step * (number + 1)
            axes.plot([place] * 2, [end["low"].item() * scale, end["high"].item() * scale], color=hue, linewidth=1.4)
            axes.plot(place, end["mean"].item() * scale, "o", color=hue, markersize=3)
    years = sorted(table["year"].unique())
    axes.set_xticks(list(dict.fromkeys([years[0], years[len(years) // 2], years[-1]])))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _position: f"{year:.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(style.thousands())
    if axes.get_ylim()[0] > 0:
        axes.set_ylim(bottom=0)
    axes.grid(axis="y")


def title(findings: Findings, words: Words, family: str) -> str:
    """Fewest and most at the horizon, mean over futures."""
    results = findings.results
    first = fates.FATES[family][0]
    ends = {key: fates.last(results, key, first) for key in fates.having(results, family)}
    values = pd.Series(ends).fillna(0)
    low, high = str(values.idxmin()), str(values.idxmax())
    if np.isclose(values[low], values[high], atol=0.05):
        return words(f"title_{family}_single", year=results.horizon, value=words.number(values[high]))
    return words(
        f"title_{family}",
        year=results.horizon,
        low=words.number(values[low]),
        high=words.number(values[high]),
        few=describe.quoted(findings, low, words),
        many=describe.quoted(findings, high, words),
    )


def possible(findings: Findings, family: str) -> bool:
    """Whether any strategy has any."""
    return bool(fates.having(findings.results, family)) and len(fates.table(findings.results, family)) > 0


def budget(findings: Findings) -> pd.DataFrame:
    """Public cost by strategy and year: mean over futures and range of 90 of 100 futures, 万元."""
    results, rows = findings.results, []
    for key in results.strategies:
        values = results.values(key, "public_cost")
        for year in values.columns:
            found = values[year].dropna().to_numpy()
            if year >= results.start_year and len(found):
                rows.append((key, int(year), found.mean(), *spread(found)))
    return pd.DataFrame(rows, columns=["strategy", "year", "mean", "low", "high"])


def draw_budget(findings: Findings, words: Words) -> Figure:
    """A line per strategy."""
    table, keys = budget(findings), most_changed(findings, findings.results.strategies, COST)
    table = table[table["strategy"].isin(keys)]
    scale, _digits = words.scale("money")
    figure = Figure(figsize=(style.WIDTH, 2.9 + 0.1 * len(keys)), layout="constrained")
    axes = figure.subplots()
    lines_of(axes, findings, table, scale)
    axes.set_xticks(sorted(table["year"].unique()))
    axes.set_ylabel(words("axis_level", unit=words.unit("money")))
    legend(figure, findings, keys, words, dots=False)
    return figure


def title_budget(findings: Findings, words: Words) -> str:
    """First and last year under the reference."""
    results, table = findings.results, budget(findings)
    rows = table[table["strategy"] == results.reference].set_index("year")["mean"]
    first, last = rows.index[0], rows.index[-1]
    return words(
        "title_budget",
        reference=describe.quoted(findings, results.reference, words),
        first_year=first,
        last_year=last,
        first=words.with_unit("money", rows[first]),
        last=words.with_unit("money", rows[last]),
    )


def possible_budget(findings: Findings) -> bool:
    """Whether public cost is stored for at least two years."""
    return findings.results.has("public_cost") and budget(findings)["year"].nunique() > 1


PLOTS = [
    Plot("cost_by_year", "strategies", possible_budget, draw_budget, title_budget, budget, "note_budget", COST),
    *(
        Plot(
            family,
            "fates",
            partial(possible, family=family),
            partial(draw, family=family),
            partial(title, family=family),
            partial(lambda findings, family: fates.table(findings.results, family), family=family),
            f"note_{family}",
            fates.FATES[family][0],
        )
        for family in fates.FATES
    ),
]
