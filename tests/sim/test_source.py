"""What the source of the model core may not do, read from its syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from places import ALL, options, small_district, start_engine

import sim

ROOT = Path(sim.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
DRAWING_FILES = {"tape.py", "network.py", "world.py"}
"""Tapes of runs; ties of a place and columns of worlds, drawn once from streams named after the place or parameter."""
FORBIDDEN_PRODUCTS = {"dot", "matmul", "inner", "vdot", "tensordot", "linalg", "multi_dot"}
FORBIDDEN_IMPORTS = {
    "pandas", "hydra", "omegaconf", "matplotlib", "pyarrow", "yaml", "json", "csv", "pathlib", "os", "io", "random",
    "rich", "jinja2", "scenarios", "experiments", "analysis", "conf", "multiprocessing",
}  # fmt: skip
DRAWS = {
    name for name in dir(np.random.Generator) if not name.startswith("_") and name not in ("bit_generator", "spawn")
}
assert {"random", "standard_normal", "normal", "integers", "choice", "permutation", "poisson", "beta"} <= DRAWS


def trees() -> Iterator[tuple[str, ast.AST]]:
    assert len(FILES) > 30
    for file in FILES:
        yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def found(test) -> list[str]:
    return [f"{name}:{node.lineno}" for name, tree in trees() for node in ast.walk(tree) if test(name, node)]


def _is_numpy_random(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "random" and ast.unparse(node.value) in ("np", "numpy")


def test_only_tapes_touch_numpys_generators():
    """`model.py` may draw a fresh seed from entropy where the user gives none."""

    def test(name: str, node: ast.AST) -> bool:
        return _is_numpy_random(node) and name not in ("tape.py", "model.py")

    assert found(test) == []


def test_generators_are_asked_for_uniforms_and_standard_normals_only():
    """Calls like `source.random()` on something that is not a module of laws (`tape.beta` is ours)."""

    def test(name: str, node: ast.AST) -> bool:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DRAWS):
            return False
        if name == "model.py" and ast.unparse(node.func).startswith("np.random.default_rng("):
            return False
        return not (name in DRAWING_FILES and node.func.attr in ("random", "standard_normal"))

    assert found(test) == []


def test_standard_normals_come_from_tapes_alone():
    def test(name: str, node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and node.attr == "standard_normal" and name != "tape.py"

    assert found(test) == []


def test_no_matrix_products():
    """A sum by `einsum` of a single array is no product; with two arrays it may call BLAS."""

    def test(name: str, node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "einsum":
            return len(node.args) != 2
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            return True
        return isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_PRODUCTS

    assert found(test) == []


def test_powers_go_through_one_helper():
    """`**` stands between constants only; `np.power` and `math.pow` nowhere; `float_power` in the helper."""

    def is_constant(node: ast.AST) -> bool:
        return all(
            isinstance(part, ast.Constant | ast.BinOp | ast.UnaryOp | ast.operator | ast.unaryop)
            for part in ast.walk(node)
        )

    def test(name: str, node: ast.AST) -> bool:
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow):
            return not is_constant(node)
        if isinstance(node, ast.Attribute) and node.attr in ("power", "pow"):
            return True
        return isinstance(node, ast.Attribute) and node.attr == "float_power" and name != "arithmetic.py"

    assert found(test) == []


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{item.name}" for item in node.names)


def test_no_files_pictures_or_configuration():
    wrong = [
        f"{name} imports {item}"
        for name, tree in trees()
        for item in _imports(tree)
        if item.split(".")[0] in FORBIDDEN_IMPORTS
    ]
    assert wrong == []

    def opens(name: str, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "open",
            "print",
            "exec",
            "eval",
            "np.load",
            "np.save",
        )

    assert found(opens) == []


def test_scipy_is_special_functions_only():
    wrong = [
        item
        for _, tree in trees()
        for item in _imports(tree)
        if item.startswith("scipy") and item not in ("scipy", "scipy.special")
    ]
    assert wrong == []


def test_mesa_is_the_face_only():
    users = {name for name, tree in trees() for item in _imports(tree) if item.split(".")[0] == "mesa"}
    assert users == {"model.py", "agents/base.py"}


def test_processes_know_no_lever():
    wrong = [
        f"{name} imports {item}"
        for name, tree in trees()
        for item in _imports(tree)
        if name.startswith("processes/") and item.startswith("sim.policies")
    ]
    assert wrong == []


def test_levers_write_no_result():
    """A lever writes policy columns and pays; incomes, capital and participation are for processes to decide."""
    outcomes = {"capital", "income_operating", "income_total", "income_profit", "participation", "trust", "skill",
                "ability", "effort", "manager_quality", "debt", "dividend_per_head", "service_quality"}  # fmt: skip

    def test(name: str, node: ast.AST) -> bool:
        if not name.startswith("policies/") or not isinstance(node, ast.Assign | ast.AugAssign):
            return False
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr in outcomes for target in targets)

    assert found(test) == []


def test_no_parameter_becomes_a_python_number():
    """In processes and levers nothing is taken out of its array."""

    def test(name: str, node: ast.AST) -> bool:
        if not name.startswith(("processes/", "policies/", "initial")) or not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("item", "tolist"):
            return True
        plain = isinstance(node.func, ast.Name) and node.func.id in ("float", "int", "round", "min", "max", "bool")
        read = " ".join(ast.unparse(argument) for argument in node.args)
        return plain and any(word in read for word in ("p.", "parameters", "village.", "secretary.", "draws."))

    assert found(test) == []


@pytest.mark.parametrize("runs", [1, 3])
def test_parameters_have_a_run_axis(runs):
    engine = start_engine(small_district(), ALL, runs, chosen=options())
    engine.step()
    values = dict(vars(engine.now.parameters))
    values |= values.pop("unit_cost")
    assert len(values) > 100
    for name, value in values.items():
        assert isinstance(value, np.ndarray) and value.shape[:2] == (runs, 1) and value.dtype == np.float64, name
    for lever in engine.now.levers:
        assert lever.number("intensity", engine.now).shape == (runs, 1)
