"""Write the report of a study: tables, figures and one page in two languages."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.answers import found
from analysis.answers.ablation import is_ablation
from analysis.answers.recommendations import PAGE
from analysis.answers.sweep import is_sweep
from analysis.children import hand_over, killed_on_error, worker_processes
from analysis.data.results import load
from analysis.page import ablation, context, figures, sweep
from analysis.page.tables import write_tables
from analysis.sentences.catalogue import LANGUAGES, Words

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'sha256-{mark}'; "
    "style-src 'unsafe-inline'; img-src data:"
)
"""What a browser may do with a page: run our script and no other, and ask for nothing."""


def write_report(
    study_folder: str | Path, out_folder: str | Path, languages: Sequence[str] = LANGUAGES, parallel: bool = True
) -> Path:
    """Write tables, figures, `report.html` and, where the study ran any recommendation, `verdict.html`.

    Args:
        study_folder: folder with `manifest.json`, `runs.parquet` and, if stored, `villages.parquet`.
        out_folder: where to write; `summary.csv` and `effects.csv` lie beside the page, the rest in `tables/`.
        languages: of the page, the first is shown first.
        parallel: whether each language is drawn in a process of its own where there are processors for it.

    Returns:
        The path of `report.html`.
    """
    out = Path(out_folder)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".report-", suffix=".tmp", dir=out, ignore_cleanup_errors=True) as unfinished:
        report = write_all(study_folder, Path(unfinished), languages, parallel)
        written = [path for path in Path(unfinished).rglob("*") if path.is_file()]
        for path in sorted(written, key=lambda path: path == report):  # the page last: where it is, all is there
            place = out / path.relative_to(unfinished)
            place.parent.mkdir(exist_ok=True)
            os.replace(path, place)
    return out / report.name


def write_all(study_folder: str | Path, out: Path, languages: Sequence[str], parallel: bool) -> Path:
    """Write the tables, figures and pages into a folder that nobody looks into yet."""
    results = load(study_folder)
    if is_ablation(results):
        ablation.write_tables(results, out)
        return render("ablation.html.j2", [ablation.page(results, lang) for lang in languages], out)
    if is_sweep(results):
        sweep.write_tables(results, out)
        return render("sweep.html.j2", [sweep.page(results, lang) for lang in languages], out)
    write_tables(results, out)
    jobs = [(study_folder, lang) for lang in languages]
    if len(jobs) > 1 and parallel and (os.cpu_count() or 1) > 1:
        with worker_processes(len(jobs)) as executor, killed_on_error():
            drawn = [hand_over(executor, page, *job) for job in jobs]
            pages = [one.result() for one in drawn]
    else:
        pages = [page(*job) for job in jobs]
    if pages[0]["sheet"]:
        render("verdict.html.j2", pages, out, PAGE)
    return render("template.html.j2", pages, out)


def render(template: str, pages: list[dict], out: Path, name: str = "report.html") -> Path:
    """Fill a template with the pages of all languages and write it."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.lstrip_blocks = True
    script = f"\n{(HERE / 'language.js').read_text(encoding='utf-8')}"
    mark = b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    shared = {
        "policy": POLICY.format(mark=mark),
        "css": Markup((HERE / "style.css").read_text(encoding="utf-8")),  # noqa: S704 (our own file)
        "script": Markup(f"<script>{script}</script>"),  # noqa: S704
    }
    path = out / name
    path.write_text(environment.get_template(template).render(pages=pages, **shared), encoding="utf-8")
    return path


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
