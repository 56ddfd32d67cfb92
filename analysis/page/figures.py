"""Draw the figures of the report and put them into files and into the page."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace

from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.answers import Answer, Picture, found
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import MOST_DRAWN, indicator_name
from analysis.page.notes import numbers
from analysis.page.outline import FIGURES
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import MANY

NO_DATE = {"Date": None}


@dataclass(frozen=True)
class Drawing:
    """One figure in one language for the page: the picture as `svg`, and what stands above and below it (see `draw`).

    Its width is in inches, so that the page shows all figures at one scale.
    """

    name: str
    title: str
    svg: Markup
    foot: str
    note: str
    width: float


def foot(results: Results, words: Words) -> str:
    """Line beneath every figure: futures, worlds, seeds, reference."""
    name = results.name(results.reference, words.lang)
    return words(
        "foot", n=results.n, worlds=numbers(results, "world", words), seeds=numbers(results, "seed", words),
        reference=name,
    )  # fmt: skip


def note(answer: Answer, picture: Picture, results: Results, words: Words) -> str:
    """How to read a figure."""
    key = f"{picture.note}_single" if not results.others and words.has(f"{picture.note}_single") else picture.note
    text = [words(key, year=results.horizon, rate=words.percent(results.discount_rate, 1))]
    if picture.leaves_out_none and "none" in results.others and len(results.others) > 1:
        text.append(words("note_without_none"))
    if picture.drawn_by and len(results.others) > MOST_DRAWN:
        outcome = f"fate_{picture.drawn_by}"
        outcome = words(outcome) if words.has(outcome) else indicator_name(results, picture.drawn_by, words)
        text.append(words("note_most", count=MOST_DRAWN, outcome=outcome))
    if answer.needs_villages and results.village_sample < results.n:
        text.append(words("note_villages", count=results.village_sample, n=results.n))
    if results.n < MANY:
        text.append(words("note_few", n=results.n))
    if style.chinese_font() is None and words.lang == "zh":
        text.append(words("figure_english"))
    return words("gap").join(text)


def drawn_in(words: Words) -> Words:
    """Words that a figure can be written in, with the fonts that are there."""
    return replace(words, lang=style.figure_language(words.lang), latin=style.chinese_font() is None)


def draw(answer: Answer, picture: Picture, results: Results, words: Words) -> Drawing:
    """Draw one figure in one language: laid out and rendered once."""
    with style.look():
        figure = picture.draw(results, drawn_in(words))
        svg = Markup(inline(figure, f"{answer.name}-{words.lang}"))  # noqa: S704 (drawn by matplotlib)
    return Drawing(
        name=answer.name, title=picture.title(results, words), svg=svg, foot=foot(results, words),
        note=note(answer, picture, results, words), width=figure.get_figwidth(),
    )  # fmt: skip


def inline(figure: Figure, prefix: str) -> str:
    """The picture as SVG text for the page; ids get a prefix, for many pictures share one page."""
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata=NO_DATE)  # `savefig` would draw twice
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="|href="#|url\(#', rf"\g<0>{prefix}-", text)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    return re.sub(r"\n\s*", "\n", text)


def draw_all(results: Results, words: Words) -> dict[str, list[Drawing]]:
    """All figures of the report that the study allows, by section."""
    drawings: dict[str, list[Drawing]] = {}
    for section, names in FIGURES.items():
        for answer in map(found().__getitem__, names):
            if answer.picture is not None and answer.can_tell(results):
                drawings.setdefault(section, []).append(draw(answer, answer.picture, results, words))
    return drawings
