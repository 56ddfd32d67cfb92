"""What limits production and what moves all of it: demand for local services, good and bad years (EQ-01)."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from places import NONE, OWN_KEYS, options, small_district, start_engine, year

from sim.processes import capital, finance, production

SERVICE = OWN_KEYS.index("service_income")


@pytest.mark.parametrize("demand", [20.0, 40.0])
def test_services_beyond_what_the_people_of_a_town_buy_are_not_made(demand):
    """Base 15 at 50; four villages of town 0 offer it, one of them is still building; 1000 people live in each."""
    engine = start_engine(small_district(), NONE, 1, {"service_demand": demand}, opening=[])
    village = engine.now.state.village
    village.capital, village.advantage = np.zeros_like(village.capital), np.ones_like(village.advantage)
    village.capital[0, [0, 1, 2, 4], SERVICE] = 50.0
    village.pending_this_year[0, 3, SERVICE] = 50.0
    village.registered_population, village.home_share = np.full((1, 8), 2000.0), np.full((1, 8), 0.5)
    glut = production.service_glut(engine.now)
    at_home = 4 * 1000 * demand / 10_000
    expected = np.repeat([1 - at_home / (4 * 15.0), max(0.0, 1 - at_home / 15.0)], 4)
    np.testing.assert_allclose(glut[0], expected, rtol=1e-12, atol=1e-15)
    engine.now.draws.update({"price_idiosyncratic": np.zeros((1, 8, 8))})
    without = production.advantage(engine.now)[0]
    production.face_the_year(engine.now)
    made = village.advantage[0] / without
    sold = 1 - village.service_glut[0]
    np.testing.assert_allclose(made[:, SERVICE], sold, rtol=1e-12)
    assert sold.min() < 1
    np.testing.assert_allclose(np.delete(made, SERVICE, axis=1), 1.0)
    assert np.all(production.premium(engine.now) == 1.0), "quantities are rationed, not prices"


def test_without_services_there_is_no_glut():
    engine = start_engine(small_district(), NONE, 1, opening=[])
    engine.now.state.village.capital[:, :, SERVICE] = 0.0
    assert not production.service_glut(engine.now).any()


def test_good_and_bad_years_have_mean_one_and_the_tails_of_a_laplace_law():
    """Moments of the logarithm at sd 0.2: sd and excess kurtosis 3 of Laplace; 4 standard errors, 40,000 draws."""
    runs, sd = 40_000, 0.2
    now = SimpleNamespace(
        structure={"district_years": "on"}, parameters=SimpleNamespace(district_year_sd=np.full((runs, 1), sd)),
        draws=SimpleNamespace(district_year=np.random.default_rng(1).random((runs, 1))), runs=runs,
    )  # fmt: skip
    found = capital.activity(now)
    logs = np.log(found)
    assert abs(found.mean() - 1) < 4 * found.std() / runs**0.5
    assert abs(logs.std() / sd - 1) < 4 * (5 / 4 / runs) ** 0.5, "kurtosis 6: relative error of the sd √((6-1)/4n)"
    assert np.mean(np.abs(logs - logs.mean()) > 4 * sd) == pytest.approx(np.exp(-4 * 2**0.5), abs=0.0015)
    now.structure = {"district_years": "off"}
    assert np.all(capital.activity(now) == 1)


def test_a_bad_year_takes_cost_with_revenue_and_other_income_and_leaves_the_subsidy():
    """One future twice, with draws that make activity 1 and 0.5: what villages sell, pay for it and get besides."""
    flows = []
    for activity in (1.0, 0.5):
        engine = start_engine(
            small_district(), NONE, 1, {"district_year_sd": 0.2}, opening=[production.face_the_year],
            every_quarter=[production.earn], closing=[finance.run_office],
            chosen=options(residents=0, structure={"district_years": "on"}),
        )  # fmt: skip
        year_draw = engine.now.draws
        spread = 0.2 / 2**0.5
        level = np.log(activity / (1 - spread**2)) / spread
        uniform = 0.5 + np.sign(level) * -np.expm1(-abs(level)) / 2
        take = engine._tape.read
        engine._tape.read = lambda streams, take=take, uniform=uniform: (
            take(streams) | ({"district_year": np.full((1, 1), uniform)} if "district_year" in streams else {})
        )
        year(engine)
        assert year_draw is engine.now.draws
        flows.append({purpose: engine.now.ledger.paid((purpose,)) for purpose in
                      ("operations", "operating_cost", "other_income", "running_subsidy")})  # fmt: skip
    usual, bad = flows
    for purpose in ("operations", "operating_cost", "other_income"):
        np.testing.assert_allclose(bad[purpose], usual[purpose] / 2, rtol=1e-9)
    np.testing.assert_array_equal(bad["running_subsidy"], usual["running_subsidy"])
