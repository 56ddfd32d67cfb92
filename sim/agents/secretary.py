"""A party secretary as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import View
from sim.columns import SecretaryColumns

if TYPE_CHECKING:
    from sim.agents.village import Village


class Secretary(SecretaryColumns, View):
    """The office of a village's party secretary; its columns change when the person does."""

    @property
    def village(self) -> Village:
        """The village led."""
        return self.model.villages[self.row]
