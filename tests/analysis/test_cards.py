"""Strategy cards list what differs, when, where and who pays."""

from __future__ import annotations

import fake_study

from analysis.page import cards
from analysis.sentences.catalogue import Words


def test_reference_comes_first_and_lists_everything(results) -> None:
    """The reference shows all its levers and what is missing; others only what differs."""
    built = cards.build(results, Words("zh"))
    assert built[0]["reference"]
    assert len(built[0]["rows"]) == len(fake_study.levers_of("existing"))
    assert any("分档管理" in note for note in built[0]["notes"])
    pairing = next(card for card in built if card["name"] == "现有措施，扩大结对帮扶")
    assert [row["name"] for row in pairing["rows"]] == ["结对帮扶"]
    line = fake_study.LEVERS["paired_assistance"].settings()["income_line"]
    assert pairing["rows"][0]["settings"] == [f"{line.zh} 20 {line.unit_zh}*"]
    grants = next(card for card in built if "同等资金" in card["name"])
    assert any("放大到 2.40 倍" in note for note in grants["notes"])


def test_no_measures_card(results) -> None:
    """Without levers the card says so."""
    none = next(card for card in cards.build(results, Words("en")) if card["name"] == "No measures")
    assert not none["rows"]
    assert none["notes"] and none["total"] == "0.0"


def test_where_and_when() -> None:
    """Targets and dates in words; targets are taken out of the settings."""
    words, settings = Words("zh"), {"income_below": 10, "towns": ["玉山镇"], "direct": 6}
    assert cards.where_text(settings, words) == "收入低于 10 万元的村、玉山镇"
    assert settings == {"direct": 6}
    assert cards.where_text({}, words) == "所有村"
    schedule = {"pilot_share": 0.2, "phase_in_years": 3, "phase_in_by": "cluster"}
    assert cards.where_text(schedule, words) == "随机抽取 20% 的村试点、分 3 年逐片区推开"
    assert schedule == {}
    assert cards.where_text({"phase_in_years": 3}, Words("en")) == "town by town over 3 years"
    assert cards.period(2024, None, words) == "2024 年起"
    assert cards.period(2024, 2026, words) == "2024 至 2026 年"
    assert cards.shown({"2024": 0.5, "2026": 1.0}, words) == "2024 年起 0.5、2026 年起 1"


def test_options_are_named_in_the_language() -> None:
    """A named option reads in Chinese on the Chinese page, in plain words on the English one."""
    options = {"by_stake": "按股", "equally": "均分"}
    assert cards.option_text(options, "by_stake", Words("zh")) == "按股"
    assert cards.option_text(options, "by_stake", Words("en")) == "by stake"
