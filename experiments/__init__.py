"""What runs the model: studies from the command line, and the same from a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.compose import load_strategy
    from experiments.notebook import compare, simulate
    from scenarios import load_district

__all__ = ["compare", "load_district", "load_strategy", "simulate"]

_HOMES = {
    "compare": "experiments.notebook",
    "simulate": "experiments.notebook",
    "load_strategy": "experiments.compose",
    "load_district": "scenarios",
}


def __getattr__(name: str) -> Any:
    """Load what a notebook uses only when asked for: the command line and its workers start without pandas."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'experiments' has no attribute {name!r}")
