"""The page on reading results: its code runs, gives right numbers, and its tables agree with the model."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "analysis"))

import fake_study

import analysis
from analysis.answers import distribution, hinges
from analysis.data import effects, stored
from experiments.tables import labelled
from sim.indicators import INDICATORS
from sim.policies.registry import LEVERS
from sim.village_indicators import VILLAGE_INDICATORS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "results.md").read_text(encoding="utf-8")
FOLDER = "outputs/studies/compare-1a2b3c4d"
UNITS = {"villages": "村", "0 to 1": "", "万元": "万元", "万元 a year": "万元"}


def block(language: str, heading: str) -> str:
    """The code of a section."""
    section = PAGE.partition(f"\n## {heading}\n")[2]
    found = re.search(rf"^```{language}\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    assert found, heading
    return found[1]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study where the page has it."""
    folder = tmp_path_factory.mktemp("results_page")
    keys = ["none", "existing", "existing_joint_building"]
    fake_study.write(folder / FOLDER, futures=24, villages=12, strategies=keys)
    return folder


@pytest.fixture
def here(study: Path, monkeypatch: pytest.MonkeyPatch) -> analysis.StudyResults:
    monkeypatch.chdir(study)
    return analysis.load(FOLDER)


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"pd": pd}
    exec(compile(code, "docs/results.md", "exec"), names)  # noqa: S102 (our own page)
    return names


def test_pandas(here: analysis.StudyResults) -> None:
    found = run(block("python", "pandas"))["change"]
    expected = effects.effect(here, "existing_joint_building", "income_operating_mean", 2035)
    assert found.mean() == pytest.approx(expected["difference"])
    assert len(found) == 24


def test_load(here: analysis.StudyResults) -> None:
    names = run(block("python", "`analysis.load`"))
    level, by_year = names["level"], names["by_year"]
    assert by_year[2035] == pytest.approx(level[2035].mean())
    assert len(names["frame"]) == 24 * 2
    assert len(names["villages"]) == 24 * 12
    assert names["change"].shape == level.shape
    assert list(names["parameters"].index) == list(range(24))
    assert {"name", "unit", "direction", "zh", "en"} <= set(names["units"].columns)
    assert (names["part"].n, names["part"].years) == (10, [2024, 2030])
    assert set(names["effects"]["strategy"]) == {"existing", "existing_joint_building"}
    assert len(names["spread"].table) == 3 * 3 and Path("part.xlsx").is_file()


def test_duckdb(here: analysis.StudyResults) -> None:
    pytest.importorskip("duckdb")
    answer = run(block("python", "DuckDB"))["answer"].set_index("strategy")
    assert set(answer.index) == {"none", "existing_joint_building"}
    for key, row in answer.iterrows():
        expected = effects.effect(here, str(key), "income_operating_mean", 2035)
        assert row["difference"] == pytest.approx(expected["difference"])
        assert row["share_higher"] == pytest.approx(expected["share_better"])
        assert row["futures"] == 24


def test_the_verbs_of_r_work_in_arrow(here: analysis.StudyResults) -> None:
    """R hands these steps to the same engine: filter, cast to text, group, mean and count; folders open as one."""
    assert "as.character(strategy)" in block("r", "R")
    runs = ds.dataset(f"{FOLDER}/runs.parquet")
    wanted = (ds.field("start") == "bazhong_mean") & (ds.field("year") == 2035)
    columns = {"strategy": ds.field("strategy").cast("string"), "income": ds.field("income_operating_mean")}
    table = runs.to_table(columns=columns, filter=wanted)
    found = table.group_by("strategy").aggregate([("income", "mean"), ("income", "count")]).to_pandas()
    means = found.set_index("strategy")["income_mean"]
    assert means["existing"] == pytest.approx(here.at("existing", "income_operating_mean", 2035).mean())
    villages = ds.dataset(f"{FOLDER}/villages.parquet")
    assert villages.to_table(columns=["village"]).to_pandas()["village"].nunique() == 12


def test_limits_of_large_studies_are_those_of_the_code() -> None:
    text = " ".join(PAGE.partition("## Large studies 大型推演")[2].partition("\n## ")[0].split())
    assert f"at most {stored.MOST_ROWS // 10**6} million rows" in text
    futures = stored.MOST_ROWS / (4 * 12 * 209)
    assert abs(futures - int(re.findall(r"about (\d+) futures", text)[0])) < 0.1 * futures
    assert f"{hinges.MOST_SHUFFLED} worlds are shuffled" in text


def test_tables_agree_with_the_model() -> None:
    """Names and units of indicators, village columns, and the calls of the class."""
    table = PAGE.partition("Those asked for most:")[2].partition("\n\n万元")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", table, re.MULTILINE)
    assert len(rows) >= 8
    for name, unit in rows:
        assert INDICATORS[name].unit == UNITS[unit.strip()], name
    assert "cost_town_company" in INDICATORS and "town_company" in LEVERS
    villages = PAGE.partition("### `villages.parquet/`")[2].partition("###")[0]
    words = set(re.findall(r"`([a-z_]+)`", villages)) - {"village", "town"}
    assert words <= set(VILLAGE_INDICATORS), words - set(VILLAGE_INDICATORS)
    for name in re.findall(r"^\| `(\w+)(?:\(|` \| (?:a row per world|what the study))", PAGE, re.MULTILINE):
        assert hasattr(analysis.StudyResults, name) or name in analysis.StudyResults.__dataclass_fields__, name


def test_units_are_read_from_a_field_as_the_page_says() -> None:
    """The page's lines, on a table as the store labels it."""
    table = labelled(pa.table({"income_operating_mean": [1.0]}), INDICATORS)
    code = block("python", "Files").splitlines()
    names = {"field": table.schema.field("income_operating_mean")}
    exec(code[-1], names)  # noqa: S102 (our own page)
    assert (names["unit"], names["label"]) == ("万元", "mean operating income per village")


def test_columns_of_distributions_are_those_of_the_table(here: analysis.StudyResults) -> None:
    told = PAGE.partition("## Distributions 分布")[2].partition("\n## ")[0]
    rows = set(re.findall(r"`([a-z_]+)`", told.partition("| column |")[2]))
    assert rows | {"strategy", "year", "by", "group"} <= set(here.distribution(year=2030).table.columns) | {"n"}
    assert all(f"`{by}`" in told for by in distribution.BY)
