"""The oracle stands on its own: it uses nothing that computes what it checks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ORACLE = sorted((Path(__file__).parents[1] / "oracle").glob("*.py"))
MAY_USE = {"sim.tape", "sim.modes", "sim.district", "sim.ledger", "sim.purposes"}
"""The same tapes, the table of modes, the place, and the names of the accounts of everyone outside and of purposes."""
COMPARES = {"compare.py", "start.py", "model.py"}
"""Files that read the engine's arrays, to compare them, to start from them and to read the tape."""


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            names.add(f"{node.module}.{node.names[0].name}" if node.module == "sim" else str(node.module))
    return names


@pytest.mark.parametrize("path", ORACLE, ids=lambda path: path.name)
def test_imports(path):
    ours = {name for name in _imported(path) if name.split(".")[0] == "sim"}
    assert ours <= MAY_USE, f"{path.name} uses {sorted(ours - MAY_USE)}"


@pytest.mark.parametrize("path", [path for path in ORACLE if path.name not in COMPARES], ids=lambda path: path.name)
def test_rules_know_scalars_alone(path):
    """NumPy appears in a rule only as the type of a float32 scalar."""
    used = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
    }
    assert used <= {"float32"}, f"{path.name} uses np.{sorted(used)}"


def test_no_file_is_long():
    for path in ORACLE:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 450, path.name
