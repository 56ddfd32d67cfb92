"""Deliberate faults: what stands in a file, what a careless hand might have written, and the tests that must notice.

`make mutation` (`run.py`) puts each into a copy of the tree. A fault's old text occurs exactly once in its file.
"""

from __future__ import annotations

from faults import analysis, answers, indicators, levers, processes, start, studies
from faults.fault import Fault

FAULTS: list[Fault] = [
    *processes.FAULTS, *levers.FAULTS, *indicators.FAULTS, *start.FAULTS, *answers.FAULTS, *analysis.FAULTS,
    *studies.FAULTS,
]  # fmt: skip
