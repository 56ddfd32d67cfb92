"""A row of the table: what is measured, its aim, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.measuring import Repeats

AT_LEAST, AT_MOST = "≥", "≤"


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

    @property
    def goal(self) -> str:
        """The aim in words."""
        return f"{self.sign} {self.aim:g}{self.unit}"

    def reaches(self, finding: Finding) -> bool:
        """Whether the median reaches the aim."""
        return finding.found.median >= self.aim if self.sign == AT_LEAST else finding.found.median <= self.aim

    @property
    def is_met(self) -> bool:
        """Whether every finding reaches the aim."""
        return all(self.reaches(finding) for finding in self.findings)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int] = (0,)) -> list[str]:
    """A table in Markdown; `words` are the columns that hold words, the others hold numbers."""
    line = "|" + "|".join("---" if place in words else "---:" for place in range(len(heads))) + "|"
    return ["| " + " | ".join(heads) + " |", line, *("| " + " | ".join(row) + " |" for row in rows)]


def prose(text: str) -> str:
    """Words of a text over several lines, on one line."""
    return " ".join(text.split())
