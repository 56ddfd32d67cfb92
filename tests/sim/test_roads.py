"""The programme of village roads: who gets how many km, floods and repairs, cost, services and return (EQ-25)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, enyang, moved_by, only, options, run_batch, small_district, start_engine, year

from sim.policies.base import Strategy
from sim.processes import demography, roads, services

AS_DECLARED = {"unit_cost_level": 1.0}
DRY = {"road_damage": 0.0, "road_network_km": 10.0, **AS_DECLARED}


@pytest.mark.parametrize("order", ["worst_access_first", "most_people_first"])
def test_roads_reach_villages_one_after_another(order):
    """25 km a year, 10 km a village: the first two whole, the third half, and so on until all are done."""
    engine = start_engine(small_district(), only("infrastructure", new_km=25, order=order), 2, DRY, worlds=[0, 1])
    village, built = engine.now.state.village, []
    badness = village.market_access.copy() if order == "worst_access_first" else -village.registered_population
    queue = np.argsort(badness, axis=1)
    for passed in range(1, 5):
        engine.step()
        done = np.take_along_axis(village.road_share, queue, axis=1) * 10
        np.testing.assert_allclose(done, np.broadcast_to(np.clip(25 * passed - 10 * np.arange(8), 0, 10), (2, 8)),
                                   atol=1e-9)  # fmt: skip
        built.append(engine.now.ledger.paid(("infrastructure",)).sum(axis=1))
        for _ in range(3):
            engine.step()
    np.testing.assert_allclose(np.array(built), 30.0 * np.array([[25, 25], [25, 25], [25, 25], [5, 5]]) + 258 * 5.0,
                               rtol=1e-9)  # fmt: skip


def test_half_the_intensity_builds_half_the_km():
    engine = start_engine(enyang(), only("infrastructure", intensity=0.5), 2,
                          {"road_damage": 0.0, **AS_DECLARED}, worlds=[None, 3])  # fmt: skip
    engine.step()
    network = engine.now.parameters.road_network_km
    np.testing.assert_allclose((engine.now.state.village.road_share * network).sum(axis=1), 60.0, rtol=1e-9)
    np.testing.assert_allclose(engine.now.ledger.paid(("infrastructure",)).sum(axis=1), 60 * 30.0 + 129 * 5.0,
                               rtol=1e-9)  # fmt: skip


@pytest.mark.parametrize(("repair_km", "left"), [(0, 0.8), (8, 0.9), (16, 1.0), (1000, 1.0)])
def test_floods_undo_what_is_not_repaired(repair_km, left):
    """A fifth of 10 km is damaged in each of 8 villages: 16 km repaired keep all, 8 km half of it."""
    lever = only("infrastructure", new_km=0, repair_km=repair_km)
    engine = start_engine(small_district(), lever, 1, {"road_damage": 0.2, "road_network_km": 10.0},
                          closing=[roads.wear])  # fmt: skip
    village = engine.now.state.village
    village.road_share = np.linspace(0, 1, 8)[None]
    for passed in range(1, 4):
        year(engine)
        np.testing.assert_allclose(village.road_share, np.linspace(0, 1, 8)[None] * left**passed, rtol=1e-12)


def test_repairs_of_the_report_keep_the_network_of_the_district():
    """258 km are 0.14 of 8.8 km in 209 villages, to half a per cent: at the defaults nothing decays."""
    engine = start_engine(enyang(), only("infrastructure", new_km=0), 1, closing=[roads.wear])
    engine.now.state.village.road_share = np.ones((1, 209))
    year(engine)
    assert np.all(engine.now.state.village.road_share == 1)
    p = engine.now.parameters
    np.testing.assert_allclose(p.road_damage * p.road_network_km * 209, 258, rtol=0.005)


def test_roads_raise_services_and_return():
    """EQ-23 target + 0.1 · share done; EQ-25: return of the away × (1 + 0.1 · share done)."""
    engine = start_engine(small_district(), NONE, 1, {"kappa_service": 1.0}, closing=[services.improve])
    village = engine.now.state.village
    stay, back = demography.pulls(engine.now)
    year(engine)
    plain = village.service_quality.copy()
    village.road_share = np.linspace(0, 1, 8)[None]
    year(engine)
    np.testing.assert_allclose(village.service_quality - plain, 0.1 * village.road_share, atol=1e-12)
    with_roads = demography.pulls(engine.now)
    np.testing.assert_allclose(with_roads[1], back * (1 + 0.1 * village.road_share), rtol=1e-12)
    np.testing.assert_array_equal(with_roads[0], stay)


@pytest.mark.thorough
def test_more_roads_bring_people_home():
    """D-M, mean of 20 pairs, residents as cohorts; the programme's share is an indicator."""
    chosen, pairs = options(2035, residents=0), ([*range(20)], [*range(20)])
    few, many = (
        run_batch(
            enyang(), Strategy("roads", levers={"infrastructure": {"intensity": 1, "new_km": km}}), *pairs, chosen
        )
        for km in (60, 240)
    )
    plain = run_batch(enyang(), NONE, *pairs, chosen)
    home = [found.indicators["home_share"][:, -1].mean() for found in (plain, few, many)]
    assert home[0] < home[1] < home[2]
    assert not np.any(plain.indicators["roads_done_share"])
    assert np.all(np.diff(many.indicators["roads_done_share"], axis=1)[:, :3] > 0)


@pytest.mark.thorough
def test_roads_without_effect_are_only_counted():
    assert moved_by("infrastructure", {"service_by_roads": 0, "return_by_roads": 0}) == {"village.road_share"}
