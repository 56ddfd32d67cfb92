"""A folder of results that somebody sent: no link in it leads what is written elsewhere, and no part is believed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.data.seal import MANIFEST, RUNS, open_study
from experiments.parts import PARTS
from experiments.store import Store, content_hash
from experiments.stored import stored_runs
from tests.experiments.conftest import TINY
from tests.experiments.test_seal import alter_table
from tests.tiers import fast

Command = Callable[..., int]
WORDS = ["strategies=[none,existing]", "language=en", "report=false", *TINY]
EQUAL = ["budget.mode=equal_cost", "budget.equal_to=existing_joint_building"]


@pytest.fixture
def outside(workplace: Path) -> Path:
    """A folder of one's own beside the results, with files that look like those of a study."""
    folder = workplace / "outside"
    (folder / "villages.parquet").mkdir(parents=True)
    for name in ("villages.parquet/mine.parquet", "villages.parquet/.x.tmp", ".y.tmp", "runs.parquet", "precious"):
        (folder / name).write_text(name, encoding="utf-8")
    (folder / "link").symlink_to("precious")
    return folder


def content_of(folder: Path) -> dict[str, str]:
    """Every file and link below a folder."""
    return {
        path.relative_to(folder).as_posix(): os.readlink(path) if path.is_symlink() else path.read_text("utf-8")
        for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file()
    }  # fmt: skip


@pytest.mark.parametrize("place", fast(["studies", "compare", "same_cost/damaged", "studies/STUDY"], 2))
def test_a_link_in_place_of_a_folder_of_results_is_refused(
    qiangcun: Command, workplace: Path, outside: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs, before = workplace / "outputs", content_of(outside)
    if "STUDY" in place:
        assert qiangcun("compare", *WORDS) == 0
        (study,) = (outputs / "studies").iterdir()
        shutil.rmtree(study)
        link = study
    else:
        link = outputs / place
        link.parent.mkdir(parents=True)
    link.symlink_to(outside, target_is_directory=True)
    capsys.readouterr()
    assert qiangcun("compare", *WORDS, *(EQUAL if "cost" in place else [])) == 2
    assert f"{link.name}: is a link" in capsys.readouterr().err
    assert content_of(outside) == before


@pytest.mark.parametrize("place", fast(["report", "studies/JOINT", "studies/JOINT/damaged"], 1))
def test_a_joint_study_and_its_report_are_written_to_no_link(
    qiangcun: Command, workplace: Path, outside: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, outputs = content_of(outside), workplace / "outputs"
    for strategy in ("none", "existing"):
        assert qiangcun("run", f"strategy={strategy}", "report=false", "outputs=there", *TINY) == 0
    assert qiangcun("report", "there") == 0
    (joint,) = (outputs / "studies").iterdir()
    link = outputs / place.replace("JOINT", joint.name)
    if link.name == "damaged":
        (joint / RUNS).write_bytes(b"torn")
    else:
        shutil.rmtree(link)
    link.symlink_to(outside, target_is_directory=True)
    capsys.readouterr()
    assert qiangcun("report", "there", "--language", "en") == (0 if link.name == "damaged" else 2)
    assert (": is a link" in capsys.readouterr().err) == (link.name != "damaged")
    assert content_of(outside) == before


def interrupted(monkeypatch: pytest.MonkeyPatch, qiangcun: Command, outputs: str, *words: str) -> Path:
    """The folder of a study whose parts are all there and which was not finished."""
    with monkeypatch.context() as patch:
        patch.setattr(Store, "finish", lambda *given: 1 / 0)
        assert qiangcun("compare", *WORDS, f"outputs={outputs}", *words) == 3
    (folder,) = Path(outputs, "studies").iterdir()
    assert list((folder / PARTS).iterdir())
    return folder


@pytest.mark.thorough
def test_parts_of_another_study_are_set_aside(
    qiangcun: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert qiangcun("compare", *WORDS, "outputs=right") == 0
    (right,) = Path("right", "studies").iterdir()
    other = interrupted(monkeypatch, qiangcun, "other", "parameters.fixed_cost=3")
    mixed = interrupted(monkeypatch, qiangcun, "mixed")
    for name in (PARTS, "villages.parquet"):
        shutil.rmtree(mixed / name)
        shutil.copytree(other / name, mixed / name)
    assert qiangcun("compare", *WORDS, "outputs=mixed") == 0
    assert content_hash(mixed / RUNS) == content_hash(right / RUNS)
    assert len(list((mixed / "damaged").iterdir())) == 6


@pytest.mark.thorough
@pytest.mark.parametrize("content", [b"", pa.BufferOutputStream])
def test_a_part_with_the_right_name_and_nonsense_in_it_is_set_aside(
    qiangcun: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | type
) -> None:
    if not isinstance(content, bytes):  # a table, though not one of ours
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table({"a": [1]}), sink)
        content = sink.getvalue().to_pybytes()
    folder = interrupted(monkeypatch, qiangcun, "outputs")
    part = sorted((folder / PARTS).iterdir())[0]
    name = part.name.split(".")[0]
    part.unlink()
    (folder / PARTS / f"{name}.{hashlib.sha256(content).hexdigest()[:16]}.parquet").write_bytes(content)
    assert qiangcun("compare", *WORDS) == 0
    assert open_study(folder)


@pytest.mark.thorough
def test_nobody_knows_before_which_runs_are_computed_again(qiangcun: Command, workplace: Path) -> None:
    """All runs are altered but those that one choice would meet: another choice finds it, and the next one too."""
    assert qiangcun("compare", *WORDS, "futures=40") == 0
    (folder,) = (workplace / "outputs" / "studies").iterdir()
    spared = set(stored_runs(folder).sample(8, random_state=0)[["strategy", "start", "seed"]].itertuples(index=False))

    def altered(table: pa.Table) -> pa.Table:
        rows = table.select(["strategy", "start", "seed"]).to_pandas().astype({"strategy": str, "start": str})
        name = "income_operating_mean"
        kept = np.array([tuple(row) in spared for row in rows.itertuples(index=False)])
        values = np.where(kept, table[name], np.asarray(table[name]) * 2)
        return table.set_column(table.schema.get_field_index(name), name, pa.array(values))

    alter_table(folder, folder / RUNS, altered)
    assert open_study(folder)
    assert (folder / MANIFEST).is_file()
    assert qiangcun("verify", str(folder), "--seed", "0") == 0, "the sample that was spared"
    assert qiangcun("verify", str(folder)) == 1
