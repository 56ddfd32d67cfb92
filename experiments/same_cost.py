"""Strategies that cost the same as another: one lever's scale is searched until mean discounted public costs are equal.

The scale is found once, on the study's own futures, before the study is fixed. Each evaluation is kept in
`outputs/same_cost/`, so that the same command finds the same study again without searching.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.data.seal import SEAL, agrees, read_object, seal_of
from experiments.executors import Workers, each_done, pool
from experiments.files import write_json
from experiments.found_scale import TOLERANCE, SameCost, relative
from experiments.parts import put_aside
from experiments.study import DISTRICT, Study, as_plain, model_fingerprint
from experiments.tasks import Task, compute, in_tasks, task_of
from sim.engine import ALL_RESIDENTS, BatchResult, RunOptions
from sim.policies.base import Strategy
from sim.policies.central_grant import CentralGrant
from sim.policies.registry import LEVERS
from sim.problems import Problem, nearest

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


def settle(study: Study, workers: Workers | None = None, outputs: Path | None = None,
           tell: Callable[[Strategy, SameCost | None], None] | None = None) -> Study:  # fmt: skip
    """The study with every scale found.

    Args:
        study: what is to be run.
        workers: who computes; this process unless named.
        outputs: folder of all results, where evaluations are kept; None keeps nothing.
        tell: called with each strategy before its search and after it.
    """
    tell = tell or (lambda strategy, found: None)
    by_key = {strategy.key: strategy for strategy in study.strategies}
    if not any(strategy.same_cost_as for strategy in study.strategies):
        return study
    strategies, records = list(study.strategies), dict(study.same_cost)
    with Costs(study, workers or Workers(number=1), outputs) as costs:
        for place, strategy in enumerate(strategies):
            if strategy.same_cost_as:
                tell(strategy, None)
                records[strategy.key] = find(costs, strategy, by_key[strategy.same_cost_as])
                strategies[place] = scaled(strategy, records[strategy.key].scale)
                tell(strategy, records[strategy.key])
    return replace(study, strategies=tuple(strategies), same_cost=records)


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


def present_cost(result: BatchResult, start_year: int, rate: float) -> np.ndarray:
    """Discounted public cost of all simulated years, `(R,)` 万元: what `analysis.money.present_value` gives (EQ-33)."""
    years = np.asarray(result.years)
    simulated = years >= start_year
    factors = (1 + rate) ** -(years[simulated] - start_year).astype(np.float64)
    return np.nansum(result.indicators["public_cost"][:, simulated] * factors, axis=1)


def _batch_costs(asked: tuple[Sequence[Task], float]) -> list[tuple[str, np.ndarray]]:
    """Name of each batch and the discounted cost of its runs; runs in a process of its own."""
    tasks, rate = asked
    return [(task.batch.name, present_cost(compute(task), task.options.start_year, rate)) for task in tasks]


@dataclass
class Costs:
    """Mean costs of strategies in the study's futures; each set of levers is computed once, whatever asks for it.

    Attributes:
        study: what is to be run.
        workers: who computes.
        outputs: folder of all results, or None.
        known: costs by hash of the levers.
        computed: number of evaluations that were not known before.
    """

    study: Study
    workers: Workers
    outputs: Path | None
    known: dict[str, float] = field(default_factory=dict)
    computed: int = 0

    def __post_init__(self) -> None:
        self.study = searched(self.study)
        self._identity = identity(self.study)
        self._path = None if self.outputs is None else path_of(self._identity, self.outputs)
        if self._path is not None:
            self.known = read_costs(self._path, self._identity)
        self._pool = pool(self.workers, len(self._alone(self.study.strategies[0]).batches()),
                          (self.outputs or Path()) / FOLDER)  # fmt: skip

    def __enter__(self) -> Costs:
        self._executor, self._at_once = self._pool.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._pool.__exit__(*error)

    def of(self, strategy: Strategy) -> float:
        """Mean discounted public cost of a strategy, 万元; of a province all counties together."""
        name = _hash(strategy.levers)[:16]
        if name not in self.known:
            study = self._alone(strategy)
            tasks = in_tasks([task_of(study, batch) for batch in study.batches()], self.workers.at_a_time)
            asked = [(some, study.discount_rate) for some in tasks]
            parts = [part for some in each_done(self._executor, self._at_once, _batch_costs, asked) for part in some]
            ordered = [cost for _, cost in sorted(parts, key=lambda part: part[0])]
            self.known[name] = float(np.mean(np.concatenate(ordered))) * len(study.places)
            self.computed += 1
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                kept = {"identity": self._identity, "costs": self.known}
                write_json({**kept, SEAL: seal_of(kept)}, self._path)
        return self.known[name]

    def _alone(self, strategy: Strategy) -> Study:
        return alone(self.study, strategy)


def alone(study: Study, strategy: Strategy) -> Study:
    """A study of one strategy in the same futures."""
    return replace(
        study, strategies=(strategy,), reference=strategy.key, other_starts=(), same_cost={}, detail=DISTRICT
    )


def identity(study: Study) -> str:
    """Hash of everything besides the levers that decides costs."""
    design = alone(study, study.strategies[0]).description()
    apart = ("strategies", "reference", "equal_to", "detail", "stopping")
    design = {name: value for name, value in design.items() if name not in apart}
    return _hash({"design": design, "district": study.district.fingerprint, "model": model_fingerprint()})


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
    """The study as it is searched: with a sample of residents, for public cost hardly depends on their number."""
    if study.options.residents_per_village != ALL_RESIDENTS:
        return study
    return replace(study, options=replace(study.options, residents_per_village=RunOptions().residents_per_village))


def _hash(content: Any) -> str:
    text = json.dumps(as_plain(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


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
