"""Where the oracle starts: the engine's state before its first quarter, for the start is not what is compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.ledger import OUTSIDE

KINDS = ("village", "secretary", "candidate", "venture", "alliance", "enterprise", "resident")


def start_of(engine: Any) -> dict[str, Any]:
    """State, balances and places of an engine of one run that has not stepped yet."""
    now = engine.now
    tables = {kind: getattr(now.state, kind) for kind in KINDS}
    ties = np.asarray(now.ties).reshape(len(now.ties), -1).T.tolist()
    return {
        "columns": {
            kind: {name: np.array(getattr(table, name)[0]) for name in table.columns} for kind, table in tables.items()
        },
        "outside": {name: float(now.ledger.balances[name][0, 0]) for name in OUTSIDE},
        "has_settlement": now.has_settlement.tolist(),
        "settlement_tie": np.asarray(now.settlement_tie).ravel().tolist(),
        "candidate_towns": now.candidate_towns.of.tolist(),
        "sites": now.state.enterprise.rows,
        "resident_village": now.register.village_of.tolist(),
        "is_sample": engine.options.residents_per_village != "all",
        "is_anchor": now.is_anchor.tolist(),
        "ties": ties,
        "cohort": now.state.cohort[0].tolist() if now.state.cohort.size else None,
    }
