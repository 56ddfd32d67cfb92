"""Labels are text wherever they stand: no formula in a table, no markup on a page, no mathematics in a figure."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import fake_study
import pytest

from analysis.answers import inputs
from analysis.data.results import load
from analysis.drawing import style
from analysis.page import context, figures, write_report
from analysis.page.tables import write_tables
from analysis.sentences.catalogue import Words
from scenarios.csv_files import FORMULA_STARTS, PLAIN_NUMBER

FORMULAS = ("=1+1", "-2+3", "@SUM(A1)", "\t=1", "＝HYPERLINK(1)", " +1")  # noqa: RUF001
MARKUP = (
    "--><script>alert(1)</script>", "\"' onmouseover='alert(1)", "</style></svg><img src=x onerror=alert(1)>",
    "javascript:alert(1)", "{{ 7 * 7 }} & <b>",
)  # fmt: skip
FORMULAE = ("a $ b $ c", r"$\frac{", "$x^2$", "$$")
DRAWN = ("forest", "league", "cost_by_payer")
STRATEGIES = ["existing", "none", "existing_joint_building", *list(fake_study.RECOMMENDED)[:2]]


def relabelled(folder: Path, labels: tuple[str, ...], **more: object) -> Path:
    """A study in which every name that a user may choose is one of the labels."""
    study = fake_study.write(folder, futures=12, villages=24, strategies=STRATEGIES, horizon=2027, **more)
    manifest = json.loads((study / "manifest.json").read_text(encoding="utf-8"))
    number = 0

    def change(node: object) -> object:
        nonlocal number
        if isinstance(node, list):
            return [change(item) for item in node]
        if not isinstance(node, dict):
            return node
        changed = {}
        for key, value in node.items():
            if isinstance(value, str) and re.fullmatch(r"zh|en|description_(zh|en)|place|name_zh", key):
                number += 1
                value = f"{labels[number % len(labels)]} {number}" if labels is not FORMULAS else labels[number % 6]
            elif key in ("town_en", "missing_zh", "missing_en") and isinstance(value, list):
                value = [labels[place % len(labels)] for place in range(len(value))]
            changed[key] = change(value)
        return changed

    manifest["command"] = labels[0]
    manifest["district"]["given_told"] = {lang: [labels[0], labels[1]] for lang in ("zh", "en")}
    manifest["district"]["stand_ins"] = {"city_income_mean": {"zh": "x", "en": "x"}}
    manifest["rules"] = [{"key": "x", "zh": "x", "en": "x", "values": {"year": 2027}}]
    (study / "manifest.json").write_text(json.dumps(change(manifest), ensure_ascii=False), encoding="utf-8")
    return study


def test_no_table_holds_a_cell_that_a_spreadsheet_would_compute(tmp_path: Path) -> None:
    results = load(relabelled(tmp_path / "study", FORMULAS))
    paths = write_tables(results, tmp_path / "out")
    assert len(paths) > 20
    seen = 0
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        for cell in cells:
            assert PLAIN_NUMBER.fullmatch(cell) or not cell.lstrip(" ").startswith(FORMULA_STARTS), (path.name, cell)
        seen += sum(cell.startswith("'") for cell in cells)
    assert seen > 50
    effects = (tmp_path / "out" / "effects.csv").read_text(encoding="utf-8-sig")
    assert re.search(r",-\d", effects), "negative numbers stay numbers"


class Tags(HTMLParser):
    """Collects tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts, self.attributes, self.tags = 0, [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


@pytest.mark.thorough
def test_no_label_becomes_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "FIGURES", {"income": DRAWN})
    study = relabelled(tmp_path / "study", MARKUP)
    report = write_report(study, tmp_path / "out")
    pages = sorted((tmp_path / "out").glob("*.html"))
    assert report in pages
    assert len(pages) == 3
    for page in pages:
        tags = Tags()
        text = page.read_text(encoding="utf-8")
        tags.feed(text)
        assert tags.scripts <= 1
        assert not {"img", "iframe", "object", "b0"} & set(tags.tags)
        for tag, name, value in tags.attributes:
            assert not name.startswith("on"), (tag, name)
            assert name not in ("href", "src", "xlink:href") or value.startswith(("#", "data:image/png;base64,")), value
        assert "7 * 7" in text
        assert "49 &amp;" not in text


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_dollar_signs_are_text_in_every_figure(lang: str, tmp_path: Path) -> None:
    results = load(relabelled(tmp_path, FORMULAE))
    drawings = figures.draw_all(results, Words(lang))
    assert sum(map(len, drawings.values())) >= 8


@pytest.mark.parametrize("place", ["title", "axis", "tick", "legend", "annotation"])
def test_dollar_signs_are_text_in_every_place_of_a_figure(place: str) -> None:
    from matplotlib import pyplot

    put: dict[str, Callable] = {
        "title": lambda axes, label: axes.set_title(label),
        "axis": lambda axes, label: axes.set_xlabel(label),
        "tick": lambda axes, label: axes.set_xticks([0.5], [label]),
        "legend": lambda axes, label: axes.plot([0, 1], label=f"{label} ")[0].axes.legend(),
        "annotation": lambda axes, label: axes.annotate(label, (0, 0)),
    }
    for label in FORMULAE:
        with style.look():
            figure, axes = pyplot.subplots()
            put[place](axes, label)
            figure.draw_without_rendering()
            pyplot.close(figure)


def test_page_one_and_the_list_count_the_same_parameters_without_a_source(tmp_path: Path) -> None:
    """As the model declares them: a source that leaves the size to be assumed is none for the value."""
    from experiments.manifest import describe_parameters
    from experiments.notebook import make_study
    from scenarios import load_district

    declared = describe_parameters(make_study("t", load_district(), ["none"], [0], 2025, None, {}))
    study = fake_study.write(tmp_path, futures=4, villages=12, strategies=["none", "existing"], horizon=2025)
    manifest = json.loads((study / "manifest.json").read_text(encoding="utf-8")) | {"parameters": declared}
    (study / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    results, words = load(study), Words("en")
    page = {section["id"]: section for section in context.build(results, words, set())["sections"]}
    rows = page["parameters"]["parts"]["rows"]
    listed = sum(row["assumed"] for row in rows)
    first = next(line for line in page["change"]["parts"]["lines"] if "have no source" in line)
    assert f"of which {listed} have no source" in page["parameters"]["first"]
    assert f"{listed} of {len(declared)} parameters" in first
    assert 0 < listed < len(declared)
    partly = [row for row in rows if row["source"].endswith("size assumed")]
    assert partly
    assert all(row["assumed"] for row in partly)
    assert inputs.is_assumed("")
    assert not inputs.is_assumed("B34")
