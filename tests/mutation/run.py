"""Put each deliberate fault into a copy of the tree and see whether its tests notice; report those that survive.

python tests/mutation/run.py [words]: only faults whose file or text holds one of the words.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).parent))

from faults import FAULTS, Fault

ROOT = Path(__file__).parents[2]
NEEDED = ("sim", "scenarios", "conf", "experiments", "analysis", "tests", "pyproject.toml", "CHANGELOG.md")
JOBS = min(2, os.cpu_count() or 1)
CAUGHT, SURVIVED, BROKEN = "caught", "SURVIVED", "BROKEN"


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
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", *files_of(tests)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode  # noqa: S603


def try_fault(fault: Fault, folder: Path) -> str:
    """Whether the tests notice the fault in this copy; the copy is whole again afterwards."""
    path = folder / fault.file
    right = path.read_text(encoding="utf-8")
    path.write_text(right.replace(fault.old, fault.new), encoding="utf-8")
    try:
        return {0: SURVIVED, 1: CAUGHT}.get(test(folder, fault.tests), BROKEN)
    finally:
        path.write_text(right, encoding="utf-8")


def main(words: list[str]) -> int:
    """Try all faults, or those that hold one of the words; the exit code is 1 if one survives without an excuse."""
    chosen = [fault for fault in FAULTS if not words or any(word in fault.name or word in fault.new for word in words)]
    begun, outcomes = time.monotonic(), {}
    with tempfile.TemporaryDirectory() as place:
        copies: Queue[Path] = Queue()
        for number in range(JOBS):
            folder = Path(place) / f"copy{number}"
            folder.mkdir()
            copies.put(copy_tree(folder))

        def attempt(fault: Fault) -> None:
            folder = copies.get()
            outcomes[fault] = try_fault(fault, folder)
            copies.put(folder)
            print(f"{outcomes[fault]:9} {fault.name}", flush=True)

        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(attempt, chosen))
    bad = [fault for fault in chosen if outcomes[fault] != CAUGHT and not fault.excuse]
    print(f"\n{len(chosen)} faults, {sum(outcomes[fault] == CAUGHT for fault in chosen)} caught, "
          f"{time.monotonic() - begun:.0f} s")  # fmt: skip
    for fault in chosen:
        if outcomes[fault] != CAUGHT:
            print(f"{outcomes[fault]}: {fault.file}\n  - {fault.old}\n  + {fault.new}\n  {fault.excuse or 'no excuse'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
