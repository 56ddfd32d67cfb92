"""The section on other forms of the model: sentences and one table, and the sentence of page one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.answers import found, structures, telling
from analysis.answers.structures import EFFECT, KEYS, OWN
from analysis.data.effects import PROFIT, available
from analysis.data.results import Results
from analysis.page import notes
from analysis.sentences.catalogue import Words

CLEAR = ("higher", "lower", "better", "worse")
FLIPS, HOLDS, DEPENDS, OPEN = ("flips", "holds", "depends", "open")


def name_of(results: Results, form: str, words: Words) -> str:
    """A form in words."""
    return results.form_name(form, words.lang) if form != OWN else words("structures_own")


def possible(results: Results) -> bool:
    """Whether a study compares policies in other forms of the model."""
    return found()["structures"].can_tell(results)


def lead(results: Results, words: Words) -> str:
    """Which forms there are besides the study's own, and of how many futures."""
    names = words("semicolon").join(name_of(results, form, words) for form in results.forms)
    told = {level: notes.numbers(results, level.removesuffix("s"), words) for level in ("worlds", "seeds")}
    return words("structures_lead", count=len(results.forms), names=names, n=results.n, **told)


def parts(results: Results, words: Words) -> dict[str, Any]:
    """The sentences, and the table: a row for each answer, a column for each form."""
    table = structures.table(results)
    heads = [name_of(results, form, words) for form in structures.in_forms(results)]
    rows = [row_of(results, rows, words) for _, rows in table.groupby(KEYS, sort=False)]
    return {"lines": lines(results, words), "heads": heads, "rows": rows}


def lines(results: Results, words: Words) -> list[str]:
    """What flips, what is clear in some forms alone, what holds, what is open, and the order of policies."""
    table = structures.table(results)
    told = []
    for state in (FLIPS, DEPENDS):
        for _, rows in table[table["stands"] == state].groupby(KEYS, sort=False):
            by_form = [
                words("structures_in_form", form=name_of(results, row["form"], words),
                      answer=words(f"answer_{row['answer']}"), count=count(row, words))
                for _, row in rows.iterrows()
            ]  # fmt: skip
            values = {"subject": subject(results, rows.iloc[0], words), "parts": words("semicolon").join(by_form)}
            told.append(words(f"structures_{state}", **values))
    held = [holding(results, rows, words) for _, rows in table[table["stands"] == HOLDS].groupby(KEYS[:2], sort=False)]
    told += [words("structures_holds", parts=words("semicolon").join(held))] if held else []
    unknown = table[table["stands"] == OPEN].drop_duplicates(KEYS)
    names = [subject(results, row, words) for _, row in unknown.iterrows()]
    told += [words("structures_open", names=words("semicolon").join(names))] if names else []
    return told + ([order(results, words)] if available(results, PROFIT) else [])


def subject(results: Results, row: pd.Series, words: Words) -> str:
    """What an answer is about: a policy and an income, or the same money as grants."""
    name = telling.quoted(results, row["strategy"], words)
    return words(f"structures_about_{row['asked']}", name=name, outcome=words(f"outcome_{row['indicator']}"))


def count(row: pd.Series, words: Words) -> str:
    """In how many futures a policy does better; nothing where it was not compared."""
    if pd.isna(row["share_better"]):
        return "–"
    return words("futures_short", count=round(row["share_better"] * row["n"]), n=int(row["n"]))


def holding(results: Results, rows: pd.DataFrame, words: Words) -> str:
    """Answers on one income that hold, with the least share of futures of any form."""
    parts = []
    for (key, answer), group in rows.groupby(["strategy", "answer"], sort=False):
        agree = group["share_better" if answer in ("higher", "better") else "share_worse"]
        least = group.loc[agree.idxmin()]
        told = words("futures_short", count=round(agree.min() * least["n"]), n=int(least["n"]))
        name = telling.quoted(results, str(key), words)
        parts.append(words("structures_at_least", name=name, answer=words(f"answer_{answer}"), count=told))
    about = rows.iloc[0]
    head = words(f"structures_of_{about['asked']}", outcome=words(f"outcome_{about['indicator']}"))
    return words("structures_group", head=head, parts=words.join(parts))


def order(results: Results, words: Words) -> str:
    """The order of policies by mean profit in every form, and who clearly changes places."""
    found = structures.orders(results, PROFIT)
    own = found[OWN]
    if len(own) < 2:
        return ""
    in_words = {form: words.join([telling.quoted(results, key, words) for key in keys]) for form, keys in found.items()}
    others = [form for form, keys in found.items() if keys != own]
    if not others:
        return words("structures_order", order=in_words[OWN])
    parts = [words("structures_order_in", form=name_of(results, form, words), order=in_words[form]) for form in others]
    pairs = [
        words("structures_pair", form=name_of(results, form, words), one=telling.quoted(results, one, words),
              two=telling.quoted(results, two, words))
        for form, one, two in structures.turned_pairs(results, PROFIT)
    ]  # fmt: skip
    clear = words("structures_pairs", parts=words("semicolon").join(pairs)) if pairs else words("structures_chance")
    changed = words("structures_order_changes", order=in_words[OWN], parts=words("semicolon").join(parts))
    return words("gap").join([changed, clear])


def row_of(results: Results, rows: pd.DataFrame, words: Words) -> dict[str, Any]:
    """One answer in every form."""
    first = rows.iloc[0]
    return {"head": subject(results, first, words), "state": words(f"stands_{first['stands']}"),
            "flips": first["stands"] == FLIPS, "cells": [cell(row, words) for _, row in rows.iterrows()]}  # fmt: skip


def cell(row: pd.Series, words: Words) -> dict[str, str]:
    """Mean effect or answer, in how many futures it is better, and its place among the policies."""
    clear = row["answer"] if row["answer"] in CLEAR else "same faint"
    if row["asked"] != EFFECT:
        return {"main": words(f"answer_{row['answer']}"), "spread": count(row, words), "verdict": clear}
    place = words("structures_place", place=int(row["place"]))
    value = telling.changed_by(row, words)
    return {"main": value, "spread": words.join([count(row, words), place]), "verdict": row["answer"]}


def front(results: Results, words: Words) -> str | None:
    """Page one: how many answers hold in all forms, which flip, whether the order does; None without other forms."""
    if not possible(results):
        return None
    table = structures.table(results).drop_duplicates(KEYS)
    number = table["stands"].value_counts()
    total, held, forms = len(table), int(number.get(HOLDS, 0)), len(results.forms) + 1
    key = "front_structures_all" if held == total else "front_structures"
    told = [words(key, total=total, held=held, forms=forms, depends=int(number.get(DEPENDS, 0)),
                  open=int(number.get(OPEN, 0)), section=words("section_structures"))]  # fmt: skip
    flips = [subject(results, row, words) for _, row in table[table["stands"] == FLIPS].iterrows()]
    names = words("semicolon").join(flips[: telling.MOST_NAMES])
    told += [words("front_structures_flip", count=len(flips), names=names)] if flips else []
    places = structures.turned_pairs(results, PROFIT)
    told.append(words("front_structures_order" if places else "front_structures_no_order", count=len(places)))
    return words("gap").join(told)
