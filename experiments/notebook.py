"""The same from a notebook: studies in memory, results as tables.

from experiments import load_district, load_strategy, simulate, compare
enyang = load_district("enyang")
result = compare(enyang, ["none", "existing"], seeds=range(20))
result.to_frame(), result.effects, result.plot()
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from analysis.study_results import StudyResults
from experiments import store
from experiments.budget import read_budget, with_equal_cost
from experiments.compose import load_strategy
from experiments.declarations import flat, named_ranges
from experiments.design import MOST_FUTURES
from experiments.in_place import all_in_place
from experiments.manifest import describe
from experiments.messages import bilingual
from experiments.parts import Part
from experiments.reach import remarks
from experiments.same_cost import check_same_cost, settle
from experiments.settings import check_all_levers
from experiments.strategies import NOWHERE, check_strategy_texts
from experiments.study import Study
from experiments.tables import run_table, village_table, world_table
from experiments.tasks import compute, task_of
from sim.checks import check_district, check_numbers
from sim.district import District
from sim.futures import numbered
from sim.options import RunOptions, number_of_residents
from sim.parameters import check_parameters, unknown_names
from sim.policies.base import Strategy
from sim.policies.reach import USUAL_YEARS
from sim.policies.registry import check_strategy
from sim.problems import InputErrors, Problem
from sim.world import DECLARED

MORE = ("world", "start_year", "start", "residents", "parameters", "ranges", "budget", "rules", "structure")
WORLDS = ("drawn", "default")


def simulate(
    district: District,
    strategy: Strategy | str,
    seeds: Iterable[int] = range(100),
    horizon: int = 2035,
    **more: Any,
) -> StudyResults:
    """Simulate one strategy; seed k means future k: world k with the shocks of seed k.

    Args:
        district: from `load_district`.
        strategy: from `load_strategy`, or a name.
        seeds: numbers of the futures.
        horizon: last year.
        **more: `world="default"` for the world of defaults in all futures; `start_year`, `start`, `residents`
            (0 = off, "all" = every registered one), `parameters` (values held fixed), `ranges` (name to low and high),
            `budget` (for example `{"mode": "equal_cost", "equal_to": "existing_all_four"}`).

    Raises:
        InputErrors: all mistakes in the input.
    """
    return run(make_study("simulate", district, [strategy], seeds, horizon, None, more))


def compare(
    district: District,
    strategies: Sequence[Strategy | str],
    seeds: Iterable[int] = range(100),
    horizon: int = 2035,
    reference: str | None = None,
    **more: Any,
) -> StudyResults:
    """Simulate several strategies in the same futures.

    Args:
        district: from `load_district`.
        strategies: from `load_strategy`, or names.
        seeds: numbers of the futures.
        horizon: last year.
        reference: strategy that the others are compared with; `existing` if it is among them, else the first.
        **more: as for `simulate`.

    Raises:
        InputErrors: all mistakes in the input.
    """
    study = make_study("compare", district, strategies, seeds, horizon, reference, more)
    with TemporaryDirectory() as folder:
        study = settle(study, Path(folder))
        return run(study, store.Store(study, Path(folder)).parts())


def make_study(
    name: str,
    district: District,
    strategies: Sequence[Strategy | str],
    seeds: Iterable[int],
    horizon: int,
    reference: str | None,
    more: Mapping[str, Any],
) -> Study:
    """A checked study."""
    problems = unknown_names(more, MORE, f"{name}()") + check_district(district)
    loaded, wrong = named_strategies(strategies)
    loaded = all_in_place(loaded, district)
    keys = [strategy.key for strategy in loaded]
    if reference is None and keys:
        reference = "existing" if "existing" in keys else keys[0]
    problems += wrong + ([] if wrong else unknown_names([reference], keys, f"{name}() reference"))
    seeds, wrong = different_seeds(seeds)
    problems += wrong
    parameters = more.get("parameters")
    parameters = flat(parameters or {}) if isinstance(parameters, Mapping | None) else parameters
    problems += check_parameters(parameters, DECLARED)
    ranges, wrong = named_ranges(more.get("ranges"), "ranges")
    problems += wrong
    run_options = RunOptions(
        horizon=horizon,
        start_year=more.get("start_year", 2024),
        start=more.get("start", "bazhong_mean"),
        residents_per_village=number_of_residents(more.get("residents", 30)),
        rules=more.get("rules", {}),
        structure=more.get("structure", {}),
    )
    wrong = run_options.check()
    problems += wrong
    problems += [problem for item in loaded for problem in check_strategy_texts(item)]
    if isinstance(district, District):
        years = USUAL_YEARS if wrong else (run_options.start_year, run_options.horizon)
        problems += check_all_levers(loaded, district, years)
    budget, wrong = read_budget(more.get("budget"), f"{name}()")
    problems += wrong
    if not any(more.get("world") is kind or more.get("world") == kind for kind in (None, *WORLDS)):
        zh, en = "没有这个选项", "no such option"
        problems.append(Problem(zh, en, field="world", value=str(more["world"]), allowed=", ".join(WORLDS)))
    if problems:
        raise InputErrors(problems)
    run_options = replace(run_options, annual_budget=budget.annual, priority=budget.priority)
    loaded, wrong = with_equal_cost(loaded, budget, (run_options.start_year, run_options.horizon))
    wrong += check_same_cost(loaded)
    if wrong:
        raise InputErrors(wrong)
    futures = numbered(seeds, more.get("world") != "default", fixed=parameters, ranges=ranges)
    study = Study(name, district, tuple(loaded), str(reference), futures, run_options,
                  equal_to=budget.equal_to)  # fmt: skip
    for remark in remarks(study):
        warnings.warn(bilingual(*remark), stacklevel=3)
    return study


def named_strategies(strategies: Any) -> tuple[list[Strategy], list[Problem]]:
    """Strategies given or loaded by name, and what is wrong with any of them."""
    loaded: list[Strategy] = []
    problems: list[Problem] = []
    listed = list(strategies) if isinstance(strategies, list | tuple) else []
    for item in listed:
        try:
            loaded.append(load_strategy(item) if isinstance(item, str | Path) else item)
        except InputErrors as errors:
            problems += errors.problems
    problems += [wrong for item in loaded if not isinstance(item, Strategy) for wrong in check_strategy(item, NOWHERE)]
    loaded = [item for item in loaded if isinstance(item, Strategy)]
    keys = [strategy.key for strategy in loaded]
    if not listed or len(set(keys)) < len(keys):
        zh, en = (
            "应为策略的列表，至少一个且名称各异",
            "must be a list of strategies, each of another name",
        )
        value = ", ".join(keys) if keys else str(strategies)[:80]
        problems.append(Problem(zh, en, field="strategies", value=value, allowed='["none", "existing"]'))
    return loaded, problems


def different_seeds(seeds: Any) -> tuple[list[int], list[Problem]]:
    """Numbers of the futures, each once, and what is wrong with them."""
    if isinstance(seeds, Iterable) and not isinstance(seeds, str | Mapping):
        seeds = list(islice(seeds, MOST_FUTURES + 1))
    problems = check_numbers("seeds", seeds)
    if not problems and (len(seeds) > MOST_FUTURES or len(set(seeds)) < len(seeds)):
        zh, en = f"须互不相同，至多 {MOST_FUTURES} 个", f"must be different from each other, {MOST_FUTURES} at most"
        problems.append(Problem(zh, en, field="seeds", value=", ".join(map(str, seeds[:10]))))
    return [] if problems else [int(seed) for seed in seeds], problems


def run(study: Study, there: Mapping[str, Part] | None = None) -> StudyResults:
    """Run in this process what is not there of a study; its results stay in memory."""
    runs, villages = [], []
    for batch in study.batches():
        part = (there or {}).get(batch.name)
        if part is not None and not part.failures:
            runs.append(store.read_part(part))
            villages.append(pq.read_table(part.village_file))
        else:
            result = compute(task_of(study, batch))
            runs.append(run_table(batch, result))
            villages.append(village_table(batch, result))
    worlds = world_table(study).to_pandas()
    return StudyResults.of(describe(study, "notebook"), store.join(runs), worlds, lambda: store.join(villages))
