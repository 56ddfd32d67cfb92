"""Several studies as one: what is kept, what is left out, what can't be joined."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.data.results import Results, load
from analysis.data.seal import files_in, hash_of, seal_of
from experiments.merge import kind_of_futures, merge
from sim.problems import InputErrors

YEARS = (2023, 2024, 2025)


def write(folder: Path, strategy: str, villages: bool = True, level: float = 1.0, **manifest: Any) -> Path:
    """A study of one strategy with three futures, a row group for each future."""
    (folder / "villages.parquet").mkdir(parents=True)
    keys = pd.DataFrame([(world, year) for world in range(3) for year in YEARS], columns=["world", "year"])
    runs = pd.DataFrame({"strategy": strategy, "start": "s", "world": keys["world"], "seed": keys["world"]})
    runs["year"] = keys["year"]
    runs["income"] = np.where(runs["year"] == YEARS[0], np.nan, level + runs["world"])
    if strategy != "none":
        runs["cost"] = 5.0
    table = pa.Table.from_pandas(runs.astype({"strategy": "category", "start": "category"}), preserve_index=False)
    pq.write_table(table, folder / "runs.parquet", row_group_size=len(YEARS))
    if villages:
        rows = runs.drop(columns=["cost"], errors="ignore").assign(village="v", town="t")
        rows.to_parquet(folder / "villages.parquet" / "0.parquet")
    pd.DataFrame({"world": range(3), "kept": 1.0, "moved": level}).to_parquet(folder / "worlds.parquet")
    entry = {"key": strategy, "zh": strategy, "en": strategy, "levers": {}}
    content = {
        "name": folder.name, "id": folder.name, "strategies": [entry], "reference": strategy, "horizon": YEARS[-1],
        "start_year": 2024, "start": "s", "starts": ["s"], "futures": 3, "command": "qiangcun run", "failed": 0,
        "hashes": {"model": "m", "district": "d"}, "stopping": {"indicator": "income"},
        "design": {"kind": "futures", "drawn": True, "futures": 3, "hash": folder.name},
        "configuration": {"options": {}, "parameters": {}, "ranges": {}},
    }  # fmt: skip
    return sealed(folder, content | manifest)


def sealed(folder: Path, manifest: dict[str, Any] | None = None) -> Path:
    """The study with its manifest, or the one it has, and a seal over what lies there now."""
    given = manifest or json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    hashes = {"model": "m", "district": "d"} | {name: hash_of(folder / name) for name in files_in(folder)}
    content = {**given, "hashes": hashes}
    (folder / "manifest.json").write_text(json.dumps({**content, "seal": seal_of(content)}), encoding="utf-8")
    return folder


def joined(tmp_path: Path, *folders: Path) -> Results:
    return load(merge(folders, tmp_path / "outputs"))


def test_runs_of_both_with_the_columns_of_either(tmp_path: Path) -> None:
    """An indicator that one study lacks is null there; strategies keep row groups of their own."""
    study = joined(tmp_path, write(tmp_path / "a", "existing"), write(tmp_path / "b", "none", level=4.0))
    assert study.strategies == ["existing", "none"] and study.n == 3
    frame = study.frame()
    assert list(frame.columns) == ["strategy", "start", "world", "seed", "year", "income", "cost"]
    assert frame.loc[frame["strategy"] == "none", "cost"].isna().all()
    assert (frame.loc[frame["strategy"] == "existing", "cost"] == 5.0).all()
    assert (study.paired("none", "income")[2025] == 3.0).all()
    assert all(piece.strategy and piece.start for piece in study.runs.pieces)
    assert len(study.villages()) == 2 * 3 * len(YEARS)
    assert list(study.worlds.columns) == ["kept"], "the other differs between the studies in the same world"
    assert study.manifest["detail"] == "villages" and "stopping" not in study.manifest


def test_the_shortest_horizon_ends_all(tmp_path: Path) -> None:
    study = joined(tmp_path, write(tmp_path / "a", "existing"), write(tmp_path / "b", "none", horizon=2024))
    assert study.years == [2023, 2024]


@pytest.mark.parametrize("kept", [(True, False), (False, True), (False, False)])
def test_villages_only_where_all_kept_them(tmp_path: Path, kept: tuple[bool, bool]) -> None:
    one = write(tmp_path / "a", "existing", villages=kept[0])
    if not kept[0]:
        (one / "villages.parquet").rmdir()
    study = joined(tmp_path, one, write(tmp_path / "b", "none", villages=kept[1]))
    assert not study.has_villages() and not (study.folder / "villages.parquet").exists()
    assert study.manifest["detail"] == "district"


def test_failures_go_along(tmp_path: Path) -> None:
    one, two = write(tmp_path / "a", "existing", failed=1), write(tmp_path / "b", "none")
    row = {
        "strategy": "existing",
        "start": "s",
        "world": 7,
        "seed": 7,
        "error": "e",
        "command": "qiangcun run only=[7]",
    }
    pd.DataFrame([row]).to_csv(one / "failures.csv", index=False, encoding="utf-8-sig")
    sealed(one)
    study = joined(tmp_path, one, two)
    assert study.manifest["failed"] == 1
    assert pd.read_csv(study.folder / "failures.csv", encoding="utf-8-sig").to_dict("records") == [row]


def test_designs_must_be_the_same_unless_futures_are_numbered(tmp_path: Path) -> None:
    """World 2 of one Sobol' sequence is not world 2 of another."""
    sobol = {"kind": "sobol", "seed": 1, "hash": "x"}
    one = write(tmp_path / "a", "existing", design=sobol)
    same, other = (
        write(tmp_path / "b", "none", design=sobol),
        write(tmp_path / "c", "none", design=sobol | {"hash": "y"}),
    )
    assert joined(tmp_path, one, same).n == 3
    for wrong in (other, write(tmp_path / "d", "none")):
        with pytest.raises(InputErrors, match="another design"):
            merge([one, wrong], tmp_path / "outputs")


def test_studies_that_tell_no_design(tmp_path: Path) -> None:
    """Earlier studies list their worlds; those of defaults alone count as another setting."""
    plain = {"options": {}, "parameters": {}, "ranges": {}}
    drawn = write(tmp_path / "a", "existing", design=None, configuration=plain | {"worlds": [0, 1, 2]})
    fixed = write(tmp_path / "b", "existing", design=None, configuration=plain | {"worlds": [None] * 3}, id="other")
    assert joined(tmp_path, drawn, fixed).strategies == ["existing", "existing_2"]


def test_as_many_futures_as_the_study_with_fewest(tmp_path: Path) -> None:
    folders = [write(tmp_path / "a", "existing", futures=3), write(tmp_path / "b", "none", futures=5)]
    assert joined(tmp_path, *folders).manifest["futures"] == 3


def test_failures_of_strategies_that_are_not_taken_stay_behind(tmp_path: Path) -> None:
    """The first study tells of a failed run of a strategy that it does not list."""
    one, two = write(tmp_path / "a", "existing"), write(tmp_path / "b", "none")
    rows = [{"strategy": key, "start": "s", "world": 7, "seed": 7, "error": "e", "command": "c"}
            for key in ("existing", "gone")]  # fmt: skip
    pd.DataFrame(rows).to_csv(one / "failures.csv", index=False, encoding="utf-8-sig")
    study = joined(tmp_path, sealed(one), two)
    assert study.manifest["failed"] == 1
    assert pd.read_csv(study.folder / "failures.csv", encoding="utf-8-sig")["strategy"].tolist() == ["existing"]


def test_what_the_futures_of_a_study_are() -> None:
    """Numbered ones are drawn worlds or that of defaults; all other designs are called by their kind."""

    def kind(design: dict[str, Any] | None, worlds: tuple[int | None, ...] = ()) -> str:
        return kind_of_futures({"design": design, "configuration": {"worlds": list(worlds)}})

    assert kind({"kind": "futures", "drawn": True}) == "futures"
    assert kind({"kind": "futures", "drawn": False}) == "default"
    assert kind({"kind": "sobol", "drawn": True}) == kind({"kind": "sobol", "drawn": False}) == "sobol"
    assert kind(None, (0, 1)) == "futures" and kind(None, (None, None)) == "default"


def test_a_source_that_was_altered_is_refused_and_a_joint_study_that_was_is_made_again(tmp_path: Path) -> None:
    folders = [write(tmp_path / "a", "existing"), write(tmp_path / "b", "none")]
    joint = merge(folders, tmp_path / "outputs")
    whole = {name: hash_of(joint / name) for name in files_in(joint)}
    shutil.copy(joint / "villages.parquet" / "0000.parquet", joint / "villages.parquet" / "0007.parquet")
    with pytest.raises(InputErrors, match="does not belong"):
        load(joint)
    (joint / "runs.parquet").write_bytes(b"PAR1")
    assert merge(folders, tmp_path / "outputs") == joint
    assert {name: hash_of(joint / name) for name in files_in(joint)} == whole
    assert load(joint).n == 3
    (folders[0] / "worlds.parquet").write_bytes(b"")
    with pytest.raises(InputErrors, match="worlds.parquet: was changed"):
        merge(folders, tmp_path / "outputs")
    with pytest.raises(InputErrors, match="worlds.parquet: was changed"):
        merge(folders[:1], tmp_path / "outputs")
