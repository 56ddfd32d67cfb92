"""Tables of the page, as plain lists for the templates."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.answers import effectiveness, inputs, question, same_cost, sources, telling
from analysis.data import effects, money
from analysis.data.effects import HEADLINE, PROFIT, TURNOVER
from analysis.data.results import Results
from analysis.drawing.base import colour, indicator_name, most_changed
from analysis.sentences.catalogue import Words, digits, kind_of
from analysis.sentences.verdict import Verdict, half_width, too_small

CERTAIN = ("better", "worse", "higher", "lower")
MEASURED = {"villages_10_operating": "villages", "villages_aim_operating": "villages"}
DIFFERENCES = (*HEADLINE, "villages_10_operating", "villages_aim_operating", "participation")
"""Columns of the table of page one, before those of cost."""
YEARLY_LEVELS = (*HEADLINE, "income_total_mean", "villages_10_operating", "villages_aim_operating", "public_cost")
RATIO = ("ratio", "ratio_low", "ratio_high")
DISCOUNTED, YEARLY = "public_cost_discounted", "public_cost_yearly"


def short(share: float, n: float, words: Words) -> str:
    """A share of futures as 18/24."""
    return words("futures_short", count=round(share * n), n=int(n))


def named(results: Results, key: str, words: Words) -> dict[str, Any]:
    """Name and colour of a strategy, for the first column."""
    return {"name": results.short_name(key, words.lang), "colour": colour(results, key), "key": key}


def scale_sentence(results: Results, words: Words) -> str:
    """How the strategy of the same cost was found; or that there is none."""
    key = same_cost.grants(results)
    if key is None:
        return words("same_cost_none")
    found = same_cost.record(results)
    if not {"target", "lever", "scale", "cost", "target_cost", "futures"} <= set(found):
        return ""
    text = words(
        "same_cost_scale",
        grants=words("quoted", name=results.name(key, words.lang)),
        lever=results.lever_name(str(found["lever"]), words.lang),
        scale=words.number(float(found["scale"]), 2),
        target=words("quoted", name=results.short_name(str(found["target"]), words.lang)),
        difference=words.percent(max(abs(found["cost"] / max(found["target_cost"], 1e-9) - 1), 0.001), 1),
        n=int(found["futures"]),
    )
    missed = found.get(f"reason_{words.lang}")
    return words("gap").join([text, words("same_cost_missed", reason=missed)]) if missed else text


def equal_word(results: Results, key: str, words: Words) -> dict[str, str]:
    """Page one: better or worse than the same money as grants by mean profit; by turnover beneath."""
    profit, turnover = (equal_by(results, key, name, words) for name in HEADLINE)
    beneath = "" if not turnover[2] else words("equal_turnover", answer=turnover[1], count=turnover[2])
    verdict = "few" if not profit[0] else "higher" if profit[0] in CERTAIN else "same faint"
    return {"main": profit[1], "spread": profit[2], "beneath": beneath, "verdict": verdict}


def equal_by(results: Results, key: str, indicator: str, words: Words) -> tuple[str, str, str]:
    """The answer by one income, the same in words, and in how many futures it is better."""
    table = same_cost.table(results)
    rows = table[(table["strategy"] == key) & (table["indicator"] == indicator)]
    if rows.empty:
        return "", "–", ""
    row = rows.iloc[0]
    word = same_cost.answer(row)
    return word, words(f"answer_{word}"), "" if row["reason"] else short(row["share_better"], row["n"], words)


def effectiveness_rows(results: Results, words: Words) -> dict[str, Any] | None:
    """Cost per village lifted and per extra income, or the reason for a dash."""
    table = effectiveness.table(results)
    if table.empty:
        return None
    names = list(dict.fromkeys(table["effect"]))
    heads = [
        (words(f"effectiveness_{name}"), words(f"effectiveness_unit_{MEASURED.get(name, 'income')}")) for name in names
    ]
    rows = []
    for key, part in table.groupby("strategy", sort=False):
        cells = [ratio_cell(row, words) for _, row in part.iterrows()]
        rows.append(named(results, str(key), words) | {"cells": cells})
    return {"heads": heads, "rows": rows}


def ratio_cell(row: pd.Series, words: Words) -> dict[str, str]:
    """A ratio with its interval, in the digits that this carries."""
    if row["reason"]:
        return {"main": "", "note": words(f"reason_{row['reason']}")}
    half = (row["ratio_high"] - row["ratio_low"]) / 2
    if row["effect"] in MEASURED:
        main, low, high = (words.amount("money", row[name], half=half) for name in RATIO)
    else:
        main, low, high = (words.number(row[name], max(digits(half), 0)) for name in RATIO)
    return {"main": main, "note": words("span", low=low, high=high)}


def inputs_rows(results: Results, words: Words) -> dict[str, Any]:
    """Counts against published figures, and which village columns are given."""
    rows = []
    for _, row in inputs.table(results).iterrows():
        word = "used" if row["in_model"] is None else {True: "yes", False: "no"}.get(row["agrees"], "not_published")
        numbers = ("–" if value is None else words.number(float(value), 0) for value in row[["published", "in_model"]])
        told = {"item": words(f"input_{row['item']}"), "check": words(f"inputs_{word}"), "wrong": word == "no"}
        rows.append(told | dict(zip(("published", "model"), numbers, strict=True)))
    own = inputs.own_columns(results)
    given = words("inputs_own", names=words.join(own)) if own else words("inputs_synthetic")
    return {"rows": rows, "given": given}


# Page one ---------------------------------------------------------------------------------------------------------


def differences(results: Results, words: Words) -> dict[str, Any]:
    """The table of page one, with its head and what stands below: levels of the reference, and what others change.

    Where strategies are many, those that change profit most. Public cost stands twice, a year and as a sum, each named.
    """
    names = [name for name in DIFFERENCES if effects.available(results, name)]
    costs = [YEARLY, DISCOUNTED] if results.has("public_cost") else []
    span = {"first": results.start_year, "last": results.horizon}
    heads = [(words(f"short_{name}", **(span if name == DISCOUNTED else {})), words.unit(kind_of(name)))
             for name in names + costs]  # fmt: skip
    shown = most_changed(results, results.others, PROFIT)
    lines = [
        named(results, key, words)
        | {"cells": [difference_cell(effect_on(results, key, name), words) for name in names + costs],
           "equal": equal_word(results, key, words)}
        for key in shown
    ]  # fmt: skip
    few = words("front_listed", count=len(shown), section=words("effects_more"))
    reference = telling.quoted(results, results.reference, words)
    return {
        "head": words("differences_head", reference=reference, year=results.horizon),
        "below": words("front_note", range=words.spread_name(results.n), reference=reference),
        "heads": heads,
        "reference": named(results, results.reference, words)
        | {"cells": [level(results, name, words) for name in names + costs]},
        "rows": lines,
        "equal": same_cost.grants(results) is not None,
        "note": few if len(shown) < len(results.others) else "",
    }


def outcome(results: Results, key: str, name: str) -> pd.Series:
    """One value per future of a column of the table."""
    if name != YEARLY:
        return effects.outcomes(results, key, name, results.horizon)
    return money.a_year(results, key)


def effect_on(results: Results, key: str, name: str) -> Any:
    """The effect on a column of the table of page one; None where it is not known."""
    if name != YEARLY:
        return effects.row(results, key, name, results.horizon)
    one, two = (outcome(results, strategy, name) for strategy in (key, results.reference))
    row = {"indicator": "public_cost", "direction": -1} | effects.compared(one, two, -1)
    return row | {"verdict": Verdict.of(row).direction}


def level(results: Results, name: str, words: Words) -> str:
    """Mean of the reference; nothing for participation, of which no level is known."""
    if kind_of(name) == "points":
        return ""
    values = outcome(results, results.reference, name).dropna().to_numpy()
    return words.amount(kind_of(name), float(values.mean()), half=effects.half_width(values))


def difference_cell(row: Any, words: Words) -> dict[str, str]:
    """Mean difference, spread and frequency of one effect."""
    if row is None:
        return {"main": "–", "spread": "", "verdict": "same"}
    span = words.span(kind_of(row["indicator"]), row["spread_low"], row["spread_high"], signed=True)
    return {"main": telling.changed_by(row, words), "spread": span, "verdict": row["verdict"]}


# Income -----------------------------------------------------------------------------------------------------------


def sources_rows(results: Results, words: Words) -> list[dict[str, Any]]:
    """Where each gain of operating income comes from, and how far abilities and assets moved."""
    lines = []
    for _, row in sources.table(results).iterrows() if sources.possible(results) else ():
        parts = [
            "–" if too_small(TURNOVER, row[name]) else words.amount("income", row[name], half=row[f"{name}_half"])
            for name in sources.PARTS
        ]
        moved = [words.number(row["ability_mean"], 2, signed=True) if abs(row["ability_mean"]) >= 0.005 else "–"]
        moved.append(words.amount("income", row["capital_mean"], signed=True) if row["capital_mean"] else "–")
        lines.append(named(results, row["strategy"], words) | {"cells": parts + moved})
    return lines


def years_rows(results: Results, words: Words) -> dict[str, Any]:
    """The reference's own levels year by year, from the year before the start on."""
    names = [name for name in YEARLY_LEVELS if results.has(name)]
    tables = {name: results.values(results.reference, name) for name in names}
    years = results.years if len(results.years) <= 8 else results.years[:: -(-len(results.years) // 8)]
    years = list(dict.fromkeys([*years, results.horizon]))
    lines = []
    for name, table in tables.items():
        values = {year: table[year].dropna().to_numpy() for year in years if year in table.columns}
        cells = [words.amount(kind_of(name), float(values[year].mean()), half=effects.half_width(values[year]))
                 if year in values else "–" for year in years]  # fmt: skip
        lines.append({"name": indicator_name(results, name, words), "unit": words.unit(kind_of(name)), "cells": cells})
    return {"years": years, "rows": lines}


def aim(results: Results, words: Words) -> dict[str, Any] | None:
    """The table of the district's own question."""
    table = question.table(results)
    if not len(table):
        return None
    years = sorted(int(year) for year in table["year"].unique())
    lines = []
    for (start, measure), part in table.groupby(["start", "measure"], sort=False):
        part, cells = part.set_index("year"), []
        for year in years:
            row = part.loc[year]
            mean, low, high = (words.number(row[name], 0) for name in ("mean", "spread_low", "spread_high"))
            count = words("futures_short", count=int(row["reached"]), n=int(row["n"]))
            cells.append({"mean": mean, "span": words("span", low=low, high=high), "count": count})
        heads = {"start": telling.start_name(str(start), words), "measure": words(f"measure_{measure}")}
        lines.append(heads | {"cells": cells})
    starts = words("both_starts" if table["start"].nunique() > 1 else "one_start")
    return {"years": years, "rows": lines, "target": int(table["target"].iloc[0]), "starts": starts}


# Behind the fold --------------------------------------------------------------------------------------------------


def effects_rows(results: Results, words: Words) -> list[dict[str, Any]]:
    """Effects grouped by indicator, for every year and indicator of the table of effects."""
    table = effects.table(results)
    groups: dict[str, dict[str, Any]] = {}
    for _, row in table.iterrows() if len(table) else ():
        indicator = str(row["indicator"])
        kind = kind_of(indicator)
        name = indicator_name(results, indicator, words)
        group = groups.setdefault(indicator, {"name": name, "unit": words.unit(kind), "rows": []})
        low, high = (words.amount(kind, row[f"precision_{end}"], signed=True, half=half_width(row))
                     for end in ("low", "high"))  # fmt: skip
        group["rows"].append(
            named(results, row["strategy"], words)
            | {
                "year": int(row["year"]), "difference": telling.changed_by(row, words),
                "spread": words.span(kind, row["spread_low"], row["spread_high"], signed=True),
                "precision": words("span", low=low, high=high), "better": short(row["share_better"], row["n"], words),
                "verdict": row["verdict"], "verdict_text": words(f"verdict_{row['verdict']}"),
            }
        )  # fmt: skip
    return list(groups.values())
