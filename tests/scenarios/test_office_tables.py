"""Village tables as offices make them: what has one meaning is read and said, what has two is asked about."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from scenarios import InputErrors, load_district
from scenarios.cells import parse_cell
from scenarios.columns import NAMING_COLUMNS, VILLAGE_COLUMNS, VILLAGE_HEADINGS, Column, Headings
from scenarios.district import PLACES
from scenarios.plausibility import Taken, to_km
from scenarios.sheets import read_sheets
from scenarios.tables import office_table
from scenarios.understood import Understood, read_columns
from scenarios.village_table import Villages, read_village_table
from sim.district import District

Grid = list[list[Any]]
HEAD = ["代码", "村名", "镇（街道）", "常住人口", "经营性收入", "组织力", "书记致富能手", "主导产业"]
ENYANG = load_district()
TOWNS = [ENYANG.town_name[town] for town in ENYANG.town_of]
VILLAGES = Villages(ENYANG.village_code.tolist(), ENYANG.village_name.tolist(), TOWNS)
CODE, NAME, TOWN, PEOPLE, INCOME, SHARE, TICK, TRADE = range(8)


def clean() -> Grid:
    """A right table: every village, four kinds of columns."""
    draw = np.random.default_rng(5)
    rows = zip(
        *(VILLAGES.codes, VILLAGES.names, VILLAGES.towns),
        map(str, draw.integers(1000, 3000, 209).tolist()),
        (f"{value:.2f}" for value in draw.uniform(1, 20, 209)),
        (f"{value:.2f}" for value in draw.uniform(0, 1, 209)),
        map(str, draw.integers(0, 2, 209).tolist()),
        draw.choice(["优质粮油", "有机果蔬", "生态畜禽", "道地药材"], 209).tolist(),
        strict=True,
    )
    return [HEAD, *map(list, rows)]


def changed(column: int, change: Callable[[str], Any], head: str | None = None, grid: Grid | None = None) -> Grid:
    """A table with other cells in a column, and another heading over it."""
    first, *rows = grid or clean()
    heads = [head if head is not None and number == column else text for number, text in enumerate(first)]
    return [heads, *([change(cell) if at == column else cell for at, cell in enumerate(row)] for row in rows)]


def saved(path: Path, grid: Grid, delimiter: str = ",", encoding: str = "utf-8-sig") -> Path:
    """A grid as a file: a workbook or a CSV file, by the ending of its name."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in grid:
            book.active.append(row)
        book.save(path)
    else:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerows(grid)
        path.write_bytes(text.getvalue().encode(encoding))
    return path


def district(path: Path, **more: Any) -> District:
    return load_district(village_table=path, **more)


def refused(path: Path, **more: Any) -> str:
    with pytest.raises(InputErrors) as caught:
        district(path, **more)
    assert all(problem.zh and problem.en for problem in caught.value.problems)
    return caught.value.text("en")


def same(first: District, other: District) -> bool:
    assert first.given.keys() == other.given.keys()
    return all(np.array_equal(values, other.given[name]) for name, values in first.given.items())


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> District:
    return district(saved(tmp_path_factory.mktemp("right") / "t.csv", clean()))


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def power(code: str) -> str:
    return f"{code[0]}.{code[1:]}E+11"


HABITS: dict[str, tuple[Grid, str]] = {
    "codes with .0": (changed(CODE, lambda code: f"{code}.0"), "the .0 behind codes"),
    "codes with an apostrophe": (changed(CODE, lambda code: f"'{code}"), "apostrophe"),
    "codes as powers of ten with all digits": (changed(CODE, power), "powers of ten"),
    "codes that have lost digits beside names": (changed(CODE, lambda code: f"5.{code[1:6]}E+11"), "go by name"),
    "no codes": ([row[1:] for row in clean()], "go by name"),
    "names of committees": (changed(NAME, lambda name: f"{name}村民委员会"), "endings"),
    "names of communities": (changed(NAME, lambda name: f"{name.removesuffix('村')}村委会"), "endings"),
    "thousands": (changed(PEOPLE, lambda cell: f"{int(cell):,}"), "commas between thousands"),
    "full width": (changed(INCOME, wide), "full-width"),
    "unit in the cells": (changed(PEOPLE, lambda cell: f"{cell}人"), "the unit behind"),
    "percent": (changed(SHARE, lambda cell: f"{float(cell) * 100:.0f}%"), "percentages"),
    "percent in the head": (changed(SHARE, lambda cell: f"{float(cell) * 100:.0f}", "组织力（%）"), "in %"),
    "yes and no": (changed(TICK, lambda cell: "√" if cell == "1" else "×"), "yes and no"),
    "是 and 否": (changed(TICK, lambda cell: "是" if cell == "1" else "否"), "yes and no"),
    "unit in the head": (changed(INCOME, str, "经营性收入（万元）"), ""),
    "unit and year in the head": (changed(INCOME, str, "经营性收入（2023年，万元/年）"), ""),
    "a year in the head": (changed(INCOME, str, "2023年经营性收入/万元"), ""),
    "another name": (changed(PEOPLE, str, "常住\n人口数（人）"), ""),
    "a line above": ([["恩阳区村级集体经济统计表"], ["单位：人、万元"], [""], *clean()], "title above"),
    "who reports is no unit": ([["填报单位：农业农村局"], *clean()], "title above"),
    "totals": ([*clean(), ["合 计", "", "", "400000", "2000", "", "", ""]], "total"),
    "subtotals": ([*clean(), ["", "登科街道小计", "", "400000", "2000", "", "", ""]], "total"),
    "notes": ([*clean(), ["注：不含社区"], ["1.另有说明"]], "note"),
    "who filled it in": ([*clean(), ["填表人：张三", "", "联系电话", "13800000000"]], "note"),
    "empty rows": ([row for each in clean() for row in (each, [""] * 8)], ""),
    "empty columns": ([["", *row[:3], "", *row[3:], "", ""] for row in clean()], ""),
    "the head once more": ([*clean()[:100], HEAD, *clean()[100:]], "head once more"),
    "other columns": ([[*row, "新任"] if row is not HEAD else [*row, "备注"] for row in clean()], "not used: 备注"),
}  # fmt: skip
UNLESS_WORKBOOK = {"notes", "who filled it in", "a line above", "who reports is no unit"}


@pytest.mark.parametrize("habit", HABITS)
def test_a_habit_with_one_meaning_is_read_and_said(habit: str, right: District, tmp_path: Path) -> None:
    grid, said = HABITS[habit]
    kinds = [".csv", ".xlsx"] if habit in UNLESS_WORKBOOK or habit == "percent" else [".csv"]
    for kind in kinds:
        own = district(saved(tmp_path / f"t{kind}", grid))
        assert same(own, right), kind
        told = "\n".join(en for _, en in own.given_read)
        assert said in told
        assert bool(told) == bool(said)


@pytest.mark.parametrize(("encoding", "delimiter"), [("gbk", "\t"), ("gb18030", ";"), ("utf-16", "\t"), ("utf-8", ",")])
def test_encodings_and_separators(encoding: str, delimiter: str, right: District, tmp_path: Path) -> None:
    grid = changed(PEOPLE, lambda cell: f"{int(cell):,}")
    assert same(district(saved(tmp_path / "t.csv", grid, delimiter, encoding)), right)


def test_units_of_the_head_are_carried_out_and_said(right: District, tmp_path: Path) -> None:
    yuan = changed(INCOME, lambda cell: f"{round(float(cell) * 10_000):,}元", "经营性收入（元）")
    own = district(saved(tmp_path / "t.csv", yuan))
    assert same(own, right)
    assert any("converted into 万元" in en for _, en in own.given_read)
    above = [["单位：元"], *changed(INCOME, lambda cell: f"{round(float(cell) * 10_000)}")]
    assert same(district(saved(tmp_path / "t.csv", above)), right)
    many = changed(PEOPLE, lambda cell: f"{int(cell) / 10_000}", "常住人口（万人）")
    found = district(saved(tmp_path / "t.csv", many)).given["population"]
    assert np.allclose(found, right.given["population"], rtol=1e-15)
    households = changed(PEOPLE, str, "常住人口（户）")
    assert "a unit that this column can't be in" in refused(saved(tmp_path / "t.csv", households))


def test_a_unit_in_the_head_that_does_not_fit_the_numbers_is_asked_about(right: District, tmp_path: Path) -> None:
    path = saved(tmp_path / "t.csv", changed(INCOME, str, "经营性收入（元）"))
    text = refused(path)
    assert "district.money_unit=wan_yuan" in text
    assert "if it is in 元 add district.money_unit=yuan" in text
    assert same(district(path, money_unit="wan_yuan"), right)
    yuan = changed(INCOME, lambda cell: f"{round(float(cell) * 10_000)}", "经营性收入（万元）")
    path = saved(tmp_path / "t.csv", yuan)
    assert "district.money_unit=yuan" in refused(path)
    assert same(district(path, money_unit="yuan"), right)


def test_two_rows_of_heads(right: District, tmp_path: Path) -> None:
    heads = [
        [*HEAD[:3], "人口（人）", "收入（万元）", "其他", "", "主导产业"],
        ["", "", "", "常住", "经营性", "组织力", "书记致富能手", ""],
    ]
    assert same(district(saved(tmp_path / "t.csv", [*heads, *clean()[1:]])), right)
    units = [HEAD, ["", "", "", "人", "（万元）", "", "", ""]]
    numbers = ["甲", "乙", "丙", "1", "2", "3", "4", "5"]
    assert same(district(saved(tmp_path / "t.csv", [["表一"], *units, numbers, *clean()[1:]])), right)


def test_lower_heads_of_other_columns_are_no_village(right: District, tmp_path: Path) -> None:
    heads = [[*HEAD, "劳动力", ""], [*[""] * 8, "男", "女"]]
    rows = [[*row, "3", "4"] for row in clean()[1:]]
    for kind in ("t.csv", "t.xlsx"):
        assert same(district(saved(tmp_path / kind, [*heads, *rows])), right)


def test_longitudes_and_latitudes_are_turned_into_km(tmp_path: Path) -> None:
    grid = [["代码", "经度", "纬度"], *([code, "106.7", "31.8"] for code in VILLAGES.codes)]
    own = district(saved(tmp_path / "t.csv", grid))
    east, north = to_km(np.array([106.7, 31.8]), ENYANG.seat_degrees)
    assert np.allclose(own.given["position_x_km"], east)
    assert np.allclose(own.given["position_y_km"], north)
    assert any("converted into km" in en for _, en in own.given_read)


def test_towns_merged_over_their_villages(right: District, tmp_path: Path) -> None:
    grid = [row[1:] for row in clean()]
    before = ""
    for row in grid[1:]:
        before, row[1] = row[1], "" if row[1] == before else row[1]
    assert same(district(saved(tmp_path / "t.csv", grid)), right)


def test_communities_of_the_roster_are_left_out_with_a_word(right: District, tmp_path: Path) -> None:
    lines = (PLACES / "enyang" / "roster.csv").read_text(encoding="utf-8-sig").splitlines()
    others = [line.split(",")[:2] for line in lines if ",community," in line]
    more = [[*each, "", "900", "3", "0.5", "1", "道地药材"] for each in others[:20]]
    own = district(saved(tmp_path / "t.csv", changed(NAME, str, "村（社区）", [*clean(), *more])))
    assert same(own, right)
    assert any("communities" in en for _, en in own.given_read)


def test_numbers_and_dates_of_a_workbook(right: District, tmp_path: Path) -> None:
    grid = clean()
    for row in grid[1:]:
        row[CODE], row[PEOPLE], row[INCOME], row[SHARE] = (
            int(row[CODE]),
            int(row[PEOPLE]),
            float(row[INCOME]),
            row[SHARE],
        )
        row[TICK] = row[TICK] == "1"
    own = district(saved(tmp_path / "t.xlsx", grid))
    assert same(own, right)
    grid[5][PEOPLE] = datetime.date(1978, 5, 1)
    text = refused(saved(tmp_path / "t.xlsx", grid))
    assert "t.xlsx!D6 [population]" in text
    assert "1978-05-01" in text


def test_one_cause_in_a_workbook_is_one_line_with_addresses(tmp_path: Path) -> None:
    text = refused(saved(tmp_path / "t.xlsx", changed(INCOME, lambda cell: f"约{cell}")))
    assert "209 cells, such as E2, E3, E4" in text
    assert "approximate" in text
    assert text.count("\n") == 0


UNCLEAR = "约5|5多|近10|3-5|3～5|>5|5万元左右|1,43|12,3456|4。57|5²|1e|五|百分之五|5 6|#N/A|=A1"


@pytest.mark.parametrize("cell", UNCLEAR.split("|"))
def test_what_has_no_one_meaning_is_told(cell: str) -> None:
    value, _, problem = parse_cell(cell, VILLAGE_COLUMNS["income_operating"], {})
    assert problem is not None
    assert problem.value == cell
    assert np.isnan(value)


@pytest.mark.parametrize("text", ["-", "—", "——", "无", "/", "－", "暂无", "N/A", ""])
def test_what_stands_for_nothing_is_missing_and_never_zero(text: str) -> None:
    value, _, problem = parse_cell(text, VILLAGE_COLUMNS["income_operating"], {})
    assert problem is None
    assert np.isnan(value)


YEARS = (
    "1978|1978年|1978.0|1978.5|1978.05|1978年5月|1978-05-01|1978/5/1|1978.5.1|197805|19780501|１９７８年|1978年5月1日"
)


@pytest.mark.parametrize("text", YEARS.split("|"))
def test_a_year_is_read_from_a_date(text: str) -> None:
    column = Column("born", "year", "年", 1930, 2010, "出生年份", "year of birth", kind="year")
    assert parse_cell(text, column, {})[::2] == (1978.0, None)


@pytest.mark.parametrize("text", ["78", "78年", "28611", "1978.13", "1978-13-01", "1878", "5月", "1978.55"])
def test_what_is_no_year_is_told(text: str) -> None:
    column = Column("born", "year", "年", 1930, 2010, "出生年份", "year of birth", kind="year")
    assert parse_cell(text, column, {})[2] is not None


def test_a_missing_value_keeps_its_synthetic_one_and_is_said(tmp_path: Path) -> None:
    from scenarios.plausibility import tell_given
    from sim.engine import Engine
    from sim.futures import numbered
    from sim.options import RunOptions
    from sim.policies.base import Strategy

    grid = clean()
    for number in (4, 10):
        grid[number][INCOME] = grid[number][PEOPLE] = grid[number][TRADE] = "—"
    own = district(saved(tmp_path / "t.csv", grid))
    assert np.flatnonzero(np.isnan(own.given["income_operating"])).tolist() == [3, 9]
    told = "\n".join(en for _, en in tell_given(own))
    assert told.count("missing in 2 villages, where synthetic values stand in") == 3
    options = RunOptions(residents_per_village=0)
    village = Engine(own, Strategy("none"), numbered(range(3)), options).now.state.village
    known = np.isfinite(own.given["income_operating"])
    assert (village.income_operating[:, known] == own.given["income_operating"][known]).all()
    assert np.isfinite(village.income_operating).all()
    assert len(np.unique(village.population_start[:, 3])) == 3
    assert (village.registered_population >= 0).all()


def test_blanks_beside_ticks_are_asked_about(tmp_path: Path) -> None:
    text = refused(saved(tmp_path / "t.csv", changed(TICK, lambda cell: "√" if cell == "1" else "")))
    assert "do blanks mean no or unknown" in text


def test_shares_under_a_percent_sign_are_asked_about(tmp_path: Path) -> None:
    text = refused(saved(tmp_path / "t.csv", changed(SHARE, str, "组织力（%）")))
    assert "no value is above 1" in text


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("书记姓名", "张三"), ("联系电话", "0827"), ("身份证号", ""), ("户主", "李四"), ("secretary_name", "张三"),
     ("备注", "511903197805011234"), ("备注", "13812345678"), ("", "13812345678")],
)  # fmt: skip
def test_a_table_with_persons_is_refused_as_a_whole(heading: str, cell: str, tmp_path: Path) -> None:
    grid = [[*row, heading if row is HEAD else cell] for row in clean()]
    for kind in ("t.csv", "t.xlsx"):
        text = refused(saved(tmp_path / kind, grid))
        assert text.count("\n") == 0
        assert "personal data" in text
        assert not cell or cell not in text
        assert heading in text


@pytest.mark.parametrize("heading", ["书记年龄", "村名称", "手机信号覆盖", "电话费支出", "党员人数", "name"])
def test_headings_that_say_nothing_of_a_person_are_no_reason_to_refuse(heading: str, tmp_path: Path) -> None:
    grid = [[*row, heading if row is HEAD else "50"] for row in clean()]
    grid = [row[:1] + row[2:] for row in grid] if heading in ("村名称", "name") else grid
    try:
        district(saved(tmp_path / "t.csv", grid))
    except InputErrors as errors:
        assert "personal" not in errors.text("en")


def test_slips_of_headings_are_told_and_other_columns_are_not_used(tmp_path: Path) -> None:
    text = refused(saved(tmp_path / "t.csv", changed(INCOME, str, "经营性收人")))
    assert "did you mean: 经营性收入" in text
    own = district(saved(tmp_path / "t.csv", changed(INCOME, str, "经营性支出")))
    assert "income_operating" not in own.given
    assert any("经营性支出" in zh for zh, _ in own.given_read)
    own = district(saved(tmp_path / "t.csv", changed(INCOME, str, "经营性收入（含补助）")))
    assert "income_operating" not in own.given, "another thing than operating income"
    two = [[*row[:5], *row[4:]] for row in clean()]
    two[0][4:6] = ["2022年经营性收入", "2023年经营性收入"]
    assert "column stands twice; value: 2022年经营性收入 | 2023年经营性收入" in refused(saved(tmp_path / "t.csv", two))


def test_every_heading_names_one_column() -> None:
    labels = [*NAMING_COLUMNS, *NAMING_COLUMNS.values(), *VILLAGE_COLUMNS]
    labels += [text for column in VILLAGE_COLUMNS.values() for text in (column.zh, column.en, *column.also)]
    for label in labels:
        name, _ = VILLAGE_HEADINGS.read(label)
        assert name, label
    owners = [(name, text) for name, column in VILLAGE_COLUMNS.items() for text in (column.zh, column.en, *column.also)]
    for name, text in owners:
        assert VILLAGE_HEADINGS.read(text)[0] == name, text


def test_what_was_understood_is_told_in_both_languages(tmp_path: Path) -> None:
    grid = [[*row, "备注" if row[0] == HEAD[0] else "x"] for row in changed(INCOME, str, "经营收入（万元）")]
    path = saved(tmp_path / "t.xlsx", [["恩阳区统计表"], *grid])
    values, understood, problems = read_village_table(path, VILLAGES)
    assert not problems
    assert len(values) == 5
    zh, en = zip(*understood.columns(), strict=True)
    assert "经营收入（万元） → 经营性收入（万元）：209 个值" in zh
    assert "常住人口 → resident population (persons): 209 values" in en
    assert understood.unused_told() == [("没有用到的列：备注（I）", "columns not used: 备注（I）")]
    assert ("没有读的行（表头上方的标题）：1", "rows not read (title above the head): 1") in understood.habits_told()


def test_any_sheet_is_read_by_the_columns_that_are_declared_for_it(tmp_path: Path) -> None:
    columns = {
        "founded": Column("founded", "year", "年", 1900, 2030, "设立年份", "year founded", kind="year"),
        "area": Column("area", "km²", "平方公里", 0, 1000, "面积", "area", units={"平方公里": 1, "亩": 1500}),
    }
    headings = Headings(columns, {"town": ("镇名", "乡镇")})
    book = openpyxl.Workbook()
    book.active.append(["县情"])
    for row in (
        ["乡 镇", "设立时间", "面积（亩）"],
        ["甲镇", "1953年3月", "45,000"],
        ["乙镇", "-", 60000],
        ["合计", "", ""],
    ):
        sheet = book["镇"] if "镇" in book else book.create_sheet("镇")
        sheet.append(["设立年份" if cell == "设立时间" else cell for cell in row])
    book.save(tmp_path / "县.xlsx")
    sheets, problems = read_sheets(tmp_path / "县.xlsx")
    assert not problems
    table, problems = office_table(sheets, headings, "镇")
    assert not problems
    understood = Understood(table)
    values, problems = read_columns(understood, Taken())
    assert not problems
    assert [row["town"] for row in table.rows] == ["甲镇", "乙镇"]
    assert np.array_equal(values["founded"], [1953, np.nan], equal_nan=True)
    assert values["area"].tolist() == [30, 40]
    assert table.place(2, "founded") == {"file": "县.xlsx 镇", "row": 2, "field": "founded", "column": "B"}
    assert "设立年份：日期只取年份（1 格：B2）" in [zh for zh, _ in understood.habits_told()]
