"""`qiangcun list`: a line for every study, whatever state it is in."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len as cells

from analysis.data.seal import seal_of
from experiments.jobs.list import names_of
from experiments.manifest import versions
from tests.experiments.conftest import TINY

Command = Callable[..., int]
NAMES = [{"key": "none", "zh": "无措施", "en": "No measures"}, {"key": "existing", "zh": "现有措施", "en": "Existing"}]


def write(folder: Path, **more: Any) -> Path:
    """A study without tables, sealed."""
    folder.mkdir(parents=True)
    manifest = {
        "name": folder.name.rpartition("-")[0], "created": "2026-01-02T03:04:05+00:00", "strategies": NAMES,
        "futures": 100, "versions": {"qiangcun": versions()["qiangcun"]}, "hashes": {"model": "x"}, **more,
    }  # fmt: skip
    text = json.dumps({**manifest, "seal": seal_of(manifest)})
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def studies(workplace: Path) -> Path:
    """A study in each state."""
    place = workplace / "outputs" / "studies"
    write(place / "compare-00000001")
    write(place / "compare-00000002", created="2026-05-06T07:08:09+00:00", versions={"qiangcun": "0.3.9"})
    write(place / "compare-00000003", hashes={"model": "x", "runs.parquet": "y"})
    altered = write(place / "compare-00000004") / "manifest.json"
    altered.write_text(altered.read_text(encoding="utf-8").replace("100", "10"), encoding="utf-8")
    (write(place / "compare-00000005") / "manifest.json").write_text("{[", encoding="utf-8")
    write(place / "compare-00000006", strategies=[{"key": 1}])
    (place / "compare-00000007" / "parts").mkdir(parents=True)
    (place / "compare-00000007" / "parts" / "x.parquet").write_bytes(b"")
    plan = {"name": "compare", "strategies": NAMES, "futures": 20, "batches": 7}
    (place / "compare-00000007" / "parts" / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (place / "compare-00000008" / "parts").mkdir(parents=True)
    (place / "compare-00000009").mkdir()
    (place / "compare-00000009" / "runs.parquet").write_bytes(b"")
    write(place / "run-00000010", strategies=[{"key": "x", "zh": "\u202e长" * 60, "en": "\x1b[2J"}])
    for path in place.iterdir():
        os.utime(path, (10**9, 10**9))
    return place


def test_every_study_is_a_line(studies: Path, qiangcun: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert qiangcun("list", "--json") == 0
    states = {row["id"][-2:]: row["state"] for row in json.loads(capsys.readouterr().out)}
    assert states == {
        "01": "complete", "02": "older", "03": "damaged", "04": "damaged", "05": "damaged", "06": "damaged",
        "07": "unfinished", "08": "unfinished", "09": "damaged", "10": "complete",
    }  # fmt: skip


def test_the_table_is_newest_first_and_fits(
    studies: Path, qiangcun: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    for language in ("en", "zh"):
        assert qiangcun("list", f"language={language}") == 0
        text = capsys.readouterr().out
        lines = text.splitlines()
        assert lines[1].startswith("compare-00000002  2026-05-06")
        assert all(cells(line) <= 100 and line.isprintable() for line in lines)
        assert "0.3.9" in lines[1]
        (unfinished,) = [line for line in lines if line.startswith("compare-00000007")]
        assert ("1 of 7 batches" if language == "en" else "未完成 1/7 批") in unfinished
        assert ("No measures, Existing" if language == "en" else "无措施、现有措施") in unfinished
        assert "1970" not in text and "outputs/studies" in lines[-1]


def test_long_lists_of_strategies_are_shortened() -> None:
    assert names_of(["one", "two"]) == "one, two"
    assert names_of(["a long name of a strategy", "another long name", "third"]) == "a long name of a strategy +2"
    assert names_of([]) == ""


def test_no_results_are_no_error_but_a_wrong_folder_is(
    workplace: Path, qiangcun: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qiangcun("list") == 0
    assert "No studies" in capsys.readouterr().out
    assert qiangcun("list", "outputs=elsewhere") == 2
    assert list(workplace.iterdir()) == []


@pytest.mark.thorough
def test_a_study_that_was_stopped_says_how_far_it_came(
    workplace: Path, qiangcun: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("experiments.store.Store.finish", stop)
        assert qiangcun("compare", *TINY, "strategies=[none]", "name=mine") == 130
    capsys.readouterr()
    assert qiangcun("list", "outputs=outputs", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["state"], row["name"], row["batches_done"], row["batches"], row["futures"]) == (
        "unfinished",
        "mine",
        3,
        3,
        2,
    )
    assert [item["key"] for item in row["strategies"]] == ["none", "existing"]
    assert qiangcun("compare", *TINY, "strategies=[none]", "name=mine") == 0
    capsys.readouterr()
    assert qiangcun("list") == 0
    assert "complete" in capsys.readouterr().out
