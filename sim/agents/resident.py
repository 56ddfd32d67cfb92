"""A resident as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import View
from sim.columns import ResidentColumns

if TYPE_CHECKING:
    from sim.agents.village import Village


class Resident(ResidentColumns, View):
    """A registered resident, of a sample or of all; stands for registered population / residents simulated people."""

    @property
    def village(self) -> Village:
        """The village of registration."""
        return self.model.villages[self.model.engine.now.register.village_of[self.row]]

    @property
    def weight(self) -> float:
        """How many registered people the resident stands for."""
        village = self.village
        return village.registered_population / int(self.model.engine.now.register.number[village.row])
