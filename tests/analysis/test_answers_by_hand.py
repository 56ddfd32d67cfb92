"""Tables and sentences of a report on a handful of numbers: right year, reference, order, unit, name and count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tiny_study import INCOME, study

from analysis.answers import (
    backfires,
    budget,
    cost,
    doubts,
    effectiveness,
    fates,
    hinges,
    league,
    question,
    recommendations,
    same_cost,
    telling,
    withdrawal,
)
from analysis.answers.effects import title as title_effects
from analysis.data import money
from analysis.page import tables
from analysis.sentences.catalogue import Words, kind_of
from analysis.sentences.verdict import SMALL, Verdict

EN, ZH = Words("en"), Words("zh")
YEARS = (2023, 2024, 2025)
LINE = np.linspace(0, 0.1, 12)


# Reading a study -----------------------------------------------------------------------------------------------------


def test_the_reference_is_the_one_the_manifest_names_and_others_keep_their_order() -> None:
    values = {(key, INCOME): [float(place)] for place, key in enumerate("abc")}
    found = study(values, reference="b")
    assert (found.reference, found.others) == ("b", ["a", "c"])
    assert found.paired("c", INCOME)[2024].tolist() == [1] and found.paired("a", INCOME)[2024].tolist() == [-1]
    assert found.paired("a", INCOME, "c")[2024].tolist() == [-2]
    assert study(values, reference="gone").reference == "a"


def test_years_starts_and_what_is_no_strategy_without_measures() -> None:
    found = study({("a", INCOME): [[1.0, 2, 3]], ("none", INCOME): [[1.0, 2, 3]]}, YEARS, starts=("s", "t"), start="t")
    assert (found.horizon, found.starts, found.start) == (2025, ["t", "s"], "t")
    assert found.without_measures == "none"
    paid = [{"key": "a"}, {"key": "none", "same_cost": {"lever": "central_grant"}}]
    assert study({("a", INCOME): [1.0], ("none", INCOME): [1.0]}, strategies=paid).without_measures is None


def test_the_summary_has_every_start_and_year_with_the_futures_that_count() -> None:
    grid = np.stack([np.full(21, np.nan), np.arange(21.0)], axis=1)
    grid[:2, 0] = [4, 6]
    found = study({("a", INCOME): grid}, YEARS[:2], starts=("s", "t"), indicators=[{"name": INCOME, "unit": "万元"}])
    table = tables.summary(found)
    assert table[["start", "year", "n"]].values.tolist() == [["s", 2023, 2], ["s", 2024, 21], ["t", 2023, 2],
                                                            ["t", 2024, 21]]  # fmt: skip
    assert tables.with_names(table, found)["unit"].unique().tolist() == ["万元"]
    assert table.loc[0, ["mean", "spread_low", "spread_high"]].tolist() == [5, 4, 6]
    assert table.loc[1, ["mean", "spread_low", "spread_high"]].tolist() == [10, 1, 19]
    nineteen = tables.summary(study({("a", INCOME): np.arange(19.0)}))
    assert nineteen.loc[0, ["spread_low", "spread_high"]].tolist() == [0, 18], "of few futures all"
    twenty = tables.summary(study({("a", INCOME): np.arange(20.0)}))
    assert twenty.loc[0, ["spread_low", "spread_high"]].tolist() == pytest.approx([0.95, 18.05])
    other = found.runs.frame([("a", "s"), ("a", "t")], [INCOME], None)
    assert len(other) == 84


def test_a_summary_takes_each_start_from_its_own_runs() -> None:
    one = study({("a", INCOME): [1.0, 3.0]}).frame()
    from analysis.data.results import Results

    both = Results.of({"reference": "a", "start": "s"}, pd.concat([one, one.assign(start="t", **{INCOME: 9.0})]))
    assert dict(zip(*tables.summary(both)[["start", "mean"]].values.T, strict=True)) == {"s": 2, "t": 9}


def test_names_stand_beside_their_keys() -> None:
    found = study({("a", INCOME): [1.0], ("b", INCOME): [1.0]})
    table = tables.with_names(pd.DataFrame({"strategy": ["b", "a"], "x": [1, 2]}), found)
    assert list(table.columns) == ["strategy", "strategy_zh", "strategy_en", "x"]
    assert table["strategy_en"].tolist() == ["Plan b", "Plan a"] and table["strategy_zh"].tolist() == ["策略b", "策略a"]


# Money ---------------------------------------------------------------------------------------------------------------


def test_money_counts_from_the_first_simulated_year() -> None:
    """The year before the start is no year of the study; 10 % a year from 2025 on."""
    found = study({("a", "public_cost"): [[100.0, 11, 22]]}, YEARS)
    assert money.present_value(found, "a", "public_cost").tolist() == [pytest.approx(11 + 22 / 1.1)]
    assert money.yearly_mean(found, "a", "public_cost") == pytest.approx(16.5)
    assert money.yearly_mean(found, "a", "not_there") == 0
    payers = {("a", f"public_cost_{payer}"): [[9.0, 1, 3]] for payer in ("sponsors", "central")}
    zero = {("a", f"public_cost_{payer}"): [[0.0, 0, 0]] for payer in ("district", "state_firms")}
    table = money.by_payer(study(payers | zero, YEARS))
    assert list(table.columns) == ["central", "district", "sponsors"] and table.loc["a"].tolist() == [2, 0, 2]


def test_the_cost_gap_is_a_share_of_the_reference() -> None:
    found = study({("a", "public_cost"): [100.0, 100], ("b", "public_cost"): [120.0, 130]})
    assert same_cost.cost_gap(found, "b") == pytest.approx(0.25)
    assert recommendations.own_cost(study({("a", "cost_training"): [1.0], ("b", "cost_training"): [5.0]}), "b",
                                    ["training"]) == 4  # fmt: skip


@pytest.mark.parametrize(("verdict", "direction", "said"), [
    ("higher", 1, "better"), ("lower", 1, "worse"), ("higher", -1, "worse"), ("lower", -1, "better"),
    ("higher", 0, "better"), ("lower", 0, "worse"), ("unclear", 1, "unclear"), ("same", 1, "same"),
])  # fmt: skip
def test_better_or_worse_than_grants(verdict: str, direction: int, said: str) -> None:
    row = pd.Series({"verdict": verdict, "direction": direction, "reason": ""})
    assert same_cost.answer(row) == said
    assert same_cost.answer(pd.Series({**row, "reason": "cheaper"})) == "cheaper"


def test_cost_per_village_is_the_ratio_of_the_means() -> None:
    """Cost 10 and 30, villages 1 and 4 in turns: 20 over 2.5. The interval is that of 2,000 drawn samples."""
    cost, gain = np.tile([10.0, 30], 10), np.tile([1.0, 4], 10)
    found = study({("a", "public_cost"): 0 * cost, ("b", "public_cost"): cost,
                   ("a", "villages_10_operating"): 0 * gain, ("b", "villages_10_operating"): gain})  # fmt: skip
    row = effectiveness.table(found).iloc[0]
    assert row["ratio"] == pytest.approx(8)
    draw = np.random.default_rng(33)
    ratios = [cost[rows].mean() / gain[rows].mean() for rows in (draw.integers(0, 20, 20) for _ in range(2000))]
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(tuple(np.quantile(ratios, [0.025, 0.975])))


def test_the_largest_miss_of_equal_costs_is_told_whatever_its_sign() -> None:
    records = {"a": 0.0, "b": -0.004, "c": 0.001}
    strategies = [{"key": key, "en": f"Plan {key}", "same_cost": {"lever": "central_grant", "difference": value}}
                  for key, value in records.items()]  # fmt: skip
    values = {(key, "public_cost"): [100.0] for key in records}
    found = study(values, strategies=strategies, budget={"equal_to": "a"})
    assert "differ by at most 0.4%" in budget.sentences(found, EN)[0]


# The aim, the league, what is left -----------------------------------------------------------------------------------


def test_the_aim_is_that_of_the_reference_and_reached_by_what_equals_it() -> None:
    values = {("a", "villages_aim_operating"): [41.0, 42, 43], ("b", "villages_aim_operating"): [99.0, 99, 99]}
    row = question.table(study(values)).iloc[0]
    assert (row["reached"], row["n"], row["mean"], row["target"], row["year"]) == (2, 3, 42, 42, 2024)
    facts = {"villages": 10, "facts": {"target_villages_30": 43}}
    assert question.table(study(values, district=facts)).iloc[0]["reached"] == 1
    grid = {("a", "villages_aim_operating"): np.full((3, 5), 42.0)}
    assert question.table(study(grid, tuple(range(2023, 2028))))["year"].tolist() == [2024, 2025, 2026]
    assert question.table(study(grid, tuple(range(2023, 2028)), district={"facts": {}})).empty, "nobody aims"


def test_the_league_compares_with_the_reference_wherever_it_stands() -> None:
    """b is the reference: a lies above it in one future of three, and c in all."""
    values = {("a", INCOME): [1.0, 1, 9], ("b", INCOME): [2.0, 2, 2], ("c", INCOME): [3.0, 3, 3]}
    table = league.table(study(values, reference="b"))
    assert table["strategy"].tolist() == ["a", "c", "b"], "the best mean first"
    told = table.set_index("strategy")["above_reference"].to_dict()
    assert told == {"a": pytest.approx(1 / 3), "b": 0, "c": 1}


def test_two_firsts_are_no_first_and_share_their_places() -> None:
    found = study({("a", INCOME): [1.0, 1], ("b", INCOME): [1.0, 1], ("c", INCOME): [0.0, 0]})
    assert league.table(found)["first_by"].tolist() == ["", "", ""]
    shares = league.places(found).set_index(["strategy", "place"])["share"]
    assert [shares["a", place] for place in (1, 2, 3)] == [0.5, 0.5, 0]
    assert [shares["c", place] for place in (1, 2, 3)] == [0, 0, 1]


def test_what_is_left_is_the_ratio_of_the_means() -> None:
    """1 and 3 at the end, 1 and 1 later: 2 of 4; the median of 1 and a third is two thirds."""
    row = withdrawal.part_left(np.array([1.0, 3]), np.array([1.0, 1]))
    assert row["left"] == pytest.approx(0.5) and row["left_median"] == pytest.approx(2 / 3)
    assert withdrawal.part_left(np.array([0.1, 0.1]), np.array([0.1, 0.1]))["small"] == 0


def test_what_is_left_is_looked_at_three_and_five_years_after_the_end() -> None:
    """4 in 2026, 2 in 2029, 1 in 2031, 0 at the horizon of 2032; an end in 2030 leaves no three years."""
    years = (2024, 2026, 2029, 2030, 2031, 2032)
    change = np.array([[0.0, 4, 2, 1.5, 1, 0]] * 3)

    def ending(end: int):
        levers = {"a": {}, "b": {"training": {"intensity": 1, "end": end}}}
        told = [{"key": key, "levers": value} for key, value in levers.items()]
        return study({("a", INCOME): 0 * change, ("b", INCOME): change}, years, strategies=told)

    table = withdrawal.table(ending(2026)).set_index("after")
    assert table["left"].to_dict() == {3: 0.5, 5: 0.25}
    assert [case.end for case in withdrawal.withdrawals(ending(2029))] == [2029]
    assert withdrawal.withdrawals(ending(2030)) == []


def test_fates_are_told_of_simulated_years_and_defined_values() -> None:
    values = {("a", "enterprises"): [[7.0, 2, 4], [7, 4, np.nan]]}
    table = fates.table(study(values, YEARS), "enterprises")
    assert table[["year", "n", "mean"]].values.tolist() == [[2024, 2, 3], [2025, 1, 4]]


# What an answer hangs on ---------------------------------------------------------------------------------------------


def test_worlds_count_once_and_the_default_world_is_none_of_them() -> None:
    frame = study({("a", INCOME): [0.0] * 4, ("b", INCOME): [1.0, 3, 5, 9]}).frame()
    frame["world"] = frame["world"].map({0: 0, 1: 0, 2: 1, 3: -1})
    from analysis.data.results import Results

    found = hinges.effect_by_world(Results.of({"reference": "a", "start": "s"}, frame), "b", INCOME)
    assert found.to_dict() == {0: 2, 1: 5}


def test_forty_worlds_are_enough() -> None:
    x = np.arange(40.0)
    worlds = pd.DataFrame({"world": np.arange(40), "x": x})
    found = study({("a", INCOME): 0 * x, ("b", INCOME): x})
    found.given_worlds = worlds
    assert hinges.of_effect(found, "b", INCOME)[0]["answer"] == "named"
    fewer = study({("a", INCOME): 0 * x[:39], ("b", INCOME): x[:39]})
    fewer.given_worlds = worlds.head(39)
    assert hinges.of_effect(fewer, "b", INCOME)[0]["answer"] == "few"


def named(low: float, high: float, low_worse: float, high_worse: float, parameter: str = "x") -> dict:
    return {"strategy": "b", "indicator": INCOME, "n": 60, "answer": "named", "parameter": parameter,
            "correlation": 0.9, "by_chance": 0.4, "third": 20, "low_difference": low, "low_worse": low_worse,
            "high_difference": high, "high_worse": high_worse}  # fmt: skip


def test_the_worst_third_is_named_where_it_is_often_worse() -> None:
    """Worse in 25 of 100: a third must be worse in 37.5 of 100, and the worst of all is named."""
    rows = pd.DataFrame([named(-1, 2, 0.375, 0.1), named(1, -1, 0.0, 0.4, "y"), named(1, 1, 0.37, 0.1, "z")])
    found = backfires.worst_third(rows, 0.25)
    assert (found["parameter"], found["third"], found["third_worse"]) == ("y", "high", 0.4)
    assert backfires.worst_third(rows.head(1), 0.25)["parameter"] == "x", "exactly so often is often"
    assert backfires.worst_third(rows.tail(1), 0.25)["parameter"] == ""
    assert backfires.worst_third(rows.head(1), 0.0)["parameter"] == "x"


def test_the_kind_that_loses_most_is_named_if_it_clearly_loses() -> None:
    rows = [("income", 0, "lower", -0.5), ("income", 1, "lower", -0.9), ("home", 2, "unclear", -3.0),
            ("home", 1, "lower", -0.05)]  # fmt: skip
    table = pd.DataFrame([{"strategy": "b", "kind": kind, "class": number, "verdict": verdict, "difference": value}
                          for kind, number, verdict, value in rows])  # fmt: skip
    found = backfires.worst_kind(table, "b")
    assert (found["kind"], found["class"], found["kind_difference"]) == ("income", 1, -0.9)
    assert backfires.worst_kind(table.tail(1), "b")["kind"] == "", "within 0.1 nothing is lost"
    assert backfires.worst_kind(table, "c")["kind"] == ""


def test_sentences_on_what_decides_keep_low_and_high_apart() -> None:
    change = np.linspace(-1, 3, 60)
    found = study({("a", INCOME): 0 * change, ("b", INCOME): change})
    found.answers["analysis.answers.hinges.table",] = pd.DataFrame([named(-0.5, 2.5, 0.75, 0.0)])
    assert doubts.hangs_on(found, "b", INCOME, EN) == "“x” (small: −5,000, large: +25,000)"
    (line,) = doubts.turning(found, hinges.table(found), EN)
    assert line == "With other values the answer turns round: “Plan b” where “x” is small."
    mild = pd.DataFrame([named(-0.5, 2.5, 0.5, 0.0)])
    assert doubts.turning(found, mild, EN) == [], "worse in half of a third is not mostly worse"
    assert doubts.turning(found, pd.DataFrame([named(0.5, 2.5, 0.9, 0.9)]), EN) == []


@pytest.mark.parametrize(("futures", "text"), [(20, "worse in 5 of 20 futures"), (9, "too few futures to tell")])
def test_backfiring_counts_the_futures_that_are_worse(futures: int, text: str) -> None:
    change = np.r_[np.full(5, -1.0), np.full(futures - 5, 2.0)]
    found = study({("a", INCOME): 0 * change, ("b", INCOME): change})
    assert doubts.backfires(found, "b", INCOME, EN) == text


# Sentences -----------------------------------------------------------------------------------------------------------


def test_every_strategy_stands_in_its_group() -> None:
    gains = {"up": 1 + LINE, "down": -1 - LINE, "either": np.tile([-1.0, 1], 6), "same": 0 * LINE}
    found = study({("a", INCOME): 0 * LINE} | {(key, INCOME): value for key, value in gains.items()})
    text = title_effects(found, EN)
    assert text == (
        "Mean profit per village, compared with “Plan a” by 2024: “Plan up” higher; “Plan down” lower; "
        "“Plan either” cannot be told apart; “Plan same” no difference"
    )
    few = study({("a", INCOME): LINE[:3], ("b", INCOME): 1 + LINE[:3]})
    assert title_effects(few, EN).endswith("only 3 futures, too few to say which strategy is higher")


def test_five_are_named_and_three_with_their_values() -> None:
    values = {f"p{place}": float(place) for place in range(6)}
    found = study({(key, INCOME): [value] for key, value in values.items()})
    keys = list(values)
    assert telling.named(found, keys[:5], EN).count("Plan") == 5
    assert telling.named(found, keys, EN) == "6 strategies"
    three = {key: values[key] for key in keys[:3]}
    assert telling.listed(found, EN, three, str) == "“Plan p0” 0.0, “Plan p1” 1.0, “Plan p2” 2.0"
    assert telling.listed(found, EN, values, str) == "from 0.0 (Plan p0) to 5.0 (Plan p5)"
    assert telling.listed(found, EN, dict.fromkeys(keys, 2.0), str) == "2.0 under each"


def test_titles_on_money_name_cheap_and_dear() -> None:
    values = {("a", "public_cost_central"): [200.0], ("b", "public_cost_central"): [100.0],
              ("c", "public_cost_central"): [400.0], ("a", "cost_training"): [1.0], ("a", "cost_central_grant"): [3.0],
              ("b", "cost_training"): [5.0], ("b", "cost_central_grant"): [1.0]}  # fmt: skip
    levers = {"training": {"en": "Training"}, "central_grant": {"en": "Grants"}}
    found = study(values, levers=levers)
    assert cost.title_payers(found, EN) == (
        "Public cost a year runs from 1.0 million yuan (“Plan b”) to 4.0 million yuan (“Plan c”)"
    )


@pytest.mark.parametrize(("indicator", "kind", "zh", "en"), [
    (INCOME, "income", "1.2 万元", "12,300 yuan"), ("villages_aim_total", "villages", "1.2 个村", "1.2 villages"),
    ("village_cost", "money", "1 万元", "0.0 million yuan"), ("public_cost", "money", "1 万元", "0.0 million yuan"),
    ("participation_vote", "points", "123.40 个百分点", "123.40 percentage points"),
    ("failure_share", "points", "123.40 个百分点", "123.40 percentage points"),
    ("income_operating_gini", "index", "1.23", "1.23"),
])  # fmt: skip
def test_each_indicator_has_its_unit(indicator: str, kind: str, zh: str, en: str) -> None:
    assert kind_of(indicator) == kind
    assert (ZH.with_unit(kind, 1.234), EN.with_unit(kind, 1.234)) == (zh, en)
    assert EN.with_unit("money", 250) == "2.5 million yuan"


def test_ranges_say_of_how_many_futures_they_are() -> None:
    assert EN.within("income", (1, 2), 20) == "90 of 100 futures: 10,000 to 20,000"
    assert EN.within("income", (1, 2), 19) == "all 19 futures: 10,000 to 20,000"
    assert (EN.spread_name(20) == EN("spread_name"), EN.spread_name(19) == EN("spread_name")) == (True, False)
    assert EN.futures(0.75, 12) == "9 of 12" and EN.percent(0.256) == "26%"


def test_small_begins_below_the_limit() -> None:
    limit = SMALL["income"]
    row = {"indicator": INCOME, "verdict": "higher", "spread_low": 0.0, "spread_high": 1.0}
    assert Verdict.of(pd.Series({**row, "difference": limit})).word == "higher"
    assert Verdict.of(pd.Series({**row, "difference": limit - 1e-9})).word == "small"
