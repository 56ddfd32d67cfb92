"""qiangcun figures DIR...: the figures of a study as files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from experiments.flags import Flags
from experiments.merge import merge
from experiments.messages import WHERE, of_pages, say
from experiments.output import check_folders, find_studies, new_folder, point_to_latest, point_to_study
from experiments.way_out import one_way_out
from sim.problems import InputErrors, Problem, nearest

ABOUT = ("把图写成 PNG、SVG 或 PDF 文件", "write the figures as PNG, SVG or PDF files")
FORMATS = ("png", "svg", "pdf")
LOWEST_DPI, HIGHEST_DPI = 50, 1200


def main(arguments: Sequence[str]) -> None:
    """Write the figures of the study in the given folders."""
    parser = Flags("figures")
    parser.offer("folder", "推演、任务或批量任务的文件夹", "folders of studies, jobs or sweeps", nargs="+")
    parser.offer("--format", "png、svg、pdf，以逗号分隔", "png, svg, pdf, with commas between", default="png")
    parser.offer("--dpi", "PNG 每英寸点数", "dots per inch of PNG files", default="300")
    parser.offer(
        "--only", "只要这些图，以逗号分隔，默认全部", "these figures, with commas between; all if not given", default=""
    )
    parser.offer("--reference", "对照策略", "strategy that the others are compared with")
    parser.add_outputs()
    parser.add_language()
    chosen = parser.read(arguments)
    formats, problems = listed(chosen.format, "--format", FORMATS)
    problems += wrong_dpi(chosen.dpi)
    if problems:
        raise InputErrors(problems)
    from analysis.data.results import load
    from analysis.page.picture_files import pictures, write_pictures  # loads matplotlib, which takes its time

    outputs = Path(os.path.expanduser(chosen.outputs))
    with one_way_out(outputs):
        links = check_folders(outputs)
        if links:
            raise InputErrors(links)
        study = merge(find_studies(chosen.folder), outputs, chosen.reference)
        results = load(study)
        names, problems = listed(chosen.only, "--only", list(pictures(results)))
        if problems:
            raise InputErrors(problems)
        folder = new_folder(outputs, "figures")
        point_to_study(folder, study)
        written = write_pictures(results, folder, names, formats, int(chosen.dpi), of_pages(chosen.language))
        point_to_latest(outputs, folder)
        say(f"已写出 {len(written)} 个文件：{folder.resolve()}", f"{len(written)} files in {folder.resolve()}")


def listed(text: str, flag: str, allowed: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Names given with commas, all that are allowed if none is; and what is wrong with them."""
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    zh, en = "没有这个名称", "no such name"
    problems = [
        Problem(zh, en, file=WHERE, field=flag, value=name, allowed=", ".join(allowed), nearest=nearest(name, allowed))
        for name in names
        if name not in allowed
    ]
    return names or list(allowed), problems


def wrong_dpi(text: str) -> list[Problem]:
    """What is wrong with the dots per inch."""
    if text.isascii() and text.isdigit() and LOWEST_DPI <= int(text) <= HIGHEST_DPI:
        return []
    allowed = f"{LOWEST_DPI}…{HIGHEST_DPI}"
    return [Problem("应为整数", "not a whole number in range", file=WHERE, field="--dpi", value=text, allowed=allowed)]
