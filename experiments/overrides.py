"""The words after a job's name: taken apart, made digestible for Hydra, and checked one by one."""

from __future__ import annotations

import math
import os
import re
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Override, RangeSweep
from hydra.errors import HydraException

from experiments.chinese_names import OPTIONS, Names, Translation, no_names
from experiments.flags import flags_of_model_jobs
from experiments.messages import WHERE
from experiments.user_yaml import Options
from scenarios.columns import narrow
from scenarios.county_district import find_county
from sim.problems import InputErrors, Problem

TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\s,\[\]{}:='\"]+")

DIRECTORY = re.compile(r"--config-dir|-cd")
PATHS = ("district", "district.place", "district.village_table", "outputs", "design.file", "cells")
"""Names whose value is taken as it is typed."""
MAY = ("hydra/launcher", "hydra.launcher.n_jobs")
"""What a user may set of Hydra itself."""
MOST_JOBS = 1000
"""Jobs of a sweep."""


@dataclass(frozen=True)
class Invocation:
    """A job as the user asked for it.

    Attributes:
        job: `run`, `compare` or `sweep`.
        overrides: `key=value`, rewritten so that Hydra can read them.
        flags: everything else, passed to Hydra as it is.
        folders: the user's configuration folders.
        is_sweep: several jobs at once (`-m`).
        only_shows: help, configuration or completion is wanted, nothing is run.
        problems: what is wrong with the words that are left out of `overrides`.
    """

    job: str
    overrides: tuple[str, ...]
    flags: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    is_sweep: bool = False
    only_shows: bool = False
    problems: tuple[Problem, ...] = ()

    def arguments(self) -> list[str]:
        """What Hydra is called with."""
        return [*self.flags, *self.overrides]


def each_job(overrides: Sequence[str], is_sweep: bool) -> list[list[str]]:
    """The overrides of every single job of a sweep; of the one job otherwise."""
    if not is_sweep:
        return [list(overrides)]
    parsed = OverridesParser.create().parse_overrides(list(overrides))
    return [list(job) for batch in BasicSweeper.split_arguments(parsed, None) for job in batch]


def read(job: str, arguments: Sequence[str], districts: Sequence[str]) -> Invocation:
    """Take a command line apart.

    Args:
        job: name of the job.
        arguments: what follows it.
        districts: names of the districts that need no path.
    """
    found = flags_of_model_jobs(job).parse_intermixed_args(list(arguments))
    flags = tuple(word for word in without_directory(arguments) if word not in found.overrides)
    shows = any([found.help, found.cfg, found.info])
    if "${" in str(Path.cwd()):  # Hydra takes the names of folders as words of its own
        zh, en = "文件夹名称含 ${，请改名", "the name of a folder holds ${; rename it"
        raise InputErrors([Problem(zh, en, file=str(Path.cwd()))])
    folders = (Path(os.path.expanduser(found.config_dir)),) if found.config_dir else ()
    invocation = Invocation(job, (), flags, folders, bool(found.multirun), bool(shows))
    return replace_overrides(invocation, found, districts)


def without_directory(arguments: Sequence[str]) -> Iterator[str]:
    """The words without `--config-dir` and its folder: Hydra is not to read there."""
    words = iter(arguments)
    for word in words:
        if DIRECTORY.fullmatch(word):
            next(words, "")
        elif not word.startswith(("--config-dir", "-cd")):
            yield word


def replace_overrides(invocation: Invocation, found: Namespace, districts: Sequence[str]) -> Invocation:
    """Rewrite the overrides: Chinese names are English ones, paths are quoted, lists of strategies get own keys."""
    typed, ready, folders = [], [], list(invocation.folders)
    for word in found.overrides:
        key, equals, value = word.partition("=")
        key = "district" if key == OPTIONS["district"] else key
        if word.startswith(("strategies=[", "策略=[" if invocation.job == "compare" else "strategies=[")):
            key = "strategies.names"
        path = Path(os.path.expanduser(unquoted(value)))
        named = key == "district" and unquoted(value) not in districts
        county = find_county(path) if named else None
        if named and (is_folder(path) or county is not None):
            key, value = "district.place", quoted(str(path if isinstance(county, str) else path.resolve()))
            ready.append(f"{key}={value}")
            if (path / "conf").is_dir():
                folders.append(path.resolve() / "conf")
        typed.append(f"{key}{equals}{value}")
    words, problems = translated(typed, folders, invocation.is_sweep, ready)
    return replace(invocation, overrides=tuple(words), folders=tuple(folders), problems=tuple(problems))


def translated(
    typed: Sequence[str], folders: Sequence[Path] = (), is_sweep: bool = False, ready: Sequence[str] = ()
) -> tuple[list[str], list[Problem]]:
    """Words with English names and plain numbers as Hydra reads them, and what is wrong with the others.

    Args:
        typed: `name=value`, the names in either language.
        folders: the user's folders, whose strategies have Chinese names too.
        is_sweep: whether several paths may be given.
        ready: words among them that are left as they are.
    """
    words, problems, own = [], [], Options(folders)
    for word in typed:
        translation = Translation(WHERE, others=own.names)
        key, equals, value = word.partition("=")
        if not equals:
            translation.named({}, word, ())
        elif word not in ready:
            path = translation.path(key)
            key = ".".join(path)
            if key in PATHS:
                value = ",".join(as_typed(key, part, translation.others) for part in several(value, is_sweep))
            else:
                value = quote_foreign(translation.word(path, value, key))
        problems += translation.problems
        words += [] if translation.problems else [f"{key}{equals}{value}"]
    return words, problems


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; a name that is too long is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def several(value: str, is_sweep: bool) -> list[str]:
    """The paths of a sweep, separated by commas that stand outside quotes; elsewhere a comma belongs to the path."""
    return re.findall(r"(?:'(?:[^'\\]|\\.)*'|[^,])+", value) if is_sweep else [value]


def as_typed(key: str, path: str, others: Callable[[Sequence[str]], Names] = no_names) -> str:
    """A path in quotes, whatever it holds; `~` is the home folder where results lie, as it is in every reader."""
    if path == "null":
        return path
    if key == "district":
        path = others((key,)).get(narrow(unquoted(path)), [path])[0]
    return quoted(os.path.expanduser(unquoted(path)) if key == "outputs" else unquoted(path))


def bare(word: str) -> str:
    """A word without the quotes that `as_typed` gave it, where it means the same without."""
    key, _, value = word.partition("=")
    return f"{key}={unquoted(value)}" if key in PATHS and not set("'\"\\,") & set(unquoted(value)) else word


def quoted(text: str) -> str:
    """Text in single quotes, as Hydra's grammar wants it: it looks at backslashes before a quote alone."""
    return "'" + re.sub(r"(\\*)('|$)", lambda found: found[1] * 2 + ("\\'" if found[2] else ""), text) + "'"


def unquoted(text: str) -> str:
    """What stands in quotes that the user has written."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def quote_foreign(value: str) -> str:
    """Quote what Hydra's grammar can't read bare: words beyond ASCII."""
    if value.isascii():
        return value
    if value[:1] not in "[{'\"" and "," not in value:
        return quoted(value)
    return TOKEN.sub(lambda match: match[0] if match[0].isascii() or match[0][0] in "'\"" else quoted(match[0]), value)


def readable(invocation: Invocation) -> tuple[list[str], list[Problem]]:
    """The overrides that Hydra can read and a user may give, and what is wrong with the others."""
    parser, good, problems, jobs = OverridesParser.create(), [], [], 1
    for word in invocation.overrides:
        key, _, value = word.partition("=")
        try:
            override = parser.parse_overrides([word])[0]
        except (HydraException, RecursionError):
            zh = "无法读懂，应为“名称=值”，名称见 qiangcun help levers"
            en = "can not be read; qiangcun help levers lists names"
            problems.append(Problem(zh, en, file=WHERE, value=word, allowed="key=value"))
            continue
        wrong = refused(override, value) or unswept(override, value, invocation.is_sweep)
        if wrong:
            problems.append(replace(wrong, file=WHERE, field=key, value=value))
        if not wrong or (key.startswith("+") and not of_hydra(override)):  # then its name is checked too
            good.append(word.lstrip("+"))
            jobs *= values_of(override)
    if jobs > MOST_JOBS:
        zh, en = "批量任务过多", "too many jobs in a sweep"
        return [], [*problems, Problem(zh, en, file=WHERE, value=f"{jobs:,}", allowed=f"≤ {MOST_JOBS:,}")]
    return good, problems


def of_hydra(override: Override) -> bool:
    """Whether an override changes Hydra itself in a way that is not a user's to change."""
    return re.split("[./]", override.key_or_group)[0] == "hydra" and override.key_or_group not in MAY


def refused(override: Override, value: str) -> Problem | None:
    """Why a user may not give an override that Hydra would take."""
    if override.is_delete():
        return Problem("不能删除（~）；应为“名称=值”", "can't be removed (~)", allowed="key=value")
    if "${" in value.replace("\\", ""):  # Hydra takes backslashes away
        return Problem("出于安全，值中不能有 ${…}", "refused for safety: a value holds no ${...}")
    if override.package or of_hydra(override):
        zh = "不能改动 Hydra 自身的设置；结果总在 outputs 文件夹内"
        en = "settings of Hydra stay as they are; results lie in outputs"
        return Problem(zh, en, allowed=", ".join([*(f"{name}=…" for name in (*MAY, "outputs")), "--config-dir"]))
    if override.is_add() or override.is_force_add():
        return Problem("不能添加（+）新名称；应为“名称=值”", "no name can be added (+)", allowed="key=value")
    return None


def unswept(override: Override, value: str, is_sweep: bool) -> Problem | None:
    """Why several values can't be given in this way."""
    if not override.is_sweep_override():
        return None
    if override.key_or_group == "strategies" and not is_sweep:
        zh, en = "多个策略要放在方括号中", "several strategies stand in brackets"
        return Problem(zh, en, allowed=f"strategies=[{value}]")
    if not is_sweep:
        return Problem("一次给出多个值需加 -m", "several values need -m", allowed=f"-m {override.key_or_group}={value}")
    if values_of(override) < 1:
        zh = "应为用逗号分隔的值，或 range(起, 止, 步长)"
        en = "must be values with commas between, or range(start, stop, step)"
        return Problem(zh, en, allowed="1,2,3; range(1,4)")
    return None


def values_of(override: Override) -> int:
    """Number of values that are given for a name, without listing them; 0 where they can't be listed."""
    sweep = override.value()
    if isinstance(sweep, RangeSweep):
        try:
            return max(0, math.ceil((sweep.stop - sweep.start) / sweep.step))  # type: ignore[operator]
        except (ArithmeticError, ValueError):  # a step of 0, NaN, without end
            return 0
    if isinstance(sweep, ChoiceSweep):
        return len(sweep.list)
    return 0 if override.is_sweep_override() else 1
