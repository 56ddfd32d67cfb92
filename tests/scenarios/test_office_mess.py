"""A clean table messed up by any mixture of habits reads to the same values; grids of anything are told in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.district import District
from sim.problems import MOST_LINES
from tests.scenarios.test_office_tables import (
    CODE,
    INCOME,
    NAME,
    PEOPLE,
    SHARE,
    TICK,
    VILLAGES,
    Grid,
    changed,
    clean,
    district,
    power,
    refused,
    same,
    saved,
    wide,
)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> District:
    return district(saved(tmp_path_factory.mktemp("right") / "t.csv", clean()))


LOOKS = [
    lambda grid: [["统计表"], ["单位：人、万元"], *grid],
    lambda grid: [*grid, ["合计", *[""] * (len(grid[0]) - 1)]],
    lambda grid: [["序号", *grid[0]], *([str(number), *row] for number, row in enumerate(grid[1:], 1))],
    lambda grid: [[*row, "备注" if row is grid[0] else "无"] for row in grid],
    lambda grid: [row for each in grid for row in (each, [""] * len(each))],
    lambda grid: [grid[0], *grid[:0:-1]],
    lambda grid: [["", *row] for row in grid],
    lambda grid: [*grid, [""] * len(grid[0]), ["注：略"]],
]  # fmt: skip
CELLS: dict[int, list[Callable[[str], str]]] = {
    CODE: [str, lambda cell: f"'{cell}", lambda cell: f"{cell}.0", power, wide, lambda cell: f" {cell}\u3000"],
    NAME: [str, lambda cell: f"{cell}村民委员会", lambda cell: f"{cell}委会"],
    PEOPLE: [str, lambda cell: f"{int(cell):,}", wide, lambda cell: f"{cell}.0", lambda cell: f"{cell} 人"],
    INCOME: [str, wide, lambda cell: f"{cell}万元", lambda cell: f"+{cell}"],
    SHARE: [str, wide],
    TICK: [str, lambda cell: "是" if cell == "1" else "否", lambda cell: f"{cell}.0"],
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, len(LOOKS) - 1), max_size=4, unique=True),
    st.tuples(*(st.integers(0, len(ways) - 1) for ways in CELLS.values())),
    st.sampled_from([("utf-8", ","), ("utf-8-sig", ";"), ("gbk", "\t"), ("utf-16", "\t"), ("", "")]),
)
def test_a_clean_table_with_any_of_the_habits_reads_to_the_same_values(
    right: District, tmp_path: Path, looks: list[int], ways: Sequence[int], kind: tuple[str, str]
) -> None:
    grid = clean()
    for (column, choices), way in zip(CELLS.items(), ways, strict=True):
        grid = changed(column, choices[way], grid=grid)
    for look in sorted(looks, key=lambda number: (number in (0, 1, 7), number)):
        grid = LOOKS[look](grid)
    encoding, delimiter = kind
    path = saved(tmp_path / "t.xlsx", grid) if not encoding else saved(tmp_path / "t.csv", grid, delimiter, encoding)
    assert same(district(path), right)


MESS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["代码", "村名", "常住人口", "经营性收入（元）", "合计", "注：", "人", "单位：元"]),
    st.sampled_from(["=1", "-", "1,000", "50%", "√"]),
    st.sampled_from(VILLAGES.codes[:5] + VILLAGES.names[:5]),
    st.floats().map(str),
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(MESS, max_size=6), max_size=8), st.sampled_from(",\t;"))
def test_grids_of_anything_are_told_in_words(tmp_path: Path, grid: Grid, delimiter: str) -> None:
    path = tmp_path / "t.csv"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, escapechar="\\").writerows(grid)
    path.write_bytes(text.getvalue().encode("utf-8", "replace"))
    lines = refused(path).splitlines()
    assert 0 < len(lines) <= MOST_LINES + 1
