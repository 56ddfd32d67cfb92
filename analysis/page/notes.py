"""What a reader of page one must know of the study itself: what was not kept, what failed, when it ended."""

from __future__ import annotations

from typing import Any

from analysis.data.results import Results
from analysis.drawing.base import indicator_name
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import FEW

STOPPING = {"indicator", "year", "tolerance", "futures"}


def warnings(results: Results, words: Words) -> list[str]:
    """What makes the numbers weaker: few futures, runs that failed."""
    found = [words("few_warning", n=results.n)] if results.n < FEW else []
    failed = int(results.manifest.get("failed") or 0)
    return found + ([words("runs_failed", count=failed)] if failed else [])


def remarks(results: Results, words: Words) -> list[str]:
    """What is not shown, or of fewer futures, and what decided their number."""
    found = [] if results.has_villages() else [words("villages_not_kept")]
    if results.has_villages() and results.village_sample < results.n:
        found.append(words("villages_of_some", count=results.village_sample, n=results.n))
    hardly = hardly_acts(results, words)
    found += [words("reach_hardly", levers=hardly)] if hardly else []
    stopping = results.manifest.get("stopping") or {}
    return found + ([stopping_sentence(results, stopping, words)] if set(stopping) >= STOPPING else [])


def hardly_acts(results: Results, words: Words) -> str:
    """Levers that act in no simulated year, in the last alone or on few villages, each with the reason."""
    levers, reach = results.manifest.get("levers", {}), results.manifest.get("reach", {})
    found = [(key, item["remark"]) for of in reach.values() for key, item in of.items() if "remark" in item]
    once = dict.fromkeys(found)
    return words.join([words(f"reach_{remark}", lever=levers[key][words.lang]) for key, remark in once])


def stopping_sentence(results: Results, stopping: dict[str, Any], words: Words) -> str:
    """How sequential stopping ended the study."""
    name = str(stopping["indicator"])
    return words(
        "stopping_reached" if stopping.get("reached", True) else "stopping_not_reached",
        indicator=indicator_name(results, name, words),
        year=int(stopping["year"]),
        tolerance=exactly(kind_of(name), float(stopping["tolerance"]), words),
        futures=int(stopping["futures"]),
    )


def exactly(kind: str, value: float, words: Words) -> str:
    """A number with its unit, not rounded to the digits of results: a tolerance is finer than these."""
    factor = 1e4 if kind == "income" and words.lang == "en" else words.scale(kind)[0]
    return words(f"amount_{kind}", value=f"{value * factor:,.4g}")
