"""A study with a budget: page one says so, cards say how costs were made equal, and the line to grants is silent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import fake_study
import pytest

from analysis.answers import budget, same_cost
from analysis.data import effects
from analysis.data.results import Results, load
from analysis.page import cards, front, rows, sheet
from analysis.sentences.catalogue import Words
from experiments import compare, load_district

TARGET = "existing_joint_building"
NAMES = ["none", "existing", TARGET, "existing_all_four"]


def record(scale: float, cost: float, **more: object) -> dict:
    return {**fake_study.SAME_COST, "target": TARGET, "scale": scale, "cost": cost, "target_cost": 1000.0,
            "difference": cost / 1000 - 1, **more}  # fmt: skip


def made_equal(folder: Path, **records: dict) -> Results:
    """A made-up study whose manifest says that costs were made equal."""
    fake_study.write(folder, strategies=NAMES, futures=24, villages=20)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["budget"] = {"mode": "equal_cost", "equal_to": TARGET}
    for entry in manifest["strategies"]:
        if entry["key"] in records:
            entry["same_cost"] = records[entry["key"]]
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def equal(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """All made equal but one."""
    missed = record(0.0, 1200.0, reached=False, reason="too_dear", reason_zh="太贵", reason_en="too dear")
    return made_equal(
        tmp_path_factory.mktemp("equal"), none=record(9.5, 996.0), existing=record(2.5, 1002.0),
        existing_all_four=missed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "said", "reason"), [("en", "cost the same here", "too dear"), ("zh", "一样多", "太贵")]
)
def test_page_one_begins_with_it(equal: Results, lang: str, said: str, reason: str) -> None:
    first, second = front.summary(equal, Words(lang))[:2]
    assert said in first and "0.4%" in first, "the largest difference of those that were met"
    assert reason in second and "20.0%" in second
    assert equal.short_name("existing_all_four", lang) in first, "it does not say all where it is not all"
    assert not re.search(r"[{}]", first + second)


def test_what_is_no_longer_so_is_not_said(equal: Results) -> None:
    """`none` was given money; strategies do not differ in cost; there is no line to grants."""
    words = Words("en")
    assert equal.without_measures is None
    assert not any("Without any measure" in line for line in front.summary(equal, words))
    assert not any("Whether it can be paid for" in line for line in front.would_change(equal, words))
    assert same_cost.grants(equal) is None
    assert same_cost.table(equal).empty
    assert not rows.differences(equal, words)["equal"]
    assert "none" in same_cost.policies(equal), "the money without measures is a strategy like the others"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_say_how(equal: Results, lang: str) -> None:
    found = {card["name"]: " ".join(card["notes"]) for card in cards.build(equal, Words(lang))}
    name = equal.name
    assert "2.50" in found[name("existing", lang)] and "0.2%" in found[name("existing", lang)]
    assert Words(lang)("card_equal_target") in found[name(TARGET, lang)]
    assert ("太贵" if lang == "zh" else "too dear") in found[name("existing_all_four", lang)]


def test_an_ordinary_study_says_nothing_of_it(results: Results) -> None:
    assert budget.sentences(results, Words("en")) == []
    assert results.without_measures == "none"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_yearly_budget_is_told(tmp_path: Path, lang: str) -> None:
    fake_study.write(tmp_path, strategies=NAMES, futures=3, villages=10)
    found, words = load(tmp_path), Words(lang)
    node = {"mode": "capped", "equal_to": "", "annual": 3000.0, "priority": ["training", "joint_building"]}
    found.manifest["budget"] = node
    (line,) = budget.sentences(found, words)
    assert words.with_unit("money", 3000.0) in line
    names = [found.lever_name(key, lang) for key in node["priority"]]
    assert line.index(names[0]) < line.index(names[1])
    node["priority"] = []
    assert words("front_capped_usual") in budget.sentences(found, words)[0]


# A yearly budget that never comes to a measure -----------------------------------------------------------------


@pytest.fixture(scope="module")
def spent_before() -> Results:
    """Recommendations under a budget that the measures in force spend: two get nothing, one costs nothing."""
    names = ["existing", "rec_norms", "rec_expert_corps", "rec_service_targeting"]
    options = {"seeds": range(12), "horizon": 2026, "residents": 0, "budget": {"mode": "capped", "annual": 1000}}
    return compare(load_district("enyang"), names, **options)


@pytest.mark.thorough
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_measure_that_never_gets_money_is_not_said_to_make_no_difference(spent_before: Results, lang: str) -> None:
    """Page one, the table of effects and the sheet of recommendations say that there was no money for it, and why."""
    words, results = Words(lang), spent_before
    verdicts = effects.table(spent_before).groupby("strategy")["verdict"].agg(set)
    assert verdicts["rec_norms"] == verdicts["rec_expert_corps"] == {"unreached"}
    assert "unreached" not in verdicts["rec_service_targeting"], "what costs nothing needs none"
    (line,) = [line for line in front.summary(spent_before, words) if "budget.priority" in line]
    for key in ("rec_norms", "rec_expert_corps"):
        assert results.short_name(key, lang) in line
    assert results.short_name("rec_service_targeting", lang) not in line
    told = sheet.build(spent_before, words)
    instead = [entry["instead"] for entry in told["lines"] if entry["instead"] == words("sheet_unreached")]
    assert len(instead) == 2
    assert words("sheet_count_unreached", count=2) in told["summary"]
    page = " ".join([told["summary"], *front.summary(spent_before, words)])
    assert words("sheet_count_same", count=2) not in page and not re.search(r"[{}]", page)


@pytest.mark.thorough
def test_who_is_unreached_needs_a_budget_that_is_spent(spent_before: Results) -> None:
    results = spent_before
    node = results.manifest["budget"]
    assert effects.unreached(results) == ["rec_norms", "rec_expert_corps"]
    results.manifest["budget"] = {**node, "annual": 1e6}
    assert effects.unreached(results) == [], "not for want of money"
    results.manifest["budget"] = {"mode": "uncapped"}
    assert effects.unreached(results) == []
    results.manifest["budget"] = node
