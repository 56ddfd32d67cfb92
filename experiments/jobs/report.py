"""qiangcun report DIR...: compares what sweeps and runs have left."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.data.seal import open_study
from experiments.flags import Flags
from experiments.merge import merge
from experiments.messages import bilingual, of_pages, say
from experiments.output import check_folders, find_studies, new_folder, point_to_latest, point_to_study
from experiments.way_out import one_way_out
from sim.problems import InputErrors, Problem

ABOUT = ("汇总批量任务或已有推演，生成报告", "write a report on what sweeps and earlier studies left")


def main(arguments: Sequence[str]) -> None:
    """Write a report on the studies in the given folders; exit code 1 where one of several had to be left out."""
    parser = Flags("report")
    parser.offer("folder", "推演、任务或批量任务的文件夹", "folders of studies, jobs or sweeps", nargs="+")
    parser.offer("--reference", "对照策略", "strategy that the others are compared with")
    parser.add_outputs()
    parser.add_language()
    chosen = parser.read(arguments)
    from analysis.page import write_report  # loads matplotlib, which takes its time

    outputs = Path(os.path.expanduser(chosen.outputs))
    with one_way_out(outputs):
        links = check_folders(outputs)
        if links:
            raise InputErrors(links)
        whole, problems = whole_ones(find_studies(chosen.folder))
        if not whole:
            raise InputErrors(problems)
        if problems:
            errors = InputErrors(problems)
            zh, en = f"略去受损的推演：\n{errors.text('zh')}", f"Left out, for they are damaged:\n{errors.text('en')}"
            print(bilingual(zh, en), file=sys.stderr, flush=True)
        study = merge(whole, outputs, chosen.reference)
        folder = new_folder(outputs, "report")
        point_to_study(folder, study)
        report = write_report(study, folder, of_pages(chosen.language))
        point_to_latest(outputs, folder)
        say(f"推演数据 {study}", f"Study data {study}")
        say(f"报告 {report.resolve()}", f"Report {report.resolve()}")
    if problems:
        sys.exit(1)


def whole_ones(folders: Sequence[Path]) -> tuple[list[Path], list[Problem]]:
    """Studies that are as they were sealed, and what is wrong with the others."""
    whole, problems = [], []
    for folder in folders:
        try:
            open_study(folder)
            whole.append(folder)
        except InputErrors as errors:
            problems += errors.problems
    return whole, problems
