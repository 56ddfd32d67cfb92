"""Unit costs are uncertain: a common level and a factor a lever, on unit costs and on nothing but what is paid."""

from __future__ import annotations

import numpy as np
import pytest
from places import ALL, batch_of, changed, engine_in, only, options, rows_of, small_district

from sim.policies.base import Setting, UnitCost
from sim.policies.registry import LEVERS
from sim.unit_costs import LEVEL, POLICIES, UNIT_COST_PARAMETERS
from sim.world import DECLARED, world_values
from tests.tiers import fast

COSTED = [key for key, lever in LEVERS.items() if lever.unit_costs()]
ONLY_UNIT_COSTS = {key for key in COSTED if LEVERS[key].purposes == (key,)}
"""Levers whose whole cost is unit costs times work."""


def test_every_lever_with_unit_costs_has_a_factor():
    assert set(UNIT_COST_PARAMETERS) == {LEVEL, *(f"unit_cost.{key}" for key in COSTED)}
    assert all(DECLARED[name] is item and item.default == 1 for name, item in UNIT_COST_PARAMETERS.items())
    for lever in LEVERS.values():
        plain = {name for name, item in lever.settings().items() if isinstance(item, Setting) and "cost" in name}
        assert {name for name in plain if not name.endswith("_share")} <= set(lever.unit_costs()), lever.key


def test_worlds_draw_the_common_level_and_a_factor_for_each_policy_that_is_asked_about():
    worlds = [world_values(world) for world in range(100)]
    drawn = {name: np.array([world[name] for world in worlds]) for name in UNIT_COST_PARAMETERS}
    assert {name for name, values in drawn.items() if np.ptp(values)} == {
        LEVEL,
        *(f"unit_cost.{key}" for key in POLICIES),
    }
    assert np.sum(drawn[LEVEL] < 1) == 50 and drawn[LEVEL].min() >= 0.6 and drawn[LEVEL].max() <= 1.7
    assert not np.allclose(drawn["unit_cost.joint_building"], drawn["unit_cost.paired_assistance"])


@pytest.mark.parametrize("key", fast(COSTED, 6))
def test_a_factor_moves_only_its_lever_s_cost(key):
    """All else, incomes included, stays bit for bit: the public pays."""
    strategy = changed(ALL, "industry_alliance", fine=0.3)
    place, name = small_district(), f"unit_cost.{key}"
    result = batch_of(place, strategy, [{}, {name: 1.4}, {name: 0.7}], options(2029))
    moved = {
        indicator
        for indicator, values in result.indicators.items()
        if not (np.array_equal(values[0], values[1], equal_nan=True))
    }
    public = {name for name in result.indicators if name.startswith("public_cost")}
    assert f"cost_{key}" in moved
    assert moved <= {f"cost_{key}", *public}
    cost = result.indicators[f"cost_{key}"][:, 1:]
    if key in ONLY_UNIT_COSTS:
        np.testing.assert_allclose(cost[1], 1.4 * cost[0], rtol=1e-12)
        np.testing.assert_allclose(cost[2], 0.7 * cost[0], rtol=1e-12)
    else:
        assert np.all(cost[0] <= cost[1]) and np.all(cost[1] < 1.4 * cost[0] + 1e-12)
        np.testing.assert_allclose(cost[1] - cost[0], 4 / 3 * (cost[0] - cost[2]), rtol=1e-9, atol=1e-9)


def test_the_common_level_moves_the_costs_of_all_levers_alike():
    costs = [f"cost_{key}" for key in ONLY_UNIT_COSTS & set(ALL.levers)]
    result = batch_of(small_district(), ALL, [{}, {LEVEL: 1.5}], options(2026))
    for name in costs:
        values = result.indicators[name][:, 1:]
        np.testing.assert_allclose(values[1], 1.5 * values[0], rtol=1e-12, err_msg=name)
    assert len(costs) > 5


def test_a_village_that_pays_itself_pays_what_it_costs_in_its_world():
    strategy = only("training", payer="village", cost_per_secretary=1)
    with rows_of([{}, {"unit_cost.training": 1.25, LEVEL: 1.6}]):
        engine = engine_in(small_district(), strategy, [None, None], [1, 1], options(2024, residents=0))
    engine.step()
    (paid,) = [amount for key, amount in engine.now.ledger.flows.items() if key[2] == "training"]
    assert np.all(paid[0] == 1) and np.all(paid[1] == 2)


def test_amounts_of_grants_and_pay_are_no_unit_costs():
    for key, name in (("central_grant", "amount"), ("town_company", "manager_pay"), ("paired_assistance", "direct")):
        assert not isinstance(LEVERS[key].settings()[name], UnitCost)
