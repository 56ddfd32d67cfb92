"""How many secretaries must be replaced for 80 % with college (known answer D-E4)."""

from __future__ import annotations

import numpy as np
import pytest
from places import enyang, only, options, start_engine, year

RUNS, VILLAGES = 12, 209
LINE = 0.8


def after_the_election(stay, turnover, **settings):
    """Share with college after 2026 where a share `stay` had it before and `turnover` leave by lot; and who is new."""
    caps = {"age_cap_incumbent": 200, "age_cap_new": 80, **settings}
    fixed = {"exit_at_term": turnover, "quit_rate": 0.0, "selection_noise": 0.1}
    engine = start_engine(
        enyang(), only("secretary_selection", **caps), RUNS, fixed, chosen=options(2030, residents=0),
        worlds=list(range(RUNS)),
    )  # fmt: skip
    year(engine, 2)
    place = (np.arange(VILLAGES) * 0.6180339887498949) % 1  # spread over the towns
    engine.now.state.secretary.is_college = np.tile(np.argsort(np.argsort(place)) < round(stay * VILLAGES), (RUNS, 1))
    engine.step()
    return engine, engine.now.state.secretary.tenure == 0


@pytest.mark.parametrize(("stay", "needed"), [(0.4, 0.667), (0.5, 0.60), (0.6, 0.50), (0.7, 0.333)])
def test_turnover_needed_with_selection_on_college_alone(stay, needed):
    """(0.8 - c) / (1 - c). At that turnover everybody new has college as far as the town's graduates reach; each exit
    is a lot, so the share has standard error (1 - c) √(τ (1 - τ) / 2508). A fifth less turnover is too little."""
    assert abs((LINE - stay) / (1 - stay) - needed) < 5e-4
    engine, new = after_the_election(stay, needed, college_weight=2)
    secretary, candidate, towns = engine.now.state.secretary, engine.now.state.candidate, engine.now.candidate_towns.of
    short = 0
    for town in range(18):
        wanted = new[:, enyang().town_of == town].sum(axis=1)
        short += np.maximum(wanted - candidate.is_college[:, towns == town].sum(axis=1), 0).sum()
    assert (new & (secretary.is_college == 0)).sum() <= short, "graduates first"
    error = 4 * (1 - stay) * np.sqrt(needed * (1 - needed) / new.size)
    rounding = 0.5 / VILLAGES
    share = secretary.is_college.mean()
    assert LINE - error - rounding - short / new.size <= share <= LINE + error + rounding
    fewer, left = after_the_election(stay, 0.8 * needed, college_weight=2)
    assert fewer.now.state.secretary.is_college.mean() < LINE - 0.2 * needed * (1 - stay) + error + rounding
    assert left.mean() < new.mean()


@pytest.mark.parametrize("stay", [0.4, 0.7])
@pytest.mark.parametrize("turnover", [0.3, 1.0])
def test_random_draws_from_the_pool_never_reach_80_percent(stay, turnover):
    """(1 - τ) c + τ 281/366: between c and 76.8 %. Standard error of 2,508 places, exits and schooling by lot."""
    pool = 281 / 366
    engine, _ = after_the_election(stay, turnover, college_weight=0)
    expected = (1 - turnover) * stay + turnover * pool
    error = np.sqrt((turnover * pool * (1 - pool) + turnover * (1 - turnover) * (pool - stay) ** 2) / (RUNS * VILLAGES))
    share = engine.now.state.secretary.is_college.mean()
    assert abs(share - expected) < 4 * error + 0.5 / VILLAGES
    assert share < LINE
