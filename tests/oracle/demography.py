"""People: leaving, returning, dying, growing older (EQ-32)."""

from __future__ import annotations

import math

import numpy as np

from oracle.agents import Resident, Village
from oracle.arithmetic import logistic, ratio
from oracle.enterprises import labour_revenue_of_sites
from oracle.production import village_base

ADULT, OLDEST = 18, 100
WORKING_AGE, ELDERLY = range(18, 65), 65


def leaving(model, age: int, opportunity: float) -> float:
    """EQ-32: chance that somebody at home leaves this year."""
    p = model.p
    return p.leave_rate * logistic(-p.leave_age_slope * (age - 40)) * math.exp(-p.leave_pull * (opportunity - 1))


def returning(model, village: Village) -> float:
    """EQ-32: chance that somebody away returns this year."""
    p = model.p
    return (
        p.return_rate * (1 + p.return_pull * village.local_opportunity) * (1 + p.return_by_roads * village.road_share)
    )


def dying(model, age: int) -> float:
    """EQ-32: chance to die this year."""
    if age >= OLDEST:
        return 1.0
    return min(1.0, model.p.mortality_at_70 * math.exp(model.p.mortality_slope * (age - 70)))


def labour_revenue(model, village: Village) -> float:
    """Labour-weighted revenue at price 1, 万元; enterprises bring work too."""
    total = 0.0
    for m, mode in enumerate(model.modes):
        total += mode.labour_exponent * village_base(model, village, m, village.capital[m])
    return total


def find_opportunity(model, village: Village) -> None:
    """Local opportunity relative to the start; 1 where that was 0."""
    now = labour_revenue(model, village) + labour_revenue_of_sites(model, village)
    village.local_opportunity = now / village.opportunity_start if village.opportunity_start > 0 else 1.0


def move(model) -> None:
    """Closing: people leave and return, die and come of age."""
    for village in model.villages:
        find_opportunity(model, village)
        village.registered_population *= 1 - model.p.population_decline
    if model.residents:
        for resident in model.residents:
            live(model, resident)
        for village in model.villages:
            count_people(village)
    else:
        for village in model.villages:
            move_cohort(model, village)
            count_cohort(village)


def move_cohort(model, village: Village) -> None:
    """The same rules in expectation, by year of age: an 18-year-old follows who dies, away or, at times, at home."""
    home, away = [0.0] * len(village.cohort_home), [0.0] * len(village.cohort_away)
    back = min(max(returning(model, village), 0.0), 1.0)
    for place, (here, gone) in enumerate(zip(village.cohort_home, village.cohort_away, strict=True)):
        age = ADULT + place
        leave = here * min(leaving(model, age, village.local_opportunity), 1.0)
        here, gone = here - leave + gone * back, gone - gone * back + leave
        dead = dying(model, age)
        home[0] += here * dead * (1 - model.p.leave_at_18)
        away[0] += here * dead * model.p.leave_at_18 + gone * dead
        if age < OLDEST:
            home[place + 1] += here * (1 - dead)
            away[place + 1] += gone * (1 - dead)
    village.cohort_home, village.cohort_away = home, away


def count_cohort(village: Village) -> None:
    """The same shares as of residents."""
    at_home = sum(village.cohort_home)
    old = sum(village.cohort_home[ELDERLY - ADULT :])
    village.home_share, village.labour_share = min(at_home, 1.0), min(at_home - old, 1.0)
    village.elderly_share = ratio(old, at_home)


def live(model, resident: Resident) -> None:
    """One resident's year."""
    village, i = resident.village, resident.number
    if resident.away:
        away = not model.draws["migration"][i] < np.float32(returning(model, village))
    else:
        away = bool(model.draws["migration"][i] < np.float32(leaving(model, resident.age, village.local_opportunity)))
    if model.draws["death"][i] < np.float32(dying(model, resident.age)):
        gone_at_once = bool(model.run_draws["newcomer_leaves"][i] < model.p.leave_at_18)
        resident.age, resident.away, resident.participates = ADULT, away or gone_at_once, 0
        resident.leaning = np.float32(model.p.sigma_leaning * model.run_draws["newcomer_leaning"][i])
        if resident.is_anchor:
            resident.leaning = np.float32(resident.leaning + model.p.anchor_leaning)
        resident.phone_draw = model.run_draws["newcomer_phone"][i]
    else:
        resident.away = away
        resident.age += 1


def count_people(village: Village) -> None:
    """Shares of labour, of those at home and of the elderly."""
    home = [resident for resident in village.residents if not resident.away]
    number = len(village.residents)
    village.home_share = len(home) / number
    village.labour_share = sum(person.age in WORKING_AGE for person in home) / number
    village.elderly_share = sum(person.age >= ELDERLY for person in home) / len(home) if home else 0.0
