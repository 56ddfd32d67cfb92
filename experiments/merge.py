"""Several finished studies as one, so that strategies run one by one can be compared future by future."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.data.parquet import check_file, only_value, read_numbers
from analysis.data.seal import FAILURES, MANIFEST, RUNS, SEAL, VILLAGES, WORLDS, files_in, hash_of, open_study, seal_of
from experiments.files import at_once, make_own, parquet_options, write_bytes, write_json, write_parquet
from experiments.parts import put_aside
from experiments.sweep import LEVER, PARAMETER, SETTING, STRATEGY, Row, paths_of, phrase, settings_of
from experiments.tables import labelled
from scenarios.csv_files import csv_text
from sim.problems import InputErrors, Problem, nearest
from sim.world import DECLARED

DEFAULT_REFERENCE = "existing"
OF_ONE_STUDY = ("stopping", "content", SEAL, "sweep", "structures")
"""What the manifest of a study says that does not hold for several."""
NUMBERED = "futures"
"""The design whose futures have the same meaning in every study, however many there are."""


@dataclass(frozen=True)
class Piece:
    """The runs of one strategy in one study.

    Attributes:
        folder: the study.
        manifest: what the study says of itself.
        entry: what it says of the strategy.
    """

    folder: Path
    manifest: dict[str, Any]
    entry: dict[str, Any]

    @property
    def key(self) -> str:
        """Name of the strategy in its study."""
        return str(self.entry["key"])

    def settings(self) -> Row:
        """All that makes these runs differ from others of the same name: horizon, start and futures do not."""
        design = self.manifest["configuration"]
        run_options = {k: v for k, v in design["options"].items() if k not in ("horizon", "start", "start_year")}
        levers = self.entry["levers"].items()
        held = {**design["parameters"], **design.get("fixed", {}).get(self.key, {})}
        return {
            "worlds": kind_of_futures(self.manifest),
            **{f"{LEVER}{lever}.{name}": value for lever, item in levers for name, value in item.items()},
            **{f"{PARAMETER}{name}": value for name, value in held.items()},
            **{f"ranges.{name}": value for name, value in design["ranges"].items()},
            **run_options,
        }


def kind_of_futures(manifest: dict[str, Any]) -> str:
    """What the futures of a study are: the kind of its design; `default` where all are the world of defaults.

    Earlier studies list their worlds instead of telling a design.
    """
    design = manifest.get("design") or {}
    worlds = manifest["configuration"].get("worlds", [])
    drawn = design.get("drawn", any(world is not None for world in worlds))
    kind = str(design.get("kind", NUMBERED))
    return "default" if kind == NUMBERED and not drawn else kind


def merge(folders: Sequence[Path], outputs: Path, reference: str | None = None) -> Path:
    """One study out of several; the folder of the only one if there is but one.

    The same strategy with the same settings is taken once, with the longest horizon; with other settings it counts as
    a strategy of its own, and its name tells the settings. All end with the earliest horizon.

    Args:
        folders: finished studies.
        outputs: folder of all results.
        reference: strategy that the others are compared with; `existing` or the first if not named.

    Raises:
        InputErrors: the studies can't be compared, or are not as they were sealed.
    """
    manifests = [open_study(folder) for folder in folders]
    if len(folders) == 1 and reference in (None, manifests[0]["reference"]):
        return folders[0]
    check_same(folders, manifests)
    pieces = [Piece(f, m, entry) for f, m in zip(folders, manifests, strict=True) for entry in m["strategies"]]
    chosen, differing = name_variants(pieces)
    keys = list(chosen)
    if reference is None:
        reference = DEFAULT_REFERENCE if DEFAULT_REFERENCE in keys else keys[0]
    if reference not in keys:
        near = nearest(reference, keys)
        zh, en = "对照策略不在其中", "the reference is not among the strategies"
        raise InputErrors(
            [Problem(zh, en, field="--reference", value=reference, allowed=", ".join(keys), nearest=near)]
        )
    start = check_start(chosen, chosen[reference][0].manifest["start"])
    called = {piece.key: (str(piece.entry["zh"]), str(piece.entry["en"])) for piece in pieces}
    sweep = joint_sweep(chosen, differing, reference, called)
    return write_merged(chosen, outputs, reference, start, sources_of(manifests), sweep)


def sources_of(manifests: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the joint manifest says of each study it is made of, in the order in which they were named."""
    return [{name: manifest[name] for name in ("id", SEAL)} for manifest in manifests]


def joint_id(sources: Sequence[dict[str, Any]], keys: Iterable[str], reference: str, start: str, horizon: int) -> str:
    """The id of a joint study: hash of what it is made of and how."""
    text = json.dumps([sources, sorted(keys), reference, start, horizon])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_same(folders: Sequence[Path], manifests: Sequence[dict[str, Any]]) -> None:
    """Studies of different places, models or first years can't be compared."""
    first, problems = manifests[0], []
    for folder, manifest in zip(folders[1:], manifests[1:], strict=True):
        for zh, en, name in (("区县数据", "district", "district"), ("模型版本", "version of the model", "model")):
            if manifest["hashes"][name] != first["hashes"][name]:
                problems.append(
                    Problem(f"{zh}与第一个结果不同，不能比较", f"another {en} than the first study", file=str(folder))
                )
        if not same_futures(first, manifest):
            zh, en = "未来的方案（design）与第一个结果不同", "futures of another design than the first study"
            problems.append(Problem(zh, en, file=str(folder)))
        if manifest["start_year"] != first["start_year"]:
            problems.append(
                Problem("起始年与第一个结果不同", "another first year than the first study", file=str(folder))
            )
    if problems:
        raise InputErrors(problems)


def same_futures(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether the same world and seed mean the same future in two studies: numbered ones, or those of one design."""
    designs = [manifest.get("design") or {} for manifest in (one, two)]
    return designs[0] == designs[1] or all(design.get("kind", NUMBERED) == NUMBERED for design in designs)


def name_variants(pieces: Sequence[Piece]) -> tuple[dict[str, list[Piece]], dict[str, Row]]:
    """The best pieces of each strategy and start, and what differs between strategies of the same name, by key.

    What differs in its settings gets a key of its own, and a name that tells them. A measure that is absent counts as
    one of intensity 0.
    """
    variants: dict[str, dict[str, list[Piece]]] = {}
    for piece in pieces:
        mark = json.dumps(piece.settings(), sort_keys=True, ensure_ascii=False)
        variants.setdefault(piece.key, {}).setdefault(mark, []).append(piece)
    chosen: dict[str, list[Piece]] = {}
    differing: dict[str, Row] = {}
    for key, group in variants.items():
        rows = [same[0].settings() for same in group.values()]
        off = {path: 0 for row in rows for path in row if path.startswith(LEVER) and path.endswith(".intensity")}
        rows = [{**off, **row} for row in rows]
        there = {path: [row.get(path) for row in rows if path in row or not path.startswith(LEVER)]
                 for path in paths_of(rows)}  # fmt: skip
        paths = [path for path, values in there.items() if len({repr(value) for value in values}) > 1]
        for number, (row, same) in enumerate(zip(rows, group.values(), strict=True), start=1):
            name = key if number == 1 else f"{key}_{number}"
            best: dict[str, Piece] = {}
            for piece in sorted(same, key=lambda piece: (piece.manifest["horizon"], piece.manifest["futures"])):
                best[piece.manifest["start"]] = replace(piece, entry={**piece.entry, "source_key": key, "key": name})
            chosen[name] = list(best.values())
            if len(rows) > 1:
                differing[name] = {path: row[path] for path in paths if path in row}
    return in_words(chosen, differing)


def in_words(
    chosen: dict[str, list[Piece]], differing: dict[str, Row]
) -> tuple[dict[str, list[Piece]], dict[str, Row]]:
    """The same under names that tell what differs, such as `现有措施（力度 0.5，2025 年起）`."""
    settings = settings_of(list(differing.values()), {})
    for name, row in differing.items():
        zh, en = (phrase(row, settings, language) for language in ("zh", "en"))
        for place, piece in enumerate(chosen[name] if zh else ()):
            told = {"zh": f"{piece.entry['zh']}（{zh}）", "en": f"{piece.entry['en']} ({en})"}
            chosen[name][place] = replace(piece, entry={**piece.entry, **told})
    return chosen, differing


def joint_sweep(
    chosen: dict[str, list[Piece]], differing: dict[str, Row], reference: str, called: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """What a joint study tells of its cells, as a sweep does; empty where studies differ in other things as well.

    Each cell is compared with what holds the same parameters: the reference where it was run so, else the first cell.
    """
    sources = {name: group[0].entry["source_key"] for name, group in chosen.items()}
    several = len(set(sources.values())) > 1
    rows = {name: ({STRATEGY: source} if several else {}) | {**differing.get(name, {})}
            for name, source in sources.items() if name in differing or name != reference}  # fmt: skip
    if not differing or not all(SETTING.fullmatch(path) for path in paths_of(list(rows.values()))):
        return {}
    parts = {
        name: [repr([(path, value) for path, value in sorted(row.items()) if path.startswith(PARAMETER) is held])
               for held in (True, False)]
        for name, row in {reference: {STRATEGY: reference} if several else {}, **rows}.items()
    }  # fmt: skip
    references = {}
    for name in rows:
        alike = [other for other in parts if parts[other][0] == parts[name][0]]
        references[name] = next((other for other in alike if parts[other][1] == parts[reference][1]), alike[0])
    settings = settings_of(list(rows.values()), called)
    cells = [{"key": name, "values": [row.get(item["path"]) for item in settings], "reference": references[name]}
             for name, row in rows.items()]  # fmt: skip
    zh, en = (chosen[reference][0].entry[language] for language in ("zh", "en"))
    return {"base": sources[reference], "reference": reference, "reference_zh": zh, "reference_en": en,
            "settings": settings, "cells": cells}  # fmt: skip


def check_start(chosen: dict[str, list[Piece]], start: str) -> str:
    """The main initial state, which every strategy must have been run from."""
    lacking = [key for key, pieces in chosen.items() if start not in [piece.manifest["start"] for piece in pieces]]
    if lacking:
        zh, en = f"没有从起始条件 {start} 推演", f"was not run from the initial state {start}"
        raise InputErrors([Problem(zh, en, field=key) for key in lacking])
    return start


def write_merged(
    chosen: dict[str, list[Piece]], outputs: Path, reference: str, start: str, sources: list[dict[str, Any]],
    sweep: dict[str, Any],
) -> Path:  # fmt: skip
    """Write the joint study and return its folder; one that is there already and whole is used."""
    pieces = [piece for group in chosen.values() for piece in group]
    horizon = min(piece.manifest["horizon"] for piece in pieces)
    identity = joint_id(sources, chosen, reference, start, horizon)
    folder = outputs / "studies" / f"report-{identity[:8]}"
    make_own(folder)
    if is_whole(folder, identity):
        return folder
    put_aside(folder, [folder / name for name in (*files_in(folder), MANIFEST)])
    write_runs(pieces, horizon, folder / RUNS)
    write_villages(pieces, horizon, folder / VILLAGES)
    others = [item for piece in chosen[reference] for item in piece.manifest["starts"]]
    starts = list(dict.fromkeys([start, *others]))
    worlds = joint_worlds([piece.folder for piece in pieces])
    if worlds is not None:
        write_parquet(worlds, folder / WORLDS)
    failures = joint_failures(pieces)
    if len(failures):
        text = csv_text(failures.columns, failures.itertuples(index=False, name=None))
        write_bytes(text.encode("utf-8-sig"), folder / FAILURES)
    main = {key: value for key, value in chosen[reference][0].manifest.items() if key not in OF_ONE_STUDY}
    hashes = {name: main["hashes"][name] for name in ("model", "district")}
    manifest = {
        **main, "name": "report", "budget": joint_budget(pieces, horizon), "id": identity,
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": "qiangcun report", "reference": reference, "horizon": horizon, "start": start, "starts": starts,
        "strategies": [{**group[0].entry, "reference": key == reference} for key, group in chosen.items()],
        "futures": min(piece.manifest["futures"] for piece in pieces),
        "failed": len(failures),
        "detail": "villages" if (folder / VILLAGES).is_dir() else "district",
        "hashes": hashes | {name: hash_of(folder / name) for name in files_in(folder)},
        "sources": sources, **({"sweep": sweep} if sweep else {}),
    }  # fmt: skip
    write_json({**manifest, SEAL: seal_of(manifest)}, folder / MANIFEST)
    return folder


def is_whole(folder: Path, identity: str) -> bool:
    """Whether a joint study is there as it was sealed."""
    try:
        return bool(open_study(folder)["id"] == identity)
    except InputErrors:
        return False


def joint_failures(pieces: Sequence[Piece]) -> pd.DataFrame:
    """Runs of all pieces that failed, under the names of the joint study."""
    found = [pd.DataFrame(columns=["strategy"])]
    for piece in pieces:
        path = piece.folder / FAILURES
        if path.is_file():
            table = pd.read_csv(path, encoding="utf-8-sig", dtype={"strategy": str})
            table = table[table["strategy"] == piece.entry["source_key"]]
            table = table[~table["start"].isin(list(piece.manifest.get("structures", {})))]
            found.append(table.assign(strategy=piece.entry["key"]))
    return pd.concat(found[1:] or found, ignore_index=True)


def joint_budget(pieces: Sequence[Piece], horizon: int) -> dict[str, Any]:
    """The budget of all pieces if it is one and all end with the joint study; else `mixed`: nothing is said of it."""
    budgets = [piece.manifest.get("budget") for piece in pieces]
    one = all(budget == budgets[0] for budget in budgets)
    whole = all(piece.manifest["horizon"] == horizon for piece in pieces)
    return budgets[0] if budgets[0] and one and whole else {"mode": "mixed"}


def write_runs(pieces: Sequence[Piece], horizon: int, path: Path) -> None:
    """Write the runs of all pieces, a row group at a time; indicators that a study lacks are null in its rows."""
    files = {piece.folder: pq.ParquetFile(piece.folder / RUNS) for piece in pieces}
    for folder in files:
        check_file(folder / RUNS)
    schema = pa.unify_schemas([file.schema_arrow.remove_metadata() for file in files.values()])
    with at_once(path) as temporary, pq.ParquetWriter(temporary, schema, **parquet_options(schema)) as writer:
        for piece in pieces:
            for table in take(piece, files[piece.folder], horizon):
                writer.write_table(with_columns(table, schema))


def write_villages(pieces: Sequence[Piece], horizon: int, folder: Path) -> None:
    """Write the villages of all pieces, a file each; none where a study did not store them."""
    parts = {piece.folder: sorted((piece.folder / VILLAGES).glob("*.parquet")) for piece in pieces}
    if not all(parts.values()):
        return
    folder.mkdir(exist_ok=True)
    for number, piece in enumerate(pieces):
        writer = None
        with at_once(folder / f"{number:04d}.parquet") as temporary:
            for path in parts[piece.folder]:
                check_file(path)
                for table in take(piece, pq.ParquetFile(path), horizon):
                    writer = writer or pq.ParquetWriter(temporary, table.schema, **parquet_options(table.schema))
                    writer.write_table(table)
            if writer is not None:
                writer.close()


def take(piece: Piece, file: pq.ParquetFile, horizon: int) -> Iterator[pa.Table]:
    """Rows of one strategy up to a year, under its name in the joint study; a table for each row group that has any.

    All starts of a study are taken: the reference's other ones belong to it. Runs in other forms of the model are not.
    """
    forms = pa.array(list(piece.manifest.get("structures", {})), pa.string())
    for number in groups_of(file, piece.entry["source_key"]):
        table = file.read_row_group(number)
        wanted = pc.equal(table["strategy"].cast(pa.string()), piece.entry["source_key"])
        other = pc.is_in(table["start"].cast(pa.string()), value_set=forms)
        table = table.filter(pc.and_(pc.and_not(wanted, other), pc.less_equal(table["year"], horizon)))
        if table.num_rows:
            names = pa.DictionaryArray.from_arrays(np.zeros(table.num_rows, np.int32), [piece.entry["key"]])
            place = table.schema.get_field_index("strategy")
            yield table.set_column(place, table.field(place).with_type(names.type), names)


def groups_of(file: pq.ParquetFile, strategy: str) -> list[int]:
    """Row groups that may hold a strategy: those whose statistics do not name another one alone."""
    numbers = range(file.metadata.num_row_groups)
    return [number for number in numbers if only_value(file, number, "strategy") in (None, strategy)]


def with_columns(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The same with the columns of a schema, in its order; those that it lacks are null."""
    for name in schema.names:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, schema.field(name).type))
    return table.select(schema.names).cast(schema)


def joint_worlds(folders: Sequence[Path]) -> pa.Table | None:
    """Parameter values of all worlds; parameters that the studies hold at different values in a world are left out.

    None where a study has no such table.
    """
    paths = [folder / WORLDS for folder in dict.fromkeys(folders)]
    if not all(path.is_file() for path in paths):
        return None
    frames = [read_numbers(path).to_pandas().set_index("world") for path in paths]
    whole, differs = frames[0], set()
    for frame in frames[1:]:
        shared = frame.index.intersection(whole.index)
        names = frame.columns.intersection(whole.columns)
        one, two = frame.loc[shared, names], whole.loc[shared, names]
        differs |= set(names[((one != two) & ~(one.isna() & two.isna())).any()])
        whole = whole.combine_first(frame)[[*whole.columns, *frame.columns.difference(whole.columns)]]
    frame = whole.drop(columns=sorted(differs)).sort_index().copy().reset_index()
    return labelled(pa.Table.from_pandas(frame, preserve_index=False), DECLARED)
