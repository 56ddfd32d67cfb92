"""What went in: counts of the district against the published ones, and which village columns are synthetic."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.answers import Answer
from analysis.data.results import Results

COUNTED = ("villages", "towns", "clusters")
PUBLISHED = (
    "resident_population", "target_villages_30", "departments", "strong_village_companies", "professionals",
    "pipeline_projects", "reserve_cadres", "service_centres", "renovated_centres",
)  # fmt: skip


def is_assumed(source: object) -> bool:
    """Whether a parameter's value has no source: none is named, or the one named leaves the size to be assumed."""
    text = str(source or "").strip().lower()
    return not text or "assum" in text or "假定" in text


def without_source(results: Results, levers: list[str] | None = None) -> tuple[int, int]:
    """How many parameters have no source, and how many there are; of these levers alone if any are named."""
    rows = results.manifest.get("parameters", [])
    if levers is not None:
        rows = [row for row in rows if str(row.get("name", "")).startswith(tuple(f"{lever}." for lever in levers))]
    return sum(is_assumed(row.get("source")) for row in rows), len(rows)


def drawn(results: Results) -> list[dict[str, Any]]:
    """The parameters whose value differs between the worlds."""
    return [row for row in results.manifest.get("parameters", []) if row.get("drawn")]


def questions(results: Results, lang: str) -> dict[str, list[str]]:
    """Survey questions in a language, to the labels of the parameters drawn that each of them would settle."""
    found: dict[str, list[str]] = {}
    for row in drawn(results):
        if row.get("question"):
            found.setdefault(row["question_zh" if lang == "zh" else "question"], []).append(str(row.get(lang)))
    return found


def table(results: Results) -> pd.DataFrame:
    """Counts: published, in the model, and whether they agree; published ones that the model starts from have no count.

    Nothing of a synthetic province is published.

    Columns: item, published, in_model, agrees (True, False, or None where there is nothing to count).
    """
    district = results.manifest.get("district", {})
    facts = {} if district.get("synthetic") else district.get("facts") or {}
    rows: list[tuple[str, float | None, float | None, bool | None]] = []
    for name in COUNTED:
        published, counted = facts.get(name), district.get(name)
        if counted is not None:
            agrees = None if published is None else float(published) == float(counted)
            rows.append((name, published, counted, agrees))
    rows += [(name, facts[name], None, None) for name in PUBLISHED if name in facts]
    return pd.DataFrame(rows, columns=["item", "published", "in_model", "agrees"], dtype=object)


def own_columns(results: Results) -> list[str]:
    """Village columns that a user's own table gives; all others are synthetic."""
    return [str(name) for name in results.manifest.get("district", {}).get("given_columns") or []]


ANSWERS = (Answer("inputs", table, compares=False),)
