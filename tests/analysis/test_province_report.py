"""A report on a synthetic province: no villages, no map, no quantiles, and page one says that it is synthetic."""

from __future__ import annotations

import json
import re
from pathlib import Path

import fake_study
import pandas as pd
import pytest

from analysis.page import write_report
from sim.indicator import NONE
from sim.indicators import INDICATORS

STRATEGIES = ["none", "existing", "existing_joint_building"]
LEFT_OUT = [name for name, item in INDICATORS.items() if item.over_districts == NONE]


def as_province(folder: Path) -> Path:
    """The made-up study as one of a province leaves it."""
    for part in (folder / "villages.parquet").glob("*.parquet"):
        part.unlink()
    (folder / "villages.parquet").rmdir()
    runs = pd.read_parquet(folder / "runs.parquet")
    if "indicator" in runs:
        runs = runs[~runs["indicator"].isin(LEFT_OUT)]
    else:
        runs = runs.drop(columns=LEFT_OUT, errors="ignore")
    runs.to_parquet(folder / "runs.parquet")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    district = manifest["district"]
    for name in ("map", "recommendations"):
        district.pop(name, None)
    district |= {"key": "some_synthetic", "zh": "某省（合成）", "en": "Some (synthetic)", "synthetic": True}
    district |= {"counties": 176, "facts": {"villages": float(district["villages"])}}
    manifest["indicators"] = [item for item in manifest["indicators"] if item["name"] not in LEFT_OUT]
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = as_province(
        fake_study.write(tmp_path_factory.mktemp("study"), STRATEGIES, futures=12, villages=40, horizon=2030)
    )
    out = tmp_path_factory.mktemp("report")
    report = write_report(folder, out)
    return out, report.read_text(encoding="utf-8")


def test_page_one_says_in_both_languages_that_the_province_is_synthetic(pages: tuple[Path, str]) -> None:
    _, text = pages
    for sentence in ("合成省：由176个合成县组成", "a synthetic province of 176 synthetic counties"):
        assert text.count(sentence) == 1, sentence
    assert text.index("合成省：") < text.index('id="zh-findings"')  # the findings come next
    assert text.index("a synthetic province of") < text.index('id="en-findings"')


def test_nothing_of_villages_or_maps_is_shown(pages: tuple[Path, str]) -> None:
    out, text = pages
    drawn = {path.name.split(".")[0] for path in out.rglob("*") if path.is_file()}
    assert "effects" in drawn
    needs_villages = {"inequality", "village_income", "quantile_effects", "lorenz"}
    assert not {name for name in drawn if name in needs_villages or name.startswith("map")}
    assert not re.search(r">[^<]*\bnan\b", text)


def test_a_synthetic_province_has_no_published_aim_and_no_published_counts(pages: tuple[Path, str]) -> None:
    out, text = pages
    assert "报告提出的问题" not in text
    assert "The question of the district" not in text
    assert not list(out.rglob("aim.*"))
