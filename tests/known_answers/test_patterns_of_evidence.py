"""Patterns of evidence: the model agrees with each band, or misses it as docs/patterns.md says."""

from __future__ import annotations

import numpy as np
import pytest
from patterns_of_evidence import PATTERNS, Pattern

CASES = [pytest.param(item, id=item.key, marks=[pytest.mark.thorough] if item.slow else []) for item in PATTERNS]


@pytest.mark.parametrize("pattern", CASES)
def test_the_model_agrees_with_a_pattern_or_misses_it_as_the_page_says(pattern: Pattern, record_property):
    values = pattern.measure()
    record_property(pattern.key, round(float(np.mean(values)), 4))
    if pattern.holds(values) == bool(pattern.why):
        said = "is said to be missed and holds: the page wants its line mended" if pattern.why else "is missed"
        pytest.fail(f"{pattern.en}: {np.mean(values):.4f} beside {pattern.low:g} to {pattern.high:g} {said}")


def test_every_pattern_stands_once():
    keys = [item.key for item in PATTERNS]
    assert len(keys) == len(set(keys)) and all(item.low <= item.high and item.source for item in PATTERNS)
