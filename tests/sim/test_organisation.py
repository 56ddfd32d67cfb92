"""Organisation over time (EQ-26), rectification of the weakest, outreach by grid and duty (EQ-22)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, changed, enyang, moved_by, only, options, run_batch, small_district, start_engine, year

from sim.processes import leadership, organisation, participation


def test_organisation_nears_its_rest_point():
    """o* = 0.15 + 0.5 ability + 0.3 participation; the distance shrinks to nine tenths a year."""
    engine = start_engine(small_district(), NONE, 1, closing=[organisation.develop])
    village, secretary = engine.now.state.village, engine.now.state.secretary
    secretary.ability, village.participation = np.linspace(0.1, 0.9, 8)[None], np.linspace(0.6, 0.0, 8)[None]
    first, rest = village.organisation.copy(), 0.15 + 0.5 * secretary.ability + 0.3 * village.participation
    for passed in range(1, 60):
        year(engine)
        np.testing.assert_allclose(village.organisation, rest + (first - rest) * 0.9**passed, rtol=1e-12)


def test_organisation_with_its_parameters_written_out():
    names = {"kappa_organisation": 0.2, "organisation_base": 0.05, "organisation_by_ability": 0.7,
             "organisation_by_participation": 0.4, "organisation_by_rectification": 0.3}  # fmt: skip
    engine = start_engine(small_district(), only("org_rectification", intensity=0.5, share_a_year=1), 1, names,
                          closing=[organisation.develop])  # fmt: skip
    village, ability = engine.now.state.village, engine.now.state.secretary.ability.copy()
    old, takes_part = village.organisation.copy(), village.participation.copy()
    year(engine)
    target = 0.05 + 0.7 * ability + 0.4 * takes_part + 0.3 * 0.5
    np.testing.assert_allclose(village.organisation, old + 0.2 * (target - old), rtol=1e-12)


@pytest.mark.parametrize(("share", "number"), [(0.0, 0), (0.1, 21), (0.5, 105), (1.0, 209)])
def test_the_weakest_are_rectified_and_paid_for(share, number):
    """The bottom tenth of 209 is 21 villages; 2万 each; each moves 0.1·0.2 further than without."""
    engine = start_engine(enyang(), only("org_rectification", share_a_year=share), 3, closing=[organisation.develop],
                          worlds=[None, 0, 1], parameters={"kappa_organisation": 0.1,
                                                           "organisation_by_rectification": 0.2})  # fmt: skip
    plain = start_engine(enyang(), NONE, 3, closing=[organisation.develop], worlds=[None, 0, 1],
                         parameters={"kappa_organisation": 0.1})  # fmt: skip
    before = engine.now.state.village.organisation.copy()
    year(engine), year(plain)
    chosen = engine.now.policy.rectified > 0
    assert np.all(chosen.sum(axis=1) == number)
    for run in range(3):
        if 0 < number < 209:
            assert before[run][chosen[run]].max() <= before[run][~chosen[run]].min()
    np.testing.assert_allclose(engine.now.ledger.paid(("org_rectification",)),
                               2.0 * engine.now.parameters.unit_cost["org_rectification"] * chosen,
                               rtol=1e-12)  # fmt: skip
    gained = engine.now.state.village.organisation - plain.now.state.village.organisation
    np.testing.assert_allclose(gained, 0.02 * chosen, atol=1e-12)


def test_rectification_lasts_a_year_and_reaches_at_least_one():
    engine = start_engine(small_district(), only("org_rectification", end=2024), 1, closing=[organisation.develop])
    year(engine)
    assert engine.now.policy.rectified.sum() == 1, "a tenth of eight villages, rounded up"
    year(engine)
    assert not np.any(engine.now.policy.rectified)


@pytest.mark.thorough
def test_more_rectification_means_stronger_organisations():
    """D-M, mean of 20 pairs."""
    chosen, pairs = options(2032, residents=0), ([*range(20)], [*range(20)])
    means = [
        run_batch(enyang(), only("org_rectification", share_a_year=share), *pairs, chosen)
        .indicators["organisation_mean"][:, -1].mean()
        for share in (0.0, 0.1, 0.5)
    ]  # fmt: skip
    assert means[0] < means[1] < means[2]


# Outreach ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("grid", "duty"), [(0, 0), (1, 0), (0, 1), (0.6, 0.5)])
def test_outreach_written_out(grid, duty):
    """EQ-22: (ordinary + grid + duty) · (1 - share of effort for the economy) · organisation, a fifth more in a
    settlement."""
    levers = changed(only("grid_outreach", intensity=grid, strength=0.5), "responsibility_list", intensity=duty)
    parameters = {"ordinary_outreach": 0.3, "effort_econ_share": 0.7, "responsibility_outreach": 0.2}
    engine = start_engine(small_district(), levers, 1, parameters, opening=[])
    engine.step()
    expected = (0.3 + 0.5 * grid + 0.2 * duty) * 0.3 * engine.now.state.village.organisation
    expected = expected * np.where(engine.now.has_settlement, 1.2, 1.0)
    np.testing.assert_allclose(participation.outreach(engine.now), expected, rtol=1e-12)


def test_the_grid_raises_participation_and_costs_half_a_wan_a_village():
    pairs = ([*range(20)], [*range(20)])
    as_declared = {"unit_cost_level": 1.0}
    grid = run_batch(enyang(), only("grid_outreach"), *pairs, options(2028), as_declared).indicators
    plain = run_batch(enyang(), NONE, *pairs, options(2028)).indicators
    np.testing.assert_allclose(grid["cost_grid_outreach"][:, 1:], 0.5 * 209, rtol=1e-12)
    assert (grid["participation_attend"] - plain["participation_attend"])[:, -1].mean() > 0


@pytest.mark.parametrize(("share", "intensity"), [(0.2, 1.0), (0.5, 0.6)])
def test_doorstep_service_moves_time_from_the_economy_to_visits(share, intensity):
    """EQ-11, EQ-22: 0.6 of effort is for the economy; what doorstep service takes of it is spent on visits."""
    plain, doorstep = (
        start_engine(small_district(), only("grid_outreach", intensity=intensity, doorstep_share=taken), 1, opening=[])
        for taken in (0, share)
    )
    plain.step(), doorstep.step()
    left = 0.6 * (1 - share * intensity)
    more = participation.outreach(doorstep.now) / participation.outreach(plain.now)
    np.testing.assert_allclose(more, (1 - left) / 0.4, rtol=1e-12)
    secretary = doorstep.now.state.secretary
    expected = np.clip((secretary.ability + 0) * (0.5 + secretary.effort * left / 0.6), 0, 1.4)
    np.testing.assert_allclose(leadership.manager_quality(doorstep.now), expected, rtol=1e-12)


def test_doorstep_service_raises_participation_and_lowers_income():
    """The trade-off of R14, means of 20 pairs; it costs the public nothing."""
    pairs = ([*range(20)], [*range(20)])
    doorstep, grid = (
        run_batch(enyang(), only("grid_outreach", doorstep_share=share), *pairs, options(2030)).indicators
        for share in (0.3, 0)
    )
    change = {name: (doorstep[name] - grid[name])[:, -1].mean() for name in doorstep}
    assert change["participation_attend"] > 0 > change["income_operating_mean"]
    np.testing.assert_array_equal(doorstep["public_cost"], grid["public_cost"])


@pytest.mark.thorough
def test_a_grid_without_strength_moves_nothing():
    assert moved_by("grid_outreach", strength=0) == set()


@pytest.mark.thorough
def test_rectification_without_effect_moves_nothing():
    assert moved_by("org_rectification", {"organisation_by_rectification": 0}) == set()
