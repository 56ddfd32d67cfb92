"""How much room a study takes, told before it starts."""

from __future__ import annotations

import shutil
from pathlib import Path

from experiments.messages import Stopped, say
from experiments.study import Study
from sim.indicators import INDICATORS
from sim.record import VILLAGES
from sim.village_indicators import VILLAGE_INDICATORS

BYTES_PER_NUMBER = 8
BYTES_PER_VILLAGE_NUMBER = 4
TOLD_FROM = 1e9
"""Bytes from which on the size is told."""


def bytes_needed(study: Study) -> int:
    """Most bytes that a study's folder takes while it is computed: uncompressed, and runs stand twice when joined."""
    years = study.options.horizon - study.options.start_year + 2
    tables = 2 + 2 * len(study.places) if len(study.places) > 1 else 2
    of_district = tables * BYTES_PER_NUMBER * years * (len(INDICATORS) + 5)
    of_villages = BYTES_PER_VILLAGE_NUMBER * years * study.district.villages * (len(VILLAGE_INDICATORS) + 6)
    return study.runs * (of_district + (of_villages if study.detail == VILLAGES else 0))


def check_room(study: Study, outputs: Path) -> None:
    """Tell the size of a large study.

    Raises:
        Stopped: the disk can't hold it.
    """
    needed, place = bytes_needed(study), outputs.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if needed > free:
        instead = "" if study.detail != VILLAGES else "；detail=district 只保留全区指标，小得多"
        smaller = "" if study.detail != VILLAGES else "; detail=district keeps indicators of the district alone"
        raise Stopped(
            f"磁盘空间不足：{study.runs} 次推演最多需要 {in_words(needed)}，{place} 只剩 {in_words(free)}{instead}。",
            f"Not enough room: {study.runs} runs take up to {in_words(needed)}, {place} has {in_words(free)}{smaller}.",
        )
    if needed > TOLD_FROM:
        say(f"{study.runs} 次推演，结果最多占用 {in_words(needed)}。",
            f"{study.runs} runs; their results take up to {in_words(needed)}.")  # fmt: skip


def in_words(size: float) -> str:
    """A size with a unit."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
