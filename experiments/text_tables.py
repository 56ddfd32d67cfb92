"""Tables and paragraphs on a console, where a Chinese letter is as wide as two others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

WIDTH = 100
"""Columns of a console."""
_PIECES = re.compile(r"[\u2e80-\u9fff\uff00-\uffef][，。；：、）]*|[^\s\u2e80-\u9fff\uff00-\uffef]+ ?|\s")


def cells(text: str) -> int:
    """Columns that a text takes."""
    return sum(0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
               for letter in text)  # fmt: skip


def padded(text: str, width: int, right: bool = False) -> str:
    """A text that takes `width` columns at least."""
    space = " " * max(0, width - cells(text))
    return space + text if right else text + space


def cut(text: str, width: int) -> str:
    """A text that takes `width` columns at most; what was cut off is an ellipsis."""
    if cells(text) <= width:
        return text
    while text and cells(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of `width` columns, broken between words or Chinese letters."""
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and cells(lines[-1]) + cells(piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def table(rows: Sequence[Sequence[str]], flexible: int, right: Sequence[int] = (), width: int = WIDTH) -> list[str]:
    """Lines of a table.

    Args:
        rows: texts; the first row is the head.
        flexible: the column that is cut where the table would be wider than the console.
        right: columns that end at the same place, as numbers do.
        width: columns of the console.
    """
    widths = [max(cells(row[place]) for row in rows) for place in range(len(rows[0]))]
    over = sum(widths) + 2 * (len(widths) - 1) - width
    widths[flexible] = max(8, widths[flexible] - max(0, over))
    return ["  ".join(padded(cut(text, widths[flexible]) if place == flexible else text, widths[place], place in right)
                      for place, text in enumerate(row)).rstrip() for row in rows]  # fmt: skip
