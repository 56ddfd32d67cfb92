"""What options of jobs that run the model mean, from the comments of `conf/*.yaml`, where they are declared.

`## 中文 | English` begins a purpose; what explains a key stands beside it or above it, as `中文 | English`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from experiments.messages import in_a_line

CONF = Path(__file__).parents[1] / "conf"
NAMED = {"declared/parameters": "parameters.NAME", "declared/ranges": "world.ranges.NAME",
         "declared/texts": "strategy.zh", "declared/levers": "strategy.levers.LEVER.SETTING"}  # fmt: skip
"""Groups of declared names, as one of them is written on the command line."""
_KEY = re.compile(r"( *)(- )?([\w/]+)(?:: *([^#]*?))?(?: *# *(.*))?")


class Option(NamedTuple):
    """An option: purpose and label in the reader's language, name as on the command line, and the default."""

    purpose: str
    name: str
    default: str
    label: str


def options_of(job: str) -> list[Option]:
    """The options of a job by purpose; what its own file says comes before what all jobs share."""
    found, purposes = {}, []
    for option in [*_read("job"), *_read(job)]:
        shared = found.get(option.name, option)
        found[option.name] = option if option.label else shared._replace(default=option.default)
        purposes.append(option.purpose)
    return sorted((item for item in found.values() if item.name), key=lambda item: purposes.index(item.purpose))


def _read(file: str) -> Iterator[Option]:
    """The options that a file declares, and a nameless one where a purpose begins."""
    purpose, branch, above = "", "", ""
    for line in (CONF / f"{file}.yaml").read_text(encoding="utf-8").splitlines():
        found = _KEY.fullmatch(line)
        if line.lstrip().startswith("## "):
            purpose, above = label_of(line.strip()[3:]), ""
            yield Option(purpose, "", "", "")
        elif found is None:
            above += line.strip().removeprefix("#")
        elif found[3] == "hydra":
            return
        else:
            indent, listed, name, value, beside = found.groups(default="")
            files = sorted(path.stem for path in (CONF / name).glob("*.yaml")) if listed else []
            label, above = label_of(beside or above) + (f" [{', '.join(files)}]" if 1 < len(files) < 10 else ""), ""
            branch = branch if indent and not listed else f"{name}."
            if value or name in NAMED:
                yield Option(purpose, NAMED.get(name, f"{branch if indent and not listed else ''}{name}"), value, label)


def label_of(comment: str) -> str:
    """A comment in the reader's language."""
    zh, mark, en = comment.partition("|")
    return in_a_line(zh.strip(), en.strip() if mark else zh.strip())
