"""Reading a study piece by piece: what is read, what comes out, and what is told where something is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import fake_study
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from test_effects import store

from analysis.answers import found, hinges
from analysis.data import results
from analysis.data import stored as stored_tables
from analysis.data.stored import RunTable
from analysis.page import figures, notes
from analysis.sentences.catalogue import LANGUAGES, Words

INCOME = "income_operating_mean"


@pytest.fixture(scope="module")
def stored(study: Path) -> pd.DataFrame:
    """The whole table, read without any of our code."""
    return pd.read_parquet(study / "runs.parquet")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Row groups and columns of every reading."""
    found, read_row_groups = [], pq.ParquetFile.read_row_groups

    def watched(self, groups, columns=None, **more):
        found.append((tuple(groups), tuple(columns)))
        return read_row_groups(self, groups, columns=columns, **more)

    monkeypatch.setattr(pq.ParquetFile, "read_row_groups", watched)
    return found


def test_only_what_is_asked_for_is_read(study: Path, read: list, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening reads keys alone; values read one column of the row groups of one strategy and start."""
    monkeypatch.setattr("analysis.data.stored.KEPT_BYTES", 2**20)  # where not all fits into memory
    opened = results.load(study)
    assert {column for _groups, columns in read for column in columns} == {"world", "seed", "year"}
    read.clear()
    opened.values("none", INCOME)
    groups = [groups for groups, columns in read if INCOME in columns]
    assert groups == [tuple(piece.number for piece in opened.runs.blocks["none", "bazhong_mean"])]
    assert {columns for _groups, columns in read} == {(INCOME,)}
    read.clear()
    opened.values("none", INCOME)
    assert not read, "kept"


def test_values_are_those_stored(study: Path, stored: pd.DataFrame) -> None:
    opened = results.load(study)
    for key, start in (("none", "bazhong_mean"), ("existing", "target_consistent")):
        rows = stored[(stored["strategy"] == key) & (stored["start"] == start)]
        expected = rows.pivot(index=["world", "seed"], columns="year", values=INCOME)
        found = opened.values(key, INCOME, start)
        np.testing.assert_array_equal(found, expected)
        assert list(found.index) == list(expected.index) and list(found.columns) == list(expected.columns)
    before = opened.values("existing", "public_cost")
    assert 2023 not in before.columns, "not defined in any future of that year"


def test_how_rows_lie_in_the_file_does_not_matter(study: Path, stored: pd.DataFrame, tmp_path: Path) -> None:
    """Shuffled, in one row group, names as plain text, without statistics: the same values."""
    shuffled = stored.sample(frac=1, random_state=1).astype({"strategy": str, "start": str})
    shutil.copy(study / "manifest.json", tmp_path)
    shuffled.to_parquet(tmp_path / "runs.parquet", write_statistics=False)
    one, two = results.load(study), results.load(tmp_path)
    in_memory = results.Results.of(one.manifest, shuffled)
    for other in (two, in_memory):
        assert other.strategies == one.strategies and other.starts == one.starts and other.years == one.years
        for key in one.strategies:
            pd.testing.assert_frame_equal(other.values(key, INCOME), one.values(key, INCOME))


def test_the_tidy_frame(study: Path, stored: pd.DataFrame) -> None:
    opened = results.load(study)
    frame = opened.frame([INCOME, "public_cost"], ["existing", "none"], [2023, 2030])
    assert list(frame.columns) == ["strategy", "start", "world", "seed", "year", INCOME, "public_cost"]
    assert set(frame["strategy"]) == {"existing", "none"} and set(frame["start"]) == {"bazhong_mean"}
    assert len(frame) == 2 * 2 * 24
    assert frame.loc[frame["year"] == 2023, "public_cost"].isna().all()
    whole = opened.frame(starts=opened.starts)
    assert len(whole) == len(stored) and list(whole.columns) == list(stored.columns)
    assert len(opened.frame(INCOME, years=[2030])) == len(opened.strategies) * 24


def test_the_tidy_frame_of_villages(study: Path) -> None:
    opened = results.load(study)
    frame = opened.villages(["capital"], ["none"], [2030])
    assert list(frame.columns) == ["strategy", "start", "world", "seed", "year", "village", "town", "capital"]
    rows = pd.read_parquet(study / "villages.parquet" / "part-none.parquet")
    rows = rows[rows["year"] == 2030]
    assert len(frame) == len(rows) == 24 * 40
    assert frame["capital"].sum() == pytest.approx(rows["capital"].sum())


def test_unknown_names_are_named_with_the_nearest(study: Path, tmp_path: Path) -> None:
    opened = results.load(study)
    with pytest.raises(ValueError, match=r"indicators.*no income_operating_men.*nearest income_operating_mean"):
        opened.frame(["income_operating_men"])
    with pytest.raises(ValueError, match="years: .*no 2099"):
        opened.frame(years=[2099])
    with pytest.raises(ValueError, match="strategies: .*nearest existing"):
        opened.villages(strategies=["exsting"])
    store(tmp_path, {("a", INCOME): [1, 2]})
    with pytest.raises(ValueError, match="villages were not stored"):
        results.load(tmp_path).villages()


def test_a_long_table_of_an_earlier_version_is_told(tmp_path: Path) -> None:
    store(tmp_path, {("a", INCOME): [1, 2]})
    frame = pd.read_parquet(tmp_path / "runs.parquet")
    frame.melt(["strategy", "start", "world", "seed", "year"], var_name="indicator").to_parquet(
        tmp_path / "runs.parquet"
    )
    with pytest.raises(ValueError, match="run the study again"):
        results.load(tmp_path)
    frame.drop(columns=["seed", "year"]).to_parquet(tmp_path / "runs.parquet")
    with pytest.raises(ValueError, match="missing columns seed, year"):
        results.load(tmp_path)


def test_kept_values_have_a_limit(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = results.load(study).values("none", INCOME).to_numpy().nbytes
    monkeypatch.setattr("analysis.data.stored.KEPT_BYTES", 3 * size)
    opened = results.load(study)
    for indicator in opened.runs.names[:10]:
        opened.values("none", indicator)
    assert len(opened.runs._kept._arrays) == 3


def test_a_world_of_defaults_and_several_seeds_of_a_world() -> None:
    """Futures are pairs: world -1 with two seeds, world 7 with one."""
    keys = pd.DataFrame({"strategy": "a", "start": "s", "world": [-1, -1, 7], "seed": [5, 2, 5], "year": 2024})
    table = RunTable(keys.assign(x=[1.0, 2.0, np.nan]))
    values = table.values(("a", "s"), "x")
    assert list(values.index) == [(-1, 2), (-1, 5), (7, 5)]
    np.testing.assert_array_equal(values[2024], [2.0, 1.0, np.nan])


def many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> results.Results:
    """A study whose villages lie in a part for each four futures and are too many for figures."""
    fake_study.write(folder, futures=24, villages=12, strategies=["none", "existing"], horizon=2026)
    for path in list((folder / "villages.parquet").iterdir()):
        rows = pd.read_parquet(path)
        for number, part in rows.groupby(rows["world"] // 4):
            part.to_parquet(path.with_name(f"{number:04d}-{path.name}"), index=False)
        path.unlink()
    monkeypatch.setattr(stored_tables, "MOST_ROWS", 2 * 4 * 12 * 8)
    return results.load(folder)


def test_figures_by_village_use_some_futures_where_villages_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole batches at equal steps, the same for every strategy; the reader is told."""
    opened = many(tmp_path, monkeypatch)
    values = opened.village_values("income_operating", 2026)
    assert list(values.futures.get_level_values("world")) == [0, 1, 2, 3, 20, 21, 22, 23]
    assert {array.shape for array in values.by_strategy.values()} == {(8, 12)}
    rows = pd.read_parquet(tmp_path / "villages.parquet")
    rows = rows[(rows["strategy"] == "none") & (rows["year"] == 2026) & (rows["world"] == 21)]
    np.testing.assert_allclose(values.by_strategy["none"][5], rows["income_operating"], rtol=1e-6)
    assert opened.village_sample == 8
    (line,) = notes.remarks(opened, Words("en"))
    assert "use 8 of the 24 futures" in line
    assert len(opened.villages(["capital"], ["none"])) == 24 * 4 * 12, "users get them all"


def test_page_one_tells_of_failures_villages_and_stopping(tmp_path: Path) -> None:
    fake_study.write(tmp_path, futures=12, villages=12, strategies=["none", "existing"], horizon=2026)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert not notes.warnings(results.load(tmp_path), Words("en"))
    shutil.rmtree(tmp_path / "villages.parquet")
    manifest |= {"failed": 3, "detail": "district"}
    manifest["stopping"] = {"indicator": INCOME, "year": 2026, "tolerance": 0.005, "futures": 12, "reached": True}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    opened = results.load(tmp_path)
    assert "3 runs failed" in notes.warnings(opened, Words("en"))[0]
    villages, stopping = notes.remarks(opened, Words("en"))
    assert "detail=district" in villages
    assert "within ±50 yuan (95% interval), which took 12 futures" in stopping
    assert "0.005 万元" in notes.remarks(opened, Words("zh"))[1]
    manifest["stopping"]["reached"] = False
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert "not every mean difference" in notes.remarks(results.load(tmp_path), Words("en"))[1]
    for lang in LANGUAGES:
        assert len(notes.remarks(opened, Words(lang))) == 2


def test_page_one_says_which_measures_hardly_act(tmp_path: Path) -> None:
    strategies = ["existing", "existing_joint_building", "existing_all_four"]
    fake_study.write(tmp_path, futures=12, villages=12, strategies=strategies, horizon=2026)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    late = {"first": 2035, "last": 2035, "villages": 209, "remark": "last_year"}
    whole = {"first": 2024, "last": 2035, "villages": 209}
    manifest["reach"] = {
        "existing": {"training": whole},
        "existing_joint_building": {"training": whole, "joint_building": late},
        "existing_all_four": {"joint_building": late, "digital_platform": {**whole, "remark": "few_villages"}},
    }
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    opened = results.load(tmp_path)
    (english,) = [line for line in notes.remarks(opened, Words("en")) if line.startswith("Measures that hardly act")]
    assert english.count("(in force in the last year alone)") == 1 and english.count("less than 5 %") == 1
    assert any("几乎不起作用的措施" in line and "跨村联建" in line for line in notes.remarks(opened, Words("zh")))


def test_chance_of_many_worlds_follows_from_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit from shuffling some of the worlds is that of shuffling them all, but for the noise of 2000 shuffles."""
    draw = np.random.default_rng(2)
    parameters = hinges.standardised(draw.random((3000, 60)))
    effect = hinges.standardised(draw.random(3000))
    scaled = hinges.by_chance(parameters, effect)
    monkeypatch.setattr(hinges, "MOST_SHUFFLED", 10**9)
    assert scaled == pytest.approx(hinges.by_chance(parameters, effect), rel=0.05)


def test_a_figure_by_village_says_how_many_futures_it_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = many(tmp_path, monkeypatch)
    drawn = {name: answer for name, answer in found().items() if answer.picture and answer.can_tell(results)}
    told = {name: figures.note(answer, answer.picture, results, Words("en")) for name, answer in drawn.items()}
    some = {name for name, text in told.items() if "8 of the 24 futures" in text}
    assert some == {name for name, answer in drawn.items() if answer.needs_villages}
    assert {"winners", "fan_participation"} <= set(told)
    assert "8 of the 24" not in told["fan_participation"]
