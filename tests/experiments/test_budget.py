"""Budgets of a study: equal cost for every strategy; what the command and the notebook refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.data import money
from analysis.data.results import load
from experiments import compare, load_district, load_strategy, simulate
from experiments.budget import Budget, read_budget, topped_up, with_equal_cost
from experiments.found_scale import TOLERANCE
from experiments.merge import Piece, joint_budget
from experiments.notebook import make_study
from experiments.same_cost import Costs, settle
from sim.district import District
from sim.policies.base import Strategy
from sim.policies.registry import check_strategy
from sim.problems import InputErrors
from tests.experiments.conftest import TINY
from tests.tiers import fast

Command = Callable[..., int]
TARGET = "existing_pairing_expanded"
EQUAL = {"mode": "equal_cost", "equal_to": TARGET}


@pytest.fixture(scope="module")
def enyang() -> District:
    return load_district("enyang")


# What is topped up ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, {"start": None, "intensity": {2024: 0, 2025: 1}, "pause_years": {2024: 99, 2025: 0}}),
        (
            {"intensity": 1, "start": 2024},
            {"start": 2024, "intensity": {2024: 1, 2025: 1}, "pause_years": {2024: 99, 2025: 0}},
        ),
        (
            {"intensity": {2024: 2, 2025: 3, 2027: 0}, "pause_years": 5, "towns": ["玉山镇"], "amount": 50},
            {"start": None, "intensity": {2024: 2, 2025: 1}, "pause_years": {2024: 5, 2025: 0}, "towns": ["玉山镇"],
             "amount": 50},
        ),
        ({"intensity": 1, "start": 2027}, {"start": None, "intensity": {2025: 1}, "pause_years": {2025: 0}}),
        ({"intensity": 1, "end": 2023}, {"start": None, "intensity": {2025: 1}, "pause_years": {2025: 0}}),
    ],
    ids=["none", "existing", "dated and aimed", "later", "ended"],
)  # fmt: skip
def test_own_grants_until_2024_and_scaled_ones_after(own: dict, expected: dict) -> None:
    levers = {"central_grant": own} if own else {}
    found = topped_up(Strategy("mine", levers=levers), TARGET, 2024)
    settings = found.levers["central_grant"]
    assert settings == expected
    assert found.same_cost_as == TARGET and found.scaled_lever == "central_grant"
    assert not check_strategy(found, load_district("enyang"))


def test_grants_that_end_before_2025_stay_ended_until_then() -> None:
    found = topped_up(Strategy("mine", levers={"central_grant": {"intensity": 1, "end": 2022}}), TARGET, 2020)
    assert found.levers["central_grant"]["intensity"] == {2020: 1, 2023: 0, 2025: 1}


def test_the_target_stays_and_a_scaled_strategy_keeps_its_lever() -> None:
    grants, target = load_strategy("grants_same_cost"), Strategy(TARGET)
    budget = Budget("equal_cost", TARGET)
    (kept, scaled), problems = with_equal_cost([target, grants], budget, (2024, 2035))
    assert not problems
    assert kept is target
    assert scaled == replace(grants, same_cost_as=TARGET)
    assert with_equal_cost([target, grants], Budget(), (2024, 2035)) == ([target, grants], [])


def test_nothing_but_grants_is_called_so() -> None:
    found = topped_up(load_strategy("none"), TARGET, 2024)
    assert found.key == "none" and "grants" in found.en and "财政扶持" in found.zh


# A study -------------------------------------------------------------------------------------------------------


def test_every_strategy_costs_the_same(enyang: District) -> None:
    """Within 1 % by the report's own account, and the manifest says how."""
    names = ["none", "existing", TARGET, "existing_alliances"]
    result = compare(enyang, names, seeds=range(3), horizon=2027, residents=7, budget=EQUAL)
    manifest = result.manifest
    assert manifest["budget"] == {"mode": "equal_cost", "equal_to": TARGET, "annual": None, "priority": []}
    paid = {key: money.present_value(result, key, "public_cost").mean() for key in names}
    for entry in manifest["strategies"]:
        key, record = entry["key"], entry.get("same_cost")
        if key == TARGET:
            assert record is None
            continue
        assert record["reached"] and record["target"] == TARGET and record["lever"] == "central_grant"
        assert abs(paid[key] / paid[TARGET] - 1) <= TOLERANCE, key
        assert record["cost"] == pytest.approx(paid[key], rel=1e-12)
        assert entry["levers"]["central_grant"]["intensity"]["2025"] == record["scale"]
    plain = compare(enyang, names, seeds=range(3), horizon=2027, residents=7)
    assert plain.manifest["budget"]["mode"] == "uncapped"
    before = {key: money.present_value(plain, key, "public_cost").mean() for key in names}
    assert before["none"] == 0 and before["existing"] < 0.99 * before[TARGET], "so that there was something to do"
    assert before[TARGET] == paid[TARGET], "the target stays as it is"


@pytest.mark.thorough
def test_years_before_2025_do_not_change(enyang: District) -> None:
    equal = compare(enyang, ["existing", TARGET], seeds=[3], horizon=2026, residents=0, budget=EQUAL).to_frame()
    plain = compare(enyang, ["existing", TARGET], seeds=[3], horizon=2026, residents=0).to_frame()
    both = equal.merge(plain, on=["strategy", "world", "seed", "year", "indicator"], suffixes=("", "_plain"))
    early = both[both["year"] <= 2024]
    assert len(early) and (early["value"] == early["value_plain"]).all()
    assert not (both["value"] == both["value_plain"]).all()


def test_a_strategy_too_dear_says_so(enyang: District) -> None:
    budget = {"mode": "equal_cost", "equal_to": "none"}
    result = compare(enyang, ["none", "existing"], seeds=[0, 1], horizon=2026, residents=0, budget=budget)
    (record,) = [entry["same_cost"] for entry in result.manifest["strategies"] if "same_cost" in entry]
    assert record["reason"] == "too_dear" and record["scale"] == 0 and record["reason_zh"] and record["reason_en"]


def test_strategies_with_the_same_levers_are_evaluated_once(
    enyang: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grants_same_cost` and the topped-up reference hold the same levers, so that one of them costs nothing."""
    names = ["existing", TARGET, "grants_same_cost"]
    options = {"residents": 0, "budget": EQUAL}
    study = make_study("compare", enyang, names, [0, 1], 2026, None, options)
    computed = []
    of = Costs.of

    def counted(costs: Costs, strategy: Strategy) -> float:
        value = of(costs, strategy)
        computed.append(costs.computed)
        return value

    monkeypatch.setattr(Costs, "of", counted)
    found = settle(study, tmp_path).same_cost
    assert found["existing"].scale == found["grants_same_cost"].scale
    assert computed[-1] < len(computed)
    assert computed[-1] == found["existing"].evaluations + 1, "the evaluations of one, and the target"


@pytest.mark.thorough
def test_the_search_takes_few_evaluations(enyang: District, tmp_path: Path) -> None:
    """Cost is nearly linear in grants and their slope nearly known: three evaluations do."""
    names = ["none", "existing", TARGET, "existing_company_strengthened"]
    study = make_study("compare", enyang, names, range(4), 2030, None, {"residents": 0, "budget": EQUAL})
    assert max(found.evaluations for found in settle(study, tmp_path).same_cost.values()) <= 4


# What users do ------------------------------------------------------------------------------------------------


def test_the_command(qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", *TINY, "horizon=2026", f"strategies=[existing,{TARGET}]", "language=en",
             "budget.mode=equal_cost", f"budget.equal_to={TARGET}"]  # fmt: skip
    assert qiangcun(*words) == 0
    shown = capsys.readouterr().out
    assert f"Every strategy is given the public cost of {TARGET}" in shown
    assert "Searching the scale of existing" in shown and "evaluations" in shown
    (path,) = workplace.glob("outputs/studies/*/manifest.json")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert manifest["budget"]["equal_to"] == TARGET
    assert abs(manifest["strategies"][0]["same_cost"]["difference"]) <= TOLERANCE
    assert qiangcun(*words) == 0
    assert "The same study was run before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "near"),
    fast([
        (["budget.mode=equal"], "did you mean: equal_cost"),
        (["budget.mode=equal_cost"], "equal_to and mode=equal_cost need each other"),
        (["budget.equal_to=existing"], "equal_to and mode=equal_cost need each other"),
        (["budget.mode=equal_cost", "budget.equal_to=exsting"], "did you mean: existing"),
        (["budget.mode=equal_cost", "budget.equal_to=existing", "horizon=2024"], "topped up from 2025"),
        (["budget.mode=capped"], "annual and mode=capped need each other"),
        (["budget.mode=capped", "budget.annual=-1"], "must be a number not below 0"),
        (["budget.mode=capped", "budget.annual=9", "budget.priority=[trainin]"], "did you mean: training"),
        (["budget.mode=capped", "budget.annual=9", "budget.priority=[training,training]"], "a lever twice"),
        (["budget.priority=[training]"], "priority needs mode=capped"),
        (["budget.mode=capped", "budget.annual=9", "budget.priority=training"], "must be a list of levers"),
        (["budget=3"], "must hold name: value"),
    ], 1),
)  # fmt: skip
def test_mistakes(qiangcun: Command, capsys: pytest.CaptureFixture[str], words: list[str], near: str) -> None:
    assert qiangcun("compare", *TINY, "horizon=2026", "strategies=[none,existing]", *words) == 2
    shown = capsys.readouterr().err
    assert near in shown
    assert "Traceback" not in shown


def test_a_single_run_can_not_have_the_cost_of_another(qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert qiangcun("run", *TINY, "horizon=2026", "budget.mode=equal_cost", "budget.equal_to=none") == 2
    assert "one of the strategies compared" in capsys.readouterr().err


def test_mistakes_in_a_notebook(enyang: District) -> None:
    with pytest.raises(InputErrors, match="equal_to"):
        simulate(enyang, "existing", seeds=[0], budget={"mode": "equal_cost", "equal_to": "none"})
    assert read_budget(None, "here") == (Budget(), [])


def test_a_joint_report_speaks_of_a_budget_only_where_all_had_it() -> None:
    """Costs made equal up to one year are not equal up to an earlier one."""
    equal, free = {"mode": "equal_cost", "equal_to": TARGET}, {"mode": "uncapped", "equal_to": ""}

    def piece(budget: dict, horizon: int = 2035) -> Piece:
        return Piece(Path(), {"budget": budget, "horizon": horizon}, {"key": "one"})

    assert joint_budget([piece(equal), piece(equal)], 2035) == equal
    assert joint_budget([piece(equal), piece(free)], 2035) == {"mode": "mixed"}
    assert joint_budget([piece(equal), piece(equal, 2040)], 2035) == {"mode": "mixed"}


@pytest.mark.thorough
def test_a_yearly_budget_reaches_the_model_and_the_manifest(qiangcun: Command, workplace: Path) -> None:
    words = ["run", *TINY, "horizon=2025", "strategy=existing", "budget.mode=capped", "budget.annual=3000",
             "budget.priority=[training,grid_outreach]"]  # fmt: skip
    assert qiangcun(*words) == 0
    (folder,) = workplace.glob("outputs/studies/*")
    results = load(folder)
    assert results.manifest["budget"] == {
        "mode": "capped", "equal_to": "", "annual": 3000, "priority": ["training", "grid_outreach"]}  # fmt: skip
    assert (results.values("existing", "public_cost").loc[:, 2024:] <= 1.05 * 3000).all(axis=None)
    assert (results.values("existing", "cost_grid_outreach").loc[:, 2024:] > 0).all(axis=None)
    assert (results.values("existing", "cost_infrastructure").loc[:, 2024:] == 0).all(axis=None), "comes last"
