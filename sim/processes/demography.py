"""People: ageing, leaving, returning, dying and growing up (EQ-32); residents one by one, or by cohort."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import logistic, over_modes, share
from sim.parameters import ASSUMPTION, Parameter, Parameters
from sim.processes import enterprises
from sim.processes.production import yearly_base
from sim.state import Moment

ADULT, WORKING_UNTIL, OLDEST = 18, 64, 100
AGES = np.arange(ADULT, OLDEST + 1, dtype=np.float64)


class DemographyParameters(Parameters):
    """Parameters of migration and mortality."""

    needs = {("infrastructure",): ("return_by_roads",)}

    leave_rate = Parameter(0.04, 0.02, 0.08, "per year", ASSUMPTION, "外出率", "rate of leaving")
    leave_age_slope = Parameter(
        0.08, 0.04, 0.12, "logit per year", ASSUMPTION, "外出的年龄梯度", "fall of leaving with age"
    )
    leave_pull = Parameter(
        0.1, 0.0, 0.3, "log per unit", ASSUMPTION, "本地机会留人作用", "restraint by local opportunity"
    )
    leave_at_18 = Parameter(
        0.6, 0.4, 0.8, "share", ASSUMPTION, "满十八岁即外出的比例", "share of those grown up at home who leave at 18"
    )
    return_rate = Parameter(
        0.02, 0.012, 0.035, "per year", "100 villages: 22.3 % returned 1998-2015", "返乡率", "rate of returning"
    )
    return_pull = Parameter(0.02, 0.0, 0.06, "per unit", ASSUMPTION, "本地机会返乡作用", "pull of local opportunity")
    return_by_roads = Parameter(
        0.1, 0.0, 0.2, "share", "EQ-25; assumption", "道路对返乡的作用", "returns added by good roads"
    )
    mortality_at_70 = Parameter(
        0.025, 0.018, 0.032, "per year", "order of China's 2020 life table, M", "七十岁死亡率", "mortality at 70"
    )
    mortality_slope = Parameter(
        0.09, 0.07, 0.11, "log per year", "Gompertz slope, M", "死亡率年龄梯度", "rise of mortality with age"
    )
    population_decline = Parameter(
        0.005, 0.0, 0.015, "per year", ASSUMPTION, "户籍人口减少率", "fall of registered population"
    )


def see_opportunity(now: Moment) -> None:
    """Local opportunity: labour-using revenue relative to the first year (EQ-32)."""
    village = now.state.village
    exponent = now.parameters.labour_exponent
    revenue = over_modes(exponent * yearly_base(now, village.capital))
    revenue = revenue + exponent[..., enterprises.PARTNERSHIP] * enterprises.yearly_base(now)
    first = village.opportunity_start
    village.local_opportunity = np.divide(revenue, first, out=np.ones_like(revenue), where=first > 0)


def chances(now: Moment) -> tuple[np.ndarray, np.ndarray]:
    """Chance a year to leave, before local opportunity, and to die, by year of age, each `(R, ages)`."""
    p = now.parameters
    leave = p.leave_rate * logistic(-p.leave_age_slope * (AGES - 40))
    die = np.minimum(p.mortality_at_70 * np.exp(p.mortality_slope * (AGES - 70)), 1)
    die[:, -1] = 1.0
    return leave, die


def pulls(now: Moment) -> tuple[np.ndarray, np.ndarray]:
    """What opportunity and roads do: factor on leaving, and chance to return, each `(R, V)` (EQ-25, EQ-32)."""
    p, village = now.parameters, now.state.village
    stay = np.exp(-p.leave_pull * (village.local_opportunity - 1))
    roads = 1 + p.return_by_roads * village.road_share
    return stay, np.clip(p.return_rate * (1 + p.return_pull * village.local_opportunity) * roads, 0, 1)


def move(now: Moment) -> None:
    """A year passes: residents leave, return, age and die; a young adult takes a dead resident's place.

    Who dies away has a child away; of those who grow up at home most leave at once.
    """
    village = now.state.village
    see_opportunity(now)
    if now.register.size:
        _move_residents(now)
    else:
        _move_cohorts(now)
    village.registered_population = village.registered_population * (1 - now.parameters.population_decline)
    count_people(now)


def _move_residents(now: Moment) -> None:
    resident, draws = now.state.resident, now.draws
    register = now.register
    leave, die = (chance.astype(np.float32) for chance in chances(now))
    stay, back = (pull.astype(np.float32) for pull in pulls(now))
    age = (resident.age - ADULT) + len(AGES) * np.arange(now.runs)[:, None]
    draw = register.arrange(draws.migration)
    chance = register.arrange(np.take(leave, age))
    chance *= register.spread(stay)
    leaves = draw < chance
    del chance
    away = register.arrange(resident.away)
    resident.away = ((away & (draw >= register.spread(back))) | (~away & leaves)).reshape(resident.away.shape)
    resident.age += 1
    dead = np.flatnonzero(draws.death < np.take(die, age))
    _replace_the_dead(now, np.unravel_index(dead, age.shape))


def _replace_the_dead(now: Moment, dead: tuple[np.ndarray, ...]) -> None:
    """A young adult of the village takes the place of each dead resident; `dead` are runs and residents."""
    resident, draws, p = now.state.resident, now.draws, now.parameters
    run, person = dead
    leaning = draws.newcomer_leaning[dead] * p.sigma_leaning[run, 0] + p.anchor_leaning[run, 0] * now.is_anchor[person]
    resident.age[dead] = ADULT
    resident.away[dead] |= draws.newcomer_leaves[dead] < p.leave_at_18[run, 0]
    resident.leaning[dead] = leaning
    resident.phone_draw[dead] = draws.newcomer_phone[dead]
    resident.participates[dead] = 0


def _move_cohorts(now: Moment) -> None:
    """The same rules in expectation, by village and year of age: `cohort[:, :, 0]` at home, `[:, :, 1]` away."""
    home, away = now.state.cohort[:, :, 0], now.state.cohort[:, :, 1]
    leave, die = (chance[:, None, :] for chance in chances(now))
    stay, back = (pull[..., None] for pull in pulls(now))
    leaving, returning = home * np.minimum(leave * stay, 1), away * back
    home, away = home - leaving + returning, away - returning + leaving
    grown_up, born_away = (np.sum(people * die, axis=2) for people in (home, away))
    leaving_at_once = grown_up * now.parameters.leave_at_18
    for place, people in ((0, home * (1 - die)), (1, away * (1 - die))):
        now.state.cohort[:, :, place, 1:] = people[:, :, :-1]
    now.state.cohort[:, :, 0, 0] = grown_up - leaving_at_once
    now.state.cohort[:, :, 1, 0] = born_away + leaving_at_once


def count_people(now: Moment) -> None:
    """Shares at home, of working age at home, and of elderly at home."""
    village = now.state.village
    register = now.register
    if register.size:
        home = ~register.arrange(now.state.resident.away)
        is_working = register.arrange(now.state.resident.age) <= WORKING_UNTIL
        at_home = register.share(home)
        working = register.share(home & is_working)
        elderly = register.share(home & ~is_working)
    else:
        people = now.state.cohort[:, :, 0]
        at_home = np.sum(people, axis=2)
        working = np.sum(people[:, :, AGES <= WORKING_UNTIL], axis=2)
        elderly = np.sum(people[:, :, AGES > WORKING_UNTIL], axis=2)
    village.home_share = np.clip(at_home, 0, 1)
    village.labour_share = np.clip(working, 0, 1)
    village.elderly_share = np.clip(share(elderly, at_home), 0, 1)
