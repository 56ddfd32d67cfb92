"""What went into a study, as its manifest tells, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from experiments.chinese_names import COMMON
from experiments.messages import first_language, in_a_line
from experiments.option_labels import short_labels
from sim.problems import shown

OPTIONS = (
    "futures", "design", "stopping", "start_year", "horizon", "start", "starts", "residents", "reference",
    "project_grants_in_total", "discount_rate", "budget", "detail", "ranges", "versions",
)  # fmt: skip
"""What a manifest tells of the options, as it names them."""
RESULTS = ("design.futures", "design.drawn", "stopping.futures", "stopping.most", "stopping.reached")
"""What a manifest tells beside these, though nobody asked for it."""
SWITCH, MISSING = "intensity", "–"
SHORTENED = 22
"""Letters of a value that are shown."""
LABELS = {
    "hashes.model": ("模型代码", "code of the model"),
    "hashes.district": ("区县数据", "data of the district"),
    "district": ("地点", "place"),
    "design.hash": ("各未来的世界和种子", "worlds and seeds of the futures"),
}


class Change(NamedTuple):
    """An input that differs.

    Attributes:
        name: as on the command line, as far as it can be given there.
        label: what it is, in the reader's language.
        a: its value in the first study.
        b: its value in the second one.
    """

    name: str
    label: str
    a: str
    b: str


def changes(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[Change]:
    """All that differs; a setting that differs alike in several strategies is told once."""
    labels = {**_labels(two), **_labels(one)}
    a, b = dict(_inputs(one)), dict(_inputs(two))
    alike: dict[tuple[str, str, str], list[str]] = {}
    found = []
    for name in dict.fromkeys([*a, *b]):
        values = _text(a.get(name)), _text(b.get(name))
        if values[0] == values[1] and a.get(name) == b.get(name) or _follows(name, a, b):
            continue
        strategy, _, setting = name.partition(".levers.")
        if setting:
            alike.setdefault((f"levers.{setting}", *values), []).append(strategy.removeprefix("strategies."))
        else:
            found.append(Change(name, labels.get(name, ""), *values))
    for (name, *pair), strategies in alike.items():
        label = labels.get(name, "")
        many = in_a_line(f"{len(strategies)} 项策略", f"{len(strategies)} strategies")
        where = many if len(strategies) > 1 else strategies[0]
        found.append(Change(name.removeprefix("levers."), f"{label} ({where})", *pair))
    return found


def _follows(name: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether a difference follows from another: settings of a strategy or a lever that only one study has."""
    strategy = ".".join(name.split(".")[:2])
    switch = f"{name.rpartition('.')[0]}.{SWITCH}"
    if name == strategy or not name.startswith("strategies."):
        return False
    return (strategy in a) != (strategy in b) or (name != switch and (switch in a) != (switch in b))


def _text(value: Any) -> str:
    text = MISSING if value is None or value == [] else f"{value:g}" if isinstance(value, float) else str(value)
    return shown(text, SHORTENED)


def _inputs(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Everything that went into a study, by name."""
    district, hashes = manifest.get("district") or {}, manifest.get("hashes") or {}
    yield "district", district.get("key")
    for name in ("district", "model"):
        yield f"hashes.{name}", str(hashes.get(name))[:8]
    for name, value in (district.get("source") or {}).items():
        yield f"district.{name}", value
    for name in OPTIONS:
        value = manifest.get(name)
        if not isinstance(value, Mapping):
            yield name, value
        else:
            of_number = ("hash", "names") if value.get("kind") == "futures" else ()
            yield from ((f"{name}.{key}", item) for key, item in value.items()
                        if f"{name}.{key}" not in RESULTS and key not in of_number)  # fmt: skip
    for row in manifest.get("parameters") or []:
        if row.get("kind") == "world":
            yield f"parameters.{row['name']}", row.get("value")
    for entry in manifest.get("strategies") or []:
        place = f"strategies.{entry['key']}"
        yield place, entry.get("zh" if first_language() == "zh" else "en")
        yield f"{place}.without", [*(entry.get("without") or {})]
        for lever, settings in entry["levers"].items():
            yield from ((f"{place}.levers.{lever}.{name}", value) for name, value in settings.items())


def _labels(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Labels of inputs by name, in the reader's language, as a manifest and the options' comments tell them."""
    place, language = (0, "zh") if first_language() == "zh" else (1, "en")
    found = {**short_labels(), **{name: pair[place] for name, pair in LABELS.items()}}
    levers = manifest.get("levers") or {}
    for key, lever in levers.items():
        name = f"levers.{key}"
        for setting, pair in {SWITCH: ("力度", ""), **COMMON}.items():
            found[f"{name}.{setting}"] = f"{lever[language]} {pair[0] if not place else setting}"
        for setting, choice in (lever.get("choices") or {}).items():
            found[f"{name}.{setting}"] = f"{lever[language]} {choice[language]}"
    for row in manifest.get("parameters") or []:
        unit = row.get("unit_zh" if not place else "unit")
        label = str(row.get(language)) + (f" ({unit})" if unit else "")
        lever = str(row["name"]).partition(".")[0]
        is_world = row.get("kind") == "world"
        found[("parameters." if is_world else "levers.") + row["name"]] = (
            label if is_world else f"{levers.get(lever, {}).get(language, lever)} {label}"
        )
    return found
