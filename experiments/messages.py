"""What the command line says: in Chinese, in English or both, and on any console."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence

from sim.problems import InputErrors, Problem, visible

LANGUAGES = ("zh", "en", "both")
WHERE = "命令行 command line"
"""Place named in mistakes of the command line."""
_chosen = "both"


def choose_language(arguments: Sequence[str]) -> None:
    """Take `language=zh` or `--language en` from the raw arguments, so that even mistakes are told in that language."""
    global _chosen
    found = re.search(r"(?:^|\s)(?:--)?language[= ]'?\"?(\w+)", " ".join(arguments))
    _chosen = found.group(1) if found and found.group(1) in LANGUAGES else "both"


def prepare_console() -> None:
    """A console that can't show a character shows `?` instead of failing (Chinese Windows uses GBK)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def bilingual(zh: str, en: str) -> str:
    """The text in the chosen language, fit for a terminal; Chinese first if both are wanted."""
    return visible({"zh": zh, "en": en}.get(_chosen, zh if zh == en else f"{zh}\n{en}"))


def first_language() -> str:
    """The language of words that can't be said twice, such as those on a progress bar."""
    return "en" if _chosen == "en" else "zh"


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
