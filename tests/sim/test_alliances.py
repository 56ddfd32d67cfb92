"""Industry alliances: who joins, free-riding, brand, fines, cost, dissolution (EQ-31; D-F3)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALL,
    NONE,
    OWN_KEYS,
    all_outputs,
    batch_of,
    build_district,
    changed,
    enyang,
    moved_by,
    only,
    options,
    run_batch,
    same,
    small_district,
    start_engine,
    without,
    year,
)

from sim.modes import EXPOSED
from sim.processes import alliances, production

OFF = options(2100, residents=0)
FARMING = OWN_KEYS.index("industry_driven")
EVEN = {"lead_gain": 0.0, "rival_loss": 0.0, "alliance_premium": 0.1, "alliance_net": 0.02, "bulk_saving": 0.03}
"""No gain by a lead, no loss to rivals; a premium of 0.1 costs 0.08."""
FORM = [alliances.form, alliances.choose_quality]


def one_alliance(
    members: int, runs: int = 1, parameters=None, closing=(), every_quarter=(), producing=None, **settings
):
    """A town of so many villages of one industry, all producing (or those named), in one alliance."""
    place = build_district(np.zeros(members, dtype=np.int64), np.zeros(members, dtype=np.int64))
    lever = only("industry_alliance", size=12, **settings)
    engine = start_engine(
        place, lever, runs, {**EVEN, **(parameters or {})}, opening=FORM, every_quarter=list(every_quarter),
        closing=list(closing), chosen=OFF,
    )  # fmt: skip
    village = engine.now.state.village
    village.industry = np.zeros((runs, members))
    village.capital = np.zeros_like(village.capital)
    village.capital[:, : members if producing is None else producing, FARMING] = 50.0
    return engine


# Forming -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reach", ["town", "area", "district"])
@pytest.mark.parametrize(("form", "size", "most"), [("one_to_many", 8, 8), ("one_to_many", 3, 3), ("one_to_one", 8, 2)])
def test_alliances_join_villages_of_one_industry_within_reach(reach, form, size, most):
    place = enyang()
    engine = start_engine(
        place, only("industry_alliance", reach=reach, form=form, size=size), 2, opening=FORM, chosen=OFF
    )
    engine.step()
    village = engine.now.state.village
    where = {"town": place.town_of, "area": place.area_of_town[place.town_of], "district": 0 * place.town_of}[reach]
    for run in range(2):
        numbers = village.alliance[run]
        for number in set(numbers) - {0}:
            here = np.nonzero(numbers == number)[0]
            assert 2 <= len(here) <= most
            assert len(set(village.industry[run, here])) == 1 and len(set(where[here])) == 1
            leads = here[village.alliance_lead[run, here] > 0]
            assert list(leads) == [number - 1], "an alliance has its lead's number"
            assert village.income_operating[run, leads[0]] == village.income_operating[run, here].max()
        alone = [np.sum((where == where[i]) & (village.industry[run] == village.industry[run, i])) for i in range(209)]
        outside = np.nonzero(numbers == 0)[0]
        groups = {(where[i], village.industry[run, i]) for i in outside}
        assert len(groups) == len(outside), "in each group one village at most is left over"
        assert all(alone[i] == 1 or alone[i] % 2 == 1 for i in outside)
    assert np.array_equal(
        engine.now.state.alliance.alive.sum(axis=1), [len(set(row) - {0}) for row in village.alliance]
    )


def test_an_alliance_of_one_is_none():
    engine = one_alliance(1)
    engine.step()
    assert engine.now.state.village.alliance.sum() == 0 and engine.now.state.alliance.alive.sum() == 0


def test_only_villages_reached_by_the_lever_join():
    engine = one_alliance(8, villages=["1000", "1001", "1002"])
    engine.step()
    assert np.array_equal(engine.now.state.village.alliance[0] > 0, [1, 1, 1, 0, 0, 0, 0, 0])


# Quality and free-riding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("members", "complies"), [(2, 1), (3, 1), (8, 1), (9, 1), (10, 0), (12, 0)])
def test_f3_the_largest_alliance_that_holds_itself_is_nine(members, complies):
    """Complying pays iff fine·monitor + premium/n ≥ quality_cost·(1 - cost_share): 0.045 + 0.1/n ≥ 0.056, n ≤ 9.09."""
    engine = one_alliance(members, parameters={"choice_scale": 1e-7})
    engine.step()
    assert np.all(engine.now.state.village.complies == complies)
    assert np.all(engine.now.state.alliance.quality[0, engine.now.state.alliance.alive[0] > 0] == complies)


@pytest.mark.parametrize(("members", "stationary"), [(3, 0.989), (8, 0.574), (10, 0.450), (12, 0.370)])
def test_f3_stationary_compliance(members, stationary):
    """Λ(gap/scale); 400 runs after six years, 4 binomial errors, and the published digits."""
    closed = 1 / (1 + np.exp(-(0.1 / members - 0.056 + 0.045) / 0.005))
    assert closed == pytest.approx(stationary, abs=6e-4)
    engine = one_alliance(members, runs=400)
    year(engine, 6)
    found = engine.now.state.village.complies.mean()
    assert abs(found - closed) < 4 * np.sqrt(closed * (1 - closed) / (400 * members))


def test_f3_a_third_revises_each_year():
    """From nobody complying q_t = Λ(1 - (2/3)^t) in expectation, and after three years everybody has chosen anew."""
    engine = one_alliance(12, runs=400)
    engine.step()
    village, closed = engine.now.state.village, 0.370
    for _ in range(3):
        engine.step()
    village.complies = np.zeros((400, 12))
    for passed in (1, 2, 3):
        year(engine)
        expected = closed * passed / 3  # a rotating third: after t years t thirds have chosen
        found = village.complies.mean()
        assert abs(found - expected) < 4 * np.sqrt(closed * (1 - closed) / (400 * 12))


def test_without_a_premium_nobody_pays_for_quality_unless_fined():
    off = {"alliance_premium": 0.0, "alliance_net": -0.08, "choice_scale": 1e-7}
    for fine, complies in ((0.0, 0), (0.1, 0), (0.25, 1)):
        engine = one_alliance(6, parameters=off, fine=fine)  # 0.25 · 0.3 = 0.075 > 0.056
        engine.step()
        assert np.all(engine.now.state.village.complies == complies), fine


def test_a_member_chooses_when_it_begins_to_produce():
    engine = one_alliance(6, parameters={"choice_scale": 1e-7}, producing=3)
    engine.step()
    assert np.array_equal(engine.now.state.village.complies[0], [1, 1, 1, -1, -1, -1])
    assert engine.now.state.alliance.quality[0].max() == 1.0, "quality is that of the producers"
    for _ in range(3):
        engine.step()
    engine.now.state.village.capital[0, :, FARMING] = 50.0
    engine.step()
    assert np.all(engine.now.state.village.complies == 1)


def test_one_producer_makes_no_brand():
    engine = one_alliance(6, producing=1)
    engine.step()
    village = engine.now.state.village
    assert village.alliance.all() and not village.brand_premium.any() and not village.bulk_saving.any()


def test_premium_and_cost_are_drawn_together():
    """The cost is the premium less what is left of it, in no world below 0; so no world has a brand for nothing."""
    for premium, net, cost in ((0.14, 0.04, 0.10), (0.24, 0.11, 0.13), (0.04, -0.05, 0.09), (0.04, 0.11, 0.0)):
        engine = one_alliance(3, parameters={"alliance_premium": premium, "alliance_net": net})
        np.testing.assert_allclose(alliances.quality_cost(engine.now), cost, atol=1e-15)


# What it brings and costs --------------------------------------------------------------------------------------


def test_the_brand_is_shared_by_free_riders_and_fines_reach_those_who_comply():
    """Four members, one rides free: premium 0.1 · 3/4 for all; its fine of 0.045 of its revenue goes to the others."""
    engine = one_alliance(4, every_quarter=[_three_comply, production.earn, alliances.settle])
    engine.now.parameters.sigma_common[...] = 0.0
    village = engine.now.state.village
    village.advantage, village.idiosyncratic_price = np.ones((1, 4, 8)), np.ones((1, 4, 8))
    village.common_price = village.other_price = np.zeros((1, 4))
    year(engine)
    ledger, sold = engine.now.ledger, 0.3 * 50.0
    np.testing.assert_allclose(ledger.paid(("operations",))[0], sold * (1 + 0.1 * 0.75), rtol=1e-12)
    np.testing.assert_allclose(
        ledger.paid(("quality_cost",))[0], sold * 0.08 * 0.7 * np.array([1, 1, 1, 0]), rtol=1e-12
    )
    np.testing.assert_allclose(ledger.paid_by(("district",), ("quality_subsidy",)), 3 * sold * 0.08 * 0.3, rtol=1e-12)
    np.testing.assert_allclose(ledger.paid(("fines",))[0], sold * 0.045 * np.array([0, 0, 0, 1]), rtol=1e-12)
    np.testing.assert_allclose(ledger.paid(("fines_received",))[0], sold * 0.015 * np.array([1, 1, 1, 0]), rtol=1e-12)
    np.testing.assert_allclose(ledger.paid(("bulk_saving",))[0], 0.03 * (1 - 0.33) * sold, rtol=1e-12)
    np.testing.assert_allclose(ledger.balances["alliances"], 0.0, atol=1e-12)


def _three_comply(now) -> None:
    village = now.state.village
    village.complies = np.array([[1, 1, 1, 0.0]])
    now.state.alliance.quality = 0.75 * now.state.alliance.alive
    village.brand_premium = np.full((1, 4), 0.1 * 0.75)
    village.brand_cost = 0.08 * 0.7 * village.complies


def test_without_premium_and_saving_an_alliance_does_nothing_but_cost():
    """No premium, no saving, no fine: nobody complies, and every output but alliances and public cost stays."""
    nothing = {"alliance_premium": 0.0, "alliance_net": -0.08, "bulk_saving": 0.0, "choice_scale": 0.002}
    lever = changed(ALL, "industry_alliance", fine=0, cost_share=0)
    one = batch_of(enyang(), lever, [nothing], options(2030, residents=0))
    other = batch_of(enyang(), without(ALL, "industry_alliance"), [nothing], options(2030, residents=0))
    differ = {name for name, found in all_outputs(one).items() if not same(found, all_outputs(other)[name])}
    assert differ == {"public_cost", "public_cost_district", "cost_industry_alliance", "alliances_alive",
                      "alliances_dissolved", "alliance_members", "alliance_producers", "village alliance"}  # fmt: skip
    assert np.all(one.indicators["public_cost"][:, 1:] >= other.indicators["public_cost"][:, 1:])


def test_a_strong_lead_makes_more_of_the_brand_and_rivals_make_less():
    """exp(0.5·(M - 0.5)) of the lead's M; 30 % less where all members sell in one town, as pairs of members do."""
    place = build_district(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]))
    engine = start_engine(place, only("industry_alliance"), 2, opening=FORM, chosen=OFF)
    village, secretary = engine.now.state.village, engine.now.state.secretary
    village.industry = np.zeros((2, 4))
    village.income_operating = np.tile([4.0, 3.0, 2.0, 1.0], (2, 1))
    village.capital[:, :, FARMING] = 50.0
    secretary.manager_quality = np.array([[0.5, 0.5, 0.5, 0.5], [0.9, 0.5, 0.5, 0.5]])
    engine.step()
    gain = engine.now.state.alliance.peer_gain[:, 0]
    rivals = 4 / 12  # ordered pairs inside a town, of all ordered pairs
    np.testing.assert_allclose(gain, np.exp([0.0, 0.5 * 0.4]) * (1 - 0.3 * rivals), rtol=1e-12)
    alone = one_alliance(4, parameters={"rival_loss": 0.3})
    alone.step()
    np.testing.assert_allclose(alone.now.state.alliance.peer_gain[0].max(), 0.7, rtol=1e-12)


def test_the_gain_is_modest_at_the_declared_values():
    """Premium, saving and fines less cost, over the revenue that carries the brand: 2 to 10 % net, and the gross gain
    5 to 10 % (evidence: peers bring 8.1 %)."""
    engine = start_engine(enyang(), only("industry_alliance"), 20, chosen=OFF, worlds=[*range(20)])
    sold, gross, net = 0.0, 0.0, 0.0
    for _ in range(24):
        engine.step()
        village = engine.now.state.village
        brand = (village.alliance > 0) & (village.brand_premium > 0)
        revenue = village.branded_revenue * brand
        sold += revenue.sum()
        saved = village.bulk_saving * village.branded_cost * brand
        gross += (village.brand_premium * revenue + saved).sum()
        net += (village.brand_premium * revenue + saved - village.brand_cost * revenue).sum()
    assert 0.05 < gross / sold < 0.13 and 0.02 < net / sold < gross / sold


def test_project_choice_sees_the_brand_and_its_cost():
    engine = one_alliance(4, parameters={"choice_scale": 1e-7})
    before = production.profit_share(engine.now).copy()
    engine.step()
    gained = production.profit_share(engine.now) - before
    expected = EXPOSED * (0.1 - 0.056 + 0.03 * (1 - engine.now.parameters.margin))
    np.testing.assert_allclose(gained, np.broadcast_to(expected, gained.shape), atol=1e-12)


def test_cost_is_that_of_living_alliances():
    place = enyang()
    result = run_batch(
        place,
        only("industry_alliance", cost_share=0),
        [None],
        [0],
        options(2026, residents=0),
        {"alliance_net": 0.04, "alliance_premium": 0.04},
    )
    alive = result.indicators["alliances_alive"][0, 1:]
    np.testing.assert_allclose(result.indicators["cost_industry_alliance"][0, 1:], 5 * alive, rtol=1e-9)


# The end -----------------------------------------------------------------------------------------------------


def test_an_alliance_of_free_riders_dissolves_after_two_years_and_is_not_formed_again():
    engine = one_alliance(
        6,
        parameters={"alliance_premium": 0.0, "alliance_net": -0.08, "choice_scale": 1e-7},
        closing=[alliances.review],
        fine=0,
    )
    alive = []
    for _ in range(5):
        year(engine)
        alive.append(engine.now.state.alliance.alive.sum())
    assert alive == [1, 0, 0, 0, 0]
    village = engine.now.state.village
    assert np.all(village.was_allied == 1) and not village.alliance.any() and not village.brand_premium.any()
    assert engine.now.state.alliance.dissolved.sum() == 1
    assert not engine.now.state.alliance.peer_gain.any() and not engine.now.state.alliance.quality.any()


def test_without_the_lever_compliance_erodes_by_a_third_a_year():
    """After the lever's end nobody watches, and a free rider pays nothing: q falls, slowly, and with it the premium."""
    engine = one_alliance(9, parameters={"choice_scale": 1e-7}, closing=[alliances.review], end=2025)
    quality = []
    for _ in range(6):
        year(engine)
        quality.append(engine.now.state.alliance.quality.max())
    np.testing.assert_allclose(quality[:5], [1, 1, 2 / 3, 1 / 3, 0], atol=1e-12)
    assert engine.now.ledger.paid_by(("district",), ("industry_alliance", "quality_subsidy"))[0] == 0


def test_members_of_an_alliance_touch_nobody_outside():
    """Neighbours do not gain by default: a village outside is bit for bit as without the alliance."""
    place = small_district()
    lever = only("industry_alliance", villages=list(place.village_code[:4]), reach="town")
    one = run_batch(place, lever, [*range(6)], [*range(6)], options(2030))
    other = run_batch(place, NONE, [*range(6)], [*range(6)], options(2030))
    for name in ("income_operating", "income_profit", "capital", "participation"):
        assert same(one.villages[name][..., 4:].copy(), other.villages[name][..., 4:].copy()), name


@pytest.mark.thorough
def test_alliances_without_gain_or_cost_move_nothing_but_themselves():
    gains = ("alliance_premium", "bulk_saving", "lead_gain", "rival_loss", "alliance_net")
    moved = moved_by("industry_alliance", dict.fromkeys(gains, 0.0), cost_share=0, fine=0)
    own = {"village.was_allied", "village.complies", "village.alliance_lead", "village.alliance"}
    assert {name for name in moved if not name.startswith("alliance.")} == own
