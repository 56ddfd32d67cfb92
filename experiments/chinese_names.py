"""Chinese names of levers and settings in a strategy file, as docs/parameters.md prints them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from scenarios.yaml_data import Data
from sim.policies.base import Choice, Lever
from sim.policies.registry import LEVERS
from sim.problems import Problem

COMMON = {
    "start": ("起始年", "first year in force; empty = from the start"),
    "end": ("终止年", "last year in force; empty = to the horizon"),
    "towns": ("限定镇", "list of town names; empty = all"),
    "villages": ("限定村", "list of village codes; empty = all"),
    "pilot_share": ("试点比例", "a random share of the villages aimed at, the same under every strategy; empty = all"),
    "phase_in_years": ("推开年数", "towns or clusters join in random order over so many years; empty = all at once"),
    "phase_in_by": ("推开单位", "what joins together: town (default) or cluster"),
    "income_below": ("收入低于", "only villages with last year's operating income below this, 万元"),
    "income_above": ("收入不低于", "only villages with last year's operating income of at least this, 万元"),
}  # fmt: skip
"""Settings of every lever that carry no label of their own."""
NUMBER = re.compile(r"\s*[-+]?[0-9]+(\.[0-9]*)?\s*")
Names = Mapping[str, list[str]]


def by_label(labels: Iterable[tuple[str, str]]) -> Names:
    """Names by Chinese label; a label that several share leads to all of them."""
    found: dict[str, list[str]] = {}
    for name, label in labels:
        found.setdefault(label, []).append(name)
    return found


def lever_names() -> Names:
    """Levers by their Chinese name."""
    return by_label((key, lever.zh) for key, lever in LEVERS.items())


def setting_names(lever: type[Lever]) -> Names:
    """A lever's settings by their Chinese label."""
    own = [(name, item.zh) for name, item in lever.settings().items()]
    return by_label([*own, *((name, zh) for name, (zh, _) in COMMON.items())])


class Translation:
    """A strategy file's tree with English names; numbers in quotes, which would be text, are told on the way.

    Attributes:
        problems: names that stand twice or could mean several, numbers in quotes.
    """

    def __init__(self, data: Data, file: str) -> None:
        self.data, self.file = data, file
        self.problems: list[Problem] = []

    def tree(self) -> dict[Any, Any]:
        """The strategy with English names."""
        found = {}
        for key, (path, value) in self.renamed((), self.data.tree, {"措施": ["levers"]}).items():
            found[key] = value
            if key == "levers" and isinstance(value, Mapping):
                found[key] = self.levers(path, value)
            elif key == "levers":
                self.tell("应为“措施: 设置”", "must hold lever: settings", path, value=str(value)[:60])
        return found

    def levers(self, path: tuple[Any, ...], tree: Mapping[Any, Any]) -> dict[Any, Any]:
        """Levers and their settings."""
        found = {}
        for key, (place, value) in self.renamed(path, tree, lever_names()).items():
            found[key] = value
            if not isinstance(value, Mapping):
                zh, en = "应为“设置: 值”", "must hold setting: value"
                self.tell(zh, en, place, value=str(value)[:60], allowed="{intensity: 1, start: 2025}")
            elif key in LEVERS:
                found[key] = self.settings(place, value, LEVERS[key])
        return found

    def settings(self, path: tuple[Any, ...], tree: Mapping[Any, Any], lever: type[Lever]) -> dict[Any, Any]:
        """Settings of a lever; an option may have its Chinese name."""
        found, declared = {}, lever.settings()
        for name, (place, value) in self.renamed(path, tree, setting_names(lever)).items():
            setting, found[name] = declared.get(name), value
            if isinstance(setting, Choice) and isinstance(value, str):
                found[name] = by_label(setting.options.items()).get(value, [value])[0]
            elif name not in ("towns", "villages"):
                parts = [part for item in value.items() for part in item] if isinstance(value, Mapping) else [value]
                for part in (part for part in parts if isinstance(part, str) and NUMBER.fullmatch(part)):
                    zh, en = "数字不加引号", "a number has no quotes; remove them"
                    self.tell(zh, en, place, value=f'"{part}"', allowed=part.strip())
        return found

    def renamed(self, path: tuple[Any, ...], tree: Mapping[Any, Any], names: Names) -> dict[Any, tuple[Any, Any]]:
        """English name to the path of what is written, and its value."""
        found: dict[Any, tuple[Any, Any]] = {}
        for written, value in tree.items():
            meant, place = names.get(written, [written]), (*path, written)
            if len(meant) > 1:
                zh, en = "有多项用此名称，请写英文名称", "several are named so; write the English name"
                self.tell(zh, en, place, allowed=", ".join(meant))
            elif meant[0] in found:
                zh, en = "同一名称出现两次（中英文算同一名称）", "name stands twice, in Chinese and in English"
                self.tell(zh, en, place, value=meant[0])
            found[meant[0]] = place, value
        return found

    def tell(self, zh: str, en: str, path: tuple[Any, ...], **more: str) -> None:
        """Note a mistake in the place to which `path` leads."""
        field = ".".join(map(str, path))
        self.problems.append(Problem(zh, en, file=self.file, row=self.data.lines.get(path), field=field, **more))
