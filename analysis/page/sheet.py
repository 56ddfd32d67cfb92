"""The sheet of recommendations 建议评估一览: one line for each, as the report and a page for print show it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.answers import doubts, recommendations, telling
from analysis.answers.recommendations import ABSENT, EFFECTS, LEFT_OUT, MODELLED, WHOLE
from analysis.data.effects import HEADLINE
from analysis.data.results import Results
from analysis.page.rows import short
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import FEW, UNREACHED

MARKS = {"higher": "▲", "lower": "▼", "unclear": "○", "small": "≈", "same": "＝", "few": "○"}
"""Told apart on a black-and-white copy, without colour."""
COUNTED = (*HEADLINE, "participation")


def build(results: Results, words: Words) -> dict[str, Any] | None:
    """Heads, sentences and lines of the sheet; None where the study ran no recommendation."""
    if not recommendations.in_study(results):
        return None
    table = recommendations.table(results)
    equal = recommendations.costs_equal(results)
    reference = telling.quoted(results, results.reference, words)
    district = str(results.manifest.get("district", {}).get(words.lang, ""))
    spread = words.spread_name(results.n)
    return {
        "over": words("sheet_over", district=district),
        "lead": words("sheet_lead", reference=reference, n=results.n, year=results.horizon, range=spread),
        "cost": cost(results, equal, words),
        "summary": summary(table, results.n, words),
        "note": words("sheet_note", n=results.n),
        "lines": [line(results, row, equal, words) for _, row in table.iterrows()],
        "page": words("sheet_page", file=recommendations.PAGE, table=recommendations.TABLE),
        "unit_money": words("sheet_cost_unit", unit=words.unit("money")),
    }


def cost(results: Results, equal: bool, words: Words) -> str:
    """Whether rows are compared at equal cost, and what is done with money that a recommendation does not need."""
    if not equal:
        return words("sheet_not_equal", command=recommendations.EQUAL_COST_COMMAND)
    parts = [words("sheet_equal"), *([words("sheet_equal_grants")] if results.equal_to else [])]
    return words("gap").join(parts)


def summary(table: pd.DataFrame, n: int, words: Words) -> str:
    """How many recommendations raise profit, lower it, and so on; the same of operating income."""
    single = table[table["strategy"] != WHOLE]
    counts = single["status"].value_counts()
    values = {name: int(counts.get(name, 0)) for name in (MODELLED, UNREACHED, ABSENT, LEFT_OUT)}
    absent = words("sheet_summary_absent", count=values[ABSENT]) if values[ABSENT] else ""
    told = {"count": values[MODELLED] + values[UNREACHED], "absent": absent, "left_out": values[LEFT_OUT]}
    if n < FEW:
        return words("sheet_summary_few", n=n, **told)
    parts = [
        words("by_measure", measure=words(f"outcome_{name}"), parts=counted(single[f"{name}.verdict"], words))
        for name in HEADLINE if f"{name}.verdict" in single
    ]  # fmt: skip
    return words("sheet_summary", parts=words("semicolon").join(parts), **told)


def counted(verdicts: pd.Series, words: Words) -> str:
    """How many recommendations have each verdict."""
    counts = verdicts.value_counts()
    found = {name: int(counts.get(name, 0)) for name in ("higher", "lower", "small", "unclear", "same", UNREACHED)}
    return words.join([words(f"sheet_count_{name}", count=count) for name, count in found.items() if count])


def line(results: Results, row: pd.Series, equal: bool, words: Words) -> dict[str, Any]:
    """One line: cells of a modelled recommendation, or why there are none."""
    whole = row["strategy"] == WHOLE
    levers = words.join([results.lever_name(lever, words.lang) for lever in row["levers"].split()])
    found: dict[str, Any] = {
        "place": row["place"], "text": words("sheet_whole") if whole else row[words.lang], "whole": whole,
        "levers": "" if whole else levers, "cells": [], "instead": "",
    }  # fmt: skip
    if row["status"] != MODELLED:
        told = {LEFT_OUT: "sheet_left_out", ABSENT: "sheet_absent", UNREACHED: "sheet_unreached"}[row["status"]]
        return found | {"instead": words(told, reason=row[f"reason_{words.lang}"])}
    strategy, main, gap = row["strategy"], row["main"], row["cost_gap"]
    missed = equal and abs(gap) > recommendations.EQUAL
    return found | {
        "cells": [cell(row, indicator, words) for indicator in EFFECTS],
        "better": better(row, words),
        "cost": words.amount("money", row["own_cost"], signed=True),
        "missed": words("sheet_cost_gap", share=words.percent(gap, 1)) if missed else "",
        "backfires": doubts.about(main, doubts.backfires(results, strategy, main, words), words),
        "hangs_on": doubts.about(main, doubts.hangs_on(results, strategy, main, words), words),
    }


def cell(row: pd.Series, indicator: str, words: Words) -> dict[str, str]:
    """Mark, mean difference and range of one effect."""
    if f"{indicator}.n" not in row.index:
        return {"mark": "", "main": "–", "spread": "", "verdict": "same"}
    kind, verdict = kind_of(indicator), row[f"{indicator}.verdict"]
    if verdict == "same":
        return {"mark": MARKS[verdict], "main": "", "spread": "", "verdict": verdict}
    low, high = row[f"{indicator}.spread_low"], row[f"{indicator}.spread_high"]
    return {
        "mark": MARKS[verdict],
        "main": words.amount(kind, row[f"{indicator}.difference"], True, row[f"{indicator}.half"]),
        "spread": words.span(kind, low, high, signed=True),
        "verdict": verdict,
    }


def better(row: pd.Series, words: Words) -> list[str]:
    """In how many futures each outcome is higher; a dash where nothing changes."""
    found = []
    for indicator in COUNTED:
        if row.get(f"{indicator}.verdict", "same") != "same":
            count = short(row[f"{indicator}.share_better"], row[f"{indicator}.n"], words)
            found.append(words("named_value", name=words(f"outcome_{indicator}"), value=count))
    return found or ["–"]
