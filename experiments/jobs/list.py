"""qiangcun list: past studies, the newest first; whatever cannot be read is a line and no error."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis.seal import MANIFEST, Unsealed, check_seal, files_in, read_manifest, read_object, version_of
from experiments.flags import Flags
from experiments.messages import WHERE, bilingual, first_language, in_a_line, say
from experiments.output import STUDIES
from experiments.parts import PARTS, PLAN
from experiments.text_tables import cells, cut, table
from sim.problems import InputErrors, Problem, shown

ABOUT = ("列出已有推演", "list past studies: strategies, futures, date, state")
COMPLETE, UNFINISHED, DAMAGED, OLDER = "complete", "unfinished", "damaged", "older"
STATES = {COMPLETE: ("完成", "complete"), UNFINISHED: ("未完成", "unfinished"), DAMAGED: ("受损", "damaged"),
          OLDER: ("旧版", "older")}  # fmt: skip
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
    found = sorted(studies_in(outputs / STUDIES), key=lambda row: row["date"], reverse=True)
    if chosen.json:
        print(json.dumps(found, indent=1))
    elif found:
        place = 0 if first_language() == "zh" else 1
        heads = [("推演", "study"), ("日期", "date"), ("策略", "strategies"), ("未来", "futures"), ("状态", "state")]
        lines = table([[head[place] for head in heads], *(list(_shown(row)) for row in found)], flexible=2, right=[3])
        print(bilingual("\n".join(lines), "\n".join(lines)))
        say(
            f"各项推演的文件夹都在 {outputs / STUDIES} 中。",
            f"The folders of these studies lie in {outputs / STUDIES}.",
        )
    else:
        say(f"{outputs / STUDIES} 中没有推演结果", f"No studies in {outputs / STUDIES}")


def studies_in(folder: Path) -> Iterator[dict[str, Any]]:
    """What is known of each study in a folder."""
    for path in folder.glob("*"):
        if path.is_dir() and not path.is_symlink():
            try:
                yield known_of(path)
            except (InputErrors, OSError, ValueError, TypeError, KeyError, AttributeError):
                yield row_of(path, {}, DAMAGED)


def known_of(folder: Path) -> dict[str, Any]:
    """What a study's folder tells; only the seal and the names of its files are checked, `verify` does more."""
    if not os.path.lexists(folder / MANIFEST):
        plan = read_object(folder / PARTS / PLAN) if (folder / PARTS / PLAN).exists() else {}
        return row_of(folder, plan, UNFINISHED if (folder / PARTS).is_dir() or not files_in(folder) else DAMAGED)
    manifest = read_manifest(folder)
    try:
        check_seal(folder, manifest)
    except Unsealed:
        return row_of(folder, manifest, OLDER)
    except InputErrors:
        return row_of(folder, manifest, DAMAGED)
    if {*files_in(folder)} != {*manifest["hashes"]} - {"model", "district"}:
        return row_of(folder, manifest, DAMAGED)
    return row_of(folder, manifest, COMPLETE if version_of(manifest) == _version_of_this() else OLDER)


def row_of(folder: Path, told: Mapping[str, Any], state: str) -> dict[str, Any]:
    """A study as programs get it; what it does not tell is empty."""
    strategies = [{name: str(entry[name]) for name in ("key", "zh", "en")} for entry in told.get("strategies", [])]
    made = datetime.fromisoformat(told["created"]) if "created" in told else datetime.fromtimestamp(
        folder.stat().st_mtime)  # fmt: skip
    return {
        "id": folder.name,
        "name": str(told.get("name", "")),
        "date": made.astimezone().isoformat(timespec="seconds"),
        "strategies": strategies,
        "futures": int(told["futures"]) if "futures" in told else None,
        "state": state,
        "batches_done": len(list((folder / PARTS).glob("*.parquet"))) if state == UNFINISHED else None,
        "batches": told.get("batches") if state == UNFINISHED else None,
        "version": version_of(told),
        "folder": str(folder.resolve()),
    }


def _shown(row: Mapping[str, Any]) -> Iterator[str]:
    """The cells of a study's line."""
    yield shown(row["id"])
    yield row["date"][:16].replace("T", " ")
    yield names_of([shown(entry[first_language()]) for entry in row["strategies"]])
    yield "" if row["futures"] is None else str(row["futures"])
    state = in_a_line(*STATES[row["state"]])
    if row["state"] == UNFINISHED:
        whole = "?" if row["batches"] is None else row["batches"]
        state += in_a_line(f" {row['batches_done']}/{whole} 批", f" {row['batches_done']} of {whole} batches")
    yield f"{state} {row['version']}" if row["state"] == OLDER else state


def names_of(names: Sequence[str]) -> str:
    """Names of strategies, and where they are many the first and how many there are."""
    mark = "、" if first_language() == "zh" else ", "
    for number in range(len(names), 0, -1):
        text = mark.join(names[:number]) + (f" +{len(names) - number}" if number < len(names) else "")
        if cells(text) <= NAMES_WIDTH:
            return text
    return f"{cut(names[0], NAMES_WIDTH - 5)} +{len(names) - 1}" if names[1:] else "".join(names)


def _version_of_this() -> str:
    try:
        return version("qiangcun")
    except PackageNotFoundError:
        return "?"
