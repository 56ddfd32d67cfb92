"""A YAML file that a person made, read as data: text, numbers, true or false, lists, mappings, and nothing else."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from scenarios.cells import GROUPED
from scenarios.columns import narrow
from scenarios.errors import Problem
from scenarios.sheets import read_text
from scenarios.yaml_words import explain

# libyaml's parser is ten times faster; neither builds anything but events here
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LARGEST_BYTES = 1_000_000
MOST_NODES = 5_000
"""Values and keys of a file, those that aliases stand for counted each time."""
MOST_ALIASES = 20
DEEPEST = 20
LONGEST_TEXT = 2_000
LONGEST_NUMBER = 18
MOST_PROBLEMS = 20
"""So many mistakes of a file are told."""

UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u2800"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Control characters, marks that turn the direction of writing, what has no width, halves of characters."""
PACKAGE_HEAD = re.compile(r"^\s*#\s*@", re.MULTILINE)
WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?((?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+")
PLAIN = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
PLAIN |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
UNCLEAR = (
    (r"(?i)yes|no|on|off", "写 true 或 false；若是文字请加引号", "write true or false; text goes in quotes"),
    (
        r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*",
        "不是有效的 YAML 数值：日期；年份写作 2025 这样的整数，文字请加引号",
        "is not valid YAML for a value: a date; a year is a number such as 2025, text goes in quotes",
    ),
    (
        r"[-+]?(0[0-9_]+(\.[0-9]*)?|0[xob][0-9a-fA-F_]+|[0-9][0-9_.]*_[0-9_.]*|[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?)",
        "不是十进制数；数字照常写（如 1000、0.5），编号与文字请加引号",
        "is no decimal number; write 1000 or 0.5, codes and text go in quotes",
    ),
    (r"[-+]?\d+(，\d{3})+(\.\d+)?", "用了全角逗号", "a full-width comma in a number"),
    (r"(?i)[-+]?\.(inf|nan)", "应为数字", "must be a number"),
)
"""What YAML 1.1 takes for something else than the writer is likely to mean."""
UNSAFE = ("出于安全，配置文件中不允许此项（只写数值）", "refused for safety: files hold values only")


@dataclass
class Data:
    """What a file holds.

    Attributes:
        tree: the mapping; keys are text or whole numbers.
        lines: line of each key and item, by the keys that lead to it.
    """

    tree: dict[Any, Any] = field(default_factory=dict)
    lines: dict[tuple[Any, ...], int] = field(default_factory=dict)


class Stop(Exception):
    """The file is not read on."""


def read_yaml(path: Path, file: str = "", names: Container[str] = ()) -> tuple[Data, list[Problem]]:
    """Read a YAML file strictly.

    Args:
        path: the file, in UTF-8 or GBK.
        file: name shown to the user; the file's own unless given.
        names: keys that may hold full-width signs.

    Returns:
        What it holds, and what is wrong with it: its form, and everything that is no plain data.
    """
    file = file or path.name
    text, problems = read_characters(path, file)
    if problems:
        return Data(), problems[:MOST_PROBLEMS]
    reading = Reading(file, names)
    try:
        reading.document(yaml.parse(text, Loader=LOADER))
    except yaml.YAMLError as error:
        reading.problems.append(explain(error, text, file))
    except Stop:
        pass
    return reading.data, list(dict.fromkeys(reading.problems))[:MOST_PROBLEMS]


def read_characters(path: Path, file: str) -> tuple[str, list[Problem]]:
    """The text of a file of ordinary kind and size, and the characters in it that no data need."""
    text, problems = read_text(path, LARGEST_BYTES)
    if problems:
        return "", [replace(problem, file=file) for problem in problems]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    zh, en = "含有控制字符或不可见字符", "holds a control character or an invisible one"
    problems = [
        Problem(zh, en, file=file, row=row_of(text, found.start()), value=f"U+{ord(found[0]):04X}")
        for found in UNFIT.finditer(text)
    ]
    problems += [
        Problem(*UNSAFE, file=file, row=row_of(text, found.end()), field="# @") for found in PACKAGE_HEAD.finditer(text)
    ]
    return text, problems


def shown(text: str) -> str:
    """Text as it is told: what could trick a terminal is written out."""
    return text if text.isprintable() else ascii(text)


def row_of(text: str, place: int) -> int:
    """Line of a place in a text, from 1."""
    return text.count("\n", 0, place) + 1


class Reading:
    """Builds the data from the parser's events, within bounds.

    Attributes:
        data: what was read so far.
        problems: what is wrong with it.
    """

    def __init__(self, file: str, names: Container[str] = ()) -> None:
        self.file, self.names = file, names
        self.data = Data()
        self.problems: list[Problem] = []
        self.nodes = self.aliases = 0
        self.anchors: dict[str, tuple[Any, int]] = {}

    def note(self, zh: str, en: str, event: yaml.Event, path: tuple[Any, ...] = (), value: str = "") -> None:
        """Note a mistake."""
        name = ".".join(str(key)[:60] for key in path)
        place = {"file": self.file, "row": event.start_mark.line + 1}
        self.problems.append(Problem(zh, en, **place, field=shown(name), value=shown(value[:60])))

    def stop(self, zh: str, en: str, event: yaml.Event, path: tuple[Any, ...] = (), value: str = "") -> Stop:
        """Note a mistake after which there is no reading on."""
        self.note(zh, en, event, path, value)
        return Stop()

    def document(self, events: Iterator[yaml.Event]) -> None:
        """The one document of a file."""
        self.events = events
        next(events)
        event = next(events)
        if isinstance(event, yaml.StreamEndEvent):
            raise self.stop("文件是空的", "file is empty", event)
        event = next(events)
        if not isinstance(event, yaml.MappingStartEvent):
            value = getattr(event, "value", None)
            if value == "":
                raise self.stop("文件是空的", "file is empty", event)
            if value is not None:
                self.key(event, ())  # tells of punctuation
            raise self.stop("应为“名称: 值”", "must hold name: value", event, value=value or "")
        self.data.tree = self.node(event, ())
        next(events)
        event = next(events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.stop("一个文件只能有一份内容，删去“---”", "holds a second document; remove the ---", event)

    def node(self, event: yaml.Event, path: tuple[Any, ...]) -> Any:
        """The value that begins with an event."""
        self.nodes += 1
        before = self.nodes
        self.data.lines.setdefault(path, event.start_mark.line + 1)
        if len(path) > DEEPEST:
            raise self.stop("层次太深", "is nested too deeply", event, path[:3])
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, path)
        if event.tag is not None:
            self.note("不允许类型标记 !", "type tags (!) are not allowed", event, path, event.tag)
        if isinstance(event, yaml.ScalarEvent):
            value = self.scalar(event, path)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self.sequence(path)
        else:
            value = self.mapping(path)
        if self.nodes > MOST_NODES:
            raise self.stop("内容太多", "holds too much", event, path, f"> {MOST_NODES:,}")
        if event.anchor:
            self.anchors[event.anchor] = value, self.nodes - before + 1
        return value

    def alias(self, event: yaml.Event, path: tuple[Any, ...]) -> Any:
        """What an alias stands for."""
        if event.anchor not in self.anchors:
            zh, en = "以 * 开头的文字请加引号", "no such anchor; text beginning with * goes in quotes"
            raise self.stop(zh, en, event, path, f"*{event.anchor}")
        value, nodes = self.anchors[event.anchor]
        self.aliases += 1
        self.nodes += nodes
        if self.aliases > MOST_ALIASES or self.nodes > MOST_NODES:
            raise self.stop("* 引用太多", "too many aliases (*)", event, path, f"*{event.anchor}")
        return value

    def sequence(self, path: tuple[Any, ...]) -> list[Any]:
        """A list."""
        items: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, (*path, len(items))))
        return items

    def mapping(self, path: tuple[Any, ...]) -> dict[Any, Any]:
        """A mapping, each key once."""
        found: dict[Any, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.key(event, path)
            if key in found:
                self.note("同一名称出现两次", "name stands twice", event, (*path, key))
            self.data.lines[*path, key] = event.start_mark.line + 1
            found[key] = self.node(next(self.events), (*path, key))
        return found

    def key(self, event: yaml.Event, path: tuple[Any, ...]) -> Any:
        """A name, or a year."""
        self.nodes += 1
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
            raise self.stop("名称应为文字", "a name must be text", event, path)
        key, place = self.scalar(event, path), (*path, event.value)
        if isinstance(key, bool) or not isinstance(key, str | int):
            self.note("名称应为文字或年份", "a name must be text or a year", event, path, event.value)
            return event.value
        if isinstance(key, int):
            return key
        if "@" in key or key == "<<" or re.fullmatch(r"_\w*_", key) or (not path and re.match(r"hydra\b", key)):
            self.note(*UNSAFE, event, place)
        elif re.search("[：，；“”‘’]", key) and narrow(key) not in self.names:
            zh, en = "用了全角标点；应为半角冒号加空格“: ”、半角逗号", "full-width punctuation; write `: ` and `,`"
            self.note(zh, en, event, path, key)
        elif ":" in key and not event.style:
            self.note("冒号后要有空格", "a colon is followed by a blank", event, path, key)
        return key

    def scalar(self, event: yaml.ScalarEvent, path: tuple[Any, ...]) -> Any:
        """Text, a number, true, false or nothing."""
        text = event.value
        if "${" in text:
            self.note(*UNSAFE, event, path, text)
        elif UNFIT.search(text):
            zh, en = "含有控制字符或不可见字符", "holds a control character or an invisible one"
            self.note(zh, en, event, path, text)
        elif len(text) > LONGEST_TEXT:
            self.note(f"文字超过 {LONGEST_TEXT} 字", f"text is longer than {LONGEST_TEXT} characters", event, path)
        elif text.strip() == "???":
            self.note("尚未填写", "is not filled in", event, path, text)
        elif not event.style:
            return self.plain(event, path)
        return text

    def plain(self, event: yaml.ScalarEvent, path: tuple[Any, ...]) -> Any:
        """What stands without quotes."""
        text, plain = event.value, narrow(event.value)
        plain = plain.replace(",", "") if GROUPED.fullmatch(plain) and "，" not in text else plain
        text = plain if WHOLE.fullmatch(plain) or DECIMAL.fullmatch(plain) else text
        if text in PLAIN:
            return PLAIN[text]
        for pattern, zh, en in UNCLEAR:
            if re.fullmatch(pattern, text) and not DECIMAL.fullmatch(text):
                self.note(zh, en, event, path, text)
                return text
        is_whole = WHOLE.fullmatch(text)
        if (is_whole and len(text) > LONGEST_NUMBER) or (DECIMAL.fullmatch(text) and not math.isfinite(float(text))):
            self.note("应为数字", "must be a number", event, path, text)
        elif is_whole:
            return int(text)
        elif DECIMAL.fullmatch(text):
            return float(text)
        return text
