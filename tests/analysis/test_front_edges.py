"""Page one at its edges: when a sentence is said, which number it takes, and whom it names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tiny_study import INCOME, TURNOVER, study

from analysis.data import effects
from analysis.data.results import Results
from analysis.page import front
from analysis.sentences.catalogue import Words
from analysis.sentences.verdict import SMALL

EN = Words("en")
YEARS = (2023, 2024, 2025)


def falling(fallen: int, futures: int = 12, equal: int = 0) -> Results:
    """Without measures income goes from 10 to 4 in `fallen` futures, stays in `equal`, rises to 11 in the others."""
    last = np.r_[np.full(fallen, 4.0), np.full(equal, 10.0), np.full(futures - fallen - equal, 11.0)]
    grid = np.stack([np.full(futures, 10.0), np.full(futures, 7.0), last], axis=1)
    return study({("existing", INCOME): grid + 1, ("none", INCOME): grid}, YEARS)


@pytest.mark.parametrize(("fallen", "said"), [(12, True), (8, True), (7, False)])
def test_income_declines_where_two_thirds_of_the_futures_say_so(fallen: int, said: bool) -> None:
    results = falling(fallen)
    found = front.decline(results, INCOME)
    assert found["share_worse"] == fallen / 12 and found["n"] == 12
    assert (found["first_year"], found["reference_mean"]) == (2023, 10)
    assert front.declining(results) is said


def test_profit_and_turnover_must_both_fall_to_be_a_decline() -> None:
    values = {(key, name): np.stack([np.full(12, 10.0), np.full(12, last)], axis=1)
              for key in ("existing", "none") for name, last in ((INCOME, 4.0), (TURNOVER, 11.0))}  # fmt: skip
    assert not front.declining(study(values, (2023, 2024)))
    text = front.levels(study(values, (2023, 2024)), EN)
    assert "profit 40,000 yuan (below 2023 in 12/12); operating income 110,000 yuan (below 2023 in 0/12)" in text


def test_an_income_that_stays_has_not_fallen() -> None:
    """Seven futures fall, five stay: five are no decline, so seven of twelve it is."""
    results = falling(7, equal=5)
    assert front.decline(results, INCOME)["share_worse"] == 7 / 12
    assert not front.declining(results)


def test_what_stands_in_for_the_district_is_said_on_page_one() -> None:
    results = falling(12)
    assert not front.stood_in(results, EN)
    results.manifest["district"] = {"stand_ins": {"city_income_mean": {"zh": "收入（9.56）", "en": "income (9.56)"}}}
    assert "income (9.56)" in front.stood_in(results, EN)
    assert front.stood_in(results, EN) in front.summary(results, EN)
    assert "收入（9.56）" in front.stood_in(results, Words("zh"))


def test_nine_futures_or_a_mean_that_stays_are_no_decline() -> None:
    assert front.declining(falling(10, futures=10))
    assert not front.declining(falling(9, futures=9))
    assert not front.declining(study({("existing", INCOME): [1.0]}))


def test_the_sentence_without_measures_takes_each_number_from_its_place() -> None:
    text = front.levels(falling(8), EN)
    assert "profit (after costs) from 110,000 yuan to 70,000 yuan (50,000 to 120,000)" in text
    assert "mean per village 2023–2025 (brackets: range of all 12 futures)" in text
    assert "Without measures, by 2025: profit 60,000 yuan (below 2023 in 8/12)" in text


def test_largest_changes_begin_at_five_hundred_yuan_and_name_three_by_size() -> None:
    """0.05 万元 is told and 0.0499 is not; the largest come first, gains and losses apart."""
    gains = {"tiny": 0.0499, "edge": 0.0501, "most": 3.0, "second": 2.0, "third": 1.0, "loss": -0.5, "worst": -4.0}
    values = {("a", INCOME): np.zeros(12)}
    values |= {(key, INCOME): gain + np.linspace(-1e-4, 1e-4, 12) for key, gain in gains.items()}
    found = study(values)
    (text,) = front.largest_changes(found, EN, ["tiny"]) or [""]
    assert text == ""
    (text,) = front.largest_changes(found, EN, ["edge"])
    assert text == "Most is gained with “Plan edge” +500 yuan."
    (text,) = front.largest_changes(found, EN, list(gains))
    assert text == (
        "Most is gained with “Plan most” +30,000 yuan, “Plan second” +20,000 yuan, “Plan third” +10,000 yuan."
        " Most is lost with “Plan worst” −40,000 yuan, “Plan loss” −5,000 yuan."
    )


def test_a_difference_of_exactly_the_limit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = study({("a", INCOME): np.zeros(12), ("b", INCOME): np.full(12, 0.5)})
    monkeypatch.setitem(SMALL, "income", 0.5)
    assert front.largest_changes(found, EN, ["b"])
    monkeypatch.setitem(SMALL, "income", 0.5000001)
    assert not front.largest_changes(found, EN, ["b"])


def test_five_policies_are_named_and_six_are_summed_up() -> None:
    for number in (5, 6):
        values = {(f"p{place}", INCOME): place + np.linspace(0, 0.1, 12) for place in range(number + 1)}
        lines = front.policies(study(values), EN)
        assert lines[0].startswith("Against “Plan p0”, mean profit per village") == (number == 5)
        assert lines[0].count("“Plan p") == (6 if number == 5 else 1), (
            "the reference alone is named where they are many"
        )


def test_another_order_by_turnover_is_said_on_page_one() -> None:
    """By profit b is first, by turnover c: the difference in turnover stands in brackets, the other order behind."""
    values = {(key, name): np.full(12, value)
              for key, *both in (("a", 0, 0), ("b", 2, 1), ("c", 1, 4))
              for name, value in zip((INCOME, TURNOVER), both, strict=True)}  # fmt: skip
    (line,) = front.policies(study(values), EN)
    assert "“Plan b” 20,000 yuan higher (+10,000 yuan; 12/12)" in line
    assert line.endswith("By operating income the order is another: “Plan c”, “Plan b”.")
    alike = {key: value if key[1] == INCOME else 2 * values[key[0], INCOME] for key, value in values.items()}
    assert "order" not in front.policies(study(alike), EN)[0]


@pytest.mark.parametrize(("direction", "change", "text"), [
    (1, 1.0, "10,000 yuan higher (9/12)"), (-1, 1.0, "10,000 yuan higher (9/12)"),
    (0, 1.0, "10,000 yuan higher (9/12)"), (1, -1.0, "10,000 yuan lower (lower in 9/12)"),
    (-1, -1.0, "10,000 yuan lower (lower in 9/12)"), (0, -1.0, "10,000 yuan lower (lower in 9/12)"),
])  # fmt: skip
def test_a_sentence_counts_the_futures_that_agree_with_its_word(direction: int, change: float, text: str) -> None:
    values = change * np.r_[np.full(9, 1.4), np.full(3, -0.2)]
    facts = [{"name": INCOME, "direction": direction}]
    found = study({("a", INCOME): np.zeros(12), ("b", INCOME): values}, indicators=facts)
    assert front.change_of(effects.row(found, "b", INCOME), EN) == text


def test_first_places_need_ten_futures_and_name_the_winner_of_each_measure() -> None:
    def three(futures: int) -> Results:
        line = np.linspace(0, 0.1, futures)
        values = {}
        for key, operating, profit, cost in (("a", 1, 3, 0), ("b", 2, 1, 0), ("c", 0, 2, -90)):
            values |= {(key, TURNOVER): operating + line, (key, INCOME): profit + line,
                       (key, "public_cost"): 100 + cost + line}  # fmt: skip
        return study(values)

    assert front.first_places(three(9), EN) is None
    text = front.first_places(three(10), EN)
    assert text.startswith("By profit most often first: “Plan a” (10 of 10); by operating income “Plan b” (10 of 10).")
    assert "Plan c" not in text, "net benefit ranks nobody"
    assert text.endswith("By mean profit, “Plan a” can be told from all others.")


@pytest.mark.parametrize(("largest", "said"), [(40.0, True), (39.9, False)])
def test_the_dearest_lever_is_named_from_two_fifths_of_the_cost(largest: float, said: bool) -> None:
    rest = (100 - largest) / 3
    costs = {"town_company": rest, "central_grant": largest, "training": rest, "cadre_pay": rest}
    values = {("a", f"cost_{key}"): [value] * 3 for key, value in costs.items()} | {("a", INCOME): [1.0] * 3}
    text = front.not_counted(study(values, levers={"central_grant": {"en": "Grants"}}), EN)
    assert ("40% of what “Plan a” costs goes to Grants" in text) is said


def test_what_the_dearest_costs_more_is_told_only_where_it_is_more() -> None:
    """Costs a year: reference 100, b 300 of 1.0 million yuan each hundred, c 200: b is dear and costs 2.0 more."""

    def money(**costs: float) -> list[str]:
        values = {(key, "public_cost"): [cost] * 3 for key, cost in costs.items()}
        return [line for line in front.would_change(study(values), EN) if line.startswith("Whether it can")]

    (line,) = money(a=100, b=300, c=200)
    assert line.endswith("“Plan b” costs 2.0 million yuan a year more than the reference.")
    assert money(a=100, b=100, c=50) == []


def test_assumed_parameters_are_counted() -> None:
    parameters = [{"source": "assumption"}, {"source": "Assumed, see text"}, {"source": "B34"}, {}, {"source": "C1"},
                  {"source": "A2"}]  # fmt: skip
    found = study({("a", INCOME): [1.0, 2.0]}, parameters=parameters)
    (line,) = [line for line in front.would_change(found, EN) if "have no source" in line]
    assert "3 of 6 parameters have no source" in line


def test_drifting_apart_takes_first_and_last_of_the_strategy_without_measures() -> None:
    names = ("income_operating_median", "villages_zero_operating", "capital_mean")
    values = {("existing", name): np.full((3, 2), 99.0) for name in names}
    values |= {("none", name): np.array([[1.0 + place, 11.0 + place]] * 3) for place, name in enumerate(names)}
    text = front.drift_apart(study(values, (2023, 2024)), EN)
    assert "goes from 10,000 yuan to 110,000 yuan" in text
    assert "villages without operating income from 2.0 to 12.0 on average" in text
    assert "assets per village from 30,000 yuan to 130,000 yuan" in text


def test_the_reference_sentence_and_the_aim() -> None:
    grid = np.stack([np.full(21, 5.0), np.arange(21.0)], axis=1)
    values = {("a", INCOME): grid, ("a", "villages_aim_operating"): np.r_[np.full(20, 41.0), 42.0],
              ("a", "villages_aim_profit"): np.full(21, 41.0)}  # fmt: skip
    found = study(values, (2023, 2024))
    text = front.levels(found, EN)
    assert "profit (after costs) from 50,000 yuan to 100,000 yuan (10,000 to 190,000)" in text
    assert "2023–2024 (brackets: where 90 of 100 futures lie)" in text
    text = front.aim_sentence(found, EN)
    assert "aims at 42 villages" in text and "in 2024: s: profit 0/21, operating income 1/21" in text


def test_the_first_by_a_criterion_stands_alone() -> None:
    table = pd.DataFrame({"indicator": [INCOME, INCOME, "net_benefit"], "strategy": ["a", "b", "b"],
                          "first_by": ["mean regret_90", "regret_90 worst_decile", "mean"]})  # fmt: skip
    assert front.leader(table, INCOME, "mean") == "a"
    assert front.leader(table, INCOME, "worst_decile") == "b"
    assert front.leader(table, "net_benefit", "mean") == "b"
    assert front.leader(table, INCOME, "largest_regret") is None
    assert front.leader(table, INCOME, "regret_90") is None, "two share the place"


def test_a_different_view_of_risk_is_told_with_both_names() -> None:
    """b has the higher mean; in the worst tenth it is far below a."""
    line = np.zeros(20)
    values = {("a", INCOME): line + 5, ("b", INCOME): np.r_[np.full(2, -10.0), np.full(18, 9.0)]}
    lines = front.would_change(study(values), EN)
    assert any(line.endswith("by the mean it is “Plan b”, by the worst tenth of futures “Plan a”.") for line in lines)
