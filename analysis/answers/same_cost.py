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
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.answers import Answer, Picture, telling
from analysis.data import effects
from analysis.data.effects import (
    HEADLINE,
    MEASURES,
    available,
    change,
    compared,
    direction_of,
    outcomes,
    paired_summary,
)
from analysis.data.once import once
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour, indicator_name, legend
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import Verdict

GRANTS = "grants_same_cost"
COST = "public_cost_discounted"
INDICATORS = (
    *(f"income_{measure}_mean" for measure in MEASURES), "villages_aim_operating", "villages_10_operating",
    "participation", "income_operating_gini",
)  # fmt: skip
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
    return next((key for key in results.others if results.strategy(key).get("same_cost") or key == GRANTS), None)


def record(results: Results) -> dict[str, Any]:
    """How the grants were given the cost of another strategy, as the manifest tells; empty where it does not."""
    key = grants(results)
    return (results.strategy(key).get("same_cost") or {}) if key else {}


def policies(results: Results) -> list[str]:
    """Strategies that can be set against grants: neither the reference, nor nothing at all, nor the grants."""
    return [key for key in results.others if key not in {results.without_measures, grants(results)}]


def clearly_more(values: pd.Series) -> bool:
    """Whether a difference may be called higher."""
    return Verdict.of(paired_summary(values.to_numpy(), 0 * values.to_numpy())).word == "higher"


def reason(extra: pd.Series, plain: pd.Series | None) -> str:
    """Why no comparison is possible: missing, few, cheaper, grants_cheaper; empty where it is."""
    if plain is None:
        return "missing"
    if len(extra) < 2:
        return "few"
    if not clearly_more(extra):
        return "cheaper"
    return "" if clearly_more(plain) else "grants_cheaper"


@once
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
        "strategy": policy, "indicator": indicator, "direction": direction_of(results, indicator), "reason": why,
        "extra_cost": cost[0].mean(), "effect": effect.mean(), "effect_low": own["precision_low"],
        "effect_high": own["precision_high"],
    }  # fmt: skip
    if key is None or cost[1] is None:
        return row
    plain = change(results, key, indicator)
    row |= {"grants_cost": cost[1].mean(), "grants_effect": plain.mean()}
    if why:
        return row
    part = row["extra_cost"] / row["grants_cost"]
    found = compared(effect, part * plain, row["direction"])
    row |= {"share_of_grants": part, **{name: found[name] for name in KEPT}}
    return row | {"verdict": Verdict.of(found | {"direction": row["direction"]}).word}


def answer(row: pd.Series) -> str:
    """What a row says in one word: better, worse, same, unclear, few, or the reason why it says nothing."""
    if row["reason"]:
        return str(row["reason"])
    if row["verdict"] not in {"higher", "lower"}:
        return str(row["verdict"])
    return "better" if (row["verdict"] == "higher") == (row["direction"] >= 0) else "worse"


SHOWN = (
    *HEADLINE, "participation", "villages_10_operating", "villages_aim_operating",
    "income_operating_gini",
)  # fmt: skip


def data(results: Results) -> pd.DataFrame:
    """The table of equal money with the answer in one word."""
    found = table(results)
    return found.assign(answer=[answer(row) for _, row in found.iterrows()]).drop(columns=["reason", "verdict"])


def answers(results: Results, indicator: str) -> dict[str, str]:
    """What is said of each policy by one indicator."""
    found = table(results)
    return {row["strategy"]: answer(row) for _, row in found[found["indicator"] == indicator].iterrows()}


def differing(results: Results, words: Words) -> str:
    """Policies of which turnover says something else than profit; nothing where there are none."""
    profit, turnover = (answers(results, name) for name in HEADLINE)
    other = {key: word for key, word in turnover.items() if word != profit.get(key)}
    return words("same_cost_by_turnover", parts=telling.grouped(results, words, other)) if other else ""


def title(results: Results, words: Words) -> str:
    """Which policies do more for mean profit than the same money as grants, and where turnover says otherwise."""
    text = words("title_same_cost", parts=telling.grouped(results, words, answers(results, effects.PROFIT)))
    return text + differing(results, words)


def draw(results: Results, words: Words) -> Figure:
    """Extra cost to the right, effect upwards; above the line a policy does more than grants for the money."""
    found = table(results)
    shown = [name for name in SHOWN if name in set(found["indicator"])]
    columns = min(3, len(shown))
    lines = -(-len(shown) // columns)
    figure = Figure(figsize=(style.WIDTH, 2.1 * lines + 0.7), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharex=True)
    for axes, indicator in zip(grid.flat, shown, strict=False):
        panel(axes, results, words, found[found["indicator"] == indicator])
        axes.set_title(style.wrap(indicator_name(results, indicator, words), 36))
        axes.set_ylabel(words("axis_difference_short", unit=words.unit(kind_of(indicator))))
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_axis_off()
    figure.supxlabel(words("axis_plane_cost", unit=words("unit_money_large")), fontsize=8.5, color=style.FAINT)
    plain = grants(results)
    keys = [results.reference, *policies(results), *([plain] if plain else [])]
    legend(figure, results, keys, words)
    return figure


def panel(axes: Axes, results: Results, words: Words, table: pd.DataFrame) -> None:
    """One indicator: the line and a point with the interval of its mean for each policy."""
    factor = 1e-4 if words.lang == "zh" else 1e-2  # from 万元 to 亿元 in Chinese, to million yuan in English
    scale, _digits = words.scale(kind_of(table["indicator"].iloc[0]))
    plain, first = grants(results), table.iloc[0]
    style.zero(axes, vertical=False)
    axes.plot(0, 0, "o", color=style.REFERENCE, markersize=6, zorder=3)
    if plain and pd.notna(first["grants_cost"]):
        cost, effect = first["grants_cost"] * factor, first["grants_effect"] * scale
        hue = colour(results, plain)
        axes.plot([0, cost], [0, effect], color=hue, linewidth=1.1, zorder=2)
        axes.plot([cost, 1.25 * cost], [effect, 1.25 * effect], color=hue, linewidth=0.9, linestyle=(0, (2, 3)))
        axes.plot(cost, effect, "s", color=hue, markersize=5.5, zorder=3)
    for _, row in table.iterrows():
        hue, place = colour(results, row["strategy"]), row["extra_cost"] * factor
        if row["n"] > 1 or pd.notna(row["effect_low"]):
            ends = [row["effect_low"] * scale, row["effect_high"] * scale]
            axes.plot([place, place], ends, color=hue, linewidth=4, alpha=0.4, solid_capstyle="butt", zorder=4)
        clear = answer(row) in {"better", "worse"}
        axes.plot(place, row["effect"] * scale, "o", color=hue, markersize=6, mfc=hue if clear else "white", zorder=5)
    axes.grid()
    axes.margins(0.08)
    style.numbers(axes.xaxis)
    style.numbers(axes.yaxis)


ANSWERS = (
    Answer("same_cost", data, lambda results: len(table(results)) > 0, picture=Picture(draw, title, "note_same_cost")),
)
