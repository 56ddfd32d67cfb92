"""What is costly to make and shared by tests: made once, whichever worker of the session asks first."""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import hydra
import pytest
from filelock import FileLock
from hydra.core.config_store import ConfigStore
from omegaconf import AnyNode, DictConfig
from omegaconf.base import Metadata

from experiments import cli
from experiments.messages import choose_language
from experiments.user_yaml import GROUPS

SMALL = (
    "strategies=[none,existing,existing_joint_building,existing_all_four]", "other_starts=[target_consistent]",
    "futures=4", "horizon=2026", "residents=7", "workers=1", "report=false", "language=en",
)  # fmt: skip
"""A comparison of four strategies in four futures and three years, with its villages."""


def keep_what_is_loaded() -> None:
    """What is there by now stays to the end: to look through it for rubbish again and again took a quarter of the time
    of all that makes many small objects, such as a configuration."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills, the same for all workers; whoever wants to alter what lies there copies it first."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, done = root / name, root / f"{name}.done"
    with FileLock(root / f"{name}.lock"):
        if not done.exists():
            make(folder)
            done.touch()
    return folder


@lru_cache(maxsize=300)
def _composed(job: str, overrides: tuple[str, ...], more: tuple[tuple[str, Any], ...], offered: str) -> DictConfig:
    return _compose(job, list(overrides), **dict(more))


_compose = hydra.compose


def composed_once(job: str, overrides: Sequence[str] = (), **more: Any) -> DictConfig:
    """What Hydra composes of these words and of what a user has offered, again as the first time; nobody alters it."""
    groups = [ConfigStore.instance().repo.get(group, {}) for group in GROUPS]
    offered = [{name: node.node for name, node in nodes.items()} for nodes in groups]
    return _composed(job, tuple(overrides), tuple(more.items()), repr(offered))


def leaf_copied(leaf: AnyNode, memo: dict[int, Any]) -> AnyNode:
    """A copy of a leaf of a configuration as OmegaConf makes it, five times as fast; composing copies thousands."""
    same, about = AnyNode.__new__(AnyNode), Metadata.__new__(Metadata)
    about.__dict__.update(leaf._metadata.__dict__, resolver_cache=defaultdict(dict))
    about.flags = about.flags and dict(about.flags)
    same.__dict__.update(_metadata=about, _val=leaf._val, _parent=leaf._parent, _flags_cache=None)
    memo[id(leaf)] = same
    return same


def computed(outputs: Path, *words: str) -> Path:
    """The folder of the one study that `compare` with these words leaves below `outputs`, whole and sealed."""
    with patch("sys.argv", ["qiangcun"]):
        try:
            cli.main(["compare", f"outputs={outputs}", *words])
        except SystemExit as end:
            assert not end.code, "the study was not computed"
        finally:
            choose_language([])
    (folder,) = (outputs / "studies").iterdir()
    return folder
