"""qiangcun verify DIR: whether a study is what it says."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.flags import Flags
from experiments.messages import say
from experiments.output import find_studies
from experiments.verify import Verification

MARKS = {True: "✓", False: "✗", None: "–"}


def main(arguments: Sequence[str]) -> None:
    """Check studies; exit code 1 where something differs."""
    parser = Flags("verify", "核验推演结果 / check studies")
    parser.add_argument("folder", nargs="+", help="推演、任务或批量任务的文件夹 / folders of studies, jobs or sweeps")
    parser.add_argument("--sample", type=int, default=8, help="重算多少次推演 / runs to compute again (8)")
    parser.add_argument("--seed", type=int, default=0, help="抽样种子 / seed of the choice of these runs (0)")
    parser.add_argument("--district", default="", help="区县文件夹，若已移动 / folder of the district, if it was moved")
    parser.add_argument("--village-table", default="", help="村情表，若已移动 / village table, if it was moved")
    parser.add_language()
    chosen = parser.parse_args(arguments)
    good = True
    for folder in find_studies(chosen.folder):
        study = Verification(folder, chosen.district, chosen.village_table, max(0, chosen.sample), chosen.seed)
        say(f"核验 {folder}", f"Checking {folder}")
        for found in study.all():
            good = good and found.agrees is not False
            say(f"{MARKS[found.agrees]} {found.zh}", f"{MARKS[found.agrees]} {found.en}")
        say(f"引用标识 {study.fingerprint}", f"To cite: {study.fingerprint}")
    if not good:
        sys.exit(1)
