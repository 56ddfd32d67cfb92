"""Finished studies that somebody has changed: bytes, values of the manifest, files cut, taken away, added, swapped."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.fuzz import doors
from tests.fuzz.common import CLEAN, Input, Nonsense, Subject, dice, numbers
from tests.fuzz.hostile import mutate

WORDS = [
    "strategies=[none,existing]",
    "futures=2",
    "horizon=2026",
    "residents=off",
    "workers=1",
    "report=false",
    "progress=off",
]
MANIFEST, RUNS, VILLAGES = "manifest.json", "runs.parquet", "villages.parquet"
FREE = ("created", "command")
"""What a manifest says that no number depends on."""
HARMLESS = (".lock",)
LEAVES = (
    None,
    True,
    0,
    -1,
    1,
    2,
    1e9,
    0.2,
    "",
    "x",
    "none",
    "existing",
    "../elsewhere",
    "=1+1",
    "\x1b[31m",
    [],
    {},
    [1],
    2**70,
    "0" * 64,
)


@cache
def made() -> tuple[Path, Any]:
    """A finished study, made once in a folder of this process, and the job it belongs to."""
    import atexit
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="fuzz-study-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    before = os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = doors.main(["compare", *WORDS])
        assert code == 0, f"exit code {code}"
        (job,) = doors.jobs_of("compare", WORDS)
    finally:
        os.chdir(before)
    (study,) = (folder / "outputs" / "studies").iterdir()
    return study, job


def files() -> list[str]:
    """Files of the study, by name below its folder."""
    study, _ = made()
    return sorted(
        str(path.relative_to(study)) for path in study.rglob("*") if path.is_file() and path.name not in HARMLESS
    )


Change = Callable[[Path], str]
"""Changes a copy of the study and says how; an empty text where nothing was changed after all."""


def change_leaf(random: Random) -> Change:
    """Some values of the manifest altered, swapped, taken away or added."""

    def change(folder: Path) -> str:
        path = folder / MANIFEST
        content = json.loads(path.read_text("utf-8"))
        told = []
        for _ in range(random.choice([1, 1, 1, 2, 5])):
            told.append(alter(content, random))
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8", "surrogatepass")
        return "; ".join(told)

    return change


def alter(tree: Any, random: Random) -> str:
    """Alter one place below a tree, and say which."""
    place, holder = [], tree
    while True:
        key = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        place.append(str(key))
        inner = holder[key]
        if not (isinstance(inner, dict | list) and inner) or random.random() < 0.15:
            break
        holder = inner
    kind = random.randrange(8)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, list):
        holder.append(holder[random.randrange(len(holder))])
    elif kind == 1:
        holder["more"] = inner
    elif kind == 2 and len(holder) > 1:
        other = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        holder[key], holder[other] = holder[other], holder[key]
    elif kind == 3 and isinstance(inner, int | float) and not isinstance(inner, bool):
        holder[key] = random.choice([inner + 1, inner * 1.01, -inner, inner / 2, inner + 1e-9])
    elif kind == 4 and isinstance(inner, str):
        holder[key] = random.choice([inner + "x", inner[::-1], inner.upper(), inner[:-1]])
    else:
        holder[key] = random.choice(LEAVES)
    return f"{'.'.join(place)} ({kind})"


def change_bytes(random: Random) -> Change:
    """A file mutated, cut, emptied, or of another kind."""

    def change(folder: Path) -> str:
        name = random.choice([MANIFEST, *files()])
        path = folder / name
        content = path.read_bytes()
        kind = random.randrange(6)
        if kind <= 2:
            new = mutate(content, random)
        elif kind == 3:
            new = content[: int(len(content) * random.random())]
        elif kind == 4:
            new = random.choice(
                [
                    b"",
                    b"{}",
                    b"[]",
                    b"null",
                    b"\xef\xbb\xbf" + content,
                    b"PAR1",
                    b"\xff" * 100,
                    content + b" x",
                    b'"a"',
                    b"1",
                ]
            )
        else:
            new = content.decode("utf-8", "replace").encode(random.choice(["gbk", "utf-16"]), "replace")
        path.write_bytes(new)
        return f"{name}: {len(content)} bytes made {len(new)} ({kind})"

    return change


def change_files(random: Random) -> Change:
    """Files taken away, added where they would be read, swapped, or made folders and links."""

    def change(folder: Path) -> str:
        one, two = random.choice(files()), random.choice(files())
        kind = random.randrange(7)
        if kind == 0:
            (folder / one).unlink()
        elif kind == 1:
            first, second = (folder / one).read_bytes(), (folder / two).read_bytes()
            (folder / one).write_bytes(second)
            (folder / two).write_bytes(first)
        elif kind == 2:
            village = next(iter(sorted((folder / VILLAGES).iterdir())))
            (folder / VILLAGES / "00009-more.parquet").write_bytes(village.read_bytes())
        elif kind == 3:
            name = random.choice(["failures.csv", "counties.parquet"])
            (folder / name).write_bytes(
                random.choice([b"strategy,start\nexisting,x\n", (folder / RUNS).read_bytes(), b""])
            )
            return f"{name} added"
        elif kind == 4:
            (folder / one).unlink()
            (folder / one).mkdir()
        elif kind == 5:
            shutil.rmtree(folder / VILLAGES)
            one = VILLAGES
        else:
            (folder / one).unlink()
            (folder / one).symlink_to(random.choice(["/dev/null", "nowhere", "/etc/passwd", "."]))
        return f"{one}, {two}: files ({kind})"

    return change


CHANGES = (change_leaf, change_leaf, change_leaf, change_bytes, change_files)


def make(number: int, folder: Path) -> Input:
    """One changed study."""
    random = dice(number)
    original, job = made()
    outputs = folder / "outputs"
    shutil.rmtree(outputs, ignore_errors=True)
    study = outputs / "studies" / original.name
    shutil.copytree(original, study)
    told = random.choice(CHANGES)(random)(study)
    if random.random() < 0.1:
        with suppress(OSError, ValueError):  # what is no manifest any more can't be altered like one
            told += "; " + random.choice(CHANGES)(random)(study)
    return Input(
        f"a study, {told}", f"{number}: {told}".encode("utf-8", "backslashreplace"), lambda: judge(study, outputs, job)
    )


def judge(study: Path, outputs: Path, job: Any) -> str | None:
    """None of the ways to open a study takes a changed one."""
    if not differs(study):
        return None
    takes = []
    for name, door in (
        ("verify", lambda: doors.verified(study)),
        ("report", lambda: doors.opened(study, outputs)),
        ("compare", lambda: doors.finds_whole(job, outputs)),
    ):
        try:
            if door():
                takes.append(name)
        except doors.CLEAN:
            continue
    if takes:
        raise Nonsense(f"{', '.join(takes)}: a changed study is taken as whole")
    return CLEAN


def differs(study: Path) -> bool:
    """Whether a copy says or holds anything else than the study, date and command aside."""
    original, _ = made()
    names = {
        str(path.relative_to(study)) for path in study.rglob("*") if not path.is_dir() and path.name not in HARMLESS
    }
    if names != set(files()):
        return True
    others = [name for name in files() if name != MANIFEST]
    if any(
        (study / name).is_symlink() or (study / name).read_bytes() != (original / name).read_bytes() for name in others
    ):
        return True
    try:
        return essence(study) != essence(original)
    except (ValueError, OSError):
        return True


def essence(study: Path) -> str:
    """What a manifest says, date and command aside, whatever the order and the blanks."""
    content = json.loads((study / MANIFEST).read_text("utf-8"))
    if isinstance(content, dict):
        content = {name: value for name, value in content.items() if name not in FREE}
    return json.dumps(content, sort_keys=True)


def inputs(folder: Path) -> st.SearchStrategy[Input]:
    """Changed studies."""
    made()
    return numbers().map(lambda number: make(number, folder))


SUBJECT = Subject("studies", 4, inputs)
