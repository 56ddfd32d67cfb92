"""Banquets and their reform (P13, R17): off by default, live once a burden is set."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALL,
    NONE,
    differing,
    enyang,
    moved_by,
    only,
    options,
    run_batch,
    small_district,
    start_engine,
    without,
)

from sim.processes import norms, participation
from sim.world import DECLARED, world_values

SMALL = small_district()


def test_worlds_do_not_draw_what_nothing_is_known_about():
    """`banquet_burden` is 0 in every world, unless a range or a value is named; every other parameter varies."""
    worlds = [world_values(world) for world in range(20)]
    fixed = {name for name in DECLARED if len({world[name] for world in worlds}) == 1}
    assert fixed == {name for name, item in DECLARED.items() if not item.drawn} >= {"banquet_burden"}
    assert {world["banquet_burden"] for world in worlds} == {0.0}
    ranged = [world_values(world, ranges={"banquet_burden": (50.0, 150.0)})["banquet_burden"] for world in range(20)]
    assert 50 <= min(ranged) < max(ranged) <= 150
    assert world_values(3, {"banquet_burden": 80.0})["banquet_burden"] == 80.0


def test_without_a_burden_reform_is_cost_alone():
    pairs, chosen = ([None, 0, 1], [0, 1, 2]), options(2029)
    one, other = (
        run_batch(enyang(), strategy, *pairs, chosen, {"unit_cost_level": 1.0})
        for strategy in (ALL, without(ALL, "norm_reform"))
    )
    assert set(differing(one, other)) == {"public_cost", "public_cost_district", "cost_norm_reform"}
    np.testing.assert_allclose(one.indicators["cost_norm_reform"][:, 1:], 0.1 * 209, rtol=1e-12)


def test_the_burden_written_out():
    """200 yuan, 40 % ended at intensity 0.5 of 0.8, 20 % of the rest by half a file of good faith."""
    lever = {**only("norm_reform", intensity=0.5, reduction=0.8).levers,
             **only("digital_platform", credit_file=0.5).levers}  # fmt: skip
    fixed = {"banquet_burden": 200.0, "burden_by_credit_file": 0.2, "trust_by_burden": 0.04, "kappa_trust": 0.4}
    engine = start_engine(SMALL, type(NONE)("both", levers=lever), 1, fixed, opening=[])
    engine.step()
    now, burden = engine.now, 200 * 0.6 * 0.9
    np.testing.assert_allclose(norms.burden(now), burden, rtol=1e-12)
    now.state.village.dividend_per_head = np.linspace(0, 200, 8)[None]
    np.testing.assert_allclose(
        norms.dividend_left(now), np.maximum(np.linspace(0, 200, 8) - burden, 0)[None], rtol=1e-12
    )
    trust = now.state.village.trust.copy()
    now.parameters.banquet_burden[...] = 0.0
    participation.update_trust(now)
    free = now.state.village.trust.copy()
    now.state.village.trust, now.parameters.banquet_burden[...] = trust, 200.0
    participation.update_trust(now)
    np.testing.assert_allclose(free - now.state.village.trust, 0.1 * 0.04 * burden / 100, rtol=1e-9)


@pytest.mark.thorough
def test_a_burden_lowers_trust_and_participation_and_reform_brings_a_part_back():
    """Means of 20 futures."""
    pairs, chosen = ([*range(20)], [*range(20)]), options(2032)
    free = run_batch(enyang(), NONE, *pairs, chosen).indicators
    burdened, reformed = (
        run_batch(enyang(), strategy, *pairs, chosen, {"banquet_burden": 300.0}).indicators
        for strategy in (NONE, only("norm_reform"))
    )
    for name in ("trust_mean", "participation_attend"):
        values = [found[name][:, -1].mean() for found in (burdened, reformed, free)]
        assert values[0] < values[1] < values[2], name


def test_a_reform_without_a_burden_moves_nothing():
    assert moved_by("norm_reform") == set()
