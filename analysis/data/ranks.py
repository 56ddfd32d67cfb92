"""Ranks of values, 1 the smallest; what scipy.stats has too, which takes a third of a second to load."""

from __future__ import annotations

import numpy as np


def rank_ends(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest of the ranks that equal values share, along the last axis."""
    count = values.shape[-1]
    order = np.argsort(values, axis=-1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-1)
    differs = ordered[..., 1:] != ordered[..., :-1]
    edge = np.ones((*values.shape[:-1], 1), dtype=bool)
    place = np.arange(1, count + 1)
    first = np.where(np.concatenate([edge, differs], axis=-1), place, 0)
    last = np.where(np.concatenate([differs, edge], axis=-1), place, count)
    low, high = np.empty_like(order), np.empty_like(order)
    np.put_along_axis(low, order, np.maximum.accumulate(first, axis=-1), axis=-1)
    np.put_along_axis(high, order, np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1], axis=-1)
    return low, high


def mean_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks along the last axis, equal values sharing the mean of theirs; not a number beside one that is none."""
    low, high = rank_ends(values)
    return np.where(np.isnan(values).any(axis=-1, keepdims=True), np.nan, (low + high) / 2)
