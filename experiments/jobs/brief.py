"""qiangcun brief DIR: two pages on one study, as a page for print and as a Word file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from analysis.data.seal import open_study
from experiments.flags import Flags
from experiments.messages import of_pages, say
from experiments.output import find_studies, new_folder, point_to_latest, point_to_study
from experiments.way_out import one_way_out
from sim.problems import InputErrors, Problem

ABOUT = ("两页的参阅件：网页和 Word 文件", "write a brief of two pages, as a page and as a Word file")


def main(arguments: Sequence[str]) -> None:
    """Write the brief of a study, and say what is missing for the Word file."""
    parser = Flags("brief")
    parser.offer("folder", "推演或任务的文件夹", "folder of a study or of a job")
    parser.add_outputs()
    parser.add_language()
    chosen = parser.read(arguments)
    from analysis import load  # these load matplotlib, which takes its time
    from analysis.page import brief, brief_word
    from analysis.sentences.catalogue import LANGUAGES, Words

    outputs = Path(os.path.expanduser(chosen.outputs))
    with one_way_out(outputs):
        found = find_studies([chosen.folder])
        if len(found) != 1:
            zh, en = f"应恰有一个推演，这里有 {len(found)} 个", f"must hold one study, and holds {len(found)}"
            raise InputErrors([Problem(zh, en, file=chosen.folder)])
        open_study(found[0])
        folder = new_folder(outputs, "brief")
        point_to_study(folder, found[0])
        for path in brief.write(load(found[0], sealed=False), folder, of_pages(chosen.language)):
            say(f"参阅件 {path.resolve()}", f"Brief {path.resolve()}")
        point_to_latest(outputs, folder)
        if not brief_word.available():
            say(*(Words(lang)("brief_word_missing", folder=chosen.folder) for lang in LANGUAGES))
