"""Coordination in the district: less idle money, sooner approvals, a fixed cost (R13, sensitivity only)."""

from __future__ import annotations

import numpy as np
import pytest
from places import changed, moved_by, only, set_cash, small_district, start_engine, supervised

from sim.processes import projects


def coordinated(supervision: float = 0, parameters=None, opening=(), **settings):
    strategy = supervised(only("district_coordination", **settings), supervision)
    engine = start_engine(small_district(), strategy, 1, parameters, opening=list(opening), every_quarter=[])
    return engine


@pytest.mark.parametrize(("intensity", "idle"), [(0, 5.7), (0.5, 4.845), (1, 3.99)])
def test_less_project_money_lies_idle(intensity, idle):
    """Of 100, 5 leak and 6 % of the rest, 5.7, lie idle; coordination prevents 30 % of that."""
    engine = coordinated(intensity=intensity, parameters={},
                         opening=[projects.open_year, projects.invest])  # fmt: skip
    set_cash(engine, 100.0, "village.earmarked_cash")
    engine.step()
    np.testing.assert_allclose(engine.now.ledger.paid(("idle",)), idle, rtol=1e-12)
    np.testing.assert_allclose(engine.now.ledger.paid(("leak_invest",)), 5.0, rtol=1e-12)


@pytest.mark.parametrize(
    ("supervision", "intensity", "speed", "quarters"),
    [(0, 1, 0.6, -1), (1, 1, 0.6, 0), (1, 0, 0.6, 1), (0, 1, 0.4, 0), (1, 0.5, 0.6, 1), (0, 0, 1.0, 0)],
)
def test_approvals_come_sooner_and_undo_the_delay_of_supervision(supervision, intensity, speed, quarters):
    engine = coordinated(supervision, {"coordination_speed": speed}, intensity=intensity)
    engine.step()
    np.testing.assert_array_equal(projects.approval_delay(engine.now), quarters)


def test_a_project_begins_a_quarter_sooner():
    begun = []
    for intensity in (0, 1):
        engine = start_engine(small_district(), only("district_coordination", intensity=intensity), 1, opening=[],
                              every_quarter=[projects.mature])  # fmt: skip
        engine.now.state.village.pending_this_year = np.ones((1, 8, 8))
        for _ in range(3):
            engine.step()
        begun.append(engine.now.state.village.pending_this_year[0, 0] == 0)
    delay = engine.now.parameters.delay_quarters[0, 0]
    np.testing.assert_array_equal(begun[0], delay <= 2)
    np.testing.assert_array_equal(begun[1], delay <= 3)


def test_the_cost_is_fixed_and_spread_over_those_reached():
    for villages in (None, ["1000", "1003"]):
        lever = changed(only("district_coordination"), "district_coordination", villages=villages, intensity=0.5)
        engine = start_engine(small_district(), lever, 1, opening=[], every_quarter=[])
        engine.step()
        assert engine.now.ledger.paid_by(("district",), ("district_coordination",))[0] == pytest.approx(25)


@pytest.mark.thorough
def test_coordination_without_effect_moves_nothing():
    assert moved_by("district_coordination", {"coordination_effect": 0, "coordination_speed": 0}) == set()
