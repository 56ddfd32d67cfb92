"""Imports run one way: sim <- scenarios <- experiments -> analysis; analysis takes the writer of CSV files besides."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"sim", "scenarios", "conf", "experiments", "analysis"}
MAY_IMPORT = {
    "sim": {"sim"},
    "scenarios": {"sim", "scenarios"},
    "conf": {"conf"},
    "analysis": {"sim", "scenarios", "analysis"},
    "experiments": {"sim", "scenarios", "experiments", "analysis"},
}
RUNS_THE_MODEL = {"sim.engine", "sim.model"}


def imported(path: Path) -> set[str]:
    """Full names of all modules that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_packages_import_one_way(package: str) -> None:
    assert files(package)
    for path in files(package):
        tops = {name.split(".")[0] for name in imported(path)}
        assert tops & OURS <= MAY_IMPORT[package], path
        assert not tops & {"tests", "benchmarks"}, path


def test_the_model_needs_numpy_scipy_and_mesa_alone() -> None:
    for path in files("sim"):
        tops = {name.split(".")[0] for name in imported(path)}
        assert tops <= {"sim", "numpy", "scipy", "mesa", *sys.stdlib_module_names}, path
        assert not any(name.startswith("scipy.stats") for name in imported(path)), f"{path}: slow to load"


def test_the_analysis_never_runs_the_model_and_knows_no_district() -> None:
    for path in files("analysis"):
        names = imported(path)
        assert not names & RUNS_THE_MODEL, path
        assert all(name.startswith("scenarios.csv_files") for name in names if name.split(".")[0] == "scenarios"), path


def test_random_numbers_come_from_the_tape_alone() -> None:
    for path in files("experiments") + files("analysis") + files("scenarios"):
        assert not {name for name in imported(path) if name == "random" or name.startswith("numpy.random")}, path


ROOMS = ("sentences", "data", "drawing", "answers", "page")


def test_the_rooms_of_the_analysis_import_downwards() -> None:
    """Each imports those before it, inside functions too; what stands beside the rooms opens all of them."""
    for path in files("analysis"):
        room = path.relative_to(ROOT / "analysis").parts[0]
        if room in ROOMS:
            names = {name.split(".")[1] for name in imported(path) if name.startswith("analysis.")}
            assert names <= set(ROOMS[: ROOMS.index(room) + 1]), path
