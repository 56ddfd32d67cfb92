"""A study with a budget, the same cost for all or a yearly one: what page one and the cards say of it."""

from __future__ import annotations

from typing import Any

from analysis.answers import telling
from analysis.data import effects, money
from analysis.data.results import Results
from analysis.sentences.catalogue import Words

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


def sentences(results: Results, words: Words) -> list[str]:
    """Page one: that all strategies cost the same, where the money goes, and which do not; or the yearly budget."""
    found = records(results)
    if not found or not results.has("public_cost"):
        return capped(results, words)
    met = [abs(record["difference"]) for record in found.values() if record.get("reached", True)]
    grants = {key: money.yearly_mean(results, key, f"cost_{GRANTS}") for key in results.strategies}
    names = telling.named(results, list(missed(results)), words)
    text = words(
        "front_equal_cost", who=words("front_all_but", names=names) if missed(results) else words("front_all"),
        target=telling.quoted(results, results.equal_to, words),
        cost=words.with_unit("money", float(money.present_value(results, results.equal_to, "public_cost").mean())),
        first=results.start_year, last=results.horizon, difference=words.percent(max(met, default=0.0), 1),
        grants=telling.listed(results, words, grants, lambda value: words.with_unit("money", value)),
    )  # fmt: skip
    return [text, *([not_equal(results, words)] if missed(results) else [])]


def capped(results: Results, words: Words) -> list[str]:
    """Page one: what may be spent a year, and who is served first; nothing where there is no such budget."""
    if results.annual_budget is None:
        return []
    priority = results.manifest["budget"].get("priority") or []
    first = words.join([results.lever_name(str(key), words.lang) for key in priority])
    order = words("front_capped_first", levers=first) if first else words("front_capped_usual")
    text = words("front_capped", annual=words.with_unit("money", results.annual_budget), order=order)
    return [text, *unreached(results, words)]


def unreached(results: Results, words: Words) -> list[str]:
    """Which strategies are the reference in all but name, because the yearly budget never came to them."""
    keys = effects.unreached(results)
    if not keys:
        return []
    spent = words.with_unit("money", money.yearly_mean(results, results.reference, "public_cost"))
    names, reference = telling.named(results, keys, words), telling.quoted(results, results.reference, words)
    return [words("front_unreached", names=names, reference=reference, spent=spent, n=results.n)]


def not_equal(results: Results, words: Words) -> str:
    """Which strategies do not have the same cost, and why."""
    parts = [
        words(
            "front_unequal_part",
            name=telling.quoted(results, key, words),
            difference=words.percent(record["difference"], 1),
            reason=record.get(f"reason_{words.lang}", ""),
        )
        for key, record in missed(results).items()
    ]
    return words("front_unequal", parts=words("semicolon").join(parts))


def card_sentence(results: Results, words: Words, key: str) -> str:
    """Card of a strategy: the grants that make its cost equal."""
    if results.equal_to == key:
        return words("card_equal_target")
    found = records(results).get(key)
    if not found:
        return ""
    text = words(
        "card_equal_cost", lever=results.lever_name(str(found["lever"]), words.lang),
        scale=words.number(float(found["scale"]), 2), target=telling.quoted(results, results.equal_to, words),
        difference=words.percent(found["difference"], 1), n=int(found["futures"]),
    )  # fmt: skip
    if found.get("reached", True):
        return text
    return words("gap").join([text, words("same_cost_missed", reason=found.get(f"reason_{words.lang}", ""))])
