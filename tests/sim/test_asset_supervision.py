"""Supervision of assets: audits against leakage, disclosure that hardly does, slower approvals, the hump (EQ-10)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    NONE,
    batch_of,
    changed,
    enyang,
    moved_by,
    only,
    options,
    run_batch,
    small_district,
    start_engine,
    year,
)

from sim.processes import participation, production, projects, services, ventures


def test_an_audit_cuts_leaks_and_slows_projects():
    """Both leaks times exp(-0.34 s); a supervised project waits one quarter more."""
    engine = start_engine(small_district(), only("asset_supervision"), 1)
    engine.step()
    p = engine.now.parameters
    for rate, usual in ((p.leak_invest, 0.05), (p.leak_revenue, 0.05)):
        np.testing.assert_allclose(production.leakage(engine.now, rate), usual * np.exp(-0.34), rtol=1e-12)
    assert np.all(projects.approval_delay(engine.now) == 1)
    rows = [{"leakage_supervision": 0.1}, {"leakage_supervision": 0.7}]
    strict = changed(only("asset_supervision"), "central_grant", intensity=2)
    result = batch_of(enyang(), strict, rows, options(2030, residents=0))
    assert np.all(result.indicators["leaked"][1, 1:] < result.indicators["leaked"][0, 1:])


def test_a_supervised_project_begins_a_quarter_later():
    begun = []
    for lever in (NONE, only("asset_supervision")):
        engine = start_engine(small_district(), lever, 1, opening=[], every_quarter=[projects.mature])
        engine.now.state.village.pending_this_year = np.ones((1, 8, 8))
        engine.step()
        first = engine.now.state.village.pending_this_year.copy()
        engine.step()
        begun.append((first == 0, engine.now.state.village.pending_this_year == 0))
    quick = engine.now.parameters.delay_quarters[0, 0] == 1
    assert np.all(begun[0][1][0][:, quick]) and not np.any(begun[1][1][0][:, quick])


def test_disclosure_opens_village_affairs_and_hardly_touches_leakage():
    """Leakage times exp(-0.02), transparency 0.3 + 0.2; no delay, no monitoring of ventures, no audit."""
    lever = only("asset_supervision", form="disclosure")
    engine = start_engine(small_district(), lever, 1, chosen=options(residents=0))
    engine.step()
    now = engine.now
    np.testing.assert_allclose(production.leakage(now, now.parameters.leak_invest), 0.05 * np.exp(-0.02), rtol=1e-12)
    np.testing.assert_allclose(now.state.village.transparency, 0.5, rtol=1e-12)
    assert not np.any(projects.approval_delay(now)) and not np.any(now.state.venture.supervision)
    assert not np.any(participation.liked_supervision(now))
    np.testing.assert_allclose(ventures.agency(now), 0.2 * 0.7, rtol=1e-12)


def test_transparency_of_platform_and_disclosure_add_and_stay_below_one():
    both = changed(only("asset_supervision", form="disclosure"), "digital_platform", intensity=1)
    for by, expected in ((0.2, 0.7), (0.4, 0.9)):
        engine = start_engine(small_district(), both, 1, {"transparency_by_disclosure": by},
                              opening=[services.adopt_platform], every_quarter=[])  # fmt: skip
        engine.step()
        np.testing.assert_allclose(engine.now.state.village.transparency, expected, rtol=1e-12)


@pytest.mark.parametrize(("intensity", "gain"), [(0, 0), (0.25, 0.0375), (0.5, 0.05), (0.75, 0.0375), (1, 0)])
def test_satisfaction_is_hump_shaped_in_the_strength_of_audits(intensity, gain):
    """What trust moves towards: 0.05 · 4 s (1 - s) more, most at one half and nothing at full strength."""
    moved = []
    for strength in (0, intensity):
        lever = only("asset_supervision", intensity=strength)
        engine = start_engine(small_district(), lever, 1, opening=[], every_quarter=[participation.update_trust])
        engine.now.state.village.trust = np.full((1, 8), 0.5)
        engine.step()
        moved.append(engine.now.state.village.trust.copy())
    np.testing.assert_allclose(moved[1] - moved[0], 0.15 / 4 * gain, rtol=1e-9, atol=1e-15)


def test_in_whole_runs_trust_is_highest_under_supervision_of_half_strength():
    """With the other ways by which supervision reaches trust closed: leaks and approvals."""
    closed = {"leakage_supervision": 0.1, "approval_delay": 0.0, "trust_by_supervision": 0.1}
    trust = [
        run_batch(enyang(), only("asset_supervision", intensity=level), [0, 1], [0, 1], options(2030), closed)
        .indicators["trust_mean"][:, -1].mean()
        for level in (0.1, 0.5, 0.9)
    ]  # fmt: skip
    assert trust[1] > max(trust[0], trust[2])


def test_audits_beat_disclosure_against_leakage_and_disclosure_wins_trust():
    """Stylised fact 3, in every one of 20 futures for the leak and in the mean for trust."""
    worlds, found = [*range(20)], {}
    for form in ("audit", "disclosure"):
        strategy = changed(only("central_grant"), "asset_supervision", intensity=1, form=form)
        found[form] = run_batch(enyang(), strategy, worlds, worlds, options(2030)).indicators
    plain = run_batch(enyang(), only("central_grant"), worlds, worlds, options(2030)).indicators
    leaked = {name: result["leaked"][:, 1:].sum(axis=1) for name, result in {**found, "none": plain}.items()}
    assert np.all(leaked["audit"] < leaked["disclosure"])
    assert (leaked["disclosure"] / leaked["none"]).mean() > 0.97 > 0.9 > (leaked["audit"] / leaked["none"]).mean()
    trust = {name: result["trust_mean"][:, -1].mean() for name, result in {**found, "none": plain}.items()}
    assert trust["disclosure"] > trust["none"] + 0.01 > trust["audit"] - 0.01


def test_cost_follows_strength_and_payer():
    for payer, intensity in (("district", 0.5), ("village", 1)):
        lever = only("asset_supervision", intensity=intensity, payer=payer)
        engine = start_engine(small_district(), lever, 2, opening=[])
        engine.step()
        account = "village.cash" if payer == "village" else payer
        paid = engine.now.ledger.paid(("asset_supervision",), payers=(account,))
        np.testing.assert_allclose(paid, 0.8 * intensity, rtol=1e-12)
    year(engine)


@pytest.mark.thorough
def test_audits_without_effect_move_nothing():
    assert moved_by("asset_supervision", {
        "leakage_supervision": 0, "approval_delay": 0, "monitoring_by_supervision": 0, "company_advice": 0,
        "idle_found": 0,
    }) == {"venture.supervision"}  # fmt: skip
