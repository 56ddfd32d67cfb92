"""Recruiting party members (R7): a few a year, readier to attend, advisers of the village."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, enyang, moved_by, only, options, run_batch, same, small_district, start_engine, year

from sim.processes import leadership, participation


def test_members_add_up_cost_once_each_and_stay():
    lever = only("party_member_recruitment", members_per_village=2, intensity=0.5, end=2026)
    engine = start_engine(small_district(), lever, opening=[])
    for passed, members in ((1, 1), (2, 2), (3, 3), (4, 3)):
        year(engine)
        np.testing.assert_allclose(engine.now.state.village.recruited_members, members, rtol=1e-12)
        cost = engine.now.ledger.paid(("party_member_recruitment",))
        np.testing.assert_allclose(cost, 0.1 if passed <= 3 else 0, rtol=1e-12)


def test_advice_grows_to_ten_members_and_leaning_by_their_share():
    fixed = {"recruits_advice": 0.03, "anchor_leaning": 1.5}
    engine = start_engine(small_district(), NONE, 1, fixed, opening=[])
    engine.step()
    now, village = engine.now, engine.now.state.village
    leadership.take_advice(now)
    advice, pull = village.advice.copy(), participation.village_pull(now)
    village.recruited_members = np.array([[0.0, 1, 5, 9, 10, 11, 20, 60]])
    leadership.take_advice(now)
    expected = 0.03 * np.minimum(village.recruited_members / 10, 1)
    np.testing.assert_allclose(village.advice - advice, expected, rtol=1e-9, atol=1e-15)
    leaning = 1.5 * village.recruited_members / village.registered_population
    np.testing.assert_allclose(participation.village_pull(now) - pull, leaning, rtol=1e-6, atol=1e-15)


def test_ties_and_anchors_stay_as_they_are():
    """Both belong to the place and are shared by all runs."""
    engine = start_engine(small_district(), only("party_member_recruitment", members_per_village=5), 2)
    ties, anchors = engine.now.ties.copy(), engine.now.is_anchor.copy()
    year(engine, 2)
    assert same(ties, engine.now.ties) and same(anchors, engine.now.is_anchor)


@pytest.mark.thorough
def test_more_members_mean_more_income_and_participation_with_residents_on_and_off():
    """Means of 20 pairs, with five members a year."""
    pairs = ([*range(20)], [*range(20)])
    for residents in (30, 0):
        chosen = options(2034, residents=residents)
        more, none = (
            run_batch(enyang(), strategy, *pairs, chosen).indicators
            for strategy in (only("party_member_recruitment", members_per_village=5), NONE)
        )
        names = ["income_profit_mean"] + (["participation_attend"] if residents else [])
        for name in names:
            assert (more[name] - none[name])[:, -1].mean() > 0, name


def test_members_who_lean_to_nothing_and_advise_nobody_move_nothing():
    moved = moved_by("party_member_recruitment", {"anchor_leaning": 0, "recruits_advice": 0})
    assert moved == {"village.recruited_members"}
