"""Configuration composed by Hydra, with a user's mistakes told in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hydra
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments import declarations
from experiments.overrides import WHERE, Invocation, each_job, quoted, readable, search_path
from experiments.strategies import read_strategy, set_intensities
from experiments.user_yaml import check_folders
from sim.policies.base import Strategy
from sim.problems import InputErrors, Problem, nearest

declarations.register()

SHARED = ("district", "strategy", "world", "design", "executor")
CHOSEN = {"run": SHARED, "compare": (*SHARED, "strategies")}
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
    instance = GlobalHydra.instance()
    running, instance.hydra = instance.hydra, None
    try:
        with hydra.initialize_config_module("conf", version_base="1.3"):
            yield
    finally:
        instance.hydra = running


def compose(job: str, overrides: Sequence[str], folders: Sequence[Path] = ()) -> Composed:
    """Compose a job's configuration; inside a `session`.

    Raises:
        InputErrors: Hydra refuses.
    """
    searched = any(word.startswith("hydra.searchpath") for word in overrides)
    extra = [search_path(folders)] if folders and not searched else []
    try:
        config = hydra.compose(job, [*extra, *overrides], return_hydra_config=True)
        choices = {str(key): str(value) for key, value in config.hydra.runtime.choices.items()}
        plain = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
        values = OmegaConf.to_container(plain, resolve=True)
    except (HydraException, OmegaConfBaseException) as error:
        what = " ".join(str(error).split())[:300]
        problem = Problem("配置无法组合", "the configuration does not fit together", file=WHERE, value=what)
        raise InputErrors([problem]) from error
    return Composed(values, choices, tuple(overrides))  # type: ignore[arg-type]


def options(group: str, folders: Iterable[Path] = ()) -> list[str]:
    """Names that may be chosen in a group; inside a `session`."""
    found = list(GlobalHydra.instance().config_loader().get_group_options(group))
    return found + sorted({path.stem for folder in folders for path in (folder / group).glob("*.yaml")} - set(found))


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
    problems = check_folders(invocation.folders)
    if problems:
        return problems, []
    words, problems = readable(invocation)
    jobs = []
    for overrides in each_job(words, invocation.is_sweep):
        found, good = check_names(invocation, overrides)
        problems += found
        jobs.append(good)
    return list(dict.fromkeys(problems)), jobs


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
    valid = sorted(known_keys(compose(invocation.job, choices, invocation.folders).values))
    good = list(choices)
    for override in values:
        name = override.key_or_group
        is_new = override.is_add() or override.is_force_add()
        if is_new or name in valid or name.split("/")[0].split(".")[0] == "hydra":
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
    valid = options(group, invocation.folders)
    if str(value) in valid:
        return []
    zh, en, near = "没有这个名称", "no such name", nearest(str(value), valid)
    return [Problem(zh, en, file=WHERE, field=group, value=str(value), allowed=", ".join(valid), nearest=near)]


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
    if path.resolve().parent.name == "strategy":
        return _compose_strategy(path.stem, overrides, (path.resolve().parent.parent,))
    with TemporaryDirectory() as folder:
        group = Path(folder) / "strategy"
        group.mkdir()
        (group / f"{path.stem}.yaml").write_bytes(path.read_bytes())
        return _compose_strategy(path.stem, overrides, (Path(folder),))


def _compose_strategy(name: str, overrides: Sequence[str], folders: tuple[Path, ...]) -> Strategy:
    words = [word if word.startswith("strategy.") else f"strategy.{word}" for word in overrides]
    invocation = Invocation("run", (f"strategy={quoted(name)}", *words), folders=folders)
    with session():
        problems, jobs = check(invocation)
        if problems:
            raise InputErrors(problems)
        values = compose("run", jobs[0], folders).values
    strategy, problems = read_strategy(name, values["strategy"], set_intensities(name, words, folders))
    if problems:
        raise InputErrors(problems)
    return strategy
