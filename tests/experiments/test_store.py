from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.data.results import load
from analysis.data.seal import hash_of
from experiments import parts, store, study, tasks
from experiments.compose import load_strategy
from experiments.execution import execute
from experiments.executors import Workers
from experiments.jobs.common import run_study
from experiments.manifest import describe, describe_map
from experiments.settings import Job
from experiments.stopping import Stopping
from experiments.store import Store
from experiments.study import Study
from scenarios.district import PLACES, load_district
from sim.futures import NO_WORLD, Futures, numbered
from sim.options import RunOptions
from sim.world import DECLARED, world_values


@pytest.fixture(scope="module")
def small() -> Study:
    strategies = (load_strategy("none"), load_strategy("existing"))
    options = RunOptions(horizon=2024, residents_per_village=0)
    return Study("small", load_district("enyang"), strategies, "existing", numbered(range(5)), options,
                 other_starts=("target_consistent",))  # fmt: skip


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "FUTURES_PER_BATCH", 2)


def run(design: Study, outputs: Path, workers: int = 1) -> Store:
    return run_study(Job(design, outputs, Workers(number=workers)), "test")


def contents(folder: Path) -> dict[str, bytes]:
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.parquet") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items()}


@pytest.mark.thorough
def test_any_number_of_processes_leaves_the_same_bytes(small: Study, tmp_path: Path) -> None:
    one, two = run(small, tmp_path / "one", 1), run(small, tmp_path / "two", 2)
    assert contents(one.folder) == contents(two.folder)
    assert len(contents(one.folder)) == 2 + len(small.batches())


def test_a_stopped_study_goes_on_where_it_was(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = run(small, tmp_path / "whole")
    calls, real = [], tasks.run_batch

    def stops(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(tasks, "run_batch", stops)
    with pytest.raises(KeyboardInterrupt):
        run(small, tmp_path / "part")
    assert not Store(small, tmp_path / "part").is_complete
    calls.clear()
    monkeypatch.setattr(tasks, "run_batch", lambda *arguments: calls.append(arguments) or real(*arguments))
    part = run(small, tmp_path / "part")
    assert len(calls) == len(small.batches()) - 3
    assert contents(part.folder) == contents(whole.folder)
    assert "3 of 9" in capsys.readouterr().out


def test_a_finished_study_is_never_run_again(small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(small, tmp_path)
    before = contents(first.folder)
    monkeypatch.setattr(tasks, "run_batch", None)
    assert contents(run(small, tmp_path).folder) == before


def test_whatever_decides_the_results_is_in_the_id(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = [
        small,
        replace(small, futures=numbered(range(1, 6))),
        replace(small, futures=numbered(range(5), drawn=False)),
        replace(small, futures=replace(small.futures, names=("fixed_cost",), values=np.full((5, 1), 2.0))),
        replace(small, detail="district"),
        replace(small, stopping=Stopping(1.0, "income_operating_mean", 2024, 50, 50)),
        replace(small, options=replace(small.options, horizon=2026)),
        replace(small, options=replace(small.options, start="target_consistent")),
        replace(small, futures=small.futures.held({"fixed_cost": 2.0})),
        replace(small, futures=replace(small.futures, ranges={"fixed_cost": (1.0, 2.0)})),
        replace(small, strategies=(*small.strategies, load_strategy("existing_joint_building"))),
        replace(small, district=replace(small.district, fingerprint="other")),
        replace(small, other_starts=()),
    ]
    ids = {design.id for design in changed}
    monkeypatch.setattr(study, "model_fingerprint", lambda: "other")
    assert len(ids | {replace(small).id}) == len(changed) + 1


def test_the_tables_hold_what_the_runs_gave(small: Study, tmp_path: Path) -> None:
    folder = run(small, tmp_path).folder
    runs = pd.read_parquet(folder / store.RUNS)
    villages = pd.read_parquet(folder / store.VILLAGES)
    batch = small.batches()[-1]
    result = tasks.compute(tasks.task_of(small, batch))
    assert list(runs.columns) == ["strategy", "start", "world", "seed", "year", *result.indicators]
    assert {str(runs[name].dtype) for name in ("strategy", "start")} == {"category"}
    assert len(runs) == small.runs * 2
    assert not runs.duplicated(["strategy", "start", "world", "seed", "year"]).any()
    assert len(villages) == small.runs * 2 * small.district.villages
    one = runs[(runs["strategy"] == "existing") & (runs["start"] == "target_consistent") & (runs["seed"] == 4)]
    for name in result.indicators:
        assert np.array_equal(one[name], result.indicators[name][0], equal_nan=True)
    assert one["public_cost"].isna().tolist() == [True, False], "nothing is paid before the start"
    rows = villages[(villages["start"] == "target_consistent") & (villages["seed"] == 4) & (villages["year"] == 2024)]
    assert np.array_equal(rows["capital"].to_numpy(), result.villages["capital"][0, 1])
    assert list(rows["village"]) == list(small.district.village_code)
    assert rows["town"].iloc[-1] == small.district.town_name[small.district.town_of[-1]]


def test_worlds_hold_the_values_in_force(small: Study, tmp_path: Path) -> None:
    worlds = np.array([3, 3, 0, NO_WORLD, 1])
    ranges = {"kappa_joint": (0.0, 0.1)}
    design = replace(small, futures=Futures(worlds, worlds, np.arange(5), fixed={"fixed_cost": 2.0}, ranges=ranges))
    folder = run(design, tmp_path).folder
    table = pd.read_parquet(folder / store.WORLDS)
    assert list(table.columns) == ["world", "draw", *DECLARED]
    assert list(table["world"]) == list(table["draw"]) == [NO_WORLD, 0, 1, 3]
    wide = table.set_index("world").drop(columns="draw")
    assert wide.loc[3].to_dict() == world_values(3, design.parameters, design.ranges)
    assert (wide["fixed_cost"] == 2.0).all()
    assert wide["kappa_joint"].drop(NO_WORLD).max() <= 0.1
    assert wide["leak_revenue"].nunique() == 4
    assert load(folder).worlds.loc[3].to_dict() == wide.loc[3].to_dict()
    manifest = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
    assert manifest["hashes"][store.WORLDS] == hash_of(folder / store.WORLDS)


def test_the_manifest_tells_all(small: Study, tmp_path: Path) -> None:
    folder = run(small, tmp_path).folder
    manifest = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
    assert manifest["id"] == small.id
    assert folder.name == f"small-{small.id[:8]}"
    assert manifest["starts"] == ["bazhong_mean", "target_consistent"]
    assert manifest["hashes"][store.RUNS] == hash_of(folder / store.RUNS)
    assert sum(name.startswith(store.VILLAGES) for name in manifest["hashes"]) == len(small.batches())
    existing = manifest["strategies"][1]
    assert existing["reference"]
    assert not existing["incomplete"]
    assert existing["levers"]["paired_assistance"]["income_line"] == 10
    assert manifest["strategies"][0]["levers"] == {}
    assert {row["kind"] for row in manifest["parameters"]} == {"world", "setting"}


def test_villages_on_the_map_stand_as_in_draw_0() -> None:
    place = describe_map(load_district("enyang"))
    drawn = pd.read_csv(PLACES / "enyang" / "draw_0" / "villages.csv", dtype={"code": str}).set_index("code")
    found = pd.DataFrame(place["village_position_km"], index=place["village_code"])
    assert np.array_equal(found, drawn.loc[found.index, ["position_x_km", "position_y_km"]])
    assert place["village_position_status"] == "synthetic"
    outline = np.array(place["outline_km"][1])
    assert (outline.min(axis=0) < place["town_position_km"]).all()
    assert (outline.max(axis=0) > place["town_position_km"]).all()


def test_a_value_held_fixed_is_told(small: Study) -> None:
    rows = describe(replace(small, futures=small.futures.held({"fixed_cost": 2.0})), "test")["parameters"]
    assert next(row for row in rows if row["name"] == "fixed_cost")["value"] == 2.0
    assert next(row for row in rows if row["name"] == "leak_revenue")["value"] is None


def test_a_part_that_was_being_written_does_not_count(small: Study, tmp_path: Path) -> None:
    place = Store(small, tmp_path)
    place.prepare()
    half = place.folder / parts.PARTS / f".{small.batches()[0].name}.parquet.1.tmp"
    half.write_bytes(b"half")
    assert not place.parts()
    execute(place, Workers(number=1))
    assert len(place.parts()) == len(small.batches())
    assert not half.exists()
