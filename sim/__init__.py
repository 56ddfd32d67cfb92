"""The model: arrays in, arrays out. Reads no files and draws no pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.company import Company
    from sim.agents.enterprise import Enterprise
    from sim.agents.resident import Resident
    from sim.agents.secretary import Secretary
    from sim.agents.village import Village
    from sim.model import DistrictModel

__all__ = ["Company", "DistrictModel", "Enterprise", "Resident", "Secretary", "Village"]

_HOMES = {
    "DistrictModel": "sim.model",
    "Village": "sim.agents.village",
    "Secretary": "sim.agents.secretary",
    "Company": "sim.agents.company",
    "Enterprise": "sim.agents.enterprise",
    "Resident": "sim.agents.resident",
}


def __getattr__(name: str) -> Any:
    """Load the Mesa face only when asked for: the engine itself starts without Mesa."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
