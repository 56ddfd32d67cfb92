"""python -m tests.fuzz: hostile inputs for some minutes, and how they ended; exit code 1 where one ended badly."""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz import arguments, designs, studies, tables, words, yaml_files
from tests.fuzz.common import BAD, ENDS, INPUTS_PER_SEED, Subject, Tally, explore
from tests.studies import keep_what_is_loaded

SUBJECTS = (
    tables.SUBJECT,
    yaml_files.SUBJECT,
    yaml_files.WHOLE,
    words.SUBJECT,
    words.WHOLE,
    designs.SUBJECT,
    studies.SUBJECT,
    arguments.SUBJECT,
)
INPUTS = 20_000


def main(given: Sequence[str]) -> int:
    """Fuzz; 0 where no input ended in a traceback, a hang or nonsense."""
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS, help=f"number of inputs ({INPUTS:,})")
    parser.add_argument("--minutes", type=float, default=0, help="stop after that many minutes; 0 = when all are tried")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first hundred inputs of each subject (1)")
    parser.add_argument("--only", default="", help="subjects, with commas: " + ",".join(item.name for item in SUBJECTS))
    parser.add_argument("--keep", type=Path, help="folder in which inputs that ended badly are kept")
    chosen = parser.parse_args(given)
    names = [name for name in chosen.only.split(",") if name] or [subject.name for subject in SUBJECTS]
    wrong = sorted(set(names) - {subject.name for subject in SUBJECTS})
    if wrong:
        parser.error(f"no such subject: {', '.join(wrong)}")
    subjects = [subject for subject in SUBJECTS if subject.name in names]
    limit_memory()
    keep_what_is_loaded()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tallies = run(subjects, chosen.seed, chosen.inputs, chosen.minutes * 60, Path(folder))
    told = time.monotonic() - begun
    print(table([tally for tally, _ in tallies], [seconds for _, seconds in tallies]))
    print(f"{sum(tally.counts.total() for tally, _ in tallies):,} inputs in {told / 60:.1f} minutes")
    for tally, _ in tallies:
        print(offences(tally, chosen.keep), end="")
    return 1 if any(tally.bad for tally, _ in tallies) else 0


def run(subjects: Sequence[Subject], seed: int, inputs: int, most_s: float, folder: Path) -> list[tuple[Tally, float]]:
    """Try inputs of all subjects by turns, so that a stop leaves none out; tallies and processor seconds of each.

    Where the time is limited, so is that of a turn: half the time is enough for the first turn of each.
    """
    turn_s = most_s / (2 * len(subjects)) if most_s else math.inf
    shares = share_out(subjects, inputs)
    tallies = [Tally(subject.name) for subject in subjects]
    seconds = [0.0] * len(subjects)
    begun, done = time.monotonic(), [0] * len(subjects)
    while any(done[place] < shares[place] for place in range(len(subjects))):
        # the subject that is furthest behind its share
        place = min(range(len(subjects)), key=lambda item: done[item] / max(shares[item], 1))
        count = min(INPUTS_PER_SEED, shares[place] - done[place])
        at = time.process_time()
        work = folder / subjects[place].name
        work.mkdir(exist_ok=True)
        found = explore(subjects[place], seed + done[place] // INPUTS_PER_SEED, count, work, turn_s)
        add(tallies[place], found)
        seconds[place] += time.process_time() - at
        done[place] += count
        if most_s and time.monotonic() - begun > most_s:
            break
    return list(zip(tallies, seconds, strict=True))


def share_out(subjects: Sequence[Subject], inputs: int) -> list[int]:
    """Inputs of each subject in proportion to its weight, at least one."""
    whole = sum(subject.weight for subject in subjects)
    return [max(1, round(inputs * subject.weight / whole)) for subject in subjects]


def add(whole: Tally, part: Tally) -> None:
    """Add the counts of a part."""
    whole.counts.update(part.counts)
    whole.causes.update(part.causes)
    for cause, offence in part.offences.items():
        known = whole.offences.get(cause)
        if known is None or len(offence.given.content) < len(known.given.content):
            whole.offences[cause] = offence


def table(tallies: Sequence[Tally], seconds: Sequence[float]) -> str:
    """Counts by subject, and inputs a second."""
    heads = ["subject", "tried", *ENDS, "a second"]  # of the processor
    rows = []
    for tally, spent in zip(tallies, seconds, strict=True):
        tried = tally.counts.total()
        rows.append(
            [tally.name, str(tried), *(str(tally.counts[end]) for end in ENDS), f"{tried / max(spent, 1e-9):.0f}"]
        )
    counts = [str(sum(tally.counts[end] for tally in tallies)) for end in ENDS]
    rows.append(["all", str(sum(tally.counts.total() for tally in tallies)), *counts, ""])
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) if not place else cell.rjust(width)
                  for place, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in [heads, *rows]
    )  # fmt: skip


def offences(tally: Tally, keep: Path | None) -> str:
    """The causes of bad ends, the most frequent first, each with its shortest input and how to repeat it."""
    told = ""
    for number, (cause, count) in enumerate(tally.causes.most_common(), start=1):
        offence = tally.offences[cause]
        assert offence.end in BAD
        told += f"\n{tally.name}: {offence.end[:-1] if offence.end != 'nonsense' else 'nonsense'} ({count}): {cause}\n"
        told += f"  such as {offence.given.words[:300]}\n"
        told += f"  again: --only {tally.name} --inputs {INPUTS_PER_SEED} --seed {offence.seed}\n"
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{tally.name}-{number}.bin").write_bytes(offence.given.content)
            (keep / f"{tally.name}-{number}.txt").write_text(
                f"{cause}\n{offence.given.words}\n", "utf-8", "backslashreplace"
            )
    return told


def limit_memory() -> None:
    """Let what would fill the memory fail as a fault of its own."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
