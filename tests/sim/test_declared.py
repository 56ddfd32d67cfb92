"""Policy columns and indicators are declared once, and a misspelt one tells the nearest; purposes: `test_purposes`."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from sim.indicators import INDICATORS
from sim.policies.base import Lever, UnitCost
from sim.policies.columns import POLICY_COLUMNS, PolicyState
from sim.village_indicators import VILLAGE_INDICATORS

ONES = np.ones((2, 3))


@pytest.mark.parametrize(
    "ask",
    [
        lambda policy: policy.trainnig,
        lambda policy: policy.apply("trainnig", ONES, where=ONES > 0),
        lambda policy: POLICY_COLUMNS["trainnig"],
    ],
    ids=["read", "written", "declaration"],
)
def test_a_misspelt_policy_column_is_an_error_that_names_the_nearest(ask):
    policy = PolicyState(2, 3)
    with pytest.raises(ValueError, match="no policy column 'trainnig'; did you mean 'training'"):
        ask(policy)
    assert all(np.all(getattr(policy, name) == item.neutral) for name, item in POLICY_COLUMNS.items())


def test_policy_columns_are_copied_with_their_names():
    policy = PolicyState(2, 3)
    again = deepcopy(policy)
    again.apply("training", ONES, where=ONES > 0)
    assert np.all(again.training == 1) and np.all(policy.training == 0) and not hasattr(again, "trainnig")
    with pytest.raises(ValueError, match="did you mean 'training'"):
        _ = again.trainnig


def test_a_misspelt_indicator_is_an_error_that_names_the_nearest():
    with pytest.raises(ValueError, match="no indicator 'dept_mean'; did you mean 'debt_mean'"):
        INDICATORS["dept_mean"]
    with pytest.raises(ValueError, match="no village indicator 'abilty'; did you mean 'ability'"):
        VILLAGE_INDICATORS["abilty"]
    assert "dept_mean" not in INDICATORS and INDICATORS.get("dept_mean") is None


@pytest.mark.parametrize("name", ["writes", "work", "spread_work"])
def test_a_misspelt_setting_of_a_lever_is_an_error_that_names_the_nearest(name):
    wrong = {"writes": {"training": ("fixed_cots",)}, "work": ("fixed_cots",), "spread_work": "fixed_cots"}[name]
    cost = UnitCost(1, 0, 2, "万元/yr", "test", "成本", "cost")
    content = {"key": "own", "en": "own", "purposes": (), "writes": {"training": ("level",)}, "fixed_cost": cost}
    with pytest.raises(ValueError, match="no setting 'fixed_cots'; did you mean 'fixed_cost'"):
        type("Own", (Lever,), {**content, name: wrong})


def test_an_indicator_weighted_by_one_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match="no indicator 'project'; did you mean 'projects'"):
        INDICATORS.check({"projects", "project"})


def test_what_resembles_nothing_is_named_alone():
    with pytest.raises(ValueError, match="^no indicator 'xyzzy'$"):
        INDICATORS["xyzzy"]
