"""Small places, strategies and harnesses for the tests of the model core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from typing import Any
from unittest.mock import patch

import numpy as np

import sim.engine
import sim.futures
from scenarios import load_district
from sim.calendar import YEAR, Calendar
from sim.district import District
from sim.engine import BatchResult, Engine
from sim.futures import futures_of
from sim.modes import MODES
from sim.options import RunOptions
from sim.policies import acting
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS
from sim.record import VILLAGES, Record
from sim.world import DECLARED, world_values

MAY_BE_UNDEFINED = {"company_return_median", "company_return_p90", "company_profit_median"}
"""Indicators over companies, where there is none."""
TABLES = ("village", "secretary", "candidate", "venture", "alliance", "enterprise", "resident")


def engine_in(
    district: District, strategy: Strategy, worlds: Sequence[int | None], seeds: Sequence[int],
    options: RunOptions | None = None, parameters: Mapping[str, float] | None = None, calendar: Calendar | None = None,
) -> Engine:  # fmt: skip
    """An engine in the futures of these worlds and seeds."""
    return Engine(district, strategy, futures_of(worlds, seeds, fixed=parameters), options, calendar)


def run_batch(
    district: District, strategy: Strategy, worlds: Sequence[int | None], seeds: Sequence[int],
    options: RunOptions | None = None, parameters: Mapping[str, float] | None = None, keep: str = VILLAGES,
    checked: bool = False,
) -> BatchResult:  # fmt: skip
    """A batch in the futures of these worlds and seeds."""
    return sim.engine.run_batch(district, strategy, futures_of(worlds, seeds, fixed=parameters), options, keep, checked)


run_unchecked = partial(run_batch, checked=True)
"""For tests that go beyond the declared ranges, or look at levers that reach nobody."""
OWN_KEYS = [mode.key for mode in MODES if mode.alone]

NONE = Strategy("none")
EXISTING = Strategy("existing", levers={key: {"intensity": 1} for key in LEVERS if key != "joint_building"})
ALL = Strategy("all", levers={**EXISTING.levers, "joint_building": {"intensity": 1, "contribution_share": 1.0}})
LARGE_POOLS = {"intensity": 1, "contribution_share": 1.0, "pool_mode": "group_development", "sharing": "by_need"}
ALL_GROUP = Strategy("all_group", levers={**EXISTING.levers, "joint_building": LARGE_POOLS})


@cache
def enyang() -> District:
    return load_district("enyang")


def small_district(given: Mapping[str, np.ndarray] | None = None, lone: bool = False, **facts: float) -> District:
    """Two towns of four villages; clusters of four, three and one.

    Args:
        given: a user's own columns.
        lone: add a third town of one village, a cluster by itself.
        facts: published counts that differ from the usual ones.
    """
    town_of = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2] if lone else [0, 0, 0, 0, 1, 1, 1, 1])
    cluster_of = np.array([0, 0, 0, 0, 1, 1, 1, 2, 3] if lone else [0, 0, 0, 0, 1, 1, 1, 2])
    return build_district(town_of, cluster_of, given, **facts)


def pair_district(**facts: float) -> District:
    """Two towns of two villages, each a cluster."""
    return build_district(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]), None, **facts)


def build_district(
    town_of: np.ndarray, cluster_of: np.ndarray, given: Mapping[str, np.ndarray] | None = None, **facts: float
) -> District:
    villages, towns = len(town_of), int(town_of.max()) + 1
    counts = {
        "capable_secretaries": round(villages * 0.67),
        "renovated_centres": 46,
        "service_centres": 309,
        "settlements": round(villages * 0.15),
        "reserve_cadres": round(villages * 1.75),
        "reserve_cadres_with_college": round(villages * 1.34),
        "reserve_mean_age": 33.5,
        "pipeline_projects": round(villages * 0.43),
        "resident_population": villages * 1600,
        "urban_population": villages * 564,
        "renewed_town_chiefs": max(towns // 2, 1),
        "city_income_mean": 9.56,
        "enterprise_rate_villages": 209,
    }
    return District(
        key="small",
        zh="小县",
        en="Small",
        village_code=np.array([f"{1000 + number}" for number in range(villages)]),
        village_name=np.array([f"村{number}" for number in range(villages)]),
        town_name=tuple(f"镇{number}" for number in range(towns)),
        town_name_en=tuple(f"Town {number}" for number in range(towns)),
        town_of=town_of,
        cluster_of=cluster_of,
        area_of_town=np.arange(towns) // 2,
        town_position_km=np.arange(2.0 * towns).reshape(towns, 2) * 10,
        facts={**counts, **facts},
        parks_in_town=np.arange(towns) % 2,
        given=dict(given or {}),
    )


def options(horizon: int = 2027, residents: int = 12, **others: Any) -> RunOptions:
    return RunOptions(horizon=horizon, residents_per_village=residents, **others)


def without(strategy: Strategy, key: str) -> Strategy:
    return Strategy("without", levers={name: values for name, values in strategy.levers.items() if name != key})


def changed(strategy: Strategy, key: str, **values: Any) -> Strategy:
    """The strategy with some settings of one lever replaced."""
    return Strategy("changed", levers={**strategy.levers, key: {**strategy.levers.get(key, {}), **values}})


def supervised(strategy: Strategy, intensity: float) -> Strategy:
    """The strategy with audits of this intensity."""
    return changed(strategy, "asset_supervision", intensity=intensity)


def only(key: str, **values: Any) -> Strategy:
    return Strategy(key, levers={key: {"intensity": 1, **values}})


@contextmanager
def rows_of(overrides: Sequence[Mapping[str, float]]) -> Iterator[None]:
    """Engines built inside give row r of their batch the default values with `overrides[r]` in place."""
    waiting = iter(overrides)

    def values(world: int | None, fixed: Mapping[str, float] | None = None, ranges: Any = None) -> dict[str, float]:
        return {**world_values(world, fixed, ranges), **next(waiting)}

    with patch.object(sim.futures, "world_values", values):
        yield


def batch_of(
    district: District, strategy: Strategy, overrides: Sequence[Mapping[str, float]], chosen: RunOptions, seed: int = 1
) -> BatchResult:
    """One batch whose rows differ in parameters alone."""
    with rows_of(overrides):
        return run_batch(district, strategy, [None] * len(overrides), [seed] * len(overrides), chosen)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Bit for bit, NaN equal to NaN."""
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()


def all_outputs(result: BatchResult) -> dict[str, np.ndarray]:
    villages = {f"village {name}": values for name, values in result.villages.items()}
    return {**result.indicators, **villages}


def differing(one: BatchResult, other: BatchResult, years: slice = slice(None)) -> list[str]:
    """Names of outputs that differ in at least one bit."""
    left, right = all_outputs(one), all_outputs(other)
    assert list(left) == list(right)
    return [name for name in left if not same(left[name][:, years].copy(), right[name][:, years].copy())]


def first_differing(
    expected: BatchResult, district: District, strategy: Strategy, numbers: Sequence[int], chosen: RunOptions,
    parameters: Mapping[str, float] | None = None,
) -> list[str]:  # fmt: skip
    """Names of outputs that differ from the expected ones in the first year in which any does; later ones are not run.

    Args:
        numbers: worlds and seeds, as they were of what is expected.
    """
    engine = engine_in(district, strategy, list(numbers), list(numbers), chosen, parameters)
    record = Record(engine.now, chosen.start_year, chosen.horizon)
    record.take()
    for so_far in range(2, len(record.years) + 1):
        year(engine)
        record.take()
        found = differing(BatchResult(record.years, record.indicators(), record.villages()), expected, slice(so_far))
        if found:
            return found
    return []


def state_of(engine: Engine) -> dict[str, np.ndarray]:
    """Copies of every state column: `village.cash` and so on."""
    found = {}
    for kind in TABLES:
        table = getattr(engine.now.state, kind)
        for name in table.columns:
            found[f"{kind}.{name}"] = np.array(getattr(table, name))
    if engine.now.state.cohort.size:
        found["cohort"] = engine.now.state.cohort.copy()
    return found


def yearly_states(engine: Engine, years: int) -> list[dict[str, np.ndarray]]:
    """The state after each quarter's end of `years` years, once a year."""
    states = []
    for _ in range(years):
        for _ in range(4):
            engine.step()
        states.append(state_of(engine))
    return states


def start_engine(
    district: District,
    strategy: Strategy = NONE,
    runs: int = 1,
    parameters: Mapping[str, float] | None = None,
    opening: Sequence[Callable] | None = None,
    every_quarter: Sequence[Callable] | None = None,
    closing: Sequence[Callable] | None = None,
    chosen: RunOptions | None = None,
    worlds: Sequence[int | None] | None = None,
) -> Engine:
    """An engine whose year holds levers acting and the named phases; all phases where none is named.

    Where phases are named, years are alike unless options say otherwise: a rule is looked at by itself.
    """
    calendar, chosen = YEAR, chosen or options(2100)
    if not (opening is None and every_quarter is None and closing is None):
        calendar = Calendar(
            [acting.open_books, acting.act, *(opening or [])], [acting.pay_by_quarter, *(every_quarter or [])],
            closing or [],
        )  # fmt: skip
        chosen = replace(chosen, structure={"district_years": "off", **chosen.structure})
    return engine_in(district, strategy, worlds or [None] * runs, list(range(runs)), chosen, parameters, calendar)


def year(engine: Engine, number: int = 1) -> None:
    for _ in range(4 * number):
        engine.step()


def mode_values(field: str, value: float, keys: Sequence[str] = tuple(OWN_KEYS)) -> dict[str, float]:
    """One value of a field for several modes, as parameters."""
    return {f"{key}.{field}": value for key in keys}


def range_end(name: str) -> float:
    """The low end of a parameter's range, or the high end where the default is the low one."""
    item = DECLARED[name]
    return item.low if item.low != item.default else item.high


def set_cash(engine: Engine, amount: np.ndarray | float, account: str = "village.cash") -> None:
    """Set a balance in every village, against the account `outside`."""
    balance = engine.now.ledger.balances[account]
    difference = np.broadcast_to(amount, balance.shape) - balance
    engine.now.ledger.pay("outside", account, np.maximum(difference, 0), "own_rule")
    engine.now.ledger.pay(account, "outside", np.maximum(-difference, 0), "own_rule")


def moved_by(
    key: str, parameters: Mapping[str, float] | None = None, strategy: Strategy = ALL, **settings: Any
) -> set[str]:
    """State columns that a lever moves within eight years, beside a strategy, where its effects are set to zero.

    Args:
        parameters: what its effects hang on, at the value at which it does nothing.
        settings: the same of its settings.
    """
    rest, place = without(strategy, key), small_district(lone=True)
    engines = [
        start_engine(place, chosen, 4, parameters, worlds=[None, 0, 1, 2])
        for chosen in (changed(rest, key, intensity=1, **settings), rest)
    ]
    pairs = zip(*(yearly_states(engine, 8) for engine in engines), strict=True)
    return set().union(*(unlike(one, other, 99) for one, other in pairs))


def unlike(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray], candidates: int) -> set[str]:
    """Names of state columns that differ, among the candidates both have."""
    found = set()
    for name, values in one.items():
        part = slice(candidates if name.startswith("candidate.") else None)
        if not same(values[:, part].copy(), other[name][:, part].copy()):
            found.add(name)
    return found


PRODUCERS = {**{f"{key}.revenue_yield": 0.4 for key in ("entity_operation", "industry_driven")}}
POOLS_PAY = {
    "enclave.revenue_yield": 0.115,
    "enclave.minimum_scale": 20.0,
    "group_development.revenue_yield": 0.2,
    "group_development.minimum_scale": 40.0,
    "agency_base": 0.1,
}
"""Parameters under which pools are founded in nearly every run: at the defaults that is rare."""
DIFFERENCES = ("sigma_village", "sigma_leaning", "anchor_leaning", "reference_share")
ALIKE = {name: 0.0 for name in DECLARED if name.startswith("b_") or name in DIFFERENCES}
"""Every resident wishes the same, whatever the village is like: u = h + J · share of those he sees."""
