"""Who is reached when: chosen villages, a random pilot, towns or clusters that join over the years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arithmetic import rank
from sim.parameters import is_number, is_whole
from sim.problems import Problem, nearest

if TYPE_CHECKING:
    from sim.state import Moment

UNITS = {"town": "镇", "cluster": "片区"}
"""What joins a phase-in together, with the Chinese name; the first is the default."""
LONGEST = 60
SETTINGS: Mapping[str, Any] = {"pilot_share": None, "phase_in_years": None, "phase_in_by": None}
"""Settings of a schedule that every lever has; None = no pilot, no phase-in, by town."""


def reached(values: Mapping[str, Any], target: np.ndarray, now: Moment) -> np.ndarray:
    """Which of the villages a lever aims at it reaches this year, `(V,)` or `(R, V)` of bool.

    The draws belong to the run and are the same for every lever and strategy: a pilot of a tenth lies within a pilot of
    a fifth, and two levers phased in by town take the towns in the same order.

    Args:
        values: settings of the lever.
        target: villages it aims at, `(V,)` of bool.
        now: this year.
    """
    mask = target
    if values["pilot_share"] is not None:
        mask = mask & pilots(now.draws.pilot, target, float(values["pilot_share"]))
    if values["phase_in_years"] is not None:
        mask = mask & joined(values, target, now)
    return mask


def pilots(draw: np.ndarray, target: np.ndarray, share: float) -> np.ndarray:
    """The villages of a pilot, `(R, V)`: a share of the target, rounded up, with the lowest draws."""
    return target & (rank(np.where(target, draw, np.inf)) < number_of_pilots(share, target))


def number_of_pilots(share: float | None, target: np.ndarray) -> int:
    """How many of the villages aimed at, `(V,)` of bool, a pilot takes in; without a pilot all."""
    number = np.sum(target) if share is None else np.ceil(share * np.sum(target) - 1e-9)
    return int(number)


def joined(values: Mapping[str, Any], target: np.ndarray, now: Moment) -> np.ndarray:
    """Villages whose town or cluster has joined, `(R, V)`.

    Of n units with a village in the target, the one drawn k-th (from 0) joins in the year start + floor(k · years / n).
    """
    by_town = (values["phase_in_by"] or "town") == "town"
    groups, draw = (now.towns, now.draws.phase_in_town) if by_town else (now.clusters, now.draws.phase_in_cluster)
    concerned = groups.sum(target[None] * 1.0) > 0
    place = rank(np.where(concerned, draw, np.inf))
    years = int(values["phase_in_years"])
    joins = int(values["start"]) + place * years // np.maximum(np.sum(concerned), 1)
    return np.ascontiguousarray(groups.spread((concerned & (joins <= now.year)) * 1.0) > 0)  # sums go by layout


def check_schedule(values: Mapping[str, Any], place: str) -> list[Problem]:
    """Problems of pilot and phase-in."""
    problems = []
    share, years, unit = (values.get(name) for name in SETTINGS)
    if share is not None and not (is_number(share) and 0 < share <= 1):
        problems.append(
            Problem("试点比例须大于0、不大于1", "a share of pilot villages lies above 0 and is at most 1", file=place,
                    field="pilot_share", value=str(share), allowed="0–1")
        )  # fmt: skip
    if years is not None and not (is_whole(years) and 1 <= years <= LONGEST):
        problems.append(
            Problem("推开年数须为整数", "years of a phase-in must be a whole number", file=place,
                    field="phase_in_years", value=str(years), allowed=f"1–{LONGEST}")
        )  # fmt: skip
    if years is not None and values.get("start") is None:
        zh, en = "分年推开须写明起始年 start", "a phase-in needs a start"
        problems.append(Problem(zh, en, file=place, field="start", value="–"))
    if unit is not None and not (isinstance(unit, str) and unit in UNITS):
        problems.append(
            Problem("没有这个选项", "no such option", file=place, field="phase_in_by", value=str(unit),
                    allowed=", ".join(UNITS), nearest=nearest(str(unit), list(UNITS)))
        )  # fmt: skip
    if unit is not None and years is None:
        zh, en = "须同时写明 phase_in_years", "needs phase_in_years"
        problems.append(Problem(zh, en, file=place, field="phase_in_by", value=str(unit)))
    return problems
