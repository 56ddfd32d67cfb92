"""The sheet of recommendations: every recommendation in its place, with its numbers or the reason why it has none."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import fake_study
import pandas as pd
import pytest
from test_report import check_page

from analysis.answers import recommendations
from analysis.data import effects, money
from analysis.data.results import Results, load
from analysis.page import sheet, write_report
from analysis.sentences.catalogue import LANGUAGES, Words
from analysis.sentences.verdict import Verdict


@pytest.fixture(scope="module")
def found(recommended: Path) -> Results:
    return load(recommended)


def changed(folder: Path, to: Path, **entries: object) -> Results:
    """The same study with another manifest."""
    shutil.copytree(folder, to)
    manifest = json.loads((to / "manifest.json").read_text(encoding="utf-8"))
    (to / "manifest.json").write_text(json.dumps({**manifest, **entries}), encoding="utf-8")
    return load(to)


def test_rows_keep_the_order_of_the_report(found: Results) -> None:
    table = recommendations.table(found)
    assert list(table["place"]) == [entry["place"] for entry in fake_study.RECOMMENDATIONS] + [""]
    assert list(table["status"]) == ["not_modelled", "modelled", "not_in_study", "modelled", "modelled", "modelled"]
    assert table["strategy"].iloc[-1] == recommendations.WHOLE


def test_numbers_are_those_of_the_effects_table(found: Results) -> None:
    row = recommendations.table(found).set_index("strategy").loc["rec_joint_building"]
    for indicator in recommendations.EFFECTS:
        effect = effects.row(found, "rec_joint_building", indicator, found.horizon)
        for part in ("difference", "spread_low", "spread_high", "share_better"):
            assert row[f"{indicator}.{part}"] == effect[part]


def test_own_cost_is_that_of_its_levers_alone(found: Results) -> None:
    """Joint building costs; what all others cost besides does not count, although it differs a little."""
    results = found
    rows = recommendations.table(found).set_index("strategy")
    cost = money.yearly_mean(results, "rec_joint_building", "cost_joint_building")
    assert rows.loc["rec_joint_building", "own_cost"] == pytest.approx(cost)
    assert cost > 0
    whole = money.yearly_mean(results, "rec_joint_building", "public_cost")
    assert whole - money.yearly_mean(results, "existing", "public_cost") != pytest.approx(cost)


@pytest.mark.parametrize(
    ("indicator", "verdict", "difference", "spread", "said"),
    [
        ("income_operating_mean", "higher", 0.04, (-1.0, 1.0), "small"),
        ("income_operating_mean", "higher", 0.06, (-1.0, 1.0), "higher"),
        ("participation", "lower", -0.0004, (-0.1, 0.0), "small"),
        ("participation", "lower", -0.0006, (-0.1, 0.0), "lower"),
        ("income_operating_mean", "unclear", 0.01, (-0.2, 0.3), "unclear"),
        ("income_operating_mean", "unclear", 0.01, (-0.02, 0.03), "small"),
        ("villages_aim_operating", "same", 0.0, (0.0, 0.0), "same"),
        ("income_operating_mean", "few", 0.01, (0.0, 0.02), "few"),
    ],
)
def test_small_differences_are_called_small(
    indicator: str, verdict: str, difference: float, spread: tuple[float, float], said: str
) -> None:
    """A clear mean below the limit is small; one that cannot be told, where nearly all futures are below it."""
    low, high = spread
    row = {"indicator": indicator, "verdict": verdict, "difference": difference, "spread_low": low, "spread_high": high}
    assert Verdict.of(pd.Series(row)).word == said


def test_equal_cost_is_said_only_where_it_is(found: Results, recommended: Path, tmp_path: Path) -> None:
    assert not recommendations.costs_equal(found)
    built = sheet.build(found, Words("zh"))
    assert "不是同等花费" in built["cost"]
    assert recommendations.EQUAL_COST_COMMAND in built["cost"]
    equal = changed(recommended, tmp_path / "equal", budget={"mode": "equal_cost", "equal_to": "recommended"})
    assert recommendations.costs_equal(equal)
    built = sheet.build(equal, Words("zh"))
    assert built["cost"].startswith("同等花费")
    assert "不如直接发成补助" in built["cost"]
    missed = [line["text"] for line in built["lines"] if line.get("missed")]
    gaps = recommendations.table(equal).set_index("zh")["cost_gap"].dropna()
    assert missed
    assert len(missed) == (gaps.abs() > recommendations.EQUAL).sum()


def test_equal_costs_are_seen_in_the_money_spent(recommended: Path, tmp_path: Path) -> None:
    shutil.copytree(recommended, tmp_path / "study")
    runs = pd.read_parquet(recommended / "runs.parquet")
    spent = runs["public_cost"].notna()
    runs.loc[spent, "public_cost"] = 1000.0
    runs.loc[spent & (runs["strategy"] == "rec_norms"), "public_cost"] = 1009.0
    runs.to_parquet(tmp_path / "study" / "runs.parquet")
    results = load(tmp_path / "study")
    assert recommendations.costs_equal(results)
    assert "同等花费下的差额" in sheet.build(results, Words("zh"))["cost"]
    assert not any(line.get("missed") for line in sheet.build(results, Words("zh"))["lines"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lines_say_what_there_is(found: Results, lang: str) -> None:
    lines = sheet.build(found, Words(lang))["lines"]
    assert fake_study.RECOMMENDATIONS[0]["not_modelled"][lang] in lines[0]["instead"]
    assert not lines[0]["cells"]
    assert lines[1]["cells"][0]["mark"] == "▲"
    assert lines[1]["cells"][0]["main"].startswith("+")
    assert lines[1]["levers"] == getattr(fake_study.LEVERS["joint_building"], lang)
    assert "kappa" not in lines[1]["hangs_on"]
    assert lines[1]["hangs_on"]
    assert lines[2]["instead"] == Words(lang)("sheet_absent")
    assert lines[4]["cells"][0]["mark"] == "▼"
    assert "60" in lines[4]["backfires"]


def test_the_summary_counts_single_recommendations(found: Results) -> None:
    text = sheet.build(found, Words("zh"))["summary"]
    assert text.startswith("3 条建议经过推演")
    assert "本次没有推演 1 条" in text
    assert "另有 1 条不能推演" in text


def test_the_report_has_the_sheet_and_a_page_of_its_own(recommended_pages: Path) -> None:
    visible = check_page(recommended_pages / "report.html")
    assert "建议评估一览" in visible
    assert "另存" not in visible
    page = check_page(recommended_pages / "verdict.html")
    for entry in fake_study.RECOMMENDATIONS:
        assert entry["zh"] in page
        assert entry["en"] in page
    assert "A4 landscape" in (recommended_pages / "verdict.html").read_text(encoding="utf-8")
    numbers = pd.read_csv(recommended_pages / "tables" / "recommendations.csv")
    assert len(numbers) == len(fake_study.RECOMMENDATIONS) + 1
    assert numbers["backfires_zh"].notna().sum() == 4
    assert {"hangs_on_en", "equal_cost", "own_cost", "strategy_zh"} <= set(numbers.columns)
    assert (recommended_pages / "tables" / "hinges.csv").exists()
    assert (recommended_pages / "tables" / "backfires.csv").exists()


def test_marks_do_not_need_colour(found: Results) -> None:
    """Every cell says by a sign, not by its colour, whether it is higher, lower or not to be told."""
    for line in sheet.build(found, Words("zh"))["lines"]:
        for cell in line["cells"]:
            assert cell["mark"] == sheet.MARKS[cell["verdict"]]
    assert len({sheet.MARKS[name] for name in ("higher", "lower", "unclear", "small", "same")}) == 5


@pytest.mark.thorough
def test_no_sheet_without_recommendations(study: Path, tmp_path: Path) -> None:
    """A study that ran none says how to run them; a district that has none says nothing."""
    report = write_report(study, tmp_path)
    visible = check_page(report)
    assert recommendations.COMMAND in visible
    assert not (tmp_path / "verdict.html").exists()
    assert not re.search("建议评估一览</h2>", visible)
    results = changed(study, tmp_path / "none", district={"villages": 40})
    assert sheet.build(results, Words("zh")) is None
    assert recommendations.listed(results) == []
