"""Configuration composed by Hydra, with a user's mistakes told in plain words."""

from __future__ import annotations

import copy
import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import hydra
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments import declarations
from experiments.overrides import WHERE, Invocation, each_job, quoted, readable, translated
from experiments.strategies import check_levers, read_strategy
from experiments.user_yaml import GROUPS, Options, no_such_option, offer, offered, set_intensities
from sim.policies.base import Strategy
from sim.problems import InputErrors, Problem, nearest

declarations.register()

SHARED = ("district", "strategy", "world", "design", "executor")
CHOSEN = {"run": SHARED, "compare": (*SHARED, "strategies"), "sweep": SHARED}
"""Groups of which a job takes one."""

LAUNCHER, JOBLIB = "hydra/launcher", "joblib"
"""The group of Hydra's launchers, and the one that runs several jobs of a sweep at once."""


@dataclass(frozen=True)
class Composed:
    """A composed configuration.

    Attributes:
        values: plain values.
        choices: group to the name chosen in it.
        overrides: what made it so.
    """

    values: dict[str, Any]
    choices: dict[str, str]
    overrides: tuple[str, ...]


@contextmanager
def session() -> Iterator[None]:
    """Hydra, ready to compose; one that is running already (inside a job, in a notebook) is left as it was."""
    instance, thresholds = GlobalHydra.instance(), gc.get_threshold()
    running, instance.hydra = instance.hydra, None
    gc.set_threshold(50_000, 20, 50)  # many small objects are made: to look for rubbish took a tenth of the start
    try:
        with hydra.initialize_config_module("conf", version_base="1.3"):
            yield
    finally:
        instance.hydra = running
        gc.set_threshold(*thresholds)


def compose(job: str, overrides: Sequence[str]) -> Composed:
    """Compose a job's configuration; inside a `session`.

    Raises:
        InputErrors: Hydra refuses, or a user's option reaches beyond its group.
    """
    try:
        make = composed_anew if any(offered().values()) else composed_once
        composed = make(job, tuple(overrides))
    except (HydraException, OmegaConfBaseException) as error:
        what = " ".join(str(error).split())[:300]
        problem = Problem("配置无法组合", "the configuration does not fit together", file=WHERE, value=what)
        raise InputErrors([problem]) from error
    return replace(composed, values=copy.deepcopy(composed.values), choices=dict(composed.choices))


def composed_anew(job: str, overrides: tuple[str, ...]) -> Composed:
    """What Hydra makes of a job and its overrides, with the options that are offered now."""
    config = hydra.compose(job, list(overrides), return_hydra_config=True)
    check_untouched(job, overrides, config)
    choices = {str(key): str(value) for key, value in config.hydra.runtime.choices.items()}
    plain = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
    values = OmegaConf.to_container(plain, resolve=True)
    return Composed(values, choices, overrides)  # type: ignore[arg-type]


composed_once = lru_cache(maxsize=256)(composed_anew)
"""The same where nobody offers options: then the same words always make the same, and Hydra takes 0.2 s for it."""


def check_untouched(job: str, overrides: Sequence[str], config: DictConfig) -> None:
    """A second wall behind the strict reader: all but the groups of a user's options is as without these options.

    Raises:
        InputErrors: it is not.
    """
    own = offer({})
    try:
        if not any(own.values()):
            return
        parsed = OverridesParser.create().parse_overrides(list(overrides))
        kept = [str(word.input_line) for word in parsed if re.split(r"[./@]", word.key_or_group)[0] not in GROUPS]
        without = untouched(job, tuple(kept))
    finally:
        offer(own)
    with_them = outside(config)
    changed = sorted(key for key in {*with_them, *without} if with_them.get(key) != without.get(key))
    changed += ["${"] if "${" in repr(own) else []
    if changed:
        zh, en = "配置文件改动了不属于它的内容", "a configuration file changes what is not its own"
        raise InputErrors([Problem(zh, en, field=key) for key in changed])


@lru_cache(maxsize=256)
def untouched(job: str, overrides: tuple[str, ...]) -> Mapping[str, str]:
    """The same without a user's options; once for all strategies of a job, as these differ in what is left out."""
    return outside(hydra.compose(job, list(overrides), return_hydra_config=True))


def outside(config: DictConfig) -> dict[str, str]:
    """Everything but the groups to which a user may add, unresolved; what tells the user's choices is left out."""
    tree: Any = OmegaConf.to_container(config, resolve=False)
    runtime, told = tree["hydra"].pop("runtime"), tree["hydra"].pop("overrides")
    tree["hydra"]["job"].pop("override_dirname")
    tree["choices"] = {group: name for group, name in runtime["choices"].items() if group not in GROUPS}
    tree["hydra overrides"] = told["hydra"]
    return {key: repr(value) for key, value in tree.items() if key not in GROUPS}  # repr: NaN equals itself


def options(group: str) -> list[str]:
    """Names that may be chosen in a group; inside a `session`."""
    return list(GlobalHydra.instance().config_loader().get_group_options(group))


def known_keys(tree: Mapping[Any, Any], prefix: str = "") -> Iterator[str]:
    """All dotted names of a configuration, groups of names included."""
    for key, value in tree.items():
        yield f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from known_keys(value, f"{prefix}{key}.")


def check(invocation: Invocation) -> tuple[list[Problem], list[list[str]]]:
    """Check the user's YAML files and the names in the overrides; inside a `session`.

    Returns:
        The mistakes, and for each job the overrides without them, so that the values can be checked as well.
    """
    found = Options(invocation.folders)
    if found.problems:
        return found.problems, []
    offer(found.trees())
    words, problems = readable(invocation)
    problems = [*invocation.problems, *problems]
    jobs = []
    for overrides in each_job(words, invocation.is_sweep):
        found, good = check_names(invocation, overrides)
        problems += found
        jobs.append(good)
    return list(dict.fromkeys(problems)), jobs


def show_ready(invocation: Invocation) -> None:
    """Make a user's options known, so that Hydra can show a configuration with them; inside a `session`."""
    if invocation.folders or invocation.problems:
        problems, jobs = check(invocation)
        for overrides in jobs:
            compose(invocation.job, overrides)
        if problems:
            raise InputErrors(problems)


def check_names(invocation: Invocation, overrides: Sequence[str]) -> tuple[list[Problem], list[str]]:
    """Unknown groups, choices and keys in the overrides of one job, and the overrides without them."""
    problems: list[Problem] = []
    choices: list[str] = []
    values = []
    for override in OverridesParser.create().parse_overrides(list(overrides)):
        if override.key_or_group in (*CHOSEN[invocation.job], LAUNCHER):
            check_one = check_launcher if override.key_or_group == LAUNCHER else check_choice
            found = check_one(invocation, override.key_or_group, override.value())
            problems += found
            choices += [] if found else [str(override.input_line)]
        else:
            values.append(override)
    valid = sorted(known_keys(compose(invocation.job, choices).values))
    good = list(choices)
    for override in values:
        name = override.key_or_group
        if name in valid or name.split("/")[0].split(".")[0] == "hydra":  # what is of Hydra was looked at before
            good.append(str(override.input_line))
        else:
            near = nearest(name, valid)
            problems.append(Problem("没有这个名称", "no such name", file=WHERE, field=name, nearest=near))
    return problems, good


def check_choice(invocation: Invocation, group: str, value: Any) -> list[Problem]:
    """Problem of choosing `value` in a group."""
    if group == "strategy" and invocation.job == "compare":
        zh, en = "compare 用 strategies=[…] 选择多个策略", "compare takes strategies=[…]"
        return [Problem(zh, en, file=WHERE, field=group, value=str(value), allowed="strategies=[none,existing]")]
    valid = options(group)
    return [] if str(value) in valid else no_such_option(group, str(value), valid, invocation.folders)


def check_launcher(invocation: Invocation, group: str, value: Any) -> list[Problem]:
    """Problem of letting another launcher run the jobs of a sweep."""
    valid, wrong = options(group), {"file": WHERE, "field": group, "value": str(value)}
    if not invocation.is_sweep:
        return [Problem("只用于批量任务，需加 -m", "is for sweeps, which need -m", **wrong)]
    if str(value) in valid:
        return []
    if str(value) == JOBLIB:
        zh = '尚未安装；安装：pip install hydra-joblib-launcher，或在源码目录 pip install -e ".[sweep]"'
        en = 'is not installed; pip install hydra-joblib-launcher, or pip install -e ".[sweep]" in the source folder'
        return [Problem(zh, en, **wrong)]
    near = nearest(str(value), [*valid, JOBLIB])
    return [Problem("没有这个启动器", "no such launcher", **wrong, allowed=", ".join(valid), nearest=near)]


def load_strategy(name_or_path: str | Path, overrides: Sequence[str] = ()) -> Strategy:
    """A strategy by name, or from a YAML file of one's own.

    Args:
        name_or_path: a name such as `existing`, or the path of a YAML file.
        overrides: changes such as `levers.joint_building.intensity=0.5`.

    Raises:
        InputErrors: all mistakes in names and values that can be seen without a district.
    """
    if not isinstance(name_or_path, str | Path) or isinstance(overrides, str):
        zh, en = "应为名称或文件，改动为列表", "must be a name or a file, and changes a list"
        what = {"field": "load_strategy()", "value": f"{name_or_path}, {overrides}"}
        raise InputErrors([Problem(zh, en, **what, allowed='"existing", ["levers.training.intensity=0.5"]')])
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml"):
        return _compose_strategy(str(name_or_path), overrides, ())
    if not path.is_file():
        raise InputErrors([Problem("找不到文件", "no such file", file=str(path))])
    has_siblings = path.absolute().parent.name == "strategy" and path.suffix == ".yaml"
    return _compose_strategy(path.stem, overrides, (path.absolute().parent.parent if has_siblings else path,))


def _compose_strategy(name: str, overrides: Sequence[str], folders: tuple[Path, ...]) -> Strategy:
    if not isinstance(overrides, list | tuple) or not all(isinstance(word, str) for word in overrides):
        zh, en = "应为“名称=值”的列表", "must be a list of name=value"
        raise InputErrors(
            [Problem(zh, en, field="overrides", value=str(overrides)[:60], allowed='["levers.x.start=2026"]')]
        )
    typed = [word if word.startswith("strategy.") else f"strategy.{word}" for word in overrides]
    words, wrong = translated([f"strategy={quoted(name)}", *typed], folders)
    invocation = Invocation("run", tuple(words), folders=folders, problems=tuple(wrong))
    before = offer({})
    try:
        with session():
            problems, jobs = check(invocation)
            if problems:
                raise InputErrors(problems)
            composed = compose("run", jobs[0])
    finally:
        offer(before)
    name = composed.choices["strategy"]
    strategy, problems = read_strategy(
        name, composed.values["strategy"], set_intensities(name, words, Options(folders))
    )
    problems = problems or check_levers(strategy, None)
    if problems:
        raise InputErrors(problems)
    return strategy
