"""The words after a job's name: taken apart, made digestible for Hydra, and checked one by one."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.utils import get_args_parser
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException

from experiments.chinese_names import english
from sim.problems import InputErrors, Problem

WHERE = "命令行 command line"
TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\s,\[\]{}:='\"]+")

DIRECTORY = re.compile(r"--config-d(i|ir)?|-cd")
NOT_TAKEN = ("config-path", "config-name", "experimental-rerun")
"""Options with which Hydra would read files, or pickles, of somebody else as they are."""


@dataclass(frozen=True)
class Invocation:
    """A job as the user asked for it.

    Attributes:
        job: `run` or `compare`.
        overrides: `key=value`, rewritten so that Hydra can read them.
        flags: everything else, passed to Hydra as it is.
        folders: the user's configuration folders.
        is_sweep: several jobs at once (`-m`).
        only_shows: help, configuration or completion is wanted, nothing is run.
    """

    job: str
    overrides: tuple[str, ...]
    flags: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    is_sweep: bool = False
    only_shows: bool = False

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
    parser = get_args_parser()
    parser.error = _refuse  # type: ignore[method-assign, assignment]
    found = parser.parse_intermixed_args(list(arguments))
    flags = tuple(word for word in without_directory(arguments) if word not in found.overrides)
    shows = any([found.help, found.hydra_help, found.cfg, found.info, found.shell_completion])
    refused = [name for name in NOT_TAKEN if getattr(found, name.replace("-", "_"))]
    refused += ["hydra.searchpath" for word in found.overrides if word.lstrip("+~").startswith("hydra.searchpath")]
    if refused:
        zh, en = "不可用；自己的策略放在文件夹中，用 --config-dir", "is not taken; use --config-dir"
        raise InputErrors([Problem(zh, en, file=WHERE, field=name) for name in refused])
    if "${" in str(Path.cwd()):  # Hydra takes the names of folders as words of its own
        zh, en = "文件夹名称含 ${，请改名", "the name of a folder holds ${; rename it"
        raise InputErrors([Problem(zh, en, file=str(Path.cwd()))])
    folders = (Path(found.config_dir).expanduser(),) if found.config_dir else ()
    invocation = Invocation(job, (), flags, folders, bool(found.multirun), bool(shows))
    return replace_overrides(invocation, found, districts)


def without_directory(arguments: Sequence[str]) -> Iterator[str]:
    """The words without `--config-dir` and its folder: Hydra is not to read there."""
    words = iter(arguments)
    for word in words:
        if DIRECTORY.fullmatch(word):
            next(words, "")
        elif not DIRECTORY.match(word):
            yield word


def replace_overrides(invocation: Invocation, found: Namespace, districts: Sequence[str]) -> Invocation:
    """Rewrite the overrides: Chinese words are quoted, a list of strategies and a path get keys of their own."""
    overrides, folders = [], list(invocation.folders)
    for word in found.overrides:
        key, equals, value = word.partition("=")
        if key == "strategies" and value.startswith("["):
            key = "strategies.names"
        if key == "district" and value.strip("'\"") not in districts and Path(value.strip("'\"")).expanduser().is_dir():
            path = Path(value.strip("'\"")).expanduser().resolve()
            key, value = "district.place", quoted(str(path).replace("${", "\\${"))
            if (path / "conf").is_dir():
                folders.append(path / "conf")
        overrides.append(f"{key}{equals}{quote_foreign(value)}")
    return replace(invocation, overrides=tuple(overrides), folders=tuple(folders))


def quoted(text: str) -> str:
    """Text in single quotes, as Hydra's grammar wants it."""
    return "'" + text.replace("'", "\\'") + "'"


def quote_foreign(value: str) -> str:
    """Quote what Hydra's grammar can't read bare: words beyond ASCII."""
    if value.isascii():
        return value
    if value[:1] not in "[{'\"" and "," not in value:
        return quoted(value)
    return TOKEN.sub(lambda match: match[0] if match[0].isascii() or match[0][0] in "'\"" else quoted(match[0]), value)


def readable(invocation: Invocation) -> tuple[list[str], list[Problem]]:
    """The overrides that Hydra can read, and what is wrong with the others."""
    parser, good, problems = OverridesParser.create(), [], []
    for word in invocation.overrides:
        try:
            override = parser.parse_overrides([word])[0]
        except HydraException:
            key, near = word.partition("=")[0], english(word.partition("=")[0])
            problems.append(
                Problem("无法读懂，应为“名称=值”", "can not be read", file=WHERE, value=word, allowed="key=value",
                        nearest="" if near == key else near)
            )  # fmt: skip
            continue
        if override.is_sweep_override() and not invocation.is_sweep:
            zh, en = "一次给出多个值需加 -m", "several values need -m"
            problems.append(Problem(zh, en, file=WHERE, field=override.key_or_group, value=word.partition("=")[2]))
        else:
            good.append(word)
    return good, problems


def _refuse(message: str) -> None:
    raise InputErrors([Problem("命令行选项有误", "not a valid option", file=WHERE, value=message)])
