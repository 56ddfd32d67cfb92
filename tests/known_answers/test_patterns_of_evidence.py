"""Behaviour that published evidence demands of the model, each with its band, its source and the number of futures."""

from __future__ import annotations

import numpy as np
from places import NONE, engine_in, enyang, options, run_batch, year

from sim.processes import participation

# People ------------------------------------------------------------------------------------------------------


def test_people_at_home_grow_fewer():
    """People at home a year, 2023-35: -2 to -0.5 %, mean of 60 futures; Bazhong -1.0 (2020-22) and -1.9 (2010-20)."""
    numbers = list(range(60))
    found = run_batch(enyang(), NONE, numbers, numbers, options(2035, residents=0)).indicators["population_home"]
    yearly = (found[:, -1] / found[:, 0]) ** (1 / 12) - 1
    assert -0.02 < yearly.mean() < -0.005
    assert np.mean(yearly < 0) > 0.9, "in nearly every future"


def test_phones_spread_among_the_old_as_their_owners_age():
    """Use of phones at 60 and over: +1 to +3 points a year, mean of 20 futures; CNNIC 43.2 % (2021), 52.0 % (2025)."""
    numbers = list(range(20))
    engine = engine_in(enyang(), NONE, numbers, numbers, options(2030, residents=30))
    shares = []
    for passed in (0, 6):
        year(engine, passed)
        old = engine.now.state.resident.age >= 60
        shares.append((participation.has_smartphone(engine.now) & old).sum() / old.sum())
    assert 0.01 < (shares[1] - shares[0]) / 6 < 0.03
