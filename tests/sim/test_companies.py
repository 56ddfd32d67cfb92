"""Town companies: founding, stakes, managers, agency, advice, public money, winding up (EQ-28, EQ-29; D-F1, D-F2)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    NONE,
    OWN_KEYS,
    build_district,
    changed,
    enyang,
    mode_values,
    moved_by,
    only,
    options,
    run_batch,
    set_cash,
    small_district,
    start_engine,
    supervised,
    year,
)

from sim.ledger import PUBLIC_PAYERS
from sim.modes import FIELDS, VENTURE_KEYS
from sim.processes import finance, leadership, managers, production, projects, stakes, ventures

OFF = options(2100, residents=0)
PHASES = {
    "opening": [managers.staff, projects.open_year, ventures.open_year, stakes.contribute],
    "every_quarter": [ventures.mature, ventures.wear_and_fail, ventures.earn],
    "closing": [ventures.pay_out, ventures.wind_up],
}
CALM = {
    "sigma_common": 0.0,
    "sigma_idio": 0.0,
    "company_hazard": 0.0,
    "winding_up_line": 0.0,
}


def company(parameters=None, cash: float = 20.0, runs: int = 1, district=None, supervision: float = 0, **settings):
    """Companies and their members' money alone."""
    strategy = supervised(only("town_company", **settings), supervision)
    engine = start_engine(
        district or small_district(), strategy, runs, {**CALM, **(parameters or {})}, chosen=OFF, **PHASES
    )
    set_cash(engine, cash)
    return engine


def of_companies(engine, column: str) -> np.ndarray:
    return getattr(engine.now.state.venture, column)[:, engine.now.clusters.count :]


# Founding and stakes -----------------------------------------------------------------------------------------


def test_every_town_founds_one_company():
    engine = start_engine(enyang(), only("town_company"), 3, chosen=OFF)
    engine.step()
    active = engine.now.state.venture.active
    assert np.all(active[:, 37:] == 1) and active[:, 37:].shape == (3, 18) and np.all(active[:, :37] == 0)
    assert engine.now.ledger.paid_by(("district",), ("company_startup",)) == pytest.approx(18 * 30)


def test_members_pay_in_and_start_up_money_becomes_stakes_after_its_losses():
    """Four members: 30 of public money becomes 30 · 0.95 · 0.94 of stakes, shared equally; each adds 5, or all."""
    engine = company(cash=20.0)
    set_cash(engine, np.array([20, 3, 0, 20, 20, 20, 20, 20.0]))
    engine.step()
    public = 30 / 4 * 0.95 * 0.94
    expected = public + np.array([5, 3, 0, 5, 5, 5, 5, 5])
    np.testing.assert_allclose(engine.now.state.village.company_stake[0], expected, rtol=1e-12)
    np.testing.assert_allclose(engine.now.state.village.cash[0], np.array([15, 0, 0, 15, 15, 15, 15, 15.0]))
    built = of_companies(engine, "pending_this_year").sum(axis=2) + of_companies(engine, "capital").sum(axis=2)
    assert np.all(np.abs(built[0] - [expected[:4].sum(), expected[4:].sum()]) < 0.02 * built[0]), (
        "less a quarter's wear"
    )
    set_cash(engine, 20.0)
    year(engine, 2)
    assert engine.now.ledger.ever_paid(("company_startup",))[0] == pytest.approx(60.0), "once for each town"


def test_money_goes_into_the_mix_of_the_line_of_business():
    for business, mix in (("mixed", [0.3, 0, 0.3, 0.2, 0.2]), ("assets", [0.5, 0, 0.5, 0, 0])):
        engine = company(business=business)
        engine.step()
        venture = engine.now.state.venture
        money = (venture.pending_this_year + venture.capital)[0, -1]
        np.testing.assert_allclose(money / money.sum(), mix, atol=0.01)


def test_voluntary_stakes_come_only_where_the_company_beats_own_projects_mandatory_ones_from_all():
    poor = mode_values("minimum_scale", 1e12)  # nobody has a project of its own
    rich = {**mode_values("minimum_scale", 1.0), **mode_values("revenue_yield", 0.5), **mode_values("margin", 0.9)}
    for parameters, mandatory, joins in ((poor, False, True), (rich, False, False), (rich, True, True)):
        engine = company(parameters, stakes="mandatory" if mandatory else "voluntary", stake_share=0.5)
        engine.step()
        before = engine.now.state.village.company_stake.copy()
        for _ in range(3):
            engine.step()
        set_cash(engine, 20.0)
        engine.step()
        gained = engine.now.state.village.company_stake - before
        assert np.all(np.isclose(gained, 10.0) if joins else gained == 0)


def test_stakes_are_asked_for_in_the_first_years_only():
    engine = company(mode_values("minimum_scale", 1e12), stake_years=2)
    gains = []
    for _ in range(5):
        before = engine.now.state.village.company_stake.sum()
        set_cash(engine, 20.0)
        year(engine)
        gains.append(engine.now.state.village.company_stake.sum() - before)
    assert np.allclose(gains[1:], [8 * 2.0, 0, 0, 0]) and gains[0] > 0


def test_a_town_with_one_village_has_a_company_like_any_other():
    place = build_district(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 1]))
    engine = company(district=place)
    year(engine, 4)
    assert np.all(of_companies(engine, "active") == 1)
    paid = engine.now.ledger.paid(("venture_dividend",))[0]
    assert paid[3] > 0 and of_companies(engine, "payout_year")[0, 1] == pytest.approx(paid[3])


def test_only_members_pay_and_receive():
    engine = company(villages=["1000", "1001", "1002"])
    year(engine, 3)
    assert np.all(engine.now.state.village.company_stake[0, 3:] == 0)
    assert np.all(engine.now.ledger.paid(("venture_dividend",))[0, 3:] == 0)
    np.testing.assert_array_equal(of_companies(engine, "active"), [[1, 0]])
    assert engine.now.ledger.ever_paid(("company_startup",))[0] == pytest.approx(30.0)


# Limits ------------------------------------------------------------------------------------------------------

TWIN = dict(zip(FIELDS, (0.1, 0.9, 1.0, 0.0, 0.0, 0.1, 0.0, 1.0, 0.0, 0.5, 0.0, 0.0, 1.0), strict=True))


def test_f1_a_company_of_one_village_earns_what_the_village_earns_alone():
    """K = 100, v 0.1, margin 0.9; no agency, pay, hazard, wear or fixed cost, payout and first share 1: profit 9 = 9,
    operating income 9 by dividend against 10 by turnover."""
    place = build_district(np.array([0, 1]), np.array([0, 1]))
    twins = {
        f"{key}.{field}": value for key in ("asset_leasing", *VENTURE_KEYS) for field, value in TWIN.items() if value
    }
    neutral = {"leak_revenue": 0.0, "fixed_cost": 0.0, "agency_base": 0.0, "manager_discount": 1.0, "first_payout": 1.0}
    zeros = {f"{key}.{field}": 0.0 for key in VENTURE_KEYS for field in ("depreciation", "access_exponent")}
    phases = {
        "opening": [managers.staff, ventures.open_year, production.face_the_year],
        "every_quarter": [production.earn, production.lose, ventures.earn],
        "closing": [ventures.pay_out, finance.measure_incomes],
    }
    fixed = {**CALM, **twins, **neutral, **zeros}
    fixed = {name: value for name, value in fixed.items() if name in _declared()}
    engine = start_engine(place, NONE, 1, fixed, chosen=OFF, **phases)
    for name in ("endowment", "access", "labour"):
        getattr(engine.now.parameters, f"venture_{name}_exponent")[...] = 0.0
        getattr(engine.now.parameters, f"{name}_exponent")[...] = 0.0
    village, venture = engine.now.state.village, engine.now.state.venture
    village.capital = np.zeros_like(village.capital)
    village.capital[:, 1, OWN_KEYS.index("asset_leasing")] = 100.0
    engine.now.state.secretary.manager_quality = np.full((1, 2), 0.5)
    village.company_stake = np.array([[100.0, 0]])
    venture.capital[0, 2] = np.array([30.0, 0, 30, 20, 20])
    venture.active[0, 2] = venture.payout_share[0, 2] = 1.0
    year(engine)
    np.testing.assert_allclose(village.income_profit, [[9, 9]], rtol=1e-12)
    np.testing.assert_allclose(village.income_operating, [[9, 10]], rtol=1e-12)


def test_the_rent_of_an_enclave_is_fixed_for_five_years_and_then_follows_the_market():
    engine = start_engine(small_district(), NONE, 1, {"enclave_rent_after": 0.6}, opening=[ventures.open_year])
    venture, passed = engine.now.state.venture, []
    venture.active[...] = 1.0
    for _ in range(7):
        year(engine)
        passed.append(venture.advantage[0, 0].copy())
    rent = np.array(passed) / passed[0]
    np.testing.assert_allclose(rent[:, ventures.ENCLAVE], [1, 1, 1, 1, 1, 0.6, 0.6], rtol=1e-12)
    np.testing.assert_allclose(np.delete(rent, ventures.ENCLAVE, axis=1), 1.0)


def _declared() -> set[str]:
    from sim.world import DECLARED

    return set(DECLARED)


def _paid(**settings_and_parameters: float) -> tuple[float, float]:
    settings = {name: settings_and_parameters.pop(name) for name in ("supervision",) if name in settings_and_parameters}
    engine = company(settings_and_parameters, **settings)
    year(engine, 4)
    return engine.now.ledger.ever_paid(("venture_dividend",))[0], of_companies(engine, "capital").sum()


def test_f2_agency_eats_dividends_and_supervision_gives_them_back():
    """agency_base 1/0.7 at the monitoring of 0.3 takes all profit: no dividends, and capital does not grow."""
    nothing, capital = _paid(agency_base=1 / 0.7)
    started = 2 * 30 * 0.893 + 8 * 5
    assert nothing == 0 and capital < started
    by_agency = [_paid(agency_base=rate)[0] for rate in (0.0, 0.1, 0.2, 0.4)]
    assert by_agency == sorted(by_agency, reverse=True) and by_agency[0] > by_agency[-1]
    by_supervision = [_paid(supervision=level)[0] for level in (0.0, 0.5, 1.0)]
    assert by_supervision == sorted(by_supervision) and by_supervision[0] < by_supervision[-1]


def test_supervision_raises_monitoring_from_03_to_09():
    for level, monitoring in ((0.0, 0.3), (0.5, 0.6), (1.0, 0.9)):
        engine = company(supervision=level)
        engine.step()
        np.testing.assert_allclose(ventures.agency(engine.now)[:, 3:], 0.2 * (1 - monitoring), rtol=1e-12)


# Managers ----------------------------------------------------------------------------------------------------


def staffed(runs: int = 40, district=None, parameters=None, **settings):
    lever = only("town_company", **settings)
    return start_engine(
        district or enyang(), lever, runs, parameters, opening=[managers.staff], every_quarter=[], chosen=OFF
    )


@pytest.mark.parametrize(("professionals", "in_post"), [(22, 18), (10, 10), (0, 0)])
def test_posts_are_filled_as_far_as_the_market_reaches(professionals, in_post):
    engine = staffed(6, professionals=professionals)
    engine.step()
    assert np.all(of_companies(engine, "professional_in_post").sum(axis=1) == in_post)
    skill = of_companies(engine, "professional_skill")[of_companies(engine, "professional_in_post") > 0]
    assert skill.size == 0 or (skill.min() >= 0.6 and skill.max() <= 1.2)


def test_a_vacant_post_is_held_by_the_best_secretary_at_a_discount():
    engine = staffed(4, professionals=9)
    quality = engine.now.state.secretary.manager_quality.copy()
    engine.step()
    in_post, found = of_companies(engine, "professional_in_post") > 0, of_companies(engine, "manager_quality")
    for town in range(18):
        best = quality[:, enyang().town_of == town].max(axis=1)
        vacant = ~in_post[:, town]
        np.testing.assert_allclose(found[vacant, town], 0.8 * best[vacant], rtol=1e-12)
    assert np.array_equal(found[in_post], of_companies(engine, "professional_skill")[in_post])


def test_professionals_quit_with_their_hazard_and_higher_pay_holds_them():
    """Of those in post 1 - exp(-0.5·exp(-(pay/12 - 1))) are gone a year later; 40 × 18 posts, 4 errors."""
    for pay in (12, 24):
        engine = staffed(40, professionals=200, manager_pay=pay)
        year(engine)
        before = of_companies(engine, "professional_skill").copy()
        engine.step()
        gone = (of_companies(engine, "professional_skill") != before).mean()
        expected = -np.expm1(-0.5 * np.exp(-(pay / 12 - 1)))
        assert abs(gone - expected) < 4 * np.sqrt(expected * (1 - expected) / before.size)


def test_who_has_just_quit_is_not_hired_again_in_the_same_year():
    """22 on the market, 18 in post: at most 4 wait, so with many leaving some posts stay vacant for the year."""
    engine = staffed(20, parameters={"manager_quit_rate": 0.8})
    engine.step()
    for _ in range(4):
        engine.step()
    in_post = of_companies(engine, "professional_in_post").sum(axis=1)
    assert in_post.min() < 18
    skill_changed = in_post  # of 18, those who stayed and at most four who came
    assert np.all(skill_changed <= 18)


def test_nobody_is_paid_for_a_company_that_was_never_founded():
    engine = company(startup=0, entry=0, cash=0.0)
    for _ in range(4):
        engine.step()
    assert of_companies(engine, "professional_in_post").any() and not of_companies(engine, "active").any()
    assert not np.any(engine.now.ledger.paid_by(("district",), ("manager_pay_public",)))


def test_pay_is_shared_by_the_public_and_the_company_and_contracts_are_public_spending():
    engine = company(parameters={"manager_quit_rate": 0.0}, cash=40.0)
    year(engine, 2)
    ledger, in_post = engine.now.ledger, of_companies(engine, "professional_in_post").sum()
    assert in_post == 2
    assert ledger.paid_by(("district",), ("manager_pay_public",))[0] == pytest.approx(2 * 12 * 0.8, rel=1e-12)
    own = sum(amount.sum() for (payer, _, what), amount in ledger.flows.items() if what == "manager_pay")
    assert own == pytest.approx(2 * 12 * 0.2, rel=1e-12)
    sold = ledger.paid_by(("market", "district"), ("venture_operations", "public_contracts"))[0]
    assert ledger.paid_by(("district",), ("public_contracts",))[0] == pytest.approx(0.3 * sold, rel=1e-12)


def test_cost_of_the_lever_is_counted_once_and_its_payer_named():
    strategy = only("town_company")
    result = run_batch(small_district(), strategy, [None, 0], [0, 1], options(2028))
    cost = result.indicators["cost_town_company"][:, 1:]
    np.testing.assert_allclose(result.indicators["public_cost"][:, 1:], cost, rtol=1e-12)
    np.testing.assert_allclose(result.indicators["public_cost_district"][:, 1:], cost, rtol=1e-12)
    engine = start_engine(small_district(), strategy, 2, worlds=[None, 0])
    year(engine)
    from_public = sum(
        amount.sum(axis=1) for (payer, _, what), amount in engine.now.ledger.flows.items()
        if payer in PUBLIC_PAYERS and what not in ("running_subsidy", "deficit_cover")
    )  # fmt: skip
    parts = {name: engine.now.ledger.paid_by(("district",), (name,)) for name in strategy_purposes()}
    np.testing.assert_allclose(sum(parts.values()), from_public, rtol=1e-12)
    np.testing.assert_allclose(parts["company_startup"], 60.0, rtol=1e-12)


def strategy_purposes() -> tuple[str, ...]:
    from sim.policies.town_company import TownCompany

    return TownCompany.purposes


# Advice ------------------------------------------------------------------------------------------------------


def test_advice_comes_from_an_active_company_and_grows_with_supervision():
    for supervision, advice in ((0.0, 0.05), (1.0, 0.10)):
        strategy = supervised(only("town_company"), supervision)
        engine = start_engine(small_district(), strategy, 1, {**CALM, "company_advice": 0.1}, chosen=OFF)
        engine.step()
        assert np.all(engine.now.state.village.advice == 0), "founded this year, it advises from the next"
        year(engine)
        np.testing.assert_allclose(engine.now.state.village.advice, advice, rtol=1e-12)


def test_p6_the_gain_from_advice_rises_with_the_base_and_with_supervision():
    """Villages alike but for their capital: what a company's advice adds to yearly profit at price 1 is ordered."""
    gains = []
    for supervision in (None, 0.0, 1.0):
        lever = NONE if supervision is None else supervised(only("town_company", entry=0, startup=60), supervision)
        engine = start_engine(small_district(), lever, 1, CALM, chosen=OFF)
        year(engine, 1)
        village, secretary = engine.now.state.village, engine.now.state.secretary
        village.capital = np.ones_like(village.capital) * np.linspace(2, 40, 8)[None, :, None]
        village.resource_endowment = village.market_access = np.ones((1, 8))
        secretary.skill = np.full((1, 8), 0.5)
        secretary.age = np.full((1, 8), 40.0)
        secretary.is_capable = secretary.is_college = np.zeros((1, 8))
        secretary.effort = np.full((1, 8), 0.5)
        village.organisation, village.labour_start = np.full((1, 8), 0.5), np.zeros((1, 8))
        leadership.judge_ability(engine.now)
        leadership.take_advice(engine.now)
        secretary.manager_quality = leadership.manager_quality(engine.now)
        village.advantage = production.advantage(engine.now)
        gains.append(production.expected_profit(engine.now, village.capital).sum(axis=2)[0])
    alone, plain, watched = gains
    assert np.all(np.diff(plain - alone) > 0) and np.all(np.diff(watched - alone) > 0)
    assert np.all(watched - alone > 1.5 * (plain - alone)) and np.all(plain > alone)


@pytest.mark.thorough
def test_p6_in_whole_runs_the_gain_rises_with_income_at_the_start():
    """Advice at full strength and supervision, against none: by thirds of the starting income, over 24 futures.

    No idle assets: what supervision finds of them goes by heads and not by income.
    """
    place, chosen = enyang(), options(2033, residents=0)
    base = only("central_grant")
    helped = supervised(changed(base, "town_company", intensity=1, stake_share=0), 1)
    worlds = [*range(24)]
    still = {"idle_rent": 0.0}
    one, other = (run_batch(place, item, worlds, worlds, chosen, still, checked=True) for item in (helped, base))
    gain = one.villages["income_profit"][:, -1] - other.villages["income_profit"][:, -1]
    third = np.argsort(np.argsort(other.villages["income_operating"][:, 0], axis=1), axis=1) * 3 // 209
    low, middle, high = (gain[third == number].mean() for number in range(3))
    assert low < middle < high and high > 2 * low


def test_a_company_acts_only_by_money_and_advice():
    """Without advice, stakes and contracts the villages' own business is as without a company."""
    place = small_district()
    lever = only("town_company", advice=0, entry=0, stake_share=0, startup=0)
    plain = run_batch(place, NONE, [0, 1], [0, 1], options(2030))
    other = run_batch(place, lever, [0, 1], [0, 1], options(2030))
    for name in ("income_operating", "income_profit", "capital", "effort"):
        assert np.array_equal(plain.villages[name], other.villages[name]), name


# Failure and the end ------------------------------------------------------------------------------------------


def test_failures_come_with_the_company_hazard():
    """M = 0.5 and hazard 1: of 40 × 18 companies 1 - exp(-1/4) fail in a quarter; 4 binomial errors."""
    engine = start_engine(
        enyang(), NONE, 40, {"company_hazard": 1.0, "eta_manager_hazard": 0.0},
        every_quarter=[ventures.wear_and_fail], opening=[], chosen=OFF,
    )  # fmt: skip
    venture = engine.now.state.venture
    venture.capital[:, 37:, 2] = 50.0
    engine.step()
    failed = venture.failures[:, 37:].mean()
    expected = -np.expm1(-0.25)
    assert abs(failed - expected) < 4 * np.sqrt(expected * (1 - expected) / (40 * 18))
    lost = venture.capital[:, 37:, 2][venture.failures[:, 37:] > 0]
    np.testing.assert_allclose(lost, 50 * (1 - 0.03 / 4) * 0.7, rtol=1e-12)


def test_a_company_without_assets_is_wound_up_and_not_founded_again():
    engine = company({"winding_up_line": 12.0}, cash=20.0)
    year(engine)
    engine.now.state.venture.capital[:, 3:] *= 0.01
    engine.now.state.venture.pending_this_year[:, 3:] *= 0.01
    cash = engine.now.state.village.cash.copy()
    year(engine)
    assert np.all(of_companies(engine, "active") == 0) and np.all(of_companies(engine, "wound_up") == 1)
    assert np.all(engine.now.state.village.company_stake == 0)
    assert np.all(of_companies(engine, "professional_in_post") == 0)
    assert engine.now.state.village.cash.sum() >= cash.sum(), "what was left went to the members"
    year(engine, 3)
    assert np.all(of_companies(engine, "active") == 0)
    assert engine.now.ledger.ever_paid(("company_startup",))[0] == pytest.approx(60.0)


def test_returns_lie_where_the_published_cases_do():
    """Payout over stakes: a median of 0 to 5 % and hardly a company above 18 %, in the default world (EQ-28)."""
    result = run_batch(enyang(), only("town_company"), [None] * 20, range(20), options(2030, residents=0))
    median = result.indicators["company_return_median"][:, -1].mean()
    top = result.indicators["company_return_p90"][:, -1].mean()
    assert 0 <= median <= 0.05 and median < top <= 0.18


@pytest.mark.thorough
def test_a_company_without_capital_managers_or_contracts_moves_nothing():
    moved = moved_by("town_company", startup=0, entry=0, stake_share=0, professionals=0, public_contract_share=0)
    assert moved == set()
