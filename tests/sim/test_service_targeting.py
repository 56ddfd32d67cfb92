"""Service targeting (R16): the same money by people, need or out-migration (EQ-23)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, differing, enyang, moved_by, only, options, run_batch, small_district, start_engine

from sim.processes import services


def shares(rule: str, intensity: float = 1.0, **targets) -> tuple:
    engine = start_engine(small_district(), only("service_targeting", rule=rule, intensity=intensity, **targets),
                          1, {"service_money": 2.0}, opening=[], worlds=[3])  # fmt: skip
    village = engine.now.state.village
    village.service_quality = np.linspace(0.2, 0.9, 8)[None]
    engine.step()
    return engine.now, village


@pytest.mark.parametrize("rule", ["need", "per_capita", "outmigration"])
@pytest.mark.parametrize("intensity", [1.0, 0.5])
def test_money_goes_in_proportion_and_none_is_added(rule, intensity):
    now, village = shares(rule, intensity)
    home = village.registered_population * village.home_share
    weight = {"need": home * (1 - village.service_quality), "per_capita": home,
              "outmigration": home * (1 - village.home_share)}[rule]  # fmt: skip
    expected = intensity * (2.0 * 8 * weight / weight.sum() - 2.0)
    np.testing.assert_allclose(now.policy.service_shift, expected, rtol=1e-9, atol=1e-12)
    assert abs(now.policy.service_shift.sum()) < 1e-12
    assert not np.any(now.ledger.paid(now.lever_keys)), "it costs nothing"


def test_only_villages_that_are_reached_share():
    now, _ = shares("need", towns=["镇0"])
    there = now.district.town_of == 0
    assert np.all(now.policy.service_shift[:, ~there] == 0) and np.any(now.policy.service_shift[:, there] != 0)
    assert abs(now.policy.service_shift.sum()) < 1e-12


def test_what_the_money_does_written_out():
    """0.12 · ln((40 + a head) / (40 + a head if shared equally))."""
    fixed = {"service_money": 2.0, "service_by_spending": 0.12, "spending_scale": 40.0}
    engine = start_engine(small_district(), NONE, 1, fixed, opening=[])
    engine.step()
    now, home = engine.now, np.linspace(100, 800, 8)[None]
    shift = np.array([[-2.0, -1, -0.5, 0, 0, 0.5, 1, 4]])
    now.policy.apply("service_shift", shift, where=np.ones((1, 8), dtype=bool))
    ratio = (40 + (2 + shift) * 10_000 / home) / (40 + 2 * 10_000 / home)
    found = services.gain_from_targeting(now, home)
    np.testing.assert_allclose(found, 0.12 * np.log(ratio), rtol=1e-9, atol=1e-15)
    assert np.all(found[shift == 0] == 0)


def test_an_equal_share_is_the_absence_of_the_lever():
    pairs, chosen = ([None, 0], [0, 1]), options(2030)
    results = [
        run_batch(enyang(), strategy, *pairs, chosen) for strategy in (only("service_targeting", rule="equal"), NONE)
    ]
    assert differing(*results) == []


def test_need_evens_services_out():
    """Means of 20 futures: the spread of services between villages is smaller by need, and the public pays nothing."""
    spreads = {}
    for key, strategy in (("none", NONE), ("need", only("service_targeting"))):
        engine = start_engine(enyang(), strategy, 20, worlds=[*range(20)], chosen=options(2032, residents=0))
        for _ in range(32):
            engine.step()
        spreads[key] = engine.now.state.village.service_quality.std(axis=1).mean()
    assert spreads["need"] < spreads["none"]


def test_targeting_moves_nothing_where_services_do_not_follow_money():
    assert moved_by("service_targeting", {"service_by_spending": 0}) == set()
