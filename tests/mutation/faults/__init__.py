"""Deliberate faults: what stands in a file, what a careless hand might have written, and the tests that must notice.

`make mutation` (`run.py`) puts each into a copy of the tree. A fault's old text occurs exactly once in its file.
"""

from __future__ import annotations

from faults import answers, levers, processes
from faults.fault import Fault

SUBJECTS = {"processes": processes.FAULTS, "levers": levers.FAULTS, "answers": answers.FAULTS}
FAULTS: list[Fault] = [fault for faults in SUBJECTS.values() for fault in faults]
