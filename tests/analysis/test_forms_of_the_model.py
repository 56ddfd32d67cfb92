"""What holds in every form of the model and what flips, told of studies that are known by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fake_study
import numpy as np
import pandas as pd
import pytest
from tiny_study import INCOME, TURNOVER, study

from analysis import StudyResults, load
from analysis.answers import structures
from analysis.data.results import Results
from analysis.page import structures as page
from analysis.page import write_report
from analysis.sentences.catalogue import Words

FORMS = {
    "learning=permanent": {"zh": "学到的经验：永久留在村里", "en": "what was learnt: stays for ever"},
    "start=drawn": {"zh": "起始资产结构：收益最好的三种模式", "en": "mix of business: the three best modes"},
}
NOISE = np.linspace(-0.2, 0.2, 20)
"""Twenty futures, whose effects differ a little and clearly agree."""


def by_form(effects: dict[str, dict[str, float]]) -> Results:
    """A study of the reference and policies: by form (`s`: the usual ones) and policy its mean effect on incomes."""
    frames, manifest = [], {}
    for form, of in effects.items():
        values: dict[tuple[str, str], Any] = {("base", name): 5 + NOISE for name in (INCOME, TURNOVER)}
        values |= {(key, name): 5 + 2 * NOISE + mean for key, mean in of.items() for name in (INCOME, TURNOVER)}
        made = study(values, starts=(form,))
        frames.append(made.frame(starts=[form]))
        manifest = manifest or made.manifest
    told = {form: FORMS[form] for form in effects if form != "s"}
    return StudyResults.of({**manifest, "structures": told}, pd.concat(frames, ignore_index=True))


SIGN = {"s": {"a": 1.0, "b": 2.0}, "learning=permanent": {"a": -1.0, "b": 2.5}, "start=drawn": {"a": 1.2, "b": 2.2}}
ORDER = {"s": {"a": 1.0, "b": 2.0}, "learning=permanent": {"a": 3.0, "b": 2.0}, "start=drawn": {"a": 1.0, "b": 2.0}}


def stands(results: Results) -> dict[tuple[str, str], str]:
    table = structures.table(results)
    return {(row["strategy"], row["indicator"]): row["stands"] for _, row in table.iterrows()}


def text_of(results: Results, lang: str = "en") -> str:
    words = Words(lang)
    return " ".join([page.lead(results, words), *page.parts(results, words)["lines"], page.front(results, words) or ""])


def test_a_sign_that_one_form_turns_round_flips_and_the_others_hold() -> None:
    results = by_form(SIGN)
    assert stands(results) == {("a", INCOME): "flips", ("b", INCOME): "holds",
                               ("a", TURNOVER): "flips", ("b", TURNOVER): "holds"}  # fmt: skip
    table = structures.table(results)
    row = table[(table["strategy"] == "a") & (table["indicator"] == INCOME)].set_index("form")
    assert row["answer"].to_dict() == {"": "higher", "learning=permanent": "lower", "start=drawn": "higher"}
    assert row["difference"].round(9).to_dict() == {"": 1.0, "learning=permanent": -1.0, "start=drawn": 1.2}
    assert row["share_better"].to_dict() == {"": 1.0, "learning=permanent": 0.0, "start=drawn": 1.0}
    text = text_of(results)
    assert "what was learnt: stays for ever: lower (20/20)" in text
    assert "2 flip (“Plan a”: profit, with what was learnt: stays for ever" in text
    assert "three best modes: higher" not in text, "where it is as in the usual forms"
    assert "“Plan b” higher (≥ 20/20)" in text


def test_an_effect_that_is_clear_in_some_forms_only_neither_holds_nor_flips() -> None:
    results = by_form({**SIGN, "learning=permanent": {"a": 0.0, "b": 2.0}})
    assert stands(results)["a", INCOME] == "depends"
    assert "can't tell" in text_of(results)


def test_an_order_that_one_form_turns_round_is_told_with_the_form() -> None:
    results = by_form(ORDER)
    assert set(stands(results).values()) == {"holds"}
    assert structures.order(results, INCOME) == ["b", "a"]
    assert structures.order(results.in_form("learning=permanent"), INCOME) == ["a", "b"]
    assert structures.turned_pairs(results, INCOME) == [("learning=permanent", "a", "b")]
    table = structures.table(results)
    places = table[table["indicator"] == INCOME].set_index(["form", "strategy"])["place"]
    assert places["", "a"] == 2
    assert places["learning=permanent", "a"] == 1
    assert "“Plan a” is clearly above “Plan b”" in text_of(results)
    assert "“策略a”明确高于“策略b”" in text_of(results, "zh")


def test_means_that_change_places_by_chance_are_no_flip() -> None:
    results = by_form({"s": {"a": 1.0, "b": 1.0 + 1e-4}, "start=drawn": {"a": 1.0, "b": 1.0 - 1e-4}})
    assert structures.order(results, INCOME) == ["b", "a"]
    assert structures.order(results.in_form("start=drawn"), INCOME) == ["a", "b"]
    assert structures.turned_pairs(results, INCOME) == []
    assert "by the means alone another one with mix of business" in text_of(results)
    assert "clearly above" not in text_of(results)


def test_where_all_holds_it_is_said_so() -> None:
    results = by_form({"s": {"a": 1.0, "b": 2.0}, "start=drawn": {"a": 1.1, "b": 2.1}})
    words = Words("en")
    assert "Order by profit, the same in all forms" in " ".join(page.parts(results, words)["lines"])
    assert str(page.front(results, words)).endswith("of 4 answers on policies 4 hold in all 2 forms.")


def test_ten_futures_are_needed_for_any_word() -> None:
    few = by_form(SIGN).filter(futures=[(0, 0), (1, 1)])
    assert not few.forms, "a part of a study is of its own forms"


@pytest.mark.parametrize("forms", [{}, {"start=drawn": FORMS["start=drawn"]}])
def test_without_other_forms_nothing_is_said(forms: dict[str, Any]) -> None:
    results = study({("base", INCOME): [1, 2], ("a", INCOME): [2, 3]}, structures=forms)
    assert results.forms == []
    assert page.front(results, Words("en")) is None
    assert not structures.ANSWERS[0].can_tell(results)


def test_other_forms_are_no_starts_and_each_reads_as_a_study() -> None:
    results = by_form(SIGN)
    assert results.starts == ["s"]
    assert results.forms == ["learning=permanent", "start=drawn"]
    turned = results.in_form("learning=permanent")
    assert turned.at("a", INCOME, 2024).mean() == pytest.approx(4.0)
    assert len(results.frame(starts=results.forms)) == 2 * 3 * 20


def test_a_form_in_which_all_runs_of_a_strategy_failed_is_left_out() -> None:
    whole = by_form(SIGN)
    runs = whole.frame(starts=["s", *whole.forms])
    lost = (runs["strategy"] == "b") & (runs["start"] == "start=drawn")
    results = StudyResults.of(whole.manifest, runs[~lost])
    assert results.forms == ["learning=permanent"]
    assert results.starts == ["s"]
    assert "of 4 answers" in text_of(results)


def test_the_report_has_a_section_a_table_and_a_sheet(tmp_path: Path) -> None:
    folder = fake_study.write(tmp_path / "study", futures=24, villages=20, forms=FORMS)
    report = write_report(folder, tmp_path / "out")
    text = report.read_text(encoding="utf-8")
    assert text.count(Words("en")("section_structures")) > 1
    assert FORMS["start=drawn"]["zh"] in text
    assert FORMS["start=drawn"]["en"] in text
    table = pd.read_csv(tmp_path / "out" / "tables" / "structures.csv", encoding="utf-8-sig")
    assert set(table["form"].fillna("")) == {"", *FORMS}
    assert set(table["asked"]) == {"effect", "same_money"}
    sheets = pd.ExcelFile(tmp_path / "out" / "results.en.xlsx", engine="openpyxl").sheet_names
    assert "Forms of the model" in sheets
    assert load(folder).starts == ["bazhong_mean", "target_consistent"]
