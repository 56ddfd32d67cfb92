"""The list of deliberate faults is up to date: each old text is there once, each test file exists, all is covered."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from faults import FAULTS

from sim.policies.registry import LEVERS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_stands_where_it_says(fault):
    text = (ROOT / fault.file).read_text(encoding="utf-8")
    assert text.count(fault.old) == 1, "the code has changed: rewrite the fault"
    ast.parse(text.replace(fault.old, fault.new))
    assert fault.old != fault.new and fault.tests
    for name in fault.tests:
        assert len(list((ROOT / "tests").rglob(f"test_{name}.py"))) == 1, name


def test_every_process_and_lever_has_faults():
    processes = {path.stem for path in (ROOT / "sim/processes").glob("*.py")} - {"__init__"}
    assert {Path(fault.file).stem for fault in FAULTS} >= processes | set(LEVERS)
    assert len(set(FAULTS)) == len(FAULTS)


def test_the_runner_notices_and_restores(tmp_path):
    """A tree of one file and one test: a fault that matters is caught, one that does not survives."""
    spec = importlib.util.spec_from_file_location("mutation_run", Path(__file__).parent / "run.py")
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim/roads.py").write_text("def double(x):\n    return x + x  # twice\n", encoding="utf-8")
    (tmp_path / "tests/sim").mkdir(parents=True)
    body = (
        "import sys\nsys.path.insert(0, 'sim')\nimport roads\n\n\ndef test_double():\n    assert roads.double(3) == 6\n"
    )
    (tmp_path / "tests/sim/test_roads.py").write_text(body, encoding="utf-8")
    outcomes = []
    for old, new in (("x + x", "x - x"), ("# twice", "# thrice"), ("return", "retur")):
        outcomes.append(run.try_fault(run.Fault("sim/roads.py", old, new, ("roads",)), tmp_path))
    assert outcomes == [run.CAUGHT, run.SURVIVED, run.BROKEN]
    assert "return x + x  # twice" in (tmp_path / "sim/roads.py").read_text(encoding="utf-8")
