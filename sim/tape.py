"""Randomness is a tape: each run's draws come from (key, stream name) alone, in fixed shapes, used or not.

So one future meets identical weather under every strategy, in any batch, on any number of processes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from sim.arithmetic import empty_by_mode, packed, unpacked
from sim.seeding import POOL, Spread, spread

UNIFORM, NORMAL, LOGISTIC = "uniform", "normal", "logistic"


@dataclass(frozen=True)
class Stream:
    """A named stream: law and shape of one period's draw.

    Attributes:
        law: `uniform`, `normal` or `logistic` (log(u/(1-u)) in float32).
        shape: names of dimensions, resolved by the engine's sizes.
    """

    law: str
    shape: tuple[str, ...]


START_STREAMS: dict[str, Stream] = {
    "endowment": Stream(NORMAL, ("villages",)),
    "access": Stream(NORMAL, ("villages",)),
    "access_town": Stream(NORMAL, ("towns",)),
    "industry": Stream(UNIFORM, ("villages",)),
    "position": Stream(NORMAL, ("villages", "two")),
    "population": Stream(NORMAL, ("villages",)),
    "income": Stream(NORMAL, ("villages",)),
    "mode_mix": Stream(UNIFORM, ("villages", "modes")),
    "mode_choice": Stream(UNIFORM, ("villages", "modes")),
    "office_subsidy": Stream(NORMAL, ("villages",)),
    "other_income": Stream(NORMAL, ("villages",)),
    "organisation": Stream(UNIFORM, ("villages",)),
    "trust": Stream(NORMAL, ("villages",)),
    "village_effect": Stream(NORMAL, ("villages",)),
    "upgraded": Stream(UNIFORM, ("villages",)),
    "secretary_age": Stream(UNIFORM, ("villages",)),
    "secretary_skill": Stream(UNIFORM, ("villages",)),
    "secretary_college": Stream(UNIFORM, ("villages",)),
    "secretary_capable": Stream(UNIFORM, ("villages",)),
    "pool_age": Stream(UNIFORM, ("reserve",)),
    "pool_skill": Stream(UNIFORM, ("reserve",)),
    "pool_college": Stream(UNIFORM, ("reserve",)),
    "pool_capable": Stream(UNIFORM, ("reserve",)),
    "inflow_age": Stream(UNIFORM, ("inflow",)),
    "inflow_skill": Stream(UNIFORM, ("inflow",)),
    "inflow_college": Stream(UNIFORM, ("inflow",)),
    "inflow_capable": Stream(UNIFORM, ("inflow",)),
    "renewed_town": Stream(UNIFORM, ("towns",)),
    "resident_age": Stream(UNIFORM, ("residents",)),
    "resident_away": Stream(UNIFORM, ("residents",)),
    "resident_phone": Stream(UNIFORM, ("residents",)),
    "resident_leaning": Stream(NORMAL, ("residents",)),
    "resident_attends": Stream(UNIFORM, ("residents",)),
}
"""Draws of a world: what nobody published about the villages at the start."""

POPULATION_STREAM = {"population": START_STREAMS["population"]}
"""The draw that decides how many residents there are, so that it can be read before there is room for them."""

YEAR_STREAMS: dict[str, Stream] = {
    "district_year": Stream(UNIFORM, ("one",)),
    "price_idiosyncratic": Stream(NORMAL, ("villages", "modes")),
    "price_venture": Stream(NORMAL, ("clusters",)),
    "price_company": Stream(NORMAL, ("towns",)),
    "project_choice": Stream(UNIFORM, ("villages", "modes")),
    "grant": Stream(UNIFORM, ("villages",)),
    "capture": Stream(UNIFORM, ("villages",)),
    "exit": Stream(UNIFORM, ("villages",)),
    "from_pool": Stream(UNIFORM, ("villages",)),
    "promotion": Stream(UNIFORM, ("villages",)),
    "grade": Stream(NORMAL, ("villages",)),
    "local_skill": Stream(UNIFORM, ("villages",)),
    "local_age": Stream(UNIFORM, ("villages",)),
    "local_college": Stream(UNIFORM, ("villages",)),
    "local_capable": Stream(UNIFORM, ("villages",)),
    "selection": Stream(NORMAL, ("reserve",)),
    "selection_inflow": Stream(NORMAL, ("inflow",)),
    "manager_quits": Stream(UNIFORM, ("towns",)),
    "manager_order": Stream(UNIFORM, ("towns",)),
    "manager_skill": Stream(UNIFORM, ("towns",)),
    "alliance_choice": Stream(UNIFORM, ("villages",)),
    "enterprise_arrives": Stream(UNIFORM, ("villages",)),
    "pipeline_lands": Stream(UNIFORM, ("villages",)),
    "enterprise_leaves": Stream(UNIFORM, ("sites",)),
    "migration": Stream(UNIFORM, ("residents",)),
    "death": Stream(UNIFORM, ("residents",)),
}
"""Draws of a run, once a year."""

RUN_STREAMS: dict[str, Stream] = {
    "price_start": Stream(NORMAL, ("series",)),
    "newcomer_leaning": Stream(NORMAL, ("residents",)),
    "newcomer_phone": Stream(UNIFORM, ("residents",)),
    "newcomer_leaves": Stream(UNIFORM, ("residents",)),
    "pilot": Stream(UNIFORM, ("villages",)),
    "phase_in_town": Stream(UNIFORM, ("towns",)),
    "phase_in_cluster": Stream(UNIFORM, ("clusters",)),
}
"""Draws of a run, once: where prices stand at the start, who takes a dead resident's place, which villages, towns and
clusters come first where a lever is tried out or phased in."""

QUARTER_STREAMS: dict[str, Stream] = {
    "price_common": Stream(NORMAL, ("series",)),
    "failure": Stream(UNIFORM, ("villages", "modes")),
    "failure_venture": Stream(UNIFORM, ("clusters",)),
    "failure_company": Stream(UNIFORM, ("towns",)),
    "attendance": Stream(LOGISTIC, ("reconsidering",)),
}
"""Draws of a run, every quarter."""


COMMON_STREAMS = ("price_start", "price_common")
"""Draws that all districts of one future share: markets are larger than a county."""


class Draws:
    """One period's draws by name: attribute `name` is `(R, *shape)`."""

    def __init__(self, arrays: Mapping[str, np.ndarray] | None = None) -> None:
        self.__dict__.update(arrays or {})

    def __getattr__(self, name: str) -> np.ndarray:
        raise AttributeError(f"no stream {name!r} this period")

    def __getstate__(self) -> dict[str, Any]:
        return packed(self.__dict__)

    def __setstate__(self, content: Mapping[str, Any]) -> None:
        self.__dict__.update(unpacked(content))

    def update(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Replace the draws of these names."""
        self.__dict__.update(arrays)


class Tapes:
    """The tapes of R runs, one generator for each (key, stream).

    Args:
        keys: what names each run's tape: its world or its seed.
        sizes: size of each dimension.
        place: sets a district's tapes apart from those of others, all but `COMMON_STREAMS` (see `District.draws`).
    """

    def __init__(self, keys: Sequence[str], sizes: Mapping[str, int], place: str = "") -> None:
        self._keys, self._place = [str(key) for key in keys], place
        self._sizes = sizes
        self._generators: dict[str, list[np.random.Generator]] = {}

    def read(self, streams: Mapping[str, Stream]) -> dict[str, np.ndarray]:
        """The next draw of each stream, `(R, *shape)`; residents are drawn as float32."""
        self._open([name for name in streams if name not in self._generators])
        return {name: self._next(name, stream) for name, stream in streams.items()}

    def _open(self, names: Sequence[str]) -> None:
        """Make the generators of streams that are read for the first time, all at once."""
        opened = generators(
            [(key if name in COMMON_STREAMS else key + self._place, name) for name in names for key in self._keys]
        )
        for place, name in enumerate(names):
            self._generators[name] = opened[place * len(self._keys) : (place + 1) * len(self._keys)]

    def _next(self, name: str, stream: Stream) -> np.ndarray:
        shape = tuple(self._sizes[name] for name in stream.shape)
        small = stream.law == LOGISTIC or "residents" in stream.shape
        dtype, by_mode = np.float32 if small else np.float64, stream.shape[-1] == "modes"
        runs = len(self._keys)
        out = empty_by_mode(runs, *shape) if by_mode else np.empty((runs, *shape), dtype=dtype)
        for source, row in zip(self._generators[name], out, strict=True):
            draw = source.standard_normal if stream.law == NORMAL else source.random
            if by_mode:
                row[...] = draw(shape)
            else:
                draw(dtype=dtype, out=row)
        return logit(out) if stream.law == LOGISTIC else out


def generator(key: str, name: str) -> np.random.Generator:
    """The generator of one stream, from key and name alone."""
    return generators([(key, name)])[0]


def generators(streams: Sequence[tuple[str, str]]) -> list[np.random.Generator]:
    """The generators of many streams, each from its key and name alone: an SFC64 seeded with their digest."""
    digests = [hashlib.blake2b(f"{key}|{name}".encode(), digest_size=4 * POOL).digest() for key, name in streams]
    states = spread(np.frombuffer(b"".join(digests), dtype="<u4").reshape(-1, POOL))
    seeds: list[Any] = [Spread(state) for state in states]
    return [np.random.Generator(np.random.SFC64(seed)) for seed in seeds]


def logit(uniform: np.ndarray) -> np.ndarray:
    """log(u / (1 - u)); minus infinity at 0."""
    with np.errstate(divide="ignore"):
        return np.log(uniform / (1 - uniform))


def gumbel(uniform: np.ndarray) -> np.ndarray:
    """Standard Gumbel draw by inverse transform."""
    with np.errstate(divide="ignore"):
        return -np.log(-np.log(uniform))


def exponential(uniform: np.ndarray) -> np.ndarray:
    """Standard exponential draw by inverse transform."""
    return -np.log1p(-uniform)


def laplace(uniform: np.ndarray) -> np.ndarray:
    """Laplace draw of mean 0 and variance 2 by inverse transform."""
    tail = 2 * uniform - 1
    return -np.sign(tail) * np.log1p(-np.abs(tail))


GRID = np.linspace(0, 1, 257)


def beta(uniform: np.ndarray, a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """Beta(a, b) draws by inverse transform on a fine grid; shapes have one value a run, `(R, 1)`."""
    laws = special.betainc(a, b, GRID)
    return np.stack([np.interp(row, law, GRID) for row, law in zip(uniform, laws, strict=True)])


def truncated_normal(
    uniform: np.ndarray, mean: np.ndarray | float, sd: float, low: float, high: np.ndarray | float
) -> np.ndarray:
    """Normal draw cut to [low, high], by inverse transform."""
    at_low, at_high = special.ndtr((low - mean) / sd), special.ndtr((high - mean) / sd)
    return np.clip(mean + sd * special.ndtri(at_low + uniform * (at_high - at_low)), low, high)
