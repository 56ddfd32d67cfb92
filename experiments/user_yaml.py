"""A user's own options (strategies, lists of strategies, districts, worlds): read as data, given to Hydra as trees.

Hydra never sees the files. What a file builds on (`defaults`) is followed here, among the options that exist.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore

from experiments.chinese_names import Names, Translation, by_label, parameter_names
from experiments.messages import WHERE, in_a_line
from scenarios.yaml_data import DEEPEST, UNFIT, read_yaml, shown
from sim.problems import Problem, nearest

GROUPS = ("strategy", "strategies", "district", "world")
"""Groups to which a user may add options."""
PACKAGE, PLACES = Path(str(files("conf"))), Path(str(files("scenarios")))
SUFFIXES = (".yaml", ".yml")
SELF, PART = "_self_", "@_here_"
NAME = re.compile(r"\w[\w.+\-() （）＋－]*(?<!\.yaml)(?<!\.yml)")
MOST_FILES = 1_000
PROVIDER = "user"
BUILDS_ON = "defaults: [existing, _self_] / defaults: [none, _self_]"
Trees = dict[str, dict[str, Any]]


class Options:
    """The options that lie in a user's folders, and what is wrong with them.

    Attributes:
        paths: file of each option by group and name.
        problems: mistakes in the folders and in the names of files; they are told whatever is chosen.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self.paths: dict[tuple[str, str], Path] = {}
        self.problems: list[Problem] = []
        self.read: dict[tuple[str, str], tuple[dict[Any, Any], list[Problem]]] = {}
        for folder in folders:
            files = [("strategy", folder)] if folder.is_file() else list(files_of(folder))
            if not files:
                self.problems.append(no_configuration(folder))
            for group, path in files[:MOST_FILES]:
                self.add(group, path)
            if len(files) > MOST_FILES:
                self.problems.append(Problem("文件太多", "holds too many files", file=str(folder)))

    def add(self, group: str, path: Path) -> None:
        """Take a file, unless its name can't be one or is taken."""
        name = path.stem
        if (group, name) in self.paths or os.path.exists(PACKAGE / group / f"{name}.yaml"):
            zh, en = "名称已被占用，请改文件名", "the name is taken; rename the file"
            self.problems.append(Problem(zh, en, file=shown(str(path)), value=shown(name), allowed=f"my_{name}.yaml"))
            return
        self.paths[group, name] = path
        if not NAME.fullmatch(name) or UNFIT.search(name):
            zh, en = "文件名只用文字、数字和 - _ . + ( )", "file names hold letters, digits and - _ . + ( )"
            self.read[group, name] = {}, [Problem(zh, en, file=shown(str(path)))]

    def trees(self) -> Trees:
        """All good options by group and name, as plain trees."""
        found: Trees = {}
        for group, name in self.paths:
            tree, problems = self.whole(group, name)
            if not problems:
                found.setdefault(group, {})[name] = tree
        return found

    def wrong(self) -> dict[tuple[str, str], list[Problem]]:
        """Options that can't be used, and why."""
        return {key: problems for key in self.paths if (problems := self.whole(*key)[1])}

    def whole(self, group: str, name: str, trail: tuple[str, ...] = ()) -> tuple[dict[Any, Any], list[Problem]]:
        """An option with all it builds on, and what is wrong with either."""
        if (group, name) not in self.read:
            path = self.paths.get((group, name), PACKAGE / group / f"{name.removesuffix(PART)}.yaml")
            data, problems = read_yaml(path, shown(str(path)), parameter_names())
            tree = data.tree
            if not problems:
                translation = Translation(shown(str(path)), data.lines, self.names)
                tree, problems = translation.tree((group,), tree), translation.problems
            if not problems:
                tree, problems = self.built((group, name), tree, (*trail, name), shown(str(path)))
            self.read[group, name] = tree, problems
        return self.read[group, name]

    def names(self, place: Sequence[str]) -> Names:
        """Strategies, or districts, by their Chinese name; what is the name of a file means this file."""
        if tuple(place) == ("district",):
            return by_label(labels(sorted(PLACES.glob("*/*.yaml"))))
        own = {name: path for (group, name), path in self.paths.items() if group == "strategy"}
        found = by_label(labels([*sorted((PACKAGE / "strategy").glob("*.yaml")), *own.values()]))
        return {zh: names for zh, names in found.items() if zh not in own}

    def built(
        self, key: tuple[str, str], tree: dict[Any, Any], trail: tuple[str, ...], file: str
    ) -> tuple[dict[Any, Any], list[Problem]]:
        """A file's tree laid over what it builds on."""
        group, place = key[0], {"file": file, "field": "defaults"}
        if group == "strategy" and key in self.paths and "defaults" not in tree:
            zh, en = "须写明以什么为基础", "must say what it builds on: measures in force, or none"
            return {}, [Problem(zh, en, **place, allowed=BUILDS_ON)]
        entries = tree.pop("defaults", [SELF])
        if not isinstance(entries, list) or entries.count(SELF) != 1:
            zh, en = f"应为名称的列表，含一次 {SELF}", f"must be a list of names with {SELF} in it once"
            return {}, [Problem(zh, en, **place, value=str(entries)[:60], allowed=BUILDS_ON)]
        found: dict[Any, Any] = {}
        problems = []
        for entry in entries:
            part, wrong = (tree, []) if entry == SELF else self.part(group, entry, trail, place)
            found = merged(found, part)
            problems += wrong
        lost = [] if problems else list(overruled(tree, found))
        if lost:
            zh, en = (
                f"被 {SELF} 之后的策略盖过，不起作用；请把 {SELF} 放在最后",
                f"is overruled by what stands after {SELF}",
            )
            problems.append(Problem(zh, en, **place, value=", ".join(lost[:5]), allowed=f"[…, {SELF}]"))
        return found, problems

    def part(
        self, group: str, entry: Any, trail: tuple[str, ...], place: Mapping[str, str]
    ) -> tuple[dict[Any, Any], list[Problem]]:
        """What an entry of `defaults` names."""
        valid = [*names_in(PACKAGE / group), *(name for kind, name in self.paths if kind == group)]
        if entry in trail or len(trail) > DEEPEST:
            zh, en = "互相引用，没有尽头", "builds on itself, or on too many others"
            return {}, [Problem(zh, en, **place, value=" → ".join([*trail, str(entry)]))]
        if not isinstance(entry, str) or entry.removesuffix(PART) not in valid:
            near = nearest(str(entry), valid)
            return {}, [Problem("没有这个名称", "no such name", **place, value=str(entry)[:60], nearest=near)]
        return self.whole(group, entry.removesuffix(PART), trail)


def labels(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Strategies, or folders of places, with the Chinese names in their files."""
    for path in paths:
        tree = read_yaml(path)[0].tree
        is_place = isinstance(tree.get("name"), Mapping)
        zh = tree["name"].get("zh") if is_place else tree.get("zh")
        if isinstance(zh, str):
            yield (path.parent.name if is_place else path.stem), zh


def set_intensities(name: str, overrides: Iterable[str], own: Options) -> set[str]:
    """Levers whose intensity is set in the files that a strategy is made of, or on the command line."""
    words = (re.match(r"\+*strategy\.levers\.(\w+)(\.intensity=|=.*\bintensity\b)", word) for word in overrides)
    levers = own.whole("strategy", name)[0].get("levers")
    pairs = levers.items() if isinstance(levers, Mapping) else ()
    in_files = {str(key) for key, values in pairs if isinstance(values, Mapping) and "intensity" in values}
    return in_files | {word[1] for word in words if word}


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Group and file of each option in a folder."""
    for group in GROUPS:
        inside = folder / group
        for path in listed(inside):
            if path.suffix == ".yaml" and not path.name.startswith("."):
                yield group, path


def names_in(folder: Path) -> list[str]:
    """Options of the package in a group, and the parts that strategies are made of."""
    return [path.relative_to(folder).with_suffix("").as_posix() for path in sorted(folder.rglob("*.yaml"))]


def merged(below: Mapping[Any, Any], above: Mapping[Any, Any]) -> dict[Any, Any]:
    """One tree laid over another: mappings are joined, all else is replaced."""
    found = dict(below)
    for key, value in above.items():
        old = found.get(key)
        found[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return found


def overruled(tree: Mapping[Any, Any], found: Mapping[Any, Any], prefix: str = "") -> Iterator[str]:
    """Names whose values in a tree are not those of what it became part of."""
    for key, value in tree.items():
        other = found.get(key)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            yield from overruled(value, other, f"{prefix}{key}.")
        elif repr(value) != repr(other):
            yield f"{prefix}{key}"


def offer(trees: Trees) -> Trees:
    """Make a user's options known to Hydra in place of those offered before, which are given back."""
    repo, before = ConfigStore.instance().repo, offered()
    for group, own in before.items():
        for name in own:
            del repo[group][f"{name}.yaml"]
        for name, tree in trees.get(group, {}).items():
            ConfigStore.instance().store(group=group, name=name, node=tree, provider=PROVIDER)
    return before


def offered() -> Trees:
    """The user's options that Hydra knows now."""
    repo = ConfigStore.instance().repo
    return {
        group: {
            name.removesuffix(".yaml"): node.node
            for name, node in repo.get(group, {}).items()
            if getattr(node, "provider", "") == PROVIDER
        }
        for group in GROUPS
    }


def no_configuration(folder: Path) -> Problem:
    """Why nothing was found in a folder, and where it may lie."""
    if not os.path.isdir(folder):
        return Problem("文件夹不存在", "no such folder", file=shown(str(folder)))
    lost = [path for place in (folder, *(folder / group for group in GROUPS)) for path in listed(place)]
    near = [f"--config-dir {folder.parent}"] if folder.absolute().name in GROUPS else []
    near += [f"--config-dir {inner}" for inner in inner_folders(folder) if any(files_of(inner))]
    near += [wanted("strategy", path) for path in lost if path.suffix in SUFFIXES]
    return Problem("文件夹内没有配置", "holds no configuration", file=shown(str(folder)), nearest="".join(near[:1]),
                   allowed=", ".join(f"{group}/*.yaml" for group in GROUPS))  # fmt: skip


def listed(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it can't be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def inner_folders(folder: Path) -> list[Path]:
    """Folders in a folder, not too many of them."""
    return [path for path in listed(folder) if os.path.isdir(path)][:MOST_FILES]


def no_such_option(group: str, name: str, valid: Sequence[str], folders: Sequence[Path]) -> list[Problem]:
    """Why an option can't be chosen: its file has mistakes, lies elsewhere, or there is none."""
    found = Options(folders).wrong().get((group, name))
    if found:
        return found
    zh, en, near = "没有这个名称", "no such name", nearest(name, valid)
    looked = ", ".join(shown(str(folder / group)) for folder in folders)
    tops = [*folders, *(folder / group for folder in folders), Path()]
    places = [*tops, *(path for folder in tops for path in inner_folders(folder))]
    files = [place / folder / f"{name}{suffix}" for suffix in SUFFIXES for place in places for folder in ("", group)]
    elsewhere = next((path for path in files if NAME.fullmatch(name) and os.path.isfile(path)), None)
    if elsewhere:
        near = wanted(group, elsewhere)
        zh, en = f"没有这个名称，但有 {elsewhere}", f"no such name, though there is {elsewhere}"
    elif looked:
        zh, en = f"没有这个名称；找过 {looked}", f"no such name; looked in {looked}"
    return [Problem(zh, en, file=WHERE, field=group, value=name, allowed=", ".join(valid), nearest=near)]


def tell_unused(folders: Sequence[Path]) -> None:
    """A line on the error stream for each file that has mistakes and is not used."""
    for first, *_ in Options(folders).wrong().values():
        zh, en = f"未用到的文件有误，已略过。{first.text('zh')}", f"An unused file has mistakes. {first.text('en')}"
        print(in_a_line(zh, en), file=sys.stderr)


def wanted(group: str, path: Path) -> str:
    """What to do so that a file is found."""
    inside = [folder for folder in path.parents if folder.name == group]
    top = path.parent.parent if path.parent.name in GROUPS else path.parent
    right = (inside[0] if inside else top / group) / f"{path.stem}.yaml"
    return f"--config-dir {right.parent.parent}" if right == path else f"{path} → {right}"
