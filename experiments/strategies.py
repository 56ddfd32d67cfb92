"""From the composed `strategy` node to the model's Strategy."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from scenarios.province import Province
from sim.district import District
from sim.parameters import unknown_names
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS, check_strategy
from sim.problems import Problem

TEXTS = ("zh", "en", "description_zh", "description_en", "same_cost_as", "scaled_lever")
LISTS = ("missing_zh", "missing_en", "without")
_NONE = np.zeros(0, dtype=np.int64)
NOWHERE = District("", "", "", _NONE, _NONE, (), (), _NONE, _NONE, _NONE, np.zeros((0, 2)), {}, _NONE)
"""A district without villages: stands in where a user's own can't be read, so that all else is still checked."""


def read_strategy(key: str, node: Any, switched: Collection[str] = ()) -> tuple[Strategy, list[Problem]]:
    """A strategy with the settings that differ from their defaults, and what is wrong with its form.

    Args:
        key: name of its file.
        node: labels, `levers`, `missing_*` and `without` as composed.
        switched: levers whose intensity somebody has set, so that 0 with other settings is meant.
    """
    where = f"strategy {key}"
    if not isinstance(node, Mapping):
        return Strategy(key), [Problem("应为“名称: 值”", "must hold name: value", file=where, value=str(node))]
    problems = unknown_names(node, (*TEXTS, *LISTS, "levers"), where)
    texts: dict[str, Any] = {}
    lists: dict[str, Any] = {}
    for name in TEXTS:
        texts[name] = node.get(name) or (key if name in ("zh", "en") else "")
        if not isinstance(texts[name], str):
            problems.append(Problem("应为文字", "must be text", file=where, field=name, value=str(texts[name])))
    for name in LISTS:
        items = node.get(name) or []
        if not isinstance(items, list):
            problems.append(Problem("应为列表", "must be a list", file=where, field=name, value=str(items)))
            items = []
        lists[name] = tuple(str(item) for item in items)
    levers = node.get("levers") or {}
    if not isinstance(levers, Mapping):
        problems.append(
            Problem("应为“措施: 设置”", "must hold lever: settings", file=where, field="levers", value=str(levers))
        )
        levers = {}
    chosen = {}
    for lever, values in levers.items():
        if isinstance(values, Mapping):
            settings = changed(str(lever), values)
            off = {"intensity": 0} if settings and "intensity" not in settings and lever in switched else {}
            chosen[str(lever)] = {**off, **settings}
        else:
            problems.append(
                Problem("应为“设置: 值”", "must hold setting: value", file=f"{where}.levers", field=str(lever),
                        value=str(values), allowed="{intensity: 1, start: 2025}")
            )  # fmt: skip
    return Strategy(key, **texts, **lists, levers={k: v for k, v in chosen.items() if v or k not in LEVERS}), problems


def set_intensities(name: str, overrides: Iterable[str], folders: Iterable[Path]) -> set[str]:
    """Levers whose intensity is set in the files that a strategy is made of, or on the command line."""
    words = (re.match(r"\+*strategy\.levers\.(\w+)(\.intensity=|=.*\bintensity\b)", word) for word in overrides)
    found, seen, waiting = {word[1] for word in words if word}, set(), [name]
    places = [*folders, Path(str(files("conf")))]
    while waiting:
        name = waiting.pop()
        paths = (place if place.stem == name else place / "strategy" / f"{name}.yaml" for place in places)
        path = next((path for path in paths if path.is_file()), None)
        if path is None or path in seen:
            continue
        seen.add(path)
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8", errors="replace"))
            levers = content.get("levers") or {}
            found |= {str(key) for key, values in levers.items() if "intensity" in values}
            waiting += [str(word).split("@")[0] for word in content.get("defaults") or []]
        except (AttributeError, TypeError, yaml.YAMLError):  # told where the file is read
            continue
    return found


def changed(lever: str, values: Mapping[Any, Any]) -> dict[str, Any]:
    """Settings that differ from the declared default."""
    defaults = LEVERS[lever].defaults() if lever in LEVERS else {}
    return {
        str(name): value for name, value in values.items() if name not in defaults or not _same(value, defaults[name])
    }


def _same(value: Any, default: Any) -> bool:
    return isinstance(value, bool) == isinstance(default, bool) and value == default


def check_levers(strategy: Strategy, district: District | Province | None) -> list[Problem]:
    """Problems of a strategy's levers; without a district the towns and villages they aim at are not looked at."""
    if isinstance(district, District):
        return check_strategy(strategy, district)
    aimless = {
        lever: {name: value for name, value in values.items() if name not in ("towns", "villages")}
        for lever, values in strategy.levers.items()
    }
    problems = check_strategy(replace(strategy, levers=aimless), NOWHERE)
    if isinstance(district, Province):
        problems += [
            Problem("省级推演不能指定镇村", "a province has no towns and villages to aim at", value=str(values[name]),
                    file=f"strategy {strategy.key}.levers.{lever}", field=name)
            for lever, values in strategy.levers.items() for name in ("towns", "villages") if values.get(name)
        ]  # fmt: skip
    return problems
