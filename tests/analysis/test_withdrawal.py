"""What is left when a measure ends: known answers, which strategies are set against each other, the figure."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.answers import found, withdrawal
from analysis.data.results import Results, load
from analysis.page import figures
from analysis.sentences.catalogue import Words

FUTURES, YEARS, VILLAGES = 24, range(2023, 2034), 6
OTHER = {"training": {"intensity": 1, "start": 2024}}
PAIRING = {"intensity": 1, "start": 2024}


def write(folder: Path, after: float = 0.5, end: int = 2027, gain: float = 2.0) -> Results:
    """The measure brings `gain` (1 to 3 times, by future); from the year after its end `after` of that is left.

    Villages 0-2 have able secretaries and keep twice the share of the others.
    """
    factor = np.linspace(0.5, 1.5, FUTURES)[:, None]
    share = after * np.array([4 / 3] * 3 + [2 / 3] * 3)[None]
    runs, villages = [], []
    for strategy in ("existing", "without", "ends", "far"):
        for year in YEARS:
            full = gain * factor * (year >= 2024) * np.ones((1, VILLAGES))
            given = {"existing": full, "without": 0 * full, "ends": full if year <= end else full * share,
                     "far": full + 1}[strategy]  # fmt: skip
            income = 5 + np.arange(VILLAGES)[None] + given
            mean = income.mean(axis=1)
            runs += [(strategy, "s", f, f, year, mean[f]) for f in range(FUTURES)]
            quality = np.array([0.9, 0.8, 0.7, 0.5, 0.4, 0.3])
            villages += [
                (strategy, "s", f, f, year, str(v), "t", income[f, v], quality[v])
                for f in range(FUTURES) for v in range(VILLAGES)
            ]  # fmt: skip
    columns = ["strategy", "start", "world", "seed", "year"]
    pd.DataFrame(runs, columns=[*columns, "income_operating_mean"]).to_parquet(folder / "runs.parquet")
    (folder / "villages.parquet").mkdir()
    wide = pd.DataFrame(villages, columns=[*columns, "village", "town", "income_operating", "manager_quality"])
    for name in ("strategy", "start", "village", "town"):
        wide[name] = wide[name].astype("category")
    wide.to_parquet(folder / "villages.parquet" / "0.parquet")
    levers = {
        "existing": {**OTHER, "paired_assistance": PAIRING},
        "without": OTHER,
        "ends": {**OTHER, "paired_assistance": {**PAIRING, "end": end}},
        "far": {"paired_assistance": {**PAIRING, "end": end}},
    }
    manifest = {
        "strategies": [{"key": key, "zh": key, "en": key, "levers": value} for key, value in levers.items()],
        "reference": "existing", "start_year": 2024, "start": "s", "district": {"villages": VILLAGES},
        "levers": {"paired_assistance": {"zh": "结对帮扶", "en": "paired assistance"}},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return load(folder)


def test_the_strategy_that_is_the_same_without_the_measure_is_found(tmp_path: Path) -> None:
    """`far` ends too, but nothing else is the same without it; `existing` does not end."""
    found = withdrawal.withdrawals(write(tmp_path))
    assert found == [withdrawal.Withdrawal("ends", "without", "paired_assistance", 2027)]


@pytest.mark.parametrize("end", [2023, 2031, 2033])
def test_an_end_that_leaves_no_years_is_none(tmp_path: Path, end: int) -> None:
    assert withdrawal.table(write(tmp_path, end=end)).empty


def test_what_is_left(tmp_path: Path) -> None:
    """Half of it: two thirds with able secretaries, a third with others; the same in every future."""
    table = withdrawal.table(write(tmp_path, after=0.5))
    assert list(table["after"]) == [3, 3, 3, 5, 5, 5]
    for _, row in table.iterrows():
        expected = {"all": 1 / 2, "high": 2 / 3, "low": 1 / 3}[row["group"]]
        assert row["left"] == pytest.approx(expected, rel=1e-5)
        assert row["left_low"] == pytest.approx(row["left_high"], rel=1e-5)
        assert row["left_median"] == pytest.approx(expected, rel=1e-5)
        assert row["at_end"] == pytest.approx(2.0, rel=1e-5)
        assert row["n"] == FUTURES and row["small"] == 0


def test_where_there_was_nothing_no_part_is_left(tmp_path: Path) -> None:
    """0.05 of income a village on average; in no future 0.1."""
    table = withdrawal.table(write(tmp_path, gain=0.05))
    assert table["left"].isna().all() and table["left_median"].isna().all()
    assert (table["small"] == FUTURES).all()


def test_futures_with_a_small_difference_do_not_count(tmp_path: Path) -> None:
    table = withdrawal.table(write(tmp_path, gain=0.12))
    row = table[table["group"] == "all"].iloc[0]
    expected = int(np.sum(0.12 * np.linspace(0.5, 1.5, FUTURES) < withdrawal.LEAST))
    assert row["small"] == expected and 0 < expected < FUTURES
    assert row["left"] == pytest.approx(0.5, rel=1e-5)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_figure_and_sentence(tmp_path: Path, lang: str) -> None:
    results = write(tmp_path)
    (answer,) = withdrawal.ANSWERS
    assert answer.can_tell(results) and answer.picture
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = figures.draw(answer, answer.picture, results, Words(lang))
    assert "50%" in drawing.title and "2027" in drawing.title
    assert ("结对帮扶" if lang == "zh" else "paired assistance") in drawing.title
    assert drawing.svg.startswith("<svg")


def test_other_studies_have_no_such_figure(results: Results) -> None:
    assert not found()["withdrawal"].possible(results)
