"""Engine and oracle side by side: every state variable and every balance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from oracle.model import OracleModel
from oracle.start import KINDS, start_of
from sim.ledger import OUTSIDE

RELATIVE = 1e-10
"""Of a float64 number, or of 1 (万元, share, year) where the number is smaller than that."""
RELATIVE_FLOAT32 = 4e-6
"""Some thirty roundings of float32, 2^-24 each, in a sum whose terms are larger than 1."""


def oracle_of(engine: Any, defaults: Mapping, values: Mapping[str, float], seed: int, watch=None) -> OracleModel:
    """The oracle that starts where this engine of one run stands."""
    options, levers, sizes = engine.options, engine.strategy.levers, engine._tape._sizes
    return OracleModel(
        start_of(engine), engine.district, levers, defaults, values, f"seed {seed}", sizes,
        options.start_year, options.project_grants_in_total, watch,
        options.annual_budget, options.priority, engine.now.structure,
    )  # fmt: skip


def differences(engine: Any, oracle: OracleModel) -> list[str]:
    """What differs, one line a column, the worst agent named."""
    found = []
    for kind in KINDS:
        table, agents = getattr(engine.now.state, kind), oracle.tables()[kind]
        if not agents:
            continue
        for name in table.columns:
            right = np.array(getattr(table, name)[0])
            mine = np.array([getattr(agent, name) for agent in agents])
            found += _difference(f"{kind}.{name}", right, mine)
    if engine.now.state.cohort.size:
        mine = np.array([[village.cohort_home, village.cohort_away] for village in oracle.villages])
        found += _difference("cohort", engine.now.state.cohort[0], mine)
    for name in OUTSIDE:
        right = engine.now.ledger.balances[name][0]
        found += _difference(f"balance {name}", right, np.array([oracle.ledger.outside[name]]))
    return found


def _difference(name: str, engine: np.ndarray, oracle: np.ndarray) -> list[str]:
    """A line where an agent's values differ by more than rounding."""
    tolerance = RELATIVE_FLOAT32 if engine.dtype == np.float32 else RELATIVE
    one, other = engine.astype(np.float64), oracle.astype(np.float64)
    with np.errstate(invalid="ignore"):
        error = np.abs(one - other) / np.maximum(1.0, np.abs(one))
    wrong = ~(error <= tolerance)
    if not wrong.any():
        return []
    worst = np.unravel_index(np.argmax(np.where(np.isnan(error), np.inf, error)), error.shape)
    return [f"{name}{list(map(int, worst))}: engine {one[worst]!r}, oracle {other[worst]!r}; {wrong.sum()} differ"]
