"""A yearly budget for all levers: how exactly it holds, in which order it is given out, what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import (
    ALL,
    POOLS_PAY,
    PRODUCERS,
    differing,
    engine_in,
    enyang,
    only,
    options,
    run_batch,
    run_unchecked,
    small_district,
    start_engine,
    state_of,
    year,
)

from sim.calendar import YEAR
from sim.ledger import PUBLIC_PAYERS
from sim.options import RunOptions
from sim.policies import acting
from sim.policies.base import Choice, Strategy
from sim.policies.registry import LEVERS
from sim.rationing import AHEAD, Sketches
from tests.tiers import fast

WORLDS, SEEDS = [None, 0, 1, 2], [0, 1, 2, 3]
COSTED = [key for key, lever in LEVERS.items() if lever.purposes]
FREE = Strategy("free", levers={key: values for key, values in ALL.levers.items() if key not in COSTED})
AFTERWARDS = ("town_company", "industry_alliance", "credit_guarantee")
"""Levers that also pay what nobody can know at the opening: by turnover, or for defaults."""
PURPOSES = tuple(purpose for lever in LEVERS.values() for purpose in lever.purposes)
ROUNDING = 1e-9
"""Part of a budget by which sums of payments may exceed it."""


def run(strategy: Strategy, budget: float | None, *priority: str, district=None, horizon: int = 2030, **more):
    chosen = options(horizon, annual_budget=budget, priority=priority, **more)
    return run_batch(district or small_district(lone=True), strategy, WORLDS, SEEDS, chosen)


def test_a_budget_that_is_never_reached_changes_nothing():
    assert differing(run(ALL, 1e9), run(ALL, None)) == []


def test_without_money_there_is_no_lever_that_costs_money():
    assert differing(run(ALL, 0.0), run(FREE, None)) == []


@pytest.mark.parametrize("budget", fast([1500.0, 300.0, 5000.0], 1))
def test_the_budget_holds_in_every_run_and_year(budget):
    result = run(ALL, budget, district=enyang(), horizon=2035, residents=0)
    cost = result.indicators["public_cost"][:, 1:]
    assert np.all(cost <= (1 + ROUNDING) * budget)
    free = run(ALL, None, district=enyang(), horizon=2035, residents=0).indicators["public_cost"][:, 1:]
    assert np.all(free > 5000), "so that there was something to ration"
    assert np.all(np.mean(cost, axis=1) > 0.9 * budget), "and it is used"


def _at_an_end(draw, setting):
    if isinstance(setting, Choice):
        return draw(st.sampled_from(sorted(setting.options)))
    return draw(st.sampled_from([setting.low, setting.high, setting.default]))


@st.composite
def _strategies_at_the_ends(draw):
    keys = draw(st.lists(st.sampled_from(COSTED), unique=True, min_size=3, max_size=8))
    return Strategy("ends", levers={
        key: {"intensity": 1} | {name: _at_an_end(draw, setting) for name, setting in LEVERS[key].settings().items()
                                 if name not in ("intensity", "payer") and draw(st.booleans())}
        for key in ("town_company", "industry_alliance", "credit_guarantee", "cadre_pay", *keys)
    })  # fmt: skip


@pytest.mark.thorough
@given(strategy=_strategies_at_the_ends(), part=st.sampled_from([0.01, 0.1, 0.4, 0.8]), first=st.sampled_from(COSTED))
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_setting_of_any_lever_makes_a_year_dearer_than_its_budget(strategy, part, first):
    """Whatever it takes freely: a part of that, in every run and year, with companies and alliances that earn much."""
    chosen = options(2028, residents=0)
    busy = {**POOLS_PAY, **PRODUCERS}
    place = small_district(lone=True)
    free = run_unchecked(place, strategy, WORLDS, SEEDS, chosen, busy).indicators["public_cost"][:, 1:]
    budget = part * float(free.max())
    chosen = options(2028, residents=0, annual_budget=budget, priority=(first,))
    cost = run_unchecked(place, strategy, WORLDS, SEEDS, chosen, busy).indicators["public_cost"][:, 1:]
    assert np.all(cost <= (1 + ROUNDING) * budget)


def test_pay_by_quarters_is_kept_back_and_does_not_swing():
    """Performance pay of 3 万元 a secretary: 500 of the 752 that it takes with benefits are there, every year."""
    result = run(only("cadre_pay", performance_pay=3), 500.0, district=enyang(), horizon=2031, residents=0)
    cost = result.indicators["cost_cadre_pay"][:, 1:]
    assert np.all(cost <= 500 * (1 + ROUNDING)) and np.all(cost > 499.9)


def test_a_lever_that_promises_nothing_is_asked_all_the_same(monkeypatch):
    """One of the user's own pays 0.1 万元 a village in the last quarter alone: 20.9 a year, of which 10 are there."""

    def late(lever, now):
        if now.quarter == 3:
            lever.pay(now, "suppliers", lever.level(now) * 0.1)

    monkeypatch.setattr(LEVERS["training"], "act", lambda lever, now: None)
    monkeypatch.setattr(LEVERS["training"], "each_quarter", late)
    strategy = Strategy("late", levers={key: {"intensity": 1} for key in ("training", "responsibility_list")})
    chosen = options(2025, residents=0, annual_budget=10.0)
    result = run_batch(enyang(), strategy, [None], [0], chosen)
    assert result.indicators["cost_training"][0, 1:] == pytest.approx([10, 10], abs=1e-3)
    assert np.all(result.indicators["cost_responsibility_list"][0, 1:] < 1e-3), "the first has priority"


def test_every_phase_of_the_opening_that_pays_for_a_lever_runs_ahead():
    """So that what is paid there is foreseen."""
    paying = set()

    def watched(phase):
        def run_phase(now):
            before = now.ledger.paid_by(PUBLIC_PAYERS, PURPOSES)
            phase(now)
            if np.any(now.ledger.paid_by(PUBLIC_PAYERS, PURPOSES) != before):
                paying.add(phase)

        return run_phase

    opening, every_quarter = (
        [phase for phase in part if phase.__module__ != acting.__name__] for part in (YEAR.opening, YEAR.every_quarter)
    )
    engine = start_engine(
        small_district(), ALL, 2, POOLS_PAY, [watched(phase) for phase in opening], every_quarter, YEAR.closing
    )
    year(engine, 4)
    assert paying and paying <= set(AHEAD)
    assert [phase for phase in YEAR.opening if phase in AHEAD] == list(AHEAD), "in the order of the year"


def test_companies_to_be_founded_are_foreseen():
    """Start-up money is paid in the opening: as much is promised as can be paid, whoever else is there."""
    chosen = options(2024, residents=0, annual_budget=200.0, priority=("town_company",))
    engine = engine_in(enyang(), ALL, WORLDS, SEEDS, chosen)
    engine.step()
    assert np.all(engine.now.ledger.paid_by(PUBLIC_PAYERS, ("company_startup",)) > 0)
    assert np.all(engine.now.rationing.purse.unmet["town_company"] < 1e-9)


@pytest.mark.parametrize("purpose", fast(["quality_subsidy", "public_contracts", "guarantee_paid"], 1))
def test_what_the_budget_does_not_cover_stays_with_others(purpose):
    """Quality with the village, sales with the market, defaults with the bank: the first year foresees none of it."""
    first = ("industry_alliance", "town_company", "credit_guarantee")
    chosen = options(2032, residents=0, annual_budget=300.0, priority=first)
    engine = engine_in(enyang(), ALL, WORLDS, SEEDS, chosen, PRODUCERS)
    unmet = 0.0
    for _ in range(4):
        year(engine)
        ledger, (key,) = engine.now.ledger, [key for key in first if purpose in LEVERS[key].purposes]
        unmet += float(np.sum(engine.now.rationing.purse.unmet[key]))
        assert np.all(ledger.paid_by(PUBLIC_PAYERS, PURPOSES) <= 300 * (1 + ROUNDING))
        drift = np.abs(ledger.total() - engine.opening_total)
        assert np.all(drift <= 1e-9 * ledger.turnover)
        assert np.min(engine.now.state.venture.cash) >= -1e-9
    assert unmet > 0


@pytest.mark.parametrize("key", fast([key for key in COSTED if key not in AFTERWARDS], 1))
def test_what_the_opening_knows_is_never_overspent(key):
    """Alone, with half the money it takes in the default world: to the last fen."""
    strategy = only(key, **({"rate": 0.5} if key == "central_grant" else {}))
    free = run(strategy, None, horizon=2027).indicators[f"cost_{key}"][:, 1:]
    budget = float(free[0].max()) / 2
    cost = run(strategy, budget, horizon=2027).indicators[f"cost_{key}"][:, 1:]
    assert budget > 0 and np.all(cost <= budget * (1 + 1e-9))
    assert cost.max() > 0 or key in {"service_upgrade", "property_rights_reform", "central_grant"}, "whole pieces only"


def test_first_things_first():
    """209 villages: training takes 62.7 万元, the grid 104.5, the list 20.9; 100 万元 are there."""
    strategy = Strategy("work", levers={key: {"intensity": 1} for key in
                                        ("training", "grid_outreach", "responsibility_list")})  # fmt: skip
    names = ("cost_training", "cost_grid_outreach", "cost_responsibility_list")

    def costs(*priority: str) -> list[float]:
        chosen = options(2024, residents=0, annual_budget=100.0, priority=priority)
        result = run_batch(enyang(), strategy, [None], [0], chosen)
        return [float(result.indicators[name][0, -1]) for name in names]

    assert costs("grid_outreach") == pytest.approx([0, 100, 0], abs=1e-3)
    assert costs("training", "grid_outreach") == pytest.approx([62.7, 37.3, 0], abs=1e-3)
    assert costs("responsibility_list", "training") == pytest.approx([62.7, 16.4, 20.9], abs=1e-3)
    assert costs() == pytest.approx([62.7, 16.4, 20.9], abs=1e-3), "the order of the registry"


def test_a_lever_further_back_gets_nothing_while_one_in_front_wants_more():
    """Levers that take any share: where one is cut, those behind it get nothing."""
    keys = ("digital_platform", "training", "grid_outreach", "cadre_pay", "responsibility_list")
    strategy = Strategy("work", levers={key: {"intensity": 1} for key in keys})
    order = ("cadre_pay", "digital_platform", "grid_outreach", "training", "responsibility_list")
    full = run(strategy, None, district=enyang(), residents=0)
    cut = run(strategy, 330.0, *order, district=enyang(), residents=0)
    shares = np.stack([cut.indicators[f"cost_{key}"][:, 1:] / full.indicators[f"cost_{key}"][:, 1:] for key in order])
    for before, behind in zip(shares, shares[1:], strict=False):
        assert np.all((before > 1 - 1e-5) | (behind < 1e-5))
    assert shares.min() < 1e-5 and shares.max() > 1 - 1e-5


def test_what_was_wanted_beyond_what_was_foreseen_is_kept_back_next_year():
    """The grid takes 104.5 万元 at full share, the list 20.9; 100 are there. 40 more are wanted in the year and not
    paid, for all is given away: next year as much again is expected at the grid's share."""
    chosen = options(2030, residents=0, annual_budget=100.0)
    engine = engine_in(enyang(), only("grid_outreach"), [None], [0], chosen)
    year(engine)
    engine.now.ledger.pay("district", "suppliers", np.full((1, 209), 40 / 209), "grid_outreach")
    assert float(engine.now.ledger.paid_by(PUBLIC_PAYERS, ("grid_outreach",))[0]) == pytest.approx(100, rel=1e-12)
    year(engine)
    share = 100 / (104.5 + 40 / (100 / 104.5))
    paid = engine.now.ledger.paid_by(PUBLIC_PAYERS, ("grid_outreach",))
    assert float(paid[0]) == pytest.approx(104.5 * share, abs=1e-3)


def test_a_payment_takes_what_is_kept_for_its_lever_then_what_is_free():
    engine = engine_in(enyang(), only("grid_outreach"), [None], [0], options(annual_budget=100.0))
    purse, ledger = engine.now.rationing.purse, engine.now.ledger
    purse.fill(np.full((1, 1), 10.0))
    purse.keep("grid_outreach", np.full((1, 1), 4.0))
    purse.keep("training", np.full((1, 1), 3.0))

    def pay(amount: float, purpose: str, payer: str = "district") -> float:
        before = ledger.paid_by((payer,), (purpose,))[0]
        ledger.pay(payer, "suppliers", np.full((1, 209), amount / 209), purpose)
        return float(ledger.paid_by((payer,), (purpose,))[0] - before)

    assert pay(5, "grid_outreach") == pytest.approx(5), "4 kept, 1 free"
    assert pay(5, "grid_outreach") == pytest.approx(2), "2 free; what is kept for training stays"
    assert pay(5, "training") == pytest.approx(3)
    assert pay(5, "deficit_cover") == pytest.approx(5), "no lever"
    assert pay(5, "training", payer="village") == pytest.approx(5)
    assert float(purse.unmet["grid_outreach"][0, 0]) == pytest.approx(3)


@pytest.mark.thorough
def test_one_that_is_served_first_never_gets_less_when_another_is_added():
    """In the year in which it is added; later the two districts differ."""
    order = ("town_company", "cadre_pay", "industry_alliance", "training")
    for number in range(1, len(order)):
        with_fewer, with_more = (
            engine_in(enyang(), Strategy("some", levers={key: {"intensity": 1, "start": 2024} for key in keys}), WORLDS,
                   SEEDS, options(residents=0, annual_budget=400.0, priority=order))
            for keys in (order[:number], order[: number + 1])
        )  # fmt: skip
        for engine in (with_fewer, with_more):
            engine.step()
        for fewer, more in zip(with_fewer.now.levers, with_more.now.levers, strict=True):
            if fewer.key in order[:number]:
                assert np.array_equal(fewer.share, more.share), fewer.key


@pytest.mark.thorough
def test_a_run_does_not_depend_on_its_company():
    together = run(ALL, 700.0, "central_grant")
    for row in range(len(SEEDS)):
        chosen = options(2030, annual_budget=700.0, priority=("central_grant",))
        alone = run_batch(small_district(lone=True), ALL, WORLDS[row : row + 1], SEEDS[row : row + 1], chosen)
        for name, values in alone.indicators.items():
            assert values[0].tobytes() == together.indicators[name][row].tobytes(), name


def test_asking_what_levers_cost_leaves_no_trace():
    engine = start_engine(small_district(), ALL, 3)
    year(engine, 2)
    now = engine.now
    before, flows = state_of(engine), {key: np.array(amount) for key, amount in now.ledger.flows.items()}
    policy = {name: np.array(values) for name, values in now.policy._arrays.items()}
    for lever in engine.now.levers:
        sketch, ledger = Sketches(now).new()
        lever.act(sketch)
        for phase in AHEAD:
            phase(sketch)
        lever.each_quarter(sketch)
        sketch.state.village.capital[...] = 0
        sketch.state.village.trust = 0
        assert np.all(ledger.public(lever.purposes) >= 0)
    after = state_of(engine)
    assert all(after[name].tobytes() == values.tobytes() for name, values in before.items())
    assert all(np.array_equal(now.ledger.flows[key], amount) for key, amount in flows.items())
    assert all(np.array_equal(now.policy._arrays[name], values) for name, values in policy.items())
    with pytest.raises(AttributeError, match="no column 'trus'"):
        sketch.state.village.trus = 0


def test_what_villages_pay_themselves_is_not_rationed():
    strategy = only("training", payer="village")
    assert differing(run(strategy, 0.0), run(strategy, None)) == []


def test_options_are_checked():
    problems = RunOptions(annual_budget=-1.0, priority=("trainin",)).check()
    assert {problem.field for problem in problems} == {"annual_budget", "trainin"}
    assert engine_in(small_district(), ALL, [None], [0], options()).now.rationing is None
