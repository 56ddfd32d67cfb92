"""A resident as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import View
from sim.columns import ResidentColumns

if TYPE_CHECKING:
    from sim.agents.village import Village


class Resident(ResidentColumns, View):
    """One of the sampled residents; stands for registered population / residents per village people."""

    @property
    def village(self) -> Village:
        """The village of registration."""
        return self.model.villages[self.row // self.model.options.residents_per_village]

    @property
    def weight(self) -> float:
        """How many registered people the resident stands for."""
        return self.village.registered_population / self.model.options.residents_per_village
