"""What the model declares, handed to Hydra as plain default values, so that `--cfg job` shows all of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import OmegaConf

from experiments.strategies import LISTS, TEXTS
from sim.parameters import check_ranges
from sim.policies.registry import LEVERS
from sim.problems import Problem
from sim.world import DECLARED


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Names with dots as nested mappings: `asset_leasing.margin` becomes `{asset_leasing: {margin: ...}}`."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
        branch[last] = value
    return tree


def flat(tree: Mapping[Any, Any], prefix: str = "") -> dict[str, Any]:
    """The reverse of `nested`; stops at declared parameters, so that a wrong mapping below one is seen as a value."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and name not in DECLARED:
            found.update(flat(value, f"{name}."))
        else:
            found[name] = value
    return found


def named_ranges(
    tree: Any, where: str, null_is_none: bool = False
) -> tuple[dict[str, tuple[float, float]], list[Problem]]:
    """Ranges that replace the declared ones, by parameter, and what is wrong with them; null is none in a file."""
    named = {} if tree is None else flat(tree) if isinstance(tree, Mapping) else tree
    if null_is_none and isinstance(named, Mapping):
        named = {name: bounds for name, bounds in named.items() if bounds is not None}
    wrong = check_ranges(named, DECLARED, where)
    return {} if wrong else {name: (float(low), float(high)) for name, (low, high) in named.items()}, wrong


def default_levers() -> dict[str, dict[str, Any]]:
    """Every lever at its declared default; the default intensity 0 is absence."""
    return {key: dict(lever.defaults()) for key, lever in LEVERS.items()}


def register() -> None:
    """Make the declarations known to Hydra as the group `declared`."""
    store = ConfigStore.instance()
    parameters = nested({name: item.default for name, item in DECLARED.items()})
    ranges = nested(dict.fromkeys(DECLARED))
    for name, node, package in (
        ("parameters", parameters, "parameters"),
        ("ranges", ranges, "world.ranges"),
        ("texts", dict.fromkeys((*TEXTS, *LISTS)), "strategy"),
        ("levers", default_levers(), "strategy.levers"),
    ):
        store.store(group="declared", name=name, node=node, package=package, provider="sim")
    OmegaConf.register_new_resolver("random_name", lambda: secrets.token_hex(3), use_cache=True, replace=True)
