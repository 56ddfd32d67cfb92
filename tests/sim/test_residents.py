"""Residents: participation, trust and people in their limits (known answers D-P1 to D-P5, D-V2)."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALIKE,
    ALL,
    NONE,
    enyang,
    only,
    options,
    run_batch,
    small_district,
    start_engine,
    year,
)

from sim.network import build_ties
from sim.processes import demography, participation, services
from sim.register import SampleRegister


def complete_graph(engine) -> None:
    """Every resident is tied to all of the village, himself included (at most 127, the ties are counted in a byte)."""
    now, number = engine.now, engine.options.residents_per_village
    first = np.arange(now.district.villages)[:, None] * number
    now.has_settlement = np.zeros_like(now.has_settlement)  # no tie besides
    now.ties = np.stack([np.broadcast_to(first + friend, (now.district.villages, number)) for friend in range(number)])


def crowd(height: float, influence: float, runs: int = 24, number: int = 120):
    """Homogeneous villages on complete graphs; a quarter is one revision of a third of the residents."""
    parameters = {**ALIKE, "attend_constant": height, "social_influence": influence}
    engine = start_engine(
        small_district(), NONE, runs, parameters, opening=[participation.form_inclination],
        every_quarter=[participation.reconsider], chosen=options(2150, residents=number))  # fmt: skip
    complete_graph(engine)
    return engine


def set_share(engine, share: float) -> None:
    """The same share of attending residents in every village and in every group of revision."""
    resident = engine.now.state.resident
    number = engine.options.residents_per_village
    pattern = np.zeros(number, dtype=np.int8)
    for group in range(3):
        members = np.arange(group, number, 3)
        pattern[members[: round(share * len(members))]] = 1
    resident.participates = np.tile(pattern, resident.participates.shape[1] // number)[None]


@pytest.mark.parametrize(
    ("height", "influence", "root"),
    [(-1, 2, 0.5), (-2, 3.5, 0.23636), (-2.5, 5, 0.144794), (-2.5, 5, 0.855206), (0, 0, 0.5), (-1, 0, 1 / (1 + np.e))],
)
def test_p1_a_rest_point_stays(height, influence, root):
    """From the nearest share to the root, a third revises: their mean is Λ(h + J share) within four binomial errors."""
    engine = crowd(height, influence)
    set_share(engine, root)
    share = engine.now.state.resident.participates.mean()
    engine.step()
    turn = engine.now.state.resident.participates.reshape(24, 8, -1)[:, :, ::3]
    expected = 1 / (1 + np.exp(-(height + influence * share)))
    assert abs(turn.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / turn.size)
    slope = influence * root * (1 - root)
    assert abs(expected - root) <= (slope + 0.01) * abs(share - root) + 1e-6


@pytest.mark.parametrize(
    ("height", "influence", "begin", "root"),
    [(-1, 2, 0.0, 0.5), (-1, 2, 1.0, 0.5), (0, 0, 1.0, 0.5), (-2.5, 5, 0.0, 0.144794), (-2.5, 5, 1.0, 0.855206)],
)
def test_p1_participation_settles_at_the_root(height, influence, begin, root):
    """After 30 quarters. A village of 120 strays by sd √(p(1-p)/120)/(1 - slope); the curvature biases the mean by
    about half the second derivative times that variance over (1 - slope), at most 0.012; four errors of 192 villages.
    """
    engine = crowd(height, influence)
    set_share(engine, begin)
    for _ in range(30):
        engine.step()
    slope = influence * root * (1 - root)
    stray = np.sqrt(root * (1 - root) / 120) / (1 - slope)
    found = engine.now.state.village.participation
    assert abs(found.mean() - root) < 4 * stray / np.sqrt(found.size) + 0.012
    assert found.std() < 2 * stray


@pytest.mark.parametrize(("second", "joined"), [(1, 100), (2, 1)])
def test_p2_a_cascade_of_thresholds(second, joined):
    """Thresholds 0, 1/100, … on a complete graph: all join; with the second at 2/100 only the first does."""
    engine = crowd(0.0, 1e6, runs=1, number=100)
    engine.now.parameters.reference_share[...] = -0.5 / 100
    thresholds = np.arange(100) / 100
    thresholds[1] = second / 100
    engine.now.state.resident.leaning = np.tile(-1e6 * thresholds, 8)[None]
    set_share(engine, 0.0)
    year(engine, 80)  # the third of a person comes every third quarter: at most 300 quarters
    assert np.all(engine.now.state.village.participation == joined / 100)


def test_p3_being_away_without_a_bridge_ends_participation():
    """At an obstacle of 40: the smallest draw of a float32 tape lies near -17."""
    engine = start_engine(small_district(), NONE, 2, {"b_away": 40.0}, every_quarter=[participation.reconsider],
                          opening=[participation.form_inclination])  # fmt: skip
    engine.now.state.resident.away = np.ones_like(engine.now.state.resident.away)
    year(engine)
    assert np.all(engine.now.state.village.participation == 0)


def test_p3_a_full_bridge_makes_the_away_like_those_at_home():
    """s_digital 1, everybody online: away with b_away 40 wishes exactly what an online resident at home wishes."""
    parameters = {"b_away": 40.0, "s_digital": 1.0, "phone_young": 1.0, "phone_old": 1.0,
                  "digital_ceiling": 1.0, "adoption_start": 1.0}  # fmt: skip
    wishes = []
    for away in (True, False):
        engine = start_engine(small_district(), only("digital_platform"), 1, parameters,
                              opening=[services.adopt_platform, participation.form_inclination])  # fmt: skip
        engine.now.state.resident.away = np.full_like(engine.now.state.resident.away, away)
        engine.step()
        assert np.all(engine.now.state.resident.online == 1)
        wishes.append(engine.now.state.resident.inclination.copy())
    assert np.array_equal(*wishes)
    platform = wishes[0] - engine.now.state.resident.leaning
    np.testing.assert_allclose(platform, 0.2, atol=1e-6)  # float32 of numbers about 1


def test_p4_trust_under_a_constant_signal():
    """s + (T0 - s)(1 - kappa/4)^t, with the signal written out."""
    engine = start_engine(small_district(), NONE, 1, every_quarter=[participation.update_trust])
    village = engine.now.state.village
    village.profit_change = np.full((1, 8), 10.0)
    first = village.trust.copy()
    signal = 0.25 + 0.35 * village.service_quality + 0.2 * 0.3 + 0.15 * np.tanh(1.0)
    for quarter in range(1, 13):
        engine.step()
        np.testing.assert_allclose(village.trust, signal + (first - signal) * (1 - 0.15 / 4) ** quarter, rtol=1e-12)


def test_p5_the_sample_does_not_bias_participation():
    """120 residents a village against 12, same world: means over 8 runs of 8 villages within four standard errors.

    Between villages of one run nothing differs but the sample, so the paired difference shows its spread itself."""
    place, numbers = small_district(), list(range(8))
    many = run_batch(place, NONE, [None] * 8, numbers, options(2027, residents=120)).villages["participation"][:, 2:]
    few = run_batch(place, NONE, [None] * 8, numbers, options(2027, residents=12)).villages["participation"][:, 2:]
    gaps = (many - few).mean(axis=(0, 1), dtype=np.float64)
    assert abs(gaps.mean()) < 4 * gaps.std(ddof=1) / np.sqrt(8) + 0.01


def test_participation_is_the_share_of_those_who_attend():
    engine = start_engine(small_district(), ALL, 3)
    for quarter in range(9):
        engine.step()
        if quarter % 4 == 3:
            continue  # after the last reconsidering of a year some die
        attending = engine.now.state.resident.participates.reshape(3, 8, 12).mean(axis=2)
        np.testing.assert_allclose(engine.now.state.village.participation, attending, rtol=1e-12)
    result = run_batch(small_district(), NONE, [0], [0], options(2024))
    engine = start_engine(small_district(), NONE, 1, worlds=[0], chosen=options(2024))
    year(engine)
    people = engine.now.state.village.registered_population
    weighted = (engine.now.state.village.participation * people).sum() / people.sum()
    np.testing.assert_allclose(result.indicators["participation"][0, -1], weighted, rtol=1e-12)


def test_a_third_reconsiders_and_the_others_keep_their_habit():
    """With wishes at plus or minus infinity exactly the third whose turn it is changes."""
    engine = crowd(1e3, 0.0, runs=1, number=12)
    set_share(engine, 0.0)
    for quarter in range(4):
        engine.step()
        attends = engine.now.state.resident.participates.reshape(8, 12)
        expected = np.isin(np.arange(12) % 3, np.arange(quarter + 1))
        assert np.array_equal(attends, np.tile(expected, (8, 1)))


def test_turns_go_round_from_year_to_year():
    """A year has four quarters and there are three groups: nobody's turn comes twice before the others'."""
    engine = crowd(1e3, 0.0, runs=1, number=12)
    for quarter in range(13):
        set_share(engine, 0.0)
        engine.step()
        attends = engine.now.state.resident.participates.reshape(8, 12)
        assert np.array_equal(attends, np.tile(np.arange(12) % 3 == quarter % 3, (8, 1))), quarter


def test_the_funnel_is_ordered_and_written_out():
    engine = start_engine(small_district(), ALL, 2)
    year(engine, 2)
    found = engine.funnel()
    assert np.all(found["vote"] > found["attend"]) and np.all(found["attend"] > found["speak"])
    assert np.all(found["speak"] > found["initiate"])
    assert np.all(found["online"] <= found["attend"]) and np.all(found["attend_home"] <= found["attend"])
    now, everyone = engine.now, engine.now.register.everyone
    village, home = now.state.village, ~now.state.resident.away.reshape(2, 8, 12)
    wish = participation.utility(now, everyone).astype(np.float64)
    pushed = 0.4 * np.log(1 + village.dividend_per_head / 20) + 0.6 * village.service_quality
    pushed = pushed + 0.9 * participation.outreach(now)
    pushed = pushed[:, :, None] + 0.2 * now.state.resident.online.reshape(2, 8, 12)
    pushed = pushed + participation.pull_of_ties(now, everyone)
    hard = wish - 0.7 * pushed
    for name, utility in (("vote", wish + 3.8), ("attend", wish), ("speak", hard - 1.4), ("initiate", hard - 3.0)):
        chance = 1 / (1 + np.exp(-utility))
        np.testing.assert_allclose(found[name], chance.mean(axis=2), rtol=1e-5)  # float32
        if name in ("vote", "attend"):
            np.testing.assert_allclose(found[f"{name}_home"], (chance * home).mean(axis=2), rtol=1e-5)


@pytest.mark.parametrize("push", ["b_dividend", "b_service", "b_outreach", "b_digital", "social_influence"])
def test_a_push_that_reaches_no_hard_act_leaves_speaking_and_initiating_alone(push):
    """voice_share 0, everybody's friends attend: whatever a push is worth, hard acts stay and easy ones rise."""
    found = []
    for worth in (0.0, 0.5):
        fixed = {"voice_share": 0.0, "reference_share": 0.0, push: worth}
        engine = start_engine(small_district(), ALL, 1, fixed, opening=[], every_quarter=[])
        resident, village = engine.now.state.resident, engine.now.state.village
        resident.participates = np.ones_like(resident.participates)
        resident.online = np.ones_like(resident.online)
        resident.inclination = resident.leaning + np.float32(engine.now.parameters.b_digital[0, 0])
        village.dividend_per_head = np.full((1, 8), 30.0)
        found.append(engine.funnel())
    for easy in ("vote", "attend"):
        assert np.all(found[1][easy] > found[0][easy])
    for hard in ("speak", "initiate"):
        np.testing.assert_allclose(found[1][hard], found[0][hard], rtol=1e-5)


def test_the_wish_to_attend_written_out():
    """EQ-19 for every resident of a small place, one by one."""
    engine = start_engine(small_district(), ALL, 2)
    year(engine, 2)
    now = engine.now
    village, resident, secretary, p = now.state.village, now.state.resident, now.state.secretary, now.parameters
    found = participation.utility(now, now.register.everyone).reshape(2, -1)
    ties = now.ties.reshape(6, -1)
    for run in range(2):
        for person in range(96):
            home = person // 12
            friends = [*ties[:, person]] + [now.settlement_tie.ravel()[person]] * bool(now.has_settlement[home])
            near = np.mean([resident.participates[run, friend] for friend in friends])
            wish = -1.8 + village.village_effect[run, home] + resident.leaning[run, person]
            wish += 0.9 * (2 * village.trust[run, home] - 1) + 0.6 * village.service_quality[run, home]
            wish += 0.4 * np.log(1 + village.dividend_per_head[run, home] / 20)
            wish += 0.2 * secretary.effort[run, home]
            visits = p.ordinary_outreach[run, 0] + 0.5 + 0.1  # ordinary, by grid, by duty
            reach = 1.2 if now.has_settlement[home] else 1.0
            wish += 0.9 * visits * 0.4 * village.organisation[run, home] * reach
            wish += 1.0 * village.recruited_members[run, home] / village.registered_population[run, home]
            wish += 2.0 * (near - 0.3)
            assert (
                abs(resident.inclination[run, person] + wish - resident.leaning[run, person] - found[run, person])
                < 1e-5
            )


def test_ties_lead_to_people_of_the_village_or_its_cluster():
    for place, number in ((small_district(lone=True), 12), (enyang(), 30)):
        ties = build_ties(place, SampleRegister(place.villages, number))
        assert ties.shape == (6, place.villages, number) and ties.min() >= 0
        assert ties.max() < place.villages * number
        target, own = ties // number, np.arange(place.villages)[None, :, None]
        assert np.all(place.cluster_of[target] == place.cluster_of[own])
        assert np.all(target != own, where=target != own)
        lone = np.isin(place.cluster_of, np.nonzero(np.bincount(place.cluster_of) == 1)[0])
        assert lone.any() and np.all(target[:, lone] == np.nonzero(lone)[0][None, :, None])
    across = (target != own).mean()
    assert abs(across - 0.05) < 4 * np.sqrt(0.05 * 0.95 / ties.size)
    assert np.array_equal(ties, build_ties(enyang(), SampleRegister(209, 30)))


# People -----------------------------------------------------------------------------------------------------


def test_v2_cohorts_lose_nobody():
    """Per registered head: home plus away is 1 in every year; those who die make room for as many young adults."""
    engine = start_engine(small_district(), ALL, 3, worlds=[None, 0, 1], chosen=options(2060, residents=0))
    total = engine.now.state.cohort.sum(axis=(2, 3))
    np.testing.assert_allclose(total, 1.0, rtol=1e-12)
    population = engine.now.state.village.registered_population.copy()
    for passed in range(1, 16):
        year(engine)
        np.testing.assert_allclose(engine.now.state.cohort.sum(axis=(2, 3)), 1.0, rtol=1e-12)
        assert engine.now.state.cohort.min() >= 0
        fallen = population * (1 - engine.now.parameters.population_decline) ** passed
        np.testing.assert_allclose(engine.now.state.village.registered_population, fallen, rtol=1e-12)
        np.testing.assert_allclose(engine.now.state.cohort[:, :, 0].sum(axis=2), engine.now.state.village.home_share)


def test_v2_a_slot_is_always_one_person():
    engine = start_engine(small_district(), ALL, 2, chosen=options(2060))
    resident = engine.now.state.resident
    newcomers = 0
    for _ in range(15):
        age = resident.age.copy()
        year(engine)
        died = resident.age == 18
        assert np.all(died | (resident.age == age + 1)), "a year passes for everybody"
        assert np.all(resident.age <= 100 + 1)
        newcomers += died.sum()
    assert newcomers > 0
    home = (~resident.away).reshape(2, 8, 12).mean(axis=2)
    np.testing.assert_allclose(engine.now.state.village.home_share, home)


def _moves(parameters: dict, away: bool):
    engine = start_engine(enyang(), NONE, 4, {**parameters, "mortality_at_70": 0.0}, closing=[demography.move])
    engine.now.state.resident.away = np.full_like(engine.now.state.resident.away, away)
    engine.now.state.resident.age = np.full_like(engine.now.state.resident.age, 40)
    opportunity = engine.now.state.village
    opportunity.capital = np.zeros_like(opportunity.capital)
    opportunity.opportunity_start = np.zeros_like(opportunity.opportunity_start)
    year(engine)
    return (engine.now.state.resident.away != away).mean(), engine.now.state.resident.away.size


def test_chances_of_leaving_and_returning_are_per_year():
    """At 40 half of leave_rate goes; of the away return_rate · 1.02 return; four binomial errors of 25,080."""
    for away, chance in ((False, 0.08 / 2), (True, 0.06 * 1.02)):
        found, number = _moves({"leave_rate": 0.08, "return_rate": 0.06}, away)
        assert abs(found - chance) < 4 * np.sqrt(chance / number)


def test_mortality_is_per_year():
    engine = start_engine(enyang(), NONE, 4, closing=[demography.move])
    resident = engine.now.state.resident
    resident.age = np.full_like(resident.age, 80)
    year(engine)
    chance = 0.025 * np.exp(0.09 * 10)
    assert abs((resident.age == 18).mean() - chance) < 4 * np.sqrt(chance / resident.age.size)


def test_nobody_loses_a_phone_and_the_young_who_grow_up_have_one():
    """Whoever lives on keeps it or stays without; of newcomers 95 % have one, within four binomial errors."""
    engine = start_engine(enyang(), NONE, 2, closing=[demography.move])
    resident, newcomers = engine.now.state.resident, []
    for _ in range(8):
        before = participation.has_smartphone(engine.now)
        year(engine)
        after, born = participation.has_smartphone(engine.now), resident.age == 18
        assert np.array_equal(before[~born], after[~born])
        newcomers.append(after[born])
    found = np.concatenate(newcomers)
    assert abs(found.mean() - 0.95) < 4 * np.sqrt(0.95 * 0.05 / found.size)


NOBODY_MOVES = {"leave_rate": 0.0, "return_rate": 0.0}


@pytest.mark.parametrize(("away", "share_away"), [(False, 0.6), (True, 1.0)])
def test_who_grows_up_at_home_mostly_leaves_at_once_and_the_away_have_children_away(away, share_away):
    """Everybody is 80 and dies with chance .061; of their children 60 % are away, of those of the away all."""
    engine = start_engine(enyang(), NONE, 4, NOBODY_MOVES, closing=[demography.move])
    resident = engine.now.state.resident
    resident.age, resident.away = np.full_like(resident.age, 80), np.full_like(resident.away, away)
    year(engine)
    children = resident.away[resident.age == 18]
    assert abs(children.mean() - share_away) <= 4 * np.sqrt(share_away * (1 - share_away) / children.size)
    assert np.all(resident.away[resident.age > 18] == away)


def test_cohorts_leave_at_18_like_residents():
    """In expectation: of the children of those at home 60 % are away, and all of the children of the away."""
    engine = start_engine(enyang(), NONE, 1, NOBODY_MOVES, closing=[demography.move], chosen=options(residents=0))
    home, away = engine.now.state.cohort[0, :, 0].copy(), engine.now.state.cohort[0, :, 1].copy()
    year(engine)
    chance = np.minimum(0.025 * np.exp(0.09 * (np.arange(18, 101) - 70)), 1)
    chance[-1] = 1
    died_home, died_away = home @ chance, away @ chance
    np.testing.assert_allclose(engine.now.state.cohort[0, :, 0, 0], 0.4 * died_home, rtol=1e-9)
    np.testing.assert_allclose(engine.now.state.cohort[0, :, 1, 0], died_away + 0.6 * died_home, rtol=1e-9)


def test_people_at_the_start_match_the_census():
    """Registered 1.79 times resident: 44 % away; counts per village round to a whole resident."""
    for residents in (0, 30):
        engine = start_engine(enyang(), NONE, 2, chosen=options(residents=residents))
        away = 1 - engine.now.state.village.home_share
        assert np.all(np.abs(away - (1 - 1 / 1.79)) <= (0.5 / 30 + 1e-9 if residents else 1e-9))
        population = engine.now.state.village.population_start
        rural = (345_728 - 129_274) / 209
        error = 4 * 0.4 * rural / np.sqrt(209)
        assert np.all(np.abs(population.mean(axis=1) - rural) < error)
