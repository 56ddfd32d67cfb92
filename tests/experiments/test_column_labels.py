"""Every column of a stored study says its unit and its labels; what is hashed of its content is the values alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.compose import load_strategy
from experiments.executors import Workers
from experiments.jobs.common import run_study
from experiments.merge import merge
from experiments.settings import Job
from experiments.store import ContentHash, content_hash
from experiments.study import Study
from experiments.tables import labelled
from scenarios.district import load_district
from sim.futures import numbered
from sim.indicators import INDICATORS
from sim.options import RunOptions
from sim.village_indicators import VILLAGE_INDICATORS
from sim.world import DECLARED


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    strategies = (load_strategy("none"), load_strategy("existing"))
    options = RunOptions(horizon=2024, residents_per_village=0)
    small = Study("small", load_district("enyang"), strategies, "existing", numbered(range(2)), options)
    return run_study(Job(small, tmp_path_factory.mktemp("labels"), Workers(number=1)), "test").folder


def told(path: Path) -> dict[str, dict[str, str]]:
    return {field.name: {key.decode(): text.decode() for key, text in (field.metadata or {}).items()
                         if key.decode() in ("unit", "zh", "en")} for field in pq.read_schema(path)}  # fmt: skip


def test_every_column_has_unit_and_labels(folder: Path) -> None:
    files = {folder / "runs.parquet": INDICATORS, folder / "worlds.parquet": DECLARED}
    files |= dict.fromkeys((folder / "villages.parquet").iterdir(), VILLAGE_INDICATORS)
    assert len(files) == 4
    for path, declared in files.items():
        for name, labels in told(path).items():
            assert labels["zh"] and labels["en"], (path.name, name)
            if name in declared:
                item = declared[name]
                assert labels == {"unit": item.unit, "zh": item.zh, "en": item.en}
    assert told(folder / "runs.parquet")["strategy"] == {"unit": "", "zh": "策略", "en": "strategy"}


def test_labels_do_not_change_the_hash_of_what_a_table_holds(folder: Path) -> None:
    table = pq.read_table(folder / "runs.parquet")
    bare = pa.table({name: table[name] for name in table.column_names})
    assert not any(field.metadata for field in pa.schema([field.remove_metadata() for field in bare.schema]))
    hashes = []
    for one in (bare, labelled(bare, INDICATORS)):
        content = ContentHash()
        content.add(one)
        hashes.append(content.hexdigest())
    assert hashes[0] == hashes[1] == content_hash(folder / "runs.parquet")


def test_a_joint_study_keeps_them(folder: Path, tmp_path: Path) -> None:
    joint = merge([folder], tmp_path, "none")
    assert told(joint / "runs.parquet") == told(folder / "runs.parquet")
    assert told(next((joint / "villages.parquet").iterdir())) == told(next((folder / "villages.parquet").iterdir()))
    assert told(joint / "worlds.parquet") == told(folder / "worlds.parquet")
