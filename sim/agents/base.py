"""The view that makes a row of arrays a Mesa agent; the one place that imports Mesa's Agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from sim.model import DistrictModel
    from sim.state import Table


class View(mesa.Agent):
    """An agent whose attributes read and write one row of a batch of one.

    Attributes:
        table: the arrays of all agents of its kind.
        row: its place in them.
    """

    model: DistrictModel

    def __init__(self, model: DistrictModel, table: Table, row: int) -> None:
        super().__init__(model)
        self.table, self.row = table, row

    def to_dict(self) -> dict[str, Any]:
        """All columns of the agent by name."""
        return {name: getattr(self, name) for name in self.table.columns}
