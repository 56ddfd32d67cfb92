from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import study
from experiments.store import COUNTIES, MANIFEST, RUNS
from tests.experiments.conftest import TINY, counting

Command = Callable[..., int]


@pytest.fixture
def place(workplace: Path) -> Path:
    """A province of three counties; one of them has no village."""
    folder = workplace / "small"
    folder.mkdir()
    text = "name: {zh: 小省, en: Small province}\ntemplate: enyang\nvillages: 23\n"
    (folder / "province.yaml").write_text(text, encoding="utf-8")
    rows = ["county_code,county,city,villages", "510001,甲县,市,3", "510002,乙区,市,0", "510003,丙县,市,20"]
    (folder / "counties.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def folder_of(workplace: Path) -> Path:
    (folder,) = (workplace / "outputs" / "studies").iterdir()
    return folder


@pytest.mark.thorough
def test_a_province_is_its_counties_put_together(
    qiangcun: Command, workplace: Path, place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"district={place}", "strategies=[existing,grants_same_cost,existing_all_four]"]
    counted = counting(monkeypatch)
    assert qiangcun("compare", *TINY, *words, "horizon=2026") == 0
    folder = folder_of(workplace)
    counties, whole = pd.read_parquet(folder / COUNTIES), pd.read_parquet(folder / RUNS)
    keys = ["strategy", "start", "world", "seed", "year"]
    assert set(counties["county"]) == {"510001", "510003"}
    by_run = counties.groupby(keys, observed=True)
    whole = whole.set_index(keys).sort_index()
    assert np.allclose(by_run["public_cost"].sum(min_count=2), whole["public_cost"], rtol=1e-12, equal_nan=True)
    income = counties.pivot(index=keys, columns="county", values="income_operating_mean").sort_index()
    expected = (3 * income["510001"] + 20 * income["510003"]) / 23
    assert np.allclose(expected, whole["income_operating_mean"], rtol=1e-12)
    assert "income_operating_gini" not in whole.columns
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert (manifest["district"]["villages"], manifest["detail"]) == (23, "district")
    found = manifest["strategies"][1]["same_cost"]
    assert found["scale"] > 0
    assert sum(counted) == 2 * 2 * (4 + found["evaluations"] - 1), "each run of the study once, and scales not taken"
    capsys.readouterr()
    assert qiangcun("verify", str(folder), "--sample", "100", "--district", str(place), "--language", "en") == 0
    runs = 2 * 2 * 4
    assert f"{runs} runs computed again, {runs} of them the same bit for bit" in capsys.readouterr().out


@pytest.mark.thorough
def test_slices_and_processes_do_not_change_a_province(
    qiangcun: Command, workplace: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = [word for word in TINY if not word.startswith(("workers", "futures"))]
    words = [*tiny, "futures=5", f"district={place}", "strategies=[existing]", "other_starts=[]"]
    assert qiangcun("compare", *words, "workers=2", "outputs=one") == 0
    monkeypatch.setattr(study, "FUTURES_PER_BATCH", 2)
    assert qiangcun("compare", *words, "workers=1", "outputs=two") == 0
    one, two = (next((workplace / name / "studies").iterdir()) for name in ("one", "two"))
    marks = [json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["content"] for folder in (one, two)]
    assert marks[0] == marks[1]


@pytest.mark.thorough
def test_what_a_province_can_not_do_is_told(qiangcun: Command, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["detail=villages", "stopping.tolerance=1", "futures=20", "strategy.levers.training.villages=[a]"]
    tiny = [word for word in TINY if not word.startswith("futures")]
    assert qiangcun("run", *tiny, f"district={place}", *words) == 2
    text = capsys.readouterr().err
    for part in ("counties alone", "can't stop early", "no towns and villages to aim at"):
        assert part in text
    assert qiangcun("run", *TINY, "district=sichuan_synthetik") == 2
    assert "sichuan_synthetic" in capsys.readouterr().err
