"""What a figure of the report consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import style


@dataclass(frozen=True)
class Plot:
    """One figure: when it can be drawn, how, what it says and the numbers beneath.

    Attributes:
        name: file name without language and ending.
        section: id of the report section it belongs to.
        possible: whether the study has what it needs.
        draw: makes the figure, without title and foot.
        title: the finding in one sentence.
        data: the numbers of the figure as a table.
        note: id of the sentence that says how to read it.
    """

    name: str
    section: str
    possible: Callable[[Findings], bool]
    draw: Callable[[Findings, Words], Figure]
    title: Callable[[Findings, Words], str]
    data: Callable[[Findings], pd.DataFrame]
    note: str


def label(findings: Findings, key: str, words: Words, columns: int = 16) -> str:
    """Name of a strategy, broken into lines."""
    return style.wrap(style.clean(findings.results.name(key, words.lang) or key, words.lang) or key, columns)


def colour(findings: Findings, key: str) -> str:
    """The one colour of a strategy."""
    return style.colour(key, findings.results.reference, findings.results.strategies)


def strategy_axis(axes: Axes, findings: Findings, keys: list[str], words: Words, columns: int = 28) -> None:
    """One line of the figure per strategy, first on top, names in the strategies' colours."""
    axes.set_yticks(range(len(keys)), [label(findings, key, words, columns) for key in keys])
    for tick, key in zip(axes.get_yticklabels(), keys, strict=True):
        tick.set_color(colour(findings, key))
        tick.set_fontsize(8.5)
        tick.set_linespacing(1.3)
    axes.set_ylim(len(keys) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)


def indicator_name(findings: Findings, name: str, words: Words) -> str:
    """Short name of an indicator: the catalogue's, else the manifest's."""
    if words.has(f"indicator_{name}"):
        return words(f"indicator_{name}")
    return str(findings.results.indicator(name).get(words.lang) or name.replace("_", " "))
