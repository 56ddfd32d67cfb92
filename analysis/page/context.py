"""Tables and sentences of the page, as plain lists for the template."""

from __future__ import annotations

import json
import math
from typing import Any

import pandas as pd

from analysis.answers import inputs, question, recommendations, telling
from analysis.data import effects
from analysis.data.results import Results
from analysis.drawing.base import colour, indicator_name, most_changed
from analysis.page import cards, front, notes, rows, sheet
from analysis.page.figures import numbers
from analysis.sentences.catalogue import Words, kind_of, sentences

DIFFERENCES = (
    "income_operating_mean",
    "villages_10_operating",
    "villages_30_operating",
    "participation",
    "income_operating_gini",
    "public_cost_discounted",
)
SECTIONS = (
    "strategies", "trajectories", "effects", "same_cost", "league", "distribution", "participation", "places", "fates",
    "withdrawal", "money", "sheet", "inputs", "left_out", "parameters", "appendix",
)  # fmt: skip
OPTIONAL = ("same_cost", "league", "distribution", "participation", "places", "fates", "withdrawal", "sheet")
CORE = (
    "income_operating_mean",
    "income_total_mean",
    "income_profit_mean",
    "villages_30_operating",
    "villages_10_operating",
    "participation",
    "income_operating_gini",
    "public_cost_discounted",
    "net_benefit",
    "net_benefit_with_assets",
)
GLOSSARY = "term_"
RECORD = (
    "name",
    "id",
    "created",
    "command",
    "start",
    "starts",
    "horizon",
    "discount_rate",
    "versions",
    "git",
    "hashes",
)
NAMED = {
    "measure": "measure_", "stage": "stage_", "what": "value_", "verdict": "verdict_", "answer": "answer_",
    "kind": "kind_", "effect": "effectiveness_",
}  # fmt: skip
"""Columns whose values are words, and what the ids of these words begin with."""
MOST_ROWS = 250
"""Longer tables stand in their file only."""
WITHOUT_SOURCE = ("assumption", "")


def number_sections(shown: set[str]) -> dict[str, int]:
    """Number of each section; those that need figures, or recommendations, and have none are left out."""
    kept = [name for name in SECTIONS if name not in OPTIONAL or name in shown]
    return {name: number for number, name in enumerate(kept, start=1)}


def build(results: Results, words: Words, shown: set[str]) -> dict[str, Any]:
    """All parts of the page in one language; `shown` are the sections that have figures."""
    recommended = sheet.build(results, words)
    sections = number_sections(shown | ({"sheet"} if recommended else set()))
    district = results.manifest.get("district", {})
    return {
        "title": words("report_title", district=district.get(words.lang, ""), villages=results.village_count),
        "meta": words(
            "report_meta",
            created=str(results.manifest.get("created", ""))[:10],
            name=f"{results.manifest.get('name', '')}-{str(results.manifest.get('id', ''))[:8]}".strip("-"),
            n=results.n,
            first=results.start_year,
            last=results.horizon,
        ),
        "question": question_text(results, words),
        "synthetic": synthetic(results, words),
        "sections": sections,
        "summary": front.summary(results, words, sections),
        "would_change": front.would_change(results, words, sections) if results.others else [],
        "trajectory_lines": [line for line in (front.drift_apart(results, words), *pool_lines(results, words)) if line],
        "equal_money": rows.equal_money(results, words),
        "league": rows.league_tables(results, words),
        "who": rows.who_rows(results, words),
        "effectiveness": rows.effectiveness_rows(results, words),
        "unit_costs": rows.unit_cost_rows(results, words),
        "sheet": recommended,
        "sheet_not_run": sheet_not_run(results, words),
        "inputs": rows.inputs_rows(results, words),
        "given": (district.get("given_told") or {}).get(words.lang, []),
        "warnings": notes.warnings(results, words),
        "remarks": notes.remarks(results, words),
        "reference": telling.quoted(results, results.reference, words),
        "year": results.horizon,
        "start_year": results.start_year,
        "n": results.n,
        "rate": words.percent(results.discount_rate, 1),
        "spread": words.spread_name(results.n),
        "differences": differences(results, words, sections),
        "aim": aim(results, words),
        "cards": cards.build(results, words),
        "effects": effects_rows(results, words, CORE, results.horizon),
        "more_effects": effects_rows(results, words),
        "net": net_rows(results, words),
        "parameters": parameters(results, words),
        "left_out": [text for key, text in sentences(words.lang).items() if key.startswith("left_out_")],
        "glossary": glossary(words),
        "record": record(results),
        "runs": words(
            "appendix_runs",
            n=results.n,
            worlds=numbers(results, "world", words),
            seeds=numbers(results, "seed", words),
            first=results.start_year,
            last=results.horizon,
        ),
    }


def synthetic(results: Results, words: Words) -> str:
    """That the province is made up, where it is; empty for a real district."""
    district = results.manifest.get("district", {})
    return words("synthetic_province", counties=int(district["counties"])) if district.get("synthetic") else ""


def sheet_not_run(results: Results, words: Words) -> str:
    """How to get the sheet of recommendations, where the district has some and the study ran none."""
    if not recommendations.listed(results) or recommendations.in_study(results):
        return ""
    return words("sheet_not_run", command=recommendations.COMMAND)


def question_text(results: Results, words: Words) -> str:
    """What is asked, for one strategy or several."""
    key = "question_text" if results.others else "question_text_single"
    participation = words("question_participation") if results.has("participation") else ""
    return words(key, count=len(results.strategies), n=results.n, year=results.horizon, participation=participation)


def differences(results: Results, words: Words, sections: dict[str, int]) -> dict[str, Any]:
    """The small table of page one: what each strategy changes; where they are many, those that change most."""
    names = [name for name in DIFFERENCES if effects.available(results, name)]
    heads = [words(f"short_{name}") for name in names]
    units = [words.unit(kind_of(name)) for name in names]
    found = []
    shown = most_changed(results, results.others, front.INCOME)
    for key in shown:
        cells = [difference_cell(effects.row(results, key, name, results.horizon), words) for name in names]
        equal = rows.equal_word(results, key, words)
        found.append(rows.named(results, key, words) | {"cells": cells, "equal": equal})
    few = words("front_listed", count=len(shown), section=sections.get("effects", ""))
    note = few if len(shown) < len(results.others) else ""
    return {"heads": list(zip(heads, units, strict=True)), "rows": found, "note": note}


def pool_lines(results: Results, words: Words) -> list[str]:
    """How far pooled projects carry each strategy, where pools are what it changes."""
    keys = [key for key in results.others if "joint" in key][: telling.FEW_NAMES]
    found = [(key, front.pools_sentence(results, words, key)) for key in keys]
    return [words("pools_of", strategy=telling.quoted(results, key, words), text=text) for key, text in found if text]


def difference_cell(row: pd.Series | None, words: Words) -> dict[str, str]:
    """Mean difference, spread and frequency of one effect."""
    if row is None:
        return {"main": "–", "spread": "", "count": "", "verdict": "same"}
    kind = kind_of(row["indicator"])
    higher = row["share_better"] if row["direction"] >= 0 else row["share_worse"]
    return {
        "main": words.amount(kind, row["difference"], signed=True),
        "spread": words.span(kind, row["spread_low"], row["spread_high"], signed=True),
        "count": rows.short(higher, row["n"], words),
        "verdict": row["verdict"],
        "label": words(f"verdict_{row['verdict']}"),
    }


def aim(results: Results, words: Words) -> dict[str, Any] | None:
    """The table of the report's own question."""
    table = question.table(results)
    if not len(table):
        return None
    years = sorted(int(year) for year in table["year"].unique())
    lines = []
    for (start, measure), part in table.groupby(["start", "measure"], sort=False):
        part = part.set_index("year")
        cells = []
        for year in years:
            row = part.loc[year]
            span = words("span", low=words.number(row["spread_low"], 0), high=words.number(row["spread_high"], 0))
            count = words("futures_short", count=int(row["reached"]), n=int(row["n"]))
            cells.append({"mean": words.number(row["mean"]), "span": span, "count": count})
        lines.append(
            {
                "start": telling.start_name(str(start), words),
                "measure": words(f"measure_{measure}"),
                "cells": cells,
            }
        )
    starts = words("both_starts" if table["start"].nunique() > 1 else "one_start")
    return {"years": years, "rows": lines, "target": int(table["target"].iloc[0]), "starts": starts}


def effects_rows(
    results: Results, words: Words, only: tuple[str, ...] = (), year: int | None = None
) -> list[dict[str, Any]]:
    """The table of effects, grouped by indicator; all of it or some indicators in one year."""
    groups: dict[str, dict[str, Any]] = {}
    for _, row in effects.table(results).iterrows():
        name = row["indicator"]
        if (only and name not in only) or (year and row["year"] != year):
            continue
        kind = kind_of(name)
        group = groups.setdefault(
            name, {"name": indicator_name(results, name, words), "unit": words.unit(kind), "rows": []}
        )
        pairing = f"{words.number(row['correlation'], 2)}, {words.number(row['variance_reduction'], 1)}"
        group["rows"].append(
            {
                "strategy": results.short_name(row["strategy"], words.lang),
                "colour": colour(results, row["strategy"]),
                "year": int(row["year"]),
                "difference": words.amount(kind, row["difference"], signed=True),
                "spread": words.span(kind, row["spread_low"], row["spread_high"], signed=True),
                "precision": words.span(kind, row["precision_low"], row["precision_high"], signed=True),
                "better": rows.short(row["share_better"], row["n"], words),
                "verdict": row["verdict"],
                "verdict_text": words(f"verdict_{row['verdict']}"),
                "pairing": pairing,
            }
        )
    return list(groups.values())


def net_rows(results: Results, words: Words) -> list[dict[str, Any]]:
    """Net benefit of each strategy, with and without assets at the end."""
    lines = []
    for key in results.others:
        found = [effects.row(results, key, name) for name in effects.DISCOUNTED]
        if all(row is None for row in found):
            continue
        cells = [difference_cell(row, words) for row in found]
        lines.append({"name": results.short_name(key, words.lang), "colour": colour(results, key), "cells": cells})
    return lines


def parameters(results: Results, words: Words) -> list[dict[str, Any]]:
    """Parameters with their sources."""
    lines = []
    for entry in results.manifest.get("parameters", []):
        source = str(entry.get("source") or "")
        lines.append(
            {
                "name": entry.get("name", ""),
                "label": entry.get(words.lang) or entry.get("name", ""),
                "default": cards.shown(entry.get("default"), words),
                "value": cards.shown(entry.get("value"), words),
                "range": f"{cards.shown(entry.get('low'), words)} … {cards.shown(entry.get('high'), words)}",
                "unit": entry.get("unit_zh" if words.lang == "zh" else "unit") or entry.get("unit") or "",
                "source": words("assumption") if source.strip() in WITHOUT_SOURCE else source,
                "assumed": inputs.is_assumed(source),
            }
        )
    return lines


def glossary(words: Words) -> list[dict[str, str]]:
    """Terms in both languages with their meaning."""
    other = Words("en" if words.lang == "zh" else "zh")
    keys = [key.removeprefix(GLOSSARY) for key in sentences(words.lang) if key.startswith(GLOSSARY)]
    return [{"term": words(f"term_{k}"), "other": other(f"term_{k}"), "meaning": words(f"meaning_{k}")} for k in keys]


def record(results: Results) -> list[tuple[str, str]]:
    """Facts of the manifest that identify the study."""
    manifest = results.manifest
    facts = {name: manifest.get(name) for name in RECORD}
    if isinstance(facts["hashes"], dict):
        facts["hashes"] = {name: value for name, value in facts["hashes"].items() if "/" not in name}
    rows = [(name, as_text(value)) for name, value in facts.items() if value not in (None, "", {}, [])]
    district = manifest.get("district", {})
    if district.get("fingerprint"):
        rows.append(("district.fingerprint", str(district["fingerprint"])))
    return rows


def as_text(value: Any) -> str:
    """A manifest value as short text."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {as_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(as_text(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def plain_table(table: pd.DataFrame, results: Results, words: Words) -> dict[str, Any]:
    """A table of numbers with heads and names in one language."""
    heads = [column_name(str(column), results, words) for column in table.columns]
    if len(table) > MOST_ROWS:
        return {"heads": heads, "rows": [], "count": len(table)}
    rows = [[cell(column, value, results, words) for column, value in row.items()] for _, row in table.iterrows()]
    return {"heads": heads, "rows": rows, "count": len(table)}


def column_name(column: str, results: Results, words: Words) -> str:
    """Head of a column of a table of numbers."""
    if words.has(f"column_{column}"):
        return words(f"column_{column}")
    if words.has(f"payer_{column}"):
        return words(f"payer_{column}")
    return results.name(column, words.lang) if column in results.strategies else column


def cell(column: str, value: Any, results: Results, words: Words) -> str:
    """One value of a table of numbers."""
    if column == "strategy":
        return results.name(str(value), words.lang)
    if column == "lever":
        return results.lever_name(str(value), words.lang)
    if column == "indicator":
        key = f"fate_{value}"
        return words(key) if words.has(key) else indicator_name(results, str(value), words)
    if column == "start":
        return telling.start_name(str(value), words)
    if column == "first_by":
        return words.join([words(f"criterion_{name}") for name in str(value).split()])
    if isinstance(value, bool):
        return words("answer_yes" if value else "answer_no")
    if column in NAMED and words.has(f"{NAMED[column]}{value}"):
        return words(f"{NAMED[column]}{value}")
    if isinstance(value, float):
        return "–" if not math.isfinite(value) else f"{value:.4g}".replace("-", "−")
    return str(value)
