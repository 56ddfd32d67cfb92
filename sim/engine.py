"""The engine: R runs of one strategy as rows of arrays, quarter by quarter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from sim import columns, initial, tape
from sim.ablation import calendar_without, parameters_without
from sim.arithmetic import Groups
from sim.calendar import Calendar
from sim.checks import check_numbers, check_run
from sim.district import District
from sim.futures import Futures
from sim.ledger import VILLAGE_ACCOUNTS, Ledger
from sim.modes import OWN_MODES, VENTURE_MODES
from sim.network import TIES, anchors, build_settlement_tie, build_ties, settlements
from sim.options import ALL_RESIDENTS, RunOptions
from sim.parameters import ParameterValues
from sim.policies.base import Lever, Strategy
from sim.policies.columns import PolicyState
from sim.policies.registry import LEVERS, build_levers
from sim.problems import InputErrors
from sim.processes import participation
from sim.processes.demography import AGES
from sim.processes.enterprises import SITES
from sim.rationing import Rationing
from sim.record import VILLAGES, Record
from sim.register import FullRegister, Register, SampleRegister
from sim.rules.registry import with_rules
from sim.state import Moment, State, Table
from sim.structures import in_force
from sim.world import parameter_values

np.empty(31 * 2**20, dtype=np.uint8)
"""Allocators learn from what is given back: after an array of this size (untouched, so it costs nothing) the GNU one
keeps the room of smaller ones for the next, and does not return it to the system and ask for it again at every step."""

PRICE_SERIES = len(initial.INDUSTRIES) + 1


@dataclass(frozen=True)
class BatchResult:
    """What R runs left.

    Attributes:
        years: the year before the start, then every simulated year.
        indicators: name to `(R, years)`; NaN where undefined.
        villages: name to `(R, years, V)` float32; empty where nobody asked for them.
    """

    years: list[int]
    indicators: dict[str, np.ndarray]
    villages: dict[str, np.ndarray]


class Engine:
    """R runs of one strategy. `step` is one quarter.

    Args:
        district: the place.
        strategy: the levers.
        futures: world and seed of each run, and what is set in them.
        options: horizon, start and so on.
        calendar: phases of the year; unless given the usual ones, with the options' rules, without what the strategy
            leaves out.
    """

    def __init__(
        self,
        district: District,
        strategy: Strategy,
        futures: Futures,
        options: RunOptions | None = None,
        calendar: Calendar | None = None,
    ) -> None:
        self.district, self.strategy = district, strategy
        self.options = options or RunOptions()
        self.calendar = calendar or calendar_without(strategy.without, with_rules(self.options.rules))
        levers = build_levers(strategy, district)
        values = parameter_values(futures.parameters(parameters_without(strategy.without)))
        world_keys = [f"world {max(draw, 0)}" for draw in futures.draws.tolist()]
        register = self._register(values, world_keys)
        sizes = self._sizes(levers, register)
        self.now = self._moment(levers, sizes, values, register, len(futures))
        self.now.rationing = self._rationing()
        world_tape = tape.Tapes(world_keys, sizes, district.draws)
        initial.start(self.now, tape.Draws(world_tape.read(tape.START_STREAMS)), self.options.start)
        self.now.ties = build_ties(district, register)  # after the start, which needs the room
        self.now.settlement_tie = build_settlement_tie(district, register)
        self._tape = tape.Tapes([f"seed {seed}" for seed in futures.seeds.tolist()], sizes, district.draws)
        self.now.draws.update(self._tape.read(tape.RUN_STREAMS))
        first = self.now.draws.price_start
        village = self.now.state.village
        village.common_price = np.take_along_axis(first, village.industry.astype(np.int64), axis=1)
        village.other_price = first[:, -1:]
        self.opening_total = self.now.ledger.total()

    def __copy__(self) -> Engine:
        """A copy of its own: one that shared arrays would move its original."""
        return deepcopy(self)

    def step(self) -> None:
        """One quarter."""
        now = self.now
        now.quarter = now.quarters_since_start % 4
        now.year = self.options.start_year + now.quarters_since_start // 4
        if now.quarter == 0:
            now.draws.update(self._tape.read(tape.YEAR_STREAMS))
            self._do(self.calendar.opening)
        now.draws.update(self._tape.read(tape.QUARTER_STREAMS))
        self._do(self.calendar.every_quarter)
        if now.quarter == 3:
            self._do(self.calendar.closing)
        now.quarters_since_start += 1

    def funnel(self) -> dict[str, np.ndarray]:
        """The participation funnel now; empty with residents off."""
        return participation.funnel(self.now) if self.now.register.size else {}

    def _do(self, phases: Sequence[Callable[[Moment], None]]) -> None:
        for phase in phases:
            phase(self.now)

    def _rationing(self) -> Rationing | None:
        """The yearly budget, whose purse the ledger pays from; none without one."""
        if self.options.annual_budget is None:
            return None
        rationing = Rationing(
            self.now.levers, self.options.annual_budget, self.options.priority, self.now.runs, self.calendar.opening
        )
        self.now.ledger.purse = rationing.purse
        return rationing

    def _register(self, values: ParameterValues, world_keys: Sequence[str]) -> Register:
        """Who is registered where: a sample of equal size in each village, or everybody there is in the world."""
        district, number = self.district, self.options.residents_per_village
        if number != ALL_RESIDENTS:
            return SampleRegister(district.villages, int(number))
        if len(world_keys) > 1:
            raise ValueError("runs with all residents differ in size: one at a time, or `run_batch`")
        tapes = tape.Tapes(world_keys, {"villages": district.villages}, district.draws)
        draw = tapes.read(tape.POPULATION_STREAM)["population"]
        registered, _ = initial.populations(district, values, draw)
        return FullRegister(np.maximum(1, np.rint(registered[0])))

    def _sizes(self, levers: Sequence[Lever], register: Register) -> dict[str, int]:
        district = self.district
        years = self.options.horizon - self.options.start_year + 1
        return {
            "villages": district.villages,
            "towns": district.towns,
            "clusters": district.clusters,
            "modes": len(OWN_MODES),
            "series": PRICE_SERIES,
            "sites": district.villages * SITES,
            "one": 1,
            "two": 2,
            "reserve": round(district.facts["reserve_cadres"]),
            "inflow": sum(lever.newcomers(years) for lever in levers),
            "residents": register.size,
            "reconsidering": register.places_of_turn(participation.RECONSIDER_GROUPS),
        }

    def _moment(
        self, levers: Sequence[Lever], sizes: Mapping[str, int], values: ParameterValues, register: Register, runs: int
    ) -> Moment:
        district = self.district
        clusters = Groups(district.cluster_of, district.clusters)
        seats = Groups(
            np.concatenate([district.cluster_of, district.clusters + district.town_of]),
            district.clusters + district.towns,
        )
        ledger = Ledger(runs, seats, district.villages)
        candidates = sizes["reserve"] + sizes["inflow"]
        state = State(
            village=Table(columns.VillageColumns, runs, district.villages, len(OWN_MODES)),
            secretary=Table(columns.SecretaryColumns, runs, district.villages),
            candidate=Table(columns.CandidateColumns, runs, candidates),
            venture=Table(columns.VentureColumns, runs, seats.count, len(VENTURE_MODES)),
            resident=Table(columns.ResidentColumns, runs, sizes["residents"]),
            alliance=Table(columns.AllianceColumns, runs, district.villages),
            enterprise=Table(columns.EnterpriseColumns, runs, sizes["sites"]),
        )
        if not register.size:
            state.cohort = np.zeros((runs, district.villages, 2, len(AGES)))
        for name in VILLAGE_ACCOUNTS:
            state.village.hold(name, ledger.balances[f"village.{name}"])
        state.venture.hold("cash", ledger.balances["venture"])
        return Moment(
            district=district,
            state=state,
            ledger=ledger,
            policy=PolicyState(runs, district.villages),
            parameters=values,
            draws=tape.Draws(),
            towns=Groups(district.town_of, district.towns),
            clusters=clusters,
            seats=seats,
            is_company=np.arange(seats.count) >= district.clusters,
            candidate_towns=Groups(_candidate_towns(district, sizes["reserve"], candidates), district.towns),
            is_anchor=anchors(register),
            ties=np.zeros((TIES, 0), dtype=np.int64),
            has_settlement=settlements(district),
            settlement_tie=np.zeros(0, dtype=np.int64),
            register=register,
            levers=levers,
            lever_keys=tuple(key for key, lever in LEVERS.items() if key in lever.purposes),
            project_grants_in_total=self.options.project_grants_in_total,
            structure=in_force(self.options.structure),
            runs=runs,
            year=self.options.start_year - 1,
            quarter=3,
        )


def _candidate_towns(district: District, reserve: int, candidates: int) -> np.ndarray:
    """Town of each candidate: spread over the towns in proportion to their villages, inside each the same way."""
    share = np.bincount(district.town_of, minlength=district.towns) / district.villages
    towns = [np.searchsorted(np.cumsum(share), (np.arange(reserve) + 0.5) / max(reserve, 1))]
    late = candidates - reserve
    towns.append(np.searchsorted(np.cumsum(share), (np.arange(late) * 0.6180339887498949 + 0.5) % 1.0))
    return np.minimum(np.concatenate(towns), district.towns - 1)


def run_batch(
    district: District,
    strategy: Strategy,
    futures: Futures,
    options: RunOptions | None = None,
    keep: str = VILLAGES,
    checked: bool = False,
) -> BatchResult:
    """Run R runs of one strategy to the horizon; row r meets future r.

    Args: as for `Engine`; and `keep`: one of `sim.record.DETAILS`; `checked`: whether the input has been checked, as
        that of a study has.

    Raises:
        InputErrors: all mistakes in the input.
    """
    if not checked:
        problems = check_run(district, strategy, options or RunOptions())
        problems += futures.check() if isinstance(futures, Futures) else check_numbers("futures", futures)
        if problems:
            raise InputErrors(problems)
    if (options or RunOptions()).residents_per_village == ALL_RESIDENTS and len(futures) > 1:
        each = [futures.take(slice(row, row + 1)) for row in range(len(futures))]
        return joined([run_batch(district, strategy, one, options, keep, checked=True) for one in each])
    engine = Engine(district, strategy, futures, options)
    record = Record(engine.now, engine.options.start_year, engine.options.horizon, keep == VILLAGES)
    record.take()
    for _ in range(engine.options.start_year, engine.options.horizon + 1):
        for _ in range(4):
            engine.step()
        record.take()
    return BatchResult(record.years, record.indicators(), record.villages())


def joined(results: Sequence[BatchResult]) -> BatchResult:
    """Runs computed one by one, as one batch."""
    return BatchResult(
        results[0].years,
        {name: np.concatenate([result.indicators[name] for result in results]) for name in results[0].indicators},
        {name: np.concatenate([result.villages[name] for result in results]) for name in results[0].villages},
    )
