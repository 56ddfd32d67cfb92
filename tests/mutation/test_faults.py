"""The list of deliberate faults is up to date: each old text is there once, each test file exists, all is covered."""

from __future__ import annotations

import ast
import sys
from inspect import getsource
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import run
from faults import FAULTS
from faults.fault import Fault

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
    assert {Path(fault.file).stem for fault in FAULTS} >= processes
    for key, lever in LEVERS.items():
        file, source = f"{lever.__module__.replace('.', '/')}.py", getsource(sys.modules[lever.__module__])
        own = getsource(lever) if file == "sim/policies/plain.py" else source
        assert any(fault.file == file and fault.old in own for fault in FAULTS), key
    assert len(set(FAULTS)) == len(FAULTS)


def test_every_place_where_numbers_are_made_has_faults():
    wanted = {
        "sim": "futures indicator indicators money_indicators partner_indicators people_indicators initial world "
               "rationing",
        "analysis": "data/effects data/money data/results page/front page/rows page/tables answers/telling "
                    "answers/doubts answers/league answers/equity answers/withdrawal answers/hinges answers/patterns "
                    "answers/same_cost answers/question answers/winners answers/backfires answers/recommendations "
                    "answers/distribution answers/sources sentences/verdict sentences/catalogue",
        "experiments": "design stopping size parts tables merge budget same_cost reproducer provinces",
        "scenarios": "draws clusters county_scale",
    }  # fmt: skip
    there = {fault.file for fault in FAULTS}
    assert {f"{folder}/{name}.py" for folder, names in wanted.items() for name in names.split()} <= there


@pytest.mark.thorough
def test_the_runner_notices_and_restores(tmp_path):
    """A tree of one file and one thorough test: a fault that matters is caught, one that does not survives."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim/roads.py").write_text("def double(x):\n    return x + x  # twice\n", encoding="utf-8")
    (tmp_path / "tests/sim").mkdir(parents=True)
    body = (
        "import sys\nimport pytest\nsys.path.insert(0, 'sim')\nimport roads\n\n\n"
        "@pytest.mark.thorough\ndef test_double():\n    assert roads.double(3) == 6\n"
    )
    (tmp_path / "tests/sim/test_roads.py").write_text(body, encoding="utf-8")
    outcomes = []
    for old, new in (("x + x", "x - x"), ("# twice", "# thrice"), ("return", "retur")):
        outcomes.append(run.try_fault(Fault("sim/roads.py", old, new, ("roads",)), tmp_path))
    assert outcomes == [run.CAUGHT, run.SURVIVED, run.BROKEN]
    assert "return x + x  # twice" in (tmp_path / "sim/roads.py").read_text(encoding="utf-8")


def test_faults_are_chosen_by_folder_part_and_words():
    faults = [Fault(f"{folder}/{name}.py", "a", "b", ("roads",)) for folder in ("sim", "sim/processes", "analysis")
              for name in ("one", "two", "three")]  # fmt: skip
    assert run.chosen_of(faults) == faults
    assert run.chosen_of(faults, "sim") == faults[:6] and run.chosen_of(faults, "sim/processes/") == faults[3:6]
    assert run.chosen_of(faults, "sim/proc") == []
    assert run.chosen_of(faults, words=["two"]) == [faults[1], faults[4], faults[7]]
    parts = [run.chosen_of(faults, part=f"{number}/4") for number in (1, 2, 3, 4)]
    assert sorted(map(faults.index, sum(parts, []))) == list(range(9)), "every fault is in one part"
    for wrong in ("5/4", "0/4", "2", "x/y"):
        with pytest.raises(SystemExit, match="must be such as 2/6"):
            run.chosen_of(faults, part=wrong)


def test_what_is_told_counts_each_folder_and_shows_what_was_not_caught():
    outcomes = {
        Fault("sim/a.py", "old", "new", ("roads",)): run.CAUGHT,
        Fault("sim/b.py", "left", "right", ("roads",)): run.SURVIVED,
        Fault("analysis/c.py", "x", "y", ("roads",), "why"): run.BROKEN,
    }
    lines = run.told(outcomes, 61.2).splitlines()
    assert [" ".join(line.split()) for line in lines[:3]] == [
        "analysis 1 faults: 0 caught, 0 survived, 1 broken",
        "sim 2 faults: 1 caught, 1 survived, 0 broken",
        "together 3 faults: 1 caught, 1 survived, 1 broken; 61 s",
    ]
    assert lines[3:7] == ["SURVIVED: sim/b.py", "  - left", "  + right", "  no excuse"]
    assert lines[-1] == "  why"
