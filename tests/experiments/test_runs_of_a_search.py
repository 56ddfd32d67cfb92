"""Runs of a search for equal cost are parts of the study: none is computed twice, however it is interrupted."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.data.seal import hash_of
from experiments import compare, load_district, load_strategy, study, tasks
from experiments.executors import Workers
from experiments.jobs.common import run_study
from experiments.messages import Stopped
from experiments.notebook import make_study
from experiments.notebook import run as in_memory
from experiments.parts import DAMAGED, Part
from experiments.same_cost import settle
from experiments.settings import Job
from experiments.stopping import Stopping
from experiments.store import FAILURES, MANIFEST, RUNS, Store
from experiments.study import Study
from sim.futures import Futures
from sim.policies.base import Strategy
from tests.experiments.conftest import TINY, counting
from tests.tiers import fast

Command = Callable[..., int]
TARGET = "existing_pairing_and_joint"
DISTRICT = load_district("enyang")
FUTURES = 4
ALONE = Workers(number=1)


def grants(**changes: object) -> Strategy:
    return replace(load_strategy("grants_same_cost"), same_cost_as=TARGET, **changes)


def asked(*strategies: Strategy) -> Study:
    """Two batches a strategy, and another start for the reference."""
    given = ["existing", TARGET, *(strategies or [grants()])]
    made = make_study("compare", DISTRICT, given, range(FUTURES), 2026, None, {"residents": 0})
    return replace(made, other_starts=("target_consistent",))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "FUTURES_PER_BATCH", 2)


def run(design: Study, outputs: Path) -> Store:
    return run_study(Job(settle(design, outputs), outputs, ALONE), "test")


def stored(folder: Path) -> dict[str, str]:
    """Every file of a study and its bytes, besides the manifest, which tells the time."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in (MANIFEST, ".lock"))
    return {path.relative_to(folder).as_posix(): hash_of(path) for path in files}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same study without a search of its own."""
    outputs = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "FUTURES_PER_BATCH", 2)
        settled = settle(asked(), outputs / "search")
        return stored(run_study(Job(settled, outputs, ALONE), "test").folder)


def expected(manifest: dict) -> int:
    """Runs of the study and of the scales that were tried and not taken."""
    tried = sum(entry["same_cost"]["evaluations"] - 1 for entry in manifest["strategies"] if "same_cost" in entry)
    return FUTURES * (len(manifest["strategies"]) + len(manifest["starts"]) - 1 + tried)


def test_the_command_computes_each_run_once(
    qiangcun: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = counting(monkeypatch)
    words = ["compare", *TINY, f"futures={FUTURES}", "horizon=2026", "strategies=[existing_all_four,grants_same_cost]"]
    assert qiangcun(*words) == 0
    (path,) = workplace.glob("outputs/studies/*/manifest.json")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert len(manifest["starts"]) == 2
    assert sum(counted) == expected(manifest)
    assert qiangcun("verify", str(path.parent), "--sample", "3") == 0
    counted.clear()
    assert qiangcun(*words) == 0
    assert not counted


def test_a_study_is_the_same_without_a_search_of_its_own(tmp_path: Path, whole: dict[str, str]) -> None:
    folder = run(asked(), tmp_path).folder
    assert stored(folder) == whole
    assert not (folder / "parts").exists()
    assert not list((tmp_path / "same_cost").rglob("*.parquet")), "scales that were not taken are gone"


@pytest.mark.parametrize("number", fast([3, 1, 9], 1))
def test_killed_after_some_batches_it_goes_on_and_computes_nothing_twice(
    tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Within a later evaluation, within the first one, and after the search."""
    with monkeypatch.context() as patch:
        before = counting(patch, number)
        with pytest.raises(KeyboardInterrupt):
            run(asked(), tmp_path)
    after = counting(monkeypatch)
    store = run(asked(), tmp_path)
    assert sum(before) + sum(after) == expected(json.loads((store.folder / MANIFEST).read_text(encoding="utf-8")))
    assert stored(store.folder) == whole


@pytest.mark.parametrize("moved", fast([3, 0], 1))
def test_killed_while_parts_are_handed_over(
    tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    """Also between the villages of a part and its runs."""
    move, calls = Part.move, []

    def stops(part: Part, folder: Path, name: str) -> None:
        calls.append(name)
        if len(calls) > moved:
            os.replace(part.village_file, folder / "villages.parquet" / f"{name}.parquet")
            raise KeyboardInterrupt
        move(part, folder, name)

    with monkeypatch.context() as patch:
        patch.setattr(Part, "move", stops)
        with pytest.raises(KeyboardInterrupt):
            run(asked(), tmp_path)
    assert stored(run(asked(), tmp_path).folder) == whole


@pytest.mark.thorough
def test_a_damaged_part_of_a_search_is_set_aside_and_computed_again(
    tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        counting(patch, 3)
        with pytest.raises(KeyboardInterrupt):
            settle(asked(), tmp_path)
    victim = sorted(tmp_path.glob("same_cost/studies/*/parts/*.parquet"))[0]
    victim.write_bytes(victim.read_bytes()[:100])
    assert stored(run(asked(), tmp_path).folder) == whole
    (aside,) = tmp_path.glob(f"same_cost/studies/*/{DAMAGED}/*{victim.name}")
    assert aside.stat().st_size == 100


def test_a_study_that_stops_early_keeps_none_of_the_runs_beyond(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Stopping(1e9, "income_operating_mean", 2026, 2, 2)
    counted = counting(monkeypatch)
    folder = run(replace(asked(), other_starts=(), stopping=rule), tmp_path).folder
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["futures"] == 2
    assert len(list((folder / "villages.parquet").iterdir())) == 3
    tried = next(entry["same_cost"]["evaluations"] for entry in manifest["strategies"] if "same_cost" in entry)
    assert sum(counted) == FUTURES * (1 + tried) + 2, "the search meets all futures, the reference alone two"


@pytest.mark.thorough
def test_a_notebook_computes_each_run_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    counted = counting(monkeypatch)
    given = ["existing", TARGET, grants()]
    result = compare(DISTRICT, given, seeds=range(FUTURES), horizon=2026, residents=0)
    (found,) = (entry["same_cost"] for entry in result.manifest["strategies"] if entry.get("same_cost"))
    assert sum(counted) == FUTURES * (3 + found["evaluations"] - 1)
    again = in_memory(
        settle(make_study("compare", DISTRICT, given, range(FUTURES), 2026, None, {"residents": 0}), tmp_path)
    )
    pd.testing.assert_frame_equal(result.frame(), again.frame())
    pd.testing.assert_frame_equal(result.villages(), again.villages())


@pytest.mark.thorough
def test_what_is_left_out_of_the_model_changes_the_cost(tmp_path: Path) -> None:
    """Two strategies with the same levers, one without a process of the model: each has a scale of its own."""
    settled = settle(asked(grants(), grants(key="other", without=("failure",))), tmp_path)
    store, found = run_study(Job(settled, tmp_path, ALONE), "test"), settled.same_cost
    runs = pd.read_parquet(store.folder / RUNS).query("start == 'bazhong_mean' and year >= 2024")
    for key in ("grants_same_cost", "other"):
        some = runs[runs["strategy"] == key]
        paid = (some["public_cost"] * 1.04 ** -(some["year"] - 2024.0)).sum() / FUTURES
        assert found[key].cost == pytest.approx(paid, rel=1e-12)


def breaks(monkeypatch: pytest.MonkeyPatch, seeds: set[int]) -> None:
    """Whatever meets one of some futures fails."""
    real = tasks.run_batch

    def run(district: object, strategy: Strategy, futures: Futures, *rest: object) -> object:
        if seeds & set(futures.seeds.tolist()) and strategy.key == TARGET:
            raise FloatingPointError("no such luck")
        return real(district, strategy, futures, *rest)

    monkeypatch.setattr(tasks, "run_batch", run)


@pytest.mark.thorough
def test_a_run_that_fails_in_the_search_is_a_failed_run_of_the_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(monkeypatch, {1})
    settled = settle(asked(), tmp_path / "with")
    both = [run_study(Job(settled, tmp_path / name, ALONE), "test").folder for name in ("with", "without")]
    assert stored(both[0]) == stored(both[1])
    table = pd.read_csv(both[0] / FAILURES, encoding="utf-8-sig")
    assert table[["strategy", "seed"]].to_numpy().tolist() == [[TARGET, 1]]
    cost = settled.same_cost["grants_same_cost"].target_cost
    assert np.isfinite(cost) and cost > 0


def test_a_search_in_which_all_fails_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(monkeypatch, set(range(FUTURES)))
    with pytest.raises(Stopped, match="futures=1"):
        settle(asked(), tmp_path)
