"""Folders of jobs: report and log, a pointer to the study, and `latest`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from analysis.data.seal import MANIFEST
from experiments.files import check_links, write_bytes
from experiments.messages import WHERE
from sim.problems import InputErrors, Problem, nearest

STUDIES = "studies"
POINTER, LATEST = "study.txt", "latest"
FOLDERS = ("studies", "run", "compare", "report", "figures", "same_cost", "same_cost/damaged", "same_cost/jobs")
"""Folders of results into which jobs write."""
POINTER_BYTES = 4096
"""A longer pointer names no folder."""
DEPTH = 8
"""Folders below the named one in which studies are looked for."""


def check_folders(outputs: Path) -> list[Problem]:
    """Folders of results that lead elsewhere."""
    return check_links(outputs / name for name in FOLDERS)


def new_folder(outputs: Path, job: str) -> Path:
    """A new folder `outputs/JOB/DATE_TIME-<random>`."""
    name = f"{datetime.now():%Y-%m-%d_%H-%M-%S}-{secrets.token_hex(3)}"
    folder = outputs / job / name
    folder.mkdir(parents=True)
    return folder


def point_to_study(folder: Path, study: Path) -> None:
    """Say in a job's folder where its study lies, relative to it where possible."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        place = os.path.relpath(study, folder)
    except ValueError:  # another drive on Windows
        place = str(study.resolve())
    write_bytes(f"{place}\n".encode(), folder / POINTER)


def point_to_latest(outputs: Path, folder: Path) -> None:
    """`latest.txt` everywhere, and a link `latest` where links work."""
    place = Path(os.path.relpath(folder, outputs)).as_posix()
    write_bytes(f"{place}\n".encode(), outputs / f"{LATEST}.txt")
    link, temporary = outputs / LATEST, outputs / f".{LATEST}-{secrets.token_hex(3)}"
    if link.exists() and not link.is_symlink():
        return
    try:
        temporary.symlink_to(place, target_is_directory=True)
        os.replace(temporary, link)
    except OSError:  # Windows without developer mode
        temporary.unlink(missing_ok=True)


def close_sweep(outputs: Path) -> Path:
    """The folder of the sweep whose last job `latest` points to; from now on it points to the sweep."""
    sweep = (outputs / (outputs / f"{LATEST}.txt").read_text(encoding="utf-8").strip()).parent
    point_to_latest(outputs, sweep)
    return sweep


def find_studies(places: Sequence[str | Path]) -> list[Path]:
    """Folders of the studies in, or pointed to by, the given folders and those below them.

    Raises:
        InputErrors: folders that do not exist or hold no finished study.
    """
    studies: list[Path] = []
    problems = []
    for place in places:
        folder = Path(os.path.expanduser(place))
        found = _studies_in(folder) if folder.is_dir() else []
        if not folder.is_dir():
            problems.append(Problem("文件夹不存在", "no such folder", file=str(place)))
        elif not found:
            zh, en = "其中没有已完成的推演结果", "holds no finished study"
            problems.append(Problem(zh, en, file=str(place), allowed=f"{MANIFEST}, {POINTER}"))
        studies += found
    if problems:
        raise InputErrors(problems)
    return list(dict.fromkeys(study.resolve() for study in studies))


def find_study(named: str, outputs: Path) -> Path:
    """One study by its folder, a folder that points to it, or its id as `qiangcun list` prints it, or the id's end.

    Raises:
        InputErrors: there is none, or several are meant.
    """
    if Path(os.path.expanduser(named)).is_dir():
        found = find_studies([named])
    else:
        known = sorted(path for path in (outputs / STUDIES).glob("*") if path.is_dir())
        found = [path for path in known if named in (path.name, path.name.rpartition("-")[2])]
    if len(found) == 1:
        return found[0]
    if not found:
        zh, en, near = "没有这项推演", "no such study", nearest(named, [path.name for path in known])
        raise InputErrors([Problem(zh, en, file=WHERE, value=named, allowed=f"{outputs / STUDIES}/*", nearest=near)])
    zh, en, names = "不止一项推演，请只指定一项", "holds several studies; name one", [str(path) for path in found[:5]]
    raise InputErrors([Problem(zh, en, file=WHERE, value=named, allowed=", ".join(names))])


def _studies_in(folder: Path, depth: int = DEPTH) -> list[Path]:
    """Studies in a folder and below it; a manifest makes a study, however damaged, so that damage is told."""
    if (folder / MANIFEST).is_file():
        return [folder]
    if (folder / POINTER).is_file():
        return _pointed_to(folder)
    if not depth:
        return []
    below = sorted((path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()), key=_by_number)
    return [study for path in below for study in _studies_in(path, depth - 1)]


def _pointed_to(folder: Path) -> list[Path]:
    """The study to which a job's folder points; none where it points to nothing, or to another computer."""
    with (folder / POINTER).open("rb") as file:
        text = file.read(POINTER_BYTES + 1)
    try:
        place = text.decode("utf-8").strip()
        is_wrong = len(text) > POINTER_BYTES or place.startswith(("\\\\", "//")) or not place.isprintable()
        study = folder / place
        return [study] if not is_wrong and (study / MANIFEST).is_file() else []
    except (ValueError, OSError):  # no text, or no name of a file
        return []


def _by_number(path: Path) -> tuple[int, str]:
    return (int(path.name) if path.name.isdecimal() else -1, path.name)
