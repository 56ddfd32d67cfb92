"""Put each deliberate fault into a copy of the tree and see whether its tests notice; report those that survive.

python tests/mutation/run.py [--folder analysis] [--part 2/6] [words]: only faults in files of a folder, only a part of
them, only those whose file or text holds one of the words.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).parent))

from faults import FAULTS
from faults.fault import Fault

ROOT = Path(__file__).parents[2]
NEEDED = ("sim", "scenarios", "conf", "experiments", "analysis", "tests", "pyproject.toml", "CHANGELOG.md")
JOBS = min(2, os.cpu_count() or 1)
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["pytest", "hypothesis", "pandas", "scipy.stats", "pyarrow.parquet", "mesa", "matplotlib.pyplot", "hydra", "jinja2"]
)
"""Whence processes are forked that have loaded what takes longest."""
CAUGHT, SURVIVED, BROKEN = "caught", "SURVIVED", "BROKEN"
FAULT_OF_THE_RUNNER = 99


def copy_tree(folder: Path) -> Path:
    """A copy of what the tests need."""
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "mutation"))
        else:
            shutil.copy(source, folder / name)
    return folder


def files_of(tests: tuple[str, ...]) -> list[str]:
    """Paths of the named test files."""
    found = []
    for name in tests:
        paths = [path for path in (ROOT / "tests").rglob(f"test_{name}.py")]
        if len(paths) != 1:
            raise FileNotFoundError(f"{len(paths)} files test_{name}.py")
        found.append(str(paths[0].relative_to(ROOT)))
    return found


def test(folder: Path, tests: tuple[str, ...]) -> int:
    """Exit code of pytest on a copy: 0 all pass, 1 some fail, more if nothing ran."""
    process = FORKS.Process(target=run_pytest, args=(str(folder), files_of(tests)))
    process.start()
    process.join()
    return int(process.exitcode or 0)


def run_pytest(folder: str, files: list[str]) -> None:
    """Run tests of a copy in a fresh process, to which libraries are loaded already and nothing of ours is."""
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": folder}
    sys.dont_write_bytecode = True
    others = [place for place in sys.path if "site-packages" in place or not Path(place).resolve().is_relative_to(ROOT)]
    sys.path[:] = [folder, *others]
    os.chdir(folder)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    code = FAULT_OF_THE_RUNNER
    try:
        import pytest

        code = int(pytest.main(["-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", *files]))
    finally:
        os._exit(code)


def try_fault(fault: Fault, folder: Path) -> str:
    """Whether the tests notice the fault in this copy; the copy is whole again afterwards."""
    path = folder / fault.file
    right = path.read_text(encoding="utf-8")
    path.write_text(right.replace(fault.old, fault.new), encoding="utf-8")
    try:
        return {0: SURVIVED, 1: CAUGHT}.get(test(folder, fault.tests), BROKEN)
    finally:
        path.write_text(right, encoding="utf-8")


def chosen_of(faults: Sequence[Fault], folder: str = "", part: str = "", words: Sequence[str] = ()) -> list[Fault]:
    """Faults in files below a folder that hold one of the words; of these every `of`-th, from the part's number on."""
    found = [fault for fault in faults if not folder or fault.file.startswith(f"{folder.rstrip('/')}/")]
    found = [fault for fault in found if not words or any(word in fault.name or word in fault.new for word in words)]
    number, _, of = part.partition("/")
    if not part:
        return found
    if not (number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise SystemExit(f"part {part}: must be such as 2/6")
    return found[int(number) - 1 :: int(of)]


def told(outcomes: dict[Fault, str], seconds: float) -> str:
    """A line for each folder, one for all of them, and every fault that was not caught."""
    counts = Counter((fault.file.rpartition("/")[0], outcome) for fault, outcome in outcomes.items())
    lines = []
    for place in (*sorted({place for place, _ in counts}), ""):
        number = {word: sum(n for (where, outcome), n in counts.items() if outcome == word and place in ("", where))
                  for word in (CAUGHT, SURVIVED, BROKEN)}  # fmt: skip
        text = ", ".join(f"{n} {word.lower()}" for word, n in number.items())
        lines.append(f"{place or 'together':18} {sum(number.values()):4} faults: {text}")
    lines[-1] += f"; {seconds:.0f} s"
    for fault, outcome in outcomes.items():
        if outcome != CAUGHT:
            excuse = fault.excuse or "no excuse"
            lines.append(f"{outcome}: {fault.file}\n  - {fault.old}\n  + {fault.new}\n  {excuse}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Try the faults asked for; the exit code is 1 if one is not caught and has no excuse."""
    parser = argparse.ArgumentParser(prog="tests/mutation/run.py")
    parser.add_argument("--folder", default="", help="only files of this folder: analysis, sim/processes, …")
    parser.add_argument("--part", default="", help="only a part of them: 2/6")
    parser.add_argument("words", nargs="*", help="only faults whose file or text holds one of these")
    asked = parser.parse_args(arguments)
    chosen = chosen_of(FAULTS, asked.folder, asked.part, asked.words)
    begun, outcomes = time.monotonic(), {}
    with tempfile.TemporaryDirectory() as place:
        copies: Queue[Path] = Queue()
        for number in range(JOBS):
            folder = Path(place) / f"copy{number}"
            folder.mkdir()
            copies.put(copy_tree(folder))

        def attempt(fault: Fault) -> None:
            folder = copies.get()
            try:
                outcomes[fault] = try_fault(fault, folder)
            finally:
                copies.put(folder)
            print(f"{outcomes[fault]:9} {fault.name}", flush=True)

        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(attempt, chosen))
    print("", told({fault: outcomes[fault] for fault in chosen}, time.monotonic() - begun), sep="\n")
    return 0 if all(outcomes[fault] == CAUGHT or fault.excuse for fault in chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
