"""Directions (known answers D-M) that the tests of single processes do not hold yet; 20 and more paired futures."""

from __future__ import annotations

import numpy as np
import pytest
from places import EXISTING, NONE, batch_of, changed, enyang, mode_values, only, options, run_batch, supervised

PAIRS = [*range(24)]
OFF = options(2031, residents=0)


def ends(strategies, horizon=OFF, parameters=(None, None)):
    return [
        run_batch(enyang(), strategy, PAIRS, PAIRS, horizon, fixed, checked=True).indicators
        for strategy, fixed in zip(strategies, parameters, strict=True)
    ]


def test_supervision_lowers_leakage():
    """Less leaks, though more capital earns more profit that could leak; fewer leaks in every single future."""
    loose, strict = ends([supervised(EXISTING, level) for level in (0, 1)])
    leaked = [found["leaked"][:, 1:].sum(axis=1) for found in (loose, strict)]
    assert np.all(leaked[1] < leaked[0])
    assert 0.6 < (leaked[1] / leaked[0]).mean() < 0.95


def test_training_raises_ability_and_income():
    untrained, trained = ends([changed(EXISTING, "training", intensity=level) for level in (0, 1)])
    for name in ("ability_mean", "income_operating_mean"):
        assert trained[name][:, -1].mean() > untrained[name][:, -1].mean(), name


def test_hazard_of_every_mode_lowers_capital():
    """In the mean by more than four standard errors; not in every world, for the hazard also moves the choice of
    modes (EQ-08)."""
    both = [mode_values("failure_hazard", hazard) for hazard in (0.02, 0.12)]
    low, high = ends([EXISTING, EXISTING], parameters=both)
    gaps = high["capital_mean"][:, -1] - low["capital_mean"][:, -1]
    assert gaps.mean() + 4 * gaps.std(ddof=1) / np.sqrt(len(PAIRS)) < 0
    assert np.all(high["failures"][:, 1:].sum(axis=1) > low["failures"][:, 1:].sum(axis=1))


def test_migration_pull_lowers_labour():
    """Working age at home, of registered heads: leave_rate at both ends of its range."""
    low, high = [
        run_batch(enyang(), NONE, PAIRS, PAIRS, options(2031, residents=0), {"leave_rate": rate}).indicators
        for rate in (0.02, 0.08)
    ]
    for found in (low, high):
        found["working"] = found["home_share"] * (1 - found["elderly_share"])
    assert np.all(high["working"][:, -1] < low["working"][:, -1])


@pytest.mark.thorough
def test_crowding_out_lowers_the_profit_of_the_aided():
    """Amounts of aid frozen: half of the villages are always paired, and their profit falls with ψ.

    Without a limit of local demand: where a town offers too many services, the price makes up for what is offered less.
    """
    codes = [str(code) for code in enyang().village_code[::2]]
    aid = only("paired_assistance", villages=codes, income_line=100, sponsor_departments=200, exit_years=5)
    rows = [
        {"crowd_out": psi, "targeting_capture": 0.0, "kappa_dependency": 0.25, "service_demand": 1e9}
        for psi in (0.0, 1.0)
    ]
    gaps = []
    for seed in range(60):
        found = batch_of(enyang(), aid, rows, options(2033, residents=0), seed).villages["income_profit"][:, -1]
        gaps.append((found[1] - found[0])[np.arange(209) % 2 == 0].mean())
    assert np.mean(gaps) + 4 * np.std(gaps, ddof=1) / np.sqrt(60) < 0
