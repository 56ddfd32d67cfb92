"""When a strategy backfires: how often it is worse than the reference, in which worlds and in what villages."""

from __future__ import annotations

import pandas as pd

from analysis.answers import Answer, hinges, kinds
from analysis.answers.winners import TOLERANCE
from analysis.data.effects import HEADLINE, available, effect
from analysis.data.once import once
from analysis.data.results import Results

OFTEN, MORE = 0.2, 1.5
"""A third of the worlds is named where the strategy is worse in this share of them, and so many times as often as in
all."""
COLUMNS = (
    "strategy", "indicator", "n", "verdict", "share_worse", "parameter", "third", "third_worse", "third_n",
    "kind", "class", "kind_difference",
)  # fmt: skip


def worst_third(rows: pd.DataFrame, share: float) -> dict[str, object]:
    """Of deciding parameters, the third of worlds in which a strategy, worse in `share` of all, is worse most often."""
    found: dict[str, object] = {"parameter": "", "third": ""}
    worst = max(OFTEN, MORE * share)
    for _, row in rows[rows["answer"] == "named"].iterrows():
        for third in ("low", "high"):
            if row[f"{third}_worse"] >= worst:
                worst = row[f"{third}_worse"]
                found = {
                    "parameter": row["parameter"], "third": third, "third_worse": worst, "third_n": int(row["third"])
                }  # fmt: skip
    return found


def worst_kind(by_kind: pd.DataFrame, strategy: str) -> dict[str, object]:
    """The kind of village that loses most, if one clearly does."""
    rows = by_kind[(by_kind["strategy"] == strategy) & (by_kind["verdict"] == "lower")]
    rows = rows[rows["difference"] < -TOLERANCE]
    if rows.empty:
        return {"kind": "", "class": None, "kind_difference": None}
    row = rows.loc[rows["difference"].idxmin()]
    return {"kind": row["kind"], "class": int(row["class"]), "kind_difference": row["difference"]}


@once
def table(results: Results) -> pd.DataFrame:
    """Share of futures worse, the worlds that lose most and the villages that lose, by strategy and indicator."""
    hanging = hinges.table(results)
    stored = [name for name in HEADLINE if results.has_village_columns(name.removesuffix("_mean"))]
    by_kind = {name: kinds.by_kind(results, name.removesuffix("_mean")) for name in stored}
    rows = []
    for strategy in results.others:
        for indicator in (name for name in hinges.OUTCOMES if available(results, name)):
            whole = effect(results, strategy, indicator, results.horizon)
            rows.append(
                {name: whole[name] for name in ("strategy", "indicator", "n", "verdict", "share_worse")}
                | worst_third(hinges.find(hanging, strategy, indicator), whole["share_worse"])
                | (worst_kind(by_kind[indicator], strategy) if indicator in by_kind else {"kind": "", "class": None})
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


ANSWERS = (Answer("backfires", table),)
