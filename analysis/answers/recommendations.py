"""What each recommendation of the district's report would do, in the order of the report."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.answers import Answer, hinges, same_cost
from analysis.data import effects, money
from analysis.data.once import once
from analysis.data.results import Results
from analysis.sentences.verdict import CLEAR, UNREACHED, Verdict, half_width

WHOLE = "recommended"
"""Key of the strategy that carries out all recommendations together."""
EFFECTS = (
    *effects.HEADLINE,
    "income_total_mean",
    "villages_10_operating",
    "villages_aim_operating",
    "participation",
)
PAGE, TABLE = "verdict.html", "tables/recommendations.csv"
"""The page for print, beside the report, and the numbers."""
COMMAND = "qiangcun compare strategies=recommendations"
EQUAL_COST_COMMAND = f"{COMMAND} budget.mode=equal_cost budget.equal_to={WHOLE}"
PARTS = ("difference", "spread_low", "spread_high", "share_better", "share_worse", "n", "verdict")
EQUAL = 0.01
"""Costs that differ by no more count as equal."""
MODELLED, ABSENT, LEFT_OUT = "modelled", "not_in_study", "not_modelled"
"""`UNREACHED` is a status too: run, and never given any money by the yearly budget."""


def listed(results: Results) -> list[dict[str, Any]]:
    """Recommendations as the district gives them; empty where it gives none."""
    return list(results.manifest.get("district", {}).get("recommendations") or [])


def in_study(results: Results) -> bool:
    """Whether the study holds the strategy of any recommendation."""
    return any(entry.get("strategy") in results.others for entry in listed(results))


def costs_equal(results: Results) -> bool:
    """Whether differences to the reference are differences at equal cost: planned so, or so by what was spent."""
    keys = [entry["strategy"] for entry in listed(results) if entry.get("strategy") in results.others]
    if not results.has("public_cost") or not keys:
        return False
    return bool(results.equal_to) or all(abs(same_cost.cost_gap(results, key)) <= EQUAL for key in keys)


def own_cost(results: Results, strategy: str, levers: list[str]) -> float:
    """What these levers cost the public a year more than under the reference, 万元, mean over futures and years."""
    return sum(
        money.yearly_mean(results, strategy, f"cost_{lever}")
        - money.yearly_mean(results, results.reference, f"cost_{lever}")
        for lever in levers
    )


def changed_levers(results: Results, strategy: str) -> list[str]:
    """Levers that a strategy sets otherwise than the reference."""
    mine, base = (results.strategy(key).get("levers") or {} for key in (strategy, results.reference))
    return [name for name in dict.fromkeys([*mine, *base]) if mine.get(name) != base.get(name)]


def main_outcome(results: Results, strategy: str) -> str:
    """What a strategy is judged by: the first outcome that it clearly changes; profit if none."""
    for indicator in hinges.OUTCOMES:
        row = effects.row(results, strategy, indicator, results.horizon)
        if row is not None and Verdict.of(row).word in CLEAR:
            return indicator
    return hinges.OUTCOMES[0]


@once
def table(results: Results) -> pd.DataFrame:
    """One row per recommendation, and one for all of them together at the end.

    Columns: place, zh, en, status (modelled, unreached, not_in_study, not_modelled), reason_zh, reason_en, strategy,
    levers, for each of `EFFECTS` the parts `<indicator>.<part>`, own_cost (万元 a year), cost_gap (share of the
    reference's discounted public cost), main (the outcome that backfiring and deciding parameters are about).
    """
    rows = [row_of(results, entry) for entry in listed(results)]
    if WHOLE in results.others and rows:
        levers = list(dict.fromkeys(lever for entry in listed(results) for lever in entry.get("levers", [])))
        used = [lever for lever in levers if lever in changed_levers(results, WHOLE)]
        rows.append(row_of(results, {"place": "", "zh": "", "en": "", "strategy": WHOLE, "levers": used}))
    return pd.DataFrame(rows)


def row_of(results: Results, entry: dict[str, Any]) -> dict[str, Any]:
    """One recommendation."""
    strategy = entry.get("strategy", "")
    reason = entry.get("not_modelled") or {}
    row: dict[str, Any] = {name: entry[name] for name in ("place", "zh", "en")}
    row |= {
        "status": LEFT_OUT if reason else ABSENT, "reason_zh": reason.get("zh", ""),
        "reason_en": reason.get("en", ""), "strategy": strategy, "levers": " ".join(entry.get("levers", [])),
    }  # fmt: skip
    if strategy not in results.others:
        return row
    row["status"] = MODELLED
    for indicator in EFFECTS:
        found = effects.row(results, strategy, indicator, results.horizon)
        if found is not None:
            row |= {f"{indicator}.{part}": found[part] for part in PARTS}
            row[f"{indicator}.half"] = half_width(found)
            row[f"{indicator}.verdict"] = Verdict.of(found).word
    row["own_cost"] = own_cost(results, strategy, entry.get("levers", []))
    row["cost_gap"] = same_cost.cost_gap(results, strategy) if results.has("public_cost") else float("nan")
    row["main"] = main_outcome(results, strategy)
    if row.get(f"{EFFECTS[0]}.verdict") == UNREACHED:
        row["status"] = UNREACHED
    return row


ANSWERS = (Answer("recommendations", table, in_study),)
