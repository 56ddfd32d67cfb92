"""Whether the order of strategies hangs on what a unit of work costs: net benefit where it is cheap and where dear.

Every world has a level of all unit costs and a factor on those of each lever. Worlds are put in order by the mean
factor, each lever weighted by how much its cost differs between the strategies, and cut into thirds. Levers that all
strategies hold alike cancel out of every difference, so they have no weight.
"""

from __future__ import annotations

import pandas as pd

from analysis.answers import Answer
from analysis.answers.effectiveness import PROFIT, gained
from analysis.answers.same_cost import COST, clearly_more
from analysis.data import money
from analysis.data.effects import available, change, paired_summary
from analysis.data.once import once
from analysis.data.results import Results
from analysis.sentences.verdict import FEW

PREFIX, LEVEL = "unit_cost.", "unit_cost_level"
THIRDS = ("low", "middle", "high")
COLUMNS = (
    "third", "strategy", "n", "factor", "factor_low", "factor_high", "net_benefit", "precision_low", "precision_high",
    "rank", "ratio",
)  # fmt: skip


def weights(results: Results) -> pd.Series:
    """How much the cost of each lever with a factor differs between the strategies, 万元 a year."""
    levers = [name.removeprefix(PREFIX) for name in results.worlds.columns if name.startswith(PREFIX)]
    keys = [key for key in results.others if key != results.without_measures]
    found = {}
    for lever in levers:
        base = money.yearly_mean(results, results.reference, f"cost_{lever}")
        extra = [abs(money.yearly_mean(results, key, f"cost_{lever}") - base) for key in keys]
        found[lever] = max(extra, default=0.0)
    return pd.Series(found, dtype=float)


def factors(results: Results) -> pd.Series:
    """Weighted mean factor on unit costs, a value per future; empty where unit costs make no difference."""
    weight = weights(results)
    weight = weight[weight > 1e-6 * max(weight.max(), 1.0)] if len(weight) else weight
    if weight.empty:
        return pd.Series(dtype=float)
    drawn = results.worlds[[f"{PREFIX}{lever}" for lever in weight.index]]
    mean = results.worlds.get(LEVEL, 1.0) * drawn.mul(weight.to_numpy(), axis=1).sum(axis=1) / weight.sum()
    futures = results.values(results.reference, "public_cost").index
    found = mean.reindex(futures.get_level_values("world")).set_axis(futures).dropna()
    return found if found.nunique() > 1 else pd.Series(dtype=float)


@once
def table(results: Results) -> pd.DataFrame:
    """Net benefit and place of each strategy in each third of the futures, the reference at 0 among them."""
    if not available(results, "net_benefit") or len(results.others) < 2 or results.worlds.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    factor = factors(results)
    if len(factor) < len(THIRDS) * FEW:
        return pd.DataFrame(columns=list(COLUMNS))
    third = pd.qcut(factor.rank(method="first"), len(THIRDS), labels=list(THIRDS))
    found = []
    for name in THIRDS:
        part = factor[third == name]
        rows = [strategy_row(results, key, part) | {"third": name} for key in results.strategies]
        places = pd.Series([row["net_benefit"] for row in rows]).rank(ascending=False, method="min").astype(int)
        found += [row | {"rank": place} for row, place in zip(rows, places, strict=True)]
    return pd.DataFrame(found, columns=list(COLUMNS))


def strategy_row(results: Results, key: str, factor: pd.Series) -> dict[str, object]:
    """One strategy in the futures of one third."""
    benefit = change(results, key, "net_benefit").reindex(factor.index)
    row = paired_summary(benefit.to_numpy(), 0 * benefit.to_numpy())
    cost, more = (values.reindex(factor.index) for values in (change(results, key, COST), gained(results, key, PROFIT)))
    clear = clearly_more(cost) and clearly_more(more)
    return {
        "strategy": key, "n": len(factor), "factor": factor.mean(), "factor_low": factor.min(),
        "factor_high": factor.max(), "net_benefit": row["difference"], "precision_low": row["precision_low"],
        "precision_high": row["precision_high"], "ratio": cost.mean() / more.mean() if clear else float("nan"),
    }  # fmt: skip


ANSWERS = (Answer("unit_costs", table),)
