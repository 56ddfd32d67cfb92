"""Indicators of the district, put together in the order in which tables show them, and how all are measured."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.declared import Declared
from sim.indicator import NONE, SUM, VILLAGES, Indicator
from sim.money_indicators import OF_INCOMES, OF_MONEY
from sim.partner_indicators import OF_PARTNERS
from sim.people_indicators import OF_LEADERS, OF_PARTICIPATION, OF_VILLAGES
from sim.state import Moment

ALL = (*OF_INCOMES, *OF_PARTICIPATION, *OF_MONEY, *OF_VILLAGES, *OF_LEADERS, *OF_PARTNERS)
INDICATORS = Declared("indicator", {indicator.name: indicator for indicator in ALL})
"""District indicators by name, one number per run and year."""
INDICATORS.check({indicator.over_districts for indicator in ALL} - {SUM, VILLAGES, NONE})


def measure(
    now: Moment, indicators: Mapping[str, Indicator], funnel: Mapping[str, np.ndarray], at_start: bool
) -> dict[str, np.ndarray]:
    """All indicators of the moment; those without meaning are left out (start of a run, residents off)."""
    residents = now.register.size > 0
    return {
        name: item.measure(now, funnel)
        for name, item in indicators.items()
        if (item.at_start or not at_start) and (residents or not name.startswith("participation"))
    }
