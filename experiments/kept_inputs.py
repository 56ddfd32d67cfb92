"""The files that a user gave to a study, kept in it: a result can be repeated after the user has changed them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.data.seal import INPUTS
from experiments.study import Study
from scenarios.district import files_of
from scenarios.plausibility import OPTIONS
from scenarios.province import load_place
from scenarios.sheets import user_path
from sim.problems import InputErrors


def keep(study: Study, folder: Path) -> None:
    """Copy a user's own place and village table into the study, unless they are others by now than those it read."""
    source = study.source
    place, table = source.get("place"), source.get("village_table")
    shutil.rmtree(folder / INPUTS, ignore_errors=True)
    try:
        found = files_of(place) if place else {}
        found |= {user_path(table).name: user_path(table)} if table and user_path(table).is_file() else {}
        for name, path in found.items():
            (folder / INPUTS / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, folder / INPUTS / name)
        copy, own_table = kept(folder, source)
        units = {name: source.get(name) for name in OPTIONS}
        read = load_place(copy or str(place), own_table, **units).fingerprint if found else study.district.fingerprint
        is_same = read == study.district.fingerprint
    except (OSError, InputErrors):
        is_same = False
    if not is_same:
        shutil.rmtree(folder / INPUTS, ignore_errors=True)


def kept(folder: Path, source: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """A study's own copies of its place and its village table, None where it has none.

    A study may come from a stranger: no path and no link of it is followed.
    """
    inputs = folder / INPUTS
    if any(path.is_symlink() for path in (inputs, *inputs.rglob("*"))):
        return None, None
    names = [re.split(r"[\\/]", str(source.get(name) or ""))[-1] for name in ("place", "village_table")]
    place, table = (str(inputs / name) if name.strip(".") and (inputs / name).exists() else None for name in names)
    return place, table
