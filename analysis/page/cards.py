"""One card per strategy: what, where, when, who pays, how much a year."""

from __future__ import annotations

from typing import Any

from analysis.answers import budget, inputs, same_cost, telling
from analysis.data import money
from analysis.data.results import Results
from analysis.drawing.base import colour
from analysis.page import rows
from analysis.sentences.catalogue import Words

START, END, WHERE, INTENSITY = (
    ("start", "from", "on"),
    ("end", "until", "off"),
    ("targeting", "target", "where"),
    "intensity",
)


def build(results: Results, words: Words) -> list[dict[str, Any]]:
    """Cards of all strategies, the reference first."""
    return [card(results, words, key) for key in [results.reference, *results.others]]


def card(results: Results, words: Words, key: str) -> dict[str, Any]:
    """One card; other strategies than the reference list only what differs from it."""
    entry = results.strategy(key)
    levers = entry.get("levers") or {}
    is_reference = key == results.reference
    base = {} if is_reference else results.strategy(results.reference).get("levers") or {}
    changed = {name: settings for name, settings in levers.items() if is_reference or base.get(name) != settings}
    removed = [results.lever_name(name, words.lang) for name in base if name not in levers]
    missing = entry.get(f"missing_{words.lang}") or []
    if not is_reference and missing == (results.strategy(results.reference).get(f"missing_{words.lang}") or []):
        missing = []  # told once, on the card of the reference
    total = money.yearly_mean(results, key, "public_cost")
    reference = telling.quoted(results, results.reference, words)
    same = not is_reference and levers and len(changed) < len(levers)
    return {
        "name": results.name(key, words.lang),
        "colour": colour(results, key),
        "description": entry.get(f"description_{words.lang}") or "",
        "reference": is_reference,
        "incomplete": bool(entry.get("incomplete")),
        "missing": words("card_missing", names=words.join([str(name) for name in missing])) if missing else "",
        "rows": [lever_row(results, words, key, name, settings) for name, settings in changed.items()],
        "same_cost": scale_text(results, words, key),
        "assumed": assumed(results, words, list(changed)),
        "removed": words("card_removed", names=words.join(removed)) if removed and levers else "",
        "same": words("card_same", reference=reference) if same else "",
        "nothing": words("card_nothing") if not levers else "",
        "total": words("card_total", value=words.with_unit("money", total)) if results.has("public_cost") else "",
    }


def scale_text(results: Results, words: Words, key: str) -> str:
    """How the strategy was given its cost, where it was."""
    if results.equal_to:
        return budget.card_sentence(results, words, key)
    return rows.scale_sentence(results, words) if key == same_cost.grants(results) else ""


def assumed(results: Results, words: Words, levers: list[str]) -> str:
    """How many settings of these levers have no source."""
    prefixes = tuple(f"{lever}." for lever in levers)
    found = [
        inputs.is_assumed(row.get("source"))
        for row in results.manifest.get("parameters", [])
        if prefixes and str(row.get("name", "")).startswith(prefixes)
    ]
    return words("card_assumed", assumed=sum(found), count=len(found)) if found else ""


def lever_row(results: Results, words: Words, strategy: str, lever: str, settings: Any) -> dict[str, Any]:
    """One lever of a card; settings as the reference has them are folded away."""
    settings = dict(settings) if isinstance(settings, dict) else {INTENSITY: settings}
    base: dict[str, Any] = {}
    if strategy != results.reference:
        base = (results.strategy(results.reference).get("levers") or {}).get(lever) or {}
    start, end = pick(settings, START), pick(settings, END)
    where = where_text(settings, words)
    payer = settings.pop("payer", None) or results.manifest.get("levers", {}).get(lever, {}).get("payer", "")
    defaults = defaults_of(results, lever)
    special = {name: value for name, value in settings.items() if value != base.get(name, defaults.get(name, value))}
    cost = money.yearly_mean(results, strategy, f"cost_{lever}")
    return {
        "name": results.lever_name(lever, words.lang),
        "when": period(start, end, words),
        "where": where,
        "payer": payer_text(payer, words),
        "money": words.with_unit("money", cost) if results.has(f"cost_{lever}") else "–",
        "settings": settings_list(results, lever, special, words),
        "more": settings_list(results, lever, {k: v for k, v in settings.items() if k not in special}, words),
    }


def defaults_of(results: Results, lever: str) -> dict[str, Any]:
    """Declared defaults of a lever's settings, as far as the study recorded them."""
    parameters = results.manifest.get("parameters", [])
    prefix = f"{lever}."
    found = {str(row.get("name", "")): row.get("default") for row in parameters}
    return (
        {INTENSITY: 1}
        | {name.removeprefix(prefix): value for name, value in found.items() if name.startswith(prefix)}
        | {INTENSITY: 1}
    )


def pick(settings: dict[str, Any], names: tuple[str, ...]) -> Any:
    """Take the first of these settings out of the rest."""
    found = None
    for name in names:
        value = settings.pop(name, None)
        found = value if found is None else found
    return found


def period(start: Any, end: Any, words: Words) -> str:
    """Dates of a lever."""
    if start and end:
        return words("card_between", start=start, end=end)
    if start:
        return words("card_from", start=start)
    return words("card_until", end=end) if end else words("card_always")


def where_text(settings: dict[str, Any], words: Words) -> str:
    """Villages that a lever aims at; takes these settings out of the rest."""
    parts = []
    below, above = settings.pop("income_below", None), settings.pop("income_above", None)
    if below is not None:
        parts.append(words("target_below", line=shown(below, words)))
    if above is not None:
        parts.append(words("target_above", line=shown(above, words)))
    towns, villages = settings.pop("towns", None), settings.pop("villages", None)
    if towns:
        parts.append(shown(towns, words))
    if villages:
        parts.append(words("target_count", count=len(villages) if isinstance(villages, list | tuple) else 1))
    share, years, unit = (settings.pop(name, None) for name in ("pilot_share", "phase_in_years", "phase_in_by"))
    if share is not None:
        parts.append(words("target_pilot", share=words.percent(float(share))))
    if years is not None:
        parts.append(words(f"target_phase_in_{unit or 'town'}", years=int(years)))
    where = pick(settings, WHERE)
    if where not in (None, "", "all", {}):
        parts.append(shown(where, words).replace("_", " "))
    return words.join(parts) or words("target_all")


def payer_text(payer: Any, words: Words) -> str:
    """Who pays for a lever."""
    if isinstance(payer, dict):
        payer = list(payer)
    names = payer if isinstance(payer, list | tuple) else [payer]
    return words.join([words(f"payer_{name}") if words.has(f"payer_{name}") else str(name) for name in names if name])


def settings_list(results: Results, lever: str, settings: dict[str, Any], words: Words) -> list[str]:
    """Intensity and amounts of a lever, in the labels of its settings."""
    manifest = results.manifest
    labels = {str(entry.get("name", "")): entry for entry in manifest.get("parameters", [])}
    choices = manifest.get("levers", {}).get(lever, {}).get("choices", {})
    parts = []
    for name, value in settings.items():
        if name == INTENSITY:
            if value != 1:
                parts.append(words("card_intensity", value=shown(value, words)))
            continue
        if name in choices:
            label, text = choices[name][words.lang], option_text(choices[name]["options"], str(value), words)
        else:
            entry = labels.get(f"{lever}.{name}") or {}
            label = str(entry.get(words.lang) or name.replace("_", " "))
            unit = entry.get("unit_zh" if words.lang == "zh" else "unit") or ""
            text = f"{shown(value, words)} {unit}".strip()
            if entry and inputs.is_assumed(entry.get("source")):
                text += words("assumed_mark")
        parts.append(words("card_setting", name=label, value=text))
    return parts


def option_text(options: dict[str, str], value: str, words: Words) -> str:
    """A named option in the language."""
    return options.get(value, value) if words.lang == "zh" else value.replace("_", " ")


def shown(value: Any, words: Words) -> str:
    """A setting as text; a mapping of years reads as steps."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        steps = [words("card_in_year", year=year, value=shown(item, words)) for year, item in value.items()]
        return words.join(steps)
    if isinstance(value, list | tuple):
        return words.join([shown(item, words) for item in value])
    if isinstance(value, int | float):
        return f"{value:g}".replace("-", "−")
    return str(value)
