"""Rows of a province from rows of its counties: known answers, one county, and a district cut in two."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from experiments.provinces import COUNTY, KEYS, province_indicators, province_table
from scenarios import load_district
from scenarios.county import County, build_county
from sim.engine import run_batch
from sim.futures import futures_of
from sim.indicator import NONE, SUM, VILLAGES
from sim.indicators import INDICATORS
from sim.options import RunOptions
from sim.policies.base import Strategy

OPTIONS = RunOptions(horizon=2027, residents_per_village=7)


def rows(county: str, values: dict[str, list[float | None]], seeds: list[int] | None = None) -> pa.Table:
    number = len(next(iter(values.values())))
    return pa.table(
        {
            COUNTY: [county] * number,
            "strategy": ["existing"] * number,
            "start": ["bazhong_mean"] * number,
            "world": pa.array([-1] * number, pa.int32()),
            "seed": pa.array(seeds or list(range(number)), pa.int64()),
            "year": pa.array([2030] * number, pa.int32()),
            **{name: pa.array(column, pa.float64()) for name, column in values.items()},
        }
    )


def test_the_union_of_two_counties_by_hand() -> None:
    a = rows("a", {"income_operating_mean": [10.0], "villages_10_operating": [3.0], "participation": [0.5],
                   "registered_population": [1000.0], "alliance_quality": [0.0], "alliance_producers": [0.0],
                   "income_operating_median": [9.0]})  # fmt: skip
    b = rows("b", {"income_operating_mean": [20.0], "villages_10_operating": [5.0], "participation": [0.1],
                   "registered_population": [3000.0], "alliance_quality": [0.75], "alliance_producers": [4.0],
                   "income_operating_median": [8.0]})  # fmt: skip
    found = province_table(pa.concat_tables([a, b]), {"a": 6, "b": 4}).to_pylist()[0]
    assert found["income_operating_mean"] == pytest.approx((6 * 10 + 4 * 20) / 10)
    assert found["villages_10_operating"] == 8
    assert found["participation"] == pytest.approx((0.5 * 1000 + 0.1 * 3000) / 4000)
    assert found["registered_population"] == 4000
    assert found["alliance_quality"] == pytest.approx(0.75)
    assert "income_operating_median" not in found
    assert COUNTY not in found


def test_a_run_that_failed_in_one_county_is_left_out_and_null_stays_null() -> None:
    a = rows("a", {"public_cost": [1.0, None, 3.0], "subsidies_mean": [1.0, None, 1.0]}, [7, 8, 9])
    b = rows("b", {"public_cost": [4.0, None], "subsidies_mean": [2.0, None]}, [7, 8])
    found = province_table(pa.concat_tables([a, b]), {"a": 1, "b": 1})
    assert found.column("seed").to_pylist() == [7, 8]
    assert found.column("public_cost").to_pylist() == [5.0, None]
    assert found.column("subsidies_mean").to_pylist() == [1.5, None]


def test_the_order_of_rows_changes_no_digit() -> None:
    draw = np.random.default_rng(1)
    names = [f"c{number}" for number in range(20)]
    tables = [rows(name, {"public_cost": draw.random(5).tolist(), "cash_mean": draw.random(5).tolist()})
              for name in names]  # fmt: skip
    villages = {name: number + 1 for number, name in enumerate(names)}
    one = province_table(pa.concat_tables(tables), villages)
    two = province_table(pa.concat_tables(tables[::-1]), villages)
    assert one.equals(two)


def test_a_strange_county_or_a_row_that_stands_twice_is_an_error() -> None:
    table = rows("a", {"public_cost": [1.0]})
    with pytest.raises(ValueError, match="none of the province"):
        province_table(table, {"b": 1})
    with pytest.raises(ValueError, match="twice"):
        province_table(pa.concat_tables([table, table]), {"a": 1, "b": 1})


def run(villages: int, code: str) -> tuple[pa.Table, dict[str, np.ndarray], dict[str, np.ndarray]]:
    county = build_county(County(code, code, "", villages), load_district("enyang"))
    levers = {"central_grant": {"intensity": 1}, "industry_alliance": {"intensity": 1}}
    result = run_batch(county, Strategy("some", levers=levers), futures_of([None, 2], [0, 1]), OPTIONS)
    shape = (2, len(result.years))
    year = np.broadcast_to(np.array(result.years, dtype=np.int32), shape).ravel()
    future = np.repeat(np.arange(2), shape[1])
    number = len(year)
    table = pa.table(
        {
            COUNTY: [code] * number, "strategy": ["some"] * number, "start": ["bazhong_mean"] * number,
            "world": future.astype(np.int32), "seed": future, "year": year,
            **{name: pa.array(values.ravel(), from_pandas=True) for name, values in result.indicators.items()},
        }
    )  # fmt: skip
    return table, result.indicators, result.villages


def test_a_province_of_one_county_has_its_numbers_exactly() -> None:
    table, _, _ = run(9, "1")
    found = province_table(table, {"1": 9})
    for name in (*KEYS, *province_indicators()):
        assert found.column(name).equals(table.column(name)), name


def test_a_province_counts_its_villages_as_if_they_were_one_district() -> None:
    """What the engine measures over the villages of one district, from the village columns of both counties at once."""
    (one, first, in_first), (two, second, in_second) = run(9, "1"), run(23, "2")
    found = province_table(pa.concat_tables([one, two]), {"1": 9, "2": 23}).to_pandas()
    villages = {name: np.concatenate([in_first[name], in_second[name]], axis=2) for name in in_first}
    # village columns are kept as float32: 24 bits, six digits or more over 32 villages
    for name in ("income_operating", "income_total", "income_profit", "capital", "dependency", "effort", "home_share"):
        asked = {"home_share": name}.get(name, f"{name}_mean")
        expected = villages[name].astype(np.float64).mean(axis=2)
        if name == "capital":  # pools and companies are in the indicator, and not in the village column
            continue
        np.testing.assert_allclose(found[asked], expected.ravel(), rtol=1e-5, atol=1e-5, err_msg=name)
    np.testing.assert_array_equal(
        found["villages_10_operating"], first["villages_10_operating"].ravel() + second["villages_10_operating"].ravel()
    )
    for indicators in (first, second):  # the weights are what the shares are shares of
        assert (indicators["population_home"] <= indicators["registered_population"]).all()
    shares = [indicators["participation"] * indicators["registered_population"] for indicators in (first, second)]
    people = first["registered_population"] + second["registered_population"]
    np.testing.assert_allclose(found["participation"], (sum(shares) / people).ravel(), rtol=1e-12)


def test_every_indicator_says_how_it_is_put_together() -> None:
    for name, item in INDICATORS.items():
        how = item.over_districts
        assert how in (SUM, VILLAGES, NONE) or INDICATORS[how].over_districts == SUM, name
        if item.name.endswith("_mean") and how != NONE:
            assert how != SUM, name
        if item.unit == "":
            assert how != SUM, f"{name}: a share is not added"
    assert [name for name, item in INDICATORS.items() if item.over_districts == NONE] == [
        "income_operating_median", "income_operating_p10", "income_operating_p90", "income_operating_gini",
        "income_profit_gini", "company_return_median", "company_return_p90", "company_profit_median",
    ]  # fmt: skip
