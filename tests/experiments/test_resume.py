from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.data.seal import hash_of
from experiments import parts, study, tasks
from experiments.compose import load_strategy
from experiments.executors import Workers
from experiments.files import at_once
from experiments.jobs.common import run_study
from experiments.messages import Stopped
from experiments.settings import Job
from experiments.store import FAILURES, MANIFEST, RUNS, Store, content_hash
from experiments.study import Study
from scenarios import load_district
from sim.futures import Futures, numbered
from sim.options import RunOptions
from tests.experiments.conftest import TINY, hear_signals
from tests.tiers import fast

ALONE = Workers(number=1)


@pytest.fixture(scope="module")
def small() -> Study:
    return Study("small", load_district("enyang"), (load_strategy("none"), load_strategy("existing")), "existing",
                 numbered(range(6)), RunOptions(horizon=2024, residents_per_village=0))  # fmt: skip


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "FUTURES_PER_BATCH", 2)


def half_done(design: Study, outputs: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A study of which four of six batches are there."""
    real, calls = tasks.run_batch, []

    def stops(*given: object) -> object:
        calls.append(given)
        if len(calls) > 4:
            raise KeyboardInterrupt
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "run_batch", stops)
        with pytest.raises(KeyboardInterrupt):
            run_study(Job(design, outputs, ALONE), "test")
    return Store(design, outputs)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("harm", fast([flip, cut, Path.unlink], 1))
@pytest.mark.parametrize("folder", [parts.PARTS, parts.VILLAGE_PARTS])
def test_a_damaged_part_is_set_aside_and_computed_again(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None], folder: str
) -> None:
    whole = run_study(Job(small, tmp_path / "whole", ALONE), "test")
    store = half_done(small, tmp_path / "part", monkeypatch)
    victim = sorted((store.folder / folder).glob("*.parquet"))[1]
    harm(victim)
    assert len(store.parts()) == 3
    kept = [path.name for path in (store.folder / parts.DAMAGED).glob("*")] if harm is not Path.unlink else []
    assert harm is Path.unlink or any(victim.name in name for name in kept), "nothing is thrown away"
    run_study(Job(small, tmp_path / "part", ALONE), "test")
    assert content_hash(store.folder / RUNS) == content_hash(whole.folder / RUNS)
    assert hash_of(store.folder / RUNS) == hash_of(whole.folder / RUNS)
    names = sorted(path.name for path in (whole.folder / parts.VILLAGE_PARTS).glob("*"))
    for name in names:
        one, two = (place.folder / parts.VILLAGE_PARTS / name for place in (whole, store))
        assert hash_of(one) == hash_of(two)


def test_only_the_district_is_kept_where_that_is_asked(small: Study, tmp_path: Path) -> None:
    both = [run_study(Job(replace(small, detail=detail), tmp_path, ALONE), "test").folder
            for detail in ("district", "villages")]  # fmt: skip
    assert content_hash(both[0] / RUNS) == content_hash(both[1] / RUNS)
    assert not (both[0] / parts.VILLAGE_PARTS).exists()
    assert (both[1] / parts.VILLAGE_PARTS).is_dir()


def breaks(seed: int, of: str) -> Callable[..., object]:
    """The engine, with an error in one future of one strategy, alone or in a batch."""
    real = tasks.run_batch

    def run(district: object, strategy: object, futures: Futures, *rest: object) -> object:
        if seed in futures.seeds and strategy.key == of:  # type: ignore[attr-defined]
            raise FloatingPointError("not, a number")
        return real(district, strategy, futures, *rest)  # type: ignore[arg-type]

    return run


def test_a_run_that_fails_is_told_and_the_others_go_on(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pd.read_parquet(run_study(Job(small, tmp_path / "whole", ALONE), "test").folder / RUNS)
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "run_batch", breaks(3, "none"))
        folder = run_study(Job(small, tmp_path / "part", ALONE), "compare", ["futures=6", "strategies=[none]"]).folder
    runs = pd.read_parquet(folder / RUNS)
    lost = (whole["seed"] == 3) & (whole["strategy"] == "none")
    pd.testing.assert_frame_equal(runs, whole[~lost].reset_index(drop=True))
    (row,) = pd.read_csv(folder / FAILURES).to_dict("records")
    assert (row["strategy"], row["world"], row["seed"]) == ("none", 3, 3)
    assert row["error"] == "FloatingPointError: not, a number"
    assert shlex.split(row["command"])[:2] == ["qiangcun", "run"]
    assert {"futures=6", "strategy=none", "only=[3]"} <= set(shlex.split(row["command"]))
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["failed"] == 1
    assert FAILURES in manifest["hashes"]


@pytest.mark.thorough
def test_the_command_beside_a_failure_repeats_its_run(
    qiangcun: Callable[..., int], workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed in, it runs the same future: here with the same numbers, for the error was ours."""
    words = ["futures=6", "horizon=2025", "residents=off", "workers=1", "design=lhs", "parameters.fixed_cost=2",
             "strategies=[existing,grants_same_cost,existing_all_four]", "other_starts=[]"]  # fmt: skip
    assert qiangcun("compare", *words, "name=good") == 0
    failing = breaks(4, "grants_same_cost")
    monkeypatch.setattr(tasks, "run_batch", failing)
    assert qiangcun("compare", *words, "name=bad") == 1
    monkeypatch.undo()
    monkeypatch.chdir(workplace)
    monkeypatch.setattr("analysis.page.write_report", lambda *given, **named: workplace / "report.html")
    monkeypatch.setattr(study, "FUTURES_PER_BATCH", 2)
    bad = next((workplace / "outputs" / "studies").glob("bad-*"))
    (row,) = pd.read_csv(bad / FAILURES).to_dict("records")
    command = shlex.split(row["command"])
    monkeypatch.setattr(sys, "argv", ["qiangcun"])
    assert qiangcun(*command[1:]) == 0
    again = pd.read_parquet(next((workplace / "outputs" / "studies").glob("run-*")) / RUNS)
    whole = pd.read_parquet(next((workplace / "outputs" / "studies").glob("good-*")) / RUNS)
    same = whole[(whole["strategy"] == "grants_same_cost") & (whole["seed"] == 4)]
    numbers = [name for name in whole.columns if name not in ("strategy", "start")]
    assert len(again) == len(same) > 0
    assert np.array_equal(again[numbers], same[numbers], equal_nan=True)


def test_all_runs_failing_is_an_error_in_words(small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: object) -> object:
        raise FloatingPointError

    monkeypatch.setattr(tasks, "run_batch", never)
    with pytest.raises(Stopped, match="futures=1"):
        run_study(Job(small, tmp_path, ALONE), "test")


def test_two_studies_at_once_in_one_folder(small: Study, tmp_path: Path) -> None:
    store = Store(small, tmp_path)
    with store.locked(), pytest.raises(Stopped, match="Another process"):
        run_study(Job(small, tmp_path, ALONE), "test")
    run_study(Job(small, tmp_path, ALONE), "test")
    assert store.is_complete


def test_what_is_written_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(RuntimeError), at_once(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with at_once(path) as temporary:
        temporary.write_text("whole", encoding="utf-8")
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def command(*words: str) -> list[str]:
    tiny = [word for word in TINY if not word.startswith("futures")]
    more = ["futures=200", "detail=district", "strategies=[none]", "other_starts=[]", "report=false"]
    return [sys.executable, "-m", "experiments.cli", "compare", *tiny, *more, *words]


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = ["qiangcun", *sys.argv[2:]]
from experiments.cli import main
main()
"""


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of Unix")
@pytest.mark.parametrize("parts_before", [0, 2])
def test_ctrl_c_ends_in_words_and_the_same_command_goes_on(tmp_path: Path, parts_before: int) -> None:
    """At once, while worker processes are being started, and later, while they compute."""
    words = [word for word in command(f"outputs={tmp_path}") if not word.startswith("workers")] + ["workers=2"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True, preexec_fn=hear_signals)  # fmt: skip
    while len(list(tmp_path.glob("studies/*/parts/*.parquet"))) < parts_before or not list(tmp_path.glob("studies/*")):
        time.sleep(0.02)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode in (130, 0), error
    assert "Traceback" not in error
    assert "the same command goes on" in out or process.returncode == 0
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits on files are of Unix")
def test_no_room_for_a_file_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    """A limit on the size of files acts like a full disk: small parts fit, the joined table does not."""
    words = command(f"outputs={tmp_path}")
    limited = [sys.executable, "-c", LIMITED, "150000", *words[3:]]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "the same command goes on" in done.stderr
    assert "Traceback" not in done.stderr
    (folder,) = (tmp_path / "studies").iterdir()
    there = {path.name for path in (folder / parts.PARTS).glob("*.parquet")}
    assert there
    assert not (folder / MANIFEST).exists()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{len(there)} of" in done.stdout
    assert (folder / MANIFEST).is_file()


def test_a_study_that_the_disk_can_not_hold_is_refused(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda place: SimpleNamespace(free=100))
    with pytest.raises(Stopped, match="detail=district"):
        run_study(Job(small, tmp_path, ALONE), "test")
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.mark.thorough
def test_an_output_that_can_not_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = subprocess.run(command(f"outputs={tmp_path / 'file' / 'out'}"), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "outputs" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_sweep_waits_for_another_that_computes_the_same_study(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, str]] = []
    waits = Event()

    def hear(zh: str, en: str) -> None:
        said.append((zh, en))
        if "waiting for its end" in en:
            waits.set()

    monkeypatch.setattr("experiments.store.say", hear)
    store = Store(small, tmp_path)
    second = Thread(target=lambda: run_study(Job(small, tmp_path, ALONE), "test", waits=True), daemon=True)
    with store.locked():
        second.start()
        assert waits.wait(timeout=60)
        assert not store.is_complete
    second.join(timeout=60)
    assert store.is_complete
    assert "等它结束" in said[0][0]
