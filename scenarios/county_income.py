"""The law of village incomes at the start, from what a county knows of them: a mean, a spread, villages by tier."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import special

from scenarios.county_lines import INCOME_EDGES, TIERS
from sim.initial import TAIL_FROM
from sim.world import DECLARED

SIGMAS = (0.2, 2.5)
"""Spreads of log incomes that the law can take."""
GRID = (np.arange(2000) + 0.5) / 2000


def operating_share() -> float:
    """Operating income in total income, in the world of defaults."""
    return 1 - DECLARED["subsidy_share"].default - DECLARED["other_share"].default


def law_of(facts: Mapping[str, float]) -> dict[str, float]:
    """Facts of the start that follow from what is given of incomes.

    Args:
        facts: `city_income_mean`, `income_sd` and villages by tier (`TIERS`), as far as they are known.

    Returns:
        `income_sigma` (spread of the logarithm), `income_zero_share` and, where only tiers tell of it,
        `city_income_mean`; what nothing is known of is not there, and drawn in each world.
    """
    if all(name in facts for name in TIERS):
        return _law_of_tiers(np.array([facts[name] for name in TIERS]), facts.get("city_income_mean"))
    if "city_income_mean" in facts and facts.get("income_sd"):
        ratio = facts["income_sd"] / facts["city_income_mean"]
        return {"income_sigma": float(np.clip(np.sqrt(np.log1p(ratio * ratio)), *SIGMAS))}
    return {}


def _law_of_tiers(villages: np.ndarray, mean: float | None) -> dict[str, float]:
    """By quantiles: a line through the logarithms of the edges over the normal scores of the villages below them."""
    zero = float(villages[0] / villages.sum())
    with_income = villages[1:].sum()
    found = {"income_zero_share": min(zero, 0.95)}
    below = np.cumsum(villages[1:])[:-1] / max(with_income, 1)
    inside = (below > 0) & (below < 1)
    usable = inside & (below <= TAIL_FROM) if (inside & (below <= TAIL_FROM)).sum() > 1 else inside
    if usable.sum() < 2:
        return found
    sigma, median = np.polyfit(special.ndtri(below[usable]), np.log(np.array(INCOME_EDGES)[usable]), 1)
    found["income_sigma"] = float(np.clip(sigma, *SIGMAS))
    if mean is None:
        tail = ((1 - TAIL_FROM) / np.minimum(1 - GRID, 1 - TAIL_FROM)) ** (1 / DECLARED["income_tail"].default)
        incomes = np.exp(median + found["income_sigma"] * special.ndtri(np.minimum(GRID, TAIL_FROM))) * tail
        found["city_income_mean"] = float(incomes.mean()) * (1 - zero) / operating_share()
    return found
