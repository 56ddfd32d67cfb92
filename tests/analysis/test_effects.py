"""Paired effects on numbers worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.data import effects, money
from analysis.data.results import Results, load


def store(folder: Path, values: dict[tuple[str, str], list[float]], years: tuple[int, ...] = (2024,)) -> Results:
    """Write a tiny study: values by (strategy, indicator), one per future, the same in all years."""
    keys = list(dict.fromkeys(strategy for strategy, _ in values))
    rows = [
        {"strategy": key, "start": "s", "world": world, "seed": world, "year": year}
        | {name: float(column[world]) for (strategy, name), column in values.items() if strategy == key}
        for key in keys
        for world in range(max(len(column) for (strategy, _), column in values.items() if strategy == key))
        for year in years
    ]
    pd.DataFrame(rows).to_parquet(folder / "runs.parquet")
    manifest = {
        "strategies": [{"key": key} for key in keys],
        "reference": keys[0],
        "start": "s",
        "start_year": 2024,
        "discount_rate": 0.1,
        "district": {"villages": 10},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return load(folder)


def test_by_hand(tmp_path: Path) -> None:
    """Differences 1, 2, 3, −1 against the reference."""
    results = store(tmp_path, {("a", "participation"): [1, 2, 3, 4], ("b", "participation"): [2, 4, 6, 3]})
    row = effects.effect(results, "b", "participation", 2024)
    change = np.array([1, 2, 3, -1])
    half = stats.t.ppf(0.975, 3) * change.std(ddof=1) / 2
    assert row["difference"] == pytest.approx(1.25)
    assert row["precision_high"] == pytest.approx(1.25 + half)
    assert (row["share_better"], row["share_worse"], row["n"]) == (0.75, 0.25, 4)
    assert (row["spread_low"], row["spread_high"]) == (-1, 3)
    assert row["verdict"] == "few"


def test_pairing_formula() -> None:
    """Var of a paired mean difference is (σx²+σy²−2ρσxσy)/n: the factor follows from the correlation."""
    random = np.random.default_rng(1)
    one = random.normal(0, 2, 500)
    two = 0.8 * one + random.normal(0, 1, 500)
    summary = effects.paired_summary(one, two)
    a, b = one.std(ddof=1), two.std(ddof=1)
    rho = np.corrcoef(one, two)[0, 1]
    assert summary["correlation"] == pytest.approx(rho)
    assert summary["variance_reduction"] == pytest.approx((a**2 + b**2) / (a**2 + b**2 - 2 * rho * a * b))


def test_exponentials_with_common_numbers() -> None:
    """Exponentials of rates 1 and 1.1 from the same uniforms: factor 221 exactly, whatever the draw."""
    uniform = np.random.default_rng(2).random(5000)
    one, two = -np.log1p(-uniform), -np.log1p(-uniform) / 1.1
    assert effects.paired_summary(one, two)["variance_reduction"] == pytest.approx(221.0)


def test_direction_of_cost(tmp_path: Path) -> None:
    """Less public cost is better."""
    values = {("a", "public_cost"): [5.0] * 12, ("b", "public_cost"): [4.0] * 11 + [6.0]}
    row = effects.effect(store(tmp_path, values), "b", "public_cost", 2024)
    assert row["share_better"] == pytest.approx(11 / 12)
    assert row["verdict"] == "lower"


def test_net_benefit(tmp_path: Path) -> None:
    """EQ-33 by hand: profit of 10 villages less cost, discounted at 10 % over two years."""
    values = {
        ("a", "income_profit_mean"): [1.0] * 12,
        ("b", "income_profit_mean"): [1.5] * 12,
        ("a", "public_cost"): [2.0] * 12,
        ("b", "public_cost"): [3.0] * 12,
        ("a", "capital_mean"): [4.0] * 12,
        ("b", "capital_mean"): [5.0] * 12,
    }
    results = store(tmp_path, values, years=(2024, 2025))
    factor = 1 + 1 / 1.1
    plain = effects.effect(results, "b", "net_benefit", 2025)
    assert plain["difference"] == pytest.approx((0.5 * 10 - 1) * factor)
    assets = effects.effect(results, "b", "net_benefit_with_assets", 2025)
    assert assets["difference"] == pytest.approx((0.5 * 10 - 1) * factor + 10 / 1.1)
    assert money.present_value(results, "a", "public_cost").iloc[0] == pytest.approx(2 * factor)


def test_repeated_rows_are_refused(tmp_path: Path) -> None:
    """A run stored twice is an error that shows the row."""
    store(tmp_path, {("a", "participation"): [1, 2]})
    frame = pd.read_parquet(tmp_path / "runs.parquet")
    pd.concat([frame, frame.head(1)]).to_parquet(tmp_path / "runs.parquet")
    with pytest.raises(ValueError, match="repeated row"):
        load(tmp_path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    """One error names every missing file."""
    with pytest.raises(FileNotFoundError, match=r"manifest\.json, runs\.parquet"):
        load(tmp_path)
