"""`qiangcun distribution`: a picture and a table from what a study stored, and mistakes in words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "analysis"))

import fake_study


@pytest.fixture
def study(workplace: Path) -> Path:
    return fake_study.write(workplace / "study", futures=24, villages=36, strategies=["none", "existing"], horizon=2026)


def test_a_question_gives_a_picture_and_a_table(
    qiangcun: Callable[..., int], study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["year=2025", "strategy=existing", "by=income_third", "--language", "en"]
    assert qiangcun("distribution", str(study), *words) == 0
    folder = Path("outputs") / Path("outputs/latest.txt").read_text(encoding="utf-8").strip()
    assert {path.name for path in folder.iterdir()} == {
        "distribution.png", "distribution.svg", "distribution.csv", "study.txt",
    }  # fmt: skip
    table = pd.read_csv(folder / "distribution.csv")
    assert table[["strategy", "year", "by"]].drop_duplicates().values.tolist() == [["existing", 2025, "income_third"]]
    assert table["villages"].sum() == 36
    out = capsys.readouterr().out
    assert f"{table['mean'].iloc[0]:.2f}" in out and "lies between villages" in out and "村" not in out
    assert qiangcun("distribution", str(folder), "by=kind", "indicator=participation") == 0, "a job's folder will do"


def test_mistakes_are_told_with_what_is_allowed(
    qiangcun: Callable[..., int], study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong in ("yer=2025", "year=soon"):
        assert qiangcun("distribution", str(study), wrong) == 2
        told = capsys.readouterr().err
        assert "year" in told and ("yer" in told or "soon" in told)
    assert qiangcun("distribution", str(study), "year=2040", "strategy=exsting", "by=towns") == 2
    told = capsys.readouterr().err
    assert "2023, 2024, 2025, 2026" in told and "did you mean: existing" in told and "did you mean: town" in told
    assert qiangcun("distribution", "nowhere") == 2
    assert "no such study" in capsys.readouterr().err
    assert not Path("outputs/distribution").exists()
