"""The workbook is read again: sheets, heads, formats, numbers, keys; nothing in it is a formula."""

from __future__ import annotations

import json
import re
from itertools import cycle
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import fake_study
import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from analysis.data import effects, money
from analysis.data.results import Results, load
from analysis.page import tables, workbook
from analysis.page.workbook_cells import Column, width
from analysis.sentences.catalogue import LANGUAGES, Words

NAMES = ["目录", "结论", "效果", "逐年", "分布", "谁得谁失", "花费", "参数与来源", "说明"]


@pytest.fixture(scope="module")
def folder(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("workbook")
    assert [path.name for path in workbook.write(results, out, LANGUAGES)] == ["results.xlsx", "results.en.xlsx"]
    return out


@pytest.fixture(scope="module", params=LANGUAGES)
def book(folder: Path, request: pytest.FixtureRequest) -> openpyxl.Workbook:
    return read(folder, request.param)


def read(folder: Path, lang: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / ("results.xlsx" if lang == "zh" else f"results.{lang}.xlsx"))


def frame(sheet: Worksheet) -> pd.DataFrame:
    """The first table of a sheet, heads in their first line."""
    area = sheet.auto_filter.ref
    head, *rows = [[cell.value for cell in row] for row in sheet[area]]
    return pd.DataFrame(rows, columns=head)


def test_sheets_stand_in_their_order_with_frozen_heads_and_filters(book: openpyxl.Workbook, folder: Path) -> None:
    assert read(folder, "zh").sheetnames == NAMES
    assert len(book.sheetnames) == len(NAMES)
    for sheet in book:
        head = openpyxl.utils.cell.range_boundaries(sheet.auto_filter.ref)[1]
        frozen = openpyxl.utils.cell.coordinate_from_string(sheet.freeze_panes)[1]
        assert frozen == head + 1, sheet.title
        assert all(sheet.cell(head, 1 + place).value for place in range(3 if sheet.max_column > 2 else 2))


def test_nothing_is_a_formula_and_no_more_than_two_decimals_are_shown(book: openpyxl.Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), (sheet.title, cell.coordinate)
                if cell.data_type == "n" and cell.value is not None:
                    shown = cell.number_format
                    assert shown == "General" or len(shown.partition(".")[2].rstrip("%")) <= 2, cell.coordinate


def test_charts_stand_on_three_sheets(book: openpyxl.Workbook) -> None:
    assert sum(bool(sheet._charts) for sheet in book) == 3


def test_the_reader_meets_one_language_and_keys_in_the_last_columns(folder: Path, results: Results) -> None:
    chinese, english = (frame(read(folder, lang)["效果" if lang == "zh" else "Effects"]) for lang in LANGUAGES)
    assert not any("strategy" in str(head) for head in chinese.columns[:-2])
    assert not any(letter > "\u2e7f" for head in english.columns[:5] for letter in str(head))
    assert list(chinese.columns[-2:]) == list(english.columns[-2:]) == ["strategy", "indicator"]
    assert set(chinese["strategy"]) == set(results.others)


@pytest.mark.thorough
def test_numbers_are_those_of_the_tables(folder: Path, results: Results) -> None:
    for lang in LANGUAGES:
        words, found = Words(lang), frame(read(folder, lang)[Words(lang)("sheet_effects")])
        mean = words("column_difference")
        for name, kind in (("income_operating_mean", "income"), ("participation", "points"), ("public_cost", "money")):
            rows = found[found["indicator"] == name].set_index("strategy").tail(len(results.others))
            for key, row in rows.iterrows():
                expected = effects.row(results, str(key), name, results.horizon)
                assert row[mean] == pytest.approx(expected["difference"] * words.scale(kind)[0], rel=1e-12)
    yearly, summary = frame(read(folder, "zh")["逐年"]), tables.summary(results)
    assert not yearly["平均"].isna().any()
    key = (summary["indicator"] == "capital_mean") & (summary["strategy"] == "none") & (summary["year"] == 2030)
    rows = yearly[(yearly["indicator"] == "capital_mean") & (yearly["strategy"] == "none") & (yearly["年"] == 2030)]
    assert rows["平均"].item() == pytest.approx(summary[key]["mean"].item(), rel=1e-12)
    sheet = frame(read(folder, "zh")["花费"]).set_index("strategy")
    assert sheet.iloc[:, 1].to_dict() == pytest.approx(
        {key: money.yearly_mean(results, key, "public_cost") for key in results.strategies}
    )


@pytest.mark.thorough
def test_a_village_has_one_key_everywhere(folder: Path, results: Results, tmp_path: Path) -> None:
    paths = {path.stem: path for path in tables.write_tables(results, tmp_path)}
    table = pd.read_csv(paths["gains"])
    keys = set(table[table["by"] == "village"]["group"])
    assert len(keys) == 40 and {"玉山镇1-01", "玉山镇1-02"} <= keys
    for lang in LANGUAGES:
        for name in ("distribution", "gains"):
            sheet = frame(read(folder, lang)[Words(lang)(f"sheet_{name}")])
            rows = sheet[sheet[Words(lang)("head_by")] == Words(lang)("by_village")]
            assert set(rows[Words(lang)("head_group")]) == keys


def test_a_sweep_has_a_column_for_each_setting(tmp_path: Path) -> None:
    fake_study.write(tmp_path, futures=12, villages=12, strategies=["none", "existing"], horizon=2026)
    path = tmp_path / "manifest.json"
    told = {"settings": [{"path": "a.intensity", "zh": "力度", "en": "Intensity", "values": [0.5, 1]},
                         {"path": "a.payer", "zh": "付款方", "en": "Payer", "values": ["central", "x"],
                          "texts_zh": ["中省财政", "=2"], "texts_en": ["central", "=2"]}],
            "cells": [{"key": "none", "values": [0.5, "central"], "reference": "none"},
                      {"key": "existing", "values": [1, "x"], "reference": "none"}]}  # fmt: skip
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"sweep": told}
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    workbook.write(load(tmp_path), tmp_path, ("zh",))
    sheet = frame(read(tmp_path, "zh")["扫描"])
    assert list(sheet.columns[:2]) == ["力度", "付款方"]
    assert sheet.iloc[:, :2].values.tolist() == [[0.5, "中省财政"], [1, "=2"]]
    row = effects.find(load(tmp_path).compare("none"), "existing", effects.PROFIT, 2026)
    assert sheet.iloc[1, 4] == pytest.approx(row["difference"]), "against its own reference"
    assert not (tmp_path / "results.en.xlsx").exists()


TEXTS = ("=1+1", "{=A1}", "+cmd|' /C calc'!A0", "http://example.org", "@x", "-1", "=Sheet1!$A$1")


def test_texts_of_a_study_stay_texts(tmp_path: Path) -> None:
    fake_study.write(tmp_path, futures=12, villages=12, strategies=["none", "existing"], horizon=2026)
    path = tmp_path / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    entries = (*manifest["strategies"], *manifest["indicators"], *manifest["parameters"], *manifest["levers"].values())
    for text, entry in zip(cycle(TEXTS), entries, strict=False):
        entry |= {"zh": text, "en": text}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    workbook.write(load(tmp_path), tmp_path, ("en",))
    with ZipFile(tmp_path / "results.xlsx") as packed:
        for name in packed.namelist():
            content = packed.read(name).decode("utf-8")
            assert "<f>" not in content and "TargetMode" not in content, name
            for address in re.findall("<c:f>(.*?)</c:f>", content):
                assert re.fullmatch(r"'?[A-Z][a-z ]+'?!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", address), address
    texts = {cell.value for sheet in read(tmp_path, "zh") for row in sheet.iter_rows() for cell in row}
    assert {"=1+1", "{=A1}", "@x"} <= texts


def test_a_study_of_one_strategy_without_villages_has_a_workbook(tmp_path: Path) -> None:
    fake_study.write(tmp_path, futures=3, villages=12, strategies=["existing"], horizon=2026)
    for path in (tmp_path / "villages.parquet").iterdir():
        path.unlink()
    workbook.write(load(tmp_path), tmp_path, ("zh",))
    assert read(tmp_path, "zh").sheetnames == ["目录", "结论", "逐年", "花费", "参数与来源", "说明"]


def test_tables_for_programs_say_names_and_units(results: Results, tmp_path: Path) -> None:
    """Keys and values as before; behind each key its names in both languages, behind an indicator its unit."""
    paths = {path.stem: path for path in tables.write_tables(results, tmp_path)}
    summary = pd.read_csv(paths["summary"])
    heads = "strategy strategy_zh strategy_en start indicator indicator_zh indicator_en unit year n"
    assert list(summary.columns[:10]) == heads.split()
    row = summary[summary["indicator"] == "income_operating_mean"].iloc[0]
    assert (row["indicator_zh"], row["unit"]) == ("村均经营性收入", "万元")
    assert not summary["unit"].isna().any()
    units = pd.read_csv(paths["effects"]).drop_duplicates("indicator").set_index("indicator")["unit"]
    assert (units["villages_aim_operating"], units["public_cost_discounted"]) == ("村", "万元")
    lever = pd.read_csv(paths["cost_by_lever"]).iloc[0]
    assert lever["lever_zh"] == results.lever_name(lever["lever"], "zh")


@pytest.mark.parametrize(("shown", "values", "needed"), [
    ("#,##0", [1.0, -9_695_983.2, None, float("nan")], len("-9,695,983")),
    (["0.00", "#,##0"], [0.5, 123_456.0], len("-123,456.00")),
    ("", ["—", "long enough for a text"], len("long enough for a text")),
])  # fmt: skip
def test_a_column_is_as_wide_as_its_largest_number(shown: str, values: list, needed: int) -> None:
    """A number that has no room is shown as ###."""
    assert width(Column("head", values, shown), "head") >= needed + 2
