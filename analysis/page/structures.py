"""The section on other forms of the model: sentences and one table, and the sentence of page one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.answers import structures, telling
from analysis.answers.structures import ANSWER, EFFECT, KEYS, OWN
from analysis.data.effects import PROFIT
from analysis.data.results import Results
from analysis.page import notes
from analysis.sentences.catalogue import Words


def lead(results: Results, words: Words) -> str:
    """Which forms there are besides the study's own, and of how many futures."""
    told = {level: notes.numbers(results, level, words) for level in ("world", "seed")}
    names = words("semicolon").join(telling.form_name(results, form, words) for form in results.forms)
    return words("structures_lead", count=len(results.forms), names=names, n=results.n, **told)


def parts(results: Results, words: Words) -> dict[str, Any]:
    """The sentences, and the table: a row for each answer, a column for each form."""
    heads = [telling.form_name(results, form, words) for form in structures.in_forms(results)]
    rows = [
        {"head": subject(results, rows, words), "stands": rows["stands"].iloc[0],
         "cells": [cell(row, words) for _, row in rows.iterrows()]}
        for _, rows in structures.table(results).groupby(KEYS, sort=False)
    ]  # fmt: skip
    return {"lines": lines(results, words), "heads": heads, "rows": rows}


def lines(results: Results, words: Words) -> list[str]:
    """What flips and in which form, what is clear in some forms alone, what holds, and the order of policies."""
    table, told = structures.table(results), []
    for state in ("flips", "depends"):
        for _, rows in table[table["stands"] == state].groupby(KEYS, sort=False):
            said = [words("structures_in_form", form=telling.form_name(results, row["form"], words),
                          answer=words(f"answer_{row['answer']}"), count=count(row, words))
                    for _, row in apart(rows).iterrows()]  # fmt: skip
            values = {"subject": subject(results, rows, words), "parts": words("semicolon").join(said)}
            told.append(words("structures_apart", stands=words(f"stands_{state}"), **values))
    held = [
        holding(results, rows, words) for _, rows in table[table["stands"] == "holds"].groupby(KEYS[:2], sort=False)
    ]
    told += [words("structures_holds", parts=words("semicolon").join(held))] if held else []
    return [*told, order(results, words)]


def apart(rows: pd.DataFrame) -> pd.DataFrame:
    """An answer in the study's own forms, and in those where it is another."""
    return rows[(rows["form"] == OWN) | (rows["answer"] != rows["answer"].iloc[0])]


def subject(results: Results, rows: pd.DataFrame, words: Words) -> str:
    """What an answer is about: a policy and an income, or the same money as grants."""
    asked, indicator, strategy = rows[KEYS].iloc[0]
    outcome = words(f"outcome_{indicator}")
    return words(f"structures_about_{asked}", name=telling.quoted(results, strategy, words), outcome=outcome)


def share(row: pd.Series) -> float:
    """Share of the futures that agree with the answer; where it is not clear, of those where the policy is better."""
    return float(row["share_worse" if row["answer"] in ("lower", "worse") else "share_better"])


def count(row: pd.Series, words: Words) -> str:
    """The same as a count; a dash where nothing was compared."""
    return words("futures_short", count=round(share(row) * row["n"]), n=int(row["n"])) if row["n"] > 0 else "–"


def holding(results: Results, rows: pd.DataFrame, words: Words) -> str:
    """Answers of one kind that hold, with the least share of futures of any form."""
    said = []
    for key, group in rows.groupby("strategy", sort=False):
        least = min((row for _, row in group.iterrows()), key=share)
        said.append(words("structures_at_least", name=telling.quoted(results, str(key), words),
                          answer=words(f"answer_{least['answer']}"), count=count(least, words)))  # fmt: skip
    asked, indicator = rows[KEYS[:2]].iloc[0]
    outcome = words(f"outcome_{indicator}")
    measure = outcome if asked == EFFECT else words("structures_against", outcome=outcome)
    return words("by_measure", measure=measure, parts=words.join(said))


def order(results: Results, words: Words) -> str:
    """The order of policies by mean profit, the forms in which it is another, and who clearly changes places."""
    orders = {form: structures.order(turned, PROFIT) for form, turned in structures.in_forms(results).items()}
    names = {key: telling.quoted(results, key, words) for key in orders[OWN]}
    others = [telling.form_name(results, form, words) for form, keys in orders.items() if keys != orders[OWN]]
    key = "structures_order_other" if others else "structures_order"
    told = [words(key, order=words.join(list(names.values())), forms=words("semicolon").join(others))]
    told += [words("structures_pair", form=telling.form_name(results, form, words), one=names[one], two=names[two])
             for form, one, two in structures.turned_pairs(results, PROFIT)]  # fmt: skip
    return words("gap").join(told)


def cell(row: pd.Series, words: Words) -> dict[str, str]:
    """Mean effect and place among the policies, or the answer; and how many futures agree."""
    if row["asked"] != EFFECT:
        verdict = "higher" if row["answer"] in ("better", "worse") else "same faint"
        return {"main": words(f"answer_{row['answer']}"), "spread": count(row, words), "verdict": verdict}
    spread = words.join([count(row, words), words("structures_place", place=int(row["place"]))])
    return {"main": telling.changed_by(row, words), "spread": spread, "verdict": row["answer"]}


def front(results: Results, words: Words) -> str | None:
    """Page one: how many answers hold in all forms, which flip and in which form; None without other forms."""
    if not ANSWER.can_tell(results):
        return None
    table = structures.table(results)
    number = table.drop_duplicates(KEYS)["stands"].value_counts()
    flips = []
    for _, rows in table[table["stands"] == "flips"].groupby(KEYS, sort=False):
        forms = [telling.form_name(results, form, words) for form in apart(rows)["form"] if form != OWN]
        told = {"subject": subject(results, rows, words), "forms": words("semicolon").join(forms)}
        flips.append(words("structures_flip_in", **told))
    names = words("structures_flip", names=words("semicolon").join(flips[: telling.FEW_NAMES])) if flips else ""
    counts = {state: int(number.get(state, 0)) for state in ("flips", "depends", "open")}
    counts["pairs"] = len(structures.turned_pairs(results, PROFIT))
    rest = "".join(words(f"front_{state}", count=found, **({"names": names} if state == "flips" else {}))
                   for state, found in counts.items() if found)  # fmt: skip
    return words("front_structures", total=number.sum(), holds=int(number.get("holds", 0)), rest=rest,
                 forms=len(results.forms) + 1, section=words("section_structures"))  # fmt: skip
