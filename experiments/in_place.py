"""Strategies as a place carries them out: with its own measures in force, and of its own size."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from experiments.user_yaml import PACKAGE, Options, names_in
from scenarios.county_scale import DIVISIBLE_SETTINGS, WHOLE_SETTINGS, scaled
from sim.district import District
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS

EXISTING = "existing"
Levers = Mapping[str, Mapping[str, Any]]
WORDS = ("工作簿“现有措施”所列各项照旧。", "The measures that the county's own sheet of measures lists go on.")


@cache
def packaged(key: str) -> Levers:
    """Levers of a strategy as `conf/` writes them; none where there is no such file."""
    tree = Options(()).whole("strategy", key)[0] if key in names_in(PACKAGE / "strategy") else {}
    levers: Levers = tree.get("levers", {})
    return levers


def all_in_place(strategies: Sequence[Strategy], district: object, words: object = "") -> list[Strategy]:
    """Strategies as a district carries them out; a place of which `conf/` speaks takes them as they are written.

    Args:
        strategies: as composed.
        district: where they are carried out.
        words: what the user wrote: settings that it names (`levers.training.intensity`) hold whatever they are.
    """
    named = {*re.findall(r"levers\.(\w+)\.(\w+)", str(words))}
    if not isinstance(district, District) or not district.scaled_from:
        return list(strategies)
    return [in_place(item, district, named) if is_well_formed(item) else item for item in strategies]


def is_well_formed(strategy: Strategy) -> bool:
    """Whether a strategy holds levers with settings; what else is wrong with it is told later."""
    levers = strategy.levers
    return isinstance(levers, Mapping) and all(isinstance(values, Mapping) for values in levers.values())


def in_place(strategy: Strategy, district: District, named: Collection[tuple[str, str]] = ()) -> Strategy:
    """A strategy with the district's own measures where it builds on those in force, scaled to its villages.

    A strategy builds on `existing` if it holds all of its levers. Numbers that `conf/` writes for a whole district, and
    defaults, are scaled; what the district or the user wrote is not.
    """
    existing = packaged(EXISTING)
    levers = {key: dict(values) for key, values in strategy.levers.items()}
    own = district.measures
    if own is not None and set(existing) <= set(levers):
        rest = {key: values for key, values in levers.items() if key not in existing and key not in own}
        changed = {key: difference(levers[key], existing[key], key) for key in existing}
        for key, name in named:
            if key in changed and name in levers[key]:
                changed[key][name] = levers[key][name]
        laid = {key: {**own.get(key, {"intensity": 0}), **changed.get(key, levers.get(key, {}))}
                for key in {**own, **changed} if key in own or changed[key]}  # fmt: skip
        levers = {**laid, **rest}
        if strategy.key == EXISTING:
            strategy = replace(strategy, description_zh=WORDS[0], description_en=WORDS[1])
    factor, written = district.villages / district.scaled_from, packaged(strategy.key)
    for names, whole in ((WHOLE_SETTINGS, True), (DIVISIBLE_SETTINGS, False)):
        for lever, name in names:
            usual = written.get(lever, {}).get(name, LEVERS[lever].defaults()[name])
            is_written = (lever, name) in named or name in (own or {}).get(lever, {})
            if lever in levers and not is_written and levers[lever].get(name, usual) == usual:
                levers[lever][name] = scaled(usual, factor, whole)
    return replace(strategy, levers=levers)


def difference(values: Mapping[str, Any], base: Mapping[str, Any], lever: str) -> dict[str, Any]:
    """Settings of a lever that differ from a base, those that are back at their default included."""
    usual = LEVERS[lever].defaults()
    return {name: values.get(name, usual[name]) for name in {**base, **values}
            if values.get(name, usual[name]) != base.get(name, usual[name])}  # fmt: skip
