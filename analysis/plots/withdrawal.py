"""What is left when a measure ends: the difference over the years, and its part three and five years later."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis import withdrawal
from analysis.effects import FEW
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style
from analysis.plots.base import Plot, colour
from analysis.withdrawal import Withdrawal

MARKS = {"all": "o", "high": "^", "low": "v"}


def possible(findings: Findings) -> bool:
    """Whether a measure ends in one strategy and is absent from another that is otherwise the same."""
    return len(findings.withdrawal) > 0


def title(findings: Findings, words: Words) -> str:
    """The part that is left after the longest time, of each measure that ends."""
    if findings.results.n < FEW:
        return words("few_title", subject=words("withdrawal_subject"), n=findings.results.n)
    table = findings.withdrawal[findings.withdrawal["group"] == "all"]
    parts = []
    for (_, lever), rows in table.groupby(["ended", "lever"], sort=False):
        row = rows.iloc[-1]
        name = findings.results.lever_name(str(lever), words.lang)
        if pd.isna(row["left"]):
            parts.append(words("withdrawal_none", lever=name, end=int(row["end"])))
            continue
        span = words("span", low=words.percent(row["left_low"]), high=words.percent(row["left_high"]))
        parts.append(
            words("withdrawal_part", lever=name, end=int(row["end"]), after=int(row["after"]),
                  left=words.percent(row["left"]), span=span)
        )  # fmt: skip
    return words("title_withdrawal", parts=words("semicolon").join(parts))


def draw(findings: Findings, words: Words) -> Figure:
    """A line of panels for each measure that ends: the difference by year, and what is left by group."""
    cases = cases_of(findings)
    figure = Figure(figsize=(style.WIDTH, 2.9 * len(cases) + 0.3), layout="constrained")
    grid = figure.subplots(len(cases), 2, squeeze=False, width_ratios=[1.5, 1])
    for (left, right), case in zip(grid, cases, strict=True):
        years(left, findings, case, words)
        parts(right, findings, case, words)
    return figure


def cases_of(findings: Findings) -> list[Withdrawal]:
    """Measures that end, as far as the table speaks of them."""
    return [
        case for case in withdrawal.withdrawals(findings.results) if case.ended in set(findings.withdrawal["ended"])
    ]


def years(axes: Axes, findings: Findings, case: Withdrawal, words: Words) -> None:
    """Difference to never having had the measure, and the year in which it ends."""
    path, hue = withdrawal.path(findings.results, case), colour(findings, case.ended)
    axes.fill_between(path["year"], path["low"], path["high"], color=hue, alpha=0.2, linewidth=0)
    axes.plot(path["year"], path["mean"], color=hue, linewidth=1.8)
    style.zero(axes, vertical=False)
    axes.axvline(case.end, color=style.FAINT, linewidth=1, linestyle=(0, (3, 2)))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _position: f"{year:.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(style.thousands())
    axes.set_ylabel(words("axis_difference_short", unit=words.unit("income")))
    name = style.clean(findings.results.lever_name(case.lever, words.lang), words.lang)
    axes.set_title(style.wrap(words("withdrawal_years", lever=name, end=case.end), 44))
    axes.grid()


def parts(axes: Axes, findings: Findings, case: Withdrawal, words: Words) -> None:
    """What is left after three and five years: all villages, and by the secretary's quality."""
    table = findings.withdrawal
    rows = table[(table["ended"] == case.ended) & (table["lever"] == case.lever)].reset_index(drop=True)
    hue = colour(findings, case.ended)
    for place, row in rows.iterrows():
        axes.plot([100 * row["left_low"], 100 * row["left_high"]], [place] * 2, color=hue, linewidth=1.6)
        axes.plot(100 * row["left"], place, MARKS[row["group"]], color=hue, markersize=6)
    names = [words(f"withdrawal_{row['group']}", after=int(row["after"])) for _, row in rows.iterrows()]
    axes.set_yticks(range(len(rows)), [style.wrap(name, 24) for name in names])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axvline(100, color=style.LINE, linewidth=1)
    style.zero(axes, vertical=True)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel(words("axis_withdrawal"))
    axes.grid(axis="x")


def data(findings: Findings) -> pd.DataFrame:
    """The numbers of the right panels."""
    return findings.withdrawal


PLOTS = [Plot("withdrawal", "withdrawal", possible, draw, title, data, "note_withdrawal")]
