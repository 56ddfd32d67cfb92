"""Write the report of a study: tables, figures and one page in two languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.answers.ablation import is_ablation
from analysis.answers.recommendations import PAGE
from analysis.answers.sweep import is_sweep
from analysis.data.results import Results, load
from analysis.page import ablation, brief, context, figures, sweep, workbook
from analysis.page.render import render
from analysis.page.tables import write_tables
from analysis.sentences.catalogue import LANGUAGES, Words


def write_report(
    study_folder: str | Path, out_folder: str | Path, languages: Sequence[str] = LANGUAGES,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Path:  # fmt: skip
    """Write tables, figures, `report.html` and, where the study ran any recommendation, `verdict.html`.

    Args:
        study_folder: folder with `manifest.json`, `runs.parquet` and, if stored, `villages.parquet`.
        out_folder: where to write; `summary.csv` and `effects.csv` lie beside the page, the rest in `tables/`.
        languages: of the page, the first is shown first.
        step: told after each step how many of how many are done.

    Returns:
        The path of `report.html`.
    """
    out = Path(out_folder)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".report-", suffix=".tmp", dir=out, ignore_cleanup_errors=True) as unfinished:
        report = write_all(study_folder, Path(unfinished), languages, step)
        written = [path for path in Path(unfinished).rglob("*") if path.is_file()]
        for path in sorted(written, key=lambda path: path == report):  # the page last: where it is, all is there
            place = out / path.relative_to(unfinished)
            place.parent.mkdir(exist_ok=True)
            os.replace(path, place)
    return out / report.name


def write_all(study_folder: str | Path, out: Path, languages: Sequence[str], step: Callable[[int, int], None]) -> Path:
    """Write the tables, figures and pages into a folder that nobody looks into yet.

    In one process: another would take longer to start and to compute the answers again than it saves.
    """
    results = load(study_folder)
    if is_ablation(results):
        ablation.write_tables(results, out)
        return render("ablation.html.j2", [ablation.page(results, lang) for lang in languages], out)
    if is_sweep(results):
        sweep.write_tables(results, out)
        workbook.write(results, out, languages)
        return render("sweep.html.j2", [sweep.page(results, lang) for lang in languages], out)
    number, pages = 3 + len(languages), []
    write_tables(results, out)
    step(1, number)
    workbook.write(results, out, languages)
    step(2, number)
    for lang in languages:
        pages.append(page(results, lang))
        step(2 + len(pages), number)
    brief.write(results, out, languages)
    step(number, number)
    if pages[0]["sheet"]:
        render("verdict.html.j2", pages, out, PAGE)
    return render("template.html.j2", pages, out)


def page(results: Results, lang: str) -> dict:
    """Everything the template needs in one language."""
    words = Words.of(results.manifest, lang)
    drawings = figures.draw_all(results, words)
    shown = {
        section: [context.figure(drawing, results, words) for drawing in group] for section, group in drawings.items()
    }
    return {"t": words, "lang": words.lang, "figures": shown, **context.build(results, words, set(shown))}
