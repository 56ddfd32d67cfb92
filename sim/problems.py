"""What is wrong with a user's input: collected, then told all at once in the user's language."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake in one place.

    Attributes:
        zh: what is wrong, in Chinese.
        en: what is wrong, in English.
        file: file or configuration group it stands in; empty if none.
        row: line of the file, counted from 1 with the header; None if none.
        field: column, parameter or lever setting.
        value: what was found.
        allowed: what would be right: a range or a list.
        nearest: the nearest valid name or value; empty if none is near.
    """

    zh: str
    en: str
    file: str = ""
    row: int | None = None
    field: str = ""
    value: str = ""
    allowed: str = ""
    nearest: str = ""

    def text(self, language: str = "zh") -> str:
        """One line for the user, `zh` or `en`."""
        chinese = language == "zh"
        words = ("行", "值", "允许", "是否指") if chinese else ("row", "value", "allowed", "did you mean")
        place = self.file
        if self.row is not None:
            place += f" {words[0]} {self.row}"
        if self.field:
            place += f" [{self.field}]"
        parts = [self.zh if chinese else self.en]
        for word, item in zip(words[1:], (self.value, self.allowed, self.nearest), strict=True):
            if item:
                parts.append(f"{word}: {item}")
        return f"{place.strip()}: " + ("；" if chinese else "; ").join(parts)


class InputErrors(ValueError):
    """All mistakes found in a user's input.

    Attributes:
        problems: the mistakes, in the order found.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = list(problems)
        super().__init__("\n".join(problem.text("en") for problem in self.problems))

    def text(self, language: str = "zh") -> str:
        """All mistakes, one a line."""
        return "\n".join(f"- {problem.text(language)}" for problem in self.problems)


def nearest(name: str, names: Sequence[str]) -> str:
    """The valid name most like `name`, or an empty text if none is."""
    found = difflib.get_close_matches(str(name), [str(item) for item in names], n=1, cutoff=0.5)
    return found[0] if found else ""
