"""The ground of village maps: outline, towns and villages at the schematic positions of the study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from analysis import places
from analysis.findings import INCOME, Findings
from analysis.plots import style


@dataclass(frozen=True)
class Ground:
    """Where villages and towns lie.

    Attributes:
        position: kilometres east and north of the villages in the order of the village table, shape `(V, 2)`.
        towns: the same of the towns, shape `(T, 2)`.
        rings: outline of the district.
    """

    position: np.ndarray
    towns: np.ndarray
    rings: list[np.ndarray]

    @classmethod
    def of(cls, findings: Findings) -> Ground:
        """What the study says of positions."""
        place = places.schematic(findings.results)
        codes = findings.results.village_values(INCOME, findings.results.horizon).codes
        number = {code: index for index, code in enumerate(place["village_code"])}
        position = np.array(place["village_position_km"], dtype=float)[[number[code] for code in codes]]
        rings = [np.array(ring, dtype=float) for ring in place.get("outline_km") or [] if len(ring)]
        return cls(position, np.array(place["town_position_km"], dtype=float), rings)

    @property
    def corners(self) -> tuple[np.ndarray, np.ndarray]:
        """South-west and north-east corner, kilometres."""
        every = np.concatenate([self.position, self.towns, *self.rings])
        return every.min(axis=0), every.max(axis=0)

    @property
    def height(self) -> float:
        """Height by width."""
        low, high = self.corners
        return float((high - low)[1] / max((high - low)[0], 1e-6))

    def frame(self, axes: Axes) -> None:
        """Draw the outline."""
        for ring in self.rings:
            axes.fill(ring[:, 0], ring[:, 1], facecolor="#f7f8f8", edgecolor=style.LINE, linewidth=0.7, zorder=0)
        low, high = self.corners
        axes.set_aspect("equal")
        axes.set_xlim(low[0] - 1, high[0] + 1)
        axes.set_ylim(low[1] - 1, high[1] + 1)


def placed(findings: Findings) -> bool:
    """Whether the study says where it put the villages."""
    if not findings.results.has_villages():
        return False
    results, place = findings.results, places.schematic(findings.results)
    codes = set(results.village_values(INCOME, results.horizon).codes)
    return codes <= set(place.get("village_code") or []) and "village_position_km" in place
