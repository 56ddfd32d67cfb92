"""Demonstration sites: which villages, who learns from them how fast, what it costs (EQ-14, EQ-27a)."""

from __future__ import annotations

import numpy as np
import pytest
from places import changed, enyang, moved_by, only, options, run_batch, small_district, start_engine, year

from sim.processes import leadership

INCOME = np.array([[1, 9, 3, 4, 5, 6, 8, 7.0]])
ABILITY = np.array([[0.5, 0.3, 0.9, 0.5, 0.2, 0.8, 0.4, 0.5]])


def shown(opening=(), **settings):
    engine = start_engine(
        small_district(), only("demonstration_sites", **settings), 1, opening=list(opening), every_quarter=[],
        chosen=options(2100, structure={"learning": "permanent"}),
    )  # fmt: skip
    engine.now.state.village.income_operating = INCOME
    engine.now.state.secretary.own_ability = ABILITY
    return engine


@pytest.mark.parametrize(
    ("settings", "sites"),
    [
        ({}, [1, 6]),
        ({"picked_by": "ability"}, [2, 5]),
        ({"sites_per_town": 2}, [1, 3, 6, 7]),
        ({"villages": ["1000", "1002", "1004", "1005"]}, [2, 5]),
    ],
    ids=["richest", "ablest", "two a town", "among those reached"],
)
def test_the_best_villages_of_each_town_become_sites(settings, sites):
    engine = shown(**settings)
    engine.step()
    chosen = np.isin(np.arange(8), sites)
    np.testing.assert_array_equal(engine.now.state.village.demonstration[0], chosen)
    np.testing.assert_array_equal(engine.now.policy.demonstration_site[0], chosen)
    reached = np.isin(engine.now.district.village_code, settings.get("villages", engine.now.district.village_code))
    np.testing.assert_array_equal(engine.now.policy.demonstration_visit[0], reached & ~chosen)


def test_a_site_is_paid_once_and_stays_one():
    engine = shown(intensity=0.5)
    year(engine)
    np.testing.assert_allclose(engine.now.ledger.paid(("demonstration_sites",))[0, [1, 6]], 5.0, rtol=1e-12)
    engine.now.state.village.income_operating = 10 - INCOME
    year(engine, 3)
    assert np.flatnonzero(engine.now.state.village.demonstration[0]).tolist() == [1, 6]
    assert engine.now.ledger.ever_paid(("demonstration_sites",))[0] == pytest.approx(10)


def test_more_sites_later_are_built_beside_those_there_are():
    engine = shown(sites_per_town={2024: 1, 2025: 2})
    year(engine, 2)
    assert np.flatnonzero(engine.now.state.village.demonstration[0]).tolist() == [1, 3, 6, 7]
    assert engine.now.ledger.ever_paid(("demonstration_sites",))[0] == pytest.approx(40)


def test_visitors_close_a_tenth_of_what_partners_close():
    """κ_J 0.18 · 0.1 of the gap a year with nothing fading: 0.982^t is left (recursion D-E5); sites learn nothing."""
    engine = shown([leadership.learn_from_partners], picked_by="ability")
    own = ABILITY[0]
    best = np.where(np.arange(8) < 4, 0.9, 0.8)
    for passed in range(1, 5):
        year(engine)
        left = best - own - engine.now.state.village.knowledge[0]
        np.testing.assert_allclose(left, (best - own) * 0.982**passed, rtol=1e-12, atol=1e-15)


def test_a_site_that_is_rich_and_not_able_teaches_only_those_below_it():
    engine = shown([leadership.learn_from_partners])
    year(engine)
    learnt = engine.now.state.village.knowledge[0]
    assert np.flatnonzero(learnt).tolist() == [4] and learnt[4] == pytest.approx(0.018 * 0.2)


def test_a_site_gives_time():
    """κ_e = 1 reaches the wished effort at once: 0.03 less in a site than in a village like it."""
    still = {"kappa_effort": 1.0, "crowd_out": 0.0}
    plain, site = (
        start_engine(small_district(), only("demonstration_sites", intensity=level), 1, still,
                     opening=[leadership.choose_effort], every_quarter=[])
        for level in (0, 1)
    )  # fmt: skip
    plain.step()
    site.step()
    gap = plain.now.state.secretary.effort - site.now.state.secretary.effort
    np.testing.assert_allclose(gap, 0.03 * site.now.state.village.demonstration, rtol=1e-12, atol=1e-15)


def test_sites_and_joint_building_add_up_to_the_ceiling_at_most():
    both = changed(only("demonstration_sites"), "joint_building", intensity=1)
    result = run_batch(enyang(), both, [0], [0])
    alone = run_batch(enyang(), only("joint_building"), [0], [0])
    assert result.indicators["ability_mean"][0, -1] > alone.indicators["ability_mean"][0, -1]


@pytest.mark.thorough
def test_sites_that_teach_nobody_and_take_no_time_move_nothing():
    assert moved_by("demonstration_sites", {"demonstration_speed": 0, "lead_time_cost": 0}) == {"village.demonstration"}
