from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.files import hash_of
from experiments.store import MANIFEST, RUNS, content_hash
from scenarios.district import PLACES
from tests.experiments.conftest import TINY

Command = Callable[..., int]


@pytest.fixture
def made(qiangcun: Command, workplace: Path) -> Path:
    words = ["strategies=ablation", "strategies.names=[existing_pairing_ends_2028,existing]",
             "strategies.without_each=[credit]", "horizon=2025",
             "world.ranges.crowd_out=[0.1,0.2]", "parameters.fixed_cost=2", "design=grid",
             "design.values={interest_rate:[0.04,0.06]}", "budget.mode=capped", "budget.annual=3000",
             "budget.priority=[training]"]  # fmt: skip
    assert qiangcun("compare", *[word for word in TINY if not word.startswith("horizon")], *words) == 0
    (folder,) = (workplace / "outputs" / "studies").iterdir()
    return folder


def change_manifest(folder: Path, change: Callable[[dict], object]) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def change_value(folder: Path) -> None:
    """One number of one run, with hashes that agree: only computing it again tells."""
    table = pq.read_table(folder / RUNS)
    place = table.schema.get_field_index("income_operating_mean")
    values = table.column(place).to_numpy().copy()
    values[-1] = np.nextafter(values[-1], np.inf)
    pq.write_table(table.set_column(place, "income_operating_mean", pa.array(values)), folder / RUNS)
    marks = {"content": content_hash(folder / RUNS)}
    change_manifest(folder, lambda m: m.update(marks) or m["hashes"].update({RUNS: hash_of(folder / RUNS)}))


def test_a_whole_study_is_verified_down_to_its_runs(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every run of a study with all that decides results: design, ranges, budget, dated levers, a process left out."""
    capsys.readouterr()
    assert qiangcun("verify", str(made), "--sample", "100") == 0
    text = capsys.readouterr().out
    manifest = json.loads((made / MANIFEST).read_text(encoding="utf-8"))
    runs = manifest["futures"] * (len(manifest["strategies"]) + 1)
    assert (manifest["futures"], len(manifest["strategies"])) == (4, 4)
    assert f"{runs} runs computed again, {runs} of them the same bit for bit" in text
    assert f"study:{manifest['id'][:12]}" in text
    assert "✗" not in text


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda folder: (folder / "worlds.parquet").write_bytes(b""), "worlds.parquet was changed"),
        (lambda folder: next((folder / "villages.parquet").iterdir()).unlink(), "is missing"),
        (lambda folder: (folder / RUNS).write_bytes((folder / RUNS).read_bytes()[:-9]), "runs.parquet was changed"),
        (lambda folder: change_manifest(folder, lambda m: m["hashes"].update(model="0")), "code is another"),
        (lambda folder: change_manifest(folder, lambda m: m["hashes"].update(district="0")), "data are others"),
        (change_value, "1 indicators differ, such as income_operating_mean 2025"),
    ],
)
def test_what_differs_is_said(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], None], told: str
) -> None:
    harm(made)
    capsys.readouterr()
    sample = "100" if harm is change_value else "0"
    assert qiangcun("verify", str(made), "--sample", sample, "--language", "en") == 1
    assert told in capsys.readouterr().out


def test_other_versions_are_told_and_are_no_error(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_manifest(made, lambda m: m["versions"].update(numpy="0.1"))
    capsys.readouterr()
    assert qiangcun("verify", str(made), "--sample", "1", "--language", "en") == 0
    assert "other versions: numpy 0.1 → " in capsys.readouterr().out


def test_nothing_outside_the_study_is_read(qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (made.parent / "elsewhere").write_text("x", encoding="utf-8")
    mark = hash_of(made.parent / "elsewhere")
    change_manifest(made, lambda m: m["hashes"].update({"../elsewhere": mark}))
    assert qiangcun("verify", str(made), "--sample", "0", "--language", "en") == 1
    assert "../elsewhere is missing" in capsys.readouterr().out


def test_a_joint_study_is_checked_as_far_as_it_goes(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("run", "-m", *TINY, "strategy=none,existing") == 0
    assert qiangcun("report", "outputs/studies") == 0
    joint = next((workplace / "outputs" / "studies").glob("report-*"))
    capsys.readouterr()
    assert qiangcun("verify", str(joint), "--language", "en") == 0
    assert "no runs were computed again" in capsys.readouterr().out


def test_a_district_that_has_moved_is_named_again(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = workplace / "mine"
    shutil.copytree(PLACES / "enyang", place)
    assert qiangcun("run", f"district={place}", *TINY, "strategy=none") == 0
    place.rename(workplace / "moved")
    capsys.readouterr()
    assert qiangcun("verify", "outputs/studies", "--language", "en") == 0
    assert "name them with --district" in capsys.readouterr().out
    assert qiangcun("verify", "outputs/studies", "--district", "moved", "--language", "en") == 0
    assert "2 of them the same bit for bit" in capsys.readouterr().out
