"""Everything wrong with a user's files is told at once, with file, row, field and nearest valid name."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from scenarios import InputErrors, load_district, write_village_template
from scenarios.columns import VILLAGE_COLUMNS
from scenarios.csv_files import FORMULA_STARTS, PLAIN_NUMBER
from sim.problems import by_cause

ENYANG = Path(__file__).parents[2] / "scenarios" / "enyang"


@pytest.fixture(scope="module")
def district():
    return load_district("enyang")


@pytest.fixture
def folder(tmp_path):
    """A user's own district: a copy of the files."""
    copy = tmp_path / "own"
    shutil.copytree(ENYANG, copy)
    return copy


def write(path: Path, rows: list[dict[str, object]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def table_of(district, **columns) -> list[dict[str, object]]:
    """One row a village with the same value in every row of a column."""
    return [{"code": code, **columns} for code in district.village_code.tolist()]


def problems_of(*arguments, **keywords):
    with pytest.raises(InputErrors) as caught:
        load_district(*arguments, **keywords)
    assert len(caught.value.text("zh").splitlines()) == len(by_cause(caught.value.problems))
    return caught.value.problems


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# a user's village table that is right


def test_own_table_replaces_columns(district, tmp_path):
    rows = table_of(district, population=500, registered_population=900, industry="herbs", secretary_is_college=1)
    rows[3].update(population=750, industry="优质粮油", secretary_is_college=0)
    own = load_district(village_table=write(tmp_path / "mine.csv", rows))
    assert set(own.given) == {"population", "registered_population", "industry", "secretary_is_college"}
    assert own.given["population"].tolist() == [500] * 3 + [750] + [500] * 205
    assert own.given["industry"][2:5].tolist() == [3, 0, 3]
    assert np.issubdtype(own.given["industry"].dtype, np.integer)
    assert own.given["secretary_is_college"].sum() == 208
    assert own.fingerprint != district.fingerprint
    assert district.given == {}


def test_order_of_rows_does_not_matter(district, tmp_path):
    rows = table_of(district)
    for number, row in enumerate(rows):
        row["income_operating"] = number / 10
    forward = load_district(village_table=write(tmp_path / "a.csv", rows)).given["income_operating"]
    backward = load_district(village_table=write(tmp_path / "b.csv", rows[::-1])).given["income_operating"]
    assert (forward == backward).all()
    assert (forward == np.arange(209) / 10).all()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_encodings_and_chinese_headings(district, tmp_path, encoding):
    rows = [
        {"代码": code, "村名": name, "镇（街道）": "", "常住人口": 800, "主导产业": "道地药材"}  # noqa: RUF001
        for code, name in zip(district.village_code, district.village_name, strict=True)
    ]
    own = load_district(village_table=write(tmp_path / "mine.csv", rows, encoding))
    assert set(own.given) == {"population", "industry"}
    assert (own.given["industry"] == 3).all()


def test_folder_with_villages_csv_is_used(district, folder):
    write(folder / "villages.csv", table_of(district, organisation=0.5))
    assert (load_district(folder).given["organisation"] == 0.5).all()
    assert (load_district("enyang", folder).given["organisation"] == 0.5).all()
    assert load_district(folder).key == "own"


def test_empty_columns_and_blank_lines_count_as_absent(district, tmp_path):
    path = write(tmp_path / "mine.csv", table_of(district, organisation=0.5, population=""))
    with path.open("a", encoding="utf-8") as file:
        file.write("\n,,\n")
    assert set(load_district(village_table=path).given) == {"organisation"}


# a user's village table that is wrong


def test_all_mistakes_are_told_at_once(district, tmp_path):
    rows = table_of(
        district,
        populaton=1,
        income_operating=5,
        organisation=0.5,
        secretary_age=50,
        secretary_is_college=1,
        industry="herbs",
        population=100,
        registered_population=200,
    )
    rows[0]["income_operating"] = -3
    rows[1]["income_operating"] = "abc"
    rows[2]["income_operating"] = "nan"
    rows[3]["organisation"] = 1.5
    rows[4]["secretary_age"] = "约50"
    rows[5]["secretary_is_college"] = 0.5
    rows[6]["industry"] = "herb"
    rows[7]["registered_population"] = 50
    rows[8]["code"] = rows[3]["code"]
    rows[9]["code"] = rows[10]["code"]
    rows[11]["organisation"] = "1_0"
    rows[12]["organisation"] = "inf"
    found = problems_of(village_table=write(tmp_path / "mine.csv", rows))
    assert all(problem.file == "mine.csv" for problem in found)
    told = {(problem.row, problem.field): problem for problem in found}
    assert told[1, "populaton"].nearest == "population"
    assert told[2, "income_operating"].zh == "金额不能为负"
    assert told[3, "income_operating"].en == "must be a number"
    assert "NaN" in told[4, "income_operating"].en
    assert told[5, "organisation"].allowed.startswith("0–1")
    assert "approximate" in told[6, "secretary_age"].en
    assert told[7, "secretary_is_college"].allowed == "0, 1"
    assert told[8, "industry"].nearest == "herbs"
    assert told[9, "registered_population"].allowed == "≥ 100"
    assert told[10, "code"].value == district.village_code[3]
    assert told[12, "code"].en.startswith("village stands twice (first in row 11)")
    assert told[13, "organisation"].en == "must be a number"
    assert told[14, "organisation"].en == "must be a number"
    assert told[None, "code"].value == ", ".join(district.village_code[8:10])
    text = InputErrors(found).text("zh")
    assert "mine.csv 行 2 [income_operating]: 金额不能为负；值: -3" in text  # noqa: RUF001


def test_unknown_village_code_names_the_nearest(district, tmp_path):
    rows = table_of(district, organisation=0.5)
    rows[20]["code"] = rows[20]["code"].replace("511903", "511930")
    found = problems_of(village_table=write(tmp_path / "mine.csv", rows))
    assert found[0].row == 22
    assert found[0].nearest.split()[0] in district.village_code
    assert "villages absent: 1" in found[1].en
    for row, name in zip(rows, district.village_name, strict=True):
        row["name"] = name
    found = problems_of(village_table=write(tmp_path / "mine.csv", rows))
    assert found[0].nearest == f"{district.village_code[20]} {district.village_name[20]}"


def test_codes_turned_into_powers_of_ten_are_explained(district, tmp_path):
    rows = table_of(district, organisation=0.5)
    rows[0]["code"] = "5.11903E+11"
    found = problems_of(village_table=write(tmp_path / "mine.csv", rows))
    assert "format the column as text" in found[0].en


def test_slipped_names_are_told(district, tmp_path):
    rows = table_of(district, organisation=0.5)
    for row, name in zip(rows, np.roll(district.village_name, 1), strict=True):
        row["name"] = name
    found = problems_of(village_table=write(tmp_path / "mine.csv", rows))
    assert len(found) > 200
    assert found[0].allowed == district.village_name[0]


@pytest.mark.parametrize("column", VILLAGE_COLUMNS.values(), ids=VILLAGE_COLUMNS)
def test_every_column_has_its_range(district, tmp_path, column):
    if column.kind == "industry":
        return
    for value, good in (
        (column.low, True),
        (column.high, True),
        (column.low - 1, False),
        (column.high + 1, False),
    ):
        path = write(tmp_path / "mine.csv", table_of(district, **{column.name: value}))
        unit = "wan_yuan" if column.is_money else None  # a mean of 100,000 万元 is asked about
        if good:
            assert (load_district(village_table=path, money_unit=unit).given[column.name] == value).all()
        else:
            assert len(problems_of(village_table=path, money_unit=unit)) == 209


@pytest.mark.parametrize(
    ("content", "english"),
    [
        (b"", "empty"),
        (b"code,population\n", "empty"),
        (b"PK\x03\x04\x00\x00", "not a whole workbook"),
        ("code,population\n1,2\n".encode("utf-16"), "no such village"),
        ("code,population\n1,2\n".encode("utf-16-le"), "encoding"),
        (b"code,population\n\xff\xff\xff,2\n", "encoding"),
        (b"population\n100\n", "column is missing"),
        (b"code,population,\xe5\xb8\xb8\xe4\xbd\x8f\xe4\xba\xba\xe5\x8f\xa3\n1,2,3\n", "column stands twice"),
        (b"code,population\n1,2,3\n", "number of cells"),
        (b"code,population\n1\n", "number of cells"),
        (b"code,population\n1,\n", "no column has values"),
    ],
)
def test_broken_files(tmp_path, content, english):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    assert english in problems_of(village_table=path)[0].en


def test_missing_table_names_the_nearest_file(tmp_path):
    (tmp_path / "vilages.csv").write_text("code\n", encoding="utf-8")
    (problem,) = problems_of(village_table=tmp_path)
    assert problem.en == "file not found"
    assert problem.nearest == "vilages.csv"


# a district's own files


def test_unknown_place_names_the_nearest():
    (problem,) = problems_of("enyan")
    assert (problem.value, problem.nearest) == ("enyan", "enyang")


def test_own_district_loads_without_optional_files(folder, district):
    for name in ("outline.geojson", "town_facts.csv", "SOURCES.md"):
        (folder / name).unlink()
    own = load_district(folder)
    assert own.outline_degrees == ()
    assert (own.cluster_of == district.cluster_of).all()
    assert own.fingerprint != district.fingerprint


def test_a_district_without_its_own_income_is_told_what_stands_in(folder, district):
    assert district.stand_ins == {} and district.facts["city_income_mean"] == 9.56
    edit(folder / "district.yaml", "city_income_mean: {value: 9.56", "city_income_mean: {value: 23.4")
    assert load_district(folder).facts["city_income_mean"] == 23.4
    edit(folder / "district.yaml", "city_income_mean: {value: 23.4", "mean_income_of_old: {value: 23.4")
    without = load_district(folder)
    assert without.facts["city_income_mean"] == 9.56
    assert list(without.stand_ins) == ["city_income_mean"]
    assert "9.56" in without.stand_ins["city_income_mean"]["zh"]
    edit(folder / "district.yaml", "mean_income_of_old: {value: 23.4", "city_income_mean: {value: 0")
    (problem,) = problems_of(folder)
    assert (problem.field, problem.allowed) == ("city_income_mean", "0.01–10000")


def test_clusters_come_by_rule_when_no_column_is_given(folder, district):
    lines = (folder / "roster.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line.rsplit(",", 1)[0] for line in lines)
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    assert (load_district(folder).cluster_of == district.cluster_of).all()


def test_line_ends_do_not_change_the_fingerprint(folder, district):
    for name in ("roster.csv", "district.yaml"):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content.replace(b"\n", b"\r\n"))
    assert load_district(folder).fingerprint == district.fingerprint


def test_missing_files_are_all_told(folder):
    for name in ("roster.csv", "towns.csv", "district.yaml"):
        (folder / name).unlink()
    assert [problem.file for problem in problems_of(folder)] == ["district.yaml", "towns.csv", "roster.csv"]


def test_mistakes_in_several_files_are_told_together(folder):
    edit(folder / "district.yaml", "settlements: {n: N9, value: 32", "setlements: {n: N9, value: 32")
    edit(
        folder / "district.yaml",
        "capable_secretaries: {n: N38, value: 140",
        "capable_secretaries: {n: N38, value: 240",
    )
    edit(folder / "towns.csv", "玉山镇,Yushan,2,7,-15", "玉山镇,Yushan,2,7,x")
    edit(folder / "roster.csv", "511903101,玉山镇", "511903109,玉山镇")
    edit(folder / "roster.csv", ",village,", ",vilage,")
    (folder / "outline.geojson").write_text("{}", encoding="utf-8")
    told = {(problem.file, problem.field): problem for problem in problems_of(folder)}
    assert told["district.yaml", "settlements"].nearest == "setlements"
    assert told["district.yaml", "capable_secretaries"].allowed == "≤ 209"
    assert told["towns.csv", "y_km"].row == 6
    assert told["roster.csv", "town_code"].nearest == "511903101"
    assert told["roster.csv", "kind"].nearest == "village"
    assert "GeoJSON" in told["outline.geojson", ""].en


def test_cluster_that_straddles_towns(folder):
    path = folder / "roster.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    index = next(number for number, line in enumerate(lines) if ",village,511903002," in line)
    lines[index] = lines[index].rsplit(",", 1)[0] + ",1"
    path.write_text("\n".join(lines), encoding="utf-8")
    problem = problems_of(folder)[0]
    assert "straddles" in problem.en
    assert (problem.file, problem.row, problem.field, problem.value) == (
        "roster.csv",
        index + 1,
        "cluster",
        "1",
    )


def test_counts_that_differ_from_the_facts(folder):
    edit(folder / "district.yaml", "parks: {n: N8, value: 12", "parks: {n: N8, value: 13")
    edit(folder / "district.yaml", "clusters: {n: N7, value: 37", "clusters: {n: N7, value: 38")
    path = folder / "roster.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if ",village,511903002," not in line]
    path.write_text("\n".join(lines), encoding="utf-8")
    told = {problem.field: (problem.value, problem.allowed) for problem in problems_of(folder)}
    assert told == {
        "villages": ("208", "209"),
        "clusters": ("36", "38"),
        "parks": ("12", "13"),
        "service_centres": ("308", "309"),
        "town": ("文治街道", ""),
    }


@pytest.mark.parametrize(
    ("old", "new", "english"),
    [
        ("name: {zh: 恩阳区, en: Enyang}", "name: 恩阳区", "names are missing"),
        ("longitude: 106.654", "longitude: 306", "degrees"),
        ("value: 209", "value: many", "must be a number"),
        ("value: 209", "value: .nan", "must be a number"),
        ("value: 209", "value: 1" + "0" * 400, "must be a number"),
        ("value: 209", "value: 2024-13-45", "not valid YAML"),
        ("value: 12,", "value: 12.5,", "whole number"),
        ("value: 33.5", "value: 70", "outside"),
        ("place: 一(二), phrase: 储备后备力量", "phrase: x", "no place or source"),
        ("phrase: 双组长", "phrases: 双组长", "no such name"),
        ("report:", "report: [", "not valid YAML"),
        ("report:", "reports:", "no such name"),
        ("resident_population: {n", "villages: {n", "stands twice"),
    ],
)
def test_bad_district_file(folder, old, new, english):
    edit(folder / "district.yaml", old, new)
    found = problems_of(folder)
    assert any(english in problem.en for problem in found)
    assert all(problem.zh and problem.file for problem in found)


# the template


def test_template_can_be_filled_and_read(district, tmp_path):
    table, explanation = write_village_template(district, tmp_path / "villages.csv")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    with explanation.open(encoding="utf-8-sig", newline="") as file:
        told = {row["column"]: row for row in csv.DictReader(file)}
    assert told.keys() == {"code", "name", "town", *VILLAGE_COLUMNS}
    assert (told["income_operating"]["列名"], told["income_operating"]["low"]) == ("经营性收入", "0")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 209
    assert rows[4]["town"] == "文治街道"
    assert "no column has values" in problems_of(village_table=table)[0].en
    for row in rows:
        row["population"] = 700
    assert (load_district(village_table=write(table, rows)).given["population"] == 700).all()


def test_names_like_formulas_are_text_in_the_template_and_come_back(folder):
    roster = (folder / "roster.csv").read_text(encoding="utf-8")
    names = dict(zip(["玉山镇", "团包垭村", "五台山村", "狮子山村"], ["=1+1", "-2+3", "@SUM(A1)", "＋1"], strict=True))  # noqa: RUF001
    for old, new in names.items():
        roster = roster.replace(old, new)
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    edit(folder / "towns.csv", "玉山镇", "=1+1")
    own = load_district(folder)
    table, explanation = write_village_template(own, folder / "mine.csv")
    for path in (table, explanation):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(cell)]
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"'=1+1"} <= {row["town"] for row in rows}
    assert {"'-2+3", "'@SUM(A1)", "'＋1"} <= {row["name"] for row in rows}  # noqa: RUF001
    for row in rows:
        row["population"] = 700
    assert (load_district(folder, write(table, rows)).given["population"] == 700).all()


def test_template_never_overwrites(district, tmp_path):
    write_village_template(district, tmp_path / "villages.csv")
    before = (tmp_path / "villages.csv").read_bytes()
    with pytest.raises(InputErrors) as caught:
        write_village_template(district, tmp_path / "villages.csv")
    assert len(caught.value.problems) == 2
    assert (tmp_path / "villages.csv").read_bytes() == before
    with pytest.raises(InputErrors, match="folder does not exist"):
        write_village_template(district, tmp_path / "nowhere" / "villages.csv")
