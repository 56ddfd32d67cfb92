"""Who knows whom: one network per district, shared by all runs (EQ-20)."""

from __future__ import annotations

import numpy as np

from sim.district import District
from sim.tape import generator

TIES = 6
REWIRED, ACROSS = 0.10, 0.05
ANCHOR_SHARE = 0.033
"""Party members are about 3 % of residents (income.md 3: about 60 a village)."""


def anchors(villages: int, residents: int) -> np.ndarray:
    """Which residents are party anchors (党员中心户), 0 or 1, `(N,)` float32: the first of each village."""
    number = max(1, round(ANCHOR_SHARE * residents))
    return np.tile((np.arange(residents) < number).astype(np.float32), villages)


def build_ties(district: District, residents: int) -> np.ndarray:
    """Ties `(6, V, residents)`: for each tie the number of the resident it leads to.

    A ring inside the village; some ties are rewired to party anchors, some to another village of the cluster.
    """
    draw = generator(district.key, "network").random((4, district.villages * residents, TIES))
    person = np.arange(district.villages * residents)
    village, place = person // residents, person % residents
    steps = np.array([-3, -2, -1, 1, 2, 3])
    ties = village[:, None] * residents + (place[:, None] + steps) % residents
    number = max(1, round(ANCHOR_SHARE * residents))
    to_anchor = village[:, None] * residents + (draw[1] * number).astype(np.int64)
    ties = np.where(draw[0] < REWIRED, to_anchor, ties)
    across = _other_village(district, draw[2]) * residents + (draw[3] * residents).astype(np.int64)
    ties = np.where((draw[0] >= REWIRED) & (draw[0] < REWIRED + ACROSS), across, ties)
    return np.ascontiguousarray(ties.T).reshape(TIES, district.villages, residents)


def _other_village(district: District, draw: np.ndarray) -> np.ndarray:
    """For each tie a village of the same cluster other than one's own; one's own where the cluster has no other."""
    residents = draw.shape[0] // district.villages
    size = np.bincount(district.cluster_of, minlength=district.clusters)
    order = np.argsort(district.cluster_of, kind="stable")
    first = np.concatenate(([0], np.cumsum(size)[:-1]))
    place = np.empty(district.villages, dtype=np.int64)
    place[order] = np.arange(district.villages) - first[district.cluster_of[order]]
    village = np.repeat(np.arange(district.villages), residents)[:, None]
    others = size[district.cluster_of[village]] - 1
    step = 1 + np.minimum((draw * others).astype(np.int64), np.maximum(others - 1, 0))
    position = (place[village] + step * (others > 0)) % size[district.cluster_of[village]]
    return order[first[district.cluster_of[village]] + position]
