"""The participation process in its limits: Granovetter's thresholds and the mean field of a logit choice.

Everybody reconsiders every quarter (one group), nobody is bound by habit. Only parameters, ties and states are set;
the rule is `sim.processes.participation.reconsider` itself.
"""

from __future__ import annotations

import numpy as np
import pytest
from places import ALIKE, NONE, enyang, options, small_district, start_engine, year
from scipy import optimize, special

from sim.processes import participation

CERTAIN = 1e6
"""Influence so strong that the logistic draw, at most 17 in a float32 tape, blurs a threshold by 17 / CERTAIN."""
VILLAGES, FRIENDS = 209, 100
PEOPLE = VILLAGES * FRIENDS


@pytest.fixture(autouse=True)
def everybody_reconsiders(monkeypatch):
    monkeypatch.setattr(participation, "RECONSIDER_GROUPS", 1)


def crowd(place, number, height, influence, runs=1):
    """An engine in which only participation moves, nobody attends yet, and no settlement adds a tie."""
    parameters = {**ALIKE, "attend_constant": height, "social_influence": influence}
    engine = start_engine(
        place, NONE, runs, parameters, opening=[participation.form_inclination],
        every_quarter=[participation.reconsider], chosen=options(2084, residents=number),
    )  # fmt: skip
    engine.now.has_settlement = np.zeros_like(engine.now.has_settlement)
    engine.now.state.resident.participates[...] = 0
    return engine


def village_graph(engine):
    """Every resident is tied to all of the village, himself included."""
    number, villages = engine.options.residents_per_village, engine.now.district.villages
    first = np.arange(villages)[:, None] * number
    engine.now.ties = np.stack([np.broadcast_to(first + friend, (villages, number)) for friend in range(number)])


def hundred(second):
    """Eight villages of 100 with thresholds 0, 1/100, … 99/100, of which the second is given."""
    engine = crowd(small_district(), 100, 0.0, CERTAIN)
    village_graph(engine)
    engine.now.parameters.reference_share[...] = -0.5 / 100  # half a person: a threshold that is met is passed
    thresholds = np.arange(100) / 100
    thresholds[1] = second / 100
    engine.now.state.resident.leaning = np.tile(-CERTAIN * thresholds, 8)[None].astype(np.float32)
    return engine


@pytest.mark.parametrize(("second", "joined"), [(1, 100), (2, 1)])
def test_a_hundred_thresholds_and_one_person_of_difference(second, joined):
    """Granovetter 1978: all join, one more in each round; with the 1 changed to a 2 exactly one joins. Exact."""
    engine = hundred(second)
    for passed in range(1, 105):
        engine.step()
        assert np.all(engine.now.state.village.participation == min(passed, joined) / 100), passed


def normal_crowd(sigma, mean=0.25):
    """The whole district as one population with Normal(25 %, sigma) thresholds, one at each of 20,900 quantiles.

    Ties are counted in a byte, so that a person can watch 100 others: one in each hundredth of the population, with an
    offset that goes evenly over the hundredth from person to person. So the share seen is the true one up to a rounding
    spread evenly over 1/100.
    """
    engine = crowd(enyang(), FRIENDS, 0.0, CERTAIN)
    person = np.arange(PEOPLE)
    offset = (person * 0.6180339887498949) % 1
    seats = (np.arange(FRIENDS)[:, None] + offset[None, :]) * (PEOPLE / FRIENDS)
    engine.now.ties = np.minimum(seats.astype(np.int64), PEOPLE - 1).reshape(FRIENDS, VILLAGES, FRIENDS)
    thresholds = mean + sigma * special.ndtri((person + 0.5) / PEOPLE)
    engine.now.parameters.reference_share[...] = 0.0
    engine.now.state.resident.leaning = (-CERTAIN * thresholds)[None].astype(np.float32)
    return engine


def lowest_root(sigma, mean=0.25):
    """Smallest share p with p = Φ((p - mean) / sigma)."""
    grid = np.linspace(0, 1, 200_001)
    gap = special.ndtr((grid - mean) / sigma) - grid
    first = int(np.argmax(gap <= 0))
    return optimize.brentq(lambda p: special.ndtr((p - mean) / sigma) - p, grid[first - 1], grid[first])


@pytest.mark.parametrize(("sigma", "published"), [(0.10, 0.0077), (0.12, 0.0402), (0.122, 0.0548)])
def test_normal_thresholds_stay_low_below_the_critical_spread(sigma, published):
    """0.77 % at 10, 4.02 % at 12, 5.48 % at 12.2: half a digit of the published figure; and the exact root.

    Watching 100 others rounds the share by an even error of width 1/100, which adds 0.01² / 12 to the variance of a
    threshold; with that the law is the mean field's. Its curve has slope s at the root, so an error of one person in
    the population (1 / 20,900) moves the root by 1 / (20,900 (1 - s)): one each for the discreteness of thresholds,
    seats and offsets.
    """
    assert abs(lowest_root(sigma) - published) < 0.5e-4
    seen = np.sqrt(sigma**2 + 0.01**2 / 12)
    root = lowest_root(seen)
    slope = np.exp(-(((root - 0.25) / seen) ** 2) / 2) / (seen * np.sqrt(2 * np.pi))
    engine = normal_crowd(sigma)
    for _ in range(200):
        engine.step()
    found = engine.now.state.resident.participates.mean()
    assert abs(found - root) < 3 / PEOPLE / (1 - slope), (found, root)


def test_normal_thresholds_jump_to_everybody_above_it():
    """100 % at 12.3 (all but the few whose threshold exceeds 1: Φ(-6.1), nobody of 20,900)."""
    engine = normal_crowd(0.123)
    for _ in range(230):
        engine.step()
    assert engine.now.state.resident.participates.mean() == 1.0


@pytest.mark.parametrize(
    ("height", "influence", "begin", "root"),
    [(-1, 2, 0, 0.5), (-1, 2, 1, 0.5), (-2, 3.5, 0, 0.23636), (-2, 3.5, 1, 0.23636), (0, 0, 1, 0.5),
     (-2.5, 5, 0, 0.144794), (-2.5, 5, 1, 0.855206)],
)  # fmt: skip
def test_mean_field_rest_points_without_habit(height, influence, begin, root):
    """p = Λ(h + J p): one root for J < 4 from either side, two stable ones at J = 5.

    A village of 120 strays around the root by sd d = √(p(1-p)/120 / (1 - s²)), s = J p (1-p); the curvature
    c = J² p (1-p)(1-2p) moves the mean by c d² / (2 (1-s)); twice that is allowed, besides four standard errors of 192
    villages in 40 quarters that count as (1-s)/(1+s) each. 60 quarters before leave at most s^60 of the first distance.
    """
    engine = crowd(small_district(), 120, height, influence, runs=24)
    village_graph(engine)
    engine.now.state.resident.participates[...] = begin
    found = []
    for quarter in range(100):
        engine.step()
        if quarter >= 60:
            found.append(engine.now.state.village.participation.copy())
    slope = influence * root * (1 - root)
    stray = np.sqrt(root * (1 - root) / 120 / (1 - slope**2))
    bias = abs(influence**2 * root * (1 - root) * (1 - 2 * root)) * stray**2 / (2 * (1 - slope))
    independent = np.size(found) * (1 - slope) / (1 + slope)
    assert abs(np.mean(found) - root) < 4 * stray / np.sqrt(independent) + 2 * bias + 2 * slope**60, np.mean(found)


def test_habit_changes_the_speed_and_not_the_rest_point(monkeypatch):
    """From nobody: after three quarters a third at a time has come as far as one quarter of everybody, or nearly so."""
    means = {}
    for groups in (1, 3):
        monkeypatch.setattr(participation, "RECONSIDER_GROUPS", groups)
        engine = crowd(small_district(), 120, -1.0, 2.0, runs=24)
        village_graph(engine)
        engine.step()
        early = engine.now.state.village.participation.mean()
        year(engine, 15)
        means[groups] = (early, engine.now.state.village.participation.mean())
    first = special.expit(-1.0)
    error = 4 * np.sqrt(first * (1 - first) / (192 * 120))
    assert abs(means[1][0] - first) < error and abs(means[3][0] - first / 3) < error
    stray = 0.5 / np.sqrt(120) / (1 - 0.5)
    assert abs(means[1][1] - means[3][1]) < 4 * np.sqrt(2 / 192) * stray
