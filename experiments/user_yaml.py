"""A user's YAML holds values. What could make Hydra run code or change how it runs is refused before it is composed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from sim.problems import Problem

FORBIDDEN = ("_target_", "_partial_", "_recursive_", "_convert_", "_args_")
GROUPS = ("strategy", "strategies", "district", "world")


def check_folders(folders: Iterable[Path]) -> list[Problem]:
    """All problems of the YAML files below a user's configuration folders."""
    problems = []
    for folder in folders:
        if not folder.is_dir():
            problems.append(Problem("文件夹不存在", "no such folder", file=str(folder)))
            continue
        if not any((folder / group).is_dir() for group in GROUPS) and not list(folder.glob("*.yaml")):
            problems.append(
                Problem("文件夹内没有配置", "holds no configuration", file=str(folder),
                        allowed=", ".join(f"{group}/*.yaml" for group in GROUPS))
            )  # fmt: skip
        for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
            problems += check_file(path)
    return problems


def check_file(path: Path) -> list[Problem]:
    """Problems of one YAML file."""
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.safe_load(text)
    except UnicodeDecodeError:
        return [Problem("文件编码须为 UTF-8", "must be saved as UTF-8", file=str(path))]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", error))
        row = mark.line + 1 if mark else None
        return [Problem("不是有效的 YAML", "is not valid YAML", file=str(path), row=row, value=what)]
    if content is None:
        return [Problem("文件是空的", "file is empty", file=str(path))]
    if not isinstance(content, dict):
        return [Problem("应为“名称: 值”", "must hold name: value", file=str(path), value=str(content)[:60])]
    problems = [refused(path, name, text) for name in forbidden_names(content)]
    if re.search(r"^#\s*@package", text, flags=re.MULTILINE):
        problems.append(refused(path, "@package", text))
    if path.parent.name == "strategy" and not isinstance(content.get("levers", {}), dict):
        zh, en = "应为“措施: 设置”", "must hold lever: settings"
        problems.append(Problem(zh, en, file=str(path), field="levers", value=str(content["levers"])[:60]))
    return problems


def forbidden_names(content: Any, top: bool = True) -> Iterator[str]:
    """Names in a YAML tree that could run code or change Hydra itself."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in FORBIDDEN:
                yield str(key)
            elif top and str(key).split("/")[0] == "hydra":
                yield str(key)
            elif top and key == "defaults":
                yield from forbidden_defaults(value)
            else:
                yield from forbidden_names(value, top=False)
    elif isinstance(content, list):
        for item in content:
            yield from forbidden_names(item, top=False)


def forbidden_defaults(entries: Any) -> Iterator[str]:
    """Entries of a defaults list that reach into Hydra's own configuration."""
    for entry in entries if isinstance(entries, list) else [entries]:
        texts = [str(part) for item in entry.items() for part in item] if isinstance(entry, dict) else [str(entry)]
        for text in texts:
            if re.search(r"(^|[\s/@.])hydra($|[/@.])|_global_", text):
                yield text


def refused(path: Path, name: str, text: str) -> Problem:
    """The problem of a name that must not stand in a user's file, with its line."""
    rows = [number for number, line in enumerate(text.splitlines(), start=1) if name.split(":")[0] in line]
    zh = "出于安全，配置文件中不允许此项（只写数值）"
    en = "refused for safety: configuration files hold values only"
    return Problem(zh, en, file=str(path), row=rows[0] if rows else None, field=name)
