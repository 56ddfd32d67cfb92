"""The table of strategies: what is done, when, where, who pays, how much a year, and the settings that matter."""

from __future__ import annotations

from typing import Any

from analysis.answers import budget, inputs, same_cost
from analysis.answers.recommendations import changed_levers
from analysis.data import effects, money
from analysis.data.results import Results
from analysis.page import rows
from analysis.sentences.catalogue import Words

START, END, WHERE = ("start", "from", "on"), ("end", "until", "off"), ("targeting", "target", "where")
INTENSITY = "intensity"
MONEY = {"unit": "万元", "unit_zh": "万元"}
BARE = ("0-1", "0–1", "ratio", "倍数", "share", "比例")
"""Units that say nothing behind a number."""
MOST_SETTINGS = 3
"""Settings of a lever that the table shows; the others are folded away."""


def build(results: Results, words: Words) -> list[dict[str, Any]]:
    """A group of lines for each strategy, the reference first."""
    return [card(results, words, key) for key in [results.reference, *results.others]]


def card(results: Results, words: Words, key: str) -> dict[str, Any]:
    """One strategy; others than the reference list only what differs from it."""
    entry, is_reference = results.strategy(key), key == results.reference
    levers = entry.get("levers") or {}
    base = {} if is_reference else results.strategy(results.reference).get("levers") or {}
    changed = list(levers) if is_reference else [name for name in changed_levers(results, key) if name in levers]
    removed = [results.lever_name(name, words.lang) for name in base if name not in levers]
    missing = entry.get(f"missing_{words.lang}") or []
    if not is_reference and missing == (results.strategy(results.reference).get(f"missing_{words.lang}") or []):
        missing = []  # told once, at the reference
    notes = [
        entry.get(f"description_{words.lang}") or ("" if levers else words("card_nothing")),
        scale_text(results, words, key),
        words("card_removed", names=words.join(removed)) if removed and levers else "",
        words("card_missing", names=words.join([str(name) for name in missing])) if missing else "",
    ]
    return rows.named(results, key, words) | {
        "name": results.name(key, words.lang), "reference": is_reference, "incomplete": bool(entry.get("incomplete")),
        "notes": [note for note in notes if note], "total": yearly(results, words, key, "public_cost"),
        "rows": [lever_row(results, words, key, name, levers[name]) for name in changed],
    }  # fmt: skip


def scale_text(results: Results, words: Words, key: str) -> str:
    """How the strategy was given its cost, where it was."""
    if results.equal_to:
        return budget.card_sentence(results, words, key)
    return rows.scale_sentence(results, words) if key == same_cost.grants(results) else ""


def yearly(results: Results, words: Words, key: str, indicator: str) -> str:
    """Cost a year, without its unit, in the digits that it carries."""
    if not results.has(indicator):
        return "–"
    values = money.a_year(results, key, indicator)
    return words.amount("money", values.mean(), half=effects.half_width(values.to_numpy()))


def assumed(results: Results, words: Words) -> str:
    """How many settings of the levers of this study have no source."""
    levers = {name for key in results.strategies for name in results.strategy(key).get("levers") or {}}
    count, of = inputs.without_source(results, sorted(levers))
    return words("card_assumed", assumed=count, count=of) if of else ""


def lever_row(results: Results, words: Words, strategy: str, lever: str, settings: Any) -> dict[str, Any]:
    """One lever: what differs from the reference and the defaults first, then amounts, then the rest."""
    settings = dict(settings) if isinstance(settings, dict) else {INTENSITY: settings}
    base: dict[str, Any] = {}
    if strategy != results.reference:
        base = (results.strategy(results.reference).get("levers") or {}).get(lever) or {}
    start, end = pick(settings, START), pick(settings, END)
    where = where_text(settings, words)
    payer = settings.pop("payer", None) or results.manifest.get("levers", {}).get(lever, {}).get("payer", "")
    defaults = defaults_of(results, lever)
    special = [name for name, value in settings.items() if value != base.get(name, defaults.get(name, value))]
    usual = [name for name, value in settings.items() if name not in special and value not in (0, None, False, "")]
    amounts = [name for name in usual if "万元" in str(results.parameter(f"{lever}.{name}").get("unit", ""))]
    if special and base:
        amounts = usual = []  # beside the reference only what is changed matters
    order = dict.fromkeys([*special, *amounts, *usual])
    told = settings_list(results, lever, {name: settings[name] for name in order}, words)
    return {
        "name": results.lever_name(lever, words.lang), "when": period(start, end, words), "where": where,
        "payer": payer_text(payer, words), "money": yearly(results, words, strategy, f"cost_{lever}"),
        "settings": told[:MOST_SETTINGS] or [words("card_intensity", value=shown(settings.get(INTENSITY, 1), words))],
        "more": told[MOST_SETTINGS:],
    }  # fmt: skip


def defaults_of(results: Results, lever: str) -> dict[str, Any]:
    """Declared defaults of a lever's settings, as far as the study recorded them."""
    pairs = [(str(row.get("name", "")).partition("."), row) for row in results.manifest.get("parameters", [])]
    return {name: row.get("default") for (owner, _, name), row in pairs if owner == lever and name} | {INTENSITY: 1}


def pick(settings: dict[str, Any], names: tuple[str, ...]) -> Any:
    """Take the first of these settings out of the rest."""
    return next((value for value in [settings.pop(name, None) for name in names] if value is not None), None)


def period(start: Any, end: Any, words: Words) -> str:
    """Dates of a lever."""
    key = {(True, True): "between", (True, False): "from", (False, True): "until", (False, False): "always"}
    return words(f"card_{key[bool(start), bool(end)]}", start=start, end=end)


def where_text(settings: dict[str, Any], words: Words) -> str:
    """Villages that a lever aims at; takes these settings out of the rest."""
    parts = []
    for side in ("below", "above"):
        line = settings.pop(f"income_{side}", None)
        if line is not None:
            parts.append(words(f"target_{side}", line=measured(line, MONEY, words)))
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
    names = list(payer) if isinstance(payer, list | tuple | dict) else [payer]
    return words.join([words(f"payer_{name}") if words.has(f"payer_{name}") else str(name) for name in names if name])


def settings_list(results: Results, lever: str, settings: dict[str, Any], words: Words) -> list[str]:
    """Intensity and amounts of a lever, in the labels of its settings; a star marks what has no source."""
    choices = results.manifest.get("levers", {}).get(lever, {}).get("choices", {})
    parts = []
    for name, value in settings.items():
        if name == INTENSITY:
            parts += [words("card_intensity", value=shown(value, words))] if value != 1 else []
            continue
        if name in choices:
            label, text = choices[name][words.lang], option_text(choices[name]["options"], str(value), words)
        else:
            entry = results.parameter(f"{lever}.{name}")
            label = words.own(str(entry.get(words.lang) or name.replace("_", " ")))
            text = measured(value, entry, words)
            if entry and inputs.is_assumed(entry.get("source")):
                text += words("assumed_mark")
        parts.append(words("card_setting", name=label, value=text))
    return parts


def measured(value: Any, entry: dict[str, Any], words: Words) -> str:
    """A setting with its unit; amounts in 万元 read as yuan on the English page."""
    unit = str(entry.get("unit_zh" if words.lang == "zh" else "unit") or "")
    if words.lang == "en" and "万元" in unit:
        unit, value = unit.replace("万元", "yuan"), scaled(value, 1e4)
    return f"{shown(value, words)} {'' if unit in BARE else unit}".strip()


def scaled(value: Any, factor: float) -> Any:
    """A number, or each number of a mapping of years, times a factor."""
    if isinstance(value, dict):
        return {year: scaled(item, factor) for year, item in value.items()}
    return value * factor if isinstance(value, int | float) and not isinstance(value, bool) else value


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
        return words.join([words("card_in_year", year=year, value=shown(item, words)) for year, item in value.items()])
    if isinstance(value, list | tuple):
        return words.join([shown(item, words) for item in value])
    if isinstance(value, int | float):
        return f"{value:,.4g}".replace("-", "−") if abs(value) < 1e4 else words.number(value, 0)
    return str(value)
