"""From the command line: a likely wrong unit stops with a question; the answer is told, kept and verified."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.store import MANIFEST
from scenarios import load_district
from tests.experiments.conftest import TINY

Command = Callable[..., int]


def village_table(path: Path, per_unit: int) -> Path:
    codes = load_district().village_code
    incomes = np.random.default_rng(1).integers(5_000, 98_000, len(codes)) / per_unit
    pd.DataFrame({"code": codes, "经营性收入": incomes}).to_csv(path, index=False)
    return path


def manifests(folder: Path) -> list[dict]:
    found = (folder / "outputs" / "studies").glob(f"*/{MANIFEST}")
    return [json.loads(path.read_text(encoding="utf-8")) for path in found]


@pytest.mark.thorough
def test_a_table_in_yuan_stops_with_a_question_and_runs_with_the_answer(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    village_table(workplace / "yuan.csv", 1)
    words = ["run", *TINY, "district.village_table=yuan.csv"]
    assert qiangcun(*words) == 2
    told = capsys.readouterr().err
    assert "district.money_unit=yuan" in told
    assert "Traceback" not in told
    assert not list(workplace.glob("outputs/studies/*"))
    assert qiangcun(*words, "district.money_unit=dollars") == 2
    assert "qian_yuan" in capsys.readouterr().err
    assert qiangcun(*words, "district.money_unit=yuan", "language=en") == 0
    told = capsys.readouterr().out
    assert "values divided by 10,000" in told
    assert "村情表" not in told
    (manifest,) = manifests(workplace)
    assert manifest["district"]["source"]["money_unit"] == "yuan"
    assert any("各值除以 10,000" in line for line in manifest["district"]["given_told"]["zh"])
    (folder,) = (workplace / "outputs" / "studies").iterdir()
    assert qiangcun("verify", str(folder)) == 0, "the study's own copy is read"
    assert qiangcun("verify", str(folder), "--village-table", "yuan.csv") == 0
    assert "the district's data are the same" in capsys.readouterr().out


@pytest.mark.thorough
def test_the_same_incomes_in_both_units_give_the_same_numbers_under_different_ids(
    qiangcun: Command, workplace: Path
) -> None:
    village_table(workplace / "yuan.csv", 1)
    village_table(workplace / "wan.csv", 10_000)
    assert qiangcun("run", *TINY, "district.village_table=wan.csv") == 0
    assert qiangcun("run", *TINY, "district.village_table=yuan.csv", "district.money_unit=yuan") == 0
    first, second = manifests(workplace)
    assert first["id"] != second["id"]
    assert first["content"] == second["content"]


@pytest.mark.thorough
def test_a_study_without_a_table_says_nothing_of_one(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("run", *TINY, "horizon=2024") == 0
    assert "村情表" not in capsys.readouterr().out
    assert manifests(workplace)[0]["district"]["given_told"] == {}
    assert qiangcun("run", *TINY, "district.money_unit=yuan") == 2
    assert qiangcun("run", *TINY, "district=sichuan_synthetic", "district.position_unit=km") == 2
