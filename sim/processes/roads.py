"""Village roads 农村公路: floods undo a part of them every year unless they are repaired (EQ-25)."""

from __future__ import annotations

import numpy as np

from sim.parameters import Parameter, Parameters
from sim.state import Moment


class RoadParameters(Parameters):
    """Parameters of a village's roads."""

    needs = {("infrastructure",): ()}

    road_network_km = Parameter(8.8, 6.0, 12.0, "km per village",
                                "district: 1,839 km of village roads of 2013, 209 villages", "每村道路里程",
                                "roads of a village")  # fmt: skip
    road_damage = Parameter(0.14, 0.05, 0.25, "share per year", "N36: 258 km of 1,839 km damaged by floods",
                            "道路年水毁比例", "roads damaged by floods in a year")  # fmt: skip


def wear(now: Moment) -> None:
    """Floods damage the same share of all roads; what is not repaired in the year counts as undone."""
    village, p = now.state.village, now.parameters
    unrepaired = np.maximum(p.road_damage - now.policy.road_repair_km / p.road_network_km, 0)
    village.road_share = village.road_share * (1 - unrepaired)
