"""One file for each job of the command line: what it says of itself is read without loading it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_ABOUT = re.compile(r'^ABOUT = \(\s*"(.+)",\s*"(.+)",?\s*\)', re.MULTILINE)


@cache
def _texts() -> dict[str, str]:
    return {
        path.stem.replace("_", "-"): path.read_text(encoding="utf-8")
        for path in sorted(Path(__file__).parent.glob("[!_]*.py"))
    }


def model_jobs() -> list[str]:
    """Names of the jobs that run the model, and so are apps of Hydra."""
    return [name for name, text in _texts().items() if "\n@hydra.main(" in text]


def jobs() -> dict[str, tuple[str, str]]:
    """Each file with a line `ABOUT = (Chinese, English)`, by name; those that run the model come first."""
    found = {name: line for name, text in _texts().items() if (line := _ABOUT.search(text))}
    names = sorted(found, key=lambda name: name not in model_jobs())
    return {name: (found[name][1], found[name][2]) for name in names}
