"""What the options of jobs that run the model mean: read from the comments of `conf/*.yaml`, where they are declared.

`## 中文 | English` begins a purpose; what explains a key stands beside it or above it, as `中文 | English`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from experiments.messages import first_language

CONF = Path(__file__).parents[1] / "conf"
NAMED = {
    "declared/parameters": "parameters.NAME", "declared/ranges": "world.ranges.NAME", "declared/texts": "strategy.zh",
    "declared/levers": "strategy.levers.LEVER.SETTING",
}  # fmt: skip
"""Groups of declared names, as one of them is written on the command line."""
_KEY = re.compile(r"( *)(- )?([\w/]+)(?:: *([^#]*?))?(?: *# *(.*))?")


class Option(NamedTuple):
    """An option.

    Attributes:
        purpose: what it is for, in both languages.
        name: as it stands on the command line.
        default: its value where nothing is said.
        zh: what it means, in Chinese.
        en: the same in English.
        choices: files of its group.
    """

    purpose: tuple[str, str]
    name: str
    default: str
    zh: str
    en: str
    choices: tuple[str, ...] = ()


@cache
def options_of(job: str) -> list[Option]:
    """The options of a job that runs the model, by purpose; its own file goes before the one that all share."""
    found = {option.name: option for option in _read(CONF / "job.yaml")}
    order = list(dict.fromkeys(purpose for purpose, _ in _purposes(CONF / "job.yaml")))
    for own in _read(CONF / f"{job}.yaml"):
        shared = found.pop(own.name, own)
        zh, en = (own.zh, own.en) if own.zh != own.en or not shared.zh else (shared.zh, shared.en)
        found[own.name] = own._replace(zh=zh, en=en, purpose=shared.purpose)
    last = len(order)
    return sorted(found.values(), key=lambda item: order.index(item.purpose) if item.purpose in order else last)


def _purposes(path: Path) -> Iterator[tuple[tuple[str, str], str]]:
    """Each line of a file with the purpose under which it stands."""
    purpose = ("", "")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip().startswith("## "):
            purpose = in_both(line.strip()[3:])
        elif line.startswith("hydra:"):
            return
        yield purpose, line


def _read(path: Path) -> Iterator[Option]:
    """The options that a file declares."""
    branch, above = "", ""
    for purpose, line in _purposes(path):
        found = _KEY.fullmatch(line)
        if line.strip().startswith("#") or found is None:
            above = f"{above}\n{line.strip(' #')}" if not line.strip().startswith("## ") else ""
            continue
        indent, listed, name, value, beside = found.groups(default="")
        zh, en = in_both(beside or above)
        above = ""
        if listed and (value or name in NAMED):
            choices = tuple(sorted(item.stem for item in (CONF / name).glob("*.yaml")))
            yield Option(purpose, NAMED.get(name, name), value, zh, en, choices)
        elif not listed and name != "defaults":
            branch = branch if indent else f"{name}." if not value else ""
            if value:
                yield Option(purpose, f"{branch if indent else ''}{name}", value, zh, en)


def in_both(comment: str) -> tuple[str, str]:
    """The Chinese and the English part of a comment; one in a single language stands for both."""
    zh, mark, en = re.sub(r"\s*\n\s*", " ", comment.strip()).partition("|")
    return (zh.strip(), en.strip()) if mark else (zh, zh)


@cache
def short_labels() -> dict[str, str]:
    """A few words on each option in the reader's language, by name."""
    place = 0 if first_language() == "zh" else 1
    return {option.name: re.split("[;；(（，,:：|]", (option.zh, option.en)[place])[0].strip()
            for option in options_of("compare")}  # fmt: skip
