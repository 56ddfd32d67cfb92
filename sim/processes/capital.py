"""Capital, whoever owns it: what it yields, how it is built, wears out and fails (EQ-01, EQ-05, EQ-06).

Villages, ventures and enterprises hold capital in tables of their own and by modes of their own; the rules are these.
"""

from __future__ import annotations

import numpy as np

from sim.arithmetic import by_mode, power
from sim.modes import REFERENCE_CAPITAL
from sim.state import Moment, Table
from sim.tape import laplace

OF_VILLAGES, OF_VENTURES = "", "venture_"
"""How the names of an owner's mode arrays begin (`sim.modes.mode_arrays`)."""


def advantage(
    now: Moment, owner: str, endowment: np.ndarray, access: np.ndarray, manager: np.ndarray, labour: np.ndarray
) -> np.ndarray:
    """`R^ρ · L^λ · exp(μ (M - 0.5)) · (labour / labour at start)^ν` of EQ-01 by mode, from values `(R, owners)`."""

    def exponent(of: str) -> np.ndarray:
        return getattr(now.parameters, f"{owner}{of}_exponent")

    return (
        by_mode(power, endowment, exponent("endowment"))
        * by_mode(power, access, exponent("access"))
        * np.exp(by_mode(np.multiply, manager - 0.5, exponent("manager")))
        * by_mode(power, labour, exponent("labour"))
    )


def scale(now: Moment, revenue_yield: np.ndarray) -> np.ndarray:
    """Revenue a year at price 1 of a project of the reference size without any advantage, 万元 (EQ-01)."""
    level = now.parameters.yield_level
    return (level[..., None] if revenue_yield.ndim == 3 else level) * revenue_yield * REFERENCE_CAPITAL


def size(capital: np.ndarray, returns_to_scale: np.ndarray) -> np.ndarray:
    """What capital counts for, 1 at the reference size (EQ-01)."""
    return power(capital / REFERENCE_CAPITAL, returns_to_scale)


def activity(now: Moment) -> np.ndarray:
    """How much business the whole district does this year, `(R, 1)` with mean 1 and heavy tails: good years and bad.

    It is the exponential of a Laplace draw; quantities move with it, cost as much as revenue.
    """
    if now.structure["district_years"] == "off":
        return np.ones((now.runs, 1))
    spread = now.parameters.district_year_sd / np.sqrt(2)
    return (1 - spread * spread) * np.exp(spread * laplace(now.draws.district_year))


def stock(owners: Table) -> np.ndarray:
    """Capital and capital under construction, `(R, owners, modes)` 万元."""
    return owners.capital + owners.pending_this_year + owners.pending_last_year


def open_year(owners: Table) -> None:
    """What was begun last year becomes the older batch; every batch of the year before is finished by now."""
    owners.pending_last_year += owners.pending_this_year
    owners.pending_this_year[...] = 0.0


def mature(owners: Table, delay: np.ndarray, quarter: int) -> None:
    """Projects begun `delay` quarters ago begin to produce; quarters count from the first one of that year."""
    for pending, elapsed in ((owners.pending_this_year, quarter), (owners.pending_last_year, quarter + 4)):
        done = pending * (delay <= elapsed)
        owners.capital += done
        pending -= done


def wear(owners: Table, depreciation: np.ndarray) -> None:
    """A quarter's wear (EQ-06)."""
    owners.capital *= 1 - depreciation / 4


def give_up(owners: Table, part: np.ndarray) -> None:
    """Owners lose a part of all their capital, `(R, owners)`: sold, or faded away."""
    owners.capital *= np.maximum(1 - part, 0)[..., None]


def hazard(now: Moment, usual: np.ndarray, manager: np.ndarray, controlled: np.ndarray) -> np.ndarray:
    """Hazard a year of a failure, `(R, owners)`: lower with a good manager and where risks are controlled (EQ-05)."""
    p = now.parameters
    return usual * (np.exp(-p.eta_manager_hazard * (manager - 0.5)) * (1 - p.risk_control_effect * controlled))


def too_small(now: Moment, capital: np.ndarray, minimum: np.ndarray) -> np.ndarray:
    """Factor on the hazard of what lies below its minimum scale (EQ-05)."""
    extra = now.parameters.small_scale_hazard
    return 1 + (extra[..., None] if capital.ndim == 3 else extra) * (capital < minimum)


def strikes(draw: np.ndarray, hazard: np.ndarray) -> np.ndarray:
    """Whether what has this hazard in the period happens, by a uniform draw; with chance 1 - exp(-hazard)."""
    return draw < -np.expm1(-hazard)


def strikes_seldom(draw: np.ndarray, hazard: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The same where `where` holds, quickly if few are struck; all `(R, V, modes)`, lying mode by mode."""
    struck = (draw < hazard) & where  # the chance never exceeds the hazard: few are left to be looked at
    lying, few = struck.swapaxes(1, 2), np.flatnonzero(struck.swapaxes(1, 2))
    np.put(lying, few, strikes(draw.swapaxes(1, 2).take(few), hazard.swapaxes(1, 2).take(few)))
    return struck
