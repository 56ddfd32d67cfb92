"""Industry plans and local brands: whom they reach, how a brand grows, that it never adds to an alliance's (EQ-08)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, enyang, moved_by, only, options, run_batch, small_district, start_engine, year

from sim.policies.industry_plan import main_industry
from sim.processes import alliances, production


def planned(industry, runs: int = 1, opening=(), closing=None, **settings):
    engine = start_engine(small_district(), only("industry_plan", **settings), runs, opening=list(opening),
                          every_quarter=[])  # fmt: skip
    engine.now.state.village.industry = np.broadcast_to(industry, (runs, 8))
    return engine


INDUSTRY = np.array([1, 3, 3, 0, 2, 0, 2, 0])
"""Town 0: most have 3. Town 1: 2 and 0 twice each, and the first counts."""
OF_THE_MAIN = np.array([[0, 1, 1, 0, 0, 1, 0, 1.0]])


def test_the_main_industry_of_a_town_is_what_most_villages_have():
    engine = planned(INDUSTRY)
    np.testing.assert_array_equal(main_industry(engine.now), [[3, 3, 3, 3, 0, 0, 0, 0]])


def test_a_plan_is_paid_once_and_the_brand_every_year():
    engine = planned(INDUSTRY, intensity=0.5)
    year(engine)
    np.testing.assert_allclose(engine.now.policy.village_plan, 0.5)
    np.testing.assert_allclose(engine.now.policy.local_brand, 0.5 * OF_THE_MAIN)
    np.testing.assert_allclose(engine.now.ledger.paid(("industry_plan",)), 0.5 * (1 + 0.5 * OF_THE_MAIN), rtol=1e-12)
    year(engine)
    np.testing.assert_allclose(engine.now.ledger.paid(("industry_plan",)), 0.25 * OF_THE_MAIN, rtol=1e-12)
    assert np.all(engine.now.state.village.planned == 1)


def test_a_brand_grows_over_years_and_is_lost_without_upkeep():
    """0.2 of the way a year: 0.2, 0.36, 0.488; after the end 0.8 of it a year."""
    engine = planned(INDUSTRY, opening=[production.face_the_year], end=2026)
    grown = []
    for _ in range(5):
        year(engine)
        grown.append(engine.now.state.village.local_brand[0, 1])
    np.testing.assert_allclose(grown, [0.2, 0.36, 0.488, 0.488 * 0.8, 0.488 * 0.64], rtol=1e-12)
    np.testing.assert_array_equal(engine.now.state.village.local_brand > 0, OF_THE_MAIN > 0)


def test_without_the_brand_only_the_plan_is_left():
    engine = planned(INDUSTRY, opening=[production.face_the_year], brand=0)
    year(engine, 2)
    assert not np.any(engine.now.state.village.local_brand) and np.all(engine.now.policy.village_plan == 1)
    assert engine.now.ledger.ever_paid(("industry_plan",))[0] == pytest.approx(8)


@pytest.mark.parametrize(("alliance", "local", "premium"), [(0.0, 0.5, 0.01), (0.06, 0.5, 0.06), (0.004, 1.0, 0.02)])
def test_of_two_brands_the_larger_counts(alliance, local, premium):
    engine = start_engine(small_district(), NONE, 1, opening=[], every_quarter=[])
    village = engine.now.state.village
    village.brand_premium, village.local_brand = np.full((1, 8), alliance), np.full((1, 8), local)
    found = production.premium(engine.now)
    np.testing.assert_allclose(found[..., production.EXPOSED], 1 + premium, rtol=1e-12)
    np.testing.assert_allclose(found[..., ~production.EXPOSED], 1.0, rtol=1e-12)


def test_an_alliance_is_credited_with_what_it_adds_to_a_local_brand():
    """Alliance 6 %, local 2 %: of 106 sold, 100 before any brand, the alliance added 4."""
    engine = start_engine(small_district(), NONE, 1, {"sigma_common": 0.0, "sigma_idio": 0.0}, opening=[],
                          every_quarter=[production.earn, alliances.settle])  # fmt: skip
    village = engine.now.state.village
    village.alliance, village.complies = np.ones((1, 8), dtype=int), np.ones((1, 8))
    village.alliance_lead = np.eye(8)[:1]
    village.brand_premium, village.local_brand = np.full((1, 8), 0.06), np.ones((1, 8))
    village.advantage, village.idiosyncratic_price = np.ones((1, 8, 8)), np.ones((1, 8, 8))
    village.capital = np.full((1, 8, 8), 20.0)
    engine.step()
    p = engine.now.parameters
    sold = (production.yearly_base(engine.now, village.capital) / 4)[..., production.EXPOSED].sum(axis=2)
    np.testing.assert_allclose(village.branded_revenue, sold, rtol=1e-12)
    np.testing.assert_allclose(village.premium_year, 0.04 * sold, rtol=1e-12)
    assert p.local_brand_premium[0, 0] == 0.02


def test_plans_and_brands_raise_profit():
    """D-M, mean of 20 pairs."""
    worlds, chosen = [*range(20)], options(2033, residents=0)
    plan, plain = (
        run_batch(enyang(), strategy, worlds, worlds, chosen).indicators for strategy in (only("industry_plan"), NONE)
    )
    assert plan["income_profit_mean"][:, -1].mean() > plain["income_profit_mean"][:, -1].mean()


@pytest.mark.thorough
def test_a_plan_that_steadies_nothing_and_a_brand_without_premium_move_nothing():
    moved = moved_by("industry_plan", {"plan_steadies_choice": 0, "local_brand_premium": 0})
    assert moved == {"village.local_brand", "village.planned"}
