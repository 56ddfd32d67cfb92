"""Enterprises: arrival, prepared projects, fees, leaving (EQ-30; D-F4)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, changed, enyang, moved_by, only, options, run_batch, small_district, start_engine, year

from sim.processes import demography, enterprises

OFF = options(2200, residents=0)
SAME_ACCESS = {"access_sigma": 0.0, "park_access": 0.0}


def coming(runs: int, parameters=None, every_quarter=(), closing=(enterprises.leave,), lever=None, place=None):
    engine = start_engine(
        place or enyang(), lever or only("enterprise_promotion"), runs, {**SAME_ACCESS, **(parameters or {})},
        opening=[enterprises.arrive], every_quarter=list(every_quarter), closing=list(closing), chosen=OFF,
    )  # fmt: skip
    return engine


def test_f4_arrivals_and_stationary_number():
    """Equal weights, no prepared projects: 209·(1 - exp(-6/209)) = 5.9147 arrivals a year; number before arrivals
    5.9147·s/(1 - s) = 71.016 and after them 76.930 with s = exp(-0.08); at most four sites a village binds nobody."""
    arrivals = 209 * -np.expm1(-6 / 209)
    assert arrivals == pytest.approx(5.9147, abs=5e-5)
    stays = np.exp(-0.08)
    assert arrivals / (1 - stays) == pytest.approx(76.930, abs=5e-4)
    engine = coming(40, {"landing_chance": 0.0})
    year(engine, 60)
    counts = []
    for _ in range(60):
        engine.step()
        counts.append(engine.now.state.enterprise.alive.sum(axis=1))
        for _ in range(3):
            engine.step()
    after = np.array(counts, dtype=float)
    runs = after.mean(axis=0)  # one mean a run; runs are independent
    error = runs.std(ddof=1) / np.sqrt(len(runs))
    assert abs(runs.mean() - 76.930) < 4 * error


def test_the_rate_follows_the_size_of_the_district():
    place = small_district()
    engine = coming(400, {"landing_chance": 0.0}, place=place)
    engine.step()
    expected = 8 * -np.expm1(-6 / 209)
    found = engine.now.state.enterprise.alive.sum(axis=1)
    assert abs(found.mean() - expected) < 4 * np.sqrt(expected / 400)


def test_villages_near_markets_are_chosen_more_often():
    engine = start_engine(enyang(), only("enterprise_promotion"), 40, {"landing_chance": 0.0},
                          opening=[enterprises.arrive], every_quarter=[], closing=[], chosen=OFF)  # fmt: skip
    access = engine.now.state.village.market_access.copy()
    year(engine, 8)
    number = engine.now.state.enterprise.alive.reshape(40, 209, 4).sum(axis=2)
    near = access > np.median(access, axis=1, keepdims=True)
    assert number[near].mean() > 1.3 * number[~near].mean()


def test_prepared_projects_land_until_none_is_left():
    """Ninety, five a town; without other arrivals the stock falls by 15 % a year."""
    engine = coming(20, {"enterprise_rate": 0.0}, closing=())
    pipeline = engine.now.state.village.pipeline
    assert pipeline.sum() == 20 * 90
    assert np.all(np.bincount(enyang().town_of, weights=pipeline[0]) == 5)
    alone = pipeline.max() == 1
    left = [90.0]
    for _ in range(6):
        year(engine)
        left.append(pipeline.sum(axis=1).mean())
    landed = engine.now.state.enterprise.alive.sum(axis=1)
    assert np.array_equal(landed + pipeline.sum(axis=1), np.full(20, 90.0)), "each project lands once"
    if alone:
        expected = 90 * 0.85**6
        assert abs(left[-1] - expected) < 4 * np.sqrt(expected * (1 - 0.85**6) / 20)
    assert np.all(engine.now.state.enterprise.from_pipeline == engine.now.state.enterprise.alive)


def test_a_village_has_room_for_four():
    engine = coming(4, {"enterprise_rate": 1e6, "landing_chance": 0.0}, closing=())
    for passed in range(1, 7):
        year(engine)
        number = engine.now.state.enterprise.alive.reshape(4, 209, 4).sum(axis=2)
        assert np.all(number == min(passed, 4))


def test_the_fee_is_a_share_of_profit_and_counts_as_operating_income():
    """EQ-01 of a partnership of 30 at M = 0.7 and price 1, written out; the village's own capital is not touched."""
    engine = coming(1, {"sigma_common": 0.0, "leave_rate": 0.0}, every_quarter=[enterprises.trade], closing=())
    village, secretary = engine.now.state.village, engine.now.state.secretary
    village.advantage = village.idiosyncratic_price = np.ones_like(village.advantage)
    village.common_price = village.other_price = np.zeros_like(village.other_price)
    secretary.manager_quality = np.full((1, 209), 0.5)
    year(engine)
    number = engine.now.state.enterprise.alive.reshape(1, 209, 4).sum(axis=2)
    base = number * 0.08 * 50 * (30 / 50) ** 0.85 * np.exp(0.15 * (0.7 - 0.5))
    np.testing.assert_allclose(engine.now.ledger.paid(("enterprise_fee",)), 0.3 * 0.85 * base, rtol=1e-12, atol=1e-15)
    assert number.max() >= 1 and engine.now.ledger.balances["enterprises"][0, 0] != 0


def test_enterprises_leave_sooner_once_promotion_has_ended():
    """Hazard 0.08 a year while promotion lasts, 0.08 + 0.1 after; 40 runs, 4 binomial errors."""
    lever = changed(NONE, "enterprise_promotion", intensity=1, end=2029)
    engine = coming(40, lever=lever)
    year(engine, 6)
    for promoted in (False, False):
        before = engine.now.state.enterprise.alive.sum()
        year(engine)
        left = 1 - engine.now.state.enterprise.alive.sum() / before
        expected = -np.expm1(-0.08 - 0.1 * (not promoted))
        assert abs(left - expected) < 4 * np.sqrt(expected * (1 - expected) / before)


def test_they_bring_work():
    """Local opportunity counts what enterprises turn over, by the partnership's labour exponent."""
    engine = coming(1, closing=())
    village = engine.now.state.village
    engine.step()
    demography.see_opportunity(engine.now)
    number = engine.now.state.enterprise.alive.reshape(1, 209, 4).sum(axis=2)
    has = (number > 0) & (village.opportunity_start > 0)
    assert has.any() and np.all(village.local_opportunity[has] > 1)
    np.testing.assert_allclose(village.local_opportunity[(number == 0) & (village.opportunity_start > 0)], 1, rtol=1e-9)


def test_cost_is_borne_once_whoever_is_promoted():
    for villages in (None, ["1000", "1001"]):
        result = run_batch(small_district(), only("enterprise_promotion", villages=villages), [0], [0], options(2026),
                           {"unit_cost_level": 1.0})  # fmt: skip
        np.testing.assert_allclose(result.indicators["cost_enterprise_promotion"][0, 1:], 100.0, rtol=1e-12)


@pytest.mark.thorough
def test_promotion_moves_nothing_where_no_enterprise_would_come():
    assert moved_by("enterprise_promotion", {"enterprise_rate": 0, "landing_chance": 0}) == set()
