"""What is wrong with a user's input: collected, then told all at once in the user's language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

MOST_LINES = 50
"""Mistakes told at once; how many more there are is said."""
MOST_ROWS = 3
"""Mistakes of one cause in one column of a file that are told one by one; more are one line."""
MOST_LETTERS = 300
"""Letters of a value that are shown."""
COMMAND_LINE, CONFIGURATION = "command line", "configuration"
PLACES_ZH = {COMMAND_LINE: "命令行", CONFIGURATION: "配置"}
"""Places of mistakes that are no files: as `Problem.file` names them, or begins, and their Chinese names."""
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control characters, and marks that nobody sees or that turn the direction of writing."""


@dataclass(frozen=True)
class Problem:
    """One mistake in one place.

    Attributes:
        zh: what is wrong, in Chinese.
        en: what is wrong, in English.
        file: file or configuration group it stands in; empty if none.
        row: line of the file, counted from 1 with the header; None if none.
        column: letters of the column in a workbook, whose cells have addresses.
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
    column: str = ""

    def text(self, language: str = "zh") -> str:
        """One line for the user, `zh` or `en`."""
        chinese = language == "zh"
        words = ("行", "值", "允许", "是否指") if chinese else ("row", "value", "allowed", "did you mean")
        place = shown(self.file)
        kind = next((name for name in PLACES_ZH if place == name or place.startswith(f"{name} ")), "")
        if chinese and kind:
            place = PLACES_ZH[kind] + place.removeprefix(kind)
        if self.row is not None:
            place += f"!{self.column}{self.row}" if self.column else f" {words[0]} {self.row}"
        if self.field:
            place += f" [{shown(self.field)}]"
        parts = [self.zh if chinese else self.en]
        told = (shown(self.value), UNSEEN.sub(_visible, self.allowed), shown(self.nearest))
        for word, item in zip(words[1:], told, strict=True):
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
        self._causes = by_cause(self.problems)
        super().__init__(self.text("en"))

    def text(self, language: str = "zh") -> str:
        """All mistakes, one cause a line, at most `MOST_LINES` lines and how many more there are."""
        lines = [f"- {problem.text(language)}" for problem in self._causes[:MOST_LINES]]
        more = len(self._causes) - len(lines)
        if more > 0:
            lines.append(f"- 另有 {more} 处，改正以上各处后再看" if language == "zh" else f"- and {more} more")
        return "\n".join(lines)


def by_cause(problems: Sequence[Problem]) -> list[Problem]:
    """The mistakes, where many of one cause in one column of a file are one, with their number and first examples."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        cause = re.sub(r"\d+", "", problem.zh)
        groups.setdefault((problem.file, problem.field, cause), []).append(problem)
    found = []
    for group in groups.values():
        rows = [problem.row for problem in group if problem.row is not None]
        found += [_as_one(group, rows)] if len(rows) == len(group) > MOST_ROWS else group
    return found


def _as_one(group: Sequence[Problem], rows: Sequence[int]) -> Problem:
    first, few = group[0], ", ".join(f"{group[0].column}{row}" for row in rows[:MOST_ROWS])
    words = ("格", "cells") if first.column else ("行", "rows")
    examples = {
        name: " | ".join(dict.fromkeys(shown(getattr(problem, name), 30) for problem in group[:MOST_ROWS]))
        for name in ("value", "nearest")
    }
    allowed = " | ".join(dict.fromkeys(problem.allowed for problem in group[:MOST_ROWS]))
    like = f"如 {few}" if first.column else f"如第 {few} 行"
    zh, en = f"{first.zh}（共 {len(group)} {words[0]}，{like}）", f"{first.en} ({len(group)} {words[1]}, such as {few})"
    return replace(first, zh=zh, en=en, row=None, column="", allowed=allowed, **examples)


def _visible(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def shown(text: str, most: int = MOST_LETTERS) -> str:
    """A text of the user's as it may be printed: cut, and with what nobody sees made visible."""
    text = str(text)
    return UNSEEN.sub(_visible, text if len(text) <= most else f"{text[:most]}…")


def visible(text: str) -> str:
    """Lines in which what nobody sees, and what could trick a terminal, is written out."""
    return "\n".join(UNSEEN.sub(_visible, line) for line in text.split("\n"))


def nearest(name: str, names: Sequence[str]) -> str:
    """The valid name most like `name`, or an empty text if none is."""
    found = difflib.get_close_matches(str(name), [str(item) for item in names], n=1, cutoff=0.5)
    return found[0] if found else ""
