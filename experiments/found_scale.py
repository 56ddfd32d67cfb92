"""What is kept of a search for equal cost: how a strategy was given the cost of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.data.seal import RUNS

TOLERANCE = 0.01
"""Relative difference of costs up to which they count as equal."""
ROUNDING = 1e-9
"""Relative difference of the same sums in another order."""
REASONS = {
    "too_dear": ("不含这项资金，其成本已高于目标策略", "costs more than its target even without this lever"),
    "at_limit": (
        "力度已到上限，成本仍低于目标策略",
        "costs less than its target even at the lever's highest intensity",
    ),
    "in_steps": ("资金按整笔发放，成本无法更接近目标", "money comes in whole grants, so that its cost meets no closer"),
}
"""Why costs could not be made equal."""


@dataclass(frozen=True)
class SameCost:
    """How a strategy was given the cost of another.

    Attributes:
        target: key of the strategy whose cost is matched.
        lever: key of the lever that is scaled.
        scale: factor on its intensity from the last date on.
        cost: mean discounted public cost of the scaled strategy, 万元.
        target_cost: the same of the target.
        futures: number of futures both are means over.
        residents: residents per village in the search.
        evaluations: number of scales tried.
        reason: key in `REASONS` where the costs differ by more than the tolerance; else empty.
    """

    target: str
    lever: str
    scale: float
    cost: float
    target_cost: float
    futures: int
    residents: int | str
    evaluations: int
    reason: str = ""

    @property
    def difference(self) -> float:
        """Relative difference of cost to the target's."""
        return relative(self.cost, self.target_cost)

    def to_dict(self) -> dict[str, Any]:
        """As the manifest holds it."""
        zh, en = REASONS.get(self.reason, ("", ""))
        return {**asdict(self), "difference": self.difference, "tolerance": TOLERANCE, "reached": not self.reason,
                "reason_zh": zh, "reason_en": en}  # fmt: skip


def relative(cost: float, target: float) -> float:
    """Difference of costs relative to the target's; to 1万元 where the target costs less than that."""
    return (cost - target) / max(target, 1.0)


def evaluated(folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[bool | None, str, str]]:
    """Each found scale against what the study's own runs cost: whether it holds, and what was seen in both languages.

    The record must give the same costs where the search met the same futures with the same residents and no run failed;
    else the study's costs must be equal to the tolerance, and where they are not the answer is None: both may be right.

    Args:
        folder: the study.
        manifest: what it says of itself.
    """
    for entry in manifest["strategies"]:
        record = entry.get("same_cost")
        if not record:
            continue
        key, target = entry["key"], record["target"]
        here, there = (run_costs(folder, name, manifest) for name in (key, target))
        shared = here.keys() & there.keys()
        cost, goal = (float(np.mean([run[future] for future in sorted(shared)] or [np.nan])) for run in (here, there))
        apart = relative(cost, goal)
        whole = len(shared) == manifest["futures"] == record["futures"]
        seen_zh = f"“{key}”在本推演中的成本为 {cost:.6g} 万元，与“{target}”相差 {apart:+.2%}"
        seen_en = f"in this study {key} costs {cost:.6g} 万元, which differs from {target} by {apart:+.2%}"
        if whole and record["residents"] == manifest["residents"]:
            told = np.array([record["cost"], record["target_cost"]], dtype=np.float64)
            holds = bool(np.allclose(told, [cost, goal], rtol=ROUNDING, atol=0))
            zh, en = ("，与记录相符", ", as recorded") if holds else ("，与记录不符", ", which is not what is recorded")
            yield holds, seen_zh + zh, seen_en + en
        else:
            close = abs(apart) <= TOLERANCE or not record["reached"]
            zh, en = (
                "（确定规模时所用的未来或居民数不同）",
                " (its scale was searched in other futures or with other residents)",
            )
            yield (True if close else None), seen_zh + zh, seen_en + en


def run_costs(folder: Path, strategy: str, manifest: Mapping[str, Any]) -> dict[tuple[int, int], float]:
    """Discounted public cost of each run of a strategy from the main start, 万元, by world and seed (EQ-33)."""
    wanted = (pc.field("strategy") == strategy) & (pc.field("start") == manifest["start"])
    wanted &= pc.field("year") >= manifest["start_year"]
    columns = ["world", "seed", "year", "public_cost"]
    table = pq.read_table(folder / RUNS, columns=columns, filters=wanted)
    years = table["year"].to_numpy() - manifest["start_year"]
    paid = np.nan_to_num(table["public_cost"].to_numpy()) * (1 + manifest["discount_rate"]) ** -years.astype(np.float64)
    total: dict[tuple[int, int], float] = {}
    for world, seed, cost in zip(table["world"].to_pylist(), table["seed"].to_pylist(), paid.tolist(), strict=True):
        total[world, seed] = total.get((world, seed), 0.0) + cost
    return total
