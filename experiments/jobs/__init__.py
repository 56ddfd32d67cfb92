"""One file for each job of the command line: what it says of itself is read without loading it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_LINE = re.compile(r'^ABOUT = \(\s*"(.+)",\s*"(.+)",?\s*\)', re.MULTILINE)
_MODEL = re.compile(r"^@hydra\.main\(", re.MULTILINE)


class About(NamedTuple):
    """A line on a job.

    Attributes:
        zh: what it does, in Chinese.
        en: the same in English.
        runs_model: whether it runs the model, and so is an app of Hydra.
    """

    zh: str
    en: str
    runs_model: bool


@cache
def jobs() -> dict[str, About]:
    """Every file here that begins with `ABOUT = (Chinese, English)`, by name; those that run the model come first."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        text = path.read_text(encoding="utf-8")
        line = _LINE.search(text)
        if line:
            found[path.stem] = About(line[1], line[2], _MODEL.search(text) is not None)
    return dict(sorted(found.items(), key=lambda item: not item[1].runs_model))


def model_jobs() -> list[str]:
    """Names of the jobs that run the model."""
    return [name for name, about in jobs().items() if about.runs_model]
