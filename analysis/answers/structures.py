"""Which answers hold in every form of the model and which flip, where a study turned contested structures.

Each form is read as a study of its own, by the same functions as the study itself. The study's own forms come first, as
the form "".
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

import pandas as pd

from analysis.answers import Answer, same_cost
from analysis.data import effects
from analysis.data.effects import HEADLINE, PROFIT, available
from analysis.data.once import once
from analysis.data.results import Results
from analysis.sentences.verdict import Verdict

OWN = ""
OPPOSITES = ({"higher", "lower"}, {"better", "worse"})
EFFECT = "effect"
KEPT = ("n", "difference", "precision_low", "precision_high", "share_better", "share_worse")
KEYS = ["asked", "indicator", "strategy"]
"""What names an answer; it stands once in every form."""


@once
def in_forms(results: Results) -> dict[str, Results]:
    """The study by form of the model, its own forms first."""
    return {OWN: results, **{form: results.in_form(form) for form in results.forms}}


def stands(answers: Iterable[str]) -> str:
    """Whether an answer holds in all forms, flips in one, is clear in some alone (depends), or in none (open)."""
    found = set(answers)
    if any(pair <= found for pair in OPPOSITES):
        return "flips"
    clear = found & set().union(*OPPOSITES)
    return "open" if not clear else "holds" if len(found) == 1 else "depends"


@once
def table(results: Results) -> pd.DataFrame:
    """The headline answers in every form: a row for each form of each answer, profit first.

    `asked` is `effect` (of a policy on an income, with its `place` by the mean among policies) or `same_money` (against
    the same money as grants); `answer` is one word; `stands` is the same for all forms (see `stands`).
    """
    rows = [row for form, turned in in_forms(results).items() for row in _answers(form, turned)]
    found = pd.DataFrame(rows, columns=["form", *KEYS, *KEPT, "place", "answer"])
    return found.assign(stands=found.groupby(KEYS)["answer"].transform(stands))


def _answers(form: str, results: Results) -> list[dict[str, object]]:
    """All answers of one form."""
    rows = []
    for indicator in (name for name in HEADLINE if available(results, name)):
        for place, key in enumerate(order(results, indicator), start=1):
            row = effects.effect(results, key, indicator, results.horizon)
            told = {name: row[name] for name in KEPT} | {"place": place, "answer": row["verdict"]}
            rows.append({"form": form, "asked": EFFECT, "indicator": indicator, "strategy": key, **told})
    if same_cost.grants(results) is not None:
        found = same_cost.table(results)
        for _, row in found[found["indicator"] == PROFIT].iterrows():
            told = {name: row[name] for name in KEPT} | {"answer": same_cost.answer(row)}
            rows.append({"form": form, "asked": "same_money", "indicator": PROFIT, "strategy": row["strategy"], **told})
    return rows


def order(results: Results, indicator: str) -> list[str]:
    """Policies by their mean effect in one form, the largest first."""
    means = {key: effects.change(results, key, indicator).mean() for key in same_cost.policies(results)}
    return sorted(means, key=lambda key: -means[key])


def turned_pairs(results: Results, indicator: str) -> list[tuple[str, str, str]]:
    """Policies that clearly change places: form, the one clearly above there, and the one clearly above here."""
    return [
        (form, one, two)
        for one, two in permutations(same_cost.policies(results), 2)
        if above(results, two, one, indicator)
        for form, turned in in_forms(results).items()
        if form != OWN and above(turned, one, two, indicator)
    ]


def above(results: Results, one: str, two: str, indicator: str) -> bool:
    """Whether one strategy may be called higher than another, by more than what is too small to matter."""
    first, second = (effects.outcomes(results, key, indicator, results.horizon) for key in (one, two))
    return Verdict.of(effects.compared(first, second) | {"indicator": indicator}).word == "higher"


ANSWER = Answer("structures", table, lambda results: bool(results.forms), sheet="structures")
ANSWERS = (ANSWER,)
