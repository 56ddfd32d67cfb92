"""qiangcun verify DIR: whether a study is what it says."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence

from experiments.comparing import outcome
from experiments.flags import Flags
from experiments.messages import say
from experiments.output import find_studies
from experiments.verify import Verification

ABOUT = ("核验已有推演结果：文件、版本、抽样重算", "check a study: files, versions, a sample of runs computed again")
MARKS = {True: "✓", False: "✗", None: "–"}


def main(arguments: Sequence[str]) -> None:
    """Check studies; exit code 1 where something differs, 3 where something could not be looked at."""
    parser = Flags("verify")
    parser.offer("folder", "推演、任务或批量任务的文件夹", "folders of studies, jobs or sweeps", nargs="+")
    parser.offer("--sample", "重算多少次推演", "runs to compute again", type=int, default=8)
    parser.offer("--seed", "抽样种子，不写则随机", "seed of the choice, a random one if not given", type=int)
    parser.offer("--district", "自己的区县文件夹", "folder of your own district", default="")
    parser.offer("--village-table", "自己的村情表", "your own village table", default="")
    parser.add_language()
    chosen = parser.read(arguments)
    choice = secrets.randbelow(10**9) if chosen.seed is None else chosen.seed % 2**32  # else forgers knew
    every = []
    for folder in find_studies(chosen.folder):
        study = Verification(folder, chosen.district, chosen.village_table, max(0, chosen.sample), choice)
        say(f"核验 {folder}", f"Checking {folder}")
        for found in study.all():
            every.append(found)
            say(f"{MARKS[found.agrees]} {printable(found.zh)}", f"{MARKS[found.agrees]} {printable(found.en)}")
        if study.citation:
            say(f"引用标识 {printable(study.citation)}", f"To cite: {printable(study.citation)}")
    code = outcome(every)
    if code == 3:
        say("没有发现不符，但标 – 的各项未能核对，不能担保。",
            "Nothing differs, but what is marked – could not be checked: the study is not vouched for.")  # fmt: skip
    if code:
        sys.exit(code)


def printable(text: str) -> str:
    """Text of a study as a console shows it: what would move the cursor or turn the writing around is a `?`."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
