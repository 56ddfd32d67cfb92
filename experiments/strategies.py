"""From the composed `strategy` node to the model's Strategy."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from scenarios.province import Province
from scenarios.yaml_data import LONGEST_TEXT, UNFIT
from sim.district import NOWHERE, District
from sim.parameters import unknown_names
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS, check_strategy
from sim.problems import Problem

TEXTS = ("zh", "en", "description_zh", "description_en", "same_cost_as", "scaled_lever")
LISTS = ("missing_zh", "missing_en", "without")
LONGEST_LABEL = 200


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
            texts[name] = key if name in ("zh", "en") else ""
    for name in LISTS:
        items = node.get(name) or []
        if not isinstance(items, list):
            problems.append(Problem("应为列表", "must be a list", file=where, field=name, value=str(items)))
            items = []
        lists[name] = tuple(str(item) for item in items)
    problems += check_texts({**texts, **lists}, where)
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


def check_strategy_texts(strategy: Strategy) -> list[Problem]:
    """The same of a strategy made in Python; its key is a name of files and columns, too."""
    texts = {name: getattr(strategy, name) for name in ("key", *TEXTS, *LISTS)}
    return check_texts(texts, f"strategy {ascii(strategy.key)[:60]}")


def check_texts(texts: Mapping[str, Any], where: str) -> list[Problem]:
    """Labels and descriptions that are too long, or hold what could trick a reader, a table or a terminal."""
    problems = []
    for name, value in texts.items():
        is_label = name not in ("description_zh", "description_en")
        for text in (str(item) for item in (value if isinstance(value, list | tuple) else [value])):
            place, most = {"file": where, "field": name}, LONGEST_LABEL if is_label else LONGEST_TEXT
            if len(text) > most:
                zh, en = "文字太长", "text is too long"
                problems.append(Problem(zh, en, **place, value=str(len(text)), allowed=f"≤ {most}"))
            elif UNFIT.search(text) or (is_label and re.search(r"[\n\t]", text)):
                zh, en = "含有控制字符、换行或不可见字符", "holds a control character, a line break or an invisible one"
                problems.append(Problem(zh, en, **place, value=ascii(text[:60])))
    return problems


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
