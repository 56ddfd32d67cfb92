"""An enterprise from outside as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import View
from sim.columns import EnterpriseColumns
from sim.processes.enterprises import SITES

if TYPE_CHECKING:
    from sim.agents.village import Village


class Enterprise(EnterpriseColumns, View):
    """A site for an enterprise in a village; `alive` says whether one is there."""

    @property
    def village(self) -> Village:
        """The village that it works with."""
        return self.model.villages[self.row // SITES]
