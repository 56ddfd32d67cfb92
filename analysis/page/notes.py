"""What a reader of page one must know of the study itself: what was not kept, what failed, when it ended."""

from __future__ import annotations

from typing import Any

from analysis.data.results import Results
from analysis.drawing.base import indicator_name
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import FEW

STOPPING = {"indicator", "year", "tolerance", "futures"}


def meta(results: Results, words: Words) -> str:
    """Date, name and size of the study."""
    return words(
        "report_meta", created=str(results.manifest.get("created", ""))[:10],
        name=f"{results.manifest.get('name', '')}-{str(results.manifest.get('id', ''))[:8]}".strip("-"), n=results.n,
        first=results.start_year, last=results.horizon,
    )  # fmt: skip


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
    rules = [f"{rule[words.lang]} ({', '.join(f'{name}={value:g}' for name, value in rule['values'].items())})"
             for rule in results.manifest.get("rules", [])]  # fmt: skip
    found += [words("rules_met", rules=words.join(rules))] if rules else []
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
    return words(f"amount_{kind}", value=f"{value * words.scale(kind)[0]:,.4g}")


def synthetic(results: Results, words: Words) -> str:
    """That the province is made up, where it is; empty for a real district."""
    district = results.manifest.get("district", {})
    return words("synthetic_province", counties=int(district["counties"])) if district.get("synthetic") else ""


def citation(results: Results, words: Words) -> str:
    """How to cite the study; `qiangcun verify` prints the longer fingerprint."""
    manifest = results.manifest
    version = str((manifest.get("versions") or {}).get("qiangcun", ""))
    name = f"{manifest.get('name', '')}-{str(manifest.get('id', ''))[:8]}".strip("-")
    seal = str(manifest.get("seal", ""))[:12]
    return words("cite", version=version, name=name, created=str(manifest.get("created", ""))[:10], seal=seal or "–")


def numbers(results: Results, level: str, words: Words) -> str:
    """Numbers of the worlds or seeds, as a range where they follow one another."""
    values = sorted(results.futures.unique(level))
    if values == [-1]:
        return words("world_default")
    if len(values) == 1:
        return str(values[0])
    if values == list(range(values[0], values[-1] + 1)):
        return f"{values[0]}–{values[-1]}"
    return f"{len(values)} ({values[0]}–{values[-1]})"
