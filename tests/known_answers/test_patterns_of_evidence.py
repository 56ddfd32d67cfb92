"""Behaviour that published evidence demands of the model, each with its band, its source and the number of futures."""

from __future__ import annotations

import numpy as np
from places import NONE, enyang, options, run_batch

# People ------------------------------------------------------------------------------------------------------


def test_people_at_home_grow_fewer():
    """People at home a year, 2023-35: -2 to -0.5 %, mean of 60 futures; Bazhong -1.0 (2020-22) and -1.9 (2010-20)."""
    numbers = list(range(60))
    found = run_batch(enyang(), NONE, numbers, numbers, options(2035, residents=0)).indicators["population_home"]
    yearly = (found[:, -1] / found[:, 0]) ** (1 / 12) - 1
    assert -0.02 < yearly.mean() < -0.005
    assert np.mean(yearly < 0) > 0.9, "in nearly every future"
