"""A study: strategies × futures, cut into batches that are always the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from experiments.stopping import Stopping
from scenarios.province import Province
from sim.district import District
from sim.futures import Futures
from sim.options import RunOptions
from sim.policies.base import Strategy
from sim.policies.reach import is_on
from sim.record import VILLAGES
from sim.rules.registry import code_of
from sim.structures import in_form, turned
from sim.world import DECLARED, can_act

if TYPE_CHECKING:
    from experiments.found_scale import SameCost

FUTURES_PER_BATCH = 25
"""Fixed: the model is fast from about 16 rows on, and what is stored must not depend on the number of processes."""


@dataclass(frozen=True)
class Batch:
    """Futures of one strategy that are computed together: a fixed slice of the design.

    Attributes:
        name: name of its files.
        district: the place: of a province, one of its counties.
        strategy: what is in force.
        start: initial condition, or the form to which a structure is turned, as one word.
        first: place of its first future in the design.
        futures: its futures.
    """

    name: str
    district: District
    strategy: Strategy
    start: str
    first: int
    futures: Futures


@dataclass(frozen=True)
class Study:
    """What is to be run.

    Attributes:
        name: first part of its folder's name.
        district: the place; a province is cut into counties, which run as districts of their own.
        strategies: all in the same futures.
        reference: key of the strategy the others are compared with.
        futures: what all strategies meet.
        options: horizon, first year, main initial condition, residents.
        other_starts: further initial conditions, for the reference alone.
        fixed: values that single strategies hold fixed in every world besides, by strategy and parameter.
        discount_rate: per year, for present values.
        equal_to: key of the strategy whose public cost all others are given; empty where costs are what they are.
        same_cost: how strategies were given the cost of another, by key; the scales stand in their levers.
        design: how the futures were chosen, as it is told.
        detail: what is kept of each run, one of `DETAILS`.
        stopping: when to stop before all futures are run; None = run them all.
        structures: contested structures that are turned to their other forms, one at a time, for every strategy.
        sweep: swept settings and cells (`experiments.sweep`); empty where the study is none.
        source: where the district was read from, as in `conf/district/`; not part of what is computed.
    """

    name: str
    district: District | Province
    strategies: tuple[Strategy, ...]
    reference: str
    futures: Futures
    options: RunOptions = field(default_factory=RunOptions)
    other_starts: tuple[str, ...] = ()
    discount_rate: float = 0.04
    equal_to: str = ""
    same_cost: Mapping[str, SameCost] = field(default_factory=dict)
    design: Mapping[str, Any] = field(default_factory=lambda: {"kind": "futures"})
    detail: str = VILLAGES
    stopping: Stopping | None = None
    source: Mapping[str, str | None] = field(default_factory=dict)
    fixed: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    sweep: Mapping[str, Any] = field(default_factory=dict)
    structures: tuple[str, ...] = ()

    @property
    def parameters(self) -> Mapping[str, float]:
        """Values held fixed in every world."""
        return self.futures.fixed

    @property
    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """Ranges that replace the declared ones."""
        return self.futures.ranges

    @property
    def pairs(self) -> list[tuple[Strategy, str]]:
        """Every strategy with the main start, the reference with its other starts, then every strategy in each form."""
        reference = next(strategy for strategy in self.strategies if strategy.key == self.reference)
        main = [(strategy, self.options.start) for strategy in self.strategies]
        forms = [(strategy, form) for form in self.forms for strategy in self.strategies]
        return main + [(reference, start) for start in self.other_starts] + forms

    @property
    def forms(self) -> dict[str, dict[str, str]]:
        """Forms to which structures are turned, each by a word that stands where the start does, with their names."""
        return turned(self.options.structure, self.structures)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.pairs) * len(self.futures)

    def batches(self) -> list[Batch]:
        """The whole design in fixed slices; other starts and forms of the model come last."""
        batches: list[Batch] = []
        for strategy, start in self.pairs:
            carried_out = [(place, self.strategy_in(place, strategy)) for place in self.places]
            for first in range(0, len(self.futures), FUTURES_PER_BATCH):
                part = self.futures.take(slice(first, first + FUTURES_PER_BATCH))
                for place, here in carried_out:
                    name = f"{len(batches):05d}-{strategy.key}-{start}"
                    batches.append(Batch(name, place, here, start, first, part))
        return batches

    @property
    def held_apart(self) -> set[str]:
        """Parameters that strategies hold at values of their own, so that no world has a value of them."""
        return {name for values in self.fixed.values() for name in values}

    @property
    def levers_on(self) -> set[str]:
        """Levers that are on in any strategy."""
        return {key for item in self.strategies for key, values in item.levers.items() if is_on(values)}

    def can_act(self, name: str) -> bool:
        """Whether a parameter can change anything in the study."""
        return can_act(self.levers_on, bool(self.options.residents_per_village), DECLARED[name])

    @property
    def places(self) -> tuple[District, ...]:
        """The district, or the counties of the province."""
        return self.district.counties if isinstance(self.district, Province) else (self.district,)

    def strategy_in(self, place: District, strategy: Strategy) -> Strategy:
        """The strategy as a place carries it out: a county of a province in its own size."""
        return self.district.strategy_in(place, strategy) if isinstance(self.district, Province) else strategy

    def options_of(self, batch: Batch) -> RunOptions:
        """The options of a batch: its start or form, and of a province's yearly budget the part of a county."""
        options = self.options
        if batch.start in self.forms:
            options = replace(options, structure=in_form(options.structure, batch.start))
        else:
            options = replace(options, start=batch.start)
        if not isinstance(self.district, Province):
            return options
        return replace(options, annual_budget=self.district.budget_of(batch.district, options.annual_budget))

    @cached_property
    def id(self) -> str:
        """Hash of everything that decides the results, the model's own code included."""
        return id_of(self.description(), self.district.fingerprint, model_fingerprint())

    def plan(self) -> dict[str, Any]:
        """What can be told of the study before it is finished, named as in the manifest."""
        names = [{"key": strategy.key, "zh": strategy.zh, "en": strategy.en} for strategy in self.strategies]
        batches = len(self.pairs) * -(-len(self.futures) // FUTURES_PER_BATCH) * len(self.places)
        return {"name": self.name, "strategies": names, "futures": len(self.futures), "batches": batches}

    def description(self) -> dict[str, Any]:
        """The design as plain values."""
        return as_plain(
            {
                "strategies": [asdict(strategy) for strategy in self.strategies],
                "reference": self.reference,
                "design": self.design,
                "futures": self.futures.fingerprint,
                "options": asdict(self.options),
                **({"rules": code_of(self.options.rules)} if self.options.rules else {}),
                "other_starts": self.other_starts,
                "parameters": self.parameters,
                "ranges": self.ranges,
                "discount_rate": self.discount_rate,
                "equal_to": self.equal_to,
                "detail": self.detail,
                "stopping": None if self.stopping is None else asdict(self.stopping),
                **({"fixed": self.fixed} if self.fixed else {}),
                **({"sweep": self.sweep} if self.sweep else {}),
                **({"structures": self.structures} if self.structures else {}),
            }
        )


def id_of(design: Mapping[str, Any], district: str, model: str) -> str:
    """The id of a study from its description and the fingerprints of the district's data and of the model."""
    return hash_of_plain({"design": design, "district": district, "model": model})


def hash_of_plain(content: Any) -> str:
    """Hash of plain values, whatever the order of their names."""
    text = json.dumps(as_plain(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def as_plain(value: Any) -> Any:
    """Values as JSON holds them: keys are text, tuples are lists, NumPy numbers are numbers."""
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


@cache
def model_fingerprint() -> str:
    """Hash of the bytes of the model; line ends do not count."""
    folder, digest = Path(sim.__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
