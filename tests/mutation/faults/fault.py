"""What a deliberate fault is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        file: path from the root of the tree.
        old: text as it is.
        new: text as it would be wrong.
        tests: names of test files that must notice, without `test_` and `.py`.
        excuse: why no test can notice; empty for all faults that a test must catch.
    """

    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    excuse: str = ""

    @property
    def name(self) -> str:
        """File and the words that change."""
        return f"{self.file}: {' '.join(self.old.split())[:60]}"


def listed(folder: str, *faults: tuple[str, str, str, str]) -> list[Fault]:
    """Faults in the files of a folder: file without `.py`, text as it is, text as it would be wrong, tests."""
    return [Fault(f"{folder}/{file}.py", old, new, tuple(tests.split())) for file, old, new, tests in faults]
