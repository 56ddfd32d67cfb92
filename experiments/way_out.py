"""The one way out of every job: words for the user, an exit code, and a file with the details of a program's fault.

0 done; 1 runs failed, or a check found a difference; 2 what the user can mend; 3 a fault of the program, or what can't
be checked; 130, 143, 129 stopped by SIGINT, SIGTERM, SIGHUP; 141 nobody reads what is printed.
"""

from __future__ import annotations

import _thread
import multiprocessing
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from types import FrameType

from experiments.messages import Stopped, bilingual, complain, say
from sim.problems import InputErrors

MISTAKE, FAULT, NOBODY_READS = 2, 3, 141
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
SECONDS_TO_TIDY = 3.0
"""After a signal: until then what has begun may be finished, then everything ends."""

_heard = 0
"""The signal that ends this process; 0 if none came."""


@contextmanager
def hearing_signals() -> Iterator[None]:
    """Signals that ask for an end are raised as `KeyboardInterrupt`, and whatever catches it, the end comes soon."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread may listen
        yield
        return
    heeded = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]  # not those of nohup
    before = {number: signal.signal(number, _hear) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _hear(number: int, frame: FrameType | None) -> None:
    global _heard
    if _heard:  # it is ending already
        return
    _heard = number
    sys.unraisablehook = lambda error: None  # raised inside something that can't pass it on: nothing to tell
    _thread.start_new_thread(_end_soon, ())  # `threading` has locks, which the main thread may hold just now
    raise KeyboardInterrupt


def _end_soon() -> None:
    time.sleep(SECONDS_TO_TIDY)
    _thread.start_new_thread(_tell_stopped, ())  # printing may wait for a reader
    time.sleep(0.2)
    _end_now()


def _tell_stopped() -> None:
    say("已中断；完成的部分已保存，重复同一命令即可继续。", "Stopped; what is done is kept, the same command goes on.")


def _end_now() -> None:
    try:
        for child in multiprocessing.active_children():
            child.kill()
    finally:
        os._exit(128 + _heard)


@contextmanager
def one_way_out(*folders: Path) -> Iterator[None]:
    """Whatever happens inside ends in words and in an exit code, which is raised as `SystemExit`.

    Args:
        folders: where the details of a fault may be left; the first that takes them does.
    """
    code: int | str | None = 0
    try:
        yield
    except SystemExit as end:
        code = end.code
    except BaseException as error:
        code = _tell(error, folders)
    try:
        sys.stdout.flush()
    except OSError as error:
        code = code or _tell(error, folders)
        _print_no_more()
    if _heard:
        _end_now()
    if code:
        sys.exit(code)


def _tell(error: BaseException, folders: Sequence[Path]) -> int:
    """Tell what has happened; gives the exit code."""
    if _heard or isinstance(error, KeyboardInterrupt):  # an end that was asked for may show as another error
        _tell_stopped()
        return 128 + (_heard or signal.SIGINT)
    if isinstance(error, BrokenPipeError):
        _print_no_more()
        return NOBODY_READS
    if isinstance(error, InputErrors):
        complain(error.problems)
        return MISTAKE
    zh, en = _words(error)
    if not zh:
        place = _leave_details(error, folders)
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        zh = f"程序自身出错（{what}）。详情见 {place}，请将该文件发给开发者。"
        en = f"The program has a fault ({what}). Please send its developers the details: {place}"
        print(bilingual(zh, en), file=sys.stderr, flush=True)
        return FAULT
    print(bilingual(zh, en), file=sys.stderr, flush=True)
    return MISTAKE


def _words(error: BaseException) -> tuple[str, str]:
    """What a user can mend, in both languages; empty for a fault of the program."""
    if isinstance(error, Stopped):
        return error.zh, error.en
    if isinstance(error, MemoryError):
        return ("内存不足。完成的部分已保存；可加 workers=1 或减少 futures、residents 后重复命令。",
                "Not enough memory. What is done is kept; repeat the command with workers=1, fewer futures or "
                "residents.")  # fmt: skip
    if not isinstance(error, OSError):
        return "", ""
    what = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    if error.errno in (ENOSPC, EFBIG, EDQUOT):
        return (f"无法写入结果（{what}）。完成的部分已保存；腾出空间后重复同一命令即可继续。",
                f"Results can't be written ({what}). What is done is kept; make room, and the same command goes "
                "on.")  # fmt: skip
    return (f"文件无法读写（{what}）。完成的部分已保存；排除原因后重复同一命令即可继续。",
            f"A file can't be read or written ({what}). What is done is kept; mend the cause, and the same command "
            "goes on.")  # fmt: skip


def _leave_details(error: BaseException, folders: Sequence[Path]) -> str:
    """Write where an error came from into the first folder that takes it; gives the file."""
    name = f"fault-{datetime.now():%Y-%m-%d_%H-%M-%S}-{secrets.token_hex(3)}.txt"
    for folder in (*folders, Path(tempfile.gettempdir())):
        try:
            (folder / name).write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        except OSError:
            continue
        return str((folder / name).absolute())
    return "–"


def _print_no_more() -> None:
    """Nobody reads, or nothing can be written: what is still to be printed goes nowhere, also at the very end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
