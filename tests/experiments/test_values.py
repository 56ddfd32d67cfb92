"""Whatever stands at any name of the configuration ends in words, or is taken for a reason given here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from experiments import settings
from experiments.compose import Composed, compose, session
from experiments.settings import Reading, check_all_levers, read_job, read_world
from experiments.strategies import read_strategy
from scenarios import load_district
from sim.policies import schedule
from sim.policies.base import Choice
from sim.policies.registry import LEVERS
from sim.problems import InputErrors
from tests.tiers import fast

STRANGE = {
    "5": 5, "text": "text", "[1]": [1], "{a: 1}": {"a": 1}, "[[]]": [[]], "null": None, "true": True, "nan": math.nan,
    "inf": math.inf, "-inf": -math.inf, "''": "", "-1": -1,
}  # fmt: skip
MANY_ALIKE = ("parameters", "world.ranges", "strategy.levers")
"""Nodes with many names that one reader checks."""
NONE, DEFAULT, LABEL = "none", "what it is anyway", "a label"
TAKEN = {
    "futures": {"5": "a number of futures"},
    "only": {"[1]": "the future of that number"},
    "other_starts": {"null": NONE},
    "budget": {"null": NONE},
    "budget.equal_to": {"null": DEFAULT},
    "budget.annual": {"null": DEFAULT},
    "budget.priority": {"null": DEFAULT, "''": NONE},
    "stopping.tolerance": {"null": DEFAULT},
    "stopping.year": {"null": DEFAULT},
    **{f"district.{name}": {"null": DEFAULT} for name in ("village_table", "money_unit", "position_unit")},
    "workers": {"5": "processes"},
    "outputs": {"text": "a folder", "-1": "a folder"},
    "report": {"true": DEFAULT},
    "verbose": {"true": "more is told"},
    "project_grants_in_total": {"true": "grants count"},
    "name": {"text": LABEL},
    "world.draw": {"true": DEFAULT},
    "world.fixed": {"null": NONE},
    "world.ranges": {"null": "all as declared"},
    "rules": {"null": NONE},
    "structure": {"null": "the usual forms"},
    "structures": {"null": NONE},
    "strategies.without_each": {"null": DEFAULT},
    "strategy.levers": {"null": NONE, "''": NONE},
    **{f"strategy.{name}": {"null": NONE, "''": NONE, "text": LABEL}
       for name in ("zh", "en", "description_zh", "description_en")},
    **{f"strategy.{name}": {"null": NONE, "''": NONE} for name in ("same_cost_as", "scaled_lever")},
    **{f"strategy.{name}": {"null": NONE, "''": NONE, "[1]": "texts", "[[]]": "texts"}
       for name in ("missing_zh", "missing_en", "without")},
    "design.seed": {"5": "which hypercube"},
    "design.repeats": {"5": "futures of each point"},
    **{f"executor.{name}": {"5": "a number"} for name in ("jobs", "batches_per_job", "minutes", "memory_gb")},
    "executor.partition": {"null": DEFAULT, "text": "a partition"},
    "design.values.fixed_cost": {"[1]": "its values"},
}  # fmt: skip
"""What is accepted, and as what."""
JOBS = {
    "run verbose": (),
    "compare": ("strategies.names=[none]",),
    "run lhs slurm": ("design=lhs", "executor=slurm"),
    "run grid dask": ("design=grid", "executor=dask", "executor.address=tcp://x:1", "design.values={fixed_cost:[1]}"),
}
"""Jobs; of those with more words only what the others do not have is looked at."""


def names(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in tree.items():
        name = f"{prefix}{key}"
        yield name
        if isinstance(value, Mapping) and name not in MANY_ALIKE:
            yield from names(value, f"{name}.")


def leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in tree.items():
        yield f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")


def changed(tree: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The tree with another value at a name; what is beside it stays the same object, which no reader alters."""
    first, _, rest = name.partition(".")
    return {**tree, first: changed(tree[first], rest, value) if rest else value}


@cache
def composed(job: str) -> Composed:
    with session():
        return compose(job.split()[0], ["futures=5", *JOBS[job]])


@cache
def composed_names(job: str) -> list[str]:
    some = [name for name in names(composed(job).values) if name != "executor.kind"]
    return [name for name in some if " " not in job or name.split(".")[0] in ("design", "executor", "verbose")]


@pytest.fixture
def one_district(monkeypatch: pytest.MonkeyPatch) -> None:
    """A district is read once."""
    enyang = load_district("enyang")
    real = settings.load_place

    def load_place(place: Any, **given: Any) -> Any:
        return enyang if place == "enyang" and not any(given.values()) else real(place, **given)

    monkeypatch.setattr(settings, "load_place", load_place)


@pytest.mark.parametrize("value", fast(STRANGE, 2))
@pytest.mark.parametrize("job", fast(JOBS, 1))
def test_any_value_at_any_name_ends_in_words(
    monkeypatch: pytest.MonkeyPatch, one_district: None, tmp_path: Path, job: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    untold, taken = [], {}
    for name in composed_names(job):
        values = changed(composed(job).values, name, STRANGE[value])
        monkeypatch.setattr(settings, "compose", lambda *given, values=values: Composed(values, {}, ()))
        with session():
            try:
                read_job(job.split()[0], Composed(values, composed(job).choices, ()))
            except InputErrors as errors:
                told = " ".join(problem.text("en") for problem in errors.problems)
                if not any(part in told for part in [*name.split("."), "file not found"]):
                    untold.append(f"{name}: {told}")
                continue
        if value not in TAKEN.get(name, {}):
            taken[name] = STRANGE[value]
    assert taken == {}
    assert untold == []


@pytest.mark.parametrize("value", fast(STRANGE, 2))
def test_any_value_at_any_parameter_or_range_ends_in_words(value: str) -> None:
    """A number may be right for a parameter, and null leaves a range as declared."""
    values = composed("run verbose").values
    for node, tree in (("parameters", values["parameters"]), ("world.ranges", values["world"]["ranges"])):
        for name in leaves(tree):
            reading = Reading(changed(values, f"{node}.{name}", STRANGE[value]))
            read_world(reading)
            right = (node, value) in (("parameters", "5"), ("parameters", "-1"), ("world.ranges", "null"))
            assert bool(reading.problems) != right or value in ("5", "-1"), name


@pytest.mark.parametrize("value", fast(STRANGE, 2))
def test_any_value_at_any_setting_of_a_lever_ends_in_words(value: str) -> None:
    node, district = composed("run verbose").values["strategy"], load_district("enyang")
    taken = set()
    for name in leaves(node["levers"]):
        strategy, problems = read_strategy("mine", changed(node, f"levers.{name}", STRANGE[value]))
        if not problems + check_all_levers([strategy], district, (2024, 2035)):
            taken.add(name.split(".")[-1] if "." in name else "a lever")
    allowed = {"null": {"start", "end", "towns", "villages", "income_below", "income_above", *schedule.SETTINGS},
               "5": NUMBERS | {"income_below", "income_above", "phase_in_years"}, "-1": NUMBERS}  # fmt: skip
    assert taken <= allowed.get(value, set())


NUMBERS = {name for lever in LEVERS.values() for name, item in lever.settings().items() if not isinstance(item, Choice)}


@pytest.mark.parametrize(
    "words",
    fast([
        ["world=default", "world.ranges.fixed_cost=[1,2]"],
        ["parameters.fixed_cost=2", "world.ranges.fixed_cost=[1,2]"],
        ["world.fixed=[fixed_cost]", "world.ranges.fixed_cost=[1,2]"],
        ["design=grid", "design.values={fixed_cost:[1,2]}", "world.ranges.fixed_cost=[1,2]"],
        ["design=grid", "design.values={choice_noise:[0.02]}", "world=default", "world.ranges.fixed_cost=[1,2]"],
    ], 2),
)  # fmt: skip
def test_a_range_that_changes_no_number_is_refused(
    qiangcun: Any, workplace: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert qiangcun("run", *words) == 2
    assert "world.ranges.fixed_cost" in capsys.readouterr().err
    assert not list(workplace.iterdir())


def test_a_strategy_alone_has_no_differences_to_stop_by(
    qiangcun: Any, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("run", "futures=300", "stopping.tolerance=0.01") == 2
    assert "name several" in capsys.readouterr().err
    assert qiangcun("compare", "strategies=[existing]", "futures=300", "stopping.tolerance=0.01") == 2


BACKSLASHES = (r"$\{oc.env:HOME\}", r"$\{oc.env\:HOME\}", r"[a,$\{outputs\}]", r"'$\{name}'")


@pytest.mark.parametrize("value", fast(BACKSLASHES, 1))
def test_no_backslash_brings_an_interpolation_in(
    qiangcun: Any, workplace: Path, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    """Hydra takes backslashes away before it looks for interpolations."""
    for name in ("strategy.zh", "name", "strategy.missing_en"):
        assert qiangcun("run", f"{name}={value}", "futures=1", "horizon=2024", "residents=off", "report=false") == 2
        assert "refused for safety" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    fast([
        (["strategy.levers.cadre_pay.payer=[district]"], ("payer", "['district']", "sponsors")),
        (["horizon=[1]"], ("horizon", "1990–2160")),
        (["start={a:1}"], ("start", "bazhong_mean")),
        (["executor=[x]"], ("executor", "local, ")),
        (["world=[a]"], ("world", "default, drawn")),
        (["district={a:1}"], ("district", "enyang")),
        (["design=[futures]"], ("design", "sobol")),
        (["world.ranges=5"], ("world.ranges", "low, high")),
        (["parameters=3"], ("parameters",)),
        (["budget=5"], ("budget",)),
        (["stopping=[1]"], ("stopping",)),
        (["futures=1e400"], ("futures",)),
        (["discount_rate=1e400"], ("discount_rate", "0–0.2")),
    ], 1),
)  # fmt: skip
def test_wrong_shapes_on_the_command_line(
    qiangcun: Any, workplace: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: tuple[str, ...]
) -> None:
    assert qiangcun("run", *words) == 2
    shown = capsys.readouterr().err
    assert all(text in shown for text in told), shown
    assert not list(workplace.iterdir())
