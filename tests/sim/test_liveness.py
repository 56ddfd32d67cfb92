"""Every declared parameter moves some output in some strategy (known answer D-V3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from places import (
    ALL,
    ALL_GROUP,
    POOLS_PAY,
    all_outputs,
    batch_of,
    changed,
    enyang,
    options,
    range_end,
    small_district,
    supervised,
    without,
)

from sim.engine import BatchResult
from sim.parameters import RESIDENTS
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS
from sim.world import DECLARED
from tests.tiers import fast

NAMES = list(DECLARED)
POOLS = {name: value for name, value in POOLS_PAY.items() if name != "agency_base"}

SITUATIONS: dict[str, tuple[Strategy, dict, str, int]] = {
    "Bazhong start, enclaves": (ALL, {**POOLS, "enclave.failure_hazard": 0.2}, "bazhong_mean", 2033),
    "target start, large bonus": (
        supervised(
            changed(changed(ALL, "cadre_pay", bonus_share=0.2, bonus_floor=0, base_pay=3, performance_pay=2),
                    "graded_management", promotion_factor=4), 0.5
        ), {}, "target_consistent", 2030),
    "banquets":
        (changed(ALL, "norm_reform", reduction=0.4), {"banquet_burden": 100.0}, "bazhong_mean", 2028),
    "group development": (ALL_GROUP, POOLS, "bazhong_mean", 2033),
    "supervised companies, promotion ends, alliances without fines": (
        changed(changed(changed(ALL, "town_company", manager_pay=18, stakes="mandatory"),
                        "enterprise_promotion", end=2027), "industry_alliance", fine=0),
        POOLS, "target_consistent", 2033),
    "companies of little capital, large alliances with small fines": (
        changed(changed(ALL, "town_company", startup=10, entry=1), "industry_alliance", fine=0.1, size=12,
                reach="district"), POOLS, "target_consistent", 2033),
    "shared equally, successors from the village, few repairs, disclosure": (
        changed(changed(changed(without(ALL, "secretary_selection"), "infrastructure", repair_km=20),
                        "asset_supervision", form="disclosure"), "joint_building", sharing="equally",
                contribution_share=0.6),
        POOLS, "bazhong_mean", 2033),
}  # fmt: skip


def _moved(result: BatchResult, row: int) -> bool:
    """Whether the row differs from row 0, in which every parameter has its usual value."""
    return any(values[row].tobytes() != values[0].tobytes() for values in all_outputs(result).values())


def _living(situation: str, names: Sequence[str]) -> set[str]:
    """Those of the parameters that move an output when each alone goes to the end of its range."""
    strategy, base, start, horizon = SITUATIONS[situation]
    chosen = options(horizon, residents=7, start=start)
    found = set()
    for first in range(0, len(names), 62):
        part = names[first : first + 62]
        overrides = [base, *({**base, name: range_end(name)} for name in part)]
        result = batch_of(enyang(), strategy, overrides, chosen)
        found.update(name for row, name in enumerate(part, 1) if _moved(result, row))
    return found


@pytest.mark.thorough
def test_every_parameter_moves_some_output():
    silent = NAMES
    for situation in SITUATIONS:
        living = _living(situation, silent)
        silent = [name for name in silent if name not in living]
    assert silent == []


def test_parameters_of_the_other_start_are_silent():
    """The test above could not fail if outputs differed for no reason."""
    target_only = {"target_income_mean", "target_income_sigma"}
    bazhong_only = {"bazhong_income_sigma", "bazhong_zero_share"}
    names = [*target_only, *bazhong_only]
    assert _living("Bazhong start, enclaves", names) == bazhong_only
    assert _living("target start, large bonus", names) == target_only


NEEDS = sorted({item.needs for item in DECLARED.values() if item.needs})


@pytest.mark.parametrize("needs", fast(["+".join(needs) for needs in NEEDS], 6))
def test_a_parameter_acts_only_where_it_says_that_it_can(needs: str):
    """Without the levers that it needs (or with residents off) it moves no bit of any output, wherever it lies."""
    needed = tuple(needs.split("+"))
    strategy = Strategy("rest", levers={key: values for key, values in ALL.levers.items() if key not in needed})
    names = [name for name, item in DECLARED.items() if item.needs == needed]
    overrides = [{}, *({name: range_end(name)} for name in names)]
    chosen = options(2030, residents=0 if needed == (RESIDENTS,) else 7)
    result = batch_of(small_district(lone=True), strategy, overrides, chosen)
    assert [name for row, name in enumerate(names, 1) if _moved(result, row)] == []


def test_every_lever_that_is_needed_exists():
    assert {key for needs in NEEDS for key in needs} <= set(LEVERS) | {RESIDENTS}


def test_declarations_are_whole():
    for name, item in DECLARED.items():
        assert item.low <= item.default <= item.high and item.low < item.high, name
        assert item.zh and item.en and item.source and item.name == name, name
        assert np.isfinite([item.low, item.default, item.high]).all(), name
