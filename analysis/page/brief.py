"""The brief 参阅件: two pages for whoever decides, as a page for print and as a Word file.

Question; three findings, each with how certain it is; one figure; one table; two reservations; what to do next; what
it hangs on. Every piece is one of the report's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.answers import doubts, found, same_cost
from analysis.answers.telling import changed_by, named, quoted
from analysis.data import effects
from analysis.data.results import Results
from analysis.page import brief_word, figures, front, notes, rows
from analysis.page.render import render
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import CLEAR, Verdict, certainty

PAGE, WORD_FILE = "brief.html", "brief.docx"
MOST_FINDINGS = 3
MOST_STEPS = 3
FIGURES = ("brief", f"fan_{effects.PROFIT}")
"""Answers whose picture the brief shows: the first that the study allows."""
RESERVATIONS = ("yields", "measure")
"""Of the report's reservations, the two that weigh most on a decision."""


def write(results: Results, folder: Path, languages: Sequence[str]) -> list[Path]:
    """Write `brief.html`, and a Word file for each language where python-docx is installed; the page comes first.

    The Word file of the first language has no language in its name.
    """
    pages = [build(results, Words.of(results.manifest, lang)) for lang in languages]
    paths = [render("brief.html.j2", pages, folder, PAGE)]
    for place, page in enumerate(pages if brief_word.available() else []):
        name = WORD_FILE if not place else f"brief.{page['lang']}.docx"
        brief_word.write(page, results, folder / name)
        paths.append(folder / name)
    return paths


def build(results: Results, words: Words) -> dict[str, Any]:
    """What the page and the Word file show, in one language."""
    answer = next((found()[name] for name in FIGURES if found()[name].can_tell(results)), None)
    picture = answer.picture if answer else None
    return {
        "t": words, "lang": words.lang,
        "title": words("brief_title", district=str(results.manifest.get("district", {}).get(words.lang, ""))),
        "meta": notes.meta(results, words), "question": front.asked(results, words),
        "findings": findings(results, words), "picture": picture,
        "figure": figures.draw(answer, picture, results, words) if answer and picture else None,
        "table": rows.differences(results, words) if results.others else None,
        "reservations": [words(f"caveat_{name}") for name in RESERVATIONS],
        "hangs_on": [*doubts.deciding(results, words), *front.assumed(results, words)],
        "steps": front.next_steps(results, words)[:MOST_STEPS], "assumption": words("assumption_box"),
        "cite": notes.citation(results, words),
    }  # fmt: skip


# Findings -------------------------------------------------------------------------------------------------------------


def findings(results: Results, words: Words) -> list[dict[str, str]]:
    """At most three findings: `text`, and `certainty` in words; the last is what measures do that are in force."""
    told = [largest(results, words), same_money(results, words), in_force(results, words), aim(results, words)]
    return [one for one in told if one][:MOST_FINDINGS]


def sure(row: Mapping[str, Any], words: Words) -> str:
    """How certain a difference is: a word, and the futures that agree."""
    word, share = certainty(row)
    return words(f"certainty_{word}", count=round(share * row["n"]), n=int(row["n"]))


def largest(results: Results, words: Words) -> dict[str, str] | None:
    """The policy that clearly changes mean profit most, with turnover beside it; that none does, where none does."""
    told = [effects.row(results, key, effects.PROFIT, results.horizon) for key in same_cost.policies(results)]
    there = [row for row in told if row is not None]
    clear = [row for row in there if Verdict.of(row).word in CLEAR]
    reference = quoted(results, results.reference, words)
    if not there:
        return None
    if not clear:
        return {"text": words("brief_none_clear", reference=reference, n=results.n), "certainty": ""}
    row = max(clear, key=lambda one: abs(one["difference"]))
    turnover = effects.row(results, row["strategy"], effects.TURNOVER, results.horizon)
    text = words(
        f"brief_{row['verdict']}", name=quoted(results, row["strategy"], words), reference=reference,
        year=results.horizon, value=changed_by(row, words, signed=False, unit=True),
        turnover="" if turnover is None else words("brief_turnover", value=changed_by(turnover, words, unit=True)),
    )  # fmt: skip
    return {"text": words("gap").join(filter(None, [text, front.order(results, words)])), "certainty": sure(row, words)}


def same_money(results: Results, words: Words) -> dict[str, str] | None:
    """Which policies clearly do more for mean profit than the same money as grants, and where turnover differs."""
    table = same_cost.table(results)
    lines = table[table["indicator"] == effects.PROFIT]
    lines = lines[lines["reason"] == ""]
    if lines.empty:
        return None
    better = lines[[same_cost.answer(row) == "better" for _, row in lines.iterrows()]]
    differing = same_cost.differing(results, words)
    if better.empty:
        return {"text": words("sentence", text=words("brief_same_money_none") + differing), "certainty": ""}
    least = min((row for _, row in better.iterrows()), key=lambda row: certainty(row)[1])
    names = named(results, [str(key) for key in better["strategy"]], words)
    text = words("sentence", text=words("brief_same_money", names=names) + differing)
    return {"text": text, "certainty": sure(least, words)}


def in_force(results: Results, words: Words) -> dict[str, str] | None:
    """Where mean profit and turnover are under the reference, and what they would be without any measure."""
    none = results.without_measures
    if not front.held(results):
        return None
    reference = quoted(results, results.reference, words)
    level = front.level_of(results, results.reference, words)
    if none is None or none == results.reference:
        return {"text": words("brief_level", reference=reference, year=results.horizon, level=level), "certainty": ""}
    row = effects.row(results, none, front.held(results)[0], results.horizon)
    text = words("brief_in_force", reference=reference, year=results.horizon, level=level,
                 without=front.level_of(results, none, words))  # fmt: skip
    return {"text": text, "certainty": "" if row is None else sure(row, words)}


def aim(results: Results, words: Words) -> dict[str, str] | None:
    """Whether the district's own aim is met."""
    text = front.aim_sentence(results, words)
    return {"text": text, "certainty": ""} if text else None
