"""Contested structures: where evidence does not decide between two forms of the model, both stay, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.declared import Declared
from sim.parameters import unknown_names
from sim.problems import Problem, nearest


@dataclass(frozen=True)
class Structure:
    """A choice between forms of the model.

    Attributes:
        zh: Chinese name.
        en: English name.
        forms: the forms by name, the usual one first, each with its Chinese and English meaning.
    """

    zh: str
    en: str
    forms: Mapping[str, tuple[str, str]]

    @property
    def usual(self) -> str:
        """The form that the model has unless another is named."""
        return next(iter(self.forms))


STRUCTURES: Declared[Structure] = Declared("structure", {
    "learning": Structure("学到的经验", "what was learnt from partners", {
        "fading": ("逐年淡忘，书记更替时又失去一部分", "fades, and leaves in part with the secretary"),
        "permanent": ("永久留在村里", "stays with the village for ever"),
    }),
    "income": Structure("公布的村均收入指什么", "what the published mean income counts", {
        "total_is_9.56": ("9.56万元是总收入，经营性收入是其中一部分", "9.56 is total income"),
        "operating_is_9.56": ("9.56万元是经营性收入，补助和其他收入另计", "9.56 is operating income"),
    }),
    "district_years": Structure("全区年景", "good and bad years of the whole district", {
        "on": ("各年好坏不同，偶有大起大落", "years differ, now and then much"),
        "off": ("除价格外年年相同", "all years are alike but for prices"),
    }),
    "start": Structure("起始资产结构", "mix of business at the start", {
        "rested": ("按模型自身选择留下的结构", "as the model's own choices leave it"),
        "drawn": ("收益最好的三种模式", "the three modes with the best return"),
    }),
})  # fmt: skip
"""Every contested structure by name."""


TURNED = "="
"""Between a structure and its form, where a form is named in one word: `learning=permanent`."""


def turned(named: Mapping[str, str], structures: Sequence[str]) -> dict[str, dict[str, str]]:
    """Forms of these structures that are not in force, each by its one word, with names in both languages."""
    forms = ((key, STRUCTURES[key], form) for key in structures for form in STRUCTURES[key].forms)
    return {
        f"{key}{TURNED}{form}": {"zh": f"{item.zh}：{item.forms[form][0]}", "en": f"{item.en}: {item.forms[form][1]}"}
        for key, item, form in forms
        if form != in_force(named)[key]
    }


def in_form(named: Mapping[str, str], word: str) -> dict[str, str]:
    """The forms that a study names, one structure turned to the form of a word of `turned`."""
    key, _, form = word.partition(TURNED)
    return {**named, key: form}


def in_force(named: Mapping[str, str]) -> Declared[str]:
    """The form of every structure: the one named, else the usual one."""
    return Declared("structure", {key: named.get(key, item.usual) for key, item in STRUCTURES.items()})


def check_structures(named: Any) -> list[Problem]:
    """All problems of forms as a study names them."""
    if not isinstance(named, Mapping):
        zh, en = "应为“结构: 形式”", "must hold structure: form"
        return [Problem(zh, en, field="structure", value=str(named), allowed=", ".join(STRUCTURES))]
    unknown = unknown_names(named, STRUCTURES, "")
    problems = [replace(problem, field=f"structure.{problem.field}") for problem in unknown]
    for key, form in named.items():
        forms = list(STRUCTURES[key].forms) if key in STRUCTURES else []
        if forms and form not in forms:
            problems.append(Problem("没有这种形式", "no such form", field=f"structure.{key}", value=str(form),
                                    allowed=", ".join(forms), nearest=nearest(str(form), forms)))  # fmt: skip
    return problems
