"""What can be left out of the model: each process is really gone, and its absence is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from places import (
    ALL,
    ALL_GROUP,
    POOLS_PAY,
    PRODUCERS,
    engine_in,
    enyang,
    first_differing,
    options,
    run_batch,
    small_district,
    without,
)

from sim.ablation import PROCESSES, calendar_without, parameters_without, variants
from sim.calendar import YEAR
from sim.policies.base import Strategy
from sim.policies.registry import check_strategy
from sim.world import DECLARED

BUSY = {**POOLS_PAY, **PRODUCERS}
BUSY.pop("agency_base", None)
LITTLE = {
    "industry_alliance": {"intensity": 1, "fine": 0, "cost_share": 0},
    "infrastructure": {"intensity": 1, "repair_km": 1},
}
SITUATIONS = (ALL, ALL_GROUP, Strategy("weak alliances, few repairs", levers={**ALL.levers, **LITTLE}))


def test_every_parameter_and_phase_named_exists():
    phases = {phase for part in vars(YEAR).values() for phase in part}
    for name, process in PROCESSES.items():
        assert process.zh and process.en and (process.parameters or process.phases), name
        assert set(process.phases) <= phases, name
        values = parameters_without([name])
        assert set(values) <= set(DECLARED) and (values or not process.parameters), name


def test_a_parameter_of_every_mode_is_held_in_each():
    values = parameters_without(["failure"])
    named = {name for name in DECLARED if name.endswith(".failure_hazard")}
    assert len(named) == 10 and set(values) == named | {"company_hazard"}
    assert set(values.values()) == {0.0}


def test_nothing_left_out_is_the_usual_year():
    assert calendar_without([]) is YEAR and calendar_without(["credit"]) is YEAR
    shorter = calendar_without(["turnover", "migration"])
    gone = [phase.__name__ for part in ("opening", "closing") for phase in getattr(YEAR, part)
            if phase not in getattr(shorter, part)]  # fmt: skip
    assert gone == ["hold_elections", "move"]


def _silent(names, district, base, horizon):
    """Those of the processes whose absence no indicator shows."""
    chosen = options(horizon)
    whole = run_batch(district, base, [3, 4], [3, 4], chosen, BUSY, checked=True)
    return [
        name for name in names if not first_differing(whole, district, variants(base, [name])[0], [3, 4], chosen, BUSY)
    ]


def test_the_absence_of_every_process_is_seen():
    silent = list(PROCESSES)
    for base in SITUATIONS:
        silent = _silent(silent, small_district(), base, 2032)
    assert silent == []


def test_a_process_left_out_does_nothing():
    strategy = variants(ALL, ["failure"])[0]
    result = run_batch(small_district(), strategy, [0, 1], [0, 1], options(2032), BUSY, checked=True)
    assert np.nansum(result.indicators["failures"]) == 0
    aged = engine_in(enyang(), replace(ALL, without=("turnover",)), [None], [1], options(2027))
    before = aged.now.state.secretary.skill.copy()
    for _ in range(12):
        aged.step()
    assert np.array_equal(aged.now.state.secretary.skill, before)


def test_what_is_left_out_wins_over_a_fixed_value():
    strategy = replace(without(ALL, "credit_guarantee"), without=("credit",))  # a fund lends on where banks don't
    result = run_batch(small_district(), strategy, [None], [1], options(2027), {"collateral_multiplier": 1.0})
    assert np.nanmax(result.indicators["debt_mean"]) == 0


def test_a_process_that_does_not_exist_is_told():
    (problem,) = check_strategy(replace(ALL, without=("credits",)), small_district())
    assert "credits" in str(problem) and "credit" in str(problem)


def test_variants_say_what_they_lack():
    (variant,) = variants(Strategy("existing", zh="现有措施", en="Existing measures"), ["credit"])
    assert (variant.key, variant.without) == ("existing_without_credit", ("credit",))
    assert variant.zh == "现有措施（不含贷款）" and variant.en == "Existing measures (without credit)"


@pytest.mark.parametrize("names", [["credit", "failure"], ["failure", "credit"]])
def test_several_can_be_left_out(names):
    assert parameters_without(names) == {**parameters_without(["credit"]), **parameters_without(["failure"])}
