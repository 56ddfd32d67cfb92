"""Training of secretaries: the stock of EQ-15 in closed form, what it does to ability, who loses it."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, enyang, moved_by, only, options, run_batch, small_district, start_engine, year

from sim.processes import leadership


@pytest.mark.parametrize(("intensity", "kept", "gain"), [(1, 0.9, 0.015), (0.4, 0.8, 0.02)])
def test_the_stock_is_a_geometric_sum(intensity, kept, gain):
    """g·(1 - k^t)/(1 - k) after t years; at the defaults it nears the ceiling 0.15 and never passes it."""
    engine = start_engine(small_district(), only("training", intensity=intensity), 1,
                          {"training_kept": kept, "training_gain": gain}, opening=[leadership.train])  # fmt: skip
    for passed in range(1, 40):
        year(engine)
        expected = intensity * gain * (1 - kept**passed) / (1 - kept)
        np.testing.assert_allclose(engine.now.state.secretary.training_stock, expected, rtol=1e-12)
    assert expected <= 0.15


def test_the_ceiling_binds_and_the_stock_fades_when_training_ends():
    engine = start_engine(small_district(), only("training", end=2034), 1, {"training_gain": 0.03},
                          opening=[leadership.train])  # fmt: skip
    secretary = engine.now.state.secretary
    year(engine, 11)
    assert np.all(secretary.training_stock == 0.15), "0.03·(1 - 0.9^7)/0.1 = 0.157 is above the ceiling"
    for passed in range(1, 6):
        year(engine)
        np.testing.assert_allclose(secretary.training_stock, 0.15 * 0.9**passed, rtol=1e-12)


def test_training_counts_in_ability_and_in_own_ability():
    engine = start_engine(small_district(), NONE, 1, opening=[leadership.judge_ability])
    secretary, village = engine.now.state.secretary, engine.now.state.village
    secretary.skill, secretary.age = np.full((1, 8), 0.4), np.full((1, 8), 40.0)
    village.knowledge = np.full((1, 8), 0.1)
    leadership.judge_ability(engine.now)
    own, ability = secretary.own_ability.copy(), secretary.ability.copy()
    secretary.training_stock = np.linspace(0, 0.15, 8)[None]
    leadership.judge_ability(engine.now)
    np.testing.assert_allclose(secretary.own_ability - own, secretary.training_stock, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(secretary.ability - ability, secretary.training_stock, rtol=1e-12, atol=1e-15)


def test_a_new_secretary_starts_without_training():
    """Whoever took office this year has one year's gain, the others more."""
    engine = start_engine(enyang(), only("training"), 2, chosen=options(2040, residents=0))
    year(engine, 2)
    engine.step()  # the election of 2026
    secretary = engine.now.state.secretary
    new = secretary.tenure == 0
    assert 0 < new.mean() < 1
    np.testing.assert_allclose(secretary.training_stock[new], 0.02, rtol=1e-12)
    assert np.all(secretary.training_stock[~new] > 0.038 - 1e-12), "two years' gain or more"


def test_cost_and_direction():
    """0.3万 a secretary and year; more training, more income in the mean of 20 pairs (D-M)."""
    chosen, pairs = options(2035, residents=0), ([*range(20)], [*range(20)])
    as_declared = {"unit_cost_level": 1.0}
    trained = run_batch(enyang(), only("training"), *pairs, chosen, as_declared).indicators
    half = run_batch(enyang(), only("training", intensity=0.5), *pairs, chosen, as_declared).indicators
    plain = run_batch(enyang(), NONE, *pairs, chosen).indicators
    np.testing.assert_allclose(trained["cost_training"][:, 1:], 0.3 * 209, rtol=1e-12)
    np.testing.assert_allclose(half["cost_training"][:, 1:], 0.15 * 209, rtol=1e-12)
    last = [found["income_operating_mean"][:, -1].mean() for found in (plain, half, trained)]
    assert last[0] < last[1] < last[2]
    assert np.all(plain["training_mean"] == 0) and np.all(
        trained["training_mean"][:, -1] > half["training_mean"][:, -1]
    )


@pytest.mark.thorough
def test_training_that_teaches_nothing_moves_nothing():
    assert moved_by("training", {"training_gain": 0}) == set()
