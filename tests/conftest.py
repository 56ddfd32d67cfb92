"""The project's root comes before `tests/` on the path, so that `sim` means the model and not its tests."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

ROOT = str(Path(__file__).parents[1])
if ROOT in sys.path:
    sys.path.remove(ROOT)
sys.path.insert(0, ROOT)

LONGEST_S = 600
"""No test takes nearly as long: one that hangs fails instead of holding up all others."""


def pytest_collection_finish() -> None:
    """What the tests load is loaded by now."""
    from tests import studies

    studies.keep_what_is_loaded()


@pytest.fixture(autouse=True)
def watchdog() -> Iterator[None]:
    """A test that waits for ever fails."""
    if not hasattr(signal, "SIGALRM"):  # Windows
        yield
        return

    def bark(number: int, frame: object) -> None:
        raise TimeoutError(f"the test takes longer than {LONGEST_S} s")

    before = signal.signal(signal.SIGALRM, bark)
    signal.alarm(LONGEST_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session", autouse=True)
def composed_once() -> Iterator[None]:
    """Hydra composes the same words once: it takes a third of a second, and hundreds of tests ask for the same."""
    from tests import studies

    leaves = patch("omegaconf.nodes.AnyNode.__deepcopy__", studies.leaf_copied)
    with patch("hydra.compose", studies.composed_once), leaves:
        yield


@pytest.fixture(scope="session")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the study `tests.studies.SMALL`, computed once for all workers. Tests that alter it copy it first."""
    from tests import studies

    outputs = studies.made_once(tmp_path_factory, "small", lambda place: studies.computed(place, *studies.SMALL))
    return next((outputs / "studies").iterdir())
