"""A row of the table: what is measured, its aim, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.measuring import Repeats

AT_LEAST, AT_MOST = "≥", "≤"
CONSTANTS = {
    "seconds_209": "processor seconds a run, 209 villages, batch of 25, nothing stored",
    "seconds_2090": "the same, 2,090 villages",
    "batch_bytes": "peak memory of a batch of 25, bytes a village and run",
    "seconds_all_residents": "processor seconds a run, Enyang with every registered resident",
    "bytes_resident": "bytes a resident of such a run",
    "process_mib": "peak memory of a process with one batch of 25 runs and its store, MiB",
    "join_kib": "further peak memory a run of the study (joining the results), KiB",
    "seconds_district": "wall seconds a run computed and stored, `detail=district`",
    "seconds_villages": "the same, `detail=villages`",
    "bytes_district": "bytes stored a run, `detail=district`",
    "bytes_villages": "the same, `detail=villages`",
    "two_workers": "times as fast with two worker processes on two cores",
    "seconds_workers": "wall seconds to start the workers",
}
"""Numbers by which a study is sized: name and what it is; `docs/make_scale.py` reads them from the results."""


@dataclass(frozen=True)
class Finding:
    """One number of a row.

    Attributes:
        what: words for it; empty where the measure says it all.
        found: its repeats.
        unit: written after it.
        digits: after the point.
    """

    what: str
    found: Repeats
    unit: str = ""
    digits: int = 1


@dataclass(frozen=True)
class Row:
    """A measure of the table.

    Attributes:
        number: its place in the table.
        measure: what is measured, against what.
        sign: `AT_LEAST` or `AT_MOST`.
        aim: the number aimed at.
        unit: unit of the aim.
        findings: what was found; each has to reach the aim.
        limits: what limits it, from what was measured besides.
        how: how it was measured.
        beside: further numbers, lines of Markdown.
        constants: numbers by which a study is sized (`CONSTANTS`).
    """

    number: int
    measure: str
    sign: str
    aim: float
    unit: str
    findings: Sequence[Finding]
    limits: str
    how: str
    beside: Sequence[str] = field(default_factory=list)
    constants: Mapping[str, float] = field(default_factory=dict)

    @property
    def goal(self) -> str:
        """The aim in words."""
        return f"{self.sign} {self.aim:g}{self.unit}"

    def reaches(self, finding: Finding) -> bool:
        """Whether the median reaches the aim."""
        return finding.found.median >= self.aim if self.sign == AT_LEAST else finding.found.median <= self.aim


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int] = (0,)) -> list[str]:
    """A table in Markdown; `words` are the columns that hold words, the others hold numbers."""
    line = "|" + "|".join("---" if place in words else "---:" for place in range(len(heads))) + "|"
    return ["| " + " | ".join(heads) + " |", line, *("| " + " | ".join(row) + " |" for row in rows)]


def prose(text: str) -> str:
    """Words of a text over several lines, on one line."""
    return " ".join(text.split())
