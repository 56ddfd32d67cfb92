"""qiangcun brief DIR: two pages on one study, as a page for print and as a Word file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from experiments.flags import Flags
from experiments.messages import of_pages, say
from experiments.output import find_study, new_folder, point_to_latest, point_to_study
from experiments.way_out import one_way_out
from sim.problems import InputErrors, Problem

ABOUT = ("两页的参阅件：网页和 Word 文件", "write a brief of two pages, as a page and as a Word file")


def main(arguments: Sequence[str]) -> None:
    """Write the brief of a study, and say what is missing for the Word file."""
    parser = Flags("brief")
    parser.offer("folder", "推演或任务的文件夹，或推演的标识", "folder of a study or of a job, or a study's id")
    parser.add_outputs()
    parser.add_language()
    chosen = parser.read(arguments)
    from analysis import load  # these load matplotlib, which takes its time
    from analysis.page import brief, brief_word
    from analysis.sentences.catalogue import LANGUAGES, Words

    outputs = Path(os.path.expanduser(chosen.outputs))
    with one_way_out(outputs):
        study = find_study(chosen.folder, outputs)
        results = load(study)
        if not results.has_one_reference:
            zh, en = (
                "各格的参数不同，没有共同的对照，写不成参阅件",
                "its cells have other parameters and no common reference",
            )
            raise InputErrors([Problem(zh, en, file=str(study), allowed="qiangcun report")])
        folder = new_folder(outputs, "brief")
        point_to_study(folder, study)
        for path in brief.write(results, folder, of_pages(chosen.language)):
            say(f"参阅件 {path.resolve()}", f"Brief {path.resolve()}")
        point_to_latest(outputs, folder)
        if not brief_word.available():
            say(*(Words(lang)("brief_word_missing", folder=chosen.folder) for lang in LANGUAGES))
