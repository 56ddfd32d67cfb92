"""What stands where in the report: sections in their order, where the first sentence of each comes from, its figures.

`sections/<id>.html.j2` shows a section; its title is the sentence `section_<id>`. A further section is a line here and
a template.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analysis.answers import question, recommendations
from analysis.data.effects import HEADLINE
from analysis.data.results import Results
from analysis.page import front, parts, structures
from analysis.sentences.catalogue import Words

Sentence = Callable[[Results, Words], str]


@dataclass(frozen=True)
class Section:
    """One section of the report.

    Attributes:
        id: of its template, title and anchor.
        first: its first sentence.
        parts: what its template needs besides.
        figures: answers whose pictures it shows, in order.
        needs_figures: whether it is left out where the study allows none of them.
        possible: whether it has anything to tell of a study.
        printed: whether it stands on paper; else it is a fold on the screen.
    """

    id: str
    first: Sentence
    parts: Callable[[Results, Words], dict[str, Any]] = lambda results, words: {}
    figures: tuple[str, ...] = ()
    needs_figures: bool = False
    possible: Callable[[Results], bool] = lambda results: True
    printed: bool = True


def said(key: str) -> Sentence:
    """The sentence with this id."""
    return lambda results, words: words(key)


INCOME_FANS = tuple(f"fan_{name}" for name in HEADLINE)
SECTIONS = (
    Section("findings", front.asked, parts.findings),
    Section("change", said("change_lead"), parts.change),
    Section("strategies", said("strategies_lead"), parts.strategies),
    Section("income", said("income_lead"), parts.income, (*INCOME_FANS, "fan_villages_aim_operating")),
    Section("same_cost", parts.same_cost_lead, figures=("same_cost",), needs_figures=True),
    Section("league", said("league_lead"), figures=("league",), needs_figures=True),
    Section("structures", structures.lead, structures.parts, possible=structures.ANSWER.can_tell),
    Section("gains", said("gains_lead"), figures=("winners", "by_starting_income"), needs_figures=True),
    Section("participation", said("participation_lead"), figures=("participation_funnel",), needs_figures=True),
    Section("aim", parts.aim_lead, parts.aim, possible=lambda results: len(question.table(results)) > 0),
    Section("withdrawal", said("withdrawal_lead"), figures=("withdrawal",), needs_figures=True),
    Section("money", parts.money_lead, parts.money, ("cost_by_payer",)),
    Section("next", said("next_lead"), parts.what_next),
    Section("left_out", said("left_out_lead"), parts.left_out),
    Section("record", parts.runs, parts.record),
    Section("sheet", said("sheet_lead_short"), possible=recommendations.in_study),
    Section("effects", parts.effects_lead, parts.effects, possible=lambda results: bool(results.others), printed=False),
    Section("parameters", parts.parameters_lead, parts.parameters, printed=False),
)

FIGURES: dict[str, tuple[str, ...]] = {section.id: section.figures for section in SECTIONS if section.figures}
"""Pictures by section."""


def shown(results: Results, with_figures: set[str]) -> list[Section]:
    """Sections that have something to tell of a study; `with_figures` are those of which a figure was drawn."""
    return [
        section
        for section in SECTIONS
        if section.possible(results) and (section.id in with_figures or not section.needs_figures)
    ]


SWEEP = ("sweep_curves", "sweep_map")
"""Pictures of the report of a sweep."""
