from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from experiments.design import Asked, only, read_design
from scenarios import load_district
from sim.engine import run_batch
from sim.futures import NO_WORLD, Futures, numbered
from sim.futures import futures_of as of_points
from sim.options import RunOptions
from sim.policies.base import Strategy
from sim.world import DECLARED, world_values

NAMES = ["fixed_cost", "interest_rate"]


def futures_of(futures: int = 16, drawn: bool = True, asked: dict[str, Any] | None = None, **node: Any) -> Futures:
    found, _, problems = read_design(node, Asked(futures, drawn, **(asked or {})), "here")
    assert not problems, [problem.text("en") for problem in problems]
    return found


def problems_of(asked: Asked = Asked(4, True), **node: Any) -> str:  # noqa: B008 - a frozen value
    return "\n".join(problem.text("en") for problem in read_design(node, asked, "here")[2])


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_half_of_the_points_lie_below_the_default(kind: str) -> None:
    found = futures_of(64, kind=kind, parameters="all", seed=0, repeats=1)
    assert found.names == tuple(name for name, item in DECLARED.items() if item.drawn)
    for name, column in zip(found.names, found.values.T, strict=True):
        item = DECLARED[name]
        assert column.min() >= item.low
        assert column.max() <= item.high
        if item.low < item.default < item.high:
            assert np.sum(column < item.default) == 32, name


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_points_are_in_strata_of_their_own(kind: str) -> None:
    """Both designs put one of 2^k points into each of 2^k equal parts of a parameter's law."""
    found = futures_of(64, kind=kind, parameters=NAMES, seed=3, repeats=1)
    for name, column in zip(found.names, found.values.T, strict=True):
        item = DECLARED[name]
        below = (column - item.low) / (item.default - item.low) / 2
        position = np.where(
            column < item.default, below, 0.5 + (column - item.default) / (item.high - item.default) / 2
        )
        assert sorted(np.minimum(np.floor(position * 64), 63)) == list(range(64))


def test_a_sobol_sequence_is_prolonged_without_moving_a_point() -> None:
    few = futures_of(20, kind="sobol", parameters=NAMES, seed=5, repeats=1)
    many = futures_of(200, kind="sobol", parameters=NAMES, seed=5, repeats=1)
    other = futures_of(20, kind="sobol", parameters=NAMES, seed=6, repeats=1)
    assert np.array_equal(few.values, many.values[:20])
    assert not np.array_equal(few.values, other.values)


def test_a_point_meets_several_seeds() -> None:
    found = futures_of(7, kind="lhs", parameters=NAMES, seed=0, repeats=3)
    assert found.worlds.tolist() == found.draws.tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert found.seeds.tolist() == list(range(7))
    assert len(np.unique(found.values, axis=0)) == 3
    assert len(found.one_each()) == 3


def test_a_grid_meets_the_same_worlds_and_seeds_at_every_value() -> None:
    found = futures_of(3, kind="grid", values={"fixed_cost": [1, 2], "asset_leasing": {"margin": [0.85, 0.9]}})
    assert found.names == ("fixed_cost", "asset_leasing.margin")
    assert found.values[::3].tolist() == [[1, 0.85], [1, 0.9], [2, 0.85], [2, 0.9]]
    assert found.draws.tolist() == found.seeds.tolist() == [0, 1, 2] * 4
    assert len(set(found.worlds.tolist())) == 12
    values = found.parameters()
    assert values["interest_rate"].tolist() == [world_values(world)["interest_rate"] for world in [0, 1, 2] * 4]


def test_a_table_gives_each_future(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("\ufefffixed_cost,seed,world\n1.5,7,3\n2,7,3\n\n", encoding="utf-8")
    found = futures_of(99, kind="table", file=str(path))
    assert found.names == ("fixed_cost",)
    assert (found.seeds.tolist(), found.draws.tolist(), found.worlds.tolist()) == ([7, 7], [3, 3], [0, 1])
    assert found.values.tolist() == [[1.5], [2.0]]
    path.write_text("fixed_cost\n1.5\n", encoding="utf-8")
    assert futures_of(99, drawn=False, kind="table", file=str(path)).draws.tolist() == [NO_WORLD]


def test_all_mistakes_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("fixed_kost,interest_rate,seed\n1,x,1\n1,9,1.5\n1,0.05\n", encoding="utf-8")
    text = problems_of(kind="table", file=str(path))
    for part in ("did you mean: fixed_cost", "must be a number; value: x", "9", "1.5", "row 4"):
        assert part in text, part
    assert "points.csv row 3 [interest_rate]" in text
    path.write_bytes(b"\xff\xff\xff\xff")
    assert "UTF-8" in problems_of(kind="table", file=str(path))
    for nowhere in ("nowhere.csv", "~nobody-of-this-name/points.csv", str(tmp_path)):
        assert "file" in problems_of(kind="table", file=nowhere)
    assert "no such file" in problems_of(kind="table", file=None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("end", ["", ","])
def test_a_table_is_read_as_offices_write_it(tmp_path: Path, encoding: str, end: str) -> None:
    """Chinese labels as headings, commas at the end of the head alone or of all rows, blank lines."""
    label = DECLARED["interest_rate"].zh.replace("(", "\uff08").replace(")", "\uff09")
    path = tmp_path / "points.csv"
    text = f"{DECLARED['fixed_cost'].zh} ,{label},种子,世界,\r\n\r\n1.5,0.05,7,3{end}\r\n 2 ,0.04,8,4{end}\r\n,,,\r\n"
    path.write_bytes(text.encode(encoding))
    found = futures_of(99, kind="table", file=str(path))
    assert found.names == ("fixed_cost", "interest_rate")
    assert found.values.tolist() == [[1.5, 0.05], [2.0, 0.04]]
    assert (found.seeds.tolist(), found.draws.tolist()) == ([7, 8], [3, 4])


@pytest.mark.parametrize("kind", ["gbk", "utf-16", "tab", "commas", "xlsx"])
def test_a_table_is_read_as_village_tables_are(tmp_path: Path, kind: str) -> None:
    """In the encodings of Excel and WPS, with commas at the ends of lines, or as a workbook."""
    rows = [[DECLARED["fixed_cost"].zh, "seed"], [1.5, 7], [2.0, 8]]
    path = tmp_path / "points.csv"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        end, between = ",," if kind == "commas" else "", "\t" if kind == "tab" else ","
        text = "".join(between.join(map(str, row)) + f"{end}\r\n" for row in rows)
        path.write_bytes(text.encode(kind if kind in ("gbk", "utf-16") else "utf-8"))
    found = futures_of(0, kind="table", file=str(path))
    assert (found.values.tolist(), found.seeds.tolist()) == ([[1.5], [2.0]], [7, 8])


def test_chinese_labels_name_one_parameter_each() -> None:
    assert len({item.zh for item in DECLARED.values()} | {"世界", "种子"}) == len(DECLARED) + 2


@pytest.mark.parametrize("cell", ["1_5", "１", "inf", "nan", "", "1e999", "0x1"])  # noqa: RUF001
def test_what_is_no_plain_number_in_a_table_is_told_with_its_place(tmp_path: Path, cell: str) -> None:
    (tmp_path / "points.csv").write_text(f"fixed_cost,seed\n1,1\n{cell},2\n", encoding="utf-8")
    assert "points.csv row 3 [fixed_cost]" in problems_of(kind="table", file=str(tmp_path / "points.csv"))


def test_a_column_twice_under_two_names_is_told(tmp_path: Path) -> None:
    label = DECLARED["fixed_cost"].zh
    (tmp_path / "points.csv").write_text(f"fixed_cost,{label}\n1,2\n", encoding="utf-8")
    assert "column stands twice" in problems_of(kind="table", file=str(tmp_path / "points.csv"))
    (tmp_path / "points.csv").write_text("fixed_cost\n", encoding="utf-8")
    assert "empty" in problems_of(kind="table", file=str(tmp_path / "points.csv"))


def test_mistakes_of_designs() -> None:
    assert "did you mean: sobol" in problems_of(kind="sobel")
    assert "did you mean: fixed_cost" in problems_of(kind="lhs", parameters=["fixed_costs"], seed=0, repeats=1)
    assert "repeats" in problems_of(kind="lhs", parameters="all", seed=0, repeats=0)
    assert "[value" in problems_of(kind="grid", values=None)
    assert "99" in problems_of(kind="grid", values={"fixed_cost": [1, 99]})
    assert "too many" in problems_of(Asked(10**6, True), kind="grid", values={"fixed_cost": [1, 2]})
    fixed = Asked(4, True, {"fixed_cost": 2.0})
    assert "can't be held fixed" in problems_of(fixed, kind="grid", values={"fixed_cost": [1, 2]})
    left = futures_of(4, asked={"fixed": {"fixed_cost": 2.0}}, kind="lhs", parameters="all", seed=0, repeats=1)
    assert "fixed_cost" not in left.names


def test_ranges_narrow_a_design() -> None:
    ranges = {"fixed_cost": (1.0, 1.25)}
    found = futures_of(32, asked={"ranges": ranges}, kind="sobol", parameters=NAMES, seed=0, repeats=1)
    assert found.values[:, 0].min() >= 1.0
    assert found.values[:, 0].max() <= 1.25


def test_some_futures_of_a_design() -> None:
    some, problems = only(numbered(range(10)), [7, 2, 7], "here")
    assert not problems
    assert some.seeds.tolist() == [2, 7]
    assert only(numbered(range(10)), [], "here")[0].seeds.tolist() == list(range(10))
    assert "0–9" in only(numbered(range(10)), [10], "here")[1][0].text("en")
    assert only(numbered(range(10)), "7", "here")[1]


def test_what_a_design_sets_is_what_runs_meet() -> None:
    """A point with the values of world 3 is world 3; another value of one parameter moves the result."""
    enyang = load_district("enyang")
    options = RunOptions(horizon=2025, residents_per_village=0)
    same, moved = world_values(3), {**world_values(3), "fixed_cost": 2.5}
    met_at = of_points([3, 3], [0, 0], [same, moved])
    plain = run_batch(enyang, Strategy("none"), of_points([3, 3], [0, 0]), options)
    given = run_batch(enyang, Strategy("none"), met_at, options)
    name = "income_profit_mean"
    assert np.array_equal(given.indicators[name][0], plain.indicators[name][0])
    assert given.indicators[name][1, -1] < plain.indicators[name][1, -1]


def test_the_same_future_twice_is_refused(tmp_path: Path) -> None:
    """It would count as two, and every interval would be too narrow."""
    table = tmp_path / "points.csv"
    table.write_text("world,seed,fixed_cost\n1,1,1\n1,2,1\n2,1,1\n1,1,2\n", encoding="utf-8")
    assert len(futures_of(0, kind="table", file=str(table))) == 4
    table.write_text("world,seed,fixed_cost\n1,1,1\n1,2,1\n1,1,1.0\n", encoding="utf-8")
    text = problems_of(kind="table", file=str(table))
    assert "row 4" in text
    assert "row 2 again" in text
