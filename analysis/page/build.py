"""Write the report of a study: tables, figures and one page in two languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from markupsafe import Markup

from analysis.answers import found
from analysis.answers.ablation import is_ablation
from analysis.answers.recommendations import PAGE
from analysis.answers.sweep import is_sweep
from analysis.children import hand_over, killed_on_error, worker_processes
from analysis.data.results import load
from analysis.page import ablation, brief, context, figures, sweep, workbook
from analysis.page.render import render
from analysis.page.tables import write_tables
from analysis.sentences.catalogue import LANGUAGES, Words


def write_report(
    study_folder: str | Path, out_folder: str | Path, languages: Sequence[str] = LANGUAGES, parallel: bool = True,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Path:  # fmt: skip
    """Write tables, figures, `report.html` and, where the study ran any recommendation, `verdict.html`.

    Args:
        study_folder: folder with `manifest.json`, `runs.parquet` and, if stored, `villages.parquet`.
        out_folder: where to write; `summary.csv` and `effects.csv` lie beside the page, the rest in `tables/`.
        languages: of the page, the first is shown first.
        parallel: whether each language is drawn in a process of its own where there are processors for it.
        step: told after each step how many of how many are done.

    Returns:
        The path of `report.html`.
    """
    out = Path(out_folder)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".report-", suffix=".tmp", dir=out, ignore_cleanup_errors=True) as unfinished:
        report = write_all(study_folder, Path(unfinished), languages, parallel, step)
        written = [path for path in Path(unfinished).rglob("*") if path.is_file()]
        for path in sorted(written, key=lambda path: path == report):  # the page last: where it is, all is there
            place = out / path.relative_to(unfinished)
            place.parent.mkdir(exist_ok=True)
            os.replace(path, place)
    return out / report.name


def write_all(
    study_folder: str | Path, out: Path, languages: Sequence[str], parallel: bool, step: Callable[[int, int], None]
) -> Path:
    """Write the tables, figures and pages into a folder that nobody looks into yet."""
    results = load(study_folder)
    if is_ablation(results):
        ablation.write_tables(results, out)
        return render("ablation.html.j2", [ablation.page(results, lang) for lang in languages], out)
    if is_sweep(results):
        sweep.write_tables(results, out)
        workbook.write(results, out, languages)
        return render("sweep.html.j2", [sweep.page(results, lang) for lang in languages], out)
    write_tables(results, out)
    workbook.write(results, out, languages)
    jobs = [(study_folder, lang) for lang in languages]
    if len(jobs) > 1 and parallel and (os.cpu_count() or 1) > 1:
        with worker_processes(len(jobs)) as executor, killed_on_error():
            drawn = [hand_over(executor, page, *job) for job in jobs]
            pages = [one.result() for one in drawn]
    else:
        pages = [page(*job) for job in jobs]
    brief.write(results, out, languages)
    if pages[0]["sheet"]:
        render("verdict.html.j2", pages, out, PAGE)
    return render("template.html.j2", pages, out)


def page(study_folder: str | Path, lang: str) -> dict:
    """Everything the template needs in one language; each language has a process of its own."""
    results, words = load(study_folder, sealed=False), Words(lang)  # `write_report` has checked it
    drawings = figures.draw_all(results, words)
    shown = {
        section: [
            {
                "name": drawing.name,
                "title": drawing.title,
                "svg": Markup(drawing.svg),  # noqa: S704 (drawn by matplotlib)
                "note": drawing.note,
                "foot": drawing.foot,
                "width": drawing.width,
                "table": context.plain_table(found()[drawing.name].table(results), results, words),
            }
            for drawing in group
        ]
        for section, group in drawings.items()
    }
    return {"t": words, "lang": words.lang, "figures": shown, **context.build(results, words, set(shown))}
