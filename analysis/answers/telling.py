"""Plain sentences from numbers; none claims more than the runs show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analysis.data import effects
from analysis.data.results import Results
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import UNREACHED, half_width

MOST_NAMES = 5
"""Strategies that a sentence names one by one."""
FEW_NAMES = 3
"""Strategies that a sentence names each with its value."""
SAID = ("better", "worse", "unclear", "same", "few", "cheaper", "grants_cheaper", "missing")
"""What may be said of a policy against the same money as grants, in the order of sentences."""


def start_name(key: str, words: Words) -> str:
    """Name of an initial condition."""
    return words(f"start_{key}") if words.has(f"start_{key}") else key.replace("_", " ")


def form_name(results: Results, form: str, words: Words) -> str:
    """A form of the model, or the study's own ones, in words."""
    told = results.manifest.get("structures", {}).get(form)
    return str(told[words.lang]) if told else words("structures_own")


def unit_name(unit: str, words: Words) -> str:
    """A unit of the model in a language: 村 is `villages`; one that has no sentence stays as it is."""
    return words.unit(unit) if words.has(f"unit_{unit}") else unit


def quoted(results: Results, key: str, words: Words) -> str:
    """Name of a strategy in quotation marks."""
    return words("quoted", name=results.short_name(key, words.lang))


def named(results: Results, keys: list[str], words: Words) -> str:
    """Strategies by name, or their number where they are many."""
    if len(keys) > MOST_NAMES:
        return words("strategies_count", count=len(keys))
    return words.join([quoted(results, key, words) for key in keys])


def mean_of(results: Results, key: str, indicator: str, words: Words) -> str:
    """Mean over futures at the horizon with its unit, in the digits that it carries."""
    values = results.at(key, indicator, results.horizon).dropna().to_numpy()
    return words.with_unit(kind_of(indicator), float(values.mean()), half=effects.half_width(values))


def changed_by(row: Mapping[str, Any], words: Words, signed: bool = True, unit: bool = False) -> str:
    """Mean difference of an effect, in the digits that it carries."""
    kind, value = kind_of(row["indicator"]), row["difference"]
    write = words.with_unit if unit else words.amount
    return write(kind, value if signed else abs(value), signed, half_width(row))


def grouped(results: Results, words: Words, answers: dict[str, str]) -> str:
    """Strategies by what is said of them: a word for each strategy, whose sentence is `group_<word>`."""
    groups = {word: [key for key, found in answers.items() if found == word] for word in SAID}
    return told(results, words, groups)


def told(results: Results, words: Words, groups: Mapping[str, list[str]]) -> str:
    """Strategies by name in groups, as far as there are any: `group_<word>`."""
    parts = [words(f"group_{word}", names=named(results, keys, words)) for word, keys in groups.items() if keys]
    return words("semicolon").join(parts)


def listed(results: Results, words: Words, values: dict[str, float], write: Callable[[float], str]) -> str:
    """A value for every strategy; where they are many, the lowest and the highest."""
    if len(values) <= FEW_NAMES:
        parts = [words("named_value", name=quoted(results, k, words), value=write(v)) for k, v in values.items()]
        return words.join(parts)
    texts = {key: write(value) for key, value in values.items()}
    low, high = (texts[choose(values, key=lambda key: values[key])] for choose in (min, max))
    if low == high:
        return words("all_alike", value=low)
    few, many = ([key for key, text in texts.items() if text == end] for end in (low, high))
    return words("between", low=low, high=high, few=brief(results, few, words), many=brief(results, many, words))


def brief(results: Results, keys: list[str], words: Words) -> str:
    """One or two strategies by name, more by number."""
    if len(keys) > 2:
        return words("strategies_count", count=len(keys))
    return words.join([results.short_name(key, words.lang) for key in keys])


def compare_all(results: Results, words: Words, indicator: str, subject: str) -> str:
    """One sentence on all strategies: which are higher, which lower, which cannot be told apart."""
    groups: dict[str, list[str]] = {name: [] for name in ("higher", "lower", "unclear", "same", UNREACHED, "few")}
    for key in results.others:
        row = effects.row(results, key, indicator, results.horizon)
        if row is not None:
            groups[row["verdict"]].append(key)
    if not any(groups.values()):
        return words("only_levels", subject=subject, years=f"{results.years[0]}–{results.horizon}")
    if groups["few"]:
        return words("few_title", subject=subject, n=results.n)
    reference, parts = quoted(results, results.reference, words), told(results, words, groups)
    return words("compare_all", subject=subject, year=results.horizon, reference=reference, parts=parts)


def compare_income(results: Results, words: Words) -> str:
    """The same by profit, and those of which turnover says something else."""
    text = compare_all(results, words, effects.PROFIT, words(f"indicator_{effects.PROFIT}"))
    other: dict[str, list[str]] = {}
    for key in results.others:
        profit, turnover = (effects.row(results, key, name, results.horizon) for name in effects.HEADLINE)
        if profit is not None and turnover is not None and profit["verdict"] != turnover["verdict"]:
            other.setdefault(turnover["verdict"], []).append(key)
    return text + (words("by_turnover", parts=told(results, words, other)) if other else "")
