"""The brief: three findings with certainty in words, the same in the page and in the Word file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_study import INCOME, study

from analysis.data import effects
from analysis.data.results import Results
from analysis.page import brief
from analysis.sentences.catalogue import LANGUAGES, Words
from analysis.sentences.verdict import certainty

ZH = Words("zh")


@pytest.mark.parametrize(
    ("worse", "word"), [(0, "high"), (5, "high"), (6, "fair"), (20, "fair"), (21, "some"), (33, "some"), (34, "none")]
)
def test_certainty_is_the_share_of_futures_that_agree(worse: int, word: str) -> None:
    change = np.where(np.arange(100) < worse, -0.01, 1.0)
    row = effects.paired_summary(change, 0 * change) | {"direction": 1}
    assert certainty(row) == (word, pytest.approx(1 - worse / 100))
    opposite = effects.paired_summary(-change, 0 * change) | {"direction": 1}
    assert certainty(opposite) == (word, pytest.approx(1 - worse / 100)), "also of a fall"


def test_what_is_not_clear_is_not_certain() -> None:
    """Nine of ten futures agree, but the mean may be zero."""
    change = np.array([1.0] * 90 + [-8.0] * 10)
    row = effects.paired_summary(change, 0 * change) | {"direction": 1}
    assert certainty(row) == ("none", 0.9)


def test_the_first_finding_is_the_largest_clear_change() -> None:
    base = np.linspace(0, 0.1, 20)
    wild = base + np.tile([-30.0, 31.0], 10)
    found = study({("a", INCOME): base, ("b", INCOME): 1 + base, ("c", INCOME): 3 + base, ("d", INCOME): wild})
    first = brief.largest(found, ZH)
    assert first is not None and "策略c" in first["text"] and "策略d" not in first["text"]
    assert first["certainty"] == "把握大：20 个未来中 20 个如此"
    nothing = brief.largest(study({("a", INCOME): base, ("d", INCOME): wild}), ZH)
    assert nothing is not None and "分不出高低" in nothing["text"] and not nothing["certainty"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_study_has_three_findings_a_figure_and_a_table(results: Results, lang: str) -> None:
    page = brief.build(results, Words(lang))
    assert len(page["findings"]) == 3 and all(one["text"] for one in page["findings"])
    assert len(page["reservations"]) == 2 and 1 <= len(page["steps"]) <= brief.MOST_STEPS and page["hangs_on"]
    assert page["figure"].svg.startswith("<svg") and len(page["table"]["rows"]) == len(results.others)


def test_page_and_word_file_say_the_same(results: Results, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    paths = brief.write(results, tmp_path, ["zh", "en"])
    assert [path.name for path in paths] == ["brief.html", "brief.docx", "brief.en.docx"]
    text = paths[0].read_text(encoding="utf-8")
    assert text.count('"><svg') == 2 and "&lt;" not in text, "the figure is drawn, not written out"
    document = docx.Document(str(paths[1]))
    written = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for one in brief.findings(results, ZH):
        assert one["text"] in text and one["text"] in written and one["certainty"] in written
    (table,) = document.tables
    assert len(table.rows) == 2 + len(results.others)
    assert len(document.inline_shapes) == 1
    assert document.styles["Normal"].element.rPr.rFonts.get(docx.oxml.ns.qn("w:eastAsia")) == "宋体"
