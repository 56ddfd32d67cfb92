"""Strategies ranked where work is cheap, as assumed and dear: known answers from a study made for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_equal_money import study

from analysis.answers import unit_costs
from analysis.data.results import Results

FUTURES = 90


def made(folder, factor: np.ndarray, other: np.ndarray) -> Results:
    """`works` earns 30 and costs 15 a unit of `training`; `grants` earns 21 and costs 15 whatever work costs."""

    def outcome(income: float, training: np.ndarray, plain: float) -> dict[str, np.ndarray]:
        road = 500 * other
        return {
            "income_profit_mean": np.full(FUTURES, 1.0 + income / 10),
            "income_operating_mean": np.full(FUTURES, 2.0 + income / 10),
            "cost_training": training,
            "cost_infrastructure": road,
            "public_cost": training + plain + road,
        }

    nothing = np.zeros(FUTURES)
    results = study(
        folder,
        {
            "existing": outcome(0, nothing, 0),
            "works": outcome(30, 15 * factor, 0),
            "grants": outcome(21, nothing, 10),
        },
    )
    columns = {"unit_cost.training": factor, "unit_cost.infrastructure": other, "leak_invest": other}
    return replace(results, given_worlds=pd.DataFrame({"world": range(FUTURES), **columns}))


@pytest.fixture
def costly(tmp_path) -> Results:
    draw = np.random.default_rng(3)
    return made(tmp_path, np.linspace(0.5, 2, FUTURES), draw.permutation(np.linspace(0.5, 2, FUTURES)))


def test_only_what_differs_between_strategies_has_weight(costly: Results) -> None:
    """Roads cost the most, and the same under every strategy."""
    weight = unit_costs.weights(costly)
    assert weight["infrastructure"] == 0 and weight["training"] > 10
    factor = unit_costs.factors(costly)
    np.testing.assert_allclose(factor.to_numpy(), costly.worlds["unit_cost.training"].to_numpy())


def test_what_all_unit_costs_have_in_common_counts_with_each(costly: Results) -> None:
    level = np.linspace(1.5, 0.6, FUTURES)
    both = replace(costly, given_worlds=costly.worlds.reset_index().assign(unit_cost_level=level))
    np.testing.assert_allclose(unit_costs.factors(both), level * costly.worlds["unit_cost.training"])


def test_places_change_with_the_cost_of_work(costly: Results) -> None:
    """`works`: 30 - 15 f, which is 30 - 15 * (0.75, 1.25, 1.75); `grants` 11 throughout; so second where dear."""
    found = unit_costs.table(costly).set_index(["third", "strategy"])
    for third, middle in (("low", 0.75), ("middle", 1.25), ("high", 1.75)):
        assert found.loc[(third, "works"), "net_benefit"] == pytest.approx(30 - 15 * middle, abs=0.1)
        assert found.loc[(third, "grants"), "net_benefit"] == pytest.approx(11)
        assert found.loc[(third, "existing"), "net_benefit"] == 0
        assert found.loc[(third, "works"), "ratio"] == pytest.approx(15 * middle / 30, rel=0.01)
        assert np.isnan(found.loc[(third, "existing"), "ratio"])
        assert found.loc[(third, "works"), "n"] == 30
    assert list(found["rank"].unstack(0).loc["works", ["low", "middle", "high"]]) == [1, 1, 2]


def test_silence_where_unit_costs_do_not_matter(tmp_path, results: Results) -> None:
    same = made(tmp_path, np.ones(FUTURES), np.ones(FUTURES))
    assert unit_costs.table(same).empty, "worlds of defaults"
    assert unit_costs.table(replace(same, given_worlds=None)).empty, "not stored"
    assert unit_costs.table(results).empty
