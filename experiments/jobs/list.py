"""qiangcun list: past studies, the newest first; whatever cannot be read is a line and no error."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.data.seal import MANIFEST, Unsealed, check_seal, files_in, read_manifest, read_object, version_of
from experiments.flags import Flags
from experiments.manifest import versions
from experiments.messages import WHERE, columns, first_language, in_a_line, say
from experiments.output import STUDIES
from experiments.parts import PARTS, PLAN
from sim.problems import InputErrors, Problem, shown

ABOUT = ("列出已有推演", "list past studies: strategies, futures, date, state")
STATES = {"complete": "完成", "unfinished": "未完成", "damaged": "受损", "older": "旧版"}
UNREADABLE = (InputErrors, OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError)
"""What is raised where a file holds something else than a study of ours."""
NAMES_WIDTH = 30


def main(arguments: Sequence[str]) -> None:
    """Print a table of the studies in a folder of results, or JSON for programs."""
    parser = Flags("list")
    parser.add_outputs()
    parser.offer("--json", "以 JSON 输出", "print JSON", action="store_true")
    parser.add_language()
    chosen = parser.read(arguments)
    outputs = Path(os.path.expanduser(chosen.outputs))
    if not outputs.is_dir() and chosen.outputs != "outputs":
        raise InputErrors([Problem("文件夹不存在", "no such folder", file=WHERE, field="outputs", value=str(outputs))])
    folders = (path for path in (outputs / STUDIES).glob("*") if path.is_dir() and not path.is_symlink())
    found = sorted(map(known_of, folders), key=lambda row: row["date"], reverse=True)
    if chosen.json:
        print(json.dumps(found, indent=1))
    elif found:
        heads = (("推演", "study"), ("日期", "date"), ("策略", "strategies"), ("未来", "futures"), ("状态", "state"))
        print(columns([*map(_shown, found)], [in_a_line(*head) for head in heads], right=[3], wraps=2))
        say(f"文件夹都在 {outputs / STUDIES} 中。", f"Their folders lie in {outputs / STUDIES}.")
    else:
        say(f"{outputs / STUDIES} 中没有推演结果", f"No studies in {outputs / STUDIES}")


def known_of(folder: Path) -> dict[str, Any]:
    """What a study's folder tells; only the seal and the names of its files are checked, `verify` does more."""
    try:
        if not os.path.lexists(folder / MANIFEST):
            plan = read_object(folder / PARTS / PLAN) if (folder / PARTS / PLAN).exists() else {}
            return row_of(
                folder, plan, "unfinished" if (folder / PARTS).is_dir() or not files_in(folder) else "damaged"
            )
        manifest = read_manifest(folder)
        return row_of(folder, manifest, state_of(folder, manifest))
    except UNREADABLE:
        return row_of(folder, {}, "damaged")


def state_of(folder: Path, manifest: Mapping[str, Any]) -> str:
    """Whether a study with a manifest is complete, damaged, or of an older version of the program."""
    try:
        check_seal(folder, manifest)
    except Unsealed:
        return "older"
    except InputErrors:
        return "damaged"
    if {*files_in(folder)} != {*manifest["hashes"]} - {"model", "district"}:
        return "damaged"
    return "complete" if version_of(manifest) == version_of({"versions": versions()}) else "older"


def row_of(folder: Path, told: Mapping[str, Any], state: str) -> dict[str, Any]:
    """A study as programs get it; what it does not tell is empty."""
    changed = datetime.fromtimestamp(folder.stat().st_mtime)
    made = datetime.fromisoformat(told["created"]) if "created" in told else changed
    return {
        "id": folder.name,
        "name": str(told.get("name", "")),
        "date": made.astimezone().isoformat(timespec="seconds"),
        "strategies": [{name: str(item[name]) for name in ("key", "zh", "en")} for item in told.get("strategies", [])],
        "futures": int(told["futures"]) if "futures" in told else None,
        "state": state,
        "batches_done": len(list((folder / PARTS).glob("*.parquet"))) if state == "unfinished" else None,
        "batches": told.get("batches") if state == "unfinished" else None,
        "version": version_of(told),
        "folder": str(folder.resolve()),
    }


def _shown(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of a study's line."""
    state = in_a_line(STATES[row["state"]], row["state"])
    if row["state"] == "unfinished":
        done, whole = row["batches_done"], "?" if row["batches"] is None else row["batches"]
        state += in_a_line(f" {done}/{whole} 批", f" {done} of {whole} batches")
    state += f" {row['version']}" if row["state"] == "older" else ""
    names = names_of([shown(item[first_language()], NAMES_WIDTH // 2) for item in row["strategies"]])
    return row["id"], row["date"][:16].replace("T", " "), names, str(row["futures"] or ""), state


def names_of(names: Sequence[str]) -> str:
    """As many names as there is room for, and how many more there are."""
    mark, room = ("、", NAMES_WIDTH // 2) if first_language() == "zh" else (", ", NAMES_WIDTH)
    number = next((count for count in range(len(names), 1, -1) if len(mark.join(names[:count])) <= room), 1)
    return mark.join(names[:number]) + (f" +{len(names) - number}" if number < len(names) else "")
