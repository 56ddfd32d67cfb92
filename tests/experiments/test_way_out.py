"""Whatever ends a job: words, the exit code, no process left, nothing half that looks whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from experiments import way_out
from tests.experiments.conftest import TINY, hear_signals
from tests.experiments.test_joblib import needs_launcher
from tests.experiments.test_resume import LIMITED

Command = Callable[..., int]
CLI = [sys.executable, "-m", "experiments.cli"]
SMALL = ["futures=2", "horizon=2026", "strategies=[none,existing]", "workers=2", "other_starts=[]"]
on_linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks at processes through /proc")
SECONDS = 5.0
"""By which everything has ended after a signal."""


def until(holds: Callable[[], object], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def descendants(number: int) -> set[int]:
    """Processes started by one, and those started by them."""
    found: set[int] = set()
    for file in Path(f"/proc/{number}/task").glob("*/children"):
        for child in map(int, file.read_text(encoding="utf-8").split()):
            found |= {child} | descendants(child)
    return found


def is_alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def hears(number: int) -> bool:
    """Whether a process has a handler for SIGTERM."""
    lines = Path(f"/proc/{number}/status").read_text(encoding="utf-8").splitlines()
    caught = int(next(line for line in lines if line.startswith("SigCgt:")).split()[1], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


class Running:
    """A command that runs in `folder`, with its output in files."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.out, self.error = folder / "out.txt", folder / "error.txt"
        with self.out.open("wb") as out, self.error.open("wb") as error:
            self.process = subprocess.Popen([*CLI, *words], stdout=out, stderr=error, cwd=folder,
                                            start_new_session=True, preexec_fn=hear_signals)  # fmt: skip
        self.folder = folder

    def says(self, text: str) -> bool:
        assert self.process.poll() is None or text in self.out.read_text(encoding="utf-8"), self.error.read_text(
            encoding="utf-8"
        )
        return text in self.out.read_text(encoding="utf-8")

    def composing(self) -> bool:
        return hears(self.process.pid)

    def searching(self) -> bool:
        return self.says("Searching the scale")

    def computing(self) -> bool:
        return bool(list(self.folder.glob("outputs/studies/*/parts/*.parquet")))

    sweeping = computing

    def drawing(self) -> bool:
        return self.says("Writing the report") and bool(list(self.folder.rglob(".report-*.tmp")))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts a command; whatever is left of it ends with the test."""
    begun: list[Running] = []

    def start(*words: str) -> Running:
        begun.append(Running(tmp_path, *words))
        return begun[-1]

    yield start
    for one in begun:
        for number in {one.process.pid, *descendants(one.process.pid)}:
            if is_alive(number):
                os.kill(number, signal.SIGKILL)
        one.process.wait()


STAGES = {
    "composing": ["compare", *SMALL],
    "searching": ["compare", *SMALL[1:2], *SMALL[3:], "futures=20", "strategies=[existing_all_four,grants_same_cost]"],
    "computing": ["compare", *SMALL[1:], "futures=400", "detail=district", "report=false"],
    "drawing": ["compare", *SMALL],
    "sweeping": ["run", "-m", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "futures=400", "detail=district",
                 "strategy=none,existing", "report=false", "horizon=2030"],
}  # fmt: skip


@pytest.mark.thorough
@on_linux
@pytest.mark.parametrize(
    ("stage", "number", "group"),
    [
        ("composing", signal.SIGINT, False),
        ("searching", signal.SIGTERM, False),
        ("computing", signal.SIGINT, True),
        ("computing", signal.SIGHUP, False),
        ("drawing", signal.SIGINT, True),
        ("drawing", signal.SIGTERM, False),
        pytest.param("sweeping", signal.SIGINT, True, marks=needs_launcher),
    ],
)
def test_a_signal_ends_everything_within_seconds(
    running: Callable[..., Running], stage: str, number: signal.Signals, group: bool
) -> None:
    one = running(*STAGES[stage])
    until(getattr(one, stage))
    family = descendants(one.process.pid)
    (os.killpg if group else os.kill)(one.process.pid, number)
    begun = time.monotonic()
    assert one.process.wait(timeout=60) == 128 + number, one.error.read_text(encoding="utf-8")
    assert time.monotonic() - begun < SECONDS
    until(lambda: not any(map(is_alive, family)), SECONDS)
    assert one.says("Stopped")
    assert "Traceback" not in one.error.read_text(encoding="utf-8")
    assert not list(one.folder.rglob("report.html"))
    assert (stage == "drawing") == bool(list(one.folder.rglob("manifest.json")))


@pytest.mark.thorough
@on_linux
@pytest.mark.parametrize("stage", ["computing", pytest.param("sweeping", marks=needs_launcher)])
def test_other_processes_end_with_their_parent(running: Callable[..., Running], stage: str) -> None:
    one = running(*STAGES[stage])
    until(getattr(one, stage))
    family = descendants(one.process.pid)
    os.kill(one.process.pid, signal.SIGKILL)
    until(lambda: not any(map(is_alive, family)), SECONDS)


@pytest.mark.thorough
def test_a_fault_of_the_program_says_so_and_leaves_its_details(
    qiangcun: Command, workplace: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside a job, in a job of a sweep, and before Hydra."""

    def breaks(*given: object, **named: object) -> None:
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr("experiments.jobs.common.run_study", breaks)
    for words in (["compare", *TINY, "strategies=[none]"], ["run", "-m", *TINY, "horizon=2024,2025"]):
        assert qiangcun(*words) == 3
        shown = capfd.readouterr().err
        assert "Traceback" not in shown and "The program has a fault" in shown and "overrides" not in shown
        place = Path(shown.split()[-1])
        assert place.parent.is_relative_to(workplace / "outputs" / words[0])
        assert "ZeroDivisionError: no such luck" in place.read_text(encoding="utf-8")
    monkeypatch.setattr("experiments.preflight.check", breaks)
    assert qiangcun("run") == 3
    assert "Traceback" in Path(capfd.readouterr().err.split()[-1]).read_text(encoding="utf-8")
    monkeypatch.setattr("experiments.jobs.report.find_studies", breaks)
    assert qiangcun("report", "x") == 3
    assert Path(capfd.readouterr().err.split()[-1]).parent == workplace / "outputs"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(28, "No space left on device", "x.csv"), 2, "make room"),
        (PermissionError(13, "Permission denied", "x.csv"), 2, "x.csv"),
        (OSError(36, "File name too long", "x"), 2, "too long"),
        (MemoryError(), 2, "memory"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_a_user_can_mend_is_told_in_words(
    capfd: pytest.CaptureFixture[str], error: BaseException, code: int, words: str
) -> None:
    with pytest.raises(SystemExit) as end, way_out.one_way_out():
        raise error
    assert end.value.code == code
    assert words in capfd.readouterr().err


@pytest.mark.thorough
@pytest.mark.parametrize("words", [["compare", "--help"], [], ["compare", "--cfg", "job"]])
def test_a_reader_that_goes_away_is_no_fault(workplace: Path, words: list[str]) -> None:
    process = subprocess.Popen([*CLI, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_output_that_can_not_be_written_is_told(workplace: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*CLI, "--version"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert b"No space" in done.stderr and b"Traceback" not in done.stderr and b"Exception" not in done.stderr


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits on files are of Unix")
@pytest.mark.parametrize("bytes_allowed", [1000, 10_000])
def test_init_on_a_full_disk_leaves_nothing(workplace: Path, bytes_allowed: int) -> None:
    """Neither half a table, nor a table without its explanation."""
    limited = [sys.executable, "-c", LIMITED, str(bytes_allowed), "init"]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "make room" in done.stderr and "Traceback" not in done.stderr
    assert list(workplace.iterdir()) == []
    assert subprocess.run([*CLI, "init"], capture_output=True, check=False).returncode == 0


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits on files are of Unix")
def test_a_report_on_a_full_disk_leaves_nothing_that_looks_whole(qiangcun: Command, workplace: Path) -> None:
    assert qiangcun("run", *TINY, "strategy=none", "report=false") == 0
    limited = [sys.executable, "-c", LIMITED, "60000", "report", "outputs"]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "make room" in done.stderr and "Traceback" not in done.stderr
    (folder,) = (workplace / "outputs" / "report").iterdir()
    assert [path.name for path in folder.iterdir()] == ["study.txt"]
    assert "report" not in (workplace / "outputs" / "latest.txt").read_text(encoding="utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize("width", [30, 40, 120])
def test_the_count_of_the_bar_is_never_cut(width: int) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", BAR], env={**os.environ, "COLUMNS": str(width), "FORCE_COLOR": "1", "TERM": "xterm"},
        capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    assert "25003/100000" in shown


BAR = """
import sys
sys.stderr.isatty = lambda: True
from experiments.progress import Progress
with Progress(100000, 0) as bar:
    bar.advance(25000, 3)
"""
