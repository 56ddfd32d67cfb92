"""Counting assets and clearing contracts 清资核产: rent that a village could have and has not is found, once only."""

from __future__ import annotations

import numpy as np

from sim.parameters import Parameter, Parameters
from sim.state import Moment

PUSHES = 3
"""Reform, audit and target pressure: each gives an equal part of the full speed."""


class IdleAssetParameters(Parameters):
    """Parameters of idle assets and underpriced contracts."""

    needs = {("property_rights_reform", "asset_supervision", "target_pressure"): ()}

    idle_rent = Parameter(12.0, 4.0, 25.0, "yuan per head", "income.md 1: Bazhong 25 to 94; size assumed",
                          "闲置低价资产年租金", "rent a year of idle or underpriced assets")  # fmt: skip
    idle_found = Parameter(1.0, 0.4, 2.0, "per year", "income.md 1: a bit over one year; assumed", "清资核产速度",
                           "speed at which idle assets are let")  # fmt: skip


def let(now: Moment) -> None:
    """A quarter's part of what still lies idle is let, and all that has been found so far pays its rent.

    It is rent of what is there: no capital, no cost, no manager, and what has been found never lies idle again.
    """
    village, policy = now.state.village, now.policy
    push = (village.reformed + policy.supervision + policy.target_pressure) / PUSHES
    found = np.minimum(now.parameters.idle_found / 4 * push, 1) * village.idle_rent
    village.idle_rent = village.idle_rent - found
    village.found_rent = village.found_rent + found
    now.ledger.pay("market", "village", village.found_rent / 4, "idle_rent")
