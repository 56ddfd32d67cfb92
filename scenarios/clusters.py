"""Rules that fill in what nobody published: village clusters, town areas and the towns of the parks.

The columns `cluster`, `area` and `park` of `scenarios/enyang` come from these rules; a test holds them
together. They are synthetic: no list of the 37 village clusters, the 5 town areas or the 12 parks was found.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def sum_of_squares(villages: int, clusters: int) -> int:
    """Sum of squared cluster sizes when a town's villages are split as evenly as whole numbers allow."""
    size, larger = divmod(villages, clusters)
    return larger * (size + 1) ** 2 + (clusters - larger) * size**2


def apportion(villages: Sequence[int], clusters: int) -> list[int]:
    """Number of clusters of each town: at least one, sizes over the whole district as even as towns allow.

    Every town begins with one cluster. Each further cluster goes to the town where it lowers the sum of
    squared cluster sizes most (highest averages, as in seat apportioning); of equal towns the first gets it.

    Args:
        villages: villages of each town, shape `(T,)`.
        clusters: clusters in the whole district.

    Returns:
        Clusters of each town, length `T`.

    Raises:
        ValueError: there are fewer clusters than towns, or more than villages.
    """
    if not len(villages) <= clusters <= sum(villages):
        raise ValueError(f"{clusters} clusters do not fit {len(villages)} towns with {sum(villages)} villages")
    counts = [1] * len(villages)
    for _ in range(clusters - len(villages)):
        gains = [
            sum_of_squares(size, count) - sum_of_squares(size, count + 1) if count < size else -1
            for size, count in zip(villages, counts, strict=True)
        ]
        counts[gains.index(max(gains))] += 1
    return counts


def assign_clusters(town_of: Sequence[int] | np.ndarray, clusters: int) -> np.ndarray:
    """Cluster number of each village: runs of villages that follow one another inside a town.

    Codes that follow one another mostly belonged to one former township, a fair proxy for nearness.

    Args:
        town_of: town number of each village in the order of the codes, shape `(V,)`.
        clusters: clusters in the whole district.

    Returns:
        Cluster numbers from 0, town by town, shape `(V,)`.
    """
    town_of = np.asarray(town_of)
    towns, villages = np.unique(town_of, return_counts=True)
    cluster_of = np.zeros(len(town_of), dtype=np.int64)
    first = 0
    for town, count in zip(towns, apportion(villages.tolist(), clusters), strict=True):
        for number, run in enumerate(np.array_split(np.flatnonzero(town_of == town), count)):
            cluster_of[run] = first + number
        first += count
    return cluster_of


def assign_areas(position_km: np.ndarray, areas: int) -> np.ndarray:
    """Town area (镇域片区) of each town, by nearness.

    The town nearest the district seat is the first centre; each further centre is the town farthest from all
    centres so far; every town then joins its nearest centre. Of equal towns the first in the list counts.

    Args:
        position_km: kilometres east and north of the district seat, shape `(T, 2)`.
        areas: number of town areas, at most `T`.

    Returns:
        Area numbers from 0 in the order in which the towns meet them, shape `(T,)`.
    """
    distance = np.hypot(*(position_km[:, None, :] - position_km[None, :, :]).transpose(2, 0, 1))
    centres = [int(np.hypot(position_km[:, 0], position_km[:, 1]).argmin())]
    while len(centres) < areas:
        centres.append(int(distance[:, centres].min(axis=1).argmax()))
    nearest_centre = distance[:, centres].argmin(axis=1)
    order = list(dict.fromkeys(nearest_centre.tolist()))
    return np.array([order.index(centre) for centre in nearest_centre.tolist()], dtype=np.int64)


def place_parks(position_km: np.ndarray, parks: int) -> np.ndarray:
    """Parks of each town: one each in the towns nearest the district seat, in turn until all are placed.

    Args:
        position_km: kilometres east and north of the district seat, shape `(T, 2)`.
        parks: number of parks in the district.

    Returns:
        Number of parks of each town, shape `(T,)`.
    """
    order = np.argsort(np.hypot(position_km[:, 0], position_km[:, 1]), kind="stable")
    count = np.zeros(len(position_km), dtype=np.int64)
    for number in range(parks):
        count[order[number % len(order)]] += 1
    return count
