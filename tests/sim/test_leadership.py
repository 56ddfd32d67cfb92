"""Incentives, dependency, elections and learning in their limits (known answers D-E1 to D-E5)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALL,
    EXISTING,
    NONE,
    all_outputs,
    batch_of,
    changed,
    enyang,
    mode_values,
    only,
    options,
    pair_district,
    same,
    small_district,
    start_engine,
    year,
)
from places import run_unchecked as run_batch

from sim.processes import finance, leadership

NO_MOTIVES = {"crowd_out": 0.0}


def test_e1_effort_without_incentives():
    """effort_at_rest is 0.44, the lead's 0.41; kappa 1 reaches it in one step, 0.5 halves the gap each year."""
    lead = only("joint_building", contribution_share=0)
    at_once = start_engine(
        small_district(), lead, 1, {**NO_MOTIVES, "kappa_effort": 1.0}, opening=[leadership.choose_effort]
    )
    at_once.step()
    leads = at_once.now.policy.joint_lead > 0
    assert leads.sum() == 2
    np.testing.assert_allclose(at_once.now.state.secretary.effort, np.where(leads, 0.41, 0.44), rtol=1e-12)
    slow = start_engine(small_district(), NONE, 1, NO_MOTIVES, opening=[leadership.choose_effort])
    for passed in range(1, 6):
        year(slow)
        np.testing.assert_allclose(slow.now.state.secretary.effort, 0.44 + (0.5 - 0.44) * 0.5**passed, rtol=1e-12)


def test_e1_bonus_and_dependency_in_effort():
    """EQ-14 written out: bonus on the marginal product, earned from a profit of 10万 on; dependency takes its part."""
    parameters = {"kappa_effort": 1.0, "effort_at_rest": 0.055, "effort_response": 0.05}
    engine = start_engine(
        small_district(), only("cadre_pay", bonus_share=0.2), 1, parameters, opening=[leadership.choose_effort]
    )
    village, secretary = engine.now.state.village, engine.now.state.secretary
    village.capital = np.full_like(village.capital, 50.0)
    village.advantage = np.ones_like(village.advantage)
    village.income_profit = np.array([[9.99, 10.0, 30.0, 9.0, 10.0, 0.0, 50.0, 10.0]])
    village.dependency = np.linspace(0, 0.9, 8)[None]
    ability = secretary.ability.copy()
    p = engine.now.parameters
    product = (p.manager_exponent * p.margin * p.revenue_yield * 50.0).sum(axis=2) * ability
    earns = village.income_profit >= 10
    wish = (0.055 + 0.05 * 0.2 * 0.5 * earns * product) * (1 - 0.3 * village.dependency)
    engine.step()
    np.testing.assert_allclose(secretary.effort, np.clip(wish, 0.05, 1), rtol=1e-9)
    quality = np.clip(ability * (0.5 + secretary.effort * 0.6 / 0.6), 0, 1.4)
    np.testing.assert_allclose(secretary.manager_quality, quality, rtol=1e-12)


def test_ability_is_the_sum_of_its_parts():
    """EQ-11 written out."""
    engine = start_engine(small_district(), NONE, 1, opening=[leadership.judge_ability])
    village, secretary = engine.now.state.village, engine.now.state.secretary
    secretary.age = np.array([[40.0, 50.0, 55.0, 60.0, 40.0, 50.0, 55.0, 60.0]])
    village.knowledge = np.linspace(0, 0.2, 8)[None]
    engine.step()
    own = secretary.skill + 0.08 * secretary.is_capable + 0.05 * secretary.is_college
    own = own + 0.1 * (village.organisation - 0.5) - 0.06 * np.maximum(secretary.age - 50, 0) / 5
    np.testing.assert_allclose(secretary.own_ability, np.clip(own, 0.02, 0.98), rtol=1e-12)
    np.testing.assert_allclose(secretary.ability, np.clip(own + village.knowledge, 0.02, 0.98), rtol=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_e2_dependency_under_a_constant_share_of_aid(share):
    engine = start_engine(small_district(), NONE, 1, closing=[finance.grow_dependent])
    village, ledger = engine.now.state.village, engine.now.ledger
    first = village.dependency.copy()
    for passed in range(1, 7):
        for quarter in range(4):
            engine.step() if quarter < 3 else None
        village.income_operating = np.full((1, 8), 7.0)
        aid = np.full((1, 8), 7.0 * share / (1 - share))
        ledger.pay("sponsors", "village", aid * 0.5, "assistance_cash")
        ledger.pay("central", "village.earmarked_cash", aid * 0.5, "central_grant")
        engine.step()
        np.testing.assert_allclose(village.dependency, share + (first - share) * 0.75**passed, rtol=1e-12)


def test_e2_speed_of_dependency_is_silent_without_its_effects():
    rows = [{"crowd_out": 0.0, "dep_hazard": 0.0, "kappa_dependency": kappa} for kappa in (0.0, 0.25, 0.6)]
    result = batch_of(small_district(), ALL, rows, options(2034))
    for name, values in all_outputs(result).items():
        silent = all(same(values[0].copy(), values[row].copy()) for row in (1, 2))
        assert silent != ("dependency" in name), name
    loud = batch_of(small_district(), ALL, [{"kappa_dependency": kappa} for kappa in (0.0, 0.6)], options(2034))
    assert not same(loud.indicators["effort_mean"][0].copy(), loud.indicators["effort_mean"][1].copy())


OTHER_EXITS_OFF = {"exit_at_term": 0.0, "quit_rate": 0.0}


@pytest.mark.parametrize(("cap", "all_leave"), [(0, True), (200, False)])
def test_e3_age_cap_replaces_everybody_or_nobody(cap, all_leave):
    caps = only("secretary_selection", age_cap_incumbent=cap)
    engine = start_engine(enyang(), caps, 2, OTHER_EXITS_OFF, chosen=options(2040, residents=0))
    year(engine, 2)
    before = engine.now.state.secretary.skill.copy()
    assert np.all(engine.now.state.secretary.tenure == 2), "nobody leaves between elections"
    engine.step()
    replaced = engine.now.state.secretary.tenure == 0
    assert np.all(replaced) if all_leave else not np.any(replaced)
    assert np.mean(engine.now.state.secretary.skill != before) == (1.0 if all_leave else 0.0)


def test_e3_ages_after_the_election_and_use_of_the_pool():
    """After each election nobody re-elected is above 55 and nobody new above 45; a candidate serves once."""
    engine = start_engine(enyang(), only("secretary_selection"), 6, chosen=options(2040, residents=0))
    secretary, candidate = engine.now.state.secretary, engine.now.state.candidate
    from_pool = 0
    for calendar_year in range(2024, 2038):
        used = candidate.used.copy()
        engine.step()
        new = secretary.tenure == 0 if calendar_year > 2024 else np.zeros_like(secretary.tenure, dtype=bool)
        assert np.all(secretary.age[new] <= 45 + 1e-9), calendar_year
        if calendar_year in (2026, 2031, 2036):
            assert np.all(secretary.age[~new] <= 55), calendar_year
        taken = candidate.used - used
        assert set(np.unique(candidate.used)) <= {0.0, 1.0} and np.all(taken >= 0)
        for run in range(6):
            skills = secretary.skill[run][new[run]] if calendar_year > 2024 else secretary.skill[run]
            assert np.isin(candidate.skill[run][taken[run] == 1], skills).all()
        from_pool += taken.sum()
        for _ in range(3):
            engine.step()
        assert calendar_year != 2024 or np.all(candidate.joined == 1)
    assert from_pool > 6 * 100


def test_e3_a_village_chooses_in_its_own_town():
    place = enyang()
    engine = start_engine(place, only("secretary_selection", age_cap_incumbent=0), 3, chosen=options(2040, residents=0))
    year(engine, 2)
    engine.step()
    candidate, secretary = engine.now.state.candidate, engine.now.state.secretary
    towns, found = engine.now.candidate_towns.of, 0
    for run in range(3):
        for number in np.nonzero(candidate.used[run])[0]:
            villages = np.nonzero(secretary.skill[run] == candidate.skill[run, number])[0]
            if len(villages):
                found += 1
                assert place.town_of[villages[0]] == towns[number]
    assert found > 300


def test_age_cap_holds_in_a_town_where_only_one_village_has_the_lever():
    """Candidates above the cap of the village's own lever are not appointed, whatever its neighbours do."""
    place = small_district(reserve_cadres=60, reserve_cadres_with_college=40)
    lever = only("secretary_selection", villages=["1000"], age_cap_new=35, college_weight=0)
    engine = start_engine(place, lever, 40, {"exit_at_term": 1.0}, chosen=options(2040, residents=0))
    for _ in range(13):
        engine.step()
        new = engine.now.state.secretary.tenure[:, 0] == 0
        if engine.now.year > 2024:
            assert np.all(engine.now.state.secretary.age[new, 0] <= 35 + 1e-9), engine.now.year
        for _ in range(3):
            engine.step()


def test_a_town_without_candidates_takes_none_from_its_neighbours():
    """Two candidates for three towns: the others choose among their own people."""
    place = small_district(lone=True, reserve_cadres=2, reserve_cadres_with_college=1)
    engine = start_engine(
        place, only("secretary_selection", age_cap_incumbent=0), 20, chosen=options(2030, residents=0)
    )
    year(engine, 2)
    engine.step()
    candidate, towns = engine.now.state.candidate, engine.now.candidate_towns.of
    for run in range(20):
        for number in np.nonzero(candidate.used[run])[0]:
            villages = np.nonzero(engine.now.state.secretary.skill[run] == candidate.skill[run, number])[0]
            assert np.all(place.town_of[villages] == towns[number])


def test_a_place_without_a_reserve_pool_runs():
    place = small_district(reserve_cadres=0, reserve_cadres_with_college=0)
    result = run_batch(place, EXISTING, [None], [0], options(2027))
    assert np.all(np.isfinite(result.indicators["ability_mean"]))


def test_e4_share_of_college_after_random_draws():
    """All replaced by draws blind to schooling: 281/366; of 6 · 209 draws four binomial standard errors are 0.048."""
    blind = only("secretary_selection", age_cap_incumbent=0, age_cap_new=80, college_weight=0)
    engine = start_engine(enyang(), blind, 6, OTHER_EXITS_OFF, chosen=options(2030, residents=0))
    year(engine, 2)
    engine.step()
    share = engine.now.state.secretary.is_college.mean()
    chance = 281 / 366
    assert abs(share - chance) < 4 * np.sqrt(chance * (1 - chance) / (6 * 209))
    assert np.all(engine.now.state.candidate.used.sum(axis=1) > 0.99 * 209), "the pool fills the vacancies"


def test_e4_selection_on_schooling_takes_every_graduate_first():
    """With weight 2 skill never outweighs schooling: in each town as many graduates as vacancies allow."""
    place = enyang()
    strict = only("secretary_selection", age_cap_incumbent=0, age_cap_new=80, college_weight=2)
    engine = start_engine(
        place, strict, 3, {**OTHER_EXITS_OFF, "selection_noise": 0.1}, chosen=options(2030, residents=0)
    )
    year(engine, 2)
    engine.step()
    candidate, secretary = engine.now.state.candidate, engine.now.state.secretary
    for town in range(18):
        here, ours = engine.now.candidate_towns.of == town, place.town_of == town
        graduates = candidate.is_college[:, here].sum(axis=1)
        chosen = (candidate.used * candidate.is_college)[:, here].sum(axis=1)
        np.testing.assert_array_equal(chosen, np.minimum(graduates, ours.sum()))
    assert secretary.is_college.mean() > 0.9


def test_e4_share_after_a_partial_turnover():
    """Those who stay keep their schooling; each replaced place is a draw at 281/366."""
    blind = only("secretary_selection", age_cap_new=80, college_weight=0, age_cap_incumbent=200)
    engine = start_engine(
        enyang(), blind, 10, {"exit_at_term": 0.3, "quit_rate": 0.0}, chosen=options(2030, residents=0)
    )
    year(engine, 2)
    before = engine.now.state.secretary.is_college.copy()
    engine.step()
    new = engine.now.state.secretary.tenure == 0
    expected = (before * ~new).sum() + 281 / 366 * new.sum()
    spread = np.sqrt(new.sum() * 281 / 366 * 85 / 366)
    assert abs(engine.now.state.secretary.is_college.sum() - expected) < 4 * spread
    assert abs(new.mean() - 0.3) < 4 * np.sqrt(0.21 / new.size)


def test_exits_between_elections_follow_the_rate_and_the_benefits():
    for strategy, rate in ((NONE, 0.05), (only("cadre_pay"), 0.05 * (1 - 0.6))):
        fixed = {"quit_rate": 0.05, "benefits_hold": 0.6}
        engine = start_engine(enyang(), strategy, 8, fixed, opening=[leadership.hold_elections])
        engine.step()
        skill = start_engine(enyang(), strategy, 8, fixed, opening=[]).now.state.secretary.skill
        gone = (engine.now.state.secretary.skill != skill).mean()
        assert abs(gone - rate) < 4 * np.sqrt(rate / (8 * 209))


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(0.2, [0.176, 0.15488]), (0.4, [0.352, 0.30976, 0.2725888, 0.2398781, 0.211093, 0.185762, 0.16347, 0.15, 0.15])],
)
def test_e5_learning_closes_the_gap(gap, expected):
    """A two-village cluster with a fixed lead; nothing fades; knowledge ends at 0.25."""
    lever = only("joint_building", contribution_share=0, towns=["镇0"])
    fixed, kept = {"kappa_joint": 0.12}, options(2100, structure={"learning": "permanent"})
    engine = start_engine(pair_district(), lever, 1, fixed, opening=[leadership.learn_from_partners], chosen=kept)
    secretary, village = engine.now.state.secretary, engine.now.state.village
    secretary.own_ability = np.array([[0.3, 0.3 + gap, 0.2, 0.6]])
    for rest in expected:
        year(engine)
        np.testing.assert_allclose(gap - village.knowledge[0, 0], rest, atol=2e-6)
    assert np.all(village.knowledge[0, 1:] == 0), "the lead and the other cluster learn nothing"


def test_learning_strength_scales_the_speed():
    lever = only("joint_building", contribution_share=0, learning=0.5)
    engine = start_engine(pair_district(), lever, 1, opening=[leadership.learn_from_partners])
    engine.now.state.secretary.own_ability = np.array([[0.3, 0.5, 0.2, 0.6]])
    engine.step()
    np.testing.assert_allclose(engine.now.state.village.knowledge, [[0.018, 0, 0.036, 0]], atol=1e-12)


@pytest.mark.parametrize(("form", "stays"), [("fading", 0.9 * 0.95**4), ("permanent", 0.9)])
def test_what_was_learnt_fades_when_learning_ends(form, stays):
    """Gap 0.3 and κ 0.2: learnt 0.06 in the first year; then `knowledge_kept` of it is left every year."""
    lever = only("joint_building", contribution_share=0, end=2024)
    chosen, fixed = options(2100, structure={"learning": form}), {"kappa_joint": 0.2, "knowledge_kept": 0.95}
    engine = start_engine(pair_district(), lever, 1, fixed, opening=[leadership.learn_from_partners], chosen=chosen)
    engine.now.state.secretary.own_ability = np.array([[0.3, 0.6, 0.2, 0.5]])
    year(engine, 5)
    np.testing.assert_allclose(engine.now.state.village.knowledge[0, [0, 2]], 0.06 * stays / 0.9, rtol=1e-12)


@pytest.mark.parametrize(("form", "lost"), [("fading", 0.4), ("permanent", 0.0)])
def test_a_part_of_what_was_learnt_leaves_with_the_secretary(form, lost):
    fixed = {"quit_rate": 0.05, "knowledge_of_secretary": 0.4}
    chosen = options(2100, structure={"learning": form})
    engine = start_engine(enyang(), NONE, 4, fixed, opening=[leadership.hold_elections], chosen=chosen)
    before = engine.now.state.secretary.skill.copy()
    engine.now.state.village.knowledge = np.full((4, 209), 0.2)
    engine.step()
    new = engine.now.state.secretary.skill != before
    assert 0 < new.mean() < 0.1
    np.testing.assert_allclose(engine.now.state.village.knowledge, 0.2 * (1 - lost * new), rtol=1e-12)


# Directions (known answers D-M), paired worlds and seeds ----------------------------------------------------


def _ends(strategy, low: dict, high: dict, horizon: int = 2032, **chosen):
    """Twenty futures each with the parameters at one end and at the other; residents off."""
    numbers = list(range(20))
    settings = options(horizon, residents=0, **chosen)
    return [run_batch(enyang(), strategy, numbers, numbers, settings, fixed).indicators for fixed in (low, high)]


@pytest.mark.thorough
def test_leakage_rate_raises_leakage_and_lowers_capital():
    low, high = _ends(EXISTING, {"leak_invest": 0.05}, {"leak_invest": 0.2})
    assert high["leaked"][:, 1:].sum() > low["leaked"][:, 1:].sum()
    assert high["capital_mean"][:, -1].mean() < low["capital_mean"][:, -1].mean()


@pytest.mark.thorough
def test_hazard_lowers_capital_and_raises_failures():
    keys = ("village_enterprise", "entity_operation", "asset_leasing", "service_income", "photovoltaic")
    low, high = _ends(EXISTING, mode_values("failure_hazard", 0.02, keys), mode_values("failure_hazard", 0.1, keys))
    assert high["capital_mean"][:, -1].mean() < low["capital_mean"][:, -1].mean()
    assert high["failures"][:, 1:].sum() > low["failures"][:, 1:].sum()


@pytest.mark.thorough
def test_collateral_raises_debt():
    low, high = _ends(EXISTING, {"collateral_multiplier": 0.1}, {"collateral_multiplier": 1.0})
    assert high["debt_mean"][:, -1].mean() > low["debt_mean"][:, -1].mean()


def test_ability_raises_income():
    low, high = _ends(EXISTING, {"capable_bonus": 0.0}, {"capable_bonus": 0.16}, start="target_consistent")
    assert high["income_operating_mean"][:, -1].mean() > low["income_operating_mean"][:, -1].mean()


@pytest.mark.thorough
def test_pull_of_the_cities_lowers_labour_at_home():
    low, high = _ends(EXISTING, {"leave_rate": 0.02}, {"leave_rate": 0.08})
    assert np.all(high["home_share"][:, -1] < low["home_share"][:, -1])
    assert high["income_operating_mean"][:, -1].mean() < low["income_operating_mean"][:, -1].mean()


@pytest.mark.thorough
def test_learning_raises_ability():
    low, high = _ends(changed(EXISTING, "joint_building", intensity=1), {"kappa_joint": 0.0}, {"kappa_joint": 0.3})
    assert np.all(high["ability_mean"][:, -1] > low["ability_mean"][:, -1])


@pytest.mark.thorough
def test_crowding_out_lowers_the_income_of_aided_villages():
    """Amounts of aid are frozen: every village has a sponsor every year, whatever it earns.

    Without a limit of local demand: where a town offers too many services, the price makes up for what is offered less.
    """
    aid = only("paired_assistance", income_line=100, sponsor_departments=200, exit_years=5)
    held = {"targeting_capture": 0.0, "service_demand": 1e9}
    low, high = _ends(aid, {"crowd_out": 0.0, **held}, {"crowd_out": 1.0, **held}, 2035)
    assert np.mean(low["paired_villages"][:, 1:] > 0.97 * 209) > 0.9
    np.testing.assert_allclose(high["public_cost"][:, 1:].sum(), low["public_cost"][:, 1:].sum(), rtol=0.01)
    assert high["effort_mean"][:, -1].mean() < low["effort_mean"][:, -1].mean()
    assert np.mean(high["income_profit_mean"][:, -1] < low["income_profit_mean"][:, -1]) > 0.9
