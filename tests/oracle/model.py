"""The oracle's district: agents one by one through the year of docs/model.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace

import mesa
import numpy as np

from oracle import (
    alliances,
    budget,
    demography,
    enterprises,
    finance,
    grading,
    idle_assets,
    leadership,
    levers,
    managers,
    participation,
    production,
    projects,
    reporting,
    services,
    stakes,
    ventures,
)
from oracle.agents import Alliance, Candidate, Enterprise, Policy, Resident, Secretary, Venture, Village
from oracle.ledger import Ledger
from oracle.modes import own_modes, venture_modes
from sim import tape
from sim.district import District
from sim.purposes import PURPOSES

Phase = Callable[["OracleModel"], None]

OPENING: Sequence[Phase] = (
    leadership.hold_elections,
    leadership.train,
    leadership.judge_ability,
    leadership.learn_from_partners,
    leadership.judge_ability,
    leadership.take_advice,
    leadership.choose_effort,
    managers.staff,
    services.spend_assistance,
    services.adopt_platform,
    production.face_the_year,
    enterprises.arrive,
    projects.open_year,
    alliances.form,
    alliances.choose_quality,
    ventures.open_year,
    stakes.contribute,
    projects.invest,
    participation.form_inclination,
)
EVERY_QUARTER: Sequence[Phase] = (
    projects.mature,
    ventures.mature,
    projects.depreciate,
    ventures.wear_and_fail,
    production.move_prices,
    projects.fail,
    production.earn,
    alliances.settle,
    production.lose,
    idle_assets.let,
    enterprises.trade,
    ventures.earn,
    finance.pay_running_costs,
    finance.cover_shortfall,
    participation.reconsider,
    participation.update_trust,
)
CLOSING: Sequence[Phase] = (
    ventures.pay_out,
    ventures.wind_up,
    finance.run_office,
    finance.measure_incomes,
    reporting.report,
    finance.use_surplus,
    finance.grow_dependent,
    services.improve,
    services.wear_roads,
    services.develop_organisation,
    grading.assess,
    alliances.review,
    enterprises.leave,
    demography.move,
    leadership.grow_older,
)


class OracleModel(mesa.Model):
    """One run of one district, one quarter a step.

    Args:
        start: where the engine stands before its first quarter (`oracle.start`).
        district: the place.
        settings: a strategy's settings by lever; what is not named is at its default.
        defaults: declared defaults of all settings of every lever.
        values: the world's parameters by name.
        seed_key: key of the run's tapes.
        sizes: sizes of the tapes' dimensions.
        start_year: first year.
        project_grants_in_total: whether total income counts project grants.
        watch: called with the name of each phase after it.
        annual_budget: public money a year for all levers; None where they take what they want.
        priority: levers served first.
        structure: forms of contested structures.
    """

    def __init__(
        self,
        start: Mapping,
        district: District,
        settings: Mapping[str, Mapping],
        defaults: Mapping[str, Mapping],
        values: Mapping[str, float],
        seed_key: str,
        sizes: Mapping[str, int],
        start_year: int = 2024,
        project_grants_in_total: bool = False,
        watch: Callable[[str], None] | None = None,
        annual_budget: float | None = None,
        priority: Sequence[str] = (),
        structure: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(seed=1)
        self.district, self.start_year, self.default_settings = district, start_year, defaults
        self.settings = {key: {**values, **settings.get(key, {})} for key, values in defaults.items()}
        self.p = SimpleNamespace(**{name: value for name, value in values.items() if "." not in name})
        own = {name: value for name, value in values.items() if name.startswith("unit_cost.")}
        self.unit_cost = {name.partition(".")[2]: values["unit_cost_level"] * value for name, value in own.items()}
        self.modes, self.venture_modes = own_modes(values), venture_modes(values)
        self.structure = dict(structure or {})
        self.lever_keys = [key for key in defaults if key in PURPOSES]
        self.project_grants_in_total, self.watch = project_grants_in_total, watch
        self.capable_share = district.facts["capable_secretaries"] / district.villages
        self.tapes = tape.Tapes([seed_key], sizes)
        self.draws: dict = {}
        self.run_draws = self._read(tape.RUN_STREAMS)
        self.quarters_since_start = 0
        self.quarter, self.year = 3, start_year - 1
        self._populate(start)
        self.share: dict[str, float] = {}
        self.budget = None if annual_budget is None else budget.Budget(self, annual_budget, priority)
        self.ledger.budget = self.budget

    def step(self) -> None:
        """One quarter."""
        self.quarter = self.quarters_since_start % 4
        self.year = self.start_year + self.quarters_since_start // 4
        if self.quarter == 0:
            self._open_year()
        self.draws |= self._read(tape.QUARTER_STREAMS)
        levers.each_quarter(self)
        self._saw("levers.each_quarter")
        self._do(EVERY_QUARTER)
        if self.quarter == 3:
            self._do(CLOSING)
        self.quarters_since_start += 1

    def _open_year(self) -> None:
        for village in self.villages:
            village.policy = Policy()
            village.received.clear()
            village.paid.clear()
        self.draws |= self._read(tape.YEAR_STREAMS)
        if self.budget:
            self.budget.open_year()
        levers.act(self)
        self._saw("levers.act")
        self._do(OPENING)

    def _do(self, phases: Sequence[Phase]) -> None:
        for phase in phases:
            phase(self)
            self._saw(f"{phase.__module__.rsplit('.', 1)[-1]}.{phase.__name__}")

    def _saw(self, phase: str) -> None:
        if self.watch:
            self.watch(phase)

    def _read(self, streams: Mapping[str, tape.Stream]) -> dict:
        """The next draw of each stream; numbers of residents stay float32."""
        draws = self.tapes.read(streams)
        return {name: list(row[0]) if row.dtype == np.float32 else row[0].tolist() for name, row in draws.items()}

    def covered(self, payer, purpose: str, wanted: float) -> float:
        """The part of a payment over the whole district that there is money for."""
        return self.budget.part(payer, purpose, wanted) if self.budget else 1.0

    def skill(self, uniform: float) -> float:
        """Beta(5, 5), read from the tape as the engine reads it."""
        return float(tape.beta(np.array([[uniform]]), np.array([[5.0]]), 5.0)[0, 0])

    def local_age(self, uniform: float, cap: float) -> float:
        """EQ-16: the age of a local successor."""
        return float(tape.truncated_normal(np.float64(uniform), self.p.local_age_mean, 6.0, 25.0, min(cap, 70.0)))

    def selection_draw(self, candidate: Candidate) -> float:
        """The year's error of judgement of a candidate."""
        early = self.draws["selection"]
        number = candidate.number
        return early[number] if number < len(early) else self.draws["selection_inflow"][number - len(early)]

    def _populate(self, start: Mapping) -> None:
        """Agents as they stand at the start."""
        district, columns = self.district, start["columns"]
        self.ledger = Ledger(start["outside"])
        self.villages = [
            Village(self, i, code=str(district.village_code[i]), town=int(district.town_of[i]),
                    cluster=int(district.cluster_of[i]), area=int(district.area_of_town[district.town_of[i]]),
                    has_settlement=bool(start["has_settlement"][i]))
            for i in range(district.villages)
        ]  # fmt: skip
        for village in self.villages:
            village.secretary = Secretary(self, village.number)
        towns = start["candidate_towns"]
        self.candidates = [Candidate(self, i, town=int(towns[i])) for i in range(len(towns))]
        self.ventures = [Venture(self, i) for i in range(district.clusters + district.towns)]
        for i, venture in enumerate(self.ventures):
            venture.is_company = i >= district.clusters
            place = i - district.clusters if venture.is_company else i
            home = "town" if venture.is_company else "cluster"
            venture.members = [village for village in self.villages if getattr(village, home) == place]
            for village in venture.members:
                setattr(village, "town_company" if venture.is_company else "pool", venture)
        self.alliances = [Alliance(self, i) for i in range(district.villages)]
        self.enterprises = [Enterprise(self, i) for i in range(start["sites"])]
        a_village = start["sites"] // district.villages
        for site in self.enterprises:
            site.village = self.villages[site.number // a_village]
            site.village.sites.append(site)
        self._populate_residents(start)
        if start["cohort"]:
            for village, (home, away) in zip(self.villages, start["cohort"], strict=True):
                village.cohort_home, village.cohort_away = list(home), list(away)
        for kind, agents in self.tables().items():
            for name, column in columns[kind].items():
                for agent in agents:
                    value = column[agent.number]
                    setattr(agent, name, list(map(float, value)) if np.ndim(value) else _scalar(value))

    def _populate_residents(self, start: Mapping) -> None:
        home, self.is_sample = start["resident_village"], start["is_sample"]
        self.residents = [Resident(self, i, is_anchor=bool(start["is_anchor"][i])) for i in range(len(home))]
        for person in self.residents:
            person.village = self.villages[home[person.number]]
            person.place = len(person.village.residents)
            person.village.residents.append(person)
        for person, known in zip(self.residents, start["ties"], strict=True):
            person.ties = [self.residents[number] for number in known]
            if person.village.has_settlement:
                person.ties.append(self.residents[start["settlement_tie"][person.number]])

    def tables(self) -> dict[str, list]:
        """All agents by the engine's name of their kind, in the order of their numbers."""
        return {
            "village": self.villages,
            "secretary": [village.secretary for village in self.villages],
            "candidate": self.candidates,
            "venture": self.ventures,
            "alliance": self.alliances,
            "enterprise": self.enterprises,
            "resident": self.residents,
        }


def _scalar(value):
    """A Python number, or a float32 scalar."""
    return value if isinstance(value, np.float32) else value.item()
