"""Strategies that cost the same as another: one lever's scale is searched until mean discounted public costs are equal.

The scale is found once, on the study's own futures, before the study is fixed. Each cost is kept in
`outputs/same_cost/`, so that the same command finds the same study again without searching. What the search computes
are batches of the study: those of the target and of the scale that is found become its parts, all others are removed.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.data.seal import MANIFEST, SEAL, agrees, read_object, seal_of
from experiments.execution import run_all
from experiments.executors import Workers, pool
from experiments.files import write_json
from experiments.found_scale import TOLERANCE, SameCost, relative
from experiments.messages import Stopped
from experiments.parts import ALL_FAILED, DAMAGED, find_parts, put_aside
from experiments.progress import SEARCH, Progress, Stages
from experiments.size import check_room
from experiments.store import Store
from experiments.study import Batch, Study, hash_of_plain, model_fingerprint
from experiments.tasks import in_tasks, task_of
from sim.options import ALL_RESIDENTS, RunOptions
from sim.policies.base import Strategy
from sim.policies.central_grant import CentralGrant
from sim.policies.registry import LEVERS
from sim.problems import Problem, nearest
from sim.record import DISTRICT

AIM = 0.0025
"""Relative difference of costs at which the search ends."""
MOST_EVALUATIONS = 12
LEAST_STEP = 0.01
"""Least step outwards, in parts of the scale."""
FOLDER = "same_cost"


def check_same_cost(strategies: Sequence[Strategy]) -> list[Problem]:
    """What is wrong with the strategies that take their cost from another."""
    keys = [strategy.key for strategy in strategies if not strategy.same_cost_as]
    problems = []
    for strategy in strategies:
        where, target, lever = f"strategy {strategy.key}", strategy.same_cost_as, strategy.scaled_lever
        if not target and lever:
            zh, en = "缺少 same_cost_as", "needs same_cost_as"
            problems.append(Problem(zh, en, file=where, field="scaled_lever", value=lever))
        elif target and target not in keys:
            zh = "其规模按另一策略的成本确定，须用 compare 并把那个策略一并列入"
            en = "is scaled to the cost of another strategy: compare it together with that one"
            problems.append(Problem(zh, en, file=where, field="same_cost_as", value=target,
                                    allowed=", ".join(keys), nearest=nearest(target, keys)))  # fmt: skip
        if target and lever not in strategy.levers:
            zh, en, valid = "策略中没有这项措施", "the strategy does not hold this lever", list(strategy.levers)
            problems.append(Problem(zh, en, file=where, field="scaled_lever", value=lever or "–",
                                    allowed=", ".join(valid), nearest=nearest(lever, valid)))  # fmt: skip
        elif target and lever in LEVERS and not _last_intensity(strategy):
            zh, en = "最后一个力度为0，无法放大", "the last intensity is 0 and can't be scaled"
            problems.append(Problem(zh, en, file=f"{where}.levers.{lever}", field="intensity", value="0"))
    return problems


def settle(
    study: Study, outputs: Path, workers: Workers | None = None, stages: Stages | None = None, waits: bool = False
) -> Study:
    """The study with every scale found; what the search has computed of it lies in its folder.

    Args:
        study: what is to be run.
        outputs: folder of all results.
        workers: who computes; this process unless named.
        stages: how it is shown.
        waits: whether to wait where another process searches for the same study.
    """
    sought = [strategy for strategy in study.strategies if strategy.same_cost_as]
    if not sought:
        return study
    by_key, records = {strategy.key: strategy for strategy in study.strategies}, dict(study.same_cost)
    store, workers = Store(study, outputs / FOLDER), workers or Workers(number=1)
    zh = f"正在确定规模：{'、'.join(strategy.zh for strategy in sought)}……"
    en = f"Searching the scale of {', '.join(strategy.key for strategy in sought)} ..."
    with (
        store.locked(waits),
        (stages or Stages("off")).stage(SEARCH, zh, en) as shown,
        pool(workers, len(evaluation(study, sought[0])), store.folder) as crew,
    ):
        store.prepare()
        costs = Costs(study, workers, outputs, store.folder, crew, shown)
        if not costs.known and searched(study) is study:
            check_room(study, outputs)
        for strategy in sought:
            records[strategy.key] = find(costs, strategy, by_key[strategy.same_cost_as])
            by_key[strategy.key] = scaled(strategy, records[strategy.key].scale)
        study = replace(study, strategies=tuple(by_key.values()), same_cost=records)
        hand_over(store.folder, Store(study, outputs), waits)
    return study


def hand_over(search: Path, store: Store, waits: bool) -> None:
    """Make runs in the folder of a search parts of the study whose scales it has found, and remove the others."""
    study = store.study
    with store.locked(waits):
        if searched(study) is study and not os.path.lexists(store.folder / MANIFEST):
            store.prepare()
            evaluated = [batch for strategy in study.strategies for batch in evaluation(study, strategy)]
            there = marks_of(study, evaluated)
            parts = find_parts(search, there)
            for name, batch in zip(there, study.batches(), strict=False):  # other starts and forms come last
                if name in parts:
                    parts[name].move(store.folder, batch.name)
    if not (search / DAMAGED).is_dir():
        shutil.rmtree(search, ignore_errors=True)


def scaled(strategy: Strategy, scale: float) -> Strategy:
    """The strategy with its lever's intensity, from the last date on, multiplied; it no longer asks for a search."""
    lever = dict(strategy.levers[strategy.scaled_lever])
    intensity = lever["intensity"]
    if isinstance(intensity, Mapping):
        last = list(intensity)[-1]
        lever["intensity"] = {**intensity, last: intensity[last] * scale}
    else:
        lever["intensity"] = intensity * scale
    return replace(strategy, levers={**strategy.levers, strategy.scaled_lever: lever}, same_cost_as="", scaled_lever="")


def _last_intensity(strategy: Strategy) -> float:
    return _last(strategy.levers[strategy.scaled_lever].get("intensity", 0))


def _last(value: Any) -> float:
    """A plain value, or that of the last date."""
    return [0, *value.values()][-1] if isinstance(value, Mapping) else value


def present_cost(runs: pa.Table, start_year: int, rate: float) -> np.ndarray:
    """Discounted public cost of each run of a part, all simulated years, `(R,)` 万元 (EQ-33)."""
    years = np.unique(runs["year"])
    simulated = years >= start_year
    factors = (1 + rate) ** -(years[simulated] - start_year).astype(np.float64)
    return np.nansum(runs["public_cost"].to_numpy().reshape(-1, len(years))[:, simulated] * factors, axis=1)


@dataclass
class Costs:
    """Mean costs of strategies in the study's futures; each set of levers is computed once, whatever asks for it.

    Attributes:
        study: what is to be run.
        workers: who computes.
        outputs: folder of all results.
        folder: where the runs of the search lie.
        crew: an executor and how many tasks it takes at once.
        shown: how it gets on.
        known: costs by hash of the levers.
        computed: number of evaluations that were not known before.
    """

    study: Study
    workers: Workers
    outputs: Path
    folder: Path
    crew: tuple[Executor, int]
    shown: Progress
    known: dict[str, float] = field(default_factory=dict)
    computed: int = 0

    def __post_init__(self) -> None:
        self.study = searched(self.study)
        self._identity = identity(self.study)
        self._path = path_of(self._identity, self.outputs)
        self.known = read_costs(self._path, self._identity)

    def of(self, strategy: Strategy) -> float:
        """Mean discounted public cost of a strategy, 万元; of a province all counties together."""
        name = mark_of(strategy)
        if name not in self.known:
            batches = evaluation(self.study, strategy)
            marks = marks_of(self.study, batches)
            there = find_parts(self.folder, marks)
            tasks = [task_of(self.study, batch, self.folder) for batch in batches if batch.name not in there]
            run_all(in_tasks(tasks, self.workers.at_a_time), *self.crew, self.shown)
            there = find_parts(self.folder, marks)
            runs = [pq.read_table(there[batch.name].path) for batch in batches]
            year, rate = self.study.options.start_year, self.study.discount_rate
            costs = [present_cost(some, year, rate) for some in runs if len(some)]
            if not costs:
                raise Stopped(*ALL_FAILED)
            self.known[name] = float(np.mean(np.concatenate(costs))) * len(self.study.places)
            self.computed += 1
            kept = {"identity": self._identity, "costs": self.known}
            write_json({**kept, SEAL: seal_of(kept)}, self._path)
        return self.known[name]


def mark_of(strategy: Strategy) -> str:
    """Hash of all of a strategy that decides its cost."""
    return hash_of_plain([strategy.levers, strategy.without])[:16]


def alone(study: Study, strategy: Strategy) -> Study:
    """A study of one strategy in the same futures."""
    return replace(study, strategies=(strategy,), reference=strategy.key, other_starts=(), structures=(), same_cost={})


def evaluation(study: Study, strategy: Strategy) -> list[Batch]:
    """The batches of one strategy, as the study cuts them, under names that tell its levers."""
    batches = enumerate(alone(study, strategy).batches())
    return [replace(batch, name=f"{strategy.key}-{mark_of(strategy)}-{number:05d}") for number, batch in batches]


def marks_of(study: Study, batches: Sequence[Batch]) -> dict[str, str]:
    """What each batch is to hold, by its name."""
    return {batch.name: task_of(study, batch).mark for batch in batches}


def identity(study: Study) -> str:
    """Hash of everything besides the levers that decides costs."""
    design = alone(study, study.strategies[0]).description()
    apart = ("strategies", "reference", "equal_to", "detail", "stopping")
    design = {name: value for name, value in design.items() if name not in apart}
    return hash_of_plain({"design": design, "district": study.district.fingerprint, "model": model_fingerprint()})


def path_of(identity: str, outputs: Path) -> Path:
    """Where evaluations are kept."""
    return outputs / FOLDER / f"{identity[:16]}.json"


def read_costs(path: Path, identity: str) -> dict[str, float]:
    """Costs that were kept, by hash of the levers; a file that is not whole or of something else is set aside."""
    if not os.path.lexists(path):
        return {}
    try:
        kept = read_object(path)
        costs = kept["costs"]
        whole = agrees(kept) and kept["identity"] == identity
        whole = whole and all(isinstance(cost, float) and math.isfinite(cost) for cost in costs.values())
    except (OSError, ValueError, LookupError, AttributeError):
        whole = False
    if not whole:
        put_aside(path.parent, [path])
    return costs if whole else {}


def forget(study: Study, outputs: Path) -> None:
    """Set aside what was kept for a study, whose costs did not come out in its runs."""
    put_aside(outputs / FOLDER, [path_of(identity(searched(study)), outputs)])


def searched(study: Study) -> Study:
    """The study as it is searched: with a sample of residents, for public cost hardly depends on their number.

    Where that changes it, its runs are other runs than the study's: none is shared, and no villages are kept of them.
    """
    if study.options.residents_per_village != ALL_RESIDENTS:
        return study
    some = replace(study.options, residents_per_village=RunOptions().residents_per_village)
    return replace(study, options=some, detail=DISTRICT)


def find(costs: Costs, strategy: Strategy, goal: Strategy) -> SameCost:
    """Search the scale at which a strategy costs what another, its goal, costs."""
    target = costs.of(goal)
    highest = LEVERS[strategy.scaled_lever].settings()["intensity"].high / _last_intensity(strategy)
    tried, reason = search(
        lambda scale: costs.of(scaled(strategy, scale)), target, highest, usual_slope(costs.study, strategy)
    )
    best = min(tried, key=lambda scale: (abs(tried[scale] - target), scale))
    met = abs(relative(tried[best], target)) <= TOLERANCE
    return SameCost(
        target=goal.key, lever=strategy.scaled_lever, scale=best, cost=tried[best], target_cost=target,
        futures=len(costs.study.futures), residents=costs.study.options.residents_per_village, evaluations=len(tried),
        reason="" if met else reason,
    )  # fmt: skip


def usual_slope(study: Study, strategy: Strategy) -> float:
    """What one more scale of central grants costs if nothing else changes, discounted; 0 for other levers: not known.

    Only where the search looks next depends on it, not what it finds.
    """
    if strategy.scaled_lever != CentralGrant.key:
        return 0.0
    settings = {**CentralGrant.defaults(), **strategy.levers[CentralGrant.key]}
    amount, rate = (_last(settings[name]) for name in ("amount", "rate"))
    intensity = settings["intensity"]
    first = max(study.options.start_year, max(intensity) if isinstance(intensity, Mapping) else 0)
    years = np.arange(first, study.options.horizon + 1) - study.options.start_year
    factors = float(np.sum((1 + study.discount_rate) ** -years.astype(np.float64)))
    return study.district.villages * rate * amount * _last_intensity(strategy) * factors


def search(
    cost: Callable[[float], float], target: float, highest: float, slope: float = 0.0
) -> tuple[dict[float, float], str]:
    """Bracket the target, then go along the line between the nearest scales on either side of it (regula falsi).

    Args:
        cost: cost at a scale from 0 to `highest`, by and large rising.
        target: cost to be met.
        highest: largest scale allowed.
        slope: what one more scale is expected to cost; 0 if nothing is known.

    Returns:
        Costs by scale tried, and why no scale may do, a key in `REASONS`.
    """
    tried: dict[float, float] = {}
    scale = min(1.0, highest)
    while scale not in tried and len(tried) < MOST_EVALUATIONS:
        tried[scale] = cost(scale)
        if abs(relative(tried[scale], target)) <= AIM:
            break
        if tried[scale] > target and scale == 0:
            return tried, "too_dear"
        if tried[scale] < target and scale == highest:
            return tried, "at_limit"
        scale = _next(tried, target, highest, slope)
    return tried, "in_steps"


def _next(tried: Mapping[float, float], target: float, highest: float, slope: float) -> float:
    """The next scale to try, with four decimals."""
    scales = sorted(tried)
    first, last = scales[0], scales[-1]
    too_dear = all(tried[scale] > target for scale in scales)
    if len(scales) > 1:
        one, two = scales[:2] if too_dear else scales[-2:]
        slope = (tried[two] - tried[one]) / (two - one)
    if too_dear:  # further in: along the line, or to nothing
        aimed = round(first + (target - tried[first]) / slope, 4) if slope > 0 else 0.0
        return aimed if 0 < aimed < first and len(tried) <= MOST_EVALUATIONS // 2 else 0.0
    if all(tried[scale] < target for scale in scales):  # further out: along the line, or four times as far
        step = (target - tried[last]) / slope if slope > 0 else last
        most = 3 * last if len(scales) > 1 or slope <= 0 else step
        return min(round(last + min(max(step, LEAST_STEP * last), most), 4), highest)
    low, high = next(
        pair for pair in zip(scales, scales[1:], strict=False) if (tried[pair[0]] < target) != (tried[pair[1]] < target)
    )
    along = (target - tried[low]) / (tried[high] - tried[low])
    if len(tried) > MOST_EVALUATIONS // 2:  # a curve that is no line: halve
        along = 0.5
    return round(low + (high - low) * along, 4)
