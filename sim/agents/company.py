"""A town company as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import View
from sim.columns import VentureColumns

if TYPE_CHECKING:
    from sim.agents.village import Village


class Company(VentureColumns, View):
    """The strong-village company of a town; its columns are those of a venture (capital by venture mode)."""

    @property
    def town(self) -> str:
        """Name of its town."""
        return self.model.district.town_name[self.row - self.model.district.clusters]

    @property
    def members(self) -> list[Village]:
        """Villages that hold a stake in it."""
        return [village for village in self.model.villages if village.town == self.town and village.company_stake > 0]

    @property
    def balance_sheet(self) -> dict[str, float]:
        """What it owns and to whom that belongs, 万元: both sides are equal.

        `stakes` is what the members have paid in, `retained` what came or went since (a loss if negative).
        """
        building = float((self.pending_this_year + self.pending_last_year).sum())
        assets = {"cash": self.cash, "capital": float(self.capital.sum()), "under_construction": building}
        stakes = sum(village.company_stake for village in self.members)
        return {**assets, "stakes": stakes, "retained": sum(assets.values()) - stakes}
