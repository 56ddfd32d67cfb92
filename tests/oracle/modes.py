"""The table of modes as one record a mode, with the values of one world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.modes import FIELDS, MODES, VENTURE_KEYS

COMMON = {
    "margin": "margin", "endowment_exponent": "place", "access_exponent": "place", "manager_exponent": "manager",
    "minimum_scale": "scale", "failure_hazard": "hazard", "depreciation": "wear",
}  # fmt: skip
"""Which common factor multiplies which field."""


@dataclass(frozen=True)
class ModeValues:
    """One mode of business in one world; fields as in `sim.modes.FIELDS`."""

    key: str
    industry_mode: bool
    revenue_yield: float
    margin: float
    returns_to_scale: float
    endowment_exponent: float
    access_exponent: float
    manager_exponent: float
    labour_exponent: float
    minimum_scale: float
    failure_hazard: float
    loss_given_failure: float
    collateral_share: float
    depreciation: float
    delay_quarters: int


def values_of(mode, values: Mapping[str, float]) -> ModeValues:
    """A mode with a world's values; what is not declared is zero."""
    found = {field: values.get(f"{mode.key}.{field}", 0.0) for field in FIELDS}
    for field, factor in COMMON.items():
        found[field] *= values[f"mode_{factor}"]
    if mode.exposed:
        found["revenue_yield"] *= values["mode_own_run"]
    found["margin"] = min(found["margin"], max(values[f"{mode.key}.margin"], 0.98))
    delay = found["delay_quarters"]
    found["delay_quarters"] = max(round(delay + values["mode_delay"]), min(round(delay), 1))
    return ModeValues(mode.key, mode.exposed, **found)


def own_modes(values: Mapping[str, float]) -> list[ModeValues]:
    """The eight modes that a village runs alone."""
    return [values_of(mode, values) for mode in MODES if mode.alone]


def venture_modes(values: Mapping[str, float]) -> list[ModeValues]:
    """The five modes that ventures run."""
    by_key = {mode.key: mode for mode in MODES}
    return [values_of(by_key[key], values) for key in VENTURE_KEYS]
