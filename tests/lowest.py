"""The lowest versions that pyproject.toml allows, to test with them.

python tests/lowest.py > lowest.txt
pip install -c lowest.txt ".[dev]"      # in an environment of its own, with Python 3.11
python -m pytest -q tests/golden tests/conf tests/experiments/test_jobs.py tests/analysis/test_report.py
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def needed() -> dict[str, str]:
    """What the project needs to run: package to its lowest version; empty where none is named."""
    listed = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    found = {}
    for words in listed:
        name = re.match(r"[A-Za-z0-9._-]+", words)
        bound = re.search(r">=\s*([0-9.]+)", words)
        assert name, words
        found[name[0]] = bound[1] if bound else ""
    return found


def lowest() -> str:
    """A file of constraints with the lowest versions."""
    return "".join(f"{name}=={version}\n" for name, version in needed().items() if version)


if __name__ == "__main__":
    print(lowest(), end="")
