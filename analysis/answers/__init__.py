"""Answers to what a study is asked: one file each, which is a table, and may be a picture and a sentence.

A file declares `ANSWERS`; `found` collects them, so that a further file needs no other change. Where an answer stands
in the report and the workbook is said by `analysis.page.outline`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import pandas as pd
from matplotlib.figure import Figure

from analysis.data.results import Results
from analysis.sentences.catalogue import Words


@dataclass(frozen=True)
class Picture:
    """How an answer is drawn, and its two sentences.

    Attributes:
        draw: makes the figure, without title and foot.
        title: the finding in one sentence.
        note: id of the sentence that says how to read it.
        drawn_by: where strategies are many, the figure shows those that change this indicator most; empty: all.
        leaves_out_none: whether `none` is left out where there are others.
    """

    draw: Callable[[Results, Words], Figure]
    title: Callable[[Results, Words], str]
    note: str
    drawn_by: str = ""
    leaves_out_none: bool = False


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        name: of its table, its picture and their files.
        table: study → table; keys and units as in the study.
        possible: whether the study has what it needs, beyond what the next two say.
        needs_villages: whether it needs results by village.
        compares: whether it compares other strategies with the reference: there must be some, and one reference for
            all.
        picture: how it is drawn; None where it is a table alone.
        sheet: sheet of the workbook on which its table stands; empty: on none.
    """

    name: str
    table: Callable[[Results], pd.DataFrame]
    possible: Callable[[Results], bool] = lambda results: True
    needs_villages: bool = False
    compares: bool = True
    picture: Picture | None = None
    sheet: str = ""

    def can_tell(self, results: Results) -> bool:
        """Whether the study can answer."""
        if self.needs_villages and not results.has_villages():
            return False
        if self.compares and not (results.others and results.has_one_reference):
            return False
        return self.possible(results)


@cache
def found() -> dict[str, Answer]:
    """All answers by name."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    answers = [answer for name in modules for answer in getattr(import_module(f"{__name__}.{name}"), "ANSWERS", ())]
    return {answer.name: answer for answer in answers}
