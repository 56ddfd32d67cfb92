"""Reported against true income: villages just below a line report the line (the optional layer of target pressure)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALL,
    changed,
    differing,
    enyang,
    moved_by,
    only,
    options,
    run_batch,
    small_district,
    start_engine,
    without,
    year,
)

from sim.processes import reporting

TRUE = np.array([[0.0, 8.9, 9.1, 9.999, 10.0, 27.0, 27.3, 30.5]])


def reports(inflation: float, supervision: float = 0.0) -> np.ndarray:
    lever = only("target_pressure", inflation=inflation)
    lever = changed(lever, "asset_supervision", intensity=supervision)
    engine = start_engine(small_district(), lever, 1, {"leakage_supervision": np.log(2)}, opening=[])
    engine.step()
    engine.now.state.village.income_operating = TRUE
    engine.now.state.village.income_reported = np.array([[0.0, 4.0, 12.0, 20.0, 10.0, 10.0, 10.0, 10.0]])
    reporting.report(engine.now)
    return engine.now.state.village


def test_who_can_reach_a_line_reports_it_and_nobody_else_anything_but_the_truth():
    """With a tenth: 9.1·1.1 and 27.3·1.1 reach a line, 8.9·1.1 and 27·1.1 do not."""
    found = reports(0.1).income_reported
    np.testing.assert_array_equal(found, [[0.0, 8.9, 10.0, 10.0, 10.0, 27.0, 30.0, 30.5]])


def test_without_inflation_reports_are_true_and_audits_cut_it_as_they_cut_leaks():
    """exp(-ln 2) under a full audit: half of it."""
    np.testing.assert_array_equal(reports(0.0).income_reported, TRUE)
    audited = reports(0.2, supervision=1.0).income_reported
    np.testing.assert_array_equal(audited, reports(0.1).income_reported)
    assert np.any(reports(0.2).income_reported != audited)


def test_growth_is_of_reports_on_at_least_ten():
    growth = reports(0.1).report_growth
    np.testing.assert_allclose(growth, [[0, 0.49, -2 / 12, -0.5, 0, 1.7, 2.0, 2.05]], rtol=1e-12)


def test_the_layer_changes_no_true_number():
    """Everything but the reports is the same bit for bit; grades would read them, so they are left out."""
    base = without(ALL, "graded_management")
    pairs = ([None, 0, 1], [0, 1, 2])
    one, other = (
        run_batch(enyang(), changed(base, "target_pressure", inflation=inflation), *pairs, options(2028))
        for inflation in (0.2, 0)
    )
    told = {
        "village income_reported",
        "income_reported_mean",
        "villages_10_reported",
        "villages_30_reported",
        "reports_just_above",
        "reports_near_line",
    }
    assert set(differing(one, other)) == told


@pytest.mark.parametrize("inflation", [0.1, 0.2])
def test_reports_bunch_at_the_lines(inflation):
    """Means of 20 futures: more villages reach the lines on paper, and hardly a report just below one is left."""
    pairs = ([*range(20)], [*range(20)])
    found = run_batch(
        enyang(),
        only("target_pressure", inflation=inflation),
        *pairs,
        options(2026, residents=0),
        {"idle_rent": 0.0},
        checked=True,
    ).indicators
    for told, true in (("10", "10"), ("30", "aim")):
        assert (found[f"villages_{told}_reported"] - found[f"villages_{true}_operating"])[:, -1].mean() > 0
    assert found["reports_just_above"][:, -1].mean() > 0.9 > 0.7 > found["reports_just_above"][:, 0].mean()
    assert np.all(found["income_reported_mean"] >= found["income_operating_mean"])


def test_gaming_pays_in_the_grades():
    """A village that reports a line it only nearly reached has grown more on paper, and is graded better for it."""
    lever = changed(only("graded_management"), "target_pressure", intensity=1, inflation=0.3)
    honest = changed(lever, "target_pressure", inflation=0)
    gamed, plain = (
        start_engine(
            enyang(), strategy, 30, {"grade_noise": 0.2}, worlds=[*range(30)], chosen=options(2040, residents=0)
        )
        for strategy in (lever, honest)
    )
    year(gamed), year(plain)
    village = gamed.now.state.village
    lifted = village.income_reported > village.income_operating
    assert lifted.sum() > 200
    grades = [engine.now.state.secretary.grade[lifted].mean() for engine in (gamed, plain)]
    assert grades[0] < grades[1], "1 is A, 4 is D"


@pytest.mark.thorough
def test_a_target_that_presses_nobody_moves_nothing():
    assert moved_by("target_pressure", {"pressure_weight": 0, "risk_control_effect": 0, "idle_found": 0}) == set()
