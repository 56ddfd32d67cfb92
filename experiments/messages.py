"""What the command line says: in the reader's language, in Chinese and English if wanted, and on any console."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Literal

from sim.problems import COMMAND_LINE, InputErrors, Problem, shown, visible

LANGUAGES = ("zh", "en", "both")
AUTO = "auto"
"""The language of the system."""
WHERE = COMMAND_LINE
"""Place named in mistakes of the command line."""
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says in which language programs speak; the first that is set counts."""
WIDTH = 100
"""Columns of a console."""
CHINESE_OF_WINDOWS, LANGUAGE_BITS = 0x04, 0x3FF


def system_language() -> str:
    """`zh` where the system speaks Chinese of any kind; `en` where it speaks another language, none (C), or is silent.

    On Windows, where the variables are rarely set, it is the language of the user's menus that counts.
    """
    named = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "")
    if not named and sys.platform == "win32":
        import ctypes

        is_chinese = ctypes.windll.kernel32.GetUserDefaultUILanguage() & LANGUAGE_BITS == CHINESE_OF_WINDOWS
        return "zh" if is_chinese else "en"
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def language_of(asked: object) -> str:
    """The language that is meant by `zh`, `en`, `both`, or anything else, which means the system's."""
    return str(asked) if asked in LANGUAGES else system_language()


_chosen = system_language()


def choose_language(arguments: Sequence[str]) -> None:
    """Take `language=zh` or `--language en` from the raw arguments, so that even mistakes are told in that language."""
    global _chosen
    found = re.findall(r"(?:^|\s)(?:--)?language[= ]'?\"?(\w+)", " ".join(arguments))
    _chosen = language_of(found[-1] if found else AUTO)


def prepare_console() -> None:
    """A console that can't show a character shows `?` instead of failing (Chinese Windows uses GBK)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def bilingual(zh: str, en: str) -> str:
    """The text in the chosen language, fit for a terminal; Chinese first if both are wanted."""
    return visible({"zh": zh, "en": en}.get(_chosen, zh if zh == en else f"{zh}\n{en}"))


def in_a_line(zh: str, en: str) -> str:
    """The text in the chosen language where there is one line for it."""
    return bilingual(zh, en).replace("\n", " / ")


def first_language() -> str:
    """The language of words that can't be said twice, such as those on a progress bar."""
    return "en" if _chosen == "en" else "zh"


def of_pages(language: str) -> tuple[str, ...]:
    """Languages of the pages to write: the one that was chosen, or both."""
    return ("zh", "en") if language == "both" else (language,)


def chosen_language() -> str:
    """The language in which everything is told: `zh`, `en` or `both`."""
    return _chosen


def columns(
    rows: Sequence[Sequence[str]], heads: Sequence[str] = (), right: Sequence[int] = (), wraps: int = -1
) -> str:
    """Rows as a table of 100 columns at most, in which a Chinese letter takes two.

    Args:
        rows: texts.
        heads: names of the columns, if they are shown.
        right: columns whose ends stand below one another.
        wraps: the column that goes on in the next line where there is no room.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table, wraps = Table(box=None, show_header=bool(heads), header_style="", padding=(0, 2, 0, 0)), wraps % len(rows[0])
    for place, head in enumerate(heads or rows[0]):
        justify: Literal["left", "right"] = "right" if place in right else "left"
        table.add_column(Text(head), justify=justify, no_wrap=place != wraps, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(text)) for text in row))
    console = Console(width=WIDTH + 2, color_system=None)
    with console.capture() as found:
        console.print(table)
    return "\n".join(line.rstrip() for line in found.get().splitlines())


def say(zh: str, en: str) -> None:
    """Print a line in the chosen language."""
    print(bilingual(zh, en), flush=True)


def complain(problems: Iterable[Problem]) -> None:
    """Tell all of a user's mistakes at once, on the error stream; each is told once."""
    errors = InputErrors(dict.fromkeys(problems))
    count = len(errors.problems)
    zh = f"输入有 {count} 处错误，未运行：\n{errors.text('zh')}"
    en = f"Nothing was run; {count} mistake(s) in the input:\n{errors.text('en')}"
    print(bilingual(zh, en), file=sys.stderr, flush=True)


class Stopped(Exception):
    """The work can't go on; what is done is kept.

    Attributes:
        zh: why, and what to do, in Chinese.
        en: the same in English.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en
