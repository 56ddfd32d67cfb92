"""Names and values as people write them: Chinese names of docs/parameters.md, units, percent, full-width letters.

A place in the configuration is a path of English names: `("strategy", "levers", "training", "start")`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from scenarios.cells import NUMBER, read_number
from scenarios.columns import narrow
from sim.ablation import PROCESSES
from sim.parameters import Parameter
from sim.policies import schedule
from sim.policies.base import Lever
from sim.policies.registry import LEVERS
from sim.problems import Problem, nearest
from sim.structures import STRUCTURES
from sim.world import DECLARED

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
OPTIONS = {
    "strategy.levers": "措施", "strategy": "策略", "reference": "对照策略", "parameters": "参数",
    "world.ranges": "参数范围", "district": "地点", "futures": "未来个数", "start_year": "起始年", "horizon": "终止年",
    "discount_rate": "年贴现率", "budget": "预算", "structure": "结构",
}  # fmt: skip
"""Chinese names of what may stand first on the command line."""
MODES = {"uncapped": "不限", "capped": "封顶", "equal_cost": "成本相等"}
Path = tuple[str, ...]
Names = Mapping[str, list[str]]
LEVERS_AT = ("strategy", "levers")
PARAMETERS = (("parameters",), ("world", "ranges"), ("world", "fixed"), ("design", "values"), ("design", "parameters"))
STRATEGIES = (("strategy",), ("reference",), ("budget", "equal_to"), ("strategies", "names"), ("strategy", "defaults"),
          ("strategy", "same_cost_as"))  # fmt: skip
"""Where strategies are named."""
NAMED: Mapping[Path, Mapping[str, Any]] = {
    (): OPTIONS, ("strategy",): {"levers": "措施"}, LEVERS_AT: LEVERS, ("strategy", "scaled_lever"): LEVERS,
    ("budget", "priority"): LEVERS, ("budget", "mode"): MODES, ("strategy", "without"): PROCESSES,
    ("strategies", "without_each"): PROCESSES, ("structure",): STRUCTURES, ("structures",): STRUCTURES,
}  # fmt: skip
"""What may stand in a place, as keys or as values."""
FREE = re.compile(r"zh|en|description_..|missing_..|name|place|village_table|outputs|file|swept|cells")
"""Last names of places where any text may stand."""
WIDE = re.compile("[：，、；＝“”‘’【】［］｛｝〔〕]")
PLAIN = str.maketrans("、【】〔〕“”‘’", ",[][]\"\"''")
TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[\[\]{},:]|[^\[\]{},:'\"]+|.", re.DOTALL)
THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?=(?:,\d{3})*,0\d\d)(?:,\d{3})+(?!\d)")
"""Commas between thousands that can't lie between several values, as none of these begins with 0."""


class Unit(NamedTuple):
    """Unit of a number in Chinese, and what is allowed."""

    zh: str
    allowed: str


YEAR, COUNT, SHARE, MONEY = Unit("年份", "2026"), Unit("个", "100"), Unit("比例", "0–1"), Unit("万元", "≥ 0 万元")
UNITS = {
    ("horizon",): YEAR, ("start_year",): YEAR, ("stopping", "year"): YEAR, ("futures",): COUNT,
    ("stopping", "least"): COUNT, ("stopping", "step"): COUNT, ("workers",): COUNT,
    ("discount_rate",): Unit("比例", "0–0.2"), ("residents",): Unit("人", "off, 7–500, all"),
    ("budget", "annual"): Unit("万元／年", "≥ 0 万元/yr"),
}  # fmt: skip
"""Units of options."""
COMMON_UNITS = {"start": YEAR, "end": YEAR, "pilot_share": SHARE, "phase_in_years": Unit("年", "1–60"),
                "income_below": MONEY, "income_above": MONEY}  # fmt: skip
"""Units of settings that all levers have."""


def by_label(named: Iterable[tuple[str, Any]]) -> Names:
    """Names by Chinese label, in plain letters; a label that several share leads to all of them."""
    found: dict[str, list[str]] = {}
    for name, item in named:
        label = item if isinstance(item, str) else item[0] if isinstance(item, tuple) else item.zh
        found.setdefault(narrow(label), []).append(name)
    return found


@cache
def parameter_names() -> Names:
    """Parameters by their Chinese label."""
    return by_label(DECLARED.items())


def names_at(path: Path) -> Names:
    """Names by Chinese label that may stand in a place, as keys or as values."""
    match path:
        case ("strategy", "levers", lever):
            return by_label([*LEVERS.get(lever, Lever).settings().items(), *COMMON.items()])
        case ("strategy", "levers", _, "phase_in_by"):
            return by_label(schedule.UNITS.items())
        case ("strategy", "levers", lever, name):
            return by_label(getattr(LEVERS.get(lever, Lever).settings().get(name), "options", {}).items())
        case ("structure", name) if name in list(STRUCTURES):
            return by_label(STRUCTURES[name].forms.items())
    return parameter_names() if path in PARAMETERS else by_label(NAMED.get(path, {}).items())


def unit_at(path: Path) -> Unit | None:
    """The unit of the number that is wanted in a place, or None."""
    declared: Any = None
    if path[:2] == LEVERS_AT and len(path) == 4:
        declared = LEVERS.get(path[2], Lever).settings().get(path[3])
        if not isinstance(declared, Parameter):
            return COMMON_UNITS.get(path[3])
    for place in PARAMETERS:
        if path[: len(place)] == place:
            declared = DECLARED.get(".".join(path[len(place) :]))
    if declared is None:
        return UNITS.get(path)
    return Unit(declared.unit_zh, f"{declared.low:g}–{declared.high:g} {declared.unit}".strip())


def no_names(path: Path) -> Names:
    """No strategies and no districts."""
    return {}


class Translation:
    """English names and plain numbers for what people write.

    Attributes:
        problems: names that stand twice or could mean several, units that do not fit, full-width punctuation.
    """

    def __init__(
        self, file: str, lines: Mapping[tuple[Any, ...], int] | None = None, others: Callable[[Path], Names] = no_names
    ) -> None:
        """Begin a file, or the command line.

        Args:
            file: what is named in mistakes.
            lines: line of each key and item.
            others: strategies or districts by Chinese name.
        """
        self.file, self.lines, self.others = file, lines or {}, others
        self.problems: list[Problem] = []

    def tree(self, path: Path, value: Any, place: tuple[Any, ...] = ()) -> Any:
        """What stands in a place of a file, with English names; `place` holds the keys as they are written."""
        if not isinstance(value, Mapping):
            is_sign = isinstance(value, str) and WIDE.search(value) is not None
            if path in (LEVERS_AT, (*LEVERS_AT, path[-1])) and not is_sign:
                self.tell_shape(path, value, place)
            elif isinstance(value, list):
                return [self.tree(path, item, (*place, number)) for number, item in enumerate(value)]
            return self.value(path, value, place) if isinstance(value, str) else value
        found: dict[Any, Any] = {}
        for written, item in value.items():
            name, here = self.key(path, written, place), (*place, written)
            *outer, last = name.split(".") if name in DECLARED and name != written else [name]
            branch = found
            for step in outer:
                branch = branch.setdefault(step, {})
            if last in branch:
                zh, en = "同一名称出现两次（中英文算同一名称）", "name stands twice, in Chinese and in English"
                self.tell(zh, en, here, value=str(name))
            branch[last] = self.tree(path if unit_at(path) else (*path, *outer, str(last)), item, here)
        return found

    def tell_shape(self, path: Path, value: Any, place: tuple[Any, ...]) -> None:
        """Note that levers, or one of them, hold no mapping."""
        zh, en, allowed = "应为“设置: 值”", "must hold setting: value", "{intensity: 1, start: 2025}"
        if path == LEVERS_AT:
            zh, en, allowed = "应为“措施: 设置”", "must hold lever: settings", ""
        self.tell(zh, en, place, value=str(value)[:60], allowed=allowed)

    def path(self, key: str) -> Path:
        """The place that a name on the command line leads to."""
        found: Path = ()
        for written in key.split("."):
            name, names = str(self.key(found, written, (key,))), names_at(found)
            if name == written and not name.isascii() and not self.problems:
                self.tell("没有这个名称", "no such name", (key,), value=name, nearest=nearest(name, list(names)))
            found += tuple(name.split("."))
        return found

    def word(self, path: Path, value: str, key: str) -> str:
        """What stands in a place on the command line, with English names and plain numbers."""
        if FREE.fullmatch(path[-1]) or re.match(r"[a-z]+\(", value):
            return value
        if unit_at(path):
            value = THOUSANDS.sub(lambda found: found[0].replace(",", ""), value)
        brackets: list[tuple[str, Path]] = []  # those that are open, and what they hold
        here, is_key, words = path, False, ""
        for token in TOKEN.findall(value):
            text = token.strip()
            if text in ("", "'", '"'):
                words += token
                continue
            if text in ("[", "{"):
                brackets.append((text, here))
            elif text in ("]", "}") and brackets:
                here = brackets.pop()[1]
            elif text == "," and brackets:
                here = brackets[-1][1]
            elif text not in (",", ":", "]", "}"):
                bare = text[1:-1] if text[0] in "'\"" and text[-1] == text[0] else text
                meant = self.key(here, bare, (key,)) if is_key else self.value(here, bare, (key,))
                here = here if not is_key or unit_at(here) else (*here, *str(meant).split("."))
                token = token if meant == bare or NUMBER.fullmatch(text) else str(meant)
            is_key = text == "{" or (text == "," and bool(brackets) and brackets[-1][0] == "{")
            words += token
        return words

    def key(self, path: Path, written: Any, place: tuple[Any, ...]) -> Any:
        """The English name, or the year, that a key stands for."""
        if not isinstance(written, str):
            return written
        year = read_number(written, YEAR.zh)[0] if unit_at(path) else None
        return self.named(names_at(path), written, (*place, written)) or written if year is None else year

    def value(self, path: Path, text: str, place: tuple[Any, ...]) -> Any:
        """The English name or the number that a text stands for; any other text as it is."""
        if FREE.fullmatch(path[-1]):
            return text
        names, unit = names_at(path), unit_at(path)
        if path in STRATEGIES and not text.isascii():
            names = self.others(path)
        found = self.named(names, text, place)
        number, wrong = read_number(text, unit.zh) if unit and found is None else (None, None)
        if unit and wrong:
            self.tell(*wrong, place, value=text, allowed=unit.allowed)
        return found or (text if number is None else number)

    def named(self, names: Names, text: str, place: tuple[Any, ...]) -> str | None:
        """The English name for a Chinese one; a mistake is noted where there are several, or a full-width sign."""
        meant, sign = names.get(narrow(text), []), WIDE.search(text)
        if len(meant) > 1:
            zh, en = "有多项用此名称，请写英文名称", "several are named so; write the English name"
            self.tell(zh, en, place, value=text, allowed=", ".join(meant))
        elif sign and not meant:
            letter = sign.start() + 1
            zh, en = f"第 {letter} 个字是全角标点“{sign[0]}”，应为半角", f"letter {letter} is a full-width {sign[0]}"
            self.tell(zh, en, place, value=text, nearest=narrow(text.translate(PLAIN)))
        return text if len(meant) > 1 or (sign and not meant) else meant[0] if meant else None

    def tell(self, zh: str, en: str, place: tuple[Any, ...], **more: str) -> None:
        """Note a mistake in a place, which holds the keys as they are written."""
        field = ".".join(map(str, place))
        self.problems.append(Problem(zh, en, file=self.file, row=self.lines.get(place), field=field, **more))
