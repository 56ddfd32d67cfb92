"""Each policy against the same money as plain central grants (EQ-33).

Money buys something in any case, so a policy is set against the straight line between the reference and the strategy
that spends the money as grants. With extra mean discounted cost dC of the policy and dG of the grants, s = dC / dG is
the part of the grants that costs the same, and in every future

    advantage = effect of the policy - s * effect of the grants.

The line is an assumption: half the grants do half of what all of them do. s is fixed by means over futures; its own
uncertainty is not in the ranges.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.effects import MEASURES, available, direction_of, outcomes, paired_summary, verdict
from analysis.results import Results

GRANTS = "grants_same_cost"
COST = "public_cost_discounted"
INDICATORS = (
    *(f"income_{measure}_mean" for measure in MEASURES),
    "villages_30_operating",
    "villages_10_operating",
    "participation",
    "income_operating_gini",
)
BEYOND = 1.1
KEPT = (
    "n", "difference", "spread_low", "spread_high", "precision_low", "precision_high",
    "share_better", "share_equal", "share_worse",
)  # fmt: skip
COLUMNS = (
    "strategy", "indicator", "direction", "reason", "extra_cost", "grants_cost", "share_of_grants",
    "effect", "effect_low", "effect_high", "grants_effect", *KEPT, "verdict",
)  # fmt: skip


def cost_gap(results: Results, key: str) -> float:
    """Mean discounted public cost of a strategy less that of the reference, as a share of the latter."""
    base = float(outcomes(results, results.reference, COST, results.horizon).mean())
    return float(outcomes(results, key, COST, results.horizon).mean() - base) / max(abs(base), 1e-9)


def grants(results: Results) -> str | None:
    """Key of the strategy that spends the same money as grants; None where it was not run, or all cost the same."""
    if results.equal_to:
        return None
    for key in results.others:
        if results.strategy(key).get("same_cost") or key == GRANTS:
            return key
    return None


def record(results: Results) -> dict[str, Any]:
    """How the grants were given the cost of another strategy, as the manifest tells; empty where it does not."""
    key = grants(results)
    return (results.strategy(key).get("same_cost") or {}) if key else {}


def policies(results: Results) -> list[str]:
    """Strategies that can be set against grants: neither the reference, nor nothing at all, nor the grants."""
    return [key for key in results.others if key not in {results.without_measures, grants(results)}]


def change(results: Results, key: str, indicator: str) -> pd.Series:
    """Paired difference to the reference at the horizon, a value per future."""
    one = outcomes(results, key, indicator, results.horizon)
    two = outcomes(results, results.reference, indicator, results.horizon)
    return (one - two).dropna()


def clearly_more(values: pd.Series) -> bool:
    """Whether a difference may be called higher (see `analysis.effects.verdict`)."""
    row = paired_summary(values.to_numpy(), 0 * values.to_numpy())
    return verdict(row | {"direction": 1}) == "higher"


def reason(extra: pd.Series, plain: pd.Series | None) -> str:
    """Why no comparison is possible: missing, few, cheaper, grants_cheaper; empty where it is."""
    if plain is None:
        return "missing"
    if len(extra) < 2:
        return "few"
    if not clearly_more(extra):
        return "cheaper"
    return "" if clearly_more(plain) else "grants_cheaper"


def table(results: Results) -> pd.DataFrame:
    """Advantage over grants of the same cost, one row per policy and indicator; `reason` where there is none."""
    if not available(results, COST) or results.equal_to:
        return pd.DataFrame(columns=list(COLUMNS))
    key = grants(results)
    plain = change(results, key, COST) if key else None
    rows = []
    for policy in policies(results):
        extra = change(results, policy, COST)
        why = reason(extra, plain)
        for indicator in INDICATORS:
            if available(results, indicator):
                rows.append(compare(results, (policy, key), indicator, (extra, plain), why))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def compare(
    results: Results, keys: tuple[str, str | None], indicator: str, cost: tuple[pd.Series, pd.Series | None], why: str
) -> dict[str, Any]:
    """One policy and one indicator against the line."""
    policy, key = keys
    effect = change(results, policy, indicator)
    own = paired_summary(effect.to_numpy(), 0 * effect.to_numpy())
    row: dict[str, Any] = {
        "strategy": policy,
        "indicator": indicator,
        "direction": direction_of(results, indicator),
        "reason": why,
        "extra_cost": cost[0].mean(),
        "effect": effect.mean(),
        "effect_low": own["precision_low"],
        "effect_high": own["precision_high"],
    }
    if key is None or cost[1] is None:
        return row
    plain = change(results, key, indicator)
    row |= {"grants_cost": cost[1].mean(), "grants_effect": plain.mean()}
    if why:
        return row
    part = row["extra_cost"] / row["grants_cost"]
    shared = effect.index.intersection(plain.index)
    found = paired_summary(effect[shared].to_numpy(), part * plain[shared].to_numpy(), row["direction"])
    row |= {"share_of_grants": part, **{name: found[name] for name in KEPT}}
    return row | {"verdict": verdict(found | {"direction": row["direction"]})}


def answer(row: pd.Series) -> str:
    """What a row says in one word: better, worse, same, unclear, few, or the reason why it says nothing."""
    if row["reason"]:
        return str(row["reason"])
    if row["verdict"] not in {"higher", "lower"}:
        return str(row["verdict"])
    return "better" if (row["verdict"] == "higher") == (row["direction"] >= 0) else "worse"
