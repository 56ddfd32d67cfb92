"""Equal money: known answers of the straight line, and silence where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_study

from analysis.answers import effectiveness, same_cost
from analysis.data.effects import HEADLINE
from analysis.data.results import Results, load
from analysis.page import rows
from analysis.sentences.catalogue import Words

FUTURES = 40


def study(folder: Path, values: dict[str, dict[str, np.ndarray]]) -> Results:
    """A study of one year: indicators by strategy, a value per future."""
    frames = [
        pd.DataFrame(indicators).assign(strategy=strategy, start="bazhong_mean", year=2024)
        for strategy, indicators in values.items()
    ]
    runs = pd.concat([frame.assign(world=frame.index, seed=frame.index) for frame in frames])
    runs.to_parquet(folder / "runs.parquet")
    manifest = {
        "strategies": [{"key": key} for key in values],
        "reference": "existing",
        "start_year": 2024,
        "district": {"villages": 10},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return load(folder)


def outcomes(cost: float, income: float, gini: float = 0.5) -> dict[str, np.ndarray]:
    """Cost and effects around the reference's noise, which pairing removes."""
    noise = np.random.default_rng(1).normal(0, 3, FUTURES)
    small = np.random.default_rng(2).normal(0, 0.01, FUTURES)
    return {
        "public_cost": 100 + noise + cost + small,
        "income_operating_mean": 10 + noise + income + small,
        "villages_10_operating": 50 + noise + 2 * income + small,
        "income_operating_gini": gini + 0.001 * noise,
    }


@pytest.fixture
def results(tmp_path: Path) -> Results:
    """Grants: 40 of cost for an effect of 8, so 0.2 for each. Policies above, below and beside the line."""
    return study(
        tmp_path,
        {
            "none": outcomes(-100, -5),
            "existing": outcomes(0, 0),
            "above": outcomes(10, 3, 0.49),
            "below": outcomes(10, 1, 0.49),
            "cheap": outcomes(-10, 1),
            "grants_same_cost": outcomes(40, 8, 0.42),
        },
    )


def row(results: Results, strategy: str, indicator: str = "income_operating_mean") -> pd.Series:
    """One row of the table."""
    table = same_cost.table(results)
    return table[(table["strategy"] == strategy) & (table["indicator"] == indicator)].iloc[0]


def test_advantage_over_the_line(results: Results) -> None:
    """A quarter of the money buys a quarter of the grants' effect: 2; the policies give 3 and 1."""
    above, below = row(results, "above"), row(results, "below")
    assert above["share_of_grants"] == pytest.approx(0.25, rel=1e-9)
    assert above["difference"] == pytest.approx(3 - 2, abs=0.01)
    assert below["difference"] == pytest.approx(1 - 2, abs=0.01)
    assert same_cost.answer(above) == "better"
    assert same_cost.answer(below) == "worse"
    assert above["share_better"] == 1


def test_less_inequality_is_better(results: Results) -> None:
    """Gini falls by 0.01; a quarter of the grants' fall of 0.08 is 0.02: worse than grants."""
    found = row(results, "above", "income_operating_gini")
    assert found["difference"] == pytest.approx(0.01, abs=1e-6)
    assert same_cost.answer(found) == "worse"


def test_the_line_itself_is_neither(tmp_path: Path) -> None:
    """A policy that is a fifth of the grants in every future is the same."""
    base, plain = outcomes(0, 0), outcomes(40, 8)
    part = {name: base[name] + 0.2 * (plain[name] - base[name]) for name in base}
    found = row(study(tmp_path, {"existing": base, "part": part, "grants_same_cost": plain}), "part")
    assert found["difference"] == pytest.approx(0, abs=1e-9)
    assert same_cost.answer(found) == "same"


def test_no_number_where_nothing_is_spent(results: Results, tmp_path: Path) -> None:
    """A policy that lowers cost, and a study without grants, get a reason and no number."""
    cheap = row(results, "cheap")
    assert cheap["reason"] == "cheaper"
    assert np.isnan(cheap["difference"])
    assert "none" not in set(same_cost.table(results)["strategy"])
    (tmp_path / "without").mkdir()
    without = study(tmp_path / "without", {"existing": outcomes(0, 0), "above": outcomes(10, 3)})
    assert row(without, "above")["reason"] == "missing"
    assert same_cost.grants(without) is None


def test_grants_are_found_by_the_manifest(results: Results) -> None:
    """The strategy that says what it equals is the comparator, and is not compared with itself."""
    assert same_cost.grants(results) == "grants_same_cost"
    assert not {"grants_same_cost", "none", "existing"} & set(same_cost.table(results)["strategy"])


def test_cost_per_village_only_where_both_are_clear(results: Results) -> None:
    """10 of cost for 6 villages; no ratio where cost falls, and none where the effect is not clear."""
    table = effectiveness.table(results).set_index(["strategy", "effect"])
    found = table.loc["above", "villages_10_operating"]
    assert found["ratio"] == pytest.approx(10 / 6, rel=0.01)
    assert found["ratio_low"] <= found["ratio"] <= found["ratio_high"]
    assert table.loc["cheap", "villages_10_operating"]["reason"] == "cost"
    assert table.loc["above", effectiveness.TURNOVER]["ratio"] == pytest.approx(10 / 30, rel=0.01)
    assert not same_cost.clearly_more(pd.Series(np.linspace(-1, 1.1, 40)))


def test_profit_judges_equal_money_and_turnover_stands_beside_it_where_it_differs() -> None:
    """Grants add 1 of profit and 2 of turnover for 10; both policies cost as much and differ in one of the two."""
    cost, noise = {"a": 0, "grants_same_cost": 10, "one": 10, "two": 10}, np.linspace(0, 0.1, 20)
    gains = {"a": (0, 0), "grants_same_cost": (1, 2), "one": (3, 1), "two": (3, 4)}
    values = {(key, "public_cost"): 100 + more + noise for key, more in cost.items()}
    for key, both in gains.items():
        values |= {(key, name): gain + noise for name, gain in zip(HEADLINE, both, strict=True)}
    text = same_cost.title(tiny_study.study(values), Words("en"))
    assert text == (
        "For the same money as plain grants, mean profit: “Plan one”, “Plan two” better;"
        " by operating income “Plan one” worse"
    )
    cell = rows.equal_word(tiny_study.study(values), "one", Words("en"))
    assert (cell["main"], cell["spread"], cell["beneath"]) == ("better", "20/20", "turnover worse 0/20")
