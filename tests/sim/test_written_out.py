"""Rules written out with every term away from its neutral value, so that no factor can be lost or misplaced."""

from __future__ import annotations

import numpy as np
from places import (
    NONE,
    OWN_KEYS,
    POOLS_PAY,
    enyang,
    mode_values,
    only,
    options,
    rows_of,
    set_cash,
    small_district,
    start_engine,
)

from sim.policies.base import Strategy
from sim.processes import demography, leadership, production, projects


def test_operating_cost_knows_no_price():
    """EQ-01: price, village shock and premium change revenue; cost stays (1 - margin) of the base, in every mode."""
    engine = start_engine(small_district(), NONE, 1, {"pv_price_factor": 0.6}, opening=[],
                          every_quarter=[production.earn])  # fmt: skip
    village, p = engine.now.state.village, engine.now.parameters
    village.capital = np.linspace(10, 80, 64).reshape(1, 8, 8)
    village.advantage = np.linspace(0.5, 1.5, 64).reshape(1, 8, 8)
    village.idiosyncratic_price = np.linspace(0.7, 1.4, 64).reshape(1, 8, 8)
    village.common_price, village.other_price = np.full((1, 8), 1.2), np.full((1, 8), -0.8)
    village.brand_premium = np.full((1, 8), 0.07)
    engine.step()
    exposed = np.isin(OWN_KEYS, ["entity_operation", "resource_development", "industry_driven", "share_cooperation"])
    base = p.revenue_yield * 50 * (village.capital / 50) ** p.returns_to_scale * village.advantage / 4
    premium = np.where(exposed, 1.07, np.where(np.array(OWN_KEYS) == "photovoltaic", 0.6, 1.0))
    sigma, series = np.where(exposed, 0.1, 0.03), np.where(exposed, 1.2, -0.8)
    revenue = base * premium * np.exp(sigma * series - sigma**2 / 2) * village.idiosyncratic_price
    ledger = engine.now.ledger
    np.testing.assert_allclose(ledger.paid(("operations",)), revenue.sum(axis=2), rtol=1e-9)
    np.testing.assert_allclose(ledger.paid(("operating_cost",)), ((1 - p.margin) * base).sum(axis=2), rtol=1e-9)
    sold = (revenue * exposed).sum(axis=2) / 1.07
    np.testing.assert_allclose(village.branded_revenue, sold, rtol=1e-9)


def test_effort_with_every_term():
    """EQ-14 with ratchet 0.2, all four motives, dependency and the time of a lead, none of them at its default."""
    keys = ("career_path", "responsibility_list", "target_pressure")
    levers = {key: {"intensity": 0.5} for key in keys} | {
        "cadre_pay": {"intensity": 1, "bonus_share": 0.2, "bonus_floor": 12},
        "joint_building": {"intensity": 1, "contribution_share": 0},
    }
    fixed = {"ratchet": 0.2, "effort_cost": 30.0, "kappa_effort": 0.7, "career_prize": 0.3, "responsibility_prize": 0.2,
             "pressure_weight": 0.5, "lead_time_cost": 0.05, "crowd_out": 0.4}  # fmt: skip
    engine = start_engine(
        small_district(), Strategy("rewarded", levers=levers), 1, fixed, opening=[leadership.choose_effort]
    )
    village, secretary, p = engine.now.state.village, engine.now.state.secretary, engine.now.parameters
    village.capital = np.full_like(village.capital, 40.0)
    village.advantage = np.full_like(village.advantage, 1.1)
    village.income_profit = np.array([[11.0, 12.0, 40.0, 3.0, 13.0, 0.0, 60.0, 12.5]])
    village.income_operating = village.income_profit * 1.5
    village.dependency = np.linspace(0, 0.8, 8)[None]
    village.advice = np.linspace(0, 0.1, 8)[None]
    ability, before = secretary.ability.copy(), secretary.effort.copy()
    engine.step()
    lead = engine.now.policy.joint_lead
    base = p.revenue_yield * 50 * (40 / 50) ** p.returns_to_scale * 1.1
    product = (p.manager_exponent * p.margin * base).sum(axis=2) * (ability + village.advice)
    bonus = 0.2 * (1 - 0.2) * (village.income_profit >= 12) * product
    pressure = 0.5 * np.maximum(30 - village.income_operating, 0) * 0.5
    wish = (bonus + 0.3 * 0.5 + 0.2 * 0.5 + 1.1 + pressure) / 30 * (1 - 0.4 * village.dependency) - 0.05 * lead
    assert lead.sum() == 2 and np.ptp(bonus) > 0
    np.testing.assert_allclose(secretary.effort, np.clip(before + 0.7 * (wish - before), 0.05, 1), rtol=1e-9)


def test_the_minimum_scale_is_reached_by_stock_funds_and_credit_together():
    """EQ-08: 20 in place, 7 at hand and 3 of credit make 30; none of the three may be left out, nor a yuan of them."""
    engine = start_engine(small_district(), NONE, 1, mode_values("minimum_scale", 30.0), opening=[])
    village, p = engine.now.state.village, engine.now.parameters
    p.collateral_multiplier[...], p.collateral_share[...] = 0.1, 0.5
    village.capital = np.zeros_like(village.capital)
    village.capital[:, :, 4] = 60.0
    assert np.all(projects.credit_headroom(engine.now) == 3.0)
    placed = np.full_like(village.capital, 20.0)
    for stock, funds, enough in ((20.0, 7.0, True), (19.9, 7.0, False), (20.0, 6.9, False), (40.0, 0.0, False)):
        placed[...] = stock
        assert np.all(projects.feasible(engine.now, placed, np.full((1, 8), funds)) == enough), (stock, funds)
    village.debt = np.full((1, 8), 0.5)
    placed[...] = 20.0
    assert not np.any(projects.feasible(engine.now, placed, np.full((1, 8), 7.0)))


def test_the_choice_of_a_project_from_its_draws():
    """EQ-08 for 627 villages: the largest of utility over noise plus the drawn Gumbel among the feasible modes."""

    def plan(now):
        half = np.broadcast_to(np.arange(209) % 2 * 0.5, (3, 209))
        now.policy.apply("village_plan", half, where=np.ones((3, 209), dtype=bool))

    fixed = {"choice_noise": 0.08, "risk_aversion": 0.9, "plan_steadies_choice": 0.7, "collateral_multiplier": 0.0,
             "leakage_participation": 0.1}  # fmt: skip
    engine = start_engine(enyang(), NONE, 3, fixed, opening=[plan, projects.open_year, projects.invest],
                          chosen=options(2030, residents=0))  # fmt: skip
    set_cash(engine, 35.0)
    now, village, p = engine.now, engine.now.state.village, engine.now.parameters
    village.advantage = np.exp(np.sin(np.arange(3 * 209 * 8.0)).reshape(3, 209, 8) / 3)
    set_cash(engine, 0.0, "village.reserve_fund")
    placed, quality = village.capital.copy(), now.state.secretary.manager_quality.copy()
    scale = p.revenue_yield * 50 * p.margin * village.advantage
    more = scale * (((placed + 35) / 50) ** p.returns_to_scale - (placed / 50) ** p.returns_to_scale) / 35
    kept = 1 - 0.05 * (1 - 0.1 * village.participation)
    worth = kept[..., None] * more - 0.9 * p.failure_hazard * p.loss_given_failure
    engine.step()
    noise = 0.08 * (1.2 - np.minimum(quality, 1.15)) * (1 - 0.7 * (np.arange(209) % 2) * 0.5)
    appeal = worth / noise[..., None] - np.log(-np.log(now.draws.project_choice))
    best = np.argmax(np.where(placed + 35 >= p.minimum_scale, appeal, -np.inf), axis=2)
    assert np.array_equal(np.argmax(village.pending_this_year, axis=2), best)
    assert len(np.unique(best)) >= 4, "the choice is not always the same"


def test_what_a_village_can_place():
    """EQ-09, EQ-10, EQ-12: cash, the reserve above one year's fixed cost and interest, public money less its losses."""
    fixed = {"fixed_cost": 2.0, "interest_rate": 0.08, "leak_invest": 0.25, "leakage_participation": 0.2,
             "leakage_reform": 0.4, "productive_share": 0.8}  # fmt: skip
    engine = start_engine(small_district(), NONE, 1, fixed, opening=[])
    village = engine.now.state.village
    village.debt = np.linspace(0, 70, 8)[None]
    village.participation = np.linspace(0, 0.7, 8)[None]
    village.reformed = np.array([[0, 1, 0, 1, 0, 1, 0, 1.0]])
    for amount, account in ((4.0, "village.cash"), (5.0, "village.reserve_fund"), (100.0, "village.earmarked_cash")):
        set_cash(engine, amount, account)
    funds = projects.investable(engine.now)
    lost = 0.25 * (1 - 0.2 * village.participation) * (1 - 0.4 * village.reformed)
    reserve = np.maximum(5 - 2 - 0.08 * village.debt, 0)
    assert np.ptp(reserve) == 3.0
    np.testing.assert_allclose(funds.reserve, reserve, rtol=1e-12)
    np.testing.assert_allclose(funds.total, 4 + reserve + 100 * (1 - lost) * 0.8, rtol=1e-12)
    before = engine.now.ledger.total()
    arrived = projects.after_losses(engine.now, "village.earmarked_cash", np.full((1, 8), 50.0), funds)
    np.testing.assert_allclose(arrived, 50 * (1 - lost) * 0.8, rtol=1e-12)
    np.testing.assert_allclose(engine.now.ledger.paid(("leak_invest",)), 50 * lost, rtol=1e-12)
    np.testing.assert_allclose(engine.now.ledger.paid(("idle",)), 50 * (1 - lost) * 0.2, rtol=1e-12)
    np.testing.assert_allclose(engine.now.ledger.total(), before, atol=1e-9)  # of 900


def test_a_year_makes_everybody_a_year_older():
    """Secretaries, and the candidates who have joined the pool; tenure counts the years in office."""
    engine = start_engine(small_district(), only("secretary_selection", inflow_per_year=3), 2, opening=[],
                          closing=[leadership.grow_older], chosen=options(2030))  # fmt: skip
    secretary, candidate = engine.now.state.secretary, engine.now.state.candidate
    engine.step()
    age, tenure, waiting = secretary.age.copy(), secretary.tenure.copy(), candidate.age.copy()
    joined = candidate.joined > 0
    assert 0 < joined.mean() < 1
    for _ in range(3):
        engine.step()
    np.testing.assert_allclose(secretary.age, age + 1, rtol=1e-12)
    assert np.array_equal(secretary.tenure, tenure + 1)
    np.testing.assert_allclose(candidate.age, waiting + joined, rtol=1e-12)


def test_chances_of_leaving_returning_and_dying():
    """EQ-32, EQ-25 at every age, at opportunities below, at and above the first year's, with and without roads."""
    fixed = {"leave_pull": 0.3, "return_pull": 0.06, "return_by_roads": 0.2}
    engine = start_engine(small_district(), NONE, 1, fixed, opening=[])
    leave, die = demography.chances(engine.now)
    age = np.arange(18.0, 101.0)
    np.testing.assert_allclose(leave[0], 0.04 / (1 + np.exp(0.08 * (age - 40))), rtol=1e-12)
    assert leave[0, 0] > 0.03 and leave[0, -1] < 0.001, "the young leave"
    expected = np.minimum(0.025 * np.exp(0.09 * (age - 70)), 1)
    np.testing.assert_allclose(die[0, :-1], expected[:-1], rtol=1e-12)
    assert die[0, -1] == 1
    village = engine.now.state.village
    village.local_opportunity = np.array([[0, 0.5, 1, 2, 0, 0.5, 1, 2.0]])
    village.road_share = np.array([[0, 0, 0, 0, 1, 1, 0.5, 1.0]])
    stay, back = demography.pulls(engine.now)
    np.testing.assert_allclose(stay, np.exp(-0.3 * (village.local_opportunity - 1)), rtol=1e-12)
    roads = 1 + 0.2 * village.road_share
    np.testing.assert_allclose(back, 0.03 * (1 + 0.06 * village.local_opportunity) * roads, rtol=1e-12)


def test_residents_move_and_die_by_their_own_age():
    """Ages 20 and 60 side by side, 40 runs of two rates: each meets the chance of its age and run; 4 binomial SE."""
    place, rows = small_district(), [{"leave_rate": 0.02, "mortality_at_70": 0.032}, {"leave_rate": 0.08}] * 20
    with rows_of(rows):
        engine = start_engine(place, NONE, 40, closing=[demography.move], chosen=options(2030, residents=60))
    resident = engine.now.state.resident
    resident.away = np.zeros_like(resident.away)
    resident.age = np.where(np.arange(resident.age.shape[1]) % 2 == 0, 20, 60) * np.ones_like(resident.age)
    engine.now.state.village.opportunity_start = np.zeros((40, 8))  # opportunity is 1 where it was 0 at first
    for _ in range(4):
        engine.step()
    for group, age in ((0, 20), (1, 60)):
        for row, (rate, at_70) in enumerate(((0.02, 0.032), (0.08, 0.025))):
            died = resident.age[row::2, group::2] == 18
            dies, leaves = at_70 * np.exp(0.09 * (age - 70)), rate / (1 + np.exp(0.08 * (age - 40)))
            gone = resident.away[row::2, group::2]
            assert abs(died.mean() - dies) < 4 * np.sqrt(dies / died.size), (age, row)
            assert abs(gone.mean() - leaves * (1 - dies)) < 4 * np.sqrt(leaves / gone.size), (age, row)


def test_autonomy_asks_more_of_a_pool():
    """EQ-27b: a member commits iff payout > worth + autonomy · |own return|; the payout offered does not depend on it.

    So whoever commits at a premium commits without one, and some of the others have payouts in between."""
    joined = []
    for premium in (0.0, 0.1, 0.3):
        engine = start_engine(enyang(), only("joint_building"), 3, {**POOLS_PAY, "autonomy_premium": premium},
                              chosen=options(2030, residents=0))  # fmt: skip
        set_cash(engine, 12.0)
        engine.step()
        village = engine.now.state.village
        joined.append(village.pot_commitment + village.stake > 0)
    assert np.all(joined[0] >= joined[1]) and np.all(joined[1] >= joined[2])
    assert joined[0].sum() > joined[1].sum() > joined[2].sum() > 0, [found.sum() for found in joined]
