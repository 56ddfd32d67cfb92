"""The state before the first year: counts of the report, laws of what is drawn, capital that earns the income."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, enyang, options, small_district, start_engine

from sim.arithmetic import over_modes
from sim.modes import OWN_MODES
from sim.policies.base import Strategy
from sim.processes import production
from sim.world import DECLARED

RUNS = 40
OFF = options(2100, residents=0)


def started(district=None, runs: int = RUNS, worlds=None, parameters=None, **chosen):
    """The moment before the first year."""
    district, chosen = district or enyang(), options(2100, **{"residents": 0, **chosen})
    return start_engine(district, NONE, runs, parameters, chosen=chosen, worlds=worlds or list(range(runs))).now


@pytest.fixture(scope="module")
def now():
    """Forty drawn worlds of Enyang."""
    return started()


@pytest.fixture(scope="module")
def at_defaults():
    """Forty draws of villages with every parameter at its default: what is left is the law of the draws."""
    held = {name: float(item.default) for name, item in DECLARED.items()}
    return started(parameters=held)


def test_counts_are_those_of_the_report_in_every_world(now) -> None:
    facts, village, secretary, candidate = (
        now.district.facts,
        now.state.village,
        now.state.secretary,
        now.state.candidate,
    )
    assert np.all(secretary.is_capable.sum(axis=1) == facts["capable_secretaries"])
    renovated = round(facts["renovated_centres"] / facts["service_centres"] * now.district.villages)
    assert np.all(village.service_upgraded.sum(axis=1) == renovated)
    assert np.all(candidate.joined.sum(axis=1) == facts["reserve_cadres"])
    assert np.all((candidate.is_college * candidate.joined).sum(axis=1) == facts["reserve_cadres_with_college"])
    first = np.unique(now.district.town_of, return_index=True)[1]
    assert np.all(village.town_renewed[:, first].sum(axis=1) == facts["renewed_town_chiefs"])
    assert np.array_equal(village.town_renewed, village.town_renewed[:, first][:, now.district.town_of])


def test_mean_income_is_what_was_published_and_total_adds_the_subsidy(now) -> None:
    """What 9.56 counts is a named form; subsidy and other income are the parameters' shares of the total in both."""
    other = started(structure={"income": "operating_is_9.56"})
    for found, name in ((now, "income_total"), (other, "income_operating")):
        village, p = found.state.village, found.parameters
        np.testing.assert_allclose(getattr(village, name).mean(axis=1), 9.56, rtol=1e-9)
        total = village.income_total.mean(axis=1, keepdims=True)
        np.testing.assert_allclose(village.office_subsidy.mean(axis=1, keepdims=True), p.subsidy_share * total)
        np.testing.assert_allclose(village.other_income.mean(axis=1, keepdims=True), p.other_share * total)
        parts = village.income_operating + village.office_subsidy + village.other_income
        np.testing.assert_allclose(village.income_total, parts, rtol=1e-12)
        assert np.array_equal(village.income_reported, village.income_operating)
        assert np.all(village.office_subsidy.std(axis=1) > 0)


def test_incomes_are_lognormal_with_a_pareto_top(at_defaults) -> None:
    """Of villages with income the richest tenth follow the exponent: a Hill estimate over forty worlds.

    n 40 · 15 = 600 logs of mean 1/exponent: a standard error of 4 %, and the ends of the tenth blur a little.
    """
    village, p = at_defaults.state.village, at_defaults.parameters
    logs = []
    for row in village.income_operating:
        rich = np.sort(row[row > 0])[::-1][: int(0.1 * np.sum(row > 0)) + 1]
        logs.append(np.log(rich[:-1] / rich[-1]))
    assert np.concatenate(logs).mean() == pytest.approx(1 / float(p.income_tail[0, 0]), rel=0.15)


def test_the_other_start_has_its_own_mean_and_nobody_without_income() -> None:
    now = started(runs=6, start="target_consistent")
    village, p = now.state.village, now.parameters
    np.testing.assert_allclose(village.income_operating.mean(axis=1), p.target_income_mean[:, 0], rtol=1e-9)
    assert np.all(village.income_operating > 0)


def test_the_share_without_income_and_the_spread_of_the_others_are_the_parameters(at_defaults) -> None:
    """Over forty worlds of 209 villages: the published share at zero, and a lognormal above it."""
    village, p = at_defaults.state.village, at_defaults.parameters
    zero = village.income_operating == 0
    assert zero.mean() == pytest.approx(float(p.bazhong_zero_share[0, 0]), abs=0.02)
    quarter, half = (np.mean([np.log(np.quantile(row[row > 0], share)) for row in village.income_operating])
                     for share in (0.25, 0.5))  # fmt: skip
    assert (half - quarter) / 0.6745 == pytest.approx(float(p.bazhong_income_sigma[0, 0]), rel=0.05)


def test_income_goes_with_conditions_as_far_as_the_parameter_says(at_defaults) -> None:
    """Ranks of income against endowment, access and ability together; and with each of them."""
    village, secretary = at_defaults.state.village, at_defaults.state.secretary

    def standard(values):
        return (values - values.mean(axis=1, keepdims=True)) / values.std(axis=1, keepdims=True)

    parts = [standard(np.log(village.resource_endowment)), standard(np.log(village.market_access)),
             standard(np.array(secretary.ability))]  # fmt: skip
    order = standard(np.argsort(np.argsort(village.income_operating, axis=1), axis=1).astype(float))
    wanted = float(at_defaults.parameters.income_correlation[0, 0])
    assert (standard(sum(parts)) * order).mean() == pytest.approx(wanted, abs=0.05)
    for part in parts:
        assert (part * order).mean() > wanted / 4


def test_capital_earns_the_income_in_at_most_three_modes_none_below_its_scale(now) -> None:
    """EQ-01 turned round: put back in, revenue at price 1 is the income."""
    village, p = now.state.village, now.parameters
    revenue = production.yearly_base(now, village.capital) * production.premium(now)
    np.testing.assert_allclose(over_modes(revenue), village.income_operating, rtol=1e-9, atol=1e-9)
    used = village.capital > 1e-9
    assert used.sum(axis=2).max() == 3 and used.sum(axis=2)[village.income_operating > 0].min() == 1
    leasing = [mode.key for mode in OWN_MODES].index("asset_leasing")
    large = (village.capital >= p.minimum_scale * (1 - 1e-9)) | ~used
    large[:, :, leasing] = True
    assert large.all()


def test_profit_is_what_the_capital_brings_less_leakage_and_fixed_cost(now) -> None:
    village, p = now.state.village, now.parameters
    profit = over_modes(production.expected_profit(now, village.capital))
    leak = np.where(profit > 0, profit, 0) * production.leakage(now, p.leak_revenue)
    paid = p.fixed_cost + p.interest_rate * village.debt
    np.testing.assert_allclose(village.income_profit, profit - leak - paid, rtol=1e-9, atol=1e-9)
    assert np.all((leak > 0) == (profit > 0))


def test_poor_villages_depend_more_and_cash_is_a_share_of_income(now) -> None:
    village, p = now.state.village, now.parameters
    poor = village.income_operating < 10
    expected = np.where(poor, p.initial_dependency_poor, p.initial_dependency_other)
    assert np.array_equal(village.dependency, expected) and 0.3 < poor.mean() < 1
    np.testing.assert_allclose(village.cash, p.initial_cash * village.income_operating, rtol=1e-12)
    assert np.all(village.years_since_grant == 100)


def test_a_rested_start_owes_what_banks_would_lend_and_the_other_owes_nothing() -> None:
    """Who borrowed has no headroom left; some have not borrowed, because it did not pay."""
    for form in ("rested", "drawn"):
        now = started(runs=20, structure={"start": form})
        village, p = now.state.village, now.parameters
        limit = p.collateral_multiplier * over_modes(p.collateral_share * village.capital)
        owes = village.debt > 0
        np.testing.assert_allclose(village.debt[owes], limit[owes], rtol=1e-9)
        assert (0.05 < owes[village.income_operating > 0].mean() < 0.95) if form == "rested" else not owes.any()


def test_people_are_as_many_as_counted_and_so_many_to_a_resident(at_defaults) -> None:
    district, village, p = at_defaults.district, at_defaults.state.village, at_defaults.parameters
    rural = (district.facts["resident_population"] - district.facts["urban_population"]) / district.villages
    assert village.population_start.mean() == pytest.approx(rural, rel=0.02)
    np.testing.assert_allclose(village.registered_population, p.registered_per_resident * village.population_start)
    variation = village.population_start.std() / village.population_start.mean()
    assert variation == pytest.approx(float(p.population_cv[0, 0]), rel=0.06)


def test_places_follow_their_laws(at_defaults) -> None:
    village, p, district = at_defaults.state.village, at_defaults.parameters, at_defaults.district
    assert np.log(village.resource_endowment).std() == pytest.approx(float(p.endowment_sigma[0, 0]), rel=0.03)
    assert np.median(village.resource_endowment) == pytest.approx(1, abs=0.03)
    assert village.village_effect.std() == pytest.approx(float(p.sigma_village[0, 0]), rel=0.03)
    assert village.trust.mean() == pytest.approx(0.5, abs=0.005) and village.trust.std() == pytest.approx(
        0.08, rel=0.03
    )
    shape = float(p.organisation_shape[0, 0])
    assert village.organisation.mean() == pytest.approx(0.5, abs=0.01)
    assert village.organisation.std() == pytest.approx(np.sqrt(1 / (4 * (2 * shape + 1))), rel=0.03)
    quality = np.where(village.service_upgraded > 0, p.initial_service_upgraded, p.initial_service)
    assert np.array_equal(village.service_quality, quality)
    shares = np.bincount(np.asarray(village.industry, dtype=int).ravel(), minlength=4) / village.industry.size
    np.testing.assert_allclose(shares, 0.25, atol=0.02)
    off = village.position_x_km - district.town_position_km[district.town_of, 0]
    assert off.mean() == pytest.approx(0, abs=0.1) and off.std() == pytest.approx(2.0, rel=0.03)


def test_market_access_is_partly_that_of_the_town_and_raised_by_parks(at_defaults) -> None:
    """Variance of the log within and between towns, parks taken off; a park adds its own part."""
    village, district = at_defaults.state.village, at_defaults.district
    parks = district.parks_in_town[district.town_of]
    inside = (village.market_access > 0.25) & (village.market_access < 2.5)
    assert inside.mean() > 0.9 and village.market_access.min() >= 0.25 and village.market_access.max() <= 2.5
    held = {name: float(item.default) for name, item in DECLARED.items()} | {"park_access": 0.0, "access_sigma": 0.2}
    held["access_town_share"] = 0.7
    plain = np.log(started(parameters=held).state.village.market_access)
    share = held["access_town_share"]
    assert plain.var() == pytest.approx(0.04, rel=0.12)
    pairs = [(first, second) for first in range(0, 200, 3) for second in (first + 1,)
             if district.town_of[first] == district.town_of[second]]  # fmt: skip
    same = np.mean([plain[:, first] * plain[:, second] for first, second in pairs])
    assert same == pytest.approx(share * 0.04, rel=0.25)
    raised = np.log(started(parameters=held | {"park_access": 0.1}).state.village.market_access)
    np.testing.assert_allclose(raised - plain, np.tile(0.1 * parks, (RUNS, 1)), atol=1e-9)


def test_secretaries_and_candidates_follow_their_laws(at_defaults) -> None:
    secretary, candidate, p = at_defaults.state.secretary, at_defaults.state.candidate, at_defaults.parameters
    assert secretary.age.mean() == pytest.approx(float(p.secretary_age_mean[0, 0]), abs=0.5)
    assert secretary.is_college.mean() == pytest.approx(float(p.secretary_college[0, 0]), abs=0.02)
    assert np.all(secretary.effort == p.initial_effort)
    assert secretary.skill.mean() == pytest.approx(0.5, abs=0.01)
    assert candidate.age.mean() == pytest.approx(at_defaults.district.facts["reserve_mean_age"], abs=0.3)
    assert candidate.age.min() >= 22 and candidate.age.max() <= 45
    assert candidate.skill.mean() == pytest.approx(0.5, abs=0.01)


def test_residents_away_are_as_many_as_counted_and_the_younger_ones() -> None:
    now = started(runs=8, residents=30, parameters={"registered_per_resident": 1.65})
    village, resident = now.state.village, now.state.resident
    away = np.asarray(resident.away).reshape(8, now.district.villages, 30)
    share = 1 - village.population_start / village.registered_population
    assert np.array_equal(away.sum(axis=2), np.rint(share * 30))
    ages = np.asarray(resident.age).reshape(away.shape)
    assert ages[away].mean() < ages[~away].mean() - 5
    assert ages.min() >= 18 and ages.max() <= 88
    np.testing.assert_allclose(village.home_share, 1 - away.mean(axis=2), atol=1e-6)
    attends = np.asarray(resident.participates).reshape(away.shape)
    np.testing.assert_allclose(village.participation, attends.mean(axis=2), atol=1e-6)


def test_cohorts_hold_everybody_once_and_as_many_away_as_counted(now) -> None:
    village = now.state.village
    np.testing.assert_allclose(now.state.cohort.sum(axis=(2, 3)), 1, rtol=1e-9)
    assert now.state.cohort.min() >= 0
    share = 1 - village.population_start / village.registered_population
    np.testing.assert_allclose(now.state.cohort[:, :, 1].sum(axis=2), share, atol=0.02)
    ages = 18 + np.arange(now.state.cohort.shape[3])
    home, away = (
        (now.state.cohort[:, :, place] * ages).sum() / now.state.cohort[:, :, place].sum() for place in (0, 1)
    )
    assert away < home - 5
    assert np.all(village.participation == now.parameters.reference_share)
    np.testing.assert_allclose(village.labour_start, village.labour_share * village.registered_population)


def test_a_user_s_own_columns_stand_as_given() -> None:
    draw = np.random.default_rng(4)
    own = {name: draw.uniform(0.3, 0.9, 8) for name in (
        "resource_endowment", "market_access", "organisation", "service_quality", "secretary_skill")}  # fmt: skip
    own |= {"income_operating": draw.uniform(1, 40, 8), "population": draw.uniform(900, 1500, 8),
            "registered_population": draw.uniform(1600, 2500, 8), "service_upgraded": np.array([0, 1] * 4),
            "secretary_is_capable": np.array([1, 0] * 4)}  # fmt: skip
    now = start_engine(small_district(own), Strategy("none"), 2, chosen=OFF, worlds=[0, 1]).now
    state = {"population": "population_start"}
    for name, values in own.items():
        table = now.state.secretary if name.startswith("secretary_") else now.state.village
        found = getattr(table, state.get(name, name).removeprefix("secretary_"))
        np.testing.assert_allclose(found, np.tile(values, (2, 1)), err_msg=name)
