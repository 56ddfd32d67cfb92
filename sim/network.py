"""Who knows whom, and where people live in settlements: one network per district, shared by all runs (EQ-20)."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import rank
from sim.district import District
from sim.register import Register, SampleRegister
from sim.tape import generator

STEPS = (-3, -2, -1, 1, 2, 3)
TIES = len(STEPS)
BLOCK = 20_000
"""Residents of a full register whose ties are drawn at once."""
REWIRED, ACROSS = 0.10, 0.05
ANCHOR_SHARE = 0.033
"""Party members are about 3 % of residents (income.md 3: about 60 a village)."""


def anchors_in(register: Register) -> np.ndarray:
    """How many residents of each village are party anchors (党员中心户), `(V,)`; at least one."""
    return np.maximum(1, np.rint(ANCHOR_SHARE * register.number)).astype(np.int64)


def anchors(register: Register) -> np.ndarray:
    """Which residents are party anchors, `(N,)` of bool: the first of each village."""
    return register.place < anchors_in(register)[register.village_of]


def build_ties(district: District, register: Register) -> np.ndarray:
    """Ties `(6, V, residents)`, or `(6, N)` for a full register: for each the number of the resident it leads to.

    A ring inside the village; some ties are rewired to party anchors, some to another village of the cluster.
    """
    if not register.size:
        return np.zeros((TIES, 0, 0), dtype=np.int64)
    if isinstance(register, SampleRegister):
        draws, whole = generator(district.key, "network").random((4, register.size, TIES)), slice(0, register.size)
        sample = [_tie(district, register, whole, step, draws[..., tie]) for tie, step in enumerate(STEPS)]
        return np.stack(sample).reshape(TIES, district.villages, -1)
    ties = np.empty((TIES, register.size), dtype=np.int32)
    for tie, step in enumerate(STEPS):
        source = generator(district.key, f"network {tie}")
        for first in range(0, register.size, BLOCK):  # draws of everybody at once would take more room than all ties
            part = slice(first, min(first + BLOCK, register.size))
            draw = source.random((4, part.stop - first))
            ties[tie, part] = _tie(district, register, part, step, draw)
    return ties


def settlements(district: District) -> np.ndarray:
    """Villages with a settlement (聚居点), `(V,)` of bool: as many as the report counts, drawn once for the district.

    A user's own column `settlement` says which they are.
    """
    draw = generator(district.key, "settlements").random(district.villages)
    return district.own("settlement", rank(draw) < district.facts["settlements"]) > 0


def build_settlement_tie(district: District, register: Register) -> np.ndarray:
    """The tie that residents of a settlement have besides, `(V, residents)` or `(N,)`: to anybody of the village."""
    ties = np.empty((1, register.size), dtype=np.int32)
    source = generator(district.key, "settlement tie")
    for first in range(0, register.size, BLOCK):
        part = slice(first, min(first + BLOCK, register.size))
        village = register.village_of[part]
        number, begins = register.number[village], register.first[village]
        step = 1 + (source.random(part.stop - first) * np.maximum(number - 1, 0)).astype(np.int64)
        ties[0, part] = begins + (np.arange(first, part.stop) - begins + step) % np.maximum(number, 1)
    return register.arrange(ties)[0]


def _tie(district: District, register: Register, part: slice, step: int, draw: np.ndarray) -> np.ndarray:
    """One tie of each resident of a part, from four uniform draws `(4, part)`."""
    village = register.village_of[part]
    number, first = register.number[village], register.first[village]
    tie = first + (np.arange(part.start, part.stop) - first + step) % number
    to_anchor = first + (draw[1] * anchors_in(register)[village]).astype(np.int64)
    tie = np.where(draw[0] < REWIRED, to_anchor, tie)
    other = _other_village(district, village, draw[2])
    across = register.first[other] + (draw[3] * register.number[other]).astype(np.int64)
    return np.where((draw[0] >= REWIRED) & (draw[0] < REWIRED + ACROSS), across, tie)


def _other_village(district: District, village: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """For each resident a village of the same cluster other than the own; the own where the cluster has no other."""
    size = np.bincount(district.cluster_of, minlength=district.clusters)
    order = np.argsort(district.cluster_of, kind="stable")
    first = np.cumsum(size) - size
    place = np.empty(district.villages, dtype=np.int64)
    place[order] = np.arange(district.villages) - first[district.cluster_of[order]]
    cluster = district.cluster_of[village]
    others = size[cluster] - 1
    step = 1 + np.minimum((draw * others).astype(np.int64), np.maximum(others - 1, 0))
    position = (place[village] + step * (others > 0)) % size[cluster]
    return order[first[cluster] + position]
