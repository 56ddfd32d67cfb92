"""Designs, sizes, costs and tables of a study on numbers known by hand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from test_design import futures_of, problems_of

from experiments import size
from experiments.design import Asked, only
from experiments.found_scale import SameCost, relative
from experiments.messages import Stopped
from experiments.parts import Failure
from experiments.reproducer import reproducer
from experiments.same_cost import present_cost, scaled
from experiments.stopping import read_stopping
from experiments.study import Batch, Study
from experiments.tables import run_table, village_table, world_table
from scenarios import load_district
from sim.engine import BatchResult
from sim.futures import NO_WORLD, Futures, numbered
from sim.indicators import INDICATORS
from sim.options import RunOptions
from sim.policies.base import Strategy
from sim.record import DISTRICT
from sim.village_indicators import VILLAGE_INDICATORS
from sim.world import DECLARED

STRATEGIES = (Strategy("none"), Strategy("existing", levers={"training": {"intensity": 1}}))


def a_study(**changed: object) -> Study:
    facts = {"futures": numbered(range(3)), "options": RunOptions(horizon=2026)}
    return Study("small", load_district("enyang"), STRATEGIES, "existing", **{**facts, **changed})


# Designs -------------------------------------------------------------------------------------------------------------


def test_a_grid_goes_through_its_values_in_order_each_with_all_seeds() -> None:
    found = futures_of(2, kind="grid", values={"fixed_cost": [1, 2], "leak_revenue": [0.04, 0.06]})
    assert found.values.tolist() == [[1, 0.04]] * 2 + [[1, 0.06]] * 2 + [[2, 0.04]] * 2 + [[2, 0.06]] * 2
    assert found.seeds.tolist() == [0, 1] * 4 and found.draws.tolist() == [0, 1] * 4
    assert found.worlds.tolist() == list(range(8))


def test_a_hypercube_of_any_size_has_a_point_in_each_of_its_strata() -> None:
    """Ten points, one in each tenth of a law: a sequence that counts in powers of two can't do that."""
    found = futures_of(10, kind="lhs", parameters=["fixed_cost", "leak_revenue"], seed=0, repeats=1)
    for name, column in zip(found.names, found.values.T, strict=True):
        item = DECLARED[name]
        below = (column - item.low) / (item.default - item.low) / 2
        above = 0.5 + (column - item.default) / (item.high - item.default) / 2
        assert sorted(np.floor(10 * np.where(column < item.default, below, above))) == list(range(10))


def test_the_seed_of_a_design_is_the_one_asked_for() -> None:
    for kind in ("lhs", "sobol"):
        one, again, other = (futures_of(8, kind=kind, parameters="all", seed=seed, repeats=1) for seed in (3, 3, 4))
        assert np.array_equal(one.values, again.values) and not np.array_equal(one.values, other.values)


def test_what_is_held_fixed_is_not_spread_and_can_not_be_named_too() -> None:
    held = Asked(4, True, fixed={"fixed_cost": 2.0})
    found = futures_of(4, asked={"fixed": {"fixed_cost": 2.0}}, kind="lhs", parameters="all", seed=0, repeats=1)
    assert "fixed_cost" not in found.names and "leak_revenue" in found.names
    assert "fixed_cost" in problems_of(held, kind="lhs", parameters=["fixed_cost"], seed=0, repeats=1)
    assert problems_of(held, kind="lhs", parameters=["leak_revenue"], seed=0, repeats=1) == ""


def test_worlds_are_drawn_only_where_that_is_asked() -> None:
    assert futures_of(3, drawn=False, kind="futures").draws.tolist() == [NO_WORLD] * 3
    assert futures_of(3, kind="futures").draws.tolist() == [0, 1, 2]
    held = futures_of(2, drawn=False, kind="grid", values={"fixed_cost": [1, 2]})
    assert held.draws.tolist() == [NO_WORLD] * 4 and not held.drawn


def test_a_future_named_twice_is_run_once_and_keeps_its_values() -> None:
    found, problems = only(futures_of(8, kind="grid", values={"fixed_cost": [1, 2, 3]}), [17, 0, 17], "here")
    assert not problems and found.seeds.tolist() == [0, 1] and found.values.tolist() == [[1], [3]]


def test_everything_of_a_future_is_in_the_fingerprint() -> None:
    base = Futures(np.arange(2), np.arange(2), np.arange(2), ("fixed_cost",), np.array([[1.0], [2.0]]))
    others = [
        replace(base, worlds=base.worlds + 1), replace(base, draws=base.draws + 1), replace(base, seeds=base.seeds + 1),
        replace(base, names=("leak_revenue",)), replace(base, values=base.values + 1), base.take(slice(0, 1)),
    ]  # fmt: skip
    assert len({item.fingerprint for item in (base, *others)}) == 7


def test_rounds_hold_whole_batches() -> None:
    node = {"tolerance": 0.1, "indicator": "income_operating_mean", "least": 30, "step": 26}
    rule, problems = read_stopping(node, (2024, 2030), 200, 25, "here")
    assert not problems and (rule.least, rule.step, rule.year) == (50, 50, 2030)


# Size ----------------------------------------------------------------------------------------------------------------


def test_bytes_are_those_of_all_rows_and_columns() -> None:
    """Two strategies in three futures over 2023–2026: runs twice in doubles, villages once in single precision."""
    rows = 2 * 3 * 4
    runs = rows * (len(INDICATORS) + 5) * 8 * 2
    villages = rows * 209 * (len(VILLAGE_INDICATORS) + 6) * 4
    assert size.bytes_needed(a_study(detail=DISTRICT)) == runs
    assert size.bytes_needed(a_study()) == runs + villages


def test_what_the_disk_can_not_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = size.bytes_needed(a_study())
    for free, refused in ((needed, False), (needed - 1, True)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        if refused:
            with pytest.raises(Stopped):
                size.check_room(a_study(), tmp_path / "not" / "there")
        else:
            size.check_room(a_study(), tmp_path / "not" / "there")


# Costs ---------------------------------------------------------------------------------------------------------------


def test_money_of_the_first_year_counts_in_full_and_that_before_it_does_not() -> None:
    cost = pa.array([100.0, 10, 11, None, 0, 22])
    runs = pa.table({"year": [2023, 2024, 2025] * 2, "public_cost": cost})
    np.testing.assert_allclose(present_cost(runs, 2024, 0.1), [10 + 11 / 1.1, 22 / 1.1])


def test_the_last_dated_intensity_alone_is_scaled() -> None:
    given = {"central_grant": {"intensity": {2024: 1, 2026: 0.5}, "amount": 70}}
    asks = Strategy("x", levers=given, same_cost_as="existing", scaled_lever="central_grant")
    found = scaled(asks, 3.0)
    assert found.levers == {"central_grant": {"intensity": {2024: 1, 2026: 1.5}, "amount": 70}}
    assert (found.same_cost_as, found.scaled_lever) == ("", "")


def test_a_difference_of_cost_is_relative_to_the_target() -> None:
    assert relative(110, 100) == pytest.approx(0.1) and relative(90, 100) == pytest.approx(-0.1)
    assert relative(0.6, 0.1) == pytest.approx(0.5), "to 1万元 where the target costs less"
    met = SameCost("existing", "central_grant", 2.0, 110, 100, 20, 30, 4)
    assert met.to_dict()["reached"] and met.to_dict()["difference"] == pytest.approx(0.1)
    missed = replace(met, reason="too_dear").to_dict()
    assert not missed["reached"] and missed["reason_en"]


# Tables --------------------------------------------------------------------------------------------------------------


def test_tables_of_a_batch_keep_world_seed_year_and_village_apart() -> None:
    district = load_district("enyang")
    futures = Futures(np.array([7, 9]), np.array([7, 9]), np.array([70, 90]))
    number = district.villages
    income = np.arange(2 * 3 * number, dtype=float).reshape(2, 3, number)
    result = BatchResult([2023, 2024, 2025], {"income_operating_mean": income.mean(axis=2)},
                         {"income_operating": income.astype(np.float32)})  # fmt: skip
    batch = Batch("00000", district, STRATEGIES[0], "bazhong_mean", 0, futures)
    runs = run_table(batch, result).to_pandas()
    assert runs[["world", "seed", "year"]].values.tolist() == [
        [7, 70, 2023], [7, 70, 2024], [7, 70, 2025], [9, 90, 2023], [9, 90, 2024], [9, 90, 2025]]  # fmt: skip
    np.testing.assert_allclose(runs["income_operating_mean"], income.mean(axis=2).ravel())
    villages = village_table(batch, result).to_pandas()
    assert villages["income_operating"].tolist() == list(range(income.size))
    row = villages.iloc[number + 5]
    assert (row["year"], row["village"]) == (2024, district.village_code[5])
    towns = [district.town_name[town] for town in district.town_of]
    assert villages["town"].tolist()[:number] == towns and len(set(towns)) > 1


def test_worlds_are_told_with_the_values_in_force() -> None:
    study = a_study(futures=numbered([4, 2], fixed={"fixed_cost": 2.5}))
    table = world_table(study).to_pandas()
    assert table["world"].tolist() == [2, 4] and table["fixed_cost"].tolist() == [2.5, 2.5]
    assert set(DECLARED) <= set(table.columns)


# Repeating a run -----------------------------------------------------------------------------------------------------


def test_a_failed_run_is_repeated_by_its_place_in_the_design() -> None:
    """What holds for several strategies or says how to run is left out; a yearly budget stays."""
    failure = Failure("existing", "bazhong_mean", 2, 12, 22, "ValueError: x")
    end = "strategy=existing start=bazhong_mean 'only=[2]' workers=1"
    words = ["strategies=[none,existing]", "futures=3", "workers=4", "budget.mode=capped", "budget.annual=9"]
    assert reproducer(a_study(), failure, words) == (f"qiangcun run futures=3 budget.mode=capped budget.annual=9 {end}")
    words = ["budget.mode=equal_cost", "budget.equal_to=existing", "horizon=2030"]
    assert reproducer(a_study(equal_to="existing"), failure, words) == f"qiangcun run horizon=2030 {end}"
