"""Which cases of a test are fast and which are thorough; see "Tests" in docs/architecture.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def fast(cases: Iterable[Any], of: int | Callable[[Any], bool]) -> list[Any]:
    """The cases of a test: the first so many, or those of which `of` holds, are fast, the others thorough."""
    found = []
    for place, case in enumerate(cases):
        is_fast = of(case) if callable(of) else place < of
        values = case if isinstance(case, tuple) else (case,)
        found.append(case if is_fast else pytest.param(*values, marks=pytest.mark.thorough))
    return found
