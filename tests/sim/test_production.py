"""What limits production: demand for local services (EQ-01)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, OWN_KEYS, small_district, start_engine

from sim.processes import production

SERVICE = OWN_KEYS.index("service_income")


@pytest.mark.parametrize("demand", [20.0, 40.0])
def test_the_price_of_services_falls_where_a_town_offers_more_than_its_people_buy(demand):
    """Base 15 at 50; four villages of town 0 offer it, one of them is still building; 1000 people live in each."""
    engine = start_engine(small_district(), NONE, 1, {"service_demand": demand}, opening=[])
    village = engine.now.state.village
    village.capital, village.advantage = np.zeros_like(village.capital), np.ones_like(village.advantage)
    village.capital[0, [0, 1, 2, 4], SERVICE] = 50.0
    village.pending_this_year[0, 3, SERVICE] = 50.0
    village.registered_population, village.home_share = np.full((1, 8), 2000.0), np.full((1, 8), 0.5)
    glut = production.service_glut(engine.now)
    at_home = 4 * 1000 * demand / 10_000
    expected = np.repeat([1 - at_home / (4 * 15.0), max(0.0, 1 - at_home / 15.0)], 4)
    np.testing.assert_allclose(glut[0], expected, rtol=1e-12, atol=1e-15)
    village.service_glut = glut
    premium = production.premium(engine.now)[0]
    np.testing.assert_allclose(premium[:, SERVICE], 1 - expected, rtol=1e-12)
    assert np.all(np.delete(premium, SERVICE, axis=1) == 1.0)


def test_without_services_there_is_no_glut():
    engine = start_engine(small_district(), NONE, 1, opening=[])
    engine.now.state.village.capital[:, :, SERVICE] = 0.0
    assert not production.service_glut(engine.now).any()
