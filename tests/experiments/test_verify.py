from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.data.seal import hash_of, seal_of
from experiments.store import MANIFEST, RUNS, content_hash
from scenarios.district import PLACES
from tests.experiments.conftest import TINY

Command = Callable[..., int]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the study of this module is kept once it is made."""
    return tmp_path_factory.mktemp("kept") / "studies"


@pytest.fixture
def made(qiangcun: Command, workplace: Path, kept: Path) -> Path:
    words = ["strategies=ablation", "strategies.names=[existing_pairing_ends_2028,existing]",
             "strategies.without_each=[credit]", "horizon=2025",
             "world.ranges.crowd_out=[0.1,0.2]", "parameters.fixed_cost=2", "design=grid",
             "design.values={interest_rate:[0.04,0.06]}", "budget.mode=capped", "budget.annual=3000",
             "budget.priority=[training]"]  # fmt: skip
    if not kept.is_dir():
        assert qiangcun("compare", *[word for word in TINY if not word.startswith("horizon")], *words) == 0
        shutil.copytree(workplace / "outputs" / "studies", kept)
    shutil.rmtree(workplace / "outputs", ignore_errors=True)
    shutil.copytree(kept, workplace / "outputs" / "studies")
    (folder,) = (workplace / "outputs" / "studies").iterdir()
    return folder


def change_manifest(folder: Path, change: Callable[[dict], object]) -> None:
    """Alter the manifest and seal the study again, as somebody would who knows how."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps({**manifest, "seal": seal_of(manifest)}), encoding="utf-8")


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
        (lambda folder: (folder / "worlds.parquet").write_bytes(b""), "worlds.parquet: was changed"),
        (lambda folder: next((folder / "villages.parquet").iterdir()).unlink(), "is missing"),
        (lambda folder: (folder / RUNS).write_bytes((folder / RUNS).read_bytes()[:-9]), "runs.parquet: was changed"),
        (lambda folder: change_manifest(folder, lambda m: m["hashes"].update(model="0")), "the id: differs"),
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


def test_other_versions_are_told_and_what_numbers_hang_on_is_not_vouched_for(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, code in (("matplotlib", 0), ("numpy", 3)):
        change_manifest(made, lambda m, name=name: m["versions"].update({name: "0.1"}))
        capsys.readouterr()
        assert qiangcun("verify", str(made), "--sample", "1", "--language", "en") == code
        text = capsys.readouterr().out
        assert f"{name} 0.1 → " in text
        assert ("not vouched for" in text) == (code == 3)


def test_nothing_outside_the_study_is_read(qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (made.parent / "elsewhere").write_text("x", encoding="utf-8")
    mark = hash_of(made.parent / "elsewhere")
    change_manifest(made, lambda m: m["hashes"].update({"../elsewhere": mark}))
    assert qiangcun("verify", str(made), "--sample", "0", "--language", "en") == 1
    assert "../elsewhere: is missing" in capsys.readouterr().out


@pytest.mark.thorough
def test_a_joint_study_is_checked_with_its_sources(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are sealed, give the same joint study, and are verified; without them nothing is vouched for."""
    assert all(qiangcun("run", *TINY, f"strategy={name}") == 0 for name in ("none", "existing"))
    studies = workplace / "outputs" / "studies"
    sources = sorted(studies.iterdir())
    assert qiangcun("report", "outputs/studies") == 0
    joint = next(studies.glob("report-*"))
    capsys.readouterr()
    assert qiangcun("verify", str(joint), "--language", "en") == 0
    text = capsys.readouterr().out
    assert "joined once more: agrees" in text
    assert text.count("2 runs computed again, 2 of them the same") == 2
    whole = (joint / MANIFEST).read_bytes()
    for alter in (lambda m: m["strategies"][0].update(zh="x"), lambda m: m["sources"].reverse()):
        change_manifest(joint, alter)
        assert qiangcun("verify", str(joint), "--sample", "0", "--language", "en") == 1
        (joint / MANIFEST).write_bytes(whole)
    sources[0].rename(workplace / "elsewhere")
    assert qiangcun("verify", str(joint), "--language", "en") == 3
    assert "do not lie beside it" in capsys.readouterr().out


@pytest.mark.thorough
def test_a_path_that_a_study_names_is_not_opened(
    qiangcun: Command, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever sends a study would choose what is read here: its own copies are, or what the user names."""
    place = workplace / "mine"
    shutil.copytree(PLACES / "enyang", place)
    assert qiangcun("run", f"district={place}", *TINY, "strategy=none") == 0
    place.rename(workplace / "moved")
    place.mkdir()
    (place / "district.yaml").write_text("name: another", encoding="utf-8")
    assert qiangcun("verify", "outputs/studies", "--language", "en") == 0
    capsys.readouterr()
    assert qiangcun("verify", "outputs/studies", "--district", "moved", "--language", "en") == 0
    assert "2 of them the same bit for bit" in capsys.readouterr().out


@pytest.mark.thorough
@pytest.mark.parametrize(
    "words",
    [
        ["design=sobol", "design.parameters=[fixed_cost]", "futures=60", "stopping.tolerance=1000",
         "stopping.least=25", "stopping.step=25", "detail=district"],
        ["design=table", "design.file=table.csv", "only=[0,2]"],
        ["world.draw=false"],
    ],
    ids=["stopped early", "some of a table", "the world of defaults"],
)  # fmt: skip
def test_futures_of_every_design_are_had_again(qiangcun: Command, workplace: Path, words: list[str]) -> None:
    (workplace / "table.csv").write_text("fixed_cost,world,seed\n1,3,4\n2,3,5\n1.5,7,4\n", encoding="utf-8")
    assert qiangcun("compare", *TINY, "strategies=[none,existing]", *words) == 0
    assert qiangcun("verify", "outputs/studies", "--sample", "3") == 0
