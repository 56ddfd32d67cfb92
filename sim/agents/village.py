"""A village as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import View
from sim.columns import VillageColumns

if TYPE_CHECKING:
    from sim.agents.company import Company
    from sim.agents.secretary import Secretary


class Village(VillageColumns, View):
    """A village collective; its columns are attributes (`village.cash`, `village.trust`, …).

    Money set by hand moves through the ledger against the account `outside`, so that accounts still balance.
    """

    @property
    def code(self) -> str:
        """Official code of the village."""
        return str(self.model.district.village_code[self.row])

    @property
    def name(self) -> str:
        """Official name of the village."""
        return str(self.model.district.village_name[self.row])

    @property
    def town(self) -> str:
        """Name of its town."""
        return self.model.district.town_name[self.model.district.town_of[self.row]]

    @property
    def cluster(self) -> int:
        """Number of its village cluster."""
        return int(self.model.district.cluster_of[self.row])

    @property
    def has_settlement(self) -> bool:
        """Whether people live in a settlement (聚居点), at places that are synthetic unless a user's table says so."""
        return bool(self.model.engine.now.has_settlement[self.row])

    @property
    def secretary(self) -> Secretary:
        """Its party secretary."""
        return self.model.secretaries[self.row]

    @property
    def company(self) -> Company:
        """The company of its town, founded or not."""
        return self.model.companies[int(self.model.district.town_of[self.row])]

    @property
    def partners(self) -> list[Village]:
        """The other villages of its cluster."""
        return [village for village in self.model.villages if village.cluster == self.cluster and village is not self]
