"""Processes started to run studies: none hears Ctrl-C, and none outlives its parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

Made = TypeVar("Made")


@contextmanager
def worker_processes(number: int) -> Iterator[ProcessPoolExecutor]:
    """An executor of `number` processes, started when they are needed."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(number, context, initializer=prepare_process) as executor:
        yield executor


def hand_over(executor: Executor, function: Callable[..., Made], *given: Any) -> Future[Made]:
    """Submit a task, which may start a process: that one never hears Ctrl-C, for it inherits what is blocked here."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        return executor.submit(function, *given)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return executor.submit(function, *given)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def prepare_process() -> None:
    """Ctrl-C is for the process that waits, the others finish their batch in silence; but none outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """End this process when the one that started it is gone, for then nobody hands it anything."""
    parent, number = multiprocessing.parent_process(), os.getppid()
    if parent is None:
        return
    try:
        parent.join()
    except ValueError:  # a process that joblib has started knows its parent by number alone
        while os.getppid() == number:
            time.sleep(0.5)
    os._exit(1)
