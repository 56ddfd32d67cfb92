"""What each process of the model is there for: which patterns fail without it, and which answers move.

A study with variants holds one or two strategies and, for each process, the same strategies in a model that leaves it
out. Of two, the second adds policies to the first; the difference between them is the answer to a question of policy.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.answers.patterns import HOLDS, Case, table
from analysis.data.effects import HEADLINE, half_width
from analysis.data.results import Results

MOVES = (*HEADLINE, "villages_10_operating", "participation")
"""Indicators at the horizon that may move."""
SMALL = 0.02
"""A change below this share of the level (of participation: of 1/2) is as good as none."""


def is_ablation(results: Results) -> bool:
    """Whether the study leaves processes out of the model."""
    return any(entry.get("without") for entry in results.manifest.get("strategies", []))


def left_out(results: Results) -> dict[str, dict[str, str]]:
    """Processes left out by name, with their names in both languages."""
    found: dict[str, dict[str, str]] = {}
    for entry in results.manifest.get("strategies", []):
        found.update(entry.get("without") or {})
    return found


def bases(results: Results) -> list[str]:
    """The strategies of the whole model: the reference and, where there is one, the one that adds policies."""
    whole = [key for key in results.strategies if not results.strategy(key).get("without")]
    return [results.reference, *[key for key in whole if key != results.reference]][:2]


def variant(base: str, process: str) -> str:
    """Key of a strategy in the model without a process; without any, the strategy itself."""
    return f"{base}_without_{process}" if process else base


def cases(results: Results) -> list[Case]:
    """Every base in the whole model and without each process, policies beside the strategy that lacks them."""
    found = []
    first, *more = bases(results)
    for process in ("", *left_out(results)):
        keys = [variant(base, process) for base in (first, *more)]
        if set(keys) <= set(results.strategies):
            found += [Case(results, keys[0])] + [Case(results, key, keys[0]) for key in keys[1:]]
    return found


def patterns(results: Results) -> pd.DataFrame:
    """Patterns in all cases, with the process that is left out; empty for the whole model."""
    found = table(cases(results))
    found.insert(
        0, "process", [next(iter(results.strategy(key).get("without") or {}), "") for key in found["strategy"]]
    )
    return found


def lost(found: pd.DataFrame) -> dict[str, list[str]]:
    """Patterns that the whole model shows and the model without a process does not, by process."""
    base = [key.removesuffix(f"_without_{name}") for key, name in zip(found["strategy"], found["process"], strict=True)]
    shown = found.assign(holds=found["share"] >= HOLDS, base=base)
    whole = shown[shown["process"] == ""].set_index(["base", "pattern"])["holds"]
    answer: dict[str, list[str]] = {}
    for _, row in shown[shown["process"] != ""].iterrows():
        gone = answer.setdefault(row["process"], [])
        if whole.get((row["base"], row["pattern"]), False) and not row["holds"] and row["pattern"] not in gone:
            gone.append(row["pattern"])
    return answer


def moves(results: Results) -> pd.DataFrame:
    """What moves without each process at the horizon: levels under the first base, and what the policies add.

    One row per process and indicator: `level` and `effect` of the whole model, their changes without the process with
    the half width of the 95 % interval over futures, and whether either is larger than `SMALL`.
    """
    first, *more = bases(results)
    rows = []
    for process in left_out(results):
        for name in filter(results.has, MOVES):
            values = {key: results.at(key, name, results.horizon).to_numpy() for key in (first, *more)}
            others = {key: results.at(variant(key, process), name, results.horizon).to_numpy() for key in values}
            scale = 0.5 if name == "participation" else float(np.abs(values[first]).mean())
            row = {"process": process, "indicator": name, "n": len(values[first]), "level": values[first].mean()}
            row |= _change(others[first] - values[first], "level_change", scale)
            if more:
                effect, other = (found[more[0]] - found[first] for found in (values, others))
                row |= {"effect": effect.mean()} | _change(other - effect, "effect_change", scale)
            rows.append(row)
    return pd.DataFrame(rows)


def _change(change: np.ndarray, name: str, scale: float) -> dict[str, float | bool]:
    return {
        name: change.mean(),
        f"{name}_half": half_width(change),
        f"{name}_large": abs(change.mean()) > SMALL * scale,
    }


def idle(results: Results) -> list[str]:
    """Processes without which no pattern is lost and nothing moves by more than `SMALL`."""
    found, gone = moves(results), lost(patterns(results))
    large = found[[name for name in found.columns if name.endswith("_large")]].any(axis=1)
    return [
        process
        for process in left_out(results)
        if not gone.get(process) and not large[found["process"] == process].any()
    ]
