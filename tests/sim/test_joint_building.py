"""Joint building: leads, learning, pots, founding, payout and the pooled project in its limits (D-A4, D-F1, D-F2)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALL,
    EXISTING,
    NONE,
    OWN_KEYS,
    POOLS_PAY,
    changed,
    enyang,
    mode_values,
    moved_by,
    only,
    options,
    pair_district,
    run_batch,
    run_unchecked,
    same,
    set_cash,
    small_district,
    start_engine,
    state_of,
    without,
    year,
    yearly_states,
)

from sim.processes import finance, leadership, managers, production, projects, stakes, ventures

OFF = options(2100, residents=0)
POOL_PHASES = {
    "opening": [projects.open_year, managers.staff, ventures.open_year, stakes.contribute],
    "every_quarter": [ventures.mature, ventures.wear_and_fail, ventures.earn],
    "closing": [ventures.pay_out],
}
CALM = {
    "sigma_common": 0.0,
    "sigma_idio": 0.0,
    "enclave.failure_hazard": 0.0,
    "group_development.failure_hazard": 0.0,
    **mode_values("minimum_scale", 1e12),
}
"""No shock and no own project, so that every member is willing."""


@pytest.mark.parametrize("rule", ["advanced_lagging", "large_small", "strong_weak"])
def test_the_pairing_rule_names_the_lead(rule):
    place = enyang()
    engine = start_engine(place, only("joint_building", pairing_rule=rule), 2, opening=[], chosen=OFF)
    village, secretary = engine.now.state.village, engine.now.state.secretary
    strength = {
        "advanced_lagging": secretary.own_ability + village.knowledge,
        "large_small": village.registered_population,
        "strong_weak": village.income_operating,
    }[rule].copy()
    engine.step()
    lead = engine.now.policy.joint_lead > 0
    for cluster in range(place.clusters):
        here = np.nonzero(place.cluster_of == cluster)[0]
        for run in range(2):
            chosen = here[lead[run, here]]
            expected = [here[np.argmax(strength[run, here])]] if len(here) > 1 else []
            assert list(chosen) == expected


def test_pairing_rules_differ():
    leads = []
    for rule in ("advanced_lagging", "large_small", "strong_weak"):
        engine = start_engine(enyang(), only("joint_building", pairing_rule=rule), 2, opening=[], chosen=OFF)
        engine.step()
        leads.append(engine.now.policy.joint_lead.copy())
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.any(leads[one] != leads[other])


def test_a_cluster_of_one_village_does_nothing_and_costs_nothing():
    place = small_district(lone=True)
    base, of_town = without(ALL, "joint_building"), ("town_company", "industry_alliance", "demonstration_sites")
    for shared in (*of_town, "service_targeting", "graded_management"):  # through these others reach a lone village
        base = without(base, shared)
    joined = changed(base, "joint_building", intensity=1, contribution_share=1)
    apart = {**POOLS_PAY, "targeting_capture": 0.0}  # captured slots are a supply that villages share
    one = start_engine(place, joined, 2, apart, worlds=[None, 0])
    other = start_engine(place, base, 2, apart, worlds=[None, 0])
    lone_villages, lone_clusters = [7, 8], [3]  # village 7 shares candidates and the demand for services of its town
    for left, right in zip(yearly_states(one, 8), yearly_states(other, 8), strict=True):
        for name, values in left.items():
            kind = name.split(".")[0]
            if kind == "venture":
                assert same(values[:, lone_clusters].copy(), right[name][:, lone_clusters].copy()), name
            elif kind == "village" or (kind == "secretary" and name != "secretary.skill"):
                chosen = [8] if kind == "secretary" else [8]  # village 7 shares the pool of candidates of its town
                assert same(values[:, chosen].copy(), right[name][:, chosen].copy()), name
        assert np.all(left["village.knowledge"][:, lone_villages] == 0)
        assert np.all(left["village.stake"][:, lone_villages] == 0)
        assert np.all(one.now.policy.joint[:, lone_villages] == 0)
    alone = run_batch(place, joined, [None], [0], options(2026))
    assert np.all(alone.indicators["cost_joint_building"][0, 1:] == 2 * 2), "two clusters have partners"
    only_lone = run_unchecked(
        place, changed(base, "joint_building", intensity=1, towns=["镇2"]), [None], [0], options(2026)
    )
    assert np.all(only_lone.indicators["cost_joint_building"][0, 1:] == 0)


def test_the_lead_pays_time():
    engine = start_engine(small_district(), only("joint_building", contribution_share=0), 1,
                          {"kappa_effort": 1.0, "lead_time_cost": 0.1}, opening=[leadership.choose_effort])  # fmt: skip
    other = start_engine(small_district(), NONE, 1, {"kappa_effort": 1.0, "lead_time_cost": 0.1},
                         opening=[leadership.choose_effort])  # fmt: skip
    engine.step(), other.step()
    gap = other.now.state.secretary.effort - engine.now.state.secretary.effort
    np.testing.assert_allclose(gap, 0.1 * engine.now.policy.joint_lead, atol=1e-12)


def pool(parameters=None, cash: float = 40.0, runs: int = 1, district=None, **settings):
    """Members with so much cash each and no own project; the pool's phases alone."""
    lever = only("joint_building", **{"contribution_share": 1, **settings})
    fixed = {**CALM, **(parameters or {})}
    engine = start_engine(district or small_district(), lever, runs, fixed, chosen=OFF, **POOL_PHASES)
    set_cash(engine, cash)
    return engine


def test_a_pot_too_small_waits_two_years_and_goes_back():
    """Minimum scale out of reach: what was committed in the first year lies in the pot for two years, then returns."""
    engine = pool({"enclave.minimum_scale": 1e6}, cash=10.0)
    village = engine.now.state.village
    members = engine.now.clusters.size[engine.now.clusters.of] > 1
    year(engine)
    np.testing.assert_allclose(village.pot_commitment[0], 10.0 * members)
    np.testing.assert_allclose(village.cash[0], 10.0 * ~members)
    set_cash(engine, 3.0 * members)
    year(engine)
    np.testing.assert_allclose(village.pot_commitment[0], 13.0 * members)
    engine.step()
    assert np.all(village.pot_commitment == 0) and np.all(village.stake == 0)
    np.testing.assert_allclose(village.cash[0], 13.0 * members)
    assert np.all(engine.now.state.venture.active == 0) and np.all(engine.now.state.venture.capital == 0)


def test_a_pot_goes_back_in_the_end():
    """Whatever is meant by two years: a pot never founded is not kept longer than that."""
    engine = pool({"enclave.minimum_scale": 1e6}, cash=10.0)
    pots = []
    for _ in range(12):
        engine.step()
        pots.append(engine.now.state.village.pot_commitment.sum())
    assert pots[0] == pytest.approx(70.0) and min(pots) == 0.0
    assert engine.now.ledger.ever_paid(("pot_returned",))[0] > 0


def test_earmarked_money_in_a_pot_goes_back_as_earmarked_money():
    engine = pool({"enclave.minimum_scale": 1e6}, cash=0.0)
    set_cash(engine, 10.0, "village.earmarked_cash")
    members = engine.now.clusters.size[engine.now.clusters.of] > 1
    engine.step()
    np.testing.assert_allclose(engine.now.state.village.pot_earmarked[0], 10.0 * members)
    for _ in range(8):
        engine.step()
    ledger = engine.now.ledger
    returned = {key[1] for key, amount in ledger.flows.items() if key[0] == "village.pot_earmarked" and amount.any()}
    assert returned <= {"village.earmarked_cash"}
    assert ledger.ever_paid(("pot_returned",))[0] > 0 and ledger.ever_paid(("idle", "leak_invest", "stakes"))[0] == 0
    assert engine.now.state.village.cash.sum() == 0


def test_a_pot_is_not_founded_after_the_lever_has_ended():
    """Seventy in the pot for a group project of 150; the lever ends: no enclave of 50 is founded in its place."""
    scales = {"enclave.minimum_scale": 30.0, "group_development.minimum_scale": 150.0}
    engine = pool(
        {**scales, "group_development.revenue_yield": 0.3}, cash=10.0, end=2024, pool_mode="group_development"
    )
    year(engine)
    assert engine.now.state.village.pot_commitment.sum() == pytest.approx(70.0)
    year(engine, 3)
    assert np.all(engine.now.state.venture.active == 0)
    assert engine.now.state.village.pot_commitment.sum() == 0
    np.testing.assert_allclose(engine.now.state.village.cash.sum(), 80.0)


def test_an_earmarked_pot_goes_back_after_the_lever_has_ended():
    engine = pool({"enclave.minimum_scale": 1e6}, cash=0.0, end=2024)
    set_cash(engine, 10.0, "village.earmarked_cash")
    year(engine)
    assert engine.now.state.village.pot_earmarked.sum() == pytest.approx(70.0)
    year(engine, 3)
    assert engine.now.state.village.pot_earmarked.sum() == 0
    np.testing.assert_allclose(engine.now.state.village.earmarked_cash, 10.0)


def test_a_full_pot_founds_the_project():
    """160 and 120 of capital at once; nothing leaks from the villages' own money."""
    engine = pool(cash=40.0)
    engine.step()
    venture, village = engine.now.state.venture, engine.now.state.village
    np.testing.assert_array_equal(venture.active, [[1, 1, 0, 0, 0]])
    np.testing.assert_allclose(venture.pending_this_year.sum(axis=2), [[160, 120, 0, 0, 0]])
    np.testing.assert_allclose(village.stake[0], [40] * 7 + [0])
    assert np.all(village.cash[0, :7] == 0) and np.all(village.pot_commitment == 0)
    year(engine)
    np.testing.assert_allclose(venture.capital[:, 2:], 0)
    assert np.all(venture.capital[:, :2, 0] > 0), "a delay of four quarters"


def test_public_money_enters_a_pool_after_leak_and_idle():
    engine = pool(cash=0.0)
    set_cash(engine, 100.0, "village.earmarked_cash")
    engine.step()
    np.testing.assert_allclose(engine.now.state.village.stake[0, :7], 89.3, rtol=1e-12)
    np.testing.assert_allclose(
        engine.now.state.venture.pending_this_year[..., 0], [[357.2, 267.9, 0, 0, 0]], rtol=1e-12
    )


def _yearly_profit(engine, capital: float, members: int) -> float:
    """EQ-01 and EQ-28 of an enclave at price 1 over a year that begins with `capital`."""
    quality = engine.now.state.venture.manager_quality[0, 0]
    total, held = 0.0, capital
    for _ in range(4):
        held *= 1 - 0.02 / 4
        base = 0.10 * held * np.exp(0.1 * (quality - 0.5)) / 4
        total += base * (0.95 - 0.01 * (members - 1)) * (1 - 0.2 * 0.7)
    return total


def test_the_first_payout_is_a_third():
    """Founded in 2024, at work from 2025: then a third of the year's profit, from 2026 on the whole; the rest of the
    first year is built in, and at work after the delay of four quarters."""
    engine = pool(cash=40.0, towns=["镇0"])
    year(engine)
    assert np.all(engine.now.ledger.paid(("venture_dividend",)) == 0)
    set_cash(engine, 0.0)
    shares, capital = [], 160.0
    for _ in range(3):
        profit = _yearly_profit(engine, capital, 4)
        year(engine)
        paid = engine.now.ledger.paid(("venture_dividend",))[0, :4]
        shares.append(paid.sum() / profit)
        np.testing.assert_allclose(paid, paid[0], rtol=1e-12)
        capital = capital * (1 - 0.02 / 4) ** 4 + max(profit - paid.sum(), 0)
        set_cash(engine, 0.0)
    np.testing.assert_allclose(shares, [1 / 3, 1, 1], rtol=1e-9)


def test_dust_does_not_use_up_the_first_payout():
    """Many pools: in the first year in which a pool earns more than a yuan, it pays a third at most."""
    engine = start_engine(enyang(), ALL, 3, POOLS_PAY, worlds=[None, 1, 2], chosen=options(2100, residents=0))
    earned, met = np.zeros((3, 55), dtype=bool), 0
    for _ in range(7):
        year(engine)
        profit = engine.now.state.venture.profit_year
        paid = engine.now.state.venture.payout_year
        first = (profit > 1e-4) & ~earned
        share = paid[first] / profit[first]
        third = (engine.now.parameters.first_payout * engine.now.state.venture.payout_share)[first]
        np.testing.assert_allclose(share, third, rtol=1e-9)
        met += first.sum()
        earned |= first
    assert met > 30


@pytest.mark.parametrize(
    ("sharing", "weights"),
    [("by_stake", [1, 2, 3, 4]), ("equally", [1, 1, 1, 1]), ("by_need", [1, 2 / 11, 3 / 4, 4 / 1])],
)
def test_sharing_of_the_payout(sharing, weights):
    """By stake 10 to 40, equally, or by stake over one plus income (0, 10, 3, 0)."""
    engine = pool(towns=["镇0"], sharing=sharing)
    set_cash(engine, np.array([10, 20, 30, 40, 0, 0, 0, 0.0]))
    engine.now.state.village.income_operating = np.array([[0, 10, 3, 0, 5, 5, 5, 5.0]])
    year(engine)
    set_cash(engine, 0.0)
    year(engine)
    paid = engine.now.ledger.paid(("venture_dividend",))[0, :4]
    np.testing.assert_allclose(paid / paid.sum(), np.array(weights) / sum(weights), rtol=1e-12)


def test_a_member_joins_only_if_the_pool_beats_its_own_best_project():
    """EQ-27: pool_yield - autonomy · |own| > own - risk, with leasing at a yield of 0.05 and of 0.12."""
    for own_yield, joins in ((0.05, True), (0.12, False)):
        parameters = {"asset_leasing.minimum_scale": 1.0, "asset_leasing.revenue_yield": own_yield,
                      "asset_leasing.returns_to_scale": 1.0, "asset_leasing.margin": 0.98}  # fmt: skip
        engine = pool(parameters, cash=40.0)
        village = engine.now.state.village
        village.advantage = np.ones_like(village.advantage)
        engine.step()
        assert np.all(village.stake[0, :7] > 0) == joins and np.all(village.stake[0, :7] == 0) != joins


def test_f1_a_pool_of_one_earns_what_a_village_earns_alone():
    """K = 100, v 0.1, margin 0.9, no agency, coordination, hazard or wear: profit 9 either way; operating income
    10 alone and 9 by dividend, for own projects count by turnover and pools by dividend."""
    numbers = {
        "revenue_yield": 0.1,
        "margin": 0.9,
        "returns_to_scale": 1.0,
        "depreciation": 0.0,
        "manager_exponent": 0.1,
    }
    twins = {f"{key}.{field}": value for key in ("asset_leasing", "enclave") for field, value in numbers.items()}
    neutral = {"asset_leasing.endowment_exponent": 0.0, "asset_leasing.access_exponent": 0.0, "leak_revenue": 0.0,
               "fixed_cost": 0.0, "agency_base": 0.0, "manager_discount": 1.0, "first_payout": 1.0}  # fmt: skip
    phases = {
        "opening": [managers.staff, ventures.open_year, production.face_the_year],
        "every_quarter": [production.earn, ventures.earn],
        "closing": [ventures.pay_out, finance.measure_incomes],
    }
    engine = start_engine(pair_district(), NONE, 1, {**CALM, **twins, **neutral}, chosen=OFF, **phases)
    village, venture = engine.now.state.village, engine.now.state.venture
    village.capital = np.zeros_like(village.capital)
    village.capital[:, 2:, OWN_KEYS.index("asset_leasing")] = 100.0
    engine.now.state.secretary.manager_quality = np.full((1, 4), 0.5)
    village.stake = np.array([[100.0, 0, 0, 0]])
    venture.capital[0, 0, 0] = 100.0
    venture.active = venture.payout_share = np.array([[1.0, 0, 0, 0]])
    year(engine)
    np.testing.assert_allclose(village.income_profit, [[9, 0, 9, 9]], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(village.income_operating, [[9, 0, 10, 10]], rtol=1e-12, atol=1e-12)


def _payouts(**parameters: float) -> tuple[float, float]:
    engine = pool(parameters, cash=40.0)
    year(engine, 3)
    return engine.now.ledger.ever_paid(("venture_dividend",))[0], engine.now.state.venture.capital.sum()


def test_f2_agency_eats_the_dividend():
    """Agency 1 without monitoring: nothing is paid out and capital does not grow; dividends fall with agency and rise
    with monitoring."""
    nothing, capital = _payouts(agency_base=1.0, monitoring=0.0)
    assert nothing == 0 and capital < 280
    by_agency = [_payouts(agency_base=rate)[0] for rate in (0.0, 0.1, 0.2, 0.4)]
    assert by_agency == sorted(by_agency, reverse=True) and by_agency[0] > by_agency[-1]
    by_monitoring = [_payouts(monitoring=rate)[0] for rate in (0.1, 0.3, 0.5)]
    assert by_monitoring == sorted(by_monitoring) and by_monitoring[0] < by_monitoring[-1]
    by_coordination = [_payouts(coord_cost=rate)[0] for rate in (0.0, 0.01, 0.03)]
    assert by_coordination == sorted(by_coordination, reverse=True)


def test_losses_of_a_pool_fall_on_its_own_capital():
    """A pool at a margin below 0 sells its capital and never asks the members."""
    engine = pool({"enclave.margin": 0.5, "coord_cost": 0.0}, cash=40.0)
    year(engine)
    engine.now.parameters.venture_margin[...] = -0.5
    cash = engine.now.state.village.cash.copy()
    year(engine, 3)
    assert np.all(engine.now.state.village.cash == cash)
    assert engine.now.state.venture.capital[0, 0].sum() < 160 * (1 - 0.02 / 4) ** 12 - 5
    assert np.all(engine.now.state.venture.cash >= -1e-9)


def test_a_failure_of_a_pool_costs_its_share():
    engine = pool(cash=40.0)
    year(engine)
    engine.step()
    before = engine.now.state.venture.capital.copy()
    engine.now.parameters.venture_failure_hazard[...] = 1e9
    engine.step()
    np.testing.assert_allclose(engine.now.state.venture.capital, before * (1 - 0.02 / 4) * (1 - 0.4), rtol=1e-9)
    assert np.array_equal(engine.now.state.venture.failures > 0, before.sum(axis=2) > 0)


def test_group_development_is_another_project():
    """Yield 0.16 at a margin of 0.6, minimum scale 150: 160 found it, 120 do not."""
    engine = pool(cash=40.0, pool_mode="group_development")
    engine.step()
    np.testing.assert_array_equal(engine.now.state.venture.active, [[1, 0, 0, 0, 0]])
    np.testing.assert_array_equal(engine.now.state.venture.mix[0, 0], [0, 1, 0, 0, 0])


def test_joint_building_moves_nothing_of_a_pool_when_nobody_contributes():
    learning = changed(without(EXISTING, "town_company"), "joint_building", intensity=1, contribution_share=0)
    engine = start_engine(small_district(), learning, 2)
    year(engine, 6)
    found = state_of(engine)
    assert all(not found[name].any() for name in ("venture.capital", "venture.active", "village.stake"))
    assert found["village.knowledge"].any()


def test_partners_who_learn_and_pool_nothing_move_nothing():
    assert moved_by("joint_building", {"lead_time_cost": 0}, learning=0, contribution_share=0) == set()
