"""Idle assets: what still lies idle is let the faster, the more the village is reformed, audited and pressed."""

from __future__ import annotations


def let(model) -> None:
    """Every quarter: a part of the idle rent is found for good; what is found pays."""
    for village in model.villages:
        push = (village.reformed + village.policy.supervision + village.policy.target_pressure) / 3
        found = village.idle_rent * min(1.0, model.p.idle_found / 4 * push)
        village.idle_rent -= found
        village.found_rent += found
        model.ledger.pay("market", village, village.found_rent / 4, "idle_rent")
