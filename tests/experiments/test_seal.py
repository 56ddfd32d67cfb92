"""The seal of a study: whatever is altered or damaged is told in words, set aside and computed again."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.data import results, seal
from analysis.data.seal import (
    COUNTIES,
    FAILURES,
    MANIFEST,
    RUNS,
    VILLAGES,
    WORLDS,
    files_in,
    hash_of,
    open_study,
    seal_of,
)
from experiments.comparing import outcome
from experiments.output import find_studies
from experiments.store import content_hash
from experiments.verify import NOT_DERIVED, Verification
from sim.problems import InputErrors
from tests.experiments.conftest import TINY
from tests.tiers import fast

Command = Callable[..., int]
WORDS = ["strategies=[none,existing]", "language=en", *TINY, "horizon=2025"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the study of this module is kept once it is made."""
    return tmp_path_factory.mktemp("kept") / "outputs"


@pytest.fixture
def made(qiangcun: Command, workplace: Path, kept: Path) -> Path:
    """A finished study with villages."""
    if not kept.is_dir():
        assert qiangcun("compare", *WORDS) == 0
        (workplace / "outputs").rename(kept)
    shutil.copytree(kept, workplace / "outputs", symlinks=True)
    (folder,) = (workplace / "outputs" / "studies").iterdir()
    return folder


def manifest_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def write(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def write_sealed(folder: Path, manifest: dict[str, Any]) -> None:
    write(folder, {**manifest, "seal": seal_of(manifest)})


def sealed_again(folder: Path, **more: Any) -> None:
    """What somebody does who knows how: hashes and seal of what lies there now, and what else is given."""
    manifest = {**manifest_of(folder), **more}
    own = {name: manifest["hashes"][name] for name in seal.OF_NO_FILE}
    write_sealed(folder, {**manifest, "hashes": own | {name: hash_of(folder / name) for name in files_in(folder)}})


def leaves(tree: Any, path: tuple = ()) -> Iterator[tuple]:
    """Paths of all leaves and empty branches; of a list the first and the last item stand for all."""
    if isinstance(tree, dict) and tree:
        for name, item in tree.items():
            yield from leaves(item, (*path, name))
    elif isinstance(tree, list) and tree:
        for number in sorted({0, len(tree) - 1}):
            yield from leaves(tree[number], (*path, number))
    else:
        yield path


def alterations(manifest: dict[str, Any], path: tuple, number: int) -> Iterator[dict[str, Any]]:
    """The manifest with one leaf changed: in value, and by turns in type, taken away, or with another beside it."""
    for change in ("value", ("type", "delete", "add")[number % 3]):
        altered = dict(manifest)
        branch = altered
        for step in path[:-1]:
            branch[step] = copy.copy(branch[step])
            branch = branch[step]
        last, value = path[-1], branch[path[-1]]
        if change == "value":
            branch[last] = not value if isinstance(value, bool) else value + 1 if isinstance(value, int | float) else \
                value + "x" if isinstance(value, str) else ["x"]  # fmt: skip
        elif change == "type":
            branch[last] = [value]
        elif change == "delete":
            del branch[last]
        elif isinstance(branch, dict):
            branch[f"{last}_"] = value
        else:
            branch.insert(0, copy.deepcopy(value))
        yield altered


@pytest.mark.thorough
def test_every_altered_leaf_of_the_manifest_breaks_the_seal(made: Path) -> None:
    """And an untouched one does not; when and how the study was called are not covered."""
    manifest, seen = manifest_of(made), 0
    seal.check_seal(made, manifest)
    seal.check_seal(made, {**manifest, "created": "another day", "command": "another folder"})
    for number, path in enumerate(leaves(manifest)):
        if path[0] in ("created", "command"):
            continue
        for altered in alterations(manifest, path, number):
            seen += 1
            with pytest.raises(InputErrors):
                seal.check_seal(made, altered)
    assert seen > 300


@pytest.mark.slow
def test_an_altered_leaf_that_was_sealed_again_is_seen_by_deriving_it(made: Path) -> None:
    """All but what follows from nothing else: name, versions and where the tables of the district lay."""
    manifest = manifest_of(made)
    real = Verification(made, sample=0)
    assert outcome(list(real.all())) == 0
    unseen = set()
    for number, path in enumerate(leaves(manifest)):
        if path[0] in ("created", "command", "seal"):
            continue
        for altered in alterations(manifest, path, number):
            if path[0] == "configuration" or path[0] in ("id",):
                looks = (real.identity,)
            elif path[0] in NOT_DERIVED:
                looks = (real.identity, real.district, real.versions, real.described)
            else:
                looks = (real.described,)
            real.manifest.clear()
            real.manifest.update(altered)
            try:
                differs = any(found.agrees is False for look in looks for found in look())
                differs = differs or bool(seal.differing_files(made, altered["hashes"]))
            except Exception:  # `Verification.all` tells it in words and as a difference
                differs = True
            if not differs:
                unseen.add(".".join(map(str, path[:2])))
    assert unseen <= UNSEEN, unseen - UNSEEN


UNSEEN = {"name", "district.source", *(f"versions.{name}" for name in (
    "python", "system", "qiangcun", "mesa", "numpy", "scipy", "pandas", "pyarrow", "matplotlib", "hydra-core",
    "omegaconf")), "git.commit", "git.changed"}  # fmt: skip


@pytest.mark.parametrize(
    "alter",
    fast(
        [
            lambda m: m["strategies"][0].update(zh=m["strategies"][1]["zh"], en=m["strategies"][1]["en"]),
            lambda m: m.update(discount_rate=0.2),
            lambda m: m.update(futures=100000),
            lambda m: m["budget"].update(annual=1),
            lambda m: m["configuration"].update(discount_rate=0.2),
            lambda m: (m.pop("seal"), m["versions"].update(qiangcun="0.5.0")),
            lambda m: (m.pop("seal"), m["versions"].update(qiangcun="0.4.0")),
            lambda m: m.update(seal=[]),
            lambda m: m.update(hashes={}),
        ],
        1,
    ),
)
def test_an_altered_manifest_is_seen_by_all_commands(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str], alter: Callable[[dict], object]
) -> None:
    manifest = manifest_of(made)
    alter(manifest)
    write(made, manifest)
    too_old = "seal" not in manifest and manifest["versions"]["qiangcun"] == "0.4.0"
    assert qiangcun("verify", str(made)) == (3 if too_old else 1)
    assert qiangcun("report", str(made)) == 2
    assert not (made.parents[1] / "report").exists()
    with pytest.raises(InputErrors):
        results.load(made)
    capsys.readouterr()
    assert qiangcun("compare", *WORDS) == 0
    assert "computed again" in capsys.readouterr().out
    assert qiangcun("verify", str(made), "--sample", "1") == 0


DAMAGE = {
    "empty": b"",
    "half": None,
    "a list": b"[1]",
    "GBK": '{"id": "强村"}'.encode("gbk"),
    "BOM": b"\xef\xbb\xbf{}",
    "nothing": b"{}",
    "text": b'"x"',
    "deep": b"[" * 100_000,
    "NaN": b'{"id": NaN}',
    "twice": b'{"id": 1, "id": 2}',
    "endless": b'{"id": 1e999, "seal": "x", "hashes": {}}',
    "long": b'{"id": ' + b"9" * 5000 + b"}",
    "surrogate": b'{"id": "\\ud800", "seal": "x", "hashes": {}}',
    "old": b'{"id": "x", "versions": {"qiangcun": "0.3.0"}, "hashes": []}',
    "types": b'{"id": [], "versions": [], "hashes": 3, "seal": {}}',
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_manifest_is_told_in_words(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    content = (made / MANIFEST).read_bytes()
    (made / MANIFEST).write_bytes(content[: len(content) // 2] if DAMAGE[kind] is None else DAMAGE[kind])
    assert qiangcun("verify", str(made)) == (3 if kind == "old" else 1)
    assert qiangcun("report", str(made)) == 2
    text = "".join(capsys.readouterr())
    assert "manifest.json" in text and "Traceback" not in text
    assert kind != "old" or "made by version 0.3.0" in text
    with pytest.raises(InputErrors):
        open_study(made)


def double(path: Path) -> None:
    table = pq.read_table(path)
    place = table.schema.get_field_index("public_cost")
    pq.write_table(table.set_column(place, "public_cost", pa.array(table["public_cost"].to_numpy() * 2)), path)


@pytest.mark.parametrize(
    "harm",
    fast(
        [
            lambda folder: double(folder / RUNS),
            lambda folder: (folder / RUNS).unlink(),
            lambda folder: (folder / RUNS).write_bytes(b""),
            lambda folder: (folder / RUNS).unlink() or os.mkfifo(folder / RUNS),
            lambda folder: (folder / WORLDS).unlink() or (folder / WORLDS).mkdir(),
            lambda folder: (folder / FAILURES).write_text("strategy\n", encoding="utf-8"),
            lambda folder: shutil.copy(folder / RUNS, folder / COUNTIES),
            lambda folder: shutil.copy(folder / RUNS, folder / VILLAGES / "99999-none-s.parquet"),
            lambda folder: next((folder / VILLAGES).iterdir()).write_bytes(b"PAR1"),
            lambda folder: (folder / VILLAGES).rename(folder / "away") and (folder / VILLAGES).symlink_to("away"),
            lambda folder: (folder / WORLDS).rename(folder / "w") and (folder / WORLDS).symlink_to("w"),
        ],
        1,
    ),
    ids=["doubled", "gone", "empty", "pipe", "folder", "failures", "counties", "one more", "torn", "link", "file link"],
)
def test_what_is_damaged_is_told_set_aside_and_computed_again(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], object]
) -> None:
    whole = {name: hash_of(made / name) for name in files_in(made)}
    harm(made)
    assert qiangcun("verify", str(made)) == 1
    assert qiangcun("report", str(made)) == 2
    assert not (made.parents[1] / "report").exists(), "nothing is written"
    with pytest.raises((InputErrors, FileNotFoundError)):
        results.load(made)
    capsys.readouterr()
    assert qiangcun("compare", *WORDS) == 0
    assert "computed again" in capsys.readouterr().out
    assert {name: hash_of(made / name) for name in files_in(made)} == whole
    assert any("manifest.json" in path.name for path in (made / "damaged").iterdir())
    assert open_study(made)


def test_one_bad_study_among_several_is_told_and_the_others_go_on(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made, made.parent / "other")
    (made.parent / "other" / MANIFEST).write_bytes(b"[")
    assert qiangcun("report", str(made.parent)) == 1
    found = capsys.readouterr()
    assert "other" in found.err and "report.html" in found.out
    assert qiangcun("report", str(made.parent / "other")) == 2


def alter_table(folder: Path, path: Path, change: Callable[[pa.Table], pa.Table], **more: Any) -> None:
    pq.write_table(change(pq.read_table(path)), path)
    sealed_again(folder, content=content_hash(folder / RUNS), **more)


def nudged(table: pa.Table, name: str) -> pa.Table:
    """The same with the last number of a column one bit larger."""
    values = table[name].to_numpy().copy()
    values[-1] = np.nextafter(values[-1], values.dtype.type(np.inf))
    return table.set_column(table.schema.get_field_index(name), name, pa.array(values))


@pytest.mark.parametrize(
    ("table", "change", "told"),
    fast(
        [
            (RUNS, lambda table: nudged(table, "income_operating_mean"), "1 indicators differ"),
            (RUNS, lambda table: table.slice(3), "runs and the design: differs"),
            (
                RUNS,
                lambda table: table.append_column("more", table["public_cost"]),
                "other years, villages or indicators",
            ),
            (WORLDS, lambda table: nudged(table, "fixed_cost"), "drawn again: differs"),
            (WORLDS, lambda table: table.slice(1), "world"),
            (VILLAGES, lambda table: nudged(table, "capital"), "1 indicators differ, such as capital 2025"),
            (VILLAGES, lambda table: table.slice(5), "other years, villages"),
        ],
        1,
    ),
)
def test_a_table_that_was_altered_and_sealed_again_is_seen_where_the_sample_meets_it(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str], table: str, change: Callable, told: str
) -> None:
    path = sorted((made / VILLAGES).iterdir())[-1] if table == VILLAGES else made / table
    alter_table(made, path, change)
    assert open_study(made)
    assert qiangcun("verify", str(made), "--sample", "100", "--language", "en") == 1
    assert told in capsys.readouterr().out


def test_a_run_that_is_said_to_have_failed_is_tried(
    qiangcun: Command, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "strategy,start,world,seed,error,command\n"
    (made / FAILURES).write_text(head + "none,bazhong_mean,1,1,ValueError: x,qiangcun run\n", encoding="utf-8-sig")
    gone = [not (row["strategy"] == "none" and row["world"] == 1) for row in
            pq.read_table(made / RUNS, columns=["strategy", "world"]).to_pylist()]  # fmt: skip
    alter_table(made, made / RUNS, lambda table: table.filter(pa.array(gone)), failed=1)
    assert qiangcun("verify", str(made), "--sample", "100", "--language", "en") == 1
    text = capsys.readouterr().out
    assert "is said to have failed, and does not" in text
    assert "runs and the design: agrees" in text


@pytest.mark.parametrize("number", fast([10**9, -1, 2.5, "x", None, True], 1))
def test_nonsense_that_was_sealed_is_told_at_once(qiangcun: Command, made: Path, number: object) -> None:
    """A thousand million futures, text where a number belongs: words, and no memory is filled."""
    for change in (
        lambda m: m.update(futures=number),
        lambda m: m["design"].update(futures=number),
        lambda m: m["configuration"]["options"].update(horizon=number),
        lambda m: m["district"].update(source=number),
        lambda m: m.update(versions=number),
        lambda m: m.update(strategies=number),
        lambda m: m.update(sources=number),
    ):
        manifest = manifest_of(made)
        before = copy.deepcopy(manifest)
        change(manifest)
        if manifest == before:
            continue
        write_sealed(made, manifest)
        code = outcome(list(Verification(made, sample=1).all()))
        assert code == 1 or (code == 3 and manifest["district"]["source"] == "x")
        write(made, before)


@pytest.mark.parametrize("place", ["../../secret", "/etc", "mine", "\\\\server\\share", "enyang/../enyang"])
def test_no_path_of_a_manifest_is_opened(made: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    opened = []
    monkeypatch.setattr("experiments.verify.load_place", lambda *given: opened.append(given))
    manifest = manifest_of(made)
    for source in ({"place": place, "village_table": None}, {"place": "enyang", "village_table": place}):
        manifest["district"]["source"] = source
        write_sealed(made, manifest)
        assert outcome(list(Verification(made, sample=0).all())) != 0
    assert not opened


def test_a_table_of_billions_of_rows_in_few_bytes_is_refused(made: Path) -> None:
    rows = 3_000_000
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), ["none"])
    numbers = pa.array(np.zeros(rows, np.int8))
    keys = dict.fromkeys(("world", "seed", "year", "x"), numbers)
    pq.write_table(pa.table({"strategy": column, "start": column, **keys}), made / RUNS, compression="zstd")
    sealed_again(made)
    with pytest.raises(ValueError, match="too many rows"):
        results.load(made)
    assert any("too many rows" in found.en for found in Verification(made, sample=0).all())


def test_columns_of_a_wrong_type_are_refused(made: Path) -> None:
    table = pq.read_table(made / RUNS)
    wrong = table.append_column("x", pa.array(["=1+1"] * len(table)))
    pq.write_table(wrong, made / RUNS)
    sealed_again(made)
    with pytest.raises(ValueError, match="wrong type"):
        results.load(made)


@pytest.mark.parametrize(
    "pointer",
    [b"", b"x" * 100_000, b"\xff\xfe", b"../study.txt", b"//server/share", b"\\\\server\\share", b"a\x00b", b"."],
)
def test_a_pointer_to_nonsense_is_no_study(tmp_path: Path, pointer: bytes) -> None:
    (tmp_path / "study.txt").write_bytes(pointer)
    with pytest.raises(InputErrors, match="no finished study"):
        find_studies([tmp_path])


def test_loops_and_depths_of_folders_end(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    deep = tmp_path
    for _ in range(60):
        deep = deep / "a"
    deep.mkdir(parents=True)
    with pytest.raises(InputErrors, match="no finished study"):
        find_studies([tmp_path])
    os.mkfifo(tmp_path / "study.txt")
    with pytest.raises(InputErrors, match="no finished study"):
        find_studies([tmp_path])


@pytest.mark.thorough
def test_nothing_is_written_where_links_in_a_study_s_folder_lead(
    qiangcun: Command, made: Path, workplace: Path
) -> None:
    """A study that somebody sent, with links for its tables, its parts and its lock."""
    outside = workplace / "outside"
    outside.mkdir()
    precious = outside / "precious.parquet"
    precious.write_bytes(b"precious")
    for path in list(made.iterdir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in ("parts", VILLAGES, "damaged"):
        (made / name).symlink_to(outside, target_is_directory=True)
    for name in (".lock", RUNS, MANIFEST):
        (made / name).symlink_to(precious)
    assert qiangcun("compare", *WORDS) == 0
    assert [path.name for path in outside.iterdir()] == ["precious.parquet"]
    (made / ".lock").unlink()
    (made / ".lock").hardlink_to(precious)  # earlier versions of filelock empty what they lock
    assert qiangcun("compare", *WORDS) == 0
    assert precious.stat().st_nlink == 1
    assert precious.read_bytes() == b"precious"
    assert open_study(made)
