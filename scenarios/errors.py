"""What is wrong with a user's input; the classes live in `sim`, which may not import this package."""

from __future__ import annotations

from sim.problems import InputErrors, Problem, nearest

__all__ = ["InputErrors", "Problem", "nearest"]
