"""What is run for a check: the measures in force, and changes to them, to parameters, facts, places and the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from experiments.compose import load_strategy
from scenarios import load_district
from sim.calendar import YEAR, Calendar
from sim.district import District
from sim.policies.base import Strategy
from sim.world import DECLARED

RESIDENTS, HORIZON = 7, 2030


@cache
def enyang() -> District:
    """The district in which all checks are run."""
    return load_district("enyang")


@cache
def measures_in_force() -> Mapping[str, Mapping[str, Any]]:
    """The levers of the strategy `existing`."""
    return load_strategy("existing").levers


@dataclass(frozen=True)
class Setup:
    """One thing to run.

    Attributes:
        levers: lever to settings.
        parameters: values held in every world.
        facts: published counts that differ.
        given: village columns of one value everywhere, as if a user had given them.
        places: changes of the district, by name in `PLACES`.
        left_out: phases of the year that do not happen, such as `roads.wear`.
        options: of `sim.engine.RunOptions`.
    """

    levers: Mapping[str, Mapping[str, Any]] = field(default_factory=measures_in_force)
    parameters: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, float] = field(default_factory=dict)
    given: Mapping[str, float] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def strategy(self) -> Strategy:
        """Its levers."""
        return Strategy("coverage", levers=self.levers)

    @property
    def district(self) -> District:
        """Its place."""
        place = enyang()
        for name in self.places:
            place = PLACES[name](place)
        given = {name: np.full(place.villages, float(value)) for name, value in self.given.items()}
        return replace(place, facts={**place.facts, **self.facts}, given={**place.given, **given})

    @property
    def calendar(self) -> Calendar:
        """Its year."""
        known = {name_of(phase) for phase in (*YEAR.opening, *YEAR.every_quarter, *YEAR.closing)}
        if not known.issuperset(self.left_out):
            raise ValueError(f"no such phase: {sorted(set(self.left_out) - known)}")

        def kept(phases: Any) -> list[Any]:
            return [phase for phase in phases if name_of(phase) not in self.left_out]

        return Calendar(kept(YEAR.opening), kept(YEAR.every_quarter), kept(YEAR.closing))


def name_of(phase: Callable[..., Any]) -> str:
    """A phase as the rows name it: `roads.wear`."""
    return f"{phase.__module__.rpartition('.')[2]}.{phase.__name__}"


@dataclass(frozen=True)
class Change:
    """A difference between two setups.

    Attributes:
        words: what it is, in a few words with names in code type.
        apply: makes it.
    """

    words: str
    apply: Callable[[Setup], Setup]


NOTHING = Change("", lambda setup: setup)


def together(*changes: Change) -> Change:
    """Several changes as one."""

    def apply(setup: Setup) -> Setup:
        for change in changes:
            setup = change.apply(setup)
        return setup

    return Change(", ".join(change.words for change in changes if change.words), apply)


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"`{name}` {value:g}" if isinstance(value, int | float) else f"`{name}` {value}"
                     for name, value in values.items())  # fmt: skip


def absent(key: str) -> Change:
    """A lever left out."""

    def apply(setup: Setup) -> Setup:
        return replace(setup, levers={name: values for name, values in setup.levers.items() if name != key})

    return Change(f"without `{key}`", apply)


def no_measures() -> Change:
    """No lever at all."""
    return Change("no measures", lambda setup: replace(setup, levers={}))


def lever(key: str, **settings: Any) -> Change:
    """A lever with some settings; it keeps its others, and its intensity is 1 if it was not in force."""

    def apply(setup: Setup) -> Setup:
        values = {"intensity": 1, **setup.levers.get(key, {}), **settings}
        return replace(setup, levers={**setup.levers, key: values})

    return Change(f"`{key}` with {_listed(settings)}" if settings else f"with `{key}`", apply)


def parameters(values: Mapping[str, float] | None = None, **named: float) -> Change:
    """Parameters held at some values."""
    held = {**(values or {}), **named}
    return Change(_listed(held), lambda setup: replace(setup, parameters={**setup.parameters, **held}))


def in_own_modes(what: str, value: float, *modes: str) -> Change:
    """One field of the mode table held at a value in several modes."""
    names = [f"{mode}.{what}" for mode in modes]
    held = {name: value for name in names if name in DECLARED}  # zeros of the table are structure
    words = f"`{what}` {value:g} in " + (", ".join(f"`{mode}`" for mode in modes) if len(modes) < 4 else "all modes")
    return Change(words, parameters(held).apply)


def facts(**values: float) -> Change:
    """Published counts that differ."""
    words = "fact " + _listed(values)
    return Change(words, lambda setup: replace(setup, facts={**setup.facts, **values}))


def given(**values: float) -> Change:
    """Village columns that have one value everywhere."""
    words = _listed(values) + " in every village"
    return Change(words, lambda setup: replace(setup, given={**setup.given, **values}))


def place(name: str) -> Change:
    """A change of the district, one of `PLACES`."""
    return Change(name, lambda setup: replace(setup, places=(*setup.places, name)))


def without_phase(*names: str) -> Change:
    """Phases of the year left out."""
    words = "without " + ", ".join(f"`sim.processes.{name}`" for name in names)
    return Change(words, lambda setup: replace(setup, left_out=(*setup.left_out, *names)))


def option(**values: Any) -> Change:
    """Options of the run."""
    return Change(_listed(values), lambda setup: replace(setup, options={**setup.options, **values}))


def _alone(district: District) -> District:
    return replace(district, cluster_of=np.arange(district.villages))


def _town_areas(district: District) -> District:
    return replace(district, area_of_town=np.arange(district.towns))


def _without_parks(district: District) -> District:
    return replace(district, parks_in_town=np.zeros_like(district.parks_in_town))


def _without_last(district: District) -> District:
    kept = slice(0, district.villages - 1)
    names = ("village_code", "village_name", "town_of", "cluster_of")
    return replace(district, **{name: getattr(district, name)[kept] for name in names})


PLACES: dict[str, Callable[[District], District]] = {
    "every village a cluster of its own": _alone,
    "every town an area of its own": _town_areas,
    "no parks": _without_parks,
    "one village less": _without_last,
}
"""Changes of the district."""
