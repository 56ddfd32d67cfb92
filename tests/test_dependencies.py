"""Versions: every dependency has a lowest one, and constraints.txt holds those of the golden numbers."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.lowest import PROJECT, lowest, needed

CONSTRAINTS = PROJECT.with_name("constraints.txt")


def requirements() -> list[Requirement]:
    listed = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    return [Requirement(words) for words in listed]


def pinned() -> dict[str, str]:
    lines = [line.partition("#")[0].strip() for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines()]
    found = dict(line.split("==") for line in lines if line)
    assert len(found) == len([line for line in lines if line])
    return found


def test_every_dependency_has_a_lowest_version() -> None:
    assert [name for name, version in needed().items() if not version] == []
    assert [canonicalize_name(item.name) for item in requirements()] == [canonicalize_name(name) for name in needed()]


def test_the_lowest_versions_are_allowed() -> None:
    versions = dict(line.split("==") for line in lowest().splitlines())
    for item in requirements():
        assert item.specifier.contains(versions[item.name]), item


def test_constraints_name_every_dependency_within_its_bounds() -> None:
    versions = pinned()
    for item in requirements():
        name = canonicalize_name(item.name)
        assert name in versions, f"{name} is not in constraints.txt"
        assert item.specifier.contains(versions[name]), f"{name} {versions[name]} is not within {item.specifier}"


def test_constraints_are_versions_alone() -> None:
    """No addresses, no hashes: they hold wherever packages come from."""
    for name, version in pinned().items():
        assert name == canonicalize_name(name)
        assert re.fullmatch(r"[0-9]+(\.[0-9]+)*", version), name
        assert Version(version) >= Version("0.1")


def test_constraints_hold_what_the_dependencies_need_themselves() -> None:
    """Looked at where the pinned version is installed: another one may need other packages."""
    versions = pinned()
    missing = set()
    for name, version in versions.items():
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        if found.version == version:
            wanted = [Requirement(words) for words in found.requires or []]
            extras = [extra for item in requirements() if canonicalize_name(item.name) == name for extra in item.extras]
            missing |= {
                canonicalize_name(item.name)
                for item in wanted
                if not item.marker or any(item.marker.evaluate({"extra": extra}) for extra in ["", *extras])
            } - set(versions)
    assert {name for name in missing if is_installed(name)} == set()


def is_installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except PackageNotFoundError:
        return False
