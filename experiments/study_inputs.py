"""What went into a study, as its manifest tells, and what differs between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from experiments.chinese_names import COMMON
from experiments.messages import first_language
from experiments.option_labels import options_of
from sim.problems import shown

OPTIONS = ("futures", "start_year", "horizon", "start", "starts", "residents", "reference", "project_grants_in_total",
           "discount_rate", "budget", "detail", "ranges", "rules", "structure", "structures",
           "versions")  # fmt: skip
STOPPING = ("tolerance", "indicator", "year", "least", "step")
SHORTENED = 20
"""Letters of a value that are shown."""


def changes(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Name, label in the reader's language, first and second value of all that differs.

    A setting that differs alike in several strategies is told once.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for path, *values in differing(inputs_of(one), inputs_of(two)):
        strategy, setting = (path[1], path[2:]) if path[0] == "strategies" and path[2:] else ("", path)
        label = label_of(path, two) or label_of(path, one)
        found.setdefault((".".join(setting), label, *map(_text, values)), []).append(strategy)
    return [
        (name, label if not where[0] else f"{label} ({', '.join(where)})", a, b)
        for (name, label, a, b), where in found.items()
    ]


def differing(one: Any, two: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Path, first and second value of whatever differs; what one tree lacks is None, whole branches included."""
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        for name in dict.fromkeys([*one, *two]):
            yield from differing(one.get(name), two.get(name), (*path, str(name)))
    elif one != two:
        yield path, one, two


def inputs_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that went into a study, as a tree."""
    design, stopping = manifest.get("design") or {}, manifest.get("stopping") or {}
    told = ("kind",) if design.get("kind") == "futures" else [name for name in design if name not in OPTIONS]
    rows = [row for row in manifest.get("parameters") or [] if row["kind"] == "world"]
    return {
        "district": {**(manifest["district"].get("source") or {}), "place": manifest["district"].get("key")},
        "model": manifest["hashes"].get("model", "")[:8],
        "design": {name: design.get(name) for name in told},
        "stopping": {name: stopping.get(name) for name in STOPPING},
        **{name: manifest.get(name) for name in OPTIONS},
        "parameters": {row["name"]: row["value"] for row in rows},
        "strategies": {item["key"]: item["levers"] for item in manifest["strategies"]},
    }


def label_of(path: tuple[str, ...], manifest: Mapping[str, Any]) -> str:
    """What an input is, in the reader's language; empty where neither the study nor a comment in `conf/` tells."""
    language, unit = ("zh", "unit_zh") if first_language() == "zh" else ("en", "unit")
    rows = {row["name"]: row for row in manifest.get("parameters") or []}
    if path[0] == "parameters" and path[1] in rows:
        row = rows[path[1]]
        return f"{row[language]} ({row[unit]})" if row[unit] else str(row[language])
    if path[0] == "strategies":
        key, lever, setting = (*path[1:], "", "")[:3]
        names = {item["key"]: str(item[language]) for item in manifest["strategies"]}
        about = (manifest.get("levers") or {}).get(lever) or {}
        known = rows.get(f"{lever}.{setting}") or (about.get("choices") or {}).get(setting) or {}
        last = str(known.get(language) or COMMON.get(setting, ("", ""))[0 if language == "zh" else 1].partition(";")[0])
        return f"{about.get(language, lever)} {last}".strip() if lever else names.get(key, "")
    label = next((item.label for item in options_of("compare") if item.name in (path[0], ".".join(path))), "")
    return re.split("[;；（(，,]", label)[0]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):  # a lever that only one study has, or a strategy
        return f"{value['intensity']}" if "intensity" in value else "+"
    return (
        "–" if value is None or value == [] else shown(f"{value:g}" if isinstance(value, float) else value, SHORTENED)
    )
