"""Row 3: the time of each phase over the time that its arrays need to pass through memory once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.measuring import Repeats
from benchmarks.phases import LEVERS_AND_TAPE, Case, seconds_of_phases
from benchmarks.rows import AT_MOST, Finding, Row, prose, table
from benchmarks.spending import shares
from benchmarks.touching import touched_by_phases

MEMORY, CACHE = 256 * 2**20, 2**18
"""Bytes of the arrays whose copy is timed: too large for any cache, and about what a phase has at hand."""
AIM = 5
FEW = 4
"""Runs of the smaller batch that tells which part of the time does not grow with the runs."""


def copied_bytes_per_second(size: int, least: int) -> float:
    """Bytes read and written a processor second when an array of `size` bytes is copied, the best of several tries."""
    source, target = np.ones(size // 8), np.zeros(size // 8)
    times, best = max(1, least // size), 0.0
    for _ in range(5):
        start = time.process_time()
        for _ in range(times):
            np.copyto(target, source)
        best = max(best, 2 * size * times / (time.process_time() - start))
    return best


@dataclass(frozen=True)
class Measured:
    """A phase of a batch, all years.

    Attributes:
        touched: bytes read and written, each array once a call.
        over: time over the bound, each repeat.
        seconds: processor time, median.
        fixed: share of the time that does not grow with the number of runs.
        kinds: share of the time by what it goes into.
    """

    name: str
    touched: int
    over: Repeats
    seconds: float
    fixed: float
    kinds: Mapping[str, float]

    def reason(self, aim: float) -> str:
        """Why it is not faster, by what was measured; empty where the aim is reached."""
        if self.over.median <= aim:
            return ""
        kind, share = max(self.kinds.items(), key=lambda item: item[1])
        if self.fixed >= max(0.4, share):
            return f"calls on small arrays: {self.fixed:.0%} does not grow with the runs"
        if share >= 0.3:
            return f"{kind}: {share:.0%}"
        rest = 1 - sum(self.kinds.values())
        return f"many passes over intermediate results: {rest:.0%} is plain arithmetic; {kind} {share:.0%}"


def measure(case: Case, repeats: int, together: int, bandwidth: float) -> list[Measured]:
    """All phases, the longest first."""
    touched, kinds = touched_by_phases(case, together), shares(case, together)
    rounds = [(seconds_of_phases(case, FEW), seconds_of_phases(case, together)) for _ in range(repeats)]
    phases = []
    for name, traffic in touched.items():
        whole = traffic.read + traffic.written
        few = Repeats(tuple(spent[name] for spent, _ in rounds))
        many = Repeats(tuple(spent[name] for _, spent in rounds))
        growing = (many.median - few.median) / (together - FEW)
        fixed = min(max(1 - growing * together / many.median, 0.0), 1.0)
        phases.append(Measured(name, whole, many * (bandwidth / whole), many.median, fixed, kinds[name]))
    return sorted(phases, key=lambda phase: -phase.seconds)


def row(case: Case, repeats: int, together: int = 32) -> Row:
    """Measure row 3."""
    bandwidth, near = copied_bytes_per_second(MEMORY, MEMORY), copied_bytes_per_second(CACHE, MEMORY)
    phases = measure(case, repeats, together, bandwidth)
    years = case.quarters / 4
    bytes_ = sum(phase.touched for phase in phases)
    whole = Repeats(tuple(
        sum(phase.over.values[number] * phase.touched for phase in phases) / bytes_ for number in range(repeats)
    ))  # fmt: skip
    worst = max(phases, key=lambda phase: phase.over.median)
    lines = [
        [phase.name, f"{1e6 * phase.seconds / years:.0f}", f"{phase.touched / years / 1024:,.0f}",
         phase.over.text(".1f"), f"{phase.fixed:.0%}", *(f"{share:.0%}" for share in phase.kinds.values()),
         phase.reason(AIM)]
        for phase in phases
    ]  # fmt: skip
    told = prose(f"""Copying moves {bandwidth / 1e9:.1f} GB/s through memory (arrays of {MEMORY // 2**20} MiB, bytes
        read and written) and {near / 1e9:.1f} GB/s in cache ({CACHE // 2**10} KiB). Microseconds and KiB are of a
        simulated year of {together} runs.""")
    heads = ["phase", "µs", "KiB touched", "time over bound", "fixed", *phases[0].kinds, f"reason beyond {AIM}×"]
    how = f"""Every object through which a phase reaches arrays notes what it hands out; at the end of a phase the
        arrays that were assigned or hold other bytes count as written. Each array counts once a call for reading and
        once for writing, whole, also where a phase takes a part of it. The bound is these bytes over the measured
        copy bandwidth of memory. `fixed` is the part of the time that a batch of {FEW} runs and one of {together}
        have in common; the next columns are shares of the time, timed inside NumPy, SciPy, `Groups` and `Ledger`
        (what one calls inside another counts for the outer). {LEVERS_AND_TAPE.capitalize()} are not phases and are
        left out."""
    findings = [Finding("all phases together", whole, "×"), Finding(f"worst phase, `{worst.name}`", worst.over, "×")]
    return Row(3, "time over the memory-traffic bound, per phase", AT_MOST, AIM, "×", findings, limits(phases),
               prose(how), [told, "", *table(heads, lines, words=(0, len(heads) - 1))])  # fmt: skip


def limits(phases: list[Measured]) -> str:
    """How many phases keep to the aim, and what the time goes into."""
    beyond = [phase for phase in phases if phase.over.median > AIM]
    seconds = sum(phase.seconds for phase in phases)
    fixed = sum(phase.fixed * phase.seconds for phase in phases) / seconds
    kinds = {kind: sum(phase.kinds[kind] * phase.seconds for phase in phases) / seconds for kind in phases[0].kinds}
    rest = 1 - sum(kinds.values())
    return prose(f"""{len(phases) - len(beyond)} of {len(phases)} phases keep within {AIM}×; the {len(beyond)} others
        hold {sum(phase.seconds for phase in beyond) / seconds:.0%} of the time. Of all phases' time {fixed:.0%} does
        not grow with the runs (calls); {", ".join(f"{share:.0%} is {kind}" for kind, share in kinds.items())}, and
        {rest:.0%} plain arithmetic, whose intermediate results pass through the cache again and again and are not in
        the bound.""")
