"""The one table object: filter, at, compare, to_excel."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.data import effects
from analysis.data.results import Results
from sim.problems import InputErrors

INCOME = "income_operating_mean"


def test_a_filtered_study_is_that_part_of_it(results: Results) -> None:
    met = list(results.futures[:5])
    part = results.filter(strategies=["existing", "none"], years=[2024, 2030], futures=met)
    assert part.strategies == ["none", "existing"] and part.reference == "existing"
    assert (part.years, part.n, part.starts) == ([2024, 2030], 5, results.starts)
    pd.testing.assert_series_equal(part.at("none", INCOME, 2030), results.at("none", INCOME, 2030)[met])
    pd.testing.assert_frame_equal(part.worlds, results.worlds)
    rows = results.villages(["capital"], ["none"], [2030])
    own = part.villages(["capital"], ["none"])
    assert own["capital"].sum() == pytest.approx(
        rows[(rows["year"] == 2030) & rows["world"].isin([world for world, _ in met])]["capital"].sum()
        + results.villages(["capital"], ["none"], [2024]).query("world < 5")["capital"].sum()
    )
    alone = results.filter(starts=["target_consistent"])
    assert alone.starts == [alone.start] == ["target_consistent"] and alone.strategies == ["existing"]
    assert results.filter(strategies=["none"]).reference == "none"
    with pytest.raises(ValueError, match="nearest existing"):
        results.filter(strategies=["exsting"])


def test_compare_is_the_table_of_effects_against_any_strategy(results: Results) -> None:
    pd.testing.assert_frame_equal(results.compare(), effects.table(results))
    against = results.compare("none")
    assert set(against["strategy"]) == set(results.strategies) - {"none"}
    row = effects.find(against, "existing", INCOME)
    change = results.paired("existing", INCOME, "none")[results.horizon]
    assert row["difference"] == pytest.approx(change.mean())
    assert results.reference == "existing", "the study itself is as it was"
    pd.testing.assert_frame_equal(results.compare(), effects.table(results))
    with pytest.raises(ValueError, match="nearest none"):
        results.compare("nonne")


def test_a_part_is_written_as_a_workbook(results: Results, tmp_path: Path) -> None:
    part = results.filter(strategies=["existing", "none"], years=[2023, 2024, 2030])
    path = part.to_excel(tmp_path / "part.xlsx", "en")
    book = openpyxl.load_workbook(path)
    assert "Effects" in book.sheetnames and "Distribution" in book.sheetnames
    with pytest.raises(InputErrors):
        part.to_excel(tmp_path / "none.xlsx", "fr")
    assert not (tmp_path / "none.xlsx").exists()
