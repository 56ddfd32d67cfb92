"""What all subjects share: one input is tried under a watchdog and a guard, and its end is counted."""

from __future__ import annotations

import faulthandler
import math
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz import doors

CLEAN, ACCEPTED, TRACEBACK, HANG, NONSENSE = "clean errors", "accepted", "tracebacks", "hangs", "nonsense"
ENDS = (CLEAN, ACCEPTED, TRACEBACK, HANG, NONSENSE)
BAD = (TRACEBACK, HANG, NONSENSE)
INPUTS_PER_SEED = 100
PACKAGES = ("sim", "scenarios", "experiments", "analysis")
SECRET_NAME, SECRET = "QIANGCUN_FUZZ_SECRET", "kept-from-results-7f3a"
"""A variable of the environment that no result and no message may show."""
LONGEST_S = 30.0


class Nonsense(Exception):
    """An input was accepted that should not have been."""


class Hung(BaseException):
    """An input took longer than it may."""


@dataclass(frozen=True)
class Input:
    """One input.

    Attributes:
        words: the input in short, for people.
        content: what it consists of; kept in a file where it shows a fault.
        attempt: hands it in; raises what the door raises, or `Nonsense`; may tell the end itself.
    """

    words: str
    content: bytes
    attempt: Callable[[], str | None]


@dataclass(frozen=True)
class Subject:
    """A kind of input.

    Attributes:
        name: as the table tells it.
        weight: how many of its inputs are tried, in proportion: cheap ones most.
        inputs: makes Hypothesis's strategy of inputs; they are handed in below the given folder.
    """

    name: str
    weight: float
    inputs: Callable[[Path], st.SearchStrategy[Input]]


@dataclass(frozen=True)
class Offence:
    """An input that ended badly.

    Attributes:
        end: `tracebacks`, `hangs` or `nonsense`.
        cause: what happened, and where; offences of one cause are told once.
        given: the input.
        seed: repeats it, with `--only` and `--inputs` 100.
    """

    end: str
    cause: str
    given: Input
    seed: int


@dataclass
class Tally:
    """What became of the inputs of one subject.

    Attributes:
        name: the subject.
        counts: number of inputs by end.
        offences: the shortest input of each cause.
        causes: number of inputs by cause.
    """

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    offences: dict[str, Offence] = field(default_factory=dict)
    causes: Counter[str] = field(default_factory=Counter)

    def add(self, end: str, cause: str, given: Input, number: int) -> None:
        """Count an input."""
        self.counts[end] += 1
        if end in BAD:
            self.causes[cause] += 1
            known = self.offences.get(cause)
            if known is None or len(given.content) < len(known.given.content):
                self.offences[cause] = Offence(end, cause, given, number)

    @property
    def bad(self) -> int:
        """Number of inputs that ended badly."""
        return sum(self.counts[end] for end in BAD)


def dice(number: int) -> Random:
    """Dice for mutations; the same for the same number."""
    return Random(number)  # noqa: S311


def numbers() -> st.SearchStrategy[int]:
    """Seeds of mutations."""
    return st.integers(0, 2**62)


def explore(subject: Subject, first: int, inputs: int, folder: Path, most_s: float = math.inf) -> Tally:
    """Try a number of inputs of a subject.

    Args:
        subject: what is tried.
        first: seed of the first hundred inputs; the next hundred has the next seed.
        inputs: how many.
        folder: an empty folder to work in.
        most_s: seconds after which the inputs that are left are not tried.
    """
    tally, until = Tally(subject.name), time.monotonic() + most_s
    with Guard(folder) as guard:
        for number in range(first, first + -(-inputs // INPUTS_PER_SEED)):
            count = min(INPUTS_PER_SEED, inputs - (number - first) * INPUTS_PER_SEED)

            def each(one: Input, number: int = number) -> None:
                if not tally.counts or time.monotonic() < until:  # to make ready may have taken the time
                    tally.add(*try_one(one, guard), one, number)

            some(subject, number, count, folder, each)
    return tally


def some(subject: Subject, number: int, count: int, folder: Path, each: Callable[[Input], None]) -> None:
    """Make the inputs of one seed, and hand each over."""

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(subject.inputs(folder))
    def make(one: Input) -> None:
        each(one)

    make()


def try_one(one: Input, guard: Guard, longest_s: float = LONGEST_S) -> tuple[str, str]:
    """How an input ends, and why where it ends badly."""
    try:
        with watchdog(longest_s), guard.watching():
            end = one.attempt() or ACCEPTED
    except Hung as hung:
        return HANG, f"{hung} without end at {where(hung).partition(' at ')[2]}"
    except Nonsense as nonsense:
        return NONSENSE, str(nonsense)
    except doors.CLEAN as error:
        return judge_words(error, guard)
    except (Exception, SystemExit, RecursionError) as error:
        return TRACEBACK, where(error)
    return (NONSENSE, guard.told()) if guard.seen else (end, "")


def judge_words(error: Exception, guard: Guard) -> tuple[str, str]:
    """Whether a clean error says in both languages what is wrong, and nothing that a terminal would obey."""
    if guard.seen:
        return NONSENSE, guard.told()
    zh, en, printed = doors.shown(error)
    if not any("\u4e00" <= letter <= "\u9fff" for letter in zh) or not any(letter.isalpha() for letter in en):
        return NONSENSE, "an error without words in both languages"
    if SECRET in printed:
        return NONSENSE, "an error shows a variable of the environment"
    obeyed = sorted({f"U+{ord(letter):04X}" for letter in printed if letter in CONTROLS})
    if obeyed:
        return NONSENSE, "an error prints control characters"
    return CLEAN, ""


CONTROLS = frozenset(
    [chr(code) for code in (*range(9), 11, 12, *range(14, 32), *range(127, 160))]
    + [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)]
)
"""What terminals obey or what turns the direction of writing."""


def is_foreign(frame: traceback.FrameSummary) -> bool:
    """Whether a frame is of a test or of an installed package."""
    return "/tests/" in frame.filename or "site-packages" in frame.filename


def where(error: BaseException) -> str:
    """The kind of an error and the last place in the project where it passed."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame for frame in frames if any(f"/{name}/" in frame.filename for name in PACKAGES) and not is_foreign(frame)
    ]
    last = (own or frames)[-1]
    return f"{type(error).__name__} at {Path(last.filename).parent.name}/{Path(last.filename).name} {last.name}"


@contextmanager
def watchdog(longest_s: float) -> Iterator[None]:
    """Raise `Hung` in what computes too long, or waits six times as long; what can't be interrupted ends the process.

    Seconds are those of the processor, so that a busy machine makes no hangs.
    """

    def bark(number: int, frame: FrameType | None) -> None:
        raise Hung("waits" if number == signal.SIGALRM else "computes")

    before = {number: signal.signal(number, bark) for number in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, longest_s)
    signal.setitimer(signal.ITIMER_REAL, 6 * longest_s)
    faulthandler.dump_traceback_later(12 * longest_s, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        for number, handler in before.items():
            signal.signal(number, handler)


class Guard:
    """Sees what is done beside the reading of an input: a process, a connection, a file outside the given folder.

    Attributes:
        seen: what was done and should not have been, since the last input began.
    """

    WRITES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.rmtree")
    STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile", "socket.connect")

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder.resolve())
        self.seen: list[str] = []
        self._is_watching = False

    def __enter__(self) -> Guard:
        GUARDS.append(self)
        self._before = {name: os.environ.get(name) for name in (SECRET_NAME, "TMPDIR")}, sys.dont_write_bytecode
        self._place = os.getcwd()
        (Path(self.folder) / "temporary").mkdir(exist_ok=True)
        os.environ.update({SECRET_NAME: SECRET, "TMPDIR": f"{self.folder}/temporary"})
        tempfile_forgets()
        sys.dont_write_bytecode = True
        os.chdir(self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        os.chdir(self._place)
        variables, sys.dont_write_bytecode = self._before
        for name, value in variables.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        tempfile_forgets()
        GUARDS.remove(self)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Listen while an input is tried."""
        self.seen.clear()
        self._is_watching = True
        try:
            yield
        finally:
            self._is_watching = False

    def told(self) -> str:
        """What was seen, in words, the same for inputs of one cause."""
        return "done beside: " + self.seen[0]

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what an input does, where it is of a kind that is not allowed."""
        if not self._is_watching:
            return
        if event in self.STARTS:
            if not is_own_question(event, arguments):
                self.seen.append(event)
        elif event == "open":
            path, mode, flags = arguments
            writes = set(mode or "") & set("wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if writes and isinstance(path, str | bytes) and not self._inside(path):
                self.seen.append("a file written outside")
        elif event in self.WRITES and isinstance(arguments[0], str | bytes) and not self._inside(arguments[0]):
            self.seen.append(f"{event} outside")

    def _inside(self, path: str | bytes) -> bool:
        whole = os.path.realpath(os.fsdecode(path))
        return whole.startswith((f"{self.folder}/", "/dev/")) and "/off-limits" not in whole


GUARDS: list[Guard] = []
"""The guards that listen now."""


def hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Tell those that listen what the interpreter does."""
    for guard in GUARDS:
        guard.hear(event, arguments)


sys.addaudithook(hear)  # for good: a hook can't be taken away


def is_own_question(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a process that is started only asks for the commit of the source tree or for the kind of machine."""
    words = arguments[1] if event in ("subprocess.Popen", "os.posix_spawn") else ()  # the second is how 3.13 does it
    return bool(words) and ("rev-parse" in words or "status" in words or Path(str(words[0])).name in ("uname", "lscpu"))


def tempfile_forgets() -> None:
    """Let temporary folders be made where TMPDIR says now."""
    tempfile.tempdir = None
