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

from sim.modes import VENTURE_MODES
from sim.policies.base import Strategy
from sim.processes import (
    alliances,
    credit,
    demography,
    finance,
    leadership,
    participation,
    production,
    projects,
    services,
    ventures,
)


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
    fixed = {"ratchet": 0.2, "effort_response": 1 / 30, "kappa_effort": 0.7, "career_prize": 0.3,
             "responsibility_prize": 0.2, "pressure_weight": 0.5, "lead_time_cost": 0.05, "crowd_out": 0.4}  # fmt: skip
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
    wish = (0.44 + (bonus - 0.3 * 0.5 + 0.2 * 0.5 + pressure) / 30) * (1 - 0.4 * village.dependency) - 0.05 * lead
    assert lead.sum() == 2 and np.ptp(bonus) > 0
    np.testing.assert_allclose(secretary.effort, np.clip(before + 0.7 * (wish - before), 0.05, 1), rtol=1e-9)


def test_the_minimum_scale_is_reached_by_stock_funds_and_credit_together():
    """EQ-08: 20 in place, 7 at hand and 3 of credit make 30; none of the three may be left out, nor a yuan of them."""
    engine = start_engine(small_district(), NONE, 1, mode_values("minimum_scale", 30.0), opening=[])
    village, p = engine.now.state.village, engine.now.parameters
    p.collateral_multiplier[...], p.collateral_share[...] = 0.1, 0.5
    village.capital = np.zeros_like(village.capital)
    village.capital[:, :, 4] = 60.0
    assert np.all(credit.headroom(engine.now) == 3.0)
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

    fixed = {"choice_noise": 0.08, "risk_aversion": 0.9, "plan_steadies_choice": 0.7, "collateral_multiplier": 0.0}
    engine = start_engine(enyang(), NONE, 3, fixed, opening=[plan, projects.open_year, projects.invest],
                          chosen=options(2030, residents=0))  # fmt: skip
    set_cash(engine, 35.0)
    now, village, p = engine.now, engine.now.state.village, engine.now.parameters
    village.advantage = np.exp(np.sin(np.arange(3 * 209 * 8.0)).reshape(3, 209, 8) / 3)
    set_cash(engine, 0.0, "village.reserve_fund")
    placed, quality = village.capital.copy(), now.state.secretary.manager_quality.copy()
    scale = p.revenue_yield * 50 * p.margin * village.advantage
    more = scale * (((placed + 35) / 50) ** p.returns_to_scale - (placed / 50) ** p.returns_to_scale) / 35
    worth = 0.95 * more - 0.9 * p.failure_hazard * p.loss_given_failure
    engine.step()
    noise = 0.08 * (1.2 - np.minimum(quality, 1.15)) * (1 - 0.7 * (np.arange(209) % 2) * 0.5)
    appeal = worth / noise[..., None] - np.log(-np.log(now.draws.project_choice))
    best = np.argmax(np.where(placed + 35 >= p.minimum_scale, appeal, -np.inf), axis=2)
    assert np.array_equal(np.argmax(village.pending_this_year, axis=2), best)
    assert len(np.unique(best)) >= 4, "the choice is not always the same"


def test_what_a_village_can_place():
    """EQ-09, EQ-10, EQ-12: cash, the reserve above one year's fixed cost and interest, public money less its losses."""
    fixed = {"fixed_cost": 2.0, "interest_rate": 0.08, "leak_invest": 0.15,
             "leakage_reform": 0.4, "productive_share": 0.9}  # fmt: skip
    engine = start_engine(small_district(), NONE, 1, fixed, opening=[])
    village = engine.now.state.village
    village.debt = np.linspace(0, 70, 8)[None]
    village.reformed = np.array([[0, 1, 0, 1, 0, 1, 0, 1.0]])
    for amount, account in ((4.0, "village.cash"), (5.0, "village.reserve_fund"), (100.0, "village.earmarked_cash")):
        set_cash(engine, amount, account)
    funds = projects.investable(engine.now)
    lost = 0.15 * (1 - 0.4 * village.reformed)
    reserve = np.maximum(5 - 2 - 0.08 * village.debt, 0)
    assert np.ptp(reserve) == 3.0
    np.testing.assert_allclose(funds.reserve, reserve, rtol=1e-12)
    np.testing.assert_allclose(funds.total, 4 + reserve + 100 * (1 - lost) * 0.9, rtol=1e-12)
    before = engine.now.ledger.total()
    arrived = projects.after_losses(engine.now, "village.earmarked_cash", np.full((1, 8), 50.0), funds)
    np.testing.assert_allclose(arrived, 50 * (1 - lost) * 0.9, rtol=1e-12)
    np.testing.assert_allclose(engine.now.ledger.paid(("leak_invest",)), 50 * lost, rtol=1e-12)
    np.testing.assert_allclose(engine.now.ledger.paid(("idle",)), 50 * (1 - lost) * 0.1, rtol=1e-12)
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
    np.testing.assert_allclose(back, 0.02 * (1 + 0.06 * village.local_opportunity) * roads, rtol=1e-12)


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
            gone = resident.away[row::2, group::2] & ~died
            assert abs(died.mean() - dies) < 4 * np.sqrt(dies / died.size), (age, row)
            assert abs(gone.mean() - leaves * (1 - dies)) < 4 * np.sqrt(leaves / gone.size), (age, row)


def test_autonomy_asks_more_of_a_pool():
    """EQ-27b: a member commits iff payout > worth + autonomy · |own return|; the payout offered does not depend on it.

    So whoever commits at a premium commits without one, and some of the others have payouts in between."""
    joined = []
    for premium in (0.0, 0.06, 0.2):
        engine = start_engine(enyang(), only("joint_building"), 12, {**POOLS_PAY, "autonomy_premium": premium},
                              chosen=options(2030, residents=0))  # fmt: skip
        set_cash(engine, 12.0)
        engine.step()
        village = engine.now.state.village
        joined.append(village.pot_commitment + village.stake > 0)
    assert np.all(joined[0] >= joined[1]) and np.all(joined[1] >= joined[2])
    assert joined[0].sum() > joined[1].sum() > joined[2].sum() > 0, [found.sum() for found in joined]


def test_quality_of_the_manager_with_another_share_of_effort():
    """EQ-11: M = (ability + advice)(0.5 + effort · share / 0.6), at a share that is not 0.6."""
    engine = start_engine(small_district(), NONE, 1, {"effort_econ_share": 0.45}, opening=[])
    secretary = engine.now.state.secretary
    secretary.effort = np.linspace(0.1, 0.9, 8)[None]
    engine.now.state.village.advice = np.linspace(0.1, 0, 8)[None]
    expected = (secretary.ability + engine.now.state.village.advice) * (0.5 + secretary.effort * 0.45 / 0.6)
    np.testing.assert_allclose(leadership.manager_quality(engine.now), np.clip(expected, 0, 1.4), rtol=1e-12)


def test_who_pays_a_shortfall():
    """EQ-09: the reserve first, then capital at 0.6 of its value, aided capital in proportion, last the district."""
    engine = start_engine(small_district(), NONE, 1, {"fire_sale": 0.6}, opening=[])
    village, ledger = engine.now.state.village, engine.now.ledger
    short = np.array([[0.0, 1.0, 3.0, 8.0, 14.0, 20.0, 0.5, 2.0]])
    village.capital = np.full_like(village.capital, 2.5)  # 20 in all: 12 at a forced sale
    village.aided_capital = np.full((1, 8), 5.0)
    set_cash(engine, 0.0)
    set_cash(engine, 2.0, "village.reserve_fund")
    before = ledger.total()
    ledger.pay("village", "suppliers", short, "fixed_cost")
    finance.cover_shortfall(engine.now)
    reserve = np.minimum(short, 2)
    sold = np.minimum(short - reserve, 12)
    np.testing.assert_allclose(village.cash, 0, atol=1e-12)
    np.testing.assert_allclose(village.reserve_fund, 2 - reserve, atol=1e-12)
    np.testing.assert_allclose(village.capital.sum(axis=2), 20 - sold / 0.6, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(village.aided_capital, 5 * (1 - sold / 12), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ledger.paid(("deficit_cover",)), short - reserve - sold, atol=1e-12)
    np.testing.assert_allclose(ledger.total(), before, atol=1e-9)


def test_who_is_online_depends_on_the_platform_of_the_year():
    """EQ-19, EQ-20: adoption times this year's platform; nobody is online where it has ended."""

    def platform(now):
        strength = np.array([[0, 0, 0.5, 0.5, 1, 1, 0, 1.0]])
        now.policy.apply("platform", strength, where=strength > 0)
        now.policy.apply("platform_voice", strength, where=strength > 0)

    fixed = {"s_digital": 0.4, "b_digital": 0.3, "b_away": 1.7}
    engine = start_engine(
        small_district(), NONE, 1, fixed, opening=[platform, participation.form_inclination], every_quarter=[]
    )
    village, resident = engine.now.state.village, engine.now.state.resident
    village.digital_adoption = np.full((1, 8), 0.35)
    engine.step()
    phone = participation.has_smartphone(engine.now)
    online = phone * np.repeat(engine.now.policy.platform * 0.35, 12, axis=1)
    np.testing.assert_allclose(resident.online, online, rtol=1e-6)  # float32
    wish = resident.leaning - 1.7 * resident.away * (1 - 0.4 * online) + 0.3 * online
    np.testing.assert_allclose(resident.inclination, wish, atol=1e-6)
    assert 0 < phone.mean() < 1 and 0 < resident.away.mean() < 1


def test_trust_with_every_term():
    """EQ-21 a quarter on, with all signals and the platform at half its strength."""

    def platform(now):
        now.policy.apply("platform", np.full((1, 8), 0.5), where=np.ones((1, 8), dtype=bool))
        now.policy.apply("platform_openness", np.full((1, 8), 0.5), where=np.ones((1, 8), dtype=bool))

    fixed = {"digital_trust_effect": 0.12, "trust_by_profit": 0.3, "profit_scale": 7.0, "kappa_trust": 0.2}
    engine = start_engine(small_district(), NONE, 1, fixed, opening=[platform],
                          every_quarter=[participation.update_trust])  # fmt: skip
    village = engine.now.state.village
    village.profit_change = np.linspace(-20, 20, 8)[None]
    village.transparency = np.linspace(0.2, 0.6, 8)[None]
    before = village.trust.copy()
    engine.step()
    signal = 0.25 + 0.35 * village.service_quality + 0.2 * village.transparency + 0.12 * 0.5
    signal = signal + 0.3 * np.tanh(village.profit_change / 7)
    np.testing.assert_allclose(village.trust, before + 0.05 * (signal - before), rtol=1e-12)


def test_what_makes_a_venture_earn_and_fail():
    """EQ-28: place is the mean over the town or cluster; manager and risk control set the hazard."""
    place = small_district()
    fixed = {"company_hazard": 1.5, "eta_manager_hazard": 1.2, "risk_control_effect": 0.4, "sigma_idio": 0.0,
             **{f"{mode.key}.failure_hazard": 1.0 for mode in VENTURE_MODES}}  # fmt: skip

    def controlled(now):
        half = np.broadcast_to(np.array([0, 0.5, 1, 0.5, 1, 1, 1, 0]), (40, 8))
        now.policy.apply("risk_control", half, where=half > 0)
        now.state.venture.manager_quality = np.broadcast_to(np.array([0.3, 0.5, 0.7, 0.9, 1.1]), (40, 5)).copy()

    engine = start_engine(place, NONE, 40, fixed, opening=[controlled, ventures.open_year],
                          every_quarter=[ventures.wear_and_fail])  # fmt: skip
    now, venture, village, p = engine.now, engine.now.state.venture, engine.now.state.village, engine.now.parameters
    venture.mix = np.full_like(venture.mix, 0.2)
    venture.capital = np.full_like(venture.capital, 1000.0)
    engine.step()
    groups = [place.cluster_of == number for number in range(3)] + [place.town_of == number for number in range(2)]
    control = np.array([0, 0.5, 1, 0.5, 1, 1, 1, 0])
    for number, here in enumerate(groups):
        quality = venture.manager_quality[:, number]
        advantage = (
            village.resource_endowment[:, here].mean(axis=1)[:, None] ** p.venture_endowment_exponent[:, 0]
            * village.market_access[:, here].mean(axis=1)[:, None] ** p.venture_access_exponent[:, 0]
            * np.exp(p.venture_manager_exponent[:, 0] * (quality[:, None] - 0.5))
        )
        np.testing.assert_allclose(venture.advantage[:, number], advantage, rtol=1e-9)
        hazard = 1.5 if number >= 3 else 1.0
        hazard = hazard * np.exp(-1.2 * (quality - 0.5)) * (1 - 0.4 * control[here].mean())
        draw = np.concatenate([now.draws.failure_venture, now.draws.failure_company], axis=1)[:, number]
        assert np.array_equal(venture.failures[:, number], draw < 1 - np.exp(-hazard / 4)), number
    assert 0 < venture.failures.mean() < 1


def test_savings_of_buying_together_are_a_share_of_cost():
    """EQ-02, EQ-31: quality costs a share of what is sold, buying together saves a share of what it costs to make."""
    engine = start_engine(small_district(), NONE, 1, opening=[], every_quarter=[alliances.settle])
    village = engine.now.state.village
    village.alliance = np.ones_like(village.alliance)
    village.complies = np.ones_like(village.complies)
    village.branded_revenue, village.branded_cost = np.full((1, 8), 10.0), np.linspace(5, 9, 8)[None]
    village.bulk_saving, village.brand_cost = np.full((1, 8), 0.04), np.full((1, 8), 0.06)
    profit = village.profit_this_quarter.copy()
    engine.step()
    ledger = engine.now.ledger
    np.testing.assert_allclose(ledger.paid(("bulk_saving",)), 0.04 * village.branded_cost, rtol=1e-12)
    np.testing.assert_allclose(ledger.paid(("quality_cost",)), 0.6, rtol=1e-12)
    np.testing.assert_allclose(village.profit_this_quarter - profit, 0.04 * village.branded_cost - 0.6, rtol=1e-12)


def test_cash_of_sponsors_for_services_is_spent_on_services():
    """EQ-12: of 8 a year a quarter is purchases; the other 6 go to services and do not stay in the village's cash."""
    aid = only("paired_assistance", direct=8, purchase_share=0.25, coordinated=0)
    engine = start_engine(small_district(), aid, 2, opening=[services.spend_assistance], every_quarter=[])
    cash = engine.now.state.village.cash.copy()
    engine.step()
    paired = engine.now.state.village.paired
    assert 0 < paired.mean() <= 1
    np.testing.assert_allclose(engine.now.ledger.paid(("services",)), 6.0 * paired, rtol=1e-12)
    bought = engine.now.ledger.paid(("assistance_purchases",))
    np.testing.assert_allclose(bought, 0.5 * paired, rtol=1e-12)  # the first quarter's
    np.testing.assert_allclose(engine.now.state.village.cash, cash + bought, rtol=1e-12)


def test_the_brand_is_worth_the_share_of_those_who_comply():
    """EQ-31: premium · gain · q, q over the members that produce; only who complies bears the cost of quality."""
    fixed = {
        "alliance_premium": 0.09,
        "alliance_net": 0.01,
        "choice_scale": 0.05,
    }  # a wide scale: some comply, some do not
    fair = only("industry_alliance", fine=0.1, cost_share=0.25)
    engine = start_engine(enyang(), fair, 2, fixed, opening=[alliances.form, alliances.choose_quality],
                          chosen=options(2030, residents=0, start="target_consistent"))  # fmt: skip
    engine.step()
    village, alliance = engine.now.state.village, engine.now.state.alliance
    seen = set()
    for run in range(2):
        for number in np.unique(village.alliance[run])[1:].astype(int):
            members = village.alliance[run] == number
            complies = village.complies[run][members]
            quality = np.mean(complies[complies >= 0] > 0) if np.any(complies >= 0) else 0.0
            worth = 0.09 * alliance.peer_gain[run, number - 1] * quality
            np.testing.assert_allclose(village.brand_premium[run][members], worth, rtol=1e-12)
            np.testing.assert_allclose(village.brand_cost[run][members], 0.08 * 0.75 * (complies > 0), rtol=1e-12)
            seen.add(round(quality, 3))
    assert len(seen) >= 3, "alliances differ in how many comply"
