"""Pictures as files for a document: the finding above and the foot below, as PNG, SVG or PDF."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from analysis.answers import Picture, found
from analysis.data.results import Results
from analysis.drawing import style
from analysis.page.figures import drawn_in, foot
from analysis.sentences.catalogue import LANGUAGES, Words

UNDATED = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""Formats, and what keeps the time out of them: the same study gives the same file."""
MARGIN = 0.15
"""Inches of paper around a picture."""


def pictures(results: Results) -> dict[str, Picture]:
    """The pictures that the study can give, by the name of their answer."""
    return {name: answer.picture for name, answer in found().items() if answer.picture and answer.can_tell(results)}


def write_pictures(
    results: Results, folder: Path, names: Sequence[str], formats: Sequence[str] = ("png",), dpi: int = 300,
    languages: Sequence[str] = LANGUAGES,
) -> list[Path]:  # fmt: skip
    """Write pictures into a folder, each under its name (`NAME-zh.png` and so on) when it is whole; gives the files.

    Args:
        results: the study.
        folder: where to write.
        names: of answers with a picture, as `pictures` gives them.
        formats: some of png, svg, pdf.
        dpi: dots per inch of PNG files.
        languages: `zh`, `en`.
    """
    there = pictures(results)
    files = {(name, lang): folder / f"{name}-{lang}" for name in names for lang in languages}
    return [
        path
        for (name, lang), file in files.items()
        for path in write_picture(results, there[name], drawn_in(Words.of(results.manifest, lang)), file, formats, dpi)
    ]


def write_picture(
    results: Results, picture: Picture, words: Words, file: Path, formats: Sequence[str], dpi: int
) -> list[Path]:
    """Draw a picture and write it in each format; `file` is its name without an ending."""
    paths = []
    with style.look():
        figure = picture.draw(results, words)
        style.frame(figure, picture.title(results, words), foot(results, words), words.lang)
        for kind in formats:
            path, temporary = file.with_name(f"{file.name}.{kind}"), file.with_name(f".{file.name}.{kind}.tmp")
            try:
                figure.savefig(temporary, format=kind, dpi=dpi, metadata=UNDATED[kind], bbox_inches="tight",
                               pad_inches=MARGIN)  # fmt: skip
                os.replace(temporary, path)
            finally:
                temporary.unlink(missing_ok=True)
            paths.append(path)
    return paths
