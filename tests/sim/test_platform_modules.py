"""The five modules of the digital platform are switches, each with an effect of its own."""

from __future__ import annotations

import numpy as np
import pytest
from places import differing, enyang, moved_by, only, options, run_batch, small_district, start_engine, year

from sim.processes import participation, services

ALL_OFF = {"home": 0, "party": 0, "voice": 0, "openness": 0, "credit_file": 0}
MODULES = {"home": "platform_home", "party": "platform_party", "voice": "platform_voice",
           "openness": "platform_openness", "credit_file": "platform_credit"}  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_a_module_moves_its_own_column_alone(module):
    engine = start_engine(
        small_district(), only("digital_platform", **{**ALL_OFF, module: 0.6}, intensity=0.5), opening=[]
    )
    engine.step()
    for name, column in MODULES.items():
        np.testing.assert_allclose(getattr(engine.now.policy, column), 0.3 if name == module else 0, rtol=1e-12)


def test_each_module_in_its_equation():
    """Openness into transparency, home into services, voice into being online, party into outreach."""
    lever = only("digital_platform", home=0.5, party=0.7, voice=0.4, openness=2)
    fixed = {"outreach_by_platform": 0.1, "kappa_service": 1.0, "adoption_start": 0.2, "digital_ceiling": 0.2}
    opening = [services.adopt_platform, participation.form_inclination]
    engine, off = (
        start_engine(small_district(), strategy, 1, fixed, opening=opening, closing=[services.improve])
        for strategy in (lever, only("digital_platform", **ALL_OFF))
    )
    year(engine), year(off)
    village = engine.now.state.village
    np.testing.assert_allclose(village.transparency, 0.3 + 0.2 * 2, rtol=1e-12)
    np.testing.assert_allclose(off.now.state.village.transparency, 0.3, rtol=1e-12)
    gained = village.service_quality - off.now.state.village.service_quality
    np.testing.assert_allclose(gained, 0.1 * 0.5, rtol=1e-9)
    online = engine.now.state.resident.online
    assert set(np.unique(online)) == {np.float32(0), np.float32(0.2 * 0.4)}
    assert not np.any(off.now.state.resident.online)
    reach = np.where(engine.now.has_settlement, 1.2, 1.0)
    expected = (0.2 + 0.1 * 0.7) * 0.4 * village.organisation * reach
    np.testing.assert_allclose(participation.outreach(engine.now), expected, rtol=1e-12)


@pytest.mark.parametrize(("openness", "factor"), [(0, 1), (1, 1), (1.5, 1.5), (2, 2)])
def test_publishing_beyond_the_platform_costs_in_proportion(openness, factor):
    engine = start_engine(small_district(), only("digital_platform", openness=openness, fixed_cost=0), opening=[])
    engine.step()
    np.testing.assert_allclose(engine.now.ledger.paid(("digital_platform",)), 0.3 * factor, rtol=1e-12)


def test_the_trust_effect_of_the_platform_has_either_sign():
    """Means of 10 pairs, all modules off: what is left is `digital_trust_effect`."""
    pairs, chosen = ([None] * 10, [*range(10)]), options(2030, residents=0)
    trust = [
        run_batch(enyang(), only("digital_platform", **ALL_OFF), *pairs, chosen, {"digital_trust_effect": effect})
        .indicators["trust_mean"][:, -1].mean()
        for effect in (-0.1, 0.0, 0.15)
    ]  # fmt: skip
    assert trust[0] < trust[1] < trust[2]


def test_openness_raises_trust_and_participation():
    pairs, chosen = ([*range(20)], [*range(20)]), options(2032)
    more, usual = (run_batch(enyang(), only("digital_platform", openness=level), *pairs, chosen) for level in (2, 1))
    for name in ("trust_mean", "participation_attend"):
        assert (more.indicators[name] - usual.indicators[name])[:, -1].mean() > 0, name
    assert differing(more, usual)


def test_a_platform_without_effect_is_only_taken_up():
    assert moved_by("digital_platform", {
        "b_digital": 0, "s_digital": 0, "transparency_by_platform": 0, "service_by_platform": 0,
        "digital_trust_effect": 0,
    }) == {"resident.online", "village.digital_adoption", "village.platform_years"}  # fmt: skip
