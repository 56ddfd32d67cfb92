"""How well a successor is chosen from the reserve pool (EQ-16): assessment cuts the error of judgement."""

from __future__ import annotations

import numpy as np
import pytest
from places import enyang, moved_by, only, options, start_engine

from sim.processes import leadership

EVERYBODY_LEAVES = {"quit_rate": 1.0, "benefits_hold": 0.0, "selection_noise": 0.5}


def appointed(assessment: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Skill of the pool, who was used, and the towns, after one year in which every secretary leaves."""
    lever = only("secretary_selection", assessment=assessment, college_weight=0, age_cap_new=80)
    engine = start_engine(enyang(), lever, 10, EVERYBODY_LEAVES, opening=[leadership.hold_elections],
                          chosen=options(2040, residents=0), worlds=[*range(10)])  # fmt: skip
    engine.step()
    candidate = engine.now.state.candidate
    return candidate.skill, candidate.used, engine.now.candidate_towns.of


def test_full_assessment_appoints_the_most_skilled_of_each_town():
    skill, used, towns = appointed(1.0)
    for run in range(len(skill)):
        for town in np.unique(towns):
            own, taken = skill[run][towns == town], used[run][towns == town] > 0
            if 0 < taken.sum() < taken.size:
                assert own[taken].min() >= own[~taken].max()


def test_better_assessment_means_more_skill():
    """Mean skill of the appointed, the same pools and draws: 0, 0.5, 1."""
    skills = [np.mean(skill[used > 0]) for skill, used, _ in map(appointed, (0.0, 0.5, 1.0))]
    assert skills[0] < skills[1] < skills[2]


@pytest.mark.parametrize(("assessment", "each"), [(0.0, 0.5), (0.4, 0.5 + 0.4 * 2), (1.0, 2.5)])
def test_assessment_costs_for_every_candidate_who_waits(assessment, each):
    engine = start_engine(enyang(), only("secretary_selection", assessment=assessment, assessment_cost=2), opening=[])
    engine.step()
    np.testing.assert_allclose(engine.now.ledger.paid(("secretary_selection",)).sum(), 366 * each, rtol=1e-12)


@pytest.mark.thorough
def test_selection_moves_nothing_where_nobody_leaves():
    stays = dict.fromkeys(("exit_at_term", "quit_rate", "promotion_rate"), 0.0)
    assert moved_by("secretary_selection", stays, age_cap_incumbent=200) == set()
