"""Settlements 聚居点: they belong to the place, and bring one tie more and more outreach."""

from __future__ import annotations

import numpy as np
from places import ALL, NONE, differing, enyang, only, options, run_batch, small_district, start_engine, year

from sim import DistrictModel
from sim.network import settlements
from sim.processes import participation


def test_enyang_has_32_villages_with_a_settlement_whatever_the_strategy_and_world():
    chosen = options(residents=7)
    flags = [
        start_engine(enyang(), strategy, worlds=[world], chosen=chosen).now.has_settlement
        for strategy in (NONE, ALL)
        for world in (None, 3)
    ]
    for flag in flags:
        assert flag.shape == (209,) and flag.sum() == 32
        assert np.array_equal(flag, flags[0])


def test_a_table_of_one_s_own_says_where_they_are():
    chosen = np.array([1.0, 0, 0, 1, 0, 0, 0, 1])
    place = small_district({"settlement": chosen})
    assert np.array_equal(settlements(place), chosen > 0)
    model = DistrictModel(place, NONE, rng=1, options=options(residents=7))
    assert [village.has_settlement for village in model.villages] == list(chosen > 0)


def test_the_outreach_of_a_settlement_is_larger_by_its_factor():
    """b_outreach · outreach · (1.2 - 1) more in the shared part of the wish, and nothing elsewhere."""
    nowhere = start_engine(small_district({"settlement": np.zeros(8)}), NONE, worlds=[0])
    everywhere = start_engine(small_district({"settlement": np.ones(8)}), NONE, worlds=[0])
    p, village = nowhere.now.parameters, nowhere.now.state.village
    outreach = p.ordinary_outreach * (1 - p.effort_econ_share) * village.organisation
    more = participation.village_pull(everywhere.now) - participation.village_pull(nowhere.now)
    # trust and services do not differ at the start; participation does not enter the shared part
    np.testing.assert_allclose(more, p.b_outreach * outreach * (p.settlement_outreach - 1), rtol=1e-9, atol=1e-15)
    assert np.all(more > 0)


def test_the_seventh_tie_counts_as_much_as_the_others():
    """Everybody attends but the six one knows by the network: then a seventh of the ties pulls, elsewhere none."""
    flags = np.array([1.0, 0, 0, 0, 1, 0, 0, 0])
    engine = start_engine(small_district({"settlement": flags}), NONE, chosen=options(2030, residents=60))
    now, number = engine.now, 60
    person = now.register.first[0] + 20
    now.state.resident.participates = np.ones_like(now.state.resident.participates)
    for friend in set(now.ties[:, 0, 20]) - {now.settlement_tie[0, 20]}:
        now.state.resident.participates[0, friend] = 0
    wish = participation.utility(now, now.register.everyone)[0, 0, 20]
    alone = now.state.resident.inclination[0, person] + participation.village_pull(now)[0, 0]
    expected = [
        now.state.resident.participates[0, friend] for friend in [*now.ties[:, 0, 20], now.settlement_tie[0, 20]]
    ]
    assert expected[-1] == 1
    np.testing.assert_allclose(wish - alone, 2.0 * np.mean(expected), atol=1e-5)
    target = now.settlement_tie // number
    assert np.array_equal(target, np.broadcast_to(np.arange(8)[:, None], target.shape)), "a neighbour of the village"
    assert np.all(now.settlement_tie != np.arange(480).reshape(8, 60)), "and never oneself"


def test_settlements_move_participation_and_only_through_residents():
    one = run_batch(small_district({"settlement": np.zeros(8)}), ALL, [0, 1], [0, 1], options(2028))
    other = run_batch(small_district({"settlement": np.ones(8)}), ALL, [0, 1], [0, 1], options(2028))
    assert "participation" in differing(one, other)
    off = [
        run_batch(small_district({"settlement": flag}), ALL, [0, 1], [0, 1], options(2028, residents=0))
        for flag in (np.zeros(8), np.ones(8))
    ]
    assert differing(*off) == []


def test_a_settlement_changes_nothing_in_another_town():
    flags = np.array([1.0, 1, 1, 1, 0, 0, 0, 0])
    engines = [
        start_engine(
            small_district({"settlement": found}),
            only("digital_platform"),
            4,
            worlds=[0, 1, 2, 3],
            chosen=options(residents=60),
        )
        for found in (np.zeros(8), flags)
    ]
    for engine in engines:
        year(engine, 3)
    one, other = (engine.now.state.village.participation for engine in engines)
    assert np.array_equal(one[:, 4:], other[:, 4:])
    assert not np.array_equal(one[:, :4], other[:, :4])
