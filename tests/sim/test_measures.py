"""Pairing, grants, selection, platform and centres: details of each measure."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    EXISTING,
    NONE,
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
    without,
    year,
)

from sim.columns import NEVER_GRANTED
from sim.processes import production, projects, services

OFF = options(2100, residents=0)


def pairing(runs: int = 4, capture: float = 0.0, district=None, **settings):
    """An engine in which only sponsors act; incomes stay as the test sets them."""
    lever = only("paired_assistance", **settings)
    fixed = {"targeting_capture": capture}
    return start_engine(district or enyang(), lever, runs, fixed, every_quarter=[], opening=[], chosen=OFF)


def set_income(engine, income) -> None:
    village = engine.now.state.village
    village.income_operating = np.broadcast_to(income, village.income_operating.shape)


def test_84_slots_go_to_the_neediest():
    engine = pairing()
    income = engine.now.state.village.income_operating.copy()
    engine.step()
    paired = engine.now.state.village.paired > 0
    assert np.all(paired.sum(axis=1) == 84)
    for run in range(4):
        order = np.argsort(income[run], kind="stable")
        assert set(np.nonzero(paired[run])[0]) == set(order[:84])
        assert income[run][paired[run]].max() < 10


def test_a_village_without_need_has_no_sponsor():
    engine = pairing()
    set_income(engine, 10.0)
    engine.step()
    assert np.all(engine.now.state.village.paired == 0)
    assert engine.now.ledger.paid_by(("sponsors",), ("paired_assistance",)).sum() == 0


@pytest.mark.parametrize(("departments", "each", "slots"), [(42, 4, 168), (10, 3, 30), (0, 2, 0), (200, 10, 209)])
def test_slots_are_departments_times_villages(departments, each, slots):
    engine = pairing(sponsor_departments=departments, villages_per_sponsor=each)
    set_income(engine, np.linspace(0, 9, 209))
    engine.step()
    assert np.all(engine.now.state.village.paired.sum(axis=1) == slots)


def test_nearest_the_line_may_come_first():
    engine = pairing(order="nearest_line_first", sponsor_departments=10, villages_per_sponsor=1)
    set_income(engine, np.linspace(0, 20, 209))
    engine.step()
    below = np.nonzero(np.linspace(0, 20, 209) < 10)[0]
    assert np.array_equal(np.nonzero(engine.now.state.village.paired[0])[0], below[-10:])


def test_need_is_measured_by_the_income_named():
    for measure in ("total", "profit"):
        engine = pairing(measure=measure, sponsor_departments=200)
        village = engine.now.state.village
        set_income(engine, 5.0)
        setattr(village, f"income_{measure}", np.broadcast_to(np.linspace(5, 15, 209), (4, 209)))
        engine.step()
        assert np.array_equal(village.paired[0] > 0, np.linspace(5, 15, 209) < 10)


@pytest.mark.parametrize(("exit_years", "kept"), [(0, 0), (1, 0), (2, 1), (3, 2)])
def test_sponsors_leave_after_years_above_the_line(exit_years, kept):
    """Below in the first year, above from then on: paired until above the line `exit_years` years running.

    Of 14 a sponsor has bought 3, so that without him it is 11.
    """
    engine = pairing(1, district=small_district(), exit_years=exit_years, term_years=9)
    set_income(engine, 5.0)
    year(engine)
    assert np.all(engine.now.state.village.paired == 1)
    set_income(engine, 14.0)
    for passed in range(1, 5):
        year(engine)
        assert np.all(engine.now.state.village.paired == (passed <= kept)), passed
    set_income(engine, 5.0)
    year(engine)
    assert np.all(engine.now.state.village.paired == 1), "need opens the door again"


def test_a_fall_below_the_line_starts_the_count_again():
    engine = pairing(1, district=small_district(), term_years=9)
    for income, paired in ((5, 1), (14, 1), (9, 1), (14, 1), (14, 0), (14, 0)):
        set_income(engine, float(income))
        year(engine)
        assert np.all(engine.now.state.village.paired == paired), income


def test_a_sponsor_stays_while_the_need_does_and_leaves_at_the_end_of_a_term():
    """Neither a needier village nor the sponsor's own purchases end a sponsorship: of 12.9 he buys 3.

    Above the line in the last year of a term of two, a village loses its sponsor in the year after, one short of three.
    """
    one = {"sponsor_departments": 1, "villages_per_sponsor": 1, "term_years": 2, "exit_years": 3}
    for income, years in ((12.9, 6), (13.1, 2)):
        engine = pairing(1, district=small_district(), **one)
        others = np.full(8, 5.0)
        set_income(engine, np.where(np.arange(8) == 3, 4.0, others))
        year(engine)
        for passed in range(1, 6):
            set_income(engine, np.where(np.arange(8) == 3, income, others))
            year(engine)
            village = engine.now.state.village
            assert village.paired[0].sum() == 1 and (village.paired[0, 3] == 1) == (passed < years), passed
            assert village.sponsor_years[0].max() == passed % 2 + 1


def test_a_captured_slot_is_drawn_anew_when_a_term_ends_beyond_reach_and_not_before():
    """Beyond twice the line from the second year on: the stronger keep the sponsor for a term of three and lose it."""
    engine = pairing(1, capture=0.8, district=small_district(), sponsor_departments=1, villages_per_sponsor=5)
    strong, ever = np.arange(8) >= 3, []
    for income in (15.0, 40.0, 40.0, 40.0):
        set_income(engine, np.where(strong, income, 5.0))
        year(engine)
        village = engine.now.state.village
        ever.append(village.captured[0].copy())
        assert not village.captured[0, :3].any()
    assert ever[0].sum() >= 2 and np.array_equal(ever[1], ever[0]) and np.array_equal(ever[2], ever[0])
    assert ever[3].sum() == 0 and village.paired[0, :3].all()


def test_capture_serves_the_strongest_of_the_band():
    """Each of 84 slots is captured with chance 0.5 by villages from the line to twice the line, strongest first."""
    engine = pairing(16, capture=0.5)
    income = np.tile(np.linspace(0, 40, 209), (16, 1))
    set_income(engine, income)
    engine.step()
    paired, weak = engine.now.state.village.paired > 0, income < 10
    band = (income >= 10) & (income < 20)
    captured = np.array([paired[run][band[run]].sum() for run in range(16)])
    assert np.all(paired.sum(axis=1) == captured + np.minimum(84 - captured, weak.sum(axis=1)))
    assert not paired[~weak & ~band].any()
    for run in range(16):
        strongest = np.nonzero(band[run])[0][::-1][: captured[run]]
        assert set(np.nonzero(paired[run] & band[run])[0]) == set(strongest)
        neediest = np.nonzero(paired[run] & weak[run])[0]
        assert np.array_equal(neediest, np.arange(len(neediest)))
    expected = 84 * 0.5
    assert abs(captured.mean() - expected) < 4 * np.sqrt(84 * 0.25 / 16)


def test_capture_cannot_exceed_the_band():
    engine = pairing(4, capture=0.8)
    income = np.full(209, 50.0)
    income[:30], income[30:33] = 5.0, 15.0
    set_income(engine, income)
    engine.step()
    paired = engine.now.state.village.paired > 0
    assert np.all(paired[:, :33]) and not np.any(paired[:, 33:])


def test_money_of_a_year_of_pairing():
    """Direct 6 (half purchases, bought in quarters), coordinated 6, staff 3, from sponsors alone."""
    engine = pairing(1, district=small_district())
    set_income(engine, np.array([1, 1, 1, 1, 20, 20, 20, 20.0]))
    for quarter in range(1, 5):
        engine.step()
        ledger, served = engine.now.ledger, np.array([[1, 1, 1, 1, 0, 0, 0, 0.0]])
        np.testing.assert_allclose(ledger.paid(("assistance_purchases",)), served * 3 * quarter / 4)
    np.testing.assert_allclose(ledger.paid(("assistance_cash",)), served * 3)
    np.testing.assert_allclose(ledger.paid(("assistance_projects",)), served * 6)
    np.testing.assert_allclose(ledger.paid(("paired_assistance",)), served * 3)
    np.testing.assert_allclose(engine.now.state.village.earmarked_cash, served * 6)
    spent = ledger.paid_by(("sponsors",), tuple(purpose for _, _, purpose in ledger.flows))
    np.testing.assert_allclose(spent, 4 * 15.0)


def test_three_more_streams_have_their_own_payer_and_purpose():
    """Central 4, partner region 5, state firms 7: project money, counted once; what is central does not fade."""
    lever = only("paired_assistance", central=4, intra_province=5, state_firms=7, intensity=0.5)
    engine = start_engine(small_district(), lever, 1, {"targeting_capture": 0.0}, opening=[], every_quarter=[])
    set_income(engine, np.array([1, 1, 1, 1, 20, 20, 20, 20.0]))
    engine.step()
    ledger, served = engine.now.ledger, np.array([[1, 1, 1, 1, 0, 0, 0, 0.0]])
    streams = {"assistance_central": ("central", 2.0), "assistance_province": ("partner_regions", 2.5),
               "assistance_firms": ("state_firms", 3.5)}  # fmt: skip
    for purpose, (payer, amount) in streams.items():
        paid = ledger.paid((purpose,), payers=(payer,), payees=("village.earmarked_cash",))
        np.testing.assert_allclose(paid, served * amount, rtol=1e-12)
        np.testing.assert_allclose(paid, ledger.paid((purpose,)), rtol=1e-12)
    np.testing.assert_allclose(engine.now.state.village.earmarked_cash, served * (3 + 8), rtol=1e-12)
    np.testing.assert_allclose(engine.now.state.village.earmarked_aid, served * (3 + 6), rtol=1e-12)


def test_streams_stand_in_public_cost_by_payer_and_in_the_lever_s_cost():
    chosen, worlds = options(2026, residents=0), [0, 1]
    plain, more = (
        run_batch(enyang(), only("paired_assistance", **settings), worlds, worlds, chosen).indicators
        for settings in ({}, {"central": 4, "intra_province": 5, "state_firms": 7})
    )
    for payer, amount in (("central", 4), ("partner_regions", 5), ("state_firms", 7)):
        paid, served = more[f"public_cost_{payer}"][:, 1], more["paired_villages"][:, 1]
        np.testing.assert_allclose(paid, amount * served, rtol=1e-12)
        assert np.all(plain[f"public_cost_{payer}"][:, 1:] == 0)
    np.testing.assert_allclose(more["cost_paired_assistance"][:, 1:], more["public_cost"][:, 1:], rtol=1e-12)
    assert np.all(more["public_cost"][:, 1] > plain["public_cost"][:, 1])


def test_advisors_reach_sixty_at_most_the_neediest():
    engine = pairing(2, advisors=60)
    income = engine.now.state.village.income_operating.copy()
    engine.step()
    advised = engine.now.policy.advice > 0
    assert np.all(advised.sum(axis=1) == 60) and np.all(engine.now.policy.advice[advised] == 0.05)
    for run in range(2):
        assert set(np.nonzero(advised[run])[0]) == set(np.argsort(income[run], kind="stable")[:60])


def test_aided_capital_fades_only_without_a_sponsor():
    """Per quarter by 0.6/4 · (1.2 - M): at M = 0.5 a year leaves (1 - 0.105)^4; the loss is taken out of capital."""
    parameters = mode_values("depreciation", 0.0)
    engine = start_engine(small_district(), NONE, 1, parameters, every_quarter=[projects.depreciate])
    village, secretary = engine.now.state.village, engine.now.state.secretary
    village.capital = np.full_like(village.capital, 10.0)
    village.aided_capital = np.full((1, 8), 20.0)
    secretary.manager_quality = np.array([[0.5, 0.5, 1.3, 1.3, 0.0, 0.5, 0.2, 1.0]])
    village.paired = np.array([[0, 1, 0, 1, 0, 0, 0, 0]])
    left = [0.895**4, 1, 1, 1, 0.85**4, 0.895**4, 0.85**4, 0.97**4]
    for quarter in range(4):
        village.paired = np.array([[0, 1, 0, 1, 0, 0, 0, 0]])
        engine.now.quarter = quarter
        projects.depreciate(engine.now)
    np.testing.assert_allclose(village.aided_capital[0], 20 * np.array(left), rtol=1e-12)
    np.testing.assert_allclose(village.capital.sum(axis=2)[0], 80 - 20 * (1 - np.array(left)), rtol=1e-12)


def test_aid_under_construction_is_remembered():
    """A village that owned nothing builds with sponsors' money: once the project stands, all of it is aided capital."""
    place = small_district({"income_operating": np.zeros(8)})
    parameters = {**mode_values("minimum_scale", 10.0), **mode_values("failure_hazard", 0.0), "fixed_cost": 0.0}
    lever = only("paired_assistance", coordinated=50, direct=0, end=2024)
    engine = start_engine(place, lever, 2, parameters, opening=[projects.open_year, projects.invest],
                          every_quarter=[projects.mature, projects.depreciate])  # fmt: skip
    village = engine.now.state.village
    engine.step()
    brought = 50 * (1 - 0.05 * (1 - 0.05 * village.participation)) * 0.94
    built = (village.capital + village.pending_this_year).sum(axis=2)
    np.testing.assert_allclose(built, brought, rtol=0.02)
    np.testing.assert_allclose(village.aided_capital, brought, rtol=0.02)


def test_aid_to_a_poor_village_fades_like_aid_to_a_rich_one():
    """Six years after the sponsor left, the share of aided capital left hardly hangs on what was owned before.

    Where nothing was owned, aided capital is all there is and can't outlast it: 3 to 5 % a year of wear more.
    """
    kept = []
    for income in (0.0, 8.0):
        place = small_district({"income_operating": np.full(8, income), "secretary_skill": np.full(8, 0.5)})
        lever = only("paired_assistance", coordinated=50, direct=0, end=2024, advisors=0)
        engine = start_engine(place, lever, 1, {**mode_values("minimum_scale", 1.0), "choice_noise": 1e-6},
                              opening=[projects.open_year, projects.invest],
                              every_quarter=[projects.mature, projects.depreciate])  # fmt: skip
        set_cash(engine, 0.0)
        engine.step()
        year(engine, 6)
        kept.append(engine.now.state.village.aided_capital.mean() / (50 * 0.95 * 0.94))
    assert 0.95**6 * kept[1] < kept[0] < 1.05 * kept[1] and kept[0] > 0.01


def test_purchases_end_with_the_sponsor():
    """Purchases of 3 are revenue of the year at margin 0.3; nothing of them is left when the lever ends."""
    lever = only("paired_assistance", end=2025)
    result = run_batch(small_district(), lever, [None], [0], options(2028), {"targeting_capture": 0.0})
    assert np.all(result.indicators["cost_paired_assistance"][0, 3:] == 0)
    assert np.all(result.villages["public_money"][0, 3:] == 0)
    assert result.villages["public_money"][0, 1].max() == pytest.approx(12.0, rel=1e-6)


def test_a_central_grant_comes_once_to_a_village():
    lever = only("central_grant", rate=0.3, amount=100)
    engine = start_engine(enyang(), lever, 3, opening=[], every_quarter=[], chosen=OFF)
    received = np.zeros((3, 209))
    for passed in range(1, 6):
        year(engine)
        received += engine.now.ledger.paid(("central_grant",))
        share = (received > 0).mean()
        expected = 1 - 0.7**passed
        assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / received.size)
    assert set(np.unique(received)) == {0.0, 100.0}
    np.testing.assert_allclose(engine.now.state.village.earmarked_cash, received)
    assert np.array_equal(engine.now.state.village.years_since_grant < NEVER_GRANTED, received > 0)


@pytest.mark.parametrize("pause", [0, 1, 3])
def test_a_village_may_be_granted_again_after_a_pause(pause):
    """With every village drawn every year, grants come every pause + 1 years; a pause begun under one rule counts
    under the next."""
    lever = only("central_grant", rate=0.5, intensity=2, pause_years=pause)
    engine = start_engine(enyang(), lever, 1, opening=[], every_quarter=[], chosen=OFF)
    for passed in range(8):
        year(engine)
        paid = engine.now.ledger.paid(("central_grant",))
        assert np.all(paid == (100 if passed % (pause + 1) == 0 else 0)), passed
        assert np.all(engine.now.state.village.years_since_grant == passed % (pause + 1))
    dated = only("central_grant", rate=0.5, intensity=2, pause_years={2024: 99, 2026: 0})
    engine = start_engine(enyang(), dated, 1, opening=[], every_quarter=[], chosen=OFF)
    paid = []
    for _ in range(4):
        year(engine)
        paid.append(engine.now.ledger.paid(("central_grant",)).min())
    assert paid == [100, 0, 100, 100]


def test_grants_scale_with_intensity():
    for intensity, rate in ((0.5, 0.1), (2, 0.4)):
        lever = only("central_grant", rate=0.2, intensity=intensity)
        engine = start_engine(enyang(), lever, 8, opening=[], every_quarter=[], chosen=OFF)
        engine.step()
        share = (engine.now.state.village.years_since_grant == 0).mean()
        assert abs(share - rate) < 4 * np.sqrt(rate * (1 - rate) / (8 * 209))


def test_public_project_money_loses_a_tenth():
    """100 becomes 100 · 0.95 · 0.94 = 89.3 of capital."""
    lever = only("central_grant", rate=0.5, intensity=2, end=2024)
    parameters = mode_values("minimum_scale", 1.0)
    engine = start_engine(small_district(), lever, 1, parameters, opening=[projects.open_year, projects.invest])
    set_cash(engine, 0.0)
    engine.now.parameters.collateral_multiplier[...] = 0
    engine.step()
    np.testing.assert_allclose(engine.now.state.village.pending_this_year.sum(axis=2), 89.3, rtol=1e-12)
    assert engine.now.ledger.balances["leaked"][0, 0] == pytest.approx(8 * 5)
    assert engine.now.ledger.balances["idle"][0, 0] == pytest.approx(8 * 5.7)


def test_adoption_of_the_platform_follows_its_curve():
    """Logistic from 0.08 at the start to 95 % of the ceiling of 0.25 after three years."""
    engine = start_engine(small_district(), only("digital_platform", start=2026), 1, opening=[services.adopt_platform])
    adoption = []
    for _ in range(8):
        year(engine)
        adoption.append(engine.now.state.village.digital_adoption[0, 0])
    assert adoption[:2] == [0, 0]
    headroom = 0.25 / 0.08 - 1
    speed = np.log(19 * headroom) / 3
    expected = [0.25 / (1 + headroom * np.exp(-speed * passed)) for passed in range(1, 7)]
    np.testing.assert_allclose(adoption[2:], expected, rtol=1e-9)
    np.testing.assert_allclose(adoption[4], 0.95 * 0.25, rtol=1e-9)
    assert np.all(engine.now.state.village.transparency == pytest.approx(0.5))


def test_platform_costs_its_fixed_part_once():
    for villages in (None, ["1000", "1001"]):
        result = run_batch(small_district(), only("digital_platform", villages=villages), [None], [0], options(2025))
        served = 8 if villages is None else 2
        np.testing.assert_allclose(result.indicators["cost_digital_platform"][0, 1:], 200 + 0.3 * served)


def test_centres_are_renovated_in_order_and_once():
    for order in ("worst_first", "largest_first"):
        engine = start_engine(
            enyang(), only("service_upgrade", order=order), 2, opening=[], every_quarter=[], chosen=OFF
        )
        village = engine.now.state.village
        village.service_quality = np.tile(np.linspace(0.2, 0.8, 209), (2, 1))
        done = village.service_upgraded.copy()
        assert np.all(done.sum(axis=1) == 31)
        for passed in range(1, 11):
            year(engine)
            new = (village.service_upgraded - done) > 0
            assert np.all(new.sum(axis=1) == max(0, min(20, 178 - 20 * (passed - 1))))
            waiting = village.service_upgraded == 0
            urgency = -village.service_quality if order == "worst_first" else village.registered_population
            for run in range(2):
                if waiting[run].any():
                    assert urgency[run][new[run]].min() >= urgency[run][waiting[run]].max()
            assert engine.now.ledger.paid_by(("district",), ("service_upgrade",)) == pytest.approx(15 * new.sum(axis=1))
            done = village.service_upgraded.copy()


def test_services_written_out():
    """EQ-23 after one year: a renovated centre, the platform, spending per head at home."""
    engine = start_engine(small_district(), only("digital_platform"), 1, opening=[], closing=[services.improve])
    village = engine.now.state.village
    before, spent = village.service_quality.copy(), np.linspace(0, 7, 8)[None]
    for _ in range(3):
        engine.step()
    engine.now.ledger.pay("village", "suppliers", spent, "services")
    per_head = spent * 10_000 / (village.registered_population * village.home_share)
    target = 0.3 + 0.1 * np.log(1 + per_head / 50) + 0.2 * village.service_upgraded + 0.1
    engine.step()
    np.testing.assert_allclose(village.service_quality, before + 0.3 * (target - before), rtol=1e-12)


def test_cost_of_the_pool_falls_as_candidates_are_appointed():
    engine = start_engine(small_district(), only("secretary_selection"), 4, chosen=options(2040))
    for _ in range(8):
        engine.step()
        waiting = 14 - engine.now.state.candidate.used.sum(axis=1)
        cost = engine.now.ledger.paid_by(("district",), ("secretary_selection",))
        for _ in range(3):
            engine.step()
        assert np.all(cost >= 0.5 * waiting - 1e-9) and np.all(cost <= 0.5 * 14)


def test_inflow_fills_the_pool_by_so_many_a_year():
    engine = start_engine(small_district(), only("secretary_selection", inflow_per_year={2024: 0, 2026: 3}), 2,
                          chosen=options(2030))  # fmt: skip
    for expected in (14, 14, 17, 20, 23, 26, 29):
        year(engine)
        assert np.all(engine.now.state.candidate.joined.sum(axis=1) == expected)


def test_a_village_pays_its_bonus_out_of_new_profit():
    """Bonus floor 0 and share 0.2: the bonus of a year is a fifth of the rise of profit, at most 10."""
    rich = changed(without(EXISTING, "graded_management"), "cadre_pay", bonus_share=0.2, bonus_floor=0)
    engine = start_engine(small_district(), rich, 3)
    for _ in range(6):
        year(engine)
        village = engine.now.state.village
        bonus = engine.now.ledger.paid(("cadre_bonus",))
        assert np.all(bonus <= np.minimum(0.2 * np.maximum(village.profit_change, 0), 10) + 1e-9)
    assert bonus.max() > 0


def test_premium_of_photovoltaics_is_part_of_profit():
    """At a price factor of 0.4 a kilowatt-hour earns less than it costs: its profit share is 0.4 - 1 + 0.82."""
    engine = start_engine(small_district(), NONE, 1, {"pv_price_factor": 0.4}, opening=[])
    capital = np.full_like(engine.now.state.village.capital, 50.0)
    base, profit = production.yearly_base(engine.now, capital), production.expected_profit(engine.now, capital)
    ratio = (profit / base)[0, 0]
    margins = engine.now.parameters.margin[0, 0]
    expected = margins + np.where(margins == 0.82, -0.6, 0)
    np.testing.assert_allclose(ratio, expected, rtol=1e-9)


def test_a_renovation_that_improves_nothing_is_only_counted():
    assert moved_by("service_upgrade", {"service_by_upgrade": 0}) == {"village.service_upgraded"}


def test_a_sponsor_without_money_plan_or_advice_moves_nothing():
    moved = moved_by("paired_assistance", {"pair_advice": 0, "plan_steadies_choice": 0}, direct=0, coordinated=0)
    assert moved == {"village.paired", "village.years_above_line", "village.sponsor_years", "village.captured"}


def test_a_grant_of_nothing_is_only_remembered():
    assert moved_by("central_grant", amount=0) == {"village.years_since_grant"}
