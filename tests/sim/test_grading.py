"""Graded management (EQ-18): score, grades, removal and its errors, pay and promotion by grade (known answer D-E6)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALL,
    NONE,
    changed,
    differing,
    enyang,
    moved_by,
    only,
    options,
    same,
    small_district,
    start_engine,
    state_of,
    year,
)
from places import run_unchecked as run_batch

from sim.columns import GRADE_A, GRADE_B, GRADE_C, GRADE_D
from sim.policies.base import Strategy
from sim.processes import grading, leadership, rewards

CLOSE = [grading.assess]
NEUTRAL = {"share_d": 0, "pay_a": 1, "pay_c": 1, "pay_d": 1, "promotion_factor": 1}


def graded(**settings) -> Strategy:
    return only("graded_management", **settings)


def with_career(strategy: Strategy, **settings) -> Strategy:
    return changed(strategy, "career_path", intensity=1, **settings)


# Grades -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("intensity", "counts"), [(1.0, (42, 126, 31, 10)), (0.5, (21, 167, 16, 5))])
def test_so_many_of_each_grade(intensity, counts):
    """20, 15 and 5 % of 209, rounded: 42 A, 42 in C and D together of whom 10 D."""
    engine = start_engine(enyang(), graded(intensity=intensity), 3, closing=CLOSE, worlds=[None, 0, 1])
    year(engine)
    grade = engine.now.state.secretary.grade
    for code, number in zip((GRADE_A, GRADE_B, GRADE_C, GRADE_D), counts, strict=True):
        assert abs((grade == code).sum(axis=1) - number).max() <= 1, code
    assert np.all((grade == GRADE_D).sum(axis=1) == counts[-1])
    assert np.all((grade == GRADE_A).sum(axis=1) == counts[0])


def test_the_score_written_out():
    """0.6 z(growth) + 0.1 z(participation) - 0.3 z(losses over assets and takings), noise 0.4."""
    lever = graded(
        weight_income=0.6, weight_participation=0.1, weight_audit=0.3, share_a=0.25, share_d=0.125, share_c=0.25
    )
    engine = start_engine(small_district(), lever, 1, {"grade_noise": 0.4}, opening=[])
    now = engine.now
    for _ in range(4):
        engine.step()
    village = now.state.village
    village.report_growth = np.array([[0.1, -0.2, 0.3, 0.0, 0.0, 0.8, -0.5, 0.05]])
    village.participation = np.linspace(0.1, 0.8, 8)[None]
    village.capital_lost = np.array([[0, 0, 5.0, 0, 0, 1.0, 0, 20.0]])
    leaked = np.linspace(0, 2, 8)[None]
    now.ledger.pay("village", "leaked", leaked, "leak_revenue")
    now.ledger.pay("central", "village.earmarked_cash", np.full((1, 8), 30.0), "central_grant")
    grading.assess(now)
    capital = village.capital.sum(axis=2)
    found = (village.capital_lost + leaked) / (capital + village.capital_lost + village.income_operating + 30.0)

    def z(values):
        return (values - values.mean()) / values.std()

    points = 0.6 * z(village.report_growth) + 0.1 * z(village.participation) - 0.3 * z(found) + 0.4 * now.draws.grade
    order = np.argsort(-points[0])
    expected = np.full(8, GRADE_B)
    expected[order[:2]], expected[order[-3:]], expected[order[-1:]] = GRADE_A, GRADE_C, GRADE_D
    assert np.array_equal(now.state.secretary.grade[0], expected)


def test_who_is_not_reached_has_no_grade_and_does_not_count():
    """Grades go by rank among those graded: what others do does not move them."""
    place = enyang()
    reached = place.town_of == 3
    lever = graded(towns=[place.town_name[3]], share_d=0.2)
    grades = []
    for growth_elsewhere in (0.0, 5.0):
        engine = start_engine(place, lever, 1, closing=[])
        year(engine)
        engine.now.state.village.report_growth = np.where(reached, np.linspace(-1, 1, 209), growth_elsewhere)[None]
        grading.assess(engine.now)
        grades.append(engine.now.state.secretary.grade[0].copy())
    assert np.array_equal(*grades)
    assert np.all(grades[0][~reached] == 0) and np.all(grades[0][reached] > 0)


# Removal ----------------------------------------------------------------------------------------------------


def test_two_d_running_and_no_fewer_end_an_office():
    engine = start_engine(enyang(), graded(share_d=0.2), 4, {"quit_rate": 0.0},
                          opening=[leadership.hold_elections, leadership.judge_ability], closing=CLOSE,
                          worlds=[None, 0, 1, 2], chosen=options(2040, residents=0))  # fmt: skip
    secretary = engine.now.state.secretary
    year(engine)
    first = secretary.grade == GRADE_D
    year(engine)
    second = secretary.grade == GRADE_D
    assert not np.any(secretary.removed), "nobody has two yet"
    skill = secretary.skill.copy()
    year_of = secretary.years_at_bottom.copy()
    assert np.array_equal(year_of, np.where(second, 1 + first, 0))
    engine.step()
    assert engine.now.year == 2026 and 0 < secretary.removed.sum()
    assert np.array_equal(secretary.removed > 0, first & second)
    assert np.all(secretary.skill[first & second] != skill[first & second])
    assert np.all(secretary.years_at_bottom[first & second] == 0) and np.all(secretary.tenure[first & second] == 0)


def test_a_wrong_removal_is_of_the_abler_half():
    """Against a plain median, where no two abilities are equal."""
    engine = start_engine(enyang(), graded(), 3, opening=[], worlds=[None, 0, 1])
    engine.step()
    secretary = engine.now.state.secretary
    secretary.years_at_bottom = np.broadcast_to(np.arange(209) % 3.0, (3, 209))
    secretary.own_ability = np.random.default_rng(1).random((3, 209))
    ability = secretary.own_ability.copy()
    leadership.hold_elections(engine.now)
    assert np.array_equal(secretary.removed > 0, np.broadcast_to(np.arange(209) % 3 == 2, (3, 209)))
    wrong = (secretary.removed > 0) & (ability > np.median(ability, axis=1, keepdims=True))
    assert 60 < wrong.sum() < 150
    assert np.array_equal(secretary.wrongly_removed > 0, wrong)


def test_nobody_is_removed_after_the_lever_has_ended():
    engine = start_engine(enyang(), graded(share_d=0.2, end=2025), 3, chosen=options(2040, residents=0))
    year(engine, 2)
    assert engine.now.state.secretary.years_at_bottom.max() == 2
    year(engine)
    assert not np.any(engine.now.state.secretary.removed) and not np.any(engine.now.state.secretary.grade)


@pytest.mark.thorough
def test_removals_are_counted_and_more_noise_means_more_wrong_ones():
    """Means of 20 futures: noise makes the bottom a lottery, in which half of the removed are of the abler half."""
    pairs, chosen = ([None] * 20, [*range(20)]), options(2034, residents=0)
    shares = []
    for noise in (0.2, 1.0):
        found = run_batch(
            enyang(), graded(share_d=0.1), *pairs, chosen, {"grade_noise": noise, "grade_stake": 0.2}
        ).indicators
        removals, wrong = found["removals"][:, 1:].sum(), found["wrong_removals"][:, 1:].sum()
        assert 0 < wrong < removals
        shares.append((removals, wrong / removals))
    assert shares[0][0] > shares[1][0], "who is at the bottom by merit is there again"
    plain = run_batch(enyang(), NONE, *pairs, chosen).indicators
    assert not np.any(plain["removals"][:, 1:]) and not np.any(plain["wrong_removals"][:, 1:])


# What follows from a grade ----------------------------------------------------------------------------------


def test_pay_and_promotion_by_grade():
    """1.2, 1, 0.8 and 0.5 of the bonus; A is promoted twice as often, and a village loses its best."""
    lever = changed(with_career(graded()), "cadre_pay", intensity=1)
    engine = start_engine(enyang(), lever, 2, {"promotion_rate": 0.03}, opening=[])
    engine.step()
    now, secretary = engine.now, engine.now.state.secretary
    secretary.grade = np.broadcast_to(np.arange(209) % 5, (2, 209))
    factor = np.array([1, 1.2, 1, 0.8, 0.5])[np.arange(209) % 5]
    np.testing.assert_allclose(rewards.pay_factor(now), np.broadcast_to(factor, (2, 209)), rtol=1e-12)
    village = now.state.village
    village.income_profit, village.profit_change = np.full((2, 209), 40.0), np.full((2, 209), 15.0)
    np.testing.assert_allclose(rewards.bonus(now), np.broadcast_to(0.08 * 15 * factor, (2, 209)), rtol=1e-12)
    np.testing.assert_allclose(rewards.marginal_bonus(now)[0], 0.08 * 0.5 * factor, rtol=1e-12)
    leadership.hold_elections(now)
    chance = np.where(np.arange(209) % 5 == GRADE_A, 0.06, 0.03)
    assert np.array_equal(secretary.promoted > 0, now.draws.promotion < chance)


def test_who_is_removed_is_not_promoted():
    engine = start_engine(enyang(), with_career(graded()), 2, {"promotion_rate": 1.0}, opening=[])
    engine.step()
    engine.now.state.secretary.years_at_bottom = np.broadcast_to(np.arange(209) % 2 * 2.0, (2, 209))
    engine.now.parameters.promotion_rate[...] = 1.0
    leadership.hold_elections(engine.now)
    secretary = engine.now.state.secretary
    assert np.all(secretary.promoted + secretary.removed == 1) and 0 < secretary.removed.sum()


@pytest.mark.parametrize(("intensity", "stake"), [(1.0, 0.4), (0.5, 0.8)])
def test_the_stake_counts_in_effort(intensity, stake):
    """EQ-14: effort at rest + response · stake, before the bounds."""
    fixed = {"kappa_effort": 1.0, "crowd_out": 0.0, "grade_stake": stake}
    engine = start_engine(small_district(), graded(intensity=intensity), 1, fixed, opening=[leadership.choose_effort])
    engine.step()
    np.testing.assert_allclose(engine.now.state.secretary.effort, 0.44 + 0.4 * stake * intensity, rtol=1e-12)


# Known answer D-E6 ------------------------------------------------------------------------------------------


def test_e6_grades_without_consequences_change_nothing():
    """Bottom 0, stake 0, multipliers and factor 1: as without the lever bit for bit, but for grades and their cost."""
    base = changed(ALL, "cadre_pay", bonus_floor=0)
    pairs, chosen, silent = (
        ([None, 0, 1], [0, 1, 2]),
        options(2031),
        {"grade_stake": 0.0, "unit_cost_level": 1.0},
    )
    without = Strategy("without", levers={key: item for key, item in base.levers.items() if key != "graded_management"})
    harmless = changed(base, "graded_management", **NEUTRAL)
    one, other = (run_batch(enyang(), strategy, *pairs, chosen, silent) for strategy in (harmless, without))
    money = {"public_cost", "public_cost_district", "cost_graded_management"}
    assert set(differing(one, other)) == money
    gap = one.indicators["public_cost"] - other.indicators["public_cost"]
    np.testing.assert_allclose(gap[:, 1:], 0.2 * 209, rtol=1e-9)


def test_e6_identical_secretaries_without_a_stake_have_no_mean_effect(monkeypatch):
    """Who goes is exactly like who comes, so removal moves no income at all; with differences it does."""
    lever, pairs, chosen = graded(share_d=0.2), ([None] * 4, [*range(4)]), options(2034, residents=0)
    alike = {
        "grade_stake": 0.0,
        "capable_bonus": 0.0,
        "college_bonus": 0.0,
        "age_decay": 0.0,
        "organisation_weight": 0.0,
    }
    results = {}
    for same_skill in (True, False):
        if same_skill:
            monkeypatch.setattr(leadership, "skill", lambda uniform: np.full_like(uniform, 0.5))
        one, other = (run_batch(enyang(), strategy, *pairs, chosen, alike) for strategy in (lever, NONE))
        assert one.indicators["removals"][:, 1:].sum() > 100
        results[same_skill] = same(one.villages["income_profit"], other.villages["income_profit"])
        monkeypatch.undo()
    assert results == {True: True, False: False}


def test_states_of_grades_return_to_nothing_when_the_lever_ends():
    engine = start_engine(small_district(), graded(share_d=0.2, end=2026), 2)
    year(engine, 4)
    found = state_of(engine)
    for name in ("grade", "years_at_bottom", "removed", "wrongly_removed"):
        assert not np.any(found[f"secretary.{name}"]), name


def test_a_grade_of_the_past_pays_nobody_less_after_the_lever_has_ended():
    """In the first year without the lever last year's grades still stand, and count no more."""
    lever = changed(with_career(graded(share_d=0.2, end=2024)), "cadre_pay", intensity=1)
    engine = start_engine(enyang(), lever, 1, opening=[], closing=CLOSE)
    year(engine)
    engine.step()
    assert np.any(engine.now.state.secretary.grade == GRADE_D)
    assert np.all(rewards.pay_factor(engine.now) == 1) and np.all(grading.promotion_factor(engine.now) == 1)


@pytest.mark.thorough
def test_grades_on_which_nothing_hangs_are_only_given():
    assert moved_by("graded_management", {"grade_stake": 0}, **NEUTRAL) == {"secretary.grade"}
