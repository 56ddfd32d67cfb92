"""Worlds: half of them on each side of the default, Latin hypercubes of 100, columns by name."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, options, small_district, start_engine

from sim.futures import numbered
from sim.parameters import Parameter
from sim.world import DECLARED, world_values

INSIDE = [name for name, item in DECLARED.items() if item.drawn and item.low < item.default < item.high]


def _positions(first: int) -> dict[str, np.ndarray]:
    """Place of 100 worlds in each parameter's column, by turning the two uniform halves round."""
    worlds = [world_values(number) for number in range(first, first + 100)]
    found = {}
    for name in INSIDE:
        item, values = DECLARED[name], np.array([world[name] for world in worlds])
        lower = 0.5 * (values - item.low) / (item.default - item.low)
        upper = 0.5 + 0.5 * (values - item.default) / (item.high - item.default)
        found[name] = np.where(values < item.default, lower, upper)
    return found


@pytest.mark.parametrize("first", [0, 100])
def test_each_stratum_is_hit_once_in_a_block(first):
    for name, place in _positions(first).items():
        assert sorted(np.floor(place * 100).astype(int)) == list(range(100)), name


def test_half_of_the_worlds_lie_on_each_side_of_the_default():
    worlds = [world_values(number) for number in range(100)]
    for name in INSIDE:
        values = np.array([world[name] for world in worlds])
        assert (values < DECLARED[name].default).sum() == 50, name
        assert DECLARED[name].low <= values.min() and values.max() <= DECLARED[name].high, name
        shares = np.unique(np.digitize(values, np.linspace(DECLARED[name].low, DECLARED[name].high, 5)))
        assert len(shares) >= 4, name


def test_columns_are_not_tied_to_each_other():
    """Rank correlations of 100 pairs: sd 0.1, so of all pairs none beyond 0.6 (six sd)."""
    ranks = np.array([np.argsort(np.argsort(place)) for place in _positions(0).values()])
    correlation = np.corrcoef(ranks)
    np.fill_diagonal(correlation, 0)
    assert np.abs(correlation).max() < 0.6


def test_blocks_differ():
    one, other = _positions(0), _positions(100)
    assert all(not np.allclose(one[name], other[name]) for name in INSIDE)


def test_a_new_parameter_moves_no_other(monkeypatch):
    before = [world_values(number) for number in range(5)]
    item = Parameter(1.0, 0.0, 2.0, "", "assumption", "新", "new", "aaa_new")
    monkeypatch.setitem(DECLARED, "aaa_new", item)
    after = [world_values(number) for number in range(5)]
    for one, other in zip(before, after, strict=True):
        assert {name: value for name, value in other.items() if name != "aaa_new"} == one
    assert len({world["aaa_new"] for world in after}) == 5


def test_a_world_is_the_same_however_many_there_are():
    asked_late = [world_values(number) for number in (250, 3)]
    again = {number: world_values(number) for number in range(260)}
    assert asked_late == [again[250], again[3]]


def test_fixed_values_and_ranges():
    fixed = [world_values(number, fixed={"crowd_out": 0.25}) for number in range(20)]
    free = [world_values(number) for number in range(20)]
    assert all(world["crowd_out"] == 0.25 for world in fixed)
    assert all({**world, "crowd_out": 0} == {**other, "crowd_out": 0} for world, other in zip(fixed, free, strict=True))
    narrow = np.array([world_values(number, ranges={"crowd_out": (0.2, 0.4)})["crowd_out"] for number in range(100)])
    assert narrow.min() >= 0.2 and narrow.max() <= 0.4 and (narrow < DECLARED["crowd_out"].default).sum() == 50
    assert world_values(None) == {name: item.default for name, item in DECLARED.items()}


def test_the_world_of_defaults_has_the_villages_of_draw_0():
    """Same draws: what makes a village's people attend differs from the defaults' by the ratio of the two spreads."""
    engine = start_engine(small_district(), NONE, 2, worlds=[None, 0], chosen=options())
    spread = engine.now.parameters.sigma_village
    scores = engine.now.state.village.village_effect / spread
    np.testing.assert_allclose(scores[0], scores[1], rtol=1e-12)
    assert spread[0, 0] != spread[1, 0]


@pytest.mark.parametrize("bounds", [(34, 34), (14, 34), (10, 20), (20, 15)])
def test_values_and_ranges_obey_one_rule(bounds) -> None:
    """Beyond the declared range is refused alike as a value and as the end of a range; so is a range turned round."""
    ranges = numbered([0], ranges={"target_income_mean": bounds}).check()
    values = [numbered([0], fixed={"target_income_mean": bound}).check() for bound in bounds]
    beyond = sum(map(len, values))
    assert len(ranges) == max(beyond, 1) and all(item.field == "target_income_mean" for item in ranges)
    assert [item.zh for item in ranges[:beyond]] == [item.zh for one in values for item in one]
