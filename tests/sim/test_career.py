"""What moves a secretary besides pay: career, duties and targets (EQ-14), promotion, advice of a renewed town."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    NONE,
    build_district,
    changed,
    enyang,
    moved_by,
    only,
    options,
    run_batch,
    same,
    small_district,
    start_engine,
    year,
)

from sim.policies.base import Strategy
from sim.processes import leadership, projects

AT_ONCE = {"kappa_effort": 1.0, "crowd_out": 0.0}


def effort_under(strategy: Strategy, income: np.ndarray, parameters: dict | None = None) -> np.ndarray:
    """Effort of eight secretaries after one choice that follows the wish at once."""
    engine = start_engine(small_district(), strategy, 1, {**AT_ONCE, **(parameters or {})},
                          opening=[leadership.choose_effort])  # fmt: skip
    engine.now.state.village.income_operating = income
    engine.step()
    return engine.now.state.secretary.effort


INCOME = np.array([[0.0, 5.0, 10.0, 20.0, 29.9, 30.0, 31.0, 90.0]])


def test_without_levers_only_the_motive_counts():
    np.testing.assert_allclose(effort_under(NONE, INCOME), 0.44, rtol=1e-12)


@pytest.mark.parametrize("intensity", [0.5, 1.0])
def test_the_prize_counts_with_the_career_path_and_duties_add_to_it(intensity):
    """Nobody grades: promotion strikes good and bad alike, and what it takes from the motive is the whole prize."""
    path = only("career_path", intensity=intensity)
    np.testing.assert_allclose(effort_under(path, INCOME), 0.44 - 0.4 * 0.16 * intensity, rtol=1e-12)
    both = changed(path, "responsibility_list", intensity=intensity)
    np.testing.assert_allclose(effort_under(both, INCOME), 0.44 - 0.4 * 0.12 * intensity, rtol=1e-12)


@pytest.mark.parametrize(("factor", "sign"), [(1, -1.0), (2, 0.0), (4, 0.5), (5, 0.6)])
def test_the_prize_acts_by_how_much_better_the_good_are_promoted(factor, sign):
    """2 · merit - 1 with merit 1 - 1 / factor: where A is promoted no likelier than others it lowers effort."""
    graded = changed(only("career_path"), "graded_management", intensity=1, promotion_factor=factor)
    found = effort_under(graded, INCOME, {"grade_stake": 0.1})
    np.testing.assert_allclose(found, 0.44 + 0.4 * (0.1 + 0.16 * sign), rtol=1e-12)


@pytest.mark.parametrize(("target", "intensity", "weight"), [(30, 1.0, 0.01), (20, 0.5, 0.03)])
def test_pressure_grows_with_the_distance_to_the_target(target, intensity, weight):
    """EQ-14: weight · max(0, target - operating income) · strength, times how effort answers."""
    lever = only("target_pressure", target_income=target, intensity=intensity)
    found = effort_under(lever, INCOME, {"pressure_weight": weight})
    expected = 0.44 + 0.4 * weight * np.maximum(target - INCOME, 0) * intensity
    np.testing.assert_allclose(found, np.clip(expected, 0.05, 1), rtol=1e-12)
    assert np.all(found[INCOME >= target] == 0.44)


def test_pressure_ends_with_the_plan():
    engine = start_engine(small_district(), only("target_pressure", end=2026), 1, AT_ONCE,
                          opening=[leadership.choose_effort])  # fmt: skip
    engine.now.state.village.income_operating = INCOME
    year(engine, 3)
    assert np.any(engine.now.state.secretary.effort > 0.44 + 1e-12)
    year(engine)
    np.testing.assert_allclose(engine.now.state.secretary.effort, 0.44, rtol=1e-12)


@pytest.mark.parametrize(("strength", "intensity", "effect"), [(1.0, 1.0, 0.3), (0.5, 0.8, 0.5)])
def test_risk_control_lowers_the_hazard(strength, intensity, effect):
    """EQ-05: (1 - effect · risk control), for every mode."""
    lever = only("target_pressure", intensity=intensity, risk_control=strength)
    watched, plain = (
        start_engine(small_district(), strategy, 1, {"risk_control_effect": effect}, opening=[])
        for strategy in (lever, NONE)
    )
    watched.step()
    np.testing.assert_allclose(watched.now.policy.risk_control, strength * intensity, rtol=1e-12)
    expected = projects.hazard(plain.now) * (1 - effect * strength * intensity)
    np.testing.assert_allclose(projects.hazard(watched.now), expected, rtol=1e-12)


@pytest.mark.parametrize(("intensity", "rate"), [(1.0, 0.011), (0.5, 0.03)])
def test_promotions_come_at_their_rate(intensity, rate):
    """Binomial, four standard errors, over 209 villages, 20 runs and 10 years."""
    engine = start_engine(enyang(), only("career_path", intensity=intensity), 20, {"promotion_rate": rate},
                          opening=[leadership.hold_elections], chosen=options(2040, residents=0))  # fmt: skip
    promoted, cases, chance = 0, 209 * 20 * 10, rate * intensity
    for _ in range(10):
        year(engine)
        promoted += engine.now.state.secretary.promoted.sum()
    assert abs(promoted / cases - chance) < 4 * np.sqrt(chance * (1 - chance) / cases)


def test_a_promoted_secretary_is_replaced_like_any_other():
    """Everybody promoted, nobody else leaving: all are new and untrained; the pool serves first."""
    path = changed(only("career_path"), "secretary_selection", intensity=1)
    engine = start_engine(enyang(), path, 2, {"promotion_rate": 1.0, "quit_rate": 0.0},
                          opening=[leadership.hold_elections], chosen=options(2040, residents=0))  # fmt: skip
    secretary, candidate = engine.now.state.secretary, engine.now.state.candidate
    before, secretary.training_stock = secretary.skill.copy(), np.full((2, 209), 0.1)
    engine.step()
    assert np.all(secretary.promoted == 1) and np.all(secretary.tenure == 0)
    assert np.all(secretary.skill != before) and np.all(secretary.training_stock == 0)
    assert np.all(candidate.used.sum(axis=1) > 150)


def test_nobody_is_promoted_without_the_lever_and_nobody_else_leaves_because_of_it():
    plain = start_engine(enyang(), NONE, 2, {"promotion_rate": 0.03}, chosen=options(2040, residents=0))
    path = start_engine(enyang(), only("career_path"), 2, {"promotion_rate": 0.03}, chosen=options(2040, residents=0))
    for engine in (plain, path):
        engine.step()
    assert not np.any(plain.now.state.secretary.promoted)
    one, other = plain.now.state.secretary, path.now.state.secretary
    stayed = other.promoted == 0
    assert 0 < (~stayed).sum() < 40
    assert same(one.skill[stayed], other.skill[stayed]) and not np.any(one.skill[~stayed] == other.skill[~stayed])


def test_promotions_of_the_year_are_counted():
    chosen, pairs = options(2030, residents=0), ([None] * 10, [*range(10)])
    counted = run_batch(enyang(), only("career_path"), *pairs, chosen).indicators["promotions"][:, 1:]
    chance, cases = 0.011, 209 * counted.size
    assert abs(counted.sum() / cases - chance) < 4 * np.sqrt(chance * (1 - chance) / cases)
    assert not np.any(run_batch(enyang(), NONE, *pairs, chosen).indicators["promotions"][:, 1:])


def test_pressure_and_risk_control_in_whole_runs():
    """D-M, means of 20 pairs: the target raises effort and risk control makes failures rarer, as long as they last."""
    chosen, pairs = options(2026, residents=0), ([*range(20)], [*range(20)])
    plain, pressed, watched = (
        run_batch(enyang(), strategy, *pairs, chosen).indicators
        for strategy in (NONE, only("target_pressure", risk_control=0), only("target_pressure", target_income=0))
    )
    assert pressed["effort_mean"][:, -1].mean() > plain["effort_mean"][:, -1].mean()
    assert watched["failures"][:, 1:].mean() < plain["failures"][:, 1:].mean()
    assert not np.any(pressed["public_cost"][:, 1:])


def test_the_list_of_responsibilities_costs_a_tenth_of_a_wan_a_village():
    pairs, chosen = ([None], [0]), options(2026, residents=0)
    found = run_batch(enyang(), only("responsibility_list", intensity=0.5), *pairs, chosen).indicators
    np.testing.assert_allclose(found["cost_responsibility_list"][:, 1:], 0.05 * 209, rtol=1e-12)
    np.testing.assert_array_equal(found["cost_responsibility_list"], found["public_cost"])


@pytest.mark.parametrize(("strength", "intensity"), [(2.0, 1.0), (1.5, 0.5), (0.0, 1.0)])
def test_a_stronger_list_weighs_and_costs_in_proportion(strength, intensity):
    """Both full coverages double the prize, the visits and the assessment."""
    lever = only("responsibility_list", strength=strength, intensity=intensity)
    np.testing.assert_allclose(effort_under(lever, INCOME), 0.44 + 0.4 * 0.04 * strength * intensity, rtol=1e-12)
    engine = start_engine(small_district(), lever, 1, opening=[])
    engine.step()
    cost = engine.now.ledger.paid(("responsibility_list",))
    np.testing.assert_allclose(cost, 0.1 * strength * intensity, rtol=1e-12)


# Renewed towns ----------------------------------------------------------------------------------------------


def test_exactly_nine_of_eighteen_towns_are_renewed_and_which_is_drawn():
    engine = start_engine(enyang(), NONE, 6, worlds=[None, *range(5)])
    renewed = engine.now.state.village.town_renewed
    place = enyang()
    by_town = np.stack([renewed[:, place.town_of == town].mean(axis=1) for town in range(18)], axis=1)
    assert set(np.unique(by_town)) == {0.0, 1.0}
    assert np.all(by_town.sum(axis=1) == 9)
    assert len({row.tobytes() for row in by_town}) > 1


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_district_brings_its_own_number(count):
    place = build_district(np.array([0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2]), renewed_town_chiefs=count)
    renewed = start_engine(place, NONE, 3, worlds=[0, 1, 2]).now.state.village.town_renewed
    towns = np.stack([renewed[:, place.town_of == town].max(axis=1) for town in range(3)], axis=1)
    assert np.all(towns.sum(axis=1) == count)


def test_a_renewed_town_advises_its_villages_for_three_years():
    lever = changed(only("town_renewal", start=2024, end=2026), "paired_assistance", intensity=1)
    engine = start_engine(enyang(), lever, 2, {"renewal_advice": 0.03}, opening=[])
    alone = start_engine(enyang(), only("paired_assistance"), 2, opening=[])
    for calendar_year in range(2024, 2028):
        year(engine), year(alone)
        added = engine.now.policy.advice - alone.now.policy.advice
        expected = 0.03 * engine.now.state.village.town_renewed * (calendar_year <= 2026)
        np.testing.assert_allclose(added, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.thorough
def test_a_path_without_prize_or_promotion_moves_nothing():
    assert moved_by("career_path", {"career_prize": 0, "promotion_rate": 0}) == set()


@pytest.mark.thorough
def test_duties_without_prize_or_visits_move_nothing():
    assert moved_by("responsibility_list", {"responsibility_prize": 0, "responsibility_outreach": 0}) == set()


@pytest.mark.thorough
def test_renewed_chiefs_who_advise_nobody_move_nothing():
    assert moved_by("town_renewal", {"renewal_advice": 0}) == set()
