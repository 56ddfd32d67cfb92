"""Draw the figures of the report and put them into files and into the page."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from analysis.effects import MANY, MOST_POINTS
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.plots import BY_VILLAGE, FIGURES, style
from analysis.plots.base import MOST_DRAWN, Plot, indicator_name

DPI = 300
WITHOUT_NONE = ("fan_participation", "participation_by_kind")
"""Figures that leave `none` out where there are others (see `analysis.plots.base.policies_drawn`)."""
WITH_POINTS = ("cost_and_effect",)
"""Figures with a dot for each future."""
NO_DATE = {"Date": None}


@dataclass(frozen=True)
class Drawing:
    """One figure in one language, ready for the page.

    Attributes:
        plot: what was drawn.
        title: the finding in one sentence.
        svg: the picture for the page, without title and foot.
        foot: number of futures, seeds, reference.
        note: how to read it.
        width: width in inches, so that the page shows all figures at one scale.
    """

    plot: Plot
    title: str
    svg: str
    foot: str
    note: str
    width: float


def foot(findings: Findings, words: Words) -> str:
    """Line beneath every figure: futures, worlds, seeds, reference."""
    results = findings.results
    name = results.name(results.reference, words.lang)
    return words(
        "foot",
        n=results.n,
        worlds=numbers(findings, "world", words),
        seeds=numbers(findings, "seed", words),
        reference=name,
    )


def numbers(findings: Findings, level: str, words: Words) -> str:
    """Numbers of the worlds or seeds, as a range where they follow one another."""
    values = sorted(findings.results.futures.unique(level))
    if values == [-1]:
        return words("world_default")
    if len(values) == 1:
        return str(values[0])
    if values == list(range(values[0], values[-1] + 1)):
        return f"{values[0]}–{values[-1]}"
    return f"{len(values)} ({values[0]}–{values[-1]})"


def note(plot: Plot, findings: Findings, words: Words) -> str:
    """How to read a figure."""
    results = findings.results
    key = f"{plot.note}_single" if not results.others and words.has(f"{plot.note}_single") else plot.note
    text = words(key, year=results.horizon, rate=words.percent(results.discount_rate, 1))
    if plot.name in WITHOUT_NONE and "none" in results.others and len(results.others) > 1:
        text += words("gap") + words("note_without_none")
    if plot.drawn_by and len(results.others) > MOST_DRAWN:
        outcome = f"fate_{plot.drawn_by}"
        outcome = words(outcome) if words.has(outcome) else indicator_name(findings, plot.drawn_by, words)
        text += words("gap") + words("note_most", count=MOST_DRAWN, outcome=outcome)
    if plot.name in WITH_POINTS and results.n > MOST_POINTS:
        text += words("gap") + words("note_points", count=MOST_POINTS)
    if plot.name in BY_VILLAGE and results.has_villages() and results.village_sample < results.n:
        text += words("gap") + words("note_villages", count=results.village_sample, n=results.n)
    if results.n < MANY:
        text += words("gap") + words("note_few", n=results.n)
    return text + (
        words("gap") + words("figure_english") if style.chinese_font() is None and words.lang == "zh" else ""
    )


def draw(plot: Plot, findings: Findings, words: Words, folder: Path | None) -> Drawing:
    """Draw one figure in one language; save it as SVG and PNG where a folder is given."""
    drawn_in = Words(style.figure_language(words.lang), latin=style.chinese_font() is None)
    with style.look():
        figure = plot.draw(findings, drawn_in)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once; every further saving would do it again
        for legend in figure.legends:  # else it would move to the edge of the larger picture with title and foot
            legend.set_bbox_to_anchor((0, 0, 1, 1), figure.transFigure)
        style.frame(figure, plot.title(findings, drawn_in), foot(findings, drawn_in), drawn_in.lang)
        if folder is not None:
            save(figure, folder, f"{plot.name}.{words.lang}")
        svg = inline(figure, f"{plot.name}-{words.lang}")
    return Drawing(
        plot=plot,
        title=plot.title(findings, words),
        svg=svg,
        foot=foot(findings, words),
        note=note(plot, findings, words),
        width=figure.get_figwidth(),
    )


def save(figure: Figure, folder: Path, name: str) -> None:
    """Save a figure with its title and foot."""
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / f"{name}.svg", bbox_inches="tight", pad_inches=0.15, metadata=NO_DATE)
    figure.savefig(folder / f"{name}.png", bbox_inches="tight", pad_inches=0.15, dpi=DPI)


def inline(figure: Figure, prefix: str) -> str:
    """The picture as SVG text for the page; ids get a prefix, for many pictures share one page."""
    for item in figure.texts:
        if not 0 <= item.get_position()[1] <= 1:
            item.set_visible(False)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata=NO_DATE)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{prefix}-', text)
    text = re.sub(r'href="#', f'href="#{prefix}-', text)
    text = re.sub(r"url\(#", f"url(#{prefix}-", text)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    return re.sub(r"\n\s*", "\n", text)


def draw_all(findings: Findings, words: Words, folder: Path | None) -> dict[str, list[Drawing]]:
    """All figures that the study allows, by section."""
    drawings: dict[str, list[Drawing]] = {}
    for plot in FIGURES:
        if plot.possible(findings):
            drawings.setdefault(plot.section, []).append(draw(plot, findings, words, folder))
    return drawings
