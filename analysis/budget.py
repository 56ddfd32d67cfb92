"""A study with a budget, the same cost for all or a yearly one: what page one and the cards say of it."""

from __future__ import annotations

from typing import Any

from analysis import describe, money
from analysis.effects import UNREACHED
from analysis.findings import Findings
from analysis.labels.catalogue import Words
from analysis.results import Results

GRANTS = "central_grant"


def records(results: Results) -> dict[str, dict[str, Any]]:
    """How each strategy was given its cost, by key; empty in a study in which costs are what they are."""
    if not results.equal_to:
        return {}
    found = {key: results.strategy(key).get("same_cost") for key in results.strategies}
    return {key: record for key, record in found.items() if record}


def missed(results: Results) -> dict[str, dict[str, Any]]:
    """Strategies whose cost could not be made equal."""
    return {key: record for key, record in records(results).items() if not record.get("reached", True)}


def sentences(findings: Findings, words: Words) -> list[str]:
    """Page one: that all strategies cost the same, where the money goes, and which do not; or the yearly budget."""
    results, found = findings.results, records(findings.results)
    if not found or not results.has("public_cost"):
        return capped(findings, words)
    met = [abs(record["difference"]) for record in found.values() if record.get("reached", True)]
    grants = {key: money.yearly_mean(results, key, f"cost_{GRANTS}") for key in results.strategies}
    names = describe.named(findings, list(missed(results)), words)
    text = words(
        "front_equal_cost",
        who=words("front_all_but", names=names) if missed(results) else words("front_all"),
        target=describe.quoted(findings, results.equal_to, words),
        cost=words.with_unit("money", float(money.present_value(results, results.equal_to, "public_cost").mean())),
        first=results.start_year,
        last=results.horizon,
        difference=words.percent(max(met, default=0.0), 1),
        grants=describe.listed(findings, words, grants, lambda value: words.with_unit("money", value)),
    )
    return [text, *([not_equal(findings, words)] if missed(results) else [])]


def capped(findings: Findings, words: Words) -> list[str]:
    """Page one: what may be spent a year, and who is served first; nothing where there is no such budget."""
    results = findings.results
    node = results.manifest.get("budget") or {}
    if node.get("annual") is None:
        return []
    first = words.join([results.lever_name(str(key), words.lang) for key in node.get("priority") or []])
    order = words("front_capped_first", levers=first) if first else words("front_capped_usual")
    text = words("front_capped", annual=words.with_unit("money", float(node["annual"])), order=order)
    return [text, *unreached(findings, words)]


def unreached(findings: Findings, words: Words) -> list[str]:
    """Which strategies are the reference in all but name, because the yearly budget never came to them."""
    results, found = findings.results, findings.effects
    keys = list(dict.fromkeys(found.loc[found["verdict"] == UNREACHED, "strategy"])) if len(found) else []
    if not keys:
        return []
    spent = money.yearly_mean(results, results.reference, "public_cost")
    return [
        words(
            "front_unreached",
            names=describe.named(findings, keys, words),
            reference=describe.quoted(findings, results.reference, words),
            spent=words.with_unit("money", spent),
            n=results.n,
        )
    ]


def not_equal(findings: Findings, words: Words) -> str:
    """Which strategies do not have the same cost, and why."""
    parts = [
        words(
            "front_unequal_part",
            name=describe.quoted(findings, key, words),
            difference=words.percent(record["difference"], 1),
            reason=record.get(f"reason_{words.lang}", ""),
        )
        for key, record in missed(findings.results).items()
    ]
    return words("front_unequal", parts=words("semicolon").join(parts))


def card_sentence(findings: Findings, words: Words, key: str) -> str:
    """Card of a strategy: the grants that make its cost equal."""
    results = findings.results
    if results.equal_to == key:
        return words("card_equal_target")
    found = records(results).get(key)
    if not found:
        return ""
    text = words(
        "card_equal_cost",
        lever=results.lever_name(str(found["lever"]), words.lang),
        scale=words.number(float(found["scale"]), 2),
        target=describe.quoted(findings, results.equal_to, words),
        difference=words.percent(found["difference"], 1),
        n=int(found["futures"]),
    )
    if found.get("reached", True):
        return text
    return words("gap").join([text, words("same_cost_missed", reason=found.get(f"reason_{words.lang}", ""))])
