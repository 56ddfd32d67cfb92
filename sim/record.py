"""What is kept of a batch: indicators of the district and of its villages, year by year."""

from __future__ import annotations

import numpy as np

from sim.indicators import INDICATORS, measure
from sim.processes import participation
from sim.state import Moment
from sim.village_indicators import VILLAGE_INDICATORS

DISTRICT, VILLAGES = "district", "villages"
DETAILS = (DISTRICT, VILLAGES)
"""What is kept of each run: indicators of the district, or the villages of every year as well."""


class Record:
    """Indicators of a batch, year by year.

    Args:
        now: the moment, which goes on while the record is kept.
        start_year: first year simulated.
        horizon: last year simulated.
        of_villages: whether village indicators are kept too.
    """

    def __init__(self, now: Moment, start_year: int, horizon: int, of_villages: bool = True) -> None:
        self.years = list(range(start_year - 1, horizon + 1))
        self._of_village = VILLAGE_INDICATORS if of_villages else {}
        self._now, self._taken = now, 0
        self._district: dict[str, np.ndarray] = {}
        self._village: dict[str, np.ndarray] = {}

    def take(self) -> None:
        """Measure the year that has just ended."""
        now, at_start = self._now, self._taken == 0
        funnel = participation.funnel(now) if now.register.size and not at_start else {}
        for name, value in measure(now, INDICATORS, funnel, at_start).items():
            self._into(self._district, name, (now.runs, len(self.years)), np.float64)[:, self._taken] = value
        for name, value in measure(now, self._of_village, funnel, at_start).items():
            shape = (now.runs, len(self.years), now.district.villages)
            self._into(self._village, name, shape, np.float32)[:, self._taken] = value
        self._taken += 1

    def _into(self, store: dict[str, np.ndarray], name: str, shape: tuple[int, ...], dtype: type) -> np.ndarray:
        if name not in store:
            store[name] = np.full(shape, np.nan, dtype=dtype)
        return store[name]

    def indicators(self) -> dict[str, np.ndarray]:
        """District indicators, name to `(R, years)`; NaN where undefined."""
        return {name: self._district[name] for name in INDICATORS if name in self._district}

    def villages(self) -> dict[str, np.ndarray]:
        """Village indicators, name to `(R, years, V)` float32; none unless they are kept."""
        return {name: self._village[name] for name in VILLAGE_INDICATORS if name in self._village}
