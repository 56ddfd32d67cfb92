"""The year, written once: what happens in what order. Reading it top to bottom tells the economics.

Every phase computes from the state before it, so results do not depend on the order of villages. Nothing else happens;
before the phases of a year or a quarter the engine only reads its draws from the tape. Shocks and rules of one's own
stand where they say (`sim.rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.policies import acting
from sim.processes import (
    alliances,
    demography,
    enterprises,
    finance,
    grading,
    idle_assets,
    leadership,
    managers,
    organisation,
    participation,
    production,
    projects,
    reporting,
    roads,
    services,
    stakes,
    ventures,
)
from sim.state import Moment

Phase = Callable[[Moment], None]


@dataclass(frozen=True)
class Calendar:
    """Phases of a year.

    Attributes:
        opening: once, before the first quarter.
        every_quarter: in each quarter.
        closing: once, at the end of the fourth quarter.
    """

    opening: Sequence[Phase]
    every_quarter: Sequence[Phase]
    closing: Sequence[Phase]


YEAR = Calendar(
    opening=[
        acting.open_books,
        acting.act,
        leadership.hold_elections,
        leadership.train,
        leadership.judge_ability,  # of those newly in office, for partners learn from how able each is now
        leadership.learn_from_partners,
        leadership.judge_ability,  # again: what was learnt counts from this year on
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
    ],
    every_quarter=[
        acting.pay_by_quarter,
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
    ],
    closing=[
        ventures.pay_out,
        ventures.wind_up,
        finance.run_office,
        finance.measure_incomes,
        reporting.report,
        finance.use_surplus,
        finance.grow_dependent,
        services.improve,
        roads.wear,
        organisation.develop,
        grading.assess,
        alliances.review,
        enterprises.leave,
        demography.move,
        leadership.grow_older,
    ],
)


def name_of(phase: Phase) -> str:
    """A phase by module and name: `production.move_prices`; of a rule of one's own its key."""
    name = getattr(phase, "__name__", None)
    return f"{phase.__module__.rsplit('.', 1)[-1]}.{name}" if name else str(getattr(phase, "key", ""))
