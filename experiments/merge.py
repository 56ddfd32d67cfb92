"""Several finished studies as one, so that strategies run one by one can be compared future by future."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.store import MANIFEST, RUNS, VILLAGES, WORLDS, hash_of, join, write_json, write_parquet
from sim.problems import InputErrors, Problem, nearest

DEFAULT_REFERENCE = "existing"


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

    def settings(self) -> dict[str, str]:
        """All that makes these runs differ from others of the same name: horizon, start and futures do not."""
        design = self.manifest["configuration"]
        run_options = {k: v for k, v in design["options"].items() if k not in ("horizon", "start", "start_year")}
        worlds = "drawn" if any(world is not None for world in design["worlds"]) else "default"
        tree = {**self.entry["levers"], "parameters": design["parameters"], "ranges": design["ranges"], **run_options}
        return {"worlds": worlds, **dict(sorted(_leaves(tree)))}


def merge(folders: Sequence[Path], outputs: Path, reference: str | None = None) -> Path:
    """One study out of several; the folder of the only one if there is but one.

    The same strategy with the same settings is taken once, with the longest horizon; with other settings it counts as
    a strategy of its own, and its name tells the settings. All end with the earliest horizon.

    Args:
        folders: finished studies.
        outputs: folder of all results.
        reference: strategy that the others are compared with; `existing` or the first if not named.

    Raises:
        InputErrors: the studies can't be compared.
    """
    manifests = [json.loads((folder / MANIFEST).read_text(encoding="utf-8")) for folder in folders]
    if len(folders) == 1 and reference in (None, manifests[0]["reference"]):
        return folders[0]
    check_same(folders, manifests)
    pieces = [Piece(f, m, entry) for f, m in zip(folders, manifests, strict=True) for entry in m["strategies"]]
    chosen = name_variants(pieces)
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
    return write_merged(chosen, outputs, reference, start)


def check_same(folders: Sequence[Path], manifests: Sequence[dict[str, Any]]) -> None:
    """Studies of different places, models or first years can't be compared."""
    first, problems = manifests[0], []
    for folder, manifest in zip(folders[1:], manifests[1:], strict=True):
        for zh, en, name in (("区县数据", "district", "district"), ("模型版本", "version of the model", "model")):
            if manifest["hashes"][name] != first["hashes"][name]:
                problems.append(
                    Problem(f"{zh}与第一个结果不同，不能比较", f"another {en} than the first study", file=str(folder))
                )
        if manifest["start_year"] != first["start_year"]:
            problems.append(
                Problem("起始年与第一个结果不同", "another first year than the first study", file=str(folder))
            )
    if problems:
        raise InputErrors(problems)


def name_variants(pieces: Sequence[Piece]) -> dict[str, list[Piece]]:
    """The best pieces of each strategy and start; what differs in its settings gets a key and a name of its own."""
    variants: dict[str, dict[tuple[tuple[str, str], ...], list[Piece]]] = {}
    for piece in pieces:
        variants.setdefault(piece.key, {}).setdefault(tuple(piece.settings().items()), []).append(piece)
    chosen = {}
    for key, group in variants.items():
        for number, (settings, same) in enumerate(group.items(), start=1):
            best: dict[str, Piece] = {}
            for piece in sorted(same, key=lambda piece: (piece.manifest["horizon"], piece.manifest["futures"])):
                best[piece.manifest["start"]] = piece
            name = key if number == 1 else f"{key}_{number}"
            others = [dict(other) for other in group if other != settings]
            mark = "; ".join(
                f"{item}={value}" for item, value in settings if any(other.get(item) != value for other in others)
            )
            absent = sorted({item for other in others for item in other} - {item for item, _ in settings})
            mark = "; ".join(filter(None, [mark, *(f"{item}: –" for item in absent if item.endswith("intensity"))]))
            chosen[name] = [_renamed(piece, name, mark) for piece in best.values()]
    return chosen


def _renamed(piece: Piece, name: str, mark: str) -> Piece:
    entry = {**piece.entry, "source_key": piece.key, "key": name}
    if mark:
        entry.update(zh=f"{entry['zh']}（{mark}）", en=f"{entry['en']} ({mark})")
    return Piece(piece.folder, piece.manifest, entry)


def check_start(chosen: dict[str, list[Piece]], start: str) -> str:
    """The main initial state, which every strategy must have been run from."""
    lacking = [key for key, pieces in chosen.items() if start not in [piece.manifest["start"] for piece in pieces]]
    if lacking:
        zh, en = f"没有从起始条件 {start} 推演", f"was not run from the initial state {start}"
        raise InputErrors([Problem(zh, en, field=key) for key in lacking])
    return start


def write_merged(chosen: dict[str, list[Piece]], outputs: Path, reference: str, start: str) -> Path:
    """Write the joint study and return its folder; one that is there already is used."""
    pieces = [piece for group in chosen.values() for piece in group]
    horizon = min(piece.manifest["horizon"] for piece in pieces)
    sources = sorted({piece.manifest["id"] for piece in pieces})
    text = json.dumps([sources, sorted(chosen), reference, start, horizon])
    identity = hashlib.sha256(text.encode("utf-8")).hexdigest()
    folder = outputs / "studies" / f"report-{identity[:8]}"
    if (folder / MANIFEST).is_file():
        return folder
    (folder / VILLAGES).mkdir(parents=True, exist_ok=True)
    tables, starts = [], [start]
    for number, piece in enumerate(pieces):
        tables.append(take(piece, piece.folder / RUNS, horizon))
        write_parquet(take(piece, piece.folder / VILLAGES, horizon), folder / VILLAGES / f"{number:04d}.parquet")
        found = pc.unique(tables[-1]["start"].cast(pa.string())).to_pylist()
        starts += [item for item in found if item not in starts and piece.entry["key"] == reference]
    write_parquet(join(tables), folder / RUNS)
    hashes = {RUNS: hash_of(folder / RUNS)}
    worlds = joint_worlds([piece.folder for piece in pieces])
    if worlds is not None:
        write_parquet(worlds, folder / WORLDS)
        hashes[WORLDS] = hash_of(folder / WORLDS)
    main = chosen[reference][0].manifest
    manifest = {
        **main, "name": "report", "budget": joint_budget(pieces, horizon), "id": identity,
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": "qiangcun report", "reference": reference, "horizon": horizon, "start": start, "starts": starts,
        "strategies": [{**group[0].entry, "reference": key == reference} for key, group in chosen.items()],
        "futures": min(piece.manifest["futures"] for piece in pieces),
        "hashes": {name: main["hashes"][name] for name in ("model", "district")} | hashes,
        "sources": [{"id": item.manifest["id"], "command": item.manifest["command"]} for item in pieces],
    }  # fmt: skip
    write_json(manifest, folder / MANIFEST)
    return folder


def joint_budget(pieces: Sequence[Piece], horizon: int) -> dict[str, Any]:
    """The budget of all pieces if it is one and all end with the joint study; else `mixed`: nothing is said of it."""
    budgets = [piece.manifest.get("budget") for piece in pieces]
    one = all(budget == budgets[0] for budget in budgets)
    whole = all(piece.manifest["horizon"] == horizon for piece in pieces)
    return budgets[0] if budgets[0] and one and whole else {"mode": "mixed"}


def take(piece: Piece, path: Path, horizon: int) -> pa.Table:
    """Rows of one strategy up to a year, under its name in the joint study."""
    wanted = (pc.field("strategy").cast(pa.string()) == piece.entry["source_key"]) & (pc.field("year") <= horizon)
    table = pq.read_table(path, filters=wanted)
    names = pa.array([piece.entry["key"]] * table.num_rows, type=pa.string()).dictionary_encode()
    return table.set_column(table.schema.get_field_index("strategy"), "strategy", names)


def joint_worlds(folders: Sequence[Path]) -> pa.Table | None:
    """Parameter values of all worlds; parameters that the studies hold at different values in a world are left out.

    None where a study has no such table.
    """
    paths = [folder / WORLDS for folder in dict.fromkeys(folders)]
    if not all(path.is_file() for path in paths):
        return None
    frame = pd.concat([pd.read_parquet(path).astype({"parameter": str}) for path in paths]).drop_duplicates()
    differs = frame[frame.duplicated(["world", "parameter"])]["parameter"].unique()
    frame = frame[~frame["parameter"].isin(differs)].astype({"parameter": "category"})
    return pa.Table.from_pandas(frame, preserve_index=False)


def _leaves(tree: Any, prefix: str = "") -> list[tuple[str, str]]:
    if not isinstance(tree, dict):
        return [(prefix, json.dumps(tree, ensure_ascii=False))]
    below = [leaf for key, item in tree.items() for leaf in _leaves(item, f"{prefix}.{key}" if prefix else str(key))]
    return below
