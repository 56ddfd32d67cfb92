"""Command line, notebook, Mesa and `run_batch` refuse the same inputs in the same words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from experiments import compare, load_district, load_strategy, simulate
from experiments.budget import read_budget
from experiments.compose import Composed, compose, session
from experiments.settings import read_job
from sim import DistrictModel
from sim.engine import run_batch
from sim.futures import futures_of, numbered
from sim.options import RunOptions
from sim.policies.base import Strategy
from sim.policies.registry import check_strategy
from sim.problems import InputErrors, Problem

ENYANG = load_district("enyang")
Wrong = Mapping[str, Any]
TWO_YEARS = {"horizon": 2025, "residents": 0}
NAN, INF = math.nan, math.inf

PARAMETERS = [
    {"nope": 1}, {"fixed_csot": 1}, {"fixed_cost": 99}, {"fixed_cost": -1}, {"fixed_cost": NAN}, {"fixed_cost": INF},
    {"fixed_cost": True}, {"fixed_cost": "2"}, {"fixed_cost": None}, {"fixed_cost": [1]}, {"fixed_cost": 10**400},
    {"enclave.margin": 7}, {"fixed_cost": 99, "nope": 1},
]  # fmt: skip
RANGES = [
    {"fixed_cost": [3, 1]}, {"fixed_cost": [0, 99]}, {"fixed_cost": [NAN, 2]}, {"fixed_cost": [1, INF]},
    {"fixed_cost": [1]}, {"fixed_cost": 5}, {"fixed_cost": "12"}, {"fixed_cost": [True, 2]}, {"nope": [1, 2]},
    {"fixed_cost": []}, {"fixed_cost": [[1, 2], 3]},
]  # fmt: skip
OPTIONS = [
    {"horizon": 2020}, {"horizon": 2150}, {"horizon": 2161}, {"horizon": 2025.0}, {"horizon": True},
    {"horizon": "2025"}, {"horizon": NAN}, {"horizon": None}, {"start_year": 1800}, {"start_year": 2024.5},
    {"start_year": "2024"}, {"start": "bazhong"}, {"start": 5}, {"residents": 3}, {"residents": 501},
    {"residents": "many"}, {"residents": True}, {"residents": 7.5}, {"residents": -1}, {"residents": [30]},
]  # fmt: skip
LEVERS = [
    {"joint_bilding": {}}, {"central_grant": {"rate": 9}}, {"training": {"intensity": NAN}},
    {"training": {"intensity": INF}}, {"training": {"intensity": -1}}, {"training": {"intensity": True}},
    {"training": {"intensity": "1"}}, {"training": {"intensity": {}}}, {"training": {"intensity": {"2025": 1}}},
    {"training": {"intensity": {2026: 1, 2025: 0}}}, {"training": {"intensity": 1, "start": 1800}},
    {"training": {"intensity": 1, "start": "2025"}}, {"training": {"intensity": 1, "start": 2025.0}},
    {"training": {"intensity": 1, "start": 2030, "end": 2026}}, {"training": {"intensity": 1, "towns": "某镇"}},
    {"training": {"intensity": 1, "villages": ["1"]}}, {"training": {"intensity": 1, "villages": 5}},
    {"training": {"intensity": 1, "villages": []}}, {"training": {"intensity": 1, "towns": []}},
    {"training": {"intensity": 1, "villages": [str(ENYANG.village_code[0])] * 2}},
    {"training": {"intensity": 1, "pilot_share": 0}}, {"training": {"intensity": 1, "pilot_share": NAN}},
    {"training": {"intensity": 1, "income_below": NAN}}, {"training": {"intensity": 1, "income_above": "10"}},
    {"training": {"intensity": 1, "income_below": INF}}, {"training": {"intensity": 1, "payer": "nobody"}},
    {"training": {"intensity": 1, "payer": ["district"]}}, {"training": {"intensity": 1, "payer": {"a": 1}}},
    {"training": {"intensity": 1, "phase_in_years": 2.0, "start": 2024}}, {"training": [1, 2]}, {"training": 1},
    {"training": {"intensity": 1, "colour": 3}}, [1, 2], "training",
]  # fmt: skip
CASES = [
    *({"parameters": item} for item in PARAMETERS), *({"ranges": item} for item in RANGES), *OPTIONS,
    *({"levers": item} for item in LEVERS), {"parameters": 5}, {"ranges": 5}, {"parameters": [1]}, {"ranges": [1, 2]},
    {"without": ["credti"]}, {"parameters": {"fixed_cost": 99}, "ranges": {"nope": 1}, "horizon": 2020},
]  # fmt: skip


def mine(wrong: Wrong) -> Strategy:
    return Strategy("mine", levers=wrong.get("levers", {}), without=tuple(wrong.get("without", ())))


def chosen(wrong: Wrong) -> RunOptions:
    values = {**TWO_YEARS, **wrong}
    return RunOptions(
        values["horizon"], values.get("start_year", 2024), values.get("start", "bazhong_mean"), values["residents"]
    )


@cache
def plain_job() -> Composed:
    with session():
        return compose("run", ["strategy=none", "futures=1", "horizon=2025", "residents=0"])


def command_line(wrong: Wrong) -> None:
    composed = plain_job()
    with session():
        values = {**composed.values, **{name: wrong[name] for name in wrong if name in composed.values}}
        values["strategy"] = {**values["strategy"]}
        values["strategy"] |= {name: wrong[name] for name in ("levers", "without") if name in wrong}
        if "ranges" in wrong:
            values["world"] = {**values["world"], "ranges": wrong["ranges"]}
        read_job("run", replace(composed, values=values))


def notebook(wrong: Wrong) -> None:
    more = {name: value for name, value in {**TWO_YEARS, **wrong}.items() if name not in ("levers", "without")}
    compare(ENYANG, [mine(wrong)], seeds=[1], **more)


def mesa(wrong: Wrong) -> None:
    drawn = {name: wrong[name] for name in ("parameters", "ranges") if name in wrong}
    DistrictModel(ENYANG, mine(wrong), rng=1, world=1, options=chosen(wrong), **drawn)


def batch(wrong: Wrong) -> None:
    drawn = {given: wrong[name] for name, given in (("parameters", "fixed"), ("ranges", "ranges")) if name in wrong}
    run_batch(ENYANG, mine(wrong), futures_of([1], [1], **drawn), chosen(wrong))


DOORS = {"command line": command_line, "notebook": notebook, "mesa": mesa, "run_batch": batch}


def told(door: Callable[[Wrong], None], wrong: Wrong) -> set[tuple[str, ...]]:
    """What a door says, without the place."""
    with pytest.raises(InputErrors) as caught:
        door(wrong)
    for problem in caught.value.problems:
        assert problem.zh and problem.en and (problem.field or problem.file)
    return {(item.zh, item.en, item.value, item.allowed, item.nearest) for item in caught.value.problems}


@pytest.mark.parametrize("wrong", CASES, ids=lambda wrong: str(wrong)[:70])
def test_every_door_says_the_same(wrong: Wrong) -> None:
    said = {name: told(door, wrong) for name, door in DOORS.items()}
    assert all(one == said["run_batch"] for one in said.values()), said


@pytest.mark.parametrize("door", DOORS)
def test_what_is_right_passes_every_door(door: str) -> None:
    right = {
        "parameters": {"fixed_cost": np.float64(2), "enclave.margin": np.float32(0.9)},
        "ranges": {"crowd_out": [np.float64(0.1), 0.2], "interest_rate": (0.04, 0.05)},
        "horizon": np.int64(2025),
        "levers": {"training": {"intensity": np.float64(0.5), "start": np.int64(2024), "pilot_share": np.float64(0.5)}},
    }
    DOORS[door](right)


def numbers_told(**wrong: Any) -> list[Problem]:
    values = {"worlds": [1, 2], "seeds": [1, 2], "points": None, **wrong}
    with pytest.raises(InputErrors) as caught:
        run_batch(ENYANG, Strategy("none"), futures_of(**values))
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("worlds", [-3, 1]), ("worlds", [1.0, 2]), ("worlds", [True, 2]), ("worlds", ["1", 2]), ("worlds", [NAN, 2]),
        ("worlds", [2**53, 1]), ("worlds", 5), ("worlds", "12"), ("worlds", []), ("worlds", [1]),
        ("seeds", [-1, 2]), ("seeds", [1.5, 2]), ("seeds", [True, 2]), ("seeds", [None, 2]), ("seeds", [2**53, 1]),
        ("seeds", [1, 2, 3]), ("seeds", "12"), ("seeds", b"12"), ("seeds", None),
        ("points", [{}]), ("points", [{"fixed_cost": 1}, {}]), ("points", [{}, {"nope": 1}]),
        ("points", [{"fixed_cost": 99}] * 2),
        ("points", [{"fixed_cost": 1}, {"fixed_cost": NAN}]), ("points", [{"fixed_cost": True}] * 2),
        ("points", [{"fixed_cost": "1"}] * 2), ("points", [1, 2]), ("points", {"fixed_cost": 1}), ("points", 5),
    ],
)  # fmt: skip
def test_numbers_of_a_batch_are_checked(name: str, value: Any) -> None:
    problems = numbers_told(**{name: value})
    assert problems and all(problem.zh and problem.en for problem in problems)
    assert any(name in problem.field or name in problem.file for problem in problems)


def test_a_batch_takes_numbers_of_numpy_and_the_same_seed_twice() -> None:
    short = RunOptions(2024, residents_per_village=0)
    result = run_batch(ENYANG, Strategy("none"), futures_of(np.array([1, 1]), np.array([2, 2]), [{}, {}]), short)
    one, other = result.indicators["income_operating_mean"]
    assert list(one) == list(other)


@pytest.mark.parametrize(
    "seeds",
    [[1.0], [True], ["1"], "12", 5, [], [-1], [1, 1], [NAN], None, range(10**12), range(-1, 2), [2**53], [None],
     numbered(range(3)), {"a": 1}, iter([1.5])],
    ids=lambda seeds: re.sub(" at 0x.*", "", str(seeds))[:30],
)  # fmt: skip
def test_seeds_of_a_notebook_are_checked(seeds: Any) -> None:
    with pytest.raises(InputErrors) as caught:
        simulate(ENYANG, "none", seeds=seeds, **TWO_YEARS)
    assert [problem.field for problem in caught.value.problems] == ["seeds"]


@pytest.mark.parametrize("seeds", [np.arange(2), (np.int64(3),), iter([1, 2]), {4, 5}, np.arange(4)[::2]])
def test_a_notebook_takes_any_list_of_whole_numbers(seeds: Any) -> None:
    assert len(simulate(ENYANG, "none", seeds=seeds, horizon=2024, residents="off").futures)


@pytest.mark.parametrize(
    "more",
    [{"rng": -1}, {"rng": 1.5}, {"rng": True}, {"rng": "seed"}, {"rng": 2**53}, {"world": -3}, {"world": 1.0},
     {"world": True}, {"world": "1"}, {"world": 2**53}, {"options": {"horizon": 2025}}, {"options": 2025},
     {"parameters": [("fixed_cost", 1)]}, {"ranges": {"fixed_cost": (3, 1)}}],
    ids=str,
)  # fmt: skip
def test_what_only_a_model_takes_is_checked(more: dict[str, Any]) -> None:
    with pytest.raises(InputErrors) as caught:
        DistrictModel(ENYANG, Strategy("none"), **{"rng": 1, **more})
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("place", ["enyang", None, 5, load_district])
def test_a_place_must_be_a_district(place: Any) -> None:
    said = set()
    for call in (
        lambda: DistrictModel(place, Strategy("none"), rng=1),
        lambda: run_batch(place, Strategy("none"), numbered([1])),
        lambda: simulate(place, "none", seeds=[1]),
    ):
        with pytest.raises(InputErrors) as caught:
            call()
        said |= {problem.text("en") for problem in caught.value.problems}
    assert len(said) == 1 and "load_district" in said.pop()


@pytest.mark.parametrize("strategy", [None, 5, {"levers": {}}, Strategy])
def test_a_strategy_must_be_one(strategy: Any) -> None:
    said = set()
    for call in (
        lambda: DistrictModel(ENYANG, strategy, rng=1),
        lambda: run_batch(ENYANG, strategy, numbered([1])),
        lambda: simulate(ENYANG, strategy, seeds=[1]),
        lambda: compare(ENYANG, ["none", strategy], seeds=[1]),
    ):
        with pytest.raises(InputErrors) as caught:
            call()
        said |= {problem.text("en") for problem in caught.value.problems}
    assert len(said) == 1 and "load_strategy" in said.pop()


@pytest.mark.parametrize(
    ("strategies", "more"),
    [("none", {}), (["none", "none"], {}), ([], {}), (None, {}), (Strategy("none"), {}),
     (["none"], {"reference": ""}), (["none"], {"reference": "existing"}), (["none"], {"reference": 5}),
     (["none"], {"world": "x"}), (["none"], {"world": 3}), (["none"], {"colour": 3}), (["none"], {"budget": 5})],
    ids=str,
)  # fmt: skip
def test_what_only_a_notebook_takes_is_checked(strategies: Any, more: dict[str, Any]) -> None:
    with pytest.raises(InputErrors) as caught:
        compare(ENYANG, strategies, seeds=[1], **{**TWO_YEARS, **more})
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    "more", [{"priority": "training"}, {"priority": 5}, {"priority": ("trainig",)}, {"annual_budget": NAN},
             {"annual_budget": INF}, {"annual_budget": -1}, {"annual_budget": "9"}, {"annual_budget": True},
             {"project_grants_in_total": 1}, {"start": ["bazhong_mean"]}], ids=str,
)  # fmt: skip
def test_options_are_checked(more: dict[str, Any]) -> None:
    assert len(RunOptions(**more).check()) == 1


def test_targets_are_lists() -> None:
    """What can be read only once, or in no order, would be taken for nobody or fail later."""
    code = str(ENYANG.village_code[0])
    for chosen_villages in (iter([code]), {code}, {code: 1}, np.array([code])):
        strategy = Strategy("mine", levers={"training": {"intensity": 1, "villages": chosen_villages}})
        with pytest.raises(InputErrors):
            run_batch(ENYANG, strategy, numbered([1]))
    assert not check_strategy(Strategy("mine", levers={"training": {"intensity": 1, "villages": (code,)}}), ENYANG)


@pytest.mark.parametrize("more", [{"indicator": "incom"}, {"language": "fr"}, {"indicator": 5}])
def test_a_plot_of_nothing_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(InputErrors):
        simulate(ENYANG, "none", seeds=[1], horizon=2024, residents=0).plot(**more)


@pytest.mark.parametrize("wrong", [(5,), (None,), ("existing", "levers.training.intensity=0.5")])
def test_a_strategy_is_loaded_by_name(wrong: tuple[Any, ...]) -> None:
    with pytest.raises(InputErrors) as caught:
        load_strategy(*wrong)
    assert "load_strategy" in caught.value.problems[0].field


def test_a_yearly_budget_takes_numbers_of_numpy() -> None:
    budget, problems = read_budget({"mode": "capped", "annual": np.int64(9000)}, "")
    assert budget.annual == 9000 and not problems
    assert read_budget({"mode": "capped", "annual": INF}, "")[1]


def test_a_notebook_tells_what_is_wrong_with_every_strategy() -> None:
    with pytest.raises(InputErrors) as caught:
        compare(ENYANG, ["exsting", "nonne", "none"], seeds=[-1])
    assert len(caught.value.problems) == 3


def test_a_strategy_without_its_scale_is_refused_alike() -> None:
    waiting = Strategy("grants", levers={"central_grant": {"intensity": 1}}, same_cost_as="existing",
                       scaled_lever="central_grant")  # fmt: skip
    said = set()
    for call in (lambda: DistrictModel(ENYANG, waiting, rng=1), lambda: run_batch(ENYANG, waiting, numbered([1]))):
        with pytest.raises(InputErrors) as caught:
            call()
        said |= {problem.text("en") for problem in caught.value.problems}
    assert len(said) == 1


@pytest.mark.parametrize("overrides", [5, -math.inf, [1], {"a": 1}], ids=str)
def test_changes_of_a_strategy_are_a_list_of_texts(overrides: Any) -> None:
    with pytest.raises(InputErrors) as caught:
        load_strategy("none", overrides)
    assert "overrides" in caught.value.text()


@pytest.mark.parametrize("word", ["levers.training.intensity=7", "levers.training.intensity=-1"])
def test_a_change_beyond_what_is_allowed_is_told_when_the_strategy_is_loaded(word: str) -> None:
    with pytest.raises(InputErrors):
        load_strategy("none", [word])


def test_a_range_that_is_nothing_is_refused_in_a_notebook() -> None:
    with pytest.raises(InputErrors, match="yield_level"):
        compare(load_district(), ["none", "existing"], seeds=range(2), horizon=2025, ranges={"yield_level": None})
