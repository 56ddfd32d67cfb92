"""Villages: the table as arrays, kinds, aid."""

from __future__ import annotations

from pathlib import Path

import fake_study
import numpy as np
import pandas as pd
import pytest

from analysis.answers import aid, inputs, kinds
from analysis.data.effects import INCOME
from analysis.data.results import Results, load


def test_arrays_hold_what_is_stored(results: Results) -> None:
    """Every value stands at its strategy, future and village."""
    values = results.village_values("income_operating", 2030)
    rows = pd.read_parquet(results.folder / "villages.parquet")
    rows = rows[rows["year"] == 2030].astype({"village": str})
    wide = rows.pivot(index=["strategy", "world"], columns="village", values="income_operating")
    for key, array in values.by_strategy.items():
        np.testing.assert_array_equal(array, wide.loc[key, list(values.codes)])
    towns = dict(zip(rows["village"], rows["town"].astype(str), strict=True))
    assert [towns[code] for code in values.codes] == list(values.towns)
    total = results.village_total("public_money").by_strategy["existing"]
    whole = pd.read_parquet(results.folder / "villages.parquet")
    whole = whole[(whole["strategy"] == "existing") & (whole["year"] >= 2024)]
    assert total.sum() == pytest.approx(whole["public_money"].sum(), rel=1e-5)


def test_only_shared_futures_count(tmp_path: Path) -> None:
    """A future that one strategy lacks is left out for all."""
    study = fake_study.write(tmp_path, futures=4, villages=6, strategies=["none", "existing"], horizon=2025)
    part = study / "villages.parquet" / "part-none.parquet"
    frame = pd.read_parquet(part)
    frame[frame["world"] != 2].to_parquet(part)
    values = load(study).village_values("income_operating", 2025)
    assert list(values.futures.get_level_values("world")) == [0, 1, 3]
    assert all(array.shape == (3, 6) and np.isfinite(array).all() for array in values.by_strategy.values())


def test_concentration_by_hand() -> None:
    """All to the poorest of four: 1/4 - 1; all to the richest: its mirror; even: 0; by income: as the Gini."""
    income = np.array([[1.0, 2.0, 3.0, 4.0]])
    assert aid.index(aid.ordered(np.array([[1.0, 0, 0, 0]]), income)) == pytest.approx(-0.75)
    assert aid.index(aid.ordered(np.array([[0, 0, 0, 5.0]]), income)) == pytest.approx(0.75)
    assert aid.index(aid.ordered(np.ones((1, 4)), income)) == pytest.approx(0)
    assert aid.index(aid.ordered(income, income)) == pytest.approx(0.25)
    np.testing.assert_allclose(aid.curve(aid.ordered(np.ones((1, 4)), income)), np.linspace(0, 1, 101))


def test_villages_without_income_are_not_ordered() -> None:
    """Which of the villages without income gets the money makes no difference."""
    income = np.array([[0.0, 0.0, 0.0, 4.0]])
    one, other = (aid.ordered(np.array([money]), income) for money in ([6.0, 0, 0, 2], [0, 0, 6.0, 2]))
    np.testing.assert_allclose(one, other)
    assert np.isnan(aid.ordered(np.zeros((1, 4)), income)).all()


def test_thirds_are_even() -> None:
    """Each third holds a third of the villages of every future."""
    classes = kinds.thirds(np.random.default_rng(1).normal(size=(5, 9)))
    assert all((classes == number).sum(axis=1).tolist() == [3] * 5 for number in range(3))


def test_kinds_average_to_the_whole(results: Results) -> None:
    """Mean differences of thirds, weighted by villages, give the mean difference of all villages."""
    table = kinds.by_kind(results, "participation")
    villages = results.village_values("participation", results.horizon).by_strategy
    for key in results.others:
        rows = table[(table["strategy"] == key) & (table["kind"] == "home")]
        whole = (villages[key] - villages[results.reference]).mean()
        assert np.average(rows["difference"], weights=rows["villages"]) == pytest.approx(whole, rel=1e-9, abs=1e-12)


def test_small_groups_are_not_described(results: Results) -> None:
    """A group of less than a village on average has a count and nothing else; others lie within all villages."""
    table = kinds.who(results, INCOME)
    small = table[table["villages"] < kinds.FEWEST]
    assert len(small)
    assert small.drop(columns=["strategy", "group", "villages"]).isna().all().all()
    counts = table.pivot(index="strategy", columns="group", values="villages")
    assert (counts["gain"] + counts["lose"] <= counts["all"] + 1e-9).all()


def test_inputs_are_counted(results: Results) -> None:
    """Counts agree with published ones where there are any; the rest sets up the model."""
    table = inputs.table(results).set_index("item")
    assert table.loc["villages", "agrees"] is True
    assert table.loc["resident_population", "in_model"] is None
    assert inputs.own_columns(results) == ["population"]
    results.manifest["district"]["facts"]["towns"] = 17
    assert inputs.table(results).set_index("item").loc["towns", "agrees"] is False
    results.manifest["district"]["facts"]["towns"] = 18
