"""Scalars: the logistic function, bounds, comparisons of money."""

from __future__ import annotations

import math

SAME_MONEY = 1e-9
"""万元; amounts nearer than this are the same amount when they are compared with a line."""


def logistic(x: float) -> float:
    """Λ(x) = 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x))


def clip(x: float, low: float, high: float) -> float:
    """x held between low and high."""
    return min(max(x, low), high)


def below(amount: float, line: float) -> bool:
    """Whether an amount of money lies below a line."""
    return amount < line - SAME_MONEY


def money(amount: float) -> float:
    """An amount to be placed; nothing where it is negative or no more than rounding."""
    return amount if amount > SAME_MONEY else 0.0


def ratio(part: float, whole: float) -> float:
    """part / whole, and 0 where the whole is 0."""
    return part / whole if whole != 0 else 0.0


def gumbel(uniform: float) -> float:
    """A standard Gumbel draw from a uniform one."""
    if uniform <= 0.0:
        return -math.inf
    return -math.log(-math.log(uniform))
