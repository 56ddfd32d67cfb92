"""A county as data: its workbook is written, filled in by hand, read, and run; the folder reads to the same."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from experiments.cli import main
from experiments.compose import load_strategy
from experiments.in_place import all_in_place
from scenarios import InputErrors, load_district
from scenarios.county_income import TIERS, law_of, operating_share
from scenarios.county_lines import FACT_LINES, SHEETS
from scenarios.facts import REQUIRED_FACTS
from scenarios.plausibility import tell_given
from sim.district import District
from sim.engine import run_batch
from sim.futures import numbered
from sim.options import RunOptions

TOWNS = [f"{name}镇" for name in "东西南"]
Sheets = dict[str, list[list]]


def qiangcun(*words: str) -> int:
    try:
        main(["language=zh", *words])
    except SystemExit as done:
        return int(done.code or 0)
    return 0


def blank(folder: Path, *more: str) -> Path:
    assert qiangcun("init-county", str(folder / "青禾县"), "--villages", "12", "--towns", "3", *more) == 0
    return folder / ("青禾县" if "folder" in more else "青禾县.xlsx")


def filled(path: Path, change: Callable[[Sheets], None] = lambda sheets: None) -> Path:
    """The same workbook with twelve villages, some facts, two measures, an aim and a figure typed in."""
    book = openpyxl.load_workbook(path)
    sheets = {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book}
    fill(sheets)
    change(sheets)
    for page in book:
        for row, cells in enumerate(sheets[page.title], start=1):
            for column, value in enumerate(cells, start=1):
                page.cell(row, column).value = value
    book.save(path)
    return path


def fill(sheets: Sheets) -> None:
    for number, name in enumerate(TOWNS, start=1):
        put(sheets["镇"], number, "镇(街道)", name)
    for number in range(1, 13):
        put(sheets["村"], number, "镇(街道)", TOWNS[(number - 1) % 3])
        put(sheets["村"], number, "村名", f"第{number}村")
        put(sheets["村"], number, "经营性收入", number * 2.5)
    for label, value in (("常住人口", 20000), ("联动部门数", 7), ("村均集体收入", 30.5)):
        line(sheets, label)[1] = value
    for label, more in (
        ("结对帮扶", {"数额": "帮扶部门数=7；每部门帮扶村数=1"}),
        ("干部培训", {"起始年": 2025, "力度": 0.5}),
    ):
        row = next(number for number, cells in enumerate(sheets["现有措施"]) if cells[0] == label)
        for heading, value in {"在用": "√", **more}.items():
            put(sheets["现有措施"], row, heading, value)
    sheets["目标"].append([20, 6, 2027, "经营性收入"])
    sheets["观测"].append([2024, "村均集体收入", 31.2, "万元", 12, "县统计公报"])


def put(rows: list[list], number: int, heading: str, value: object) -> None:
    column = next(at for at, cell in enumerate(rows[0]) if cell and str(cell).startswith(heading))
    rows[number][column] = value


def line(sheets: Sheets, label: str) -> list:
    return next(row for row in sheets["县情"] if row[0] == label)


def same(one: District, two: District) -> None:
    for item in fields(District):
        if item.name == "fingerprint":
            continue
        a, b = getattr(one, item.name), getattr(two, item.name)
        if item.name == "given":
            assert a.keys() == b.keys()
            a, b = [np.stack([*values.values()]) for values in (a, b)]
        assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b, item.name


def test_a_county_is_written_filled_in_and_read(tmp_path: Path) -> None:
    county = load_district(filled(blank(tmp_path)))
    assert (county.zh, county.villages, county.town_name) == ("青禾县", 12, tuple(TOWNS))
    assert county.village_name[0] == "第1村"
    assert county.village_code.tolist() == [f"{number:04d}" for number in range(1, 13)]
    assert county.given["income_operating"].tolist() == [number * 2.5 for number in range(1, 13)]
    assert (county.facts["resident_population"], county.facts["departments"]) == (20000, 7)
    assert county.facts["urban_population"] == pytest.approx(20000 * 129274 / 345728)
    assert county.measures == {
        "paired_assistance": {"intensity": 1, "sponsor_departments": 7, "villages_per_sponsor": 1},
        "training": {"intensity": 0.5, "start": 2025},
    }
    assert county.aims == ({"line": 20, "villages": 6, "year": 2027, "measure": "operating"},)
    assert county.observations[0] == {
        "year": 2024, "measure": "村均集体收入", "value": 31.2, "unit": "万元", "n": 12, "source": "县统计公报"
    }  # fmt: skip
    assert {"reserve_cadres", "codes", "positions"} <= set(county.stand_ins)
    assert not {"resident_population", "departments", "incomes", "measures"} & set(county.stand_ins)
    assert all(words["zh"] and words["en"] for words in county.stand_ins.values())


def test_a_folder_reads_to_the_same_district(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    workbook = filled(blank(tmp_path / "book"))
    folder = blank(tmp_path, "--format", "folder")
    sheets = {path.stem: list(csv.reader(path.read_text("utf-8-sig").splitlines())) for path in folder.glob("*.csv")}
    facts = folder / "县情.yaml"
    sheets["县情"] = [[row.partition(":")[0], ""] for row in facts.read_text("utf-8").splitlines() if ":" in row]
    fill(sheets)
    for name, rows in sheets.items():
        if name != "县情":
            with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream).writerows(rows)
    text = facts.read_text("utf-8")
    for label, value in sheets["县情"]:
        text = text.replace(f"\n{label}: \n", f"\n{label}: {value}\n") if value != "" else text
    facts.write_text(text, encoding="utf-8")
    same(load_district(workbook), load_district(folder))


def test_an_english_workbook_reads_as_a_chinese_one(tmp_path: Path) -> None:
    zh = filled(blank(tmp_path))
    en = tmp_path / "en.xlsx"
    book = openpyxl.load_workbook(zh)
    for sheet in SHEETS:
        page = book[sheet.zh]
        page.title = sheet.en
        for column, item in enumerate(sheet.columns, start=1):
            page.cell(1, column).value = item.en
    for row, item in enumerate(FACT_LINES, start=2):
        assert book["County"].cell(row, 1).value == item.zh
        book["County"].cell(row, 1).value = item.en
    book.save(en)
    same(load_district(zh), load_district(en))


def test_every_fact_that_the_model_needs_is_a_line_of_the_workbook() -> None:
    assert set(REQUIRED_FACTS) <= {item.name for item in FACT_LINES}
    labels = [label for item in FACT_LINES for label in {item.name, item.zh, item.en}]
    assert len({*labels}) == len(labels)


def test_an_empty_workbook_is_a_county_of_counts(tmp_path: Path) -> None:
    county = load_district(blank(tmp_path))
    assert (county.villages, county.towns) == (12, 3)
    assert county.measures is None
    assert {"villages", "towns", "measures", "incomes"} <= set(county.stand_ins)


def test_a_code_alone_is_a_county(tmp_path: Path) -> None:
    county = load_district("511922")
    assert (county.zh, county.villages, county.facts["service_centres"]) == ("南江县", 309, 414)
    assert county.key == "511922"
    assert county.village_code[0] == "5119220001"
    with pytest.raises(InputErrors, match="no villages"):
        load_district("110101")
    with pytest.raises(InputErrors, match="no such district"):
        load_district("999999")


def test_a_roster_gives_names_and_codes(tmp_path: Path) -> None:
    villages = [{"code": f"51192210020{number}", "name": name, "streetCode": "511922100"}
                for number, name in enumerate(("金鸭村委会", "朝阳村民委员会", "城西社区居委会"))]  # fmt: skip
    (tmp_path / "villages.json").write_text(json.dumps([*villages, {**villages[0], "code": "110101001001"}]))
    (tmp_path / "streets.json").write_text(json.dumps([{"code": "511922100", "name": "东榆镇"}]))
    path = tmp_path / "南江县"
    assert qiangcun("init-county", str(path), "code=511922", f"roster={tmp_path / 'villages.json'}") == 0
    county = load_district(tmp_path / "南江县.xlsx")
    assert county.village_name.tolist() == ["金鸭村", "朝阳村"]
    assert (county.town_name, county.village_code[0]) == (("东榆镇",), "511922100200")


def test_values_are_read_as_offices_write_them_and_one_that_is_missing_is_made_up(tmp_path: Path) -> None:
    def messy(sheets: Sheets) -> None:
        put(sheets["村"], 4, "经营性收入", "１０．５")
        put(sheets["村"], 5, "经营性收入", "-")
        put(sheets["村"], 6, "经营性收入", None)
        line(sheets, "村均集体收入")[1] = None

    county = load_district(filled(blank(tmp_path), messy))
    names, income = county.village_name.tolist(), county.given["income_operating"]
    assert income[names.index("第4村")] == 10.5 and income[names.index("第7村")] == 17.5
    assert np.isnan([income[names.index(name)] for name in ("第5村", "第6村")]).all()
    told = "".join(zh for zh, _ in tell_given(county))
    assert "全角" in told and "缺 2 村" in told
    mean = np.nanmean(income) / operating_share()
    np.testing.assert_allclose(county.facts["city_income_mean"], mean, rtol=1e-12)


def test_a_mean_over_villages_leaves_out_those_of_which_nothing_is_known(tmp_path: Path) -> None:
    def partly(sheets: Sheets) -> None:
        line(sheets, "常住人口")[1] = None
        for number in range(1, 12):
            put(sheets["村"], number, "常住人口", 1000)

    county = load_district(filled(blank(tmp_path), partly))
    template = load_district()
    rural = 1 - template.facts["urban_population"] / template.facts["resident_population"]
    np.testing.assert_allclose(county.facts["resident_population"], 12 * 1000 / rural, rtol=1e-12)
    assert all(np.isfinite(value) for value in county.facts.values())


def test_a_unit_in_the_head_is_converted_and_told(tmp_path: Path) -> None:
    def in_yuan(sheets: Sheets) -> None:
        column = next(at for at, cell in enumerate(sheets["村"][0]) if cell and str(cell).startswith("经营性收入"))
        sheets["村"][0][column] = "经营性收入（元）"
        for number in range(1, 13):
            sheets["村"][number][column] = number * 25_000

    county = load_district(filled(blank(tmp_path), in_yuan))
    assert county.given["income_operating"].mean() == 16.25
    assert any("元" in zh and "换算" in zh for zh, _ in county.given_read)


def test_villages_stand_under_other_headings_and_above_their_total(tmp_path: Path) -> None:
    def change(sheets: Sheets) -> None:
        rows = sheets["村"]
        for old, new in (("镇(街道)", "乡镇"), ("村名", "行政村名称"), ("经营性收入", "经营性收入（元）")):
            rows[0][next(at for at, cell in enumerate(rows[0]) if cell and str(cell).startswith(old))] = new
        at = rows[0].index("经营性收入（元）")
        for number in range(1, 13):
            rows[number][at] = f"{number * 25_000:,}"
        total = [None] * len(rows[0])
        total[rows[0].index("乡镇")], total[at] = "合计", 1_950_000
        rows.append(total)

    county = load_district(filled(blank(tmp_path), change))
    assert county.given["income_operating"].tolist() == [number * 2.5 for number in range(1, 13)]


def test_the_first_aim_is_the_line_at_which_villages_are_counted(tmp_path: Path) -> None:
    county = load_district(filled(blank(tmp_path), lambda s: s["目标"].append([25, 4, 2027, "总收入"])))
    first = county.aims[0]
    assert (county.aim_line, county.facts["target_villages_30"]) == (first["line"], first["villages"])
    nothing = load_district("511922")
    assert nothing.aim_line == 30 and "target_villages_30" not in nothing.facts


FAULTS: list[tuple[Callable[[Sheets], None], str]] = [
    (lambda s: put(s["村"], 3, "村名", None), "村!C4 [村名]: 单元格为空"),
    (lambda s: put(s["村"], 3, "村名", "第6村"), "村!C7 [村名]: 同一镇内村名重复"),
    (lambda s: put(s["村"], 4, "经营性收入", "许多"),
     "村!J5 [经营性收入（万元/年）]: 是约数或范围；应为一个数字；值: 许多"),
    (lambda s: put(s["村"], 4, "经营性收入", -3), "村!J5 [经营性收入（万元/年）]: 金额不能为负"),
    (lambda s: put(s["村"], 2, "镇(街道)", "北镇"), "村表中的镇不在镇表中；值: 北镇"),
    (lambda s: put(s["村"], 1, "村级片区", "一片"), "村 [村级片区]: 单元格为空；整列都填，或整列不填（共 11 格，如 E3"),
    (lambda s: put(s["村"], 1, "代码", "5.1E+11"), "村!D2 [代码]: 代码应为数字或字母"),
    (lambda s: s["村"][0].__setitem__(7, "人口"), "村!H1: 没有这个列名；值: 人口"),
    (lambda s: put(s["镇"], 2, "东向位置", 5), "镇!F3 [北向位置（公里）]: 单元格为空"),
    (lambda s: put(s["镇"], 2, "镇(街道)", "北镇"), "镇!B3 [镇(街道)]: 镇没有村；值: 北镇"),
    (lambda s: line(s, "行政村数").__setitem__(1, 13), "县情!B5 [行政村数]: 与其他工作表中的数目不一致；值: 13"),
    (lambda s: line(s, "联动部门数").__setitem__(1, 2.5), "[联动部门数]: 应为整数"),
    (lambda s: line(s, "后备力量平均年龄").__setitem__(1, 80), "[后备力量平均年龄]: 超出允许范围；值: 80"),
    (lambda s: line(s, "城镇常住人口").__setitem__(1, 30000), "[城镇常住人口]: 不能大于常住人口"),
    (lambda s: line(s, "无经营收益村数").__setitem__(1, 3), "六档村数须都填"),
    (lambda s: s["县情"].append(["常住人囗", 3]), "没有这一项；值: 常住人囗；是否指: 常住人口"),
    (lambda s: put(s["现有措施"], 3, "措施", "结对帮抚"), "没有这项措施；值: 结对帮抚；是否指: 结对帮扶"),
    (lambda s: put(s["现有措施"], 2, "数额", "部门=7"), "现有措施!G3 [数额]: 应写作“名称=值；名称=值”；值: 部门=7"),
    (lambda s: put(s["现有措施"], 2, "数额", "帮扶部门数=许多"),
     "现有措施!G3 [帮扶部门数]: 是约数或范围；应为一个数字；值: 许多"),
    (lambda s: put(s["现有措施"], 2, "付款方", "县长"), "现有措施!F3 [付款方]: 没有这个选项；值: 县长"),
    (lambda s: put(s["现有措施"], 2, "终止年", 1800), "现有措施!D3 [终止年]: 超出允许范围"),
    (lambda s: s["目标"].append([20, None, 2027, "毛利"]), "目标!D3 [口径]: 没有这个选项；值: 毛利"),
    (lambda s: s["观测"].append([2024, "收入", "约三十"]), "观测!C3 [数值]: 是约数或范围；应为一个数字"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "told"), FAULTS, ids=[told for _, told in FAULTS])
def test_a_fault_is_told_with_its_cell(fault: Callable[[Sheets], None], told: str, tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as errors:
        load_district(filled(blank(tmp_path), fault))
    assert told in errors.value.text("zh"), errors.value.text("zh")
    assert errors.value.text("en")


def test_all_faults_are_told_at_once_and_end_with_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    def wrong(sheets: Sheets) -> None:
        put(sheets["村"], 3, "村名", None)
        line(sheets, "联动部门数")[1] = -1
        sheets["目标"].append([20, 3, 2027, "毛利"])

    path = filled(blank(tmp_path), wrong)
    assert qiangcun("compare", f"district={path}", f"outputs={tmp_path / 'out'}", "futures=2") == 2
    told = capsys.readouterr().err
    assert "村!C4" in told
    assert "联动部门数" in told
    assert "目标!D3" in told


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(InputErrors, match="not a whole workbook|file is empty"):
        load_district(tmp_path / "a.xlsx")


def test_nothing_is_overwritten_and_nothing_is_left(tmp_path: Path) -> None:
    blank(tmp_path)
    before = (tmp_path / "青禾县.xlsx").read_bytes()
    assert qiangcun("init-county", str(tmp_path / "青禾县"), "villages=3") == 2
    assert (tmp_path / "青禾县.xlsx").read_bytes() == before
    assert qiangcun("init-county", str(tmp_path / "乙县"), "villages=0") == 2
    assert qiangcun("init-county", str(tmp_path / "乙县")) == 2
    assert qiangcun("init-county", str(tmp_path / "乙县"), "code=5119") == 2
    assert [item.name for item in tmp_path.iterdir()] == ["青禾县.xlsx"]


def test_the_measures_of_the_county_are_what_is_in_force(tmp_path: Path) -> None:
    county = load_district(filled(blank(tmp_path)))
    keys = ("none", "existing", "existing_joint_building", "existing_without_pairing", "existing_company_strengthened")
    none, existing, joint, without, company = all_in_place([load_strategy(key) for key in keys], county)
    assert not none.levers
    in_force = {**county.measures, "paired_assistance": {**county.measures["paired_assistance"], "advisors": 3}}
    assert existing.levers == in_force  # what is not said is scaled: 60 for 209 villages
    assert joint.levers == {**in_force, "joint_building": {"intensity": 1, "start": 2025}}
    assert without.levers["paired_assistance"]["intensity"] == 0
    assert company.levers["town_company"]["professionals"] == {2024: 1, 2025: 2}  # 22 and 36 for 209 villages
    assert all_in_place([existing], county) == [existing]


def test_borrowed_measures_are_scaled_to_the_county_and_the_users_own_numbers_are_not(tmp_path: Path) -> None:
    county = load_district(blank(tmp_path))
    own = load_strategy("existing", ["levers.infrastructure.new_km=33"])
    (strategy,) = all_in_place([own], county)
    assert strategy.levers["paired_assistance"]["sponsor_departments"] == 2  # 42 for 209 villages
    assert strategy.levers["infrastructure"]["new_km"] == 33
    assert strategy.levers["infrastructure"]["repair_km"] == pytest.approx(258 * 12 / 209)
    enyang = load_district()
    assert all_in_place([own], enyang) == [own]


def test_a_spread_or_tiers_set_the_law_of_incomes() -> None:
    assert law_of({}) == {}
    sigma = law_of({"city_income_mean": 20, "income_sd": 30})["income_sigma"]
    assert sigma == pytest.approx(np.sqrt(np.log(1 + 1.5**2)))
    draws = np.exp(1.9 + 1.1 * np.random.default_rng(1).standard_normal(20_000))
    counts = np.histogram(draws, [0, 5, 10, 50, 100, np.inf])[0]
    found = law_of(dict(zip(TIERS, [5000, *counts], strict=True)))
    assert found["income_sigma"] == pytest.approx(1.1, rel=0.05)
    assert found["income_zero_share"] == pytest.approx(0.2)
    assert found["city_income_mean"] > 10


def test_incomes_at_the_start_follow_what_the_county_knows(tmp_path: Path) -> None:
    def tiers(sheets: Sheets) -> None:
        for row in sheets["村"][1:]:
            row[9] = None
        for label, number in zip(sheets["县情"][-6:], (6, 2, 1, 2, 1, 0), strict=True):
            label[1] = number

    county = load_district(filled(blank(tmp_path), tiers))
    assert county.facts["income_zero_share"] == 0.5
    result = run_batch(
        county, load_strategy("none"), numbered(range(20)), RunOptions(horizon=2025, residents_per_village=0)
    )
    assert np.isfinite(result.indicators["income_operating_mean"]).all()


def test_a_county_is_compared_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path, out = filled(blank(tmp_path)), tmp_path / "out"
    words = (
        "strategies=[existing,existing_joint_building]",
        "futures=2",
        "horizon=2027",
        "residents=0",
        "report=false",
    )
    assert qiangcun("compare", f"district={path}", f"outputs={out}", *words) == 0, capsys.readouterr().err
    manifest = json.loads(next(out.glob("studies/*/manifest.json")).read_text("utf-8"))
    assert manifest["district"]["zh"] == "青禾县"
    assert manifest["district"]["aims"] == [{"line": 20, "villages": 6, "year": 2027, "measure": "operating"}]
    assert manifest["district"]["observations"][0]["source"] == "县统计公报"
    levers = {item["key"]: item["levers"] for item in manifest["strategies"]}
    assert set(levers["existing"]) == {"paired_assistance", "training"}
    assert "reserve_cadres" in manifest["district"]["stand_ins"]


def test_a_study_keeps_what_it_was_given_and_can_be_checked_when_the_workbook_is_another(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path, out = filled(blank(tmp_path)), tmp_path / "out"
    words = ("strategies=[existing,none]", "futures=2", "horizon=2026", "residents=0", "report=false")
    assert qiangcun("compare", f"district={path}", f"outputs={out}", *words) == 0
    study, given = next(out.glob("studies/*")), path.read_bytes()
    assert (study / "inputs" / path.name).read_bytes() == given
    assert f"inputs/{path.name}" in json.loads((study / "manifest.json").read_text("utf-8"))["hashes"]
    path.unlink()
    capsys.readouterr()
    assert qiangcun("verify", str(study)) == 0, capsys.readouterr().out
    (study / "inputs" / path.name).write_bytes(given + b" ")
    assert qiangcun("verify", str(study)) == 1


def test_a_sheet_without_a_column_that_is_needed_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match="column is missing"):
        load_district(filled(blank(tmp_path), lambda sheets: sheets["现有措施"][0].__setitem__(0, None)))


def test_a_setting_that_the_user_names_holds_though_the_county_lacks_the_measure(tmp_path: Path) -> None:
    county = load_district(filled(blank(tmp_path)))
    words = ["levers.grid_outreach.intensity=1"]
    strategy = load_strategy("existing", words)
    assert all_in_place([strategy], county, words)[0].levers["grid_outreach"] == {"intensity": 1}
    assert "grid_outreach" not in all_in_place([strategy], county)[0].levers
