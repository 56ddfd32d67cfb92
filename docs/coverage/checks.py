"""A check says which output an effect moves and where to; it must pass, and fail once the effect is set to zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from docs.coverage.setups import HORIZON, NOTHING, RESIDENTS, Change, Setup, absent, lever, together
from sim.engine import Engine
from sim.futures import numbered
from sim.modes import OWN_MODES, VENTURE_MODES
from sim.options import RunOptions
from sim.record import Record
from sim.world import DECLARED

FUTURES = 8
"""Villages and shocks of future k, the same on both sides of every comparison; all parameters at their defaults."""
ERRORS = 4.0
"""A direction counts if the mean paired difference exceeds so many standard errors."""
TINY = 1e-9
"""Less is rounding."""
UP, DOWN, CHANGES, EQUALS = "up", "down", "changes", "equals"
START, MEAN, LAST, MOST = "start", "mean", "last", "most"
DEFAULTS = {name: float(item.default) for name, item in DECLARED.items()}
TABLES = ("village", "secretary", "candidate", "venture", "alliance", "enterprise", "resident")


def _modes_in_use(engine: Engine) -> np.ndarray:
    """Modes in which some village or venture holds capital or builds, `(R,)`."""
    state = engine.now.state
    keys = [mode.key for mode in OWN_MODES] + [mode.key for mode in VENTURE_MODES]
    used = [
        np.any(table.capital + table.pending_this_year + table.pending_last_year > 0, axis=1)
        for table in (state.village, state.venture)
    ]
    columns = np.concatenate(used, axis=1)
    by_mode = [np.any(columns[:, [place for place, key in enumerate(keys) if key == name]], axis=1) for name in
               dict.fromkeys(keys)]  # fmt: skip
    return np.sum(by_mode, axis=0)


def _farm_forms(engine: Engine) -> np.ndarray:
    """Of farming with a leader, share cooperation and services those in which villages hold capital, `(R,)`."""
    places = [place for place, mode in enumerate(OWN_MODES)
              if mode.key in ("industry_driven", "share_cooperation", "service_income")]  # fmt: skip
    return np.sum(np.any(engine.now.state.village.capital > 0, axis=1)[:, places], axis=1)


def _kinds(column: str) -> Callable[[Engine], np.ndarray]:
    def count(engine: Engine) -> np.ndarray:
        values = getattr(engine.now.state.village, column)
        return np.array([len(np.unique(row)) for row in values])

    return count


def _renewed_towns(engine: Engine) -> np.ndarray:
    return np.sum(engine.now.towns.maximum(engine.now.state.village.town_renewed), axis=1)


def _services_at_home(engine: Engine) -> np.ndarray:
    village = engine.now.state.village
    home = village.registered_population * village.home_share
    return np.sum(village.service_quality * home, axis=1) / np.sum(home, axis=1)


def _founded(engine: Engine) -> np.ndarray:
    return np.sum(engine.now.state.venture.founded[:, engine.now.clusters.count :], axis=1)


COUNTS: dict[str, Callable[[Engine], Any]] = {
    "first year": lambda engine: engine.options.start_year,
    "villages": lambda engine: engine.district.villages,
    "towns": lambda engine: engine.district.towns,
    "clusters": lambda engine: engine.now.clusters.count,
    "town areas": lambda engine: len(np.unique(engine.district.area_of_town)),
    "parks": lambda engine: np.sum(engine.district.parks_in_town),
    "villages with a settlement": lambda engine: np.sum(engine.now.has_settlement),
    "towns with a renewed chief": _renewed_towns,
    "companies founded": _founded,
    "industries": _kinds("industry"),
    "modes in use": _modes_in_use,
    "new forms in use": _farm_forms,
    "spread of services": lambda engine: np.std(engine.now.state.village.service_quality, axis=1),
    "services of those at home": _services_at_home,
    "residents in thousands": lambda engine: np.sum(engine.now.state.village.population_start, axis=1) / 1000,
}
"""What is counted besides indicators and state columns."""


@dataclass(frozen=True)
class Check:
    """One claim of a row.

    Attributes:
        output: an indicator, a state column such as `village.trust` (its mean over rows), `total ` and a state column,
            or one of `COUNTS`.
        direction: `UP`, `DOWN` or `CHANGES`: with the effect against without it; `EQUALS`: the output has the value.
        zero: the effect set to zero; the check must fail under it, on both sides.
        without: the effect taken away, for comparison; not for `EQUALS`.
        under: situation in which both sides stand.
        when: a year, `START`, `LAST`, or the `MEAN` or the `MOST` over the years simulated.
        value: for `EQUALS`.
        within: tolerance for `EQUALS`.
    """

    output: str
    direction: str
    zero: Change
    without: Change = NOTHING
    under: Change = NOTHING
    when: str | int = MEAN
    value: float = float("nan")
    within: float = 0.0


def by_lever(key: str, output: str, direction: str, zero: Change | None = None, **more: Any) -> Check:
    """A check that takes a lever away; `zero` is the effect's own zero, or intensity 0 where it has none."""
    settings = more.pop("settings", {})
    in_force = lever(key, **settings)
    if not settings:
        in_force = Change("", in_force.apply)  # goes without saying beside what it is compared with
    under = together(more.pop("under", NOTHING), in_force)
    return Check(output, direction, zero or lever(key, intensity=0), absent(key), under, **more)


def by_setting(
    key: str, name: str, off_on: tuple[Any, Any], output: str, direction: str, zero: Change, **more: Any
) -> Check:
    """A check that compares two values of a lever's setting, the first of them that without its effect."""
    off, on = off_on
    under = together(more.pop("under", NOTHING), lever(key, **{name: on}))
    return Check(output, direction, zero, lever(key, **{name: off}), under, **more)


def equals(output: str, value: float, zero: Change, **more: Any) -> Check:
    """A check that an output has a value."""
    return Check(output, EQUALS, zero, value=value, **more)


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes:
        without: mean of the output without the effect.
        with_effect: mean with it.
        at_zero: mean difference once the effect is set to zero; for `EQUALS` the value then.
        passes: whether the output moves as claimed.
        fails_at_zero: whether it no longer does at zero.
    """

    without: float
    with_effect: float
    at_zero: float
    passes: bool
    fails_at_zero: bool

    @property
    def holds(self) -> bool:
        """Whether the check is worth something: it passes, and only with the effect."""
        return self.passes and self.fails_at_zero


class Runs:
    """Runs setups, each once and no further than a check looks."""

    def __init__(self, futures: int = FUTURES) -> None:
        self._futures = list(range(futures))
        self._runs: dict[str, _Run] = {}

    def outcome(self, check: Check) -> Outcome:
        """Try a check with its effect and with the effect at zero."""
        base = check.under.apply(Setup())
        zeroed = check.zero.apply(base)
        one, none = self._value(check, base), self._value(check, zeroed)
        if check.direction == EQUALS:
            return Outcome(np.nan, one.mean(), none.mean(), _near(one, check), not _near(none, check))
        other = self._value(check, check.without.apply(base))
        nothing = none - self._value(check, check.zero.apply(check.without.apply(base)))
        moved = passes(one - other, check.direction)
        return Outcome(other.mean(), one.mean(), nothing.mean(), moved, not passes(nothing, check.direction))

    def _value(self, check: Check, setup: Setup) -> np.ndarray:
        """The output of a setup, one number a future."""
        run = self._runs.setdefault(repr(setup), _Run(setup, self._futures))
        if check.when == START:
            return run.until(run.years[0])[check.output][:, 0]
        if isinstance(check.when, int):
            return run.until(check.when)[check.output][:, run.years.index(check.when)]
        later = run.until(run.years[-1])[check.output][:, 1:]
        return {MEAN: later.mean(axis=1), LAST: later[:, -1], MOST: later.max(axis=1)}[str(check.when)]


class _Run:
    """One setup in all futures, simulated as far as somebody asked; `years` begin with the one before the start."""

    def __init__(self, setup: Setup, futures: Sequence[int]) -> None:
        self._setup, self._futures = setup, futures
        self._options = RunOptions(**{"horizon": HORIZON, "residents_per_village": RESIDENTS, **setup.options})
        self.years = list(range(self._options.start_year - 1, self._options.horizon + 1))
        self._engine: Engine | None = None
        self._states: list[Mapping[str, np.ndarray]] = []

    def until(self, year: int) -> dict[str, np.ndarray]:
        """All outputs, name to `(R, years so far)`."""
        if not self._states:
            setup = self._setup
            self._engine = Engine(
                setup.district, setup.strategy, numbered(self._futures, fixed={**DEFAULTS, **setup.parameters}),
                self._options, setup.calendar,
            )  # fmt: skip
            self._record = Record(self._engine.now, self._options.start_year, self._options.horizon)
            self._take()
        while self.years[len(self._states) - 1] < year:
            for _ in range(4):
                self._engine.step()
            self._take()
        columns = {name: np.stack([state[name] for state in self._states], axis=1) for name in self._states[0]}
        return {**columns, **self._record.indicators()}

    def _take(self) -> None:
        self._record.take()
        self._states.append(_summary(self._engine))


def passes(differences: np.ndarray, direction: str) -> bool:
    """Whether paired differences `(R,)` are what a direction says."""
    if direction == CHANGES:
        return bool(np.any(differences != 0))
    signed = differences if direction == UP else -differences
    error = np.std(signed, ddof=1) / np.sqrt(len(signed))
    return bool(signed.mean() > max(ERRORS * error, TINY))


def _near(values: np.ndarray, check: Check) -> bool:
    return bool(np.all(np.abs(values - check.value) <= check.within))


def _summary(engine: Engine) -> Mapping[str, np.ndarray]:
    """Mean and total over rows of every state column, and the counts, each `(R,)`."""
    runs, found = engine.now.runs, {}
    for kind in TABLES:
        table = getattr(engine.now.state, kind)
        for name in table.columns:
            values = getattr(table, name).reshape(runs, -1)
            total = np.sum(values, axis=1, dtype=np.float64)
            found[f"total {kind}.{name}"] = total
            found[f"{kind}.{name}"] = total / max(table.rows, 1)
    for name, count in COUNTS.items():
        found[name] = np.broadcast_to(np.asarray(count(engine), dtype=np.float64), (runs,)).copy()
    return found
