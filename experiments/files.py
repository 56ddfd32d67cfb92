"""Files that are there complete or not at all, whatever happens."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.problems import InputErrors, Problem


@contextmanager
def at_once(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`; what is written there is flushed to disk and takes its name, or is removed."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
        flush_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def check_links(paths: Iterable[Path]) -> list[Problem]:
    """Folders of results that are links, or junctions of Windows: nothing is written to where one leads."""
    zh = "是链接：不会写到它所指的地方。请移走它，或用 outputs= 写明那个文件夹本身"
    en = "is a link: nothing is written to where it leads. Remove it, or name the folder itself: outputs="
    return [Problem(zh, en, file=str(path)) for path in paths if leads_away(path)]


def leads_away(path: Path) -> bool:
    """Whether a path is a link or a junction."""
    here = os.path.join(os.path.realpath(path.parent), path.name)
    return os.path.normcase(os.path.realpath(path)) != os.path.normcase(here)


def make_own(folder: Path) -> None:
    """Make a folder of results, or take the one that is there without the links in it.

    Raises:
        InputErrors: it is a link itself.
    """
    problems = check_links([folder])
    if problems:
        raise InputErrors(problems)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if leads_away(path):
            path.unlink()


def flush_folder(folder: Path) -> None:
    """Make the names in a folder last; where a system has no such call its names are safe by themselves (Windows)."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def parquet_options(schema: pa.Schema) -> dict[str, Any]:
    """How tables are written: dictionaries and statistics for keys alone; for values they only take time."""
    categories = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    keys = [field.name for field in schema if not pa.types.is_floating(field.type)]
    return {"compression": "zstd", "use_dictionary": categories or False, "write_statistics": keys or False}


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a table at once or not at all."""
    with at_once(path) as temporary:
        pq.write_table(table, temporary, **parquet_options(table.schema))


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write JSON at once or not at all."""
    with at_once(path) as temporary:
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def write_bytes(content: bytes | memoryview, path: Path) -> None:
    """Write bytes at once or not at all."""
    with at_once(path) as temporary:
        temporary.write_bytes(content)
