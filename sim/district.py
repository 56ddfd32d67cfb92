"""A district: the place a run happens in, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

AIM_LINE = 30.0
"""万元 a year: the line of a district that names none."""


@dataclass(frozen=True)
class District:
    """Villages, towns and clusters of one place, and what is known of them.

    Villages stand in the order of their codes. `V` villages, `T` towns, `C` clusters, `A` town areas.

    Attributes:
        key: folder name under `scenarios/`, for example `enyang`.
        zh: Chinese name.
        en: English name.
        village_code: official codes, text, ascending, shape `(V,)`.
        village_name: official names, shape `(V,)`.
        town_name: Chinese names of towns, length `T`.
        town_name_en: English names of towns, length `T`.
        town_of: town number of each village, shape `(V,)`.
        cluster_of: village cluster (村级片区) of each village, shape `(V,)`.
        area_of_town: town area (镇域片区) of each town, shape `(T,)`.
        town_position_km: rough layout, kilometres east and north of the district seat, shape `(T, 2)`.
        seat_degrees: longitude and latitude of the district seat; empty if not given.
        outline_degrees: schematic outline, longitude and latitude, list of rings `(points, 2)`; not an official map.
        parks_in_town: industrial parks placed in each town (synthetic), shape `(T,)`.
        facts: the published counts and figures, by name.
        stand_ins: facts of another place that stand in for what nobody knows of this one: name to what is said of it,
            `zh` and `en`; told in results.
        given: a user's own village columns, name to values `(V,)`, NaN where nothing is known; others replace synthetic
            ones.
        given_in: units that the user says the table is in, `money_unit` and `position_unit`; `given` is converted.
        given_read: how the table was read where it is not written plainly, Chinese and English; told in results.
        recommendations: what a report recommends, in its order: `place`, `zh`, `en`, and either `strategy` and `levers`
            or `not_modelled` (`zh`, `en`); told in results, read by no process.
        fingerprint: hash of the bytes of all input files.
        measures: levers in force with their settings, where the place itself says them; else None, and `existing` is as
            written in `conf/`.
        scaled_from: villages of the district for which settings of a whole district are written, where they are to be
            scaled to this one; 0 where they are as written.
        aims: the place's own aims: `line` (万元), `villages`, `year`, `measure` (operating, total or profit).
        observations: figures to compare with later: `year`, `measure`, `value`, and `unit`, `n`, `source` if known.
        draws: sets the draws of this district apart from those of others in the same future, all but the common prices;
            empty for a district that stands alone.
    """

    key: str
    zh: str
    en: str
    village_code: np.ndarray
    village_name: np.ndarray
    town_name: tuple[str, ...]
    town_name_en: tuple[str, ...]
    town_of: np.ndarray
    cluster_of: np.ndarray
    area_of_town: np.ndarray
    town_position_km: np.ndarray
    facts: Mapping[str, float]
    parks_in_town: np.ndarray
    outline_degrees: tuple[np.ndarray, ...] = ()
    seat_degrees: tuple[float, ...] = ()
    given: Mapping[str, np.ndarray] = field(default_factory=dict)
    given_in: Mapping[str, str] = field(default_factory=dict)
    given_read: tuple[tuple[str, str], ...] = ()
    stand_ins: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    recommendations: tuple[Mapping[str, Any], ...] = ()
    measures: Mapping[str, Mapping[str, Any]] | None = None
    scaled_from: int = 0
    aims: tuple[Mapping[str, Any], ...] = ()
    observations: tuple[Mapping[str, Any], ...] = ()
    fingerprint: str = ""
    draws: str = ""

    def own(self, name: str, synthetic: np.ndarray) -> np.ndarray:
        """A user's own values where there are any, else the synthetic ones, `(..., V)` as these."""
        values = self.given.get(name)
        if values is None:
            return synthetic
        is_known = np.isfinite(values)
        return np.broadcast_to(values, synthetic.shape) if is_known.all() else np.where(is_known, values, synthetic)

    @property
    def villages(self) -> int:
        """Number of villages."""
        return len(self.village_code)

    @property
    def aim_line(self) -> float:
        """Income a year that the district wants many of its villages to reach, 万元."""
        return float(self.facts.get("target_income_line", AIM_LINE))

    @property
    def towns(self) -> int:
        """Number of towns."""
        return len(self.town_name)

    @property
    def clusters(self) -> int:
        """Number of village clusters."""
        return int(self.cluster_of.max()) + 1

    @property
    def town_of_cluster(self) -> np.ndarray:
        """Town number of each cluster, shape `(C,)`; a cluster lies inside one town."""
        towns = np.zeros(self.clusters, dtype=np.int64)
        towns[self.cluster_of] = self.town_of
        return towns


_NONE = np.zeros(0, dtype=np.int64)
NOWHERE = District("", "", "", _NONE, _NONE, (), (), _NONE, _NONE, _NONE, np.zeros((0, 2)), {}, _NONE)
"""A district without villages: stands in where there is none, so that all else is still checked."""
