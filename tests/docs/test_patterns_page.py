"""docs/patterns.md has every pattern of evidence with its band, and says which are missed."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("known_answers", "sim")]

from patterns_of_evidence import PATTERNS  # noqa: E402 (the path comes first)


def test_the_page_has_every_pattern_and_its_verdict():
    lines = [
        line for line in (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8").splitlines() if "<br>" in line
    ]
    assert len(lines) == len(PATTERNS)
    for line, pattern in zip(lines, PATTERNS, strict=True):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[0] == f"{pattern.zh}<br>{pattern.en}"
        assert f"{pattern.low:.3g}" in cells[2]
        assert cells[4].startswith("**不符 outside**") == bool(pattern.why) and pattern.why in cells[4]
        assert cells[5] == pattern.before
