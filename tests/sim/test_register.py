"""The two ways of holding residents, samples of equal size and every registered resident, read the same."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from places import (
    ALL,
    EXISTING,
    NONE,
    all_outputs,
    engine_in,
    enyang,
    options,
    run_batch,
    same,
    small_district,
    start_engine,
    year,
)

from sim import DistrictModel
from sim.network import BLOCK, anchors, build_settlement_tie, build_ties
from sim.processes import participation
from sim.register import FullRegister, Register, SampleRegister

UNEQUAL = np.array([5, 1, 12, 3, 40, 7, 2, 9])
PEOPLE = {"registered_population": np.array([90.0, 130, 1, 400, 60, 250, 15, 220]),
          "population": np.array([60.0, 80, 1, 100, 60, 120, 9, 200])}  # fmt: skip
EVERYBODY = options(2027, residents="all")


def _by_hand(register: Register, values: np.ndarray) -> list[list[np.ndarray]]:
    """Values `(R, N)` as one array for each run and village."""
    return [np.split(row, register.first[1:]) for row in values]


@pytest.mark.parametrize(
    ("register", "runs"),
    [(SampleRegister(8, 12), 3), (SampleRegister(1, 7), 1), (FullRegister(UNEQUAL), 1), (FullRegister(UNEQUAL[:1]), 1)],
    ids=["samples", "one village", "full", "full, one village"],
)
def test_spread_mean_share_rank_and_turn_by_hand(register, runs):
    source = np.random.default_rng(1)
    values = source.random((runs, register.size), dtype=np.float32)
    arranged = register.arrange(values)
    people = _by_hand(register, values)
    villages = range(len(register.number))
    assert np.shares_memory(arranged, values)
    np.testing.assert_allclose(
        register.mean(arranged), [[people[r][v].mean() for v in villages] for r in range(runs)], rtol=1e-6
    )
    share = [[np.mean(people[r][v] > 0.3) for v in villages] for r in range(runs)]
    np.testing.assert_allclose(register.share(arranged > 0.3), share, rtol=1e-15)
    ranks = _by_hand(register, register.rank(arranged).reshape(runs, -1))
    for run in range(runs):
        for village in villages:
            assert np.array_equal(ranks[run][village], np.argsort(np.argsort(people[run][village])))
    by_village = source.random((runs, len(register.number)))
    spread = np.broadcast_to(register.spread(by_village), arranged.shape).reshape(runs, -1)
    assert np.array_equal(spread, np.repeat(by_village, register.number, axis=1))
    by_run = source.random((runs, 1))
    assert np.all(np.broadcast_to(register.spread(by_run), arranged.shape).reshape(runs, -1) == by_run)
    seen = np.zeros(values.shape, dtype=int)
    for group in range(3):
        turn = register.turn(group, 3)
        register.arrange(seen)[turn] += 1
        chosen = arranged[turn]
        assert chosen[0].size <= register.places_of_turn(3)
        expected = np.concatenate([people[0][v][group::3] for v in villages])
        assert np.array_equal(chosen[0].ravel(), expected)
        here = np.broadcast_to(register.spread(by_village, turn), chosen.shape)[0].ravel()
        assert np.array_equal(here, np.repeat(by_village[0], [len(people[0][v][group::3]) for v in villages]))
    assert np.all(seen == 1), "every resident has a turn, and one"


def test_both_ways_agree_where_all_villages_are_equal():
    """The same rules on the same people: only the layout differs."""
    sample, full = SampleRegister(8, 12), FullRegister(np.full(8, 12))
    flags = np.random.default_rng(2).random((1, 96)) < 0.4
    assert np.array_equal(sample.share(sample.arrange(flags)), full.share(full.arrange(flags)))
    assert np.array_equal(sample.rank(sample.arrange(flags * 1.0)).ravel(), full.rank(flags * 1.0).ravel())
    assert np.array_equal(anchors(sample), anchors(full))
    assert np.array_equal(sample.village_of, full.village_of) and np.array_equal(sample.place, full.place)


def test_everybody_registered_is_there_once():
    """In each world as many as it has: drawn where nobody published it, else as the table says."""
    engines = [start_engine(small_district(), NONE, worlds=[world], chosen=EVERYBODY) for world in (None, 1, 2)]
    for engine in engines:
        now = engine.now
        registered = now.state.village.registered_population[0]
        assert np.array_equal(now.register.number, np.rint(registered))
        assert now.state.resident.rows == now.register.size == now.register.number.sum()
    assert len({engine.now.register.size for engine in engines}) == 3
    given = start_engine(small_district(PEOPLE), NONE, chosen=EVERYBODY)
    assert np.array_equal(given.now.register.number, PEOPLE["registered_population"])
    away = np.add.reduceat(given.now.state.resident.away[0], given.now.register.first, dtype=int)
    absent = 1 - PEOPLE["population"] / PEOPLE["registered_population"]
    assert np.array_equal(away, np.rint(absent * PEOPLE["registered_population"]))


@pytest.mark.parametrize("strategy", [NONE, ALL], ids=lambda found: found.key)
def test_runs_of_everybody_do_not_know_their_batch(strategy):
    place, worlds, seeds = small_district(lone=True), [0, None, 4], [3, 1, 2]
    batch = run_batch(place, strategy, worlds, seeds, EVERYBODY)
    for row, (world, seed) in enumerate(zip(worlds, seeds, strict=True)):
        alone = run_batch(place, strategy, [world], [seed], EVERYBODY)
        for name, values in all_outputs(alone).items():
            assert same(values[0].copy(), all_outputs(batch)[name][row].copy()), name


def test_runs_of_different_size_are_not_put_into_one_engine():
    with pytest.raises(ValueError, match="one at a time"):
        engine_in(small_district(), NONE, [0, 1], [0, 1], EVERYBODY)


def test_two_strategies_meet_the_same_people():
    engines = [start_engine(small_district(), strategy, worlds=[2], chosen=EVERYBODY) for strategy in (NONE, ALL)]
    one, other = (engine.now.state.resident for engine in engines)
    for name in ("age", "away", "leaning", "phone_draw"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.array_equal(engines[0].now.ties, engines[1].now.ties)


def test_ties_of_everybody_stay_in_the_village_or_its_cluster():
    """Also across the blocks in which they are drawn; 5 % lead across, 10 % of the others' ring is rewired."""
    place = enyang()
    register = FullRegister(np.random.default_rng(3).integers(1, 400, place.villages))
    assert register.size > 2 * BLOCK
    ties = build_ties(place, register)
    assert ties.shape == (6, register.size) and ties.dtype == np.int32
    target = register.village_of[ties]
    assert np.all(place.cluster_of[target] == place.cluster_of[register.village_of])
    across = (target != register.village_of).mean()
    assert abs(across - 0.05) < 4 * np.sqrt(0.05 * 0.95 / ties.size)
    step = (ties[5] - register.first[register.village_of] - register.place) % register.number[register.village_of]
    large = (register.number[register.village_of] > 50) & (target[5] == register.village_of)
    ring = (step == 3)[large].mean()
    rewired = 0.10 / 0.95  # of those that stay in the village; a rewired tie hits the ring at most once in 50
    assert abs(ring - (1 - rewired)) < 4 * np.sqrt(rewired / large.sum()) + rewired / 50
    near = build_settlement_tie(place, register)
    assert np.array_equal(register.village_of[near], register.village_of)
    alone = register.number[register.village_of] == 1
    assert np.all((near == np.arange(register.size)) == alone), "to somebody else wherever there is somebody else"


def test_everybody_wishes_as_written():
    """EQ-19 for every resident of a place of unequal villages, one by one; settlements have a seventh tie."""
    engine = start_engine(small_district(PEOPLE, settlements=3), ALL, chosen=EVERYBODY, worlds=[5])
    year(engine, 2)
    now = engine.now
    attends, pull = now.state.resident.participates[0], participation.village_pull(now)[0]
    found = participation.utility(now, now.register.everyone)[0]
    assert now.has_settlement.sum() == 3
    for person in range(now.register.size):
        village = now.register.village_of[person]
        friends = [*now.ties[:, person]] + ([now.settlement_tie[person]] if now.has_settlement[village] else [])
        wish = now.state.resident.inclination[0, person] + pull[village]
        wish += now.parameters.social_influence[0, 0] * np.mean(attends[friends])
        assert abs(wish - found[person]) < 1e-4
    people = np.split(attends, now.register.first[1:])
    np.testing.assert_allclose(now.register.share(attends[None])[0], [village.mean() for village in people])


def test_p5_samples_are_unbiased_for_the_full_population():
    """Known answer D-P5: participation weighted by population, samples of 30 against everybody, the same worlds.

    Populations are chosen so that the share away is a whole number in both. Runs differ by the draws of people alone,
    so the spread of their paired difference gives its standard error."""
    sizes = np.array([300.0, 600, 900, 300, 1200, 600, 300, 300])
    place = small_district({"registered_population": sizes, "population": 0.6 * sizes})
    numbers = list(range(24))
    names = ("participation", "participation_attend", "participation_vote", "participation_speak", "home_share")
    full = run_batch(place, NONE, numbers, numbers, options(2026, residents="all")).indicators
    sample = run_batch(place, NONE, numbers, numbers, options(2026, residents=30)).indicators
    for name in names:
        gap = (sample[name] - full[name])[:, 1:].mean(axis=1)
        assert abs(gap.mean()) < 4 * gap.std(ddof=1) / np.sqrt(len(numbers)), name
        assert gap.std() > 0, name


def test_what_a_full_run_holds_is_below_a_hundred_bytes_a_resident():
    """State, network, register and the draws of a period; what comes and goes inside a phase is not counted."""
    engine = start_engine(enyang(), EXISTING, chosen=options(2024, residents="all"))
    year(engine)
    now = engine.now
    held = [*(getattr(now.state.resident, name) for name in now.state.resident.columns), now.ties, now.settlement_tie,
            now.is_anchor, now.register.village_of, *vars(now.draws).values()]  # fmt: skip
    large = [array for array in held if array.size > 10_000]
    assert len(large) > 10
    assert sum(array.nbytes for array in large) < 100 * now.register.size


def test_the_mesa_face_of_everybody():
    model = DistrictModel(small_district(PEOPLE), NONE, rng=1, options=EVERYBODY)
    residents = list(model.residents())
    assert len(residents) == sum(PEOPLE["registered_population"])
    for village in model.villages:
        own = [resident for resident in residents if resident.village is village]
        assert len(own) == PEOPLE["registered_population"][village.row]
        assert all(resident.weight == 1.0 for resident in own)
    model.step()
    assert 0 < model.indicators["participation"] < 1


def test_a_registered_resident_takes_at_most_100_bytes_at_the_peak():
    place = enyang()
    tracemalloc.start()
    engine = engine_in(place, ALL, [0], [0], options(2024, residents="all"))
    for _ in range(4):
        engine.step()
    engine.funnel()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak / engine.now.register.size <= 100
