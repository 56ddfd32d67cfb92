"""What runs the model: studies from the command line, and the same from a notebook."""

from __future__ import annotations

from experiments.compose import load_strategy
from experiments.notebook import compare, simulate
from scenarios import load_district

__all__ = ["compare", "load_district", "load_strategy", "simulate"]
