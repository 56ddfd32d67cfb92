"""Whom a lever can reach: dates × intensity × targets × schedule, before anything is run.

What only the run decides (incomes, budgets, chance) is left open: these are the most villages that can be reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.policies.base import Lever, in_force
from sim.policies.schedule import number_of_pilots
from sim.problems import Problem

USUAL_YEARS = (2024, 2025)
"""Years in which every measure of the package's own strategies acts: who simulates others knows that they do not."""
FEW = 0.05
"""A lever that reaches less than this share of the villages is pointed out."""
NEVER, LAST_YEAR_ALONE, FEW_VILLAGES = "never", "last_year", "few_villages"


@dataclass(frozen=True)
class Reach:
    """When a lever acts, and on how many villages at most.

    Attributes:
        first: first simulated year in which it can act; None if there is none.
        last: last such year.
        villages: the most villages that it reaches in one year.
        remark: one of `NEVER`, `LAST_YEAR_ALONE`, `FEW_VILLAGES`; empty if there is nothing to say.
    """

    first: int | None
    last: int | None
    villages: int
    remark: str = ""


def is_on(values: Mapping[str, Any]) -> bool:
    """Whether a lever's intensity is above 0 at any time."""
    intensity = values.get("intensity", 0)
    return any(value > 0 for value in (intensity.values() if isinstance(intensity, Mapping) else [intensity]))


def reach(by_year: Mapping[int, int], villages: int) -> Reach:
    """The reach of a lever that reaches so many villages by year, of so many that there are."""
    acts, years = [year for year, number in by_year.items() if number], list(by_year)
    if not acts:
        return Reach(None, None, 0, NEVER)
    most, last = max(by_year.values()), acts[0] == years[-1] > years[0]
    return Reach(acts[0], acts[-1], most, LAST_YEAR_ALONE if last else FEW_VILLAGES if most < FEW * villages else "")


def reached(lever: Lever, first: int, last: int) -> dict[int, int]:
    """The most villages that a lever reaches, by year."""
    target = aimed_at(lever)
    most = 0 if shut_out(lever.values) else number_of_pilots(lever.values["pilot_share"], target)
    joins = joined_at_most(lever, target)
    found = {}
    for year in range(first, last + 1):
        acts = lever.active(year) and in_force(lever.values["intensity"], year, 0) > 0
        together = min(most, joins[min(max(year - lever.values["start"], -1), len(joins) - 2)] if joins else most)
        found[year] = together if acts and together >= lever.fewest_together else 0
    return found


def aimed_at(lever: Lever) -> np.ndarray:
    """Villages that a lever aims at and that have the partners it needs, `(V,)` of bool."""
    cluster_of = lever.district.cluster_of
    together = np.bincount(cluster_of[lever._target], minlength=1 + cluster_of.max(initial=0))
    return lever._target & (together[cluster_of] >= lever.fewest_together)


def joined_at_most(lever: Lever, target: np.ndarray) -> list[int]:
    """The most villages whose unit has joined, by years since the start, then 0; empty without a phase-in."""
    years = lever.values["phase_in_years"]
    if years is None:
        return []
    by_town = (lever.values["phase_in_by"] or "town") == "town"
    of = lever.district.town_of if by_town else lever.district.cluster_of
    sizes = np.bincount(of[target], minlength=1)
    largest = np.concatenate([[0], np.cumsum(np.sort(sizes[sizes > 0])[::-1])])
    units = len(largest) - 1
    return [int(largest[-(-units * (gone + 1) // int(years))]) for gone in range(int(years))] + [0]


def idle_years(levers: Mapping[str, Lever], place: str, years: tuple[int, int]) -> list[Problem]:
    """Simulated years before the package's own dates in which none of the levers acts, though one acts later."""
    first, last = years
    found = [reach(reached(lever, first, last), 1).first for lever in levers.values()]
    begins = min((year for year in found if year is not None), default=first)
    if first >= min(begins, USUAL_YEARS[0]):
        return []
    zh = f"措施最早从{begins}年实行，此前各年没有任何措施；请改起始年，或为措施写明更早的 start"
    en = f"no measure acts before {begins}: start then, or give the measures an earlier start of their own"
    return [Problem(zh, en, file=place, field="start_year", value=str(first), allowed=f"≥ {min(begins, last)}")]


def shut_out(values: Mapping[str, Any]) -> bool:
    """Whether no income lies between the lines."""
    below, above = values["income_below"], values["income_above"]
    return below is not None and below <= (above or 0)


def never(lever: Lever, place: str, years: tuple[int, int]) -> list[Problem]:
    """Why a lever that is on reaches nobody; none where it does, or would in the years usually simulated."""
    values, (first, last) = lever.values, years
    if any(reached(lever, first, last).values()):
        return []
    target = aimed_at(lever)
    number = int(target.sum())
    if number < lever.fewest_together:
        field, allowed = "towns, villages", f"≥ {lever.fewest_together}"
        zh, en = "这项措施对不上任何村", "the lever aims at no village that it can reach"
        value = "; ".join(str(values[name]) for name in ("towns", "villages"))
    elif shut_out(values):
        zh, en, field = "没有收入能落在两线之间", "no income lies between the lines", "income_above, income_below"
        value, allowed = f"{values['income_above'] or 0}, {values['income_below']}", "income_above < income_below"
    elif number_of_pilots(values["pilot_share"], target) < lever.fewest_together:
        zh, en, field = "按这一比例没有试点村", "is a share of pilots that comes to no village", "pilot_share"
        value, allowed = str(values["pilot_share"]), f"≥ {lever.fewest_together / number:.2g}"
    elif any(reached(lever, *USUAL_YEARS).values()):
        return []
    else:
        zh, en = "措施在推演的年份里从不实行", "the lever never acts in the simulated years"
        late, over = (values["start"] or first) > last, (values["end"] or last) < first
        field = "start" if late else "end" if over else "intensity"
        value, allowed = str(values[field]), f"{first}–{last}"
    return [Problem(zh, en, file=place, field=field, value=value, allowed=allowed)]
