"""Expert corps: who is served how much, what it does to yields, what it costs (EQ-24)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, enyang, moved_by, only, options, run_batch, small_district, start_engine

from sim.modes import EXPOSED
from sim.processes import production

NOBODY = {"chief_experts": 0, "backbone_experts": 0, "extension_staff": 0, "local_experts": 0,
          "business_representatives": 0}  # fmt: skip


def served_by(industry=None, runs: int = 1, **settings):
    """An engine whose year opens with the corps alone; villages have ever more capital in industry modes."""
    engine = start_engine(small_district(), only("expert_corps", **{**NOBODY, **settings}), runs, opening=[],
                          every_quarter=[])  # fmt: skip
    village = engine.now.state.village
    village.capital = np.ones_like(village.capital) * np.arange(8.0)[None, :, None]
    if industry is not None:
        village.industry = np.broadcast_to(industry, village.industry.shape)
    engine.step()
    return engine


@pytest.mark.parametrize(
    ("settings", "service"),
    [
        ({"chief_experts": 4}, [0.5] * 8),
        ({"local_experts": 3}, [0, 0, 0, 0, 0, 1, 1, 1]),
        ({"extension_staff": 2, "villages_per_extension": 4}, [0.25] * 8),
        ({"extension_staff": 2, "villages_per_extension": 5}, [0.2] * 6 + [0.4] * 2),
        ({"backbone_experts": 1, "villages_per_backbone": 2, "local_experts": 1}, [0, 0, 0, 0, 0, 1, 0.5, 0.5]),
        ({"business_representatives": 400 // 2, "villages_per_representative": 2}, [1.0] * 8),
    ],
    ids=[
        "chiefs share their time",
        "local experts one village",
        "dealt once",
        "dealt round",
        "kind after kind",
        "full",
    ],
)
def test_each_expert_s_time_is_one_and_visits_are_dealt_round(settings, service):
    engine = served_by(**settings)
    np.testing.assert_allclose(engine.now.policy.expert_service, [service], rtol=1e-12)
    np.testing.assert_allclose(engine.now.ledger.paid(("expert_corps",)), [service], rtol=1e-12)


def test_hardly_any_time_is_lost():
    """The default corps in Enyang has the time of 124 experts for 209 villages. Lost is only what a village with a
    local expert of its own, which is full service, gets besides: at most an eighth of a backbone expert and its part of
    the four chiefs."""
    engine = start_engine(enyang(), only("expert_corps"), 3, worlds=[None, 0, 1], opening=[], every_quarter=[])
    engine.step()
    service = engine.now.policy.expert_service
    assert np.all(service <= 1) and np.all(service > 0), "the chiefs reach every village"
    lost = 4 + 12 + 36 + 54 + 18 - service.sum(axis=1)
    assert np.all(lost >= -1e-9) and np.all(lost < 54 * (1 / 8 + 4 / 209))


def test_a_corps_of_one_industry_serves_no_other():
    engine = served_by(industry=np.arange(8) % 4, industries="livestock", local_experts=54, cost_per_village=2)
    served = (np.arange(8) % 4 == 2) * 1.0
    np.testing.assert_array_equal(engine.now.policy.expert_service, [served])
    np.testing.assert_array_equal(engine.now.ledger.paid(("expert_corps",)), [2 * served])


def test_full_service_raises_the_yield_of_industry_modes_alone():
    """By expert_effect, 4 %: the advantage of EQ-01 with the corps over that without it."""
    factors = {}
    for name, strategy in (("none", NONE), ("half", only("expert_corps", **{**NOBODY, "chief_experts": 4}))):
        engine = start_engine(small_district(), strategy, 1, opening=[production.face_the_year], every_quarter=[])
        engine.step()
        factors[name] = engine.now.state.village.advantage.copy()
    gain = np.where(EXPOSED, 1.02, 1.0) * np.ones((1, 8, 1))
    np.testing.assert_allclose(factors["half"] / factors["none"], gain, rtol=1e-12)


def test_experts_raise_income_and_profit():
    """D-M, mean of 20 pairs."""
    worlds, chosen = [*range(20)], options(2031, residents=0)
    with_experts, without = (
        run_batch(enyang(), strategy, worlds, worlds, chosen).indicators for strategy in (only("expert_corps"), NONE)
    )
    for name in ("income_operating_mean", "income_profit_mean"):
        assert with_experts[name][:, -1].mean() > without[name][:, -1].mean(), name


@pytest.mark.thorough
def test_experts_without_effect_move_nothing():
    assert moved_by("expert_corps", {"expert_effect": 0}) == set()
