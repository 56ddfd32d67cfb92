"""The seal of a study: one hash over everything that is read of it, checked whenever the study is opened.

The manifest names every other file with its hash, and the seal is the hash of the manifest. It shows what was damaged
or altered afterwards. It is no signature: whoever alters a study can seal it anew, which is why `qiangcun verify`
derives and computes again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sim.problems import InputErrors, Problem

MANIFEST, RUNS, COUNTIES, WORLDS = "manifest.json", "runs.parquet", "counties.parquet", "worlds.parquet"
FAILURES, VILLAGES = "failures.csv", "villages.parquet"
INPUTS = "inputs"
"""Copies of the files that a user gave."""
SEAL = "seal"
APART = (SEAL, "created", "command")
"""What the seal does not cover: the same study made on another day and in another folder has the same one."""
OF_NO_FILE = ("model", "district")
"""Hashes in the manifest that are not of files."""
LAST_WITHOUT = (0, 4, 0)
"""The last version whose studies carry no seal."""
MOST_BYTES = 200 * 2**20
"""A larger manifest is not read."""
SETTLED_SECONDS = 0.1
"""A file that was changed this lately is hashed at every opening: clocks of file systems are coarse."""
AGAIN = ("重复当时的命令会把受损文件移到 damaged 文件夹并重新推演。",
         "The command that made it moves what is damaged to `damaged` and computes it again.")  # fmt: skip

_known: dict[str, tuple[tuple[int, ...], str]] = {}


class Unsealed(InputErrors):
    """A study of a version that did not seal its studies: it can't be vouched for, though nothing need be wrong."""


def hash_of(path: Path) -> str:
    """SHA-256 of a file; one that has not changed since is not read twice."""
    found = path.stat()
    mark = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    name = os.path.abspath(path)
    if _known.get(name, ((), ""))[0] != mark:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if time.time() - max(found.st_mtime, found.st_ctime) < SETTLED_SECONDS:
            return digest
        _known[name] = (mark, digest)
    return _known[name][1]


def seal_of(manifest: Mapping[str, Any]) -> str:
    """The seal that belongs to a manifest; the order of its entries does not count."""
    covered = {name: value for name, value in manifest.items() if name not in APART}
    text = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def open_study(folder: Path) -> dict[str, Any]:
    """The manifest of a study that is whole, as it was sealed.

    Raises:
        Unsealed: made by a version that did not seal.
        InputErrors: every file that is missing, damaged, altered, or not one of the study's.
    """
    manifest = read_manifest(folder)
    check_seal(folder, manifest)
    problems = differing_files(folder, manifest["hashes"])
    if problems:
        raise InputErrors(problems)
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a study as it lies there, its seal unchecked.

    Raises:
        InputErrors: it is missing or is no manifest.
    """
    try:
        return read_object(folder / MANIFEST)
    except (OSError, ValueError) as error:
        zh, en = f"缺失或损坏，读不出。{AGAIN[0]}", f"is missing or damaged and can't be read. {AGAIN[1]}"
        raise InputErrors([Problem(zh, en, file=str(folder / MANIFEST), value=str(error)[:100])]) from error


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object that a file holds.

    Raises:
        OSError: the file can't be read.
        ValueError: it is no plain file, is too large, or is no JSON object with each name once and numbers alone.
    """
    if not is_plain(path) or path.stat().st_size > MOST_BYTES:
        raise ValueError("no plain file of a usual size")
    try:
        text = path.read_bytes().decode("utf-8")
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(content, dict):
        raise ValueError("no object")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a name stands twice")
    return content


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def is_plain(path: Path) -> bool:
    """Whether a path is a file of its own: no link, no pipe, no folder."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def check_seal(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Whether the manifest is as it was sealed.

    Raises:
        Unsealed: as `open_study`.
        InputErrors: it was altered.
    """
    path = str(folder / MANIFEST)
    if SEAL not in manifest:
        version = version_of(manifest)
        zh = f"没有封存码：由 {version} 版得出（0.4.0 及以前不封存）或被改动过，不能担保；请用现在的版本重新推演"
        en = (f"carries no seal: made by version {version} (0.4.0 and before seal nothing) or altered; it can't be "
              "vouched for: run the study again with this version")  # fmt: skip
        is_old = version != "?" and tuple(int(part) for part in re.findall(r"\d+", version)[:3]) <= LAST_WITHOUT
        raise (Unsealed if is_old else InputErrors)([Problem(zh, en, file=path)])
    if not agrees(manifest) or not isinstance(manifest.get("hashes"), dict):
        zh, en = f"封存码不符：已被改动或损坏。{AGAIN[0]}", f"its seal is broken: changed or damaged. {AGAIN[1]}"
        raise InputErrors([Problem(zh, en, file=path)])


def agrees(content: Mapping[str, Any]) -> bool:
    """Whether an object carries the seal that belongs to it."""
    try:
        return bool(content.get(SEAL) == seal_of(content))
    except (ValueError, RecursionError):  # text that is no text, endless numbers
        return False


def version_of(manifest: Mapping[str, Any]) -> str:
    """The version of this program that made a study, as it says; `?` where it says nothing."""
    versions = manifest.get("versions")
    version = versions.get("qiangcun") if isinstance(versions, dict) else None
    return version if isinstance(version, str) and re.fullmatch(r"\d[\w.+-]{0,30}", version) else "?"


def differing_files(folder: Path, hashes: Mapping[str, Any]) -> list[Problem]:
    """Files that are not what the manifest says: one problem each, under their paths."""
    expected = {name: mark for name, mark in hashes.items() if name not in OF_NO_FILE}
    there = files_in(folder)
    zh, en = "不属于这项推演", "does not belong to the study"
    problems = [Problem(zh, en, file=str(folder / name)) for name in sorted({*there} - {*expected})]
    zh, en = f"缺失。{AGAIN[0]}", f"is missing. {AGAIN[1]}"
    problems += [Problem(zh, en, file=str(folder / name)) for name in sorted({*expected} - {*there})]
    named = sorted({*expected} & {*there})
    with ThreadPoolExecutor() as pool:
        marks = list(pool.map(lambda name: _mark(folder / name), named))
    zh, en = f"已被改动或损坏。{AGAIN[0]}", f"was changed or is damaged. {AGAIN[1]}"
    return problems + [
        Problem(zh, en, file=str(folder / name))
        for name, mark in zip(named, marks, strict=True) if mark != expected[name]
    ]  # fmt: skip


def _mark(path: Path) -> str:
    try:
        return hash_of(path) if is_plain(path) else ""
    except OSError as error:
        return str(error)


def files_in(folder: Path) -> list[str]:
    """Names of all that is read of a study besides its manifest, as far as it is there."""
    named = [name for name in (RUNS, COUNTIES, WORLDS, FAILURES) if os.path.lexists(folder / name)]
    inputs = folder / INPUTS
    if os.path.lexists(inputs):
        given = sorted(path for path in inputs.rglob("*") if not path.is_dir()) if inputs.is_dir() else [inputs]
        named += [path.relative_to(folder).as_posix() for path in given]
    villages = folder / VILLAGES
    if villages.is_dir() and not villages.is_symlink():
        return named + [f"{VILLAGES}/{path.name}" for path in sorted(villages.glob("*.parquet"))]
    return named + ([VILLAGES] if os.path.lexists(villages) else [])
