"""Patterns judged future by future, and what moves without a process."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.answers import ablation, patterns
from analysis.data.results import Results
from analysis.page import ablation as page_of_ablation

YEARS = (2023, 2024, 2030)
FUTURES = 4
LEVEL = {"base": 10.0, "base_without_a": 10.1, "base_without_b": 5.0,
         "more": 14.0, "more_without_a": 14.1, "more_without_b": 7.0}  # fmt: skip


@pytest.fixture
def study(tmp_path):
    """Two strategies, two processes: without `a` nothing moves by 2 %, without `b` levels and the effect do."""
    index, rows = [], []
    for key, level in LEVEL.items():
        for future in range(FUTURES):
            for year in YEARS:
                index.append((key, "start", future, future, year))
                mean = level + future
                rows.append(
                    {"income_operating_mean": mean, "income_profit_mean": mean / 2,
                     "income_operating_median": mean / (1.3 if "_b" not in key else 1.1),
                     "villages_below_5_operating": 5.0, "villages_10_operating": 3.0, "failure_share": 0.05}
                )  # fmt: skip
    names = ["strategy", "start", "world", "seed", "year"]
    table = pd.DataFrame(rows, index=pd.MultiIndex.from_tuples(index, names=names)).reset_index()
    listed = [{"key": key, "zh": key, "en": key,
               **({"without": {key[-1]: {"zh": key[-1], "en": key[-1]}}} if "_without_" in key else {})}
              for key in LEVEL]  # fmt: skip
    manifest = {"strategies": listed, "reference": "base", "start": "start", "start_year": 2024,
                "district": {"villages": 10}}  # fmt: skip
    return Results.of(manifest, table)


def only_of_indicators(monkeypatch):
    kept = [item for item in patterns.PATTERNS if item.key in ("P1a", "P1b", "P4")]
    monkeypatch.setattr(patterns, "PATTERNS", kept)


def test_bases_variants_and_processes(study):
    assert ablation.is_ablation(study)
    assert ablation.bases(study) == ["base", "more"]
    assert list(ablation.left_out(study)) == ["a", "b"]
    pairs = [(case.strategy, case.without_policies) for case in ablation.cases(study)]
    assert pairs == [("base", ""), ("more", "base"), ("base_without_a", ""), ("more_without_a", "base_without_a"),
                     ("base_without_b", ""), ("more_without_b", "base_without_b")]  # fmt: skip


def test_the_page_names_each_base(study, monkeypatch):
    only_of_indicators(monkeypatch)
    assert page_of_ablation.page(study, "en")["names"] == ["base", "more"]


def test_moves_by_hand(study):
    row = ablation.moves(study).set_index(["process", "indicator"]).loc[("b", "income_operating_mean")]
    assert row["level"] == pytest.approx(11.5) and row["level_change"] == pytest.approx(-5.0)
    assert row["effect"] == pytest.approx(4.0) and row["effect_change"] == pytest.approx(-2.0)
    assert row["level_change_half"] == pytest.approx(0, abs=1e-12)
    assert row["level_change_large"] and row["effect_change_large"]


def test_a_pattern_lost_and_an_idle_process(study, monkeypatch):
    only_of_indicators(monkeypatch)
    found = ablation.patterns(study)
    assert ablation.lost(found) == {"a": [], "b": ["P1a"]}
    assert ablation.idle(study) == ["a"]


def test_patterns_about_indicators_by_hand(study):
    case = patterns.Case(study, "base")
    assert patterns.skewness(case) == pytest.approx([1.3] * FUTURES)
    assert patterns.low_tail(case) == pytest.approx([0.5] * FUTURES)
    assert patterns.failing(case) == pytest.approx([1 - 0.95**5] * FUTURES)


def test_a_pattern_needs_its_years_its_indicator_and_its_policies(study):
    by_key = {item.key: item for item in patterns.PATTERNS}
    alone, beside = patterns.Case(study, "base"), patterns.Case(study, "more", "base")
    assert not by_key["P3"].possible(alone), "2026 is not simulated"
    assert not by_key["P8a"].possible(alone), "no residents"
    assert not by_key["P10"].possible(alone) and by_key["P10"].possible(beside)


def test_rank_correlation_is_scipys_and_unknown_without_variation():
    source = np.random.default_rng(1)
    one, other = source.random((3, 20)), source.random((3, 20))
    other[2] = 1.0
    expected = [pd.Series(one[row]).corr(pd.Series(other[row]), method="spearman") for row in range(2)]
    found = patterns.rank_correlation(one, other)
    assert found[:2] == pytest.approx(expected) and np.isnan(found[2])


def test_unknown_values_do_not_hold(study):
    pattern = patterns.Pattern("P", 0, 1, lambda case: np.array([0.5, np.nan, 2.0, 0.1]))
    assert patterns.judge(pattern, patterns.Case(study, "base")) == {"median": 0.5, "share": 0.5, "n": 4}
