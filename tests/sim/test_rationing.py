"""A yearly budget for all levers: how exactly it holds, in which order it is given out, what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest
from places import ALL, differing, enyang, only, options, small_district, start_engine, state_of, year

from sim.engine import Engine, RunOptions, run_batch
from sim.ledger import PUBLIC_PAYERS
from sim.policies.base import Strategy
from sim.policies.registry import LEVERS
from sim.rationing import Sketches

WORLDS, SEEDS = [None, 0, 1, 2], [0, 1, 2, 3]
COSTED = [key for key, lever in LEVERS.items() if lever.purposes]
FREE = Strategy("free", levers={key: values for key, values in ALL.levers.items() if key not in COSTED})
AFTERWARDS = ("town_company", "industry_alliance", "credit_guarantee")
"""Levers that also pay what nobody can know at the opening: by turnover, or for defaults."""
LARGEST_EXCESS = 0.05
"""Of the budget, in a year: payments of companies and alliances that hang on their turnover come after the opening."""


def run(strategy: Strategy, budget: float | None, *priority: str, district=None, horizon: int = 2030, **more):
    chosen = options(horizon, annual_budget=budget, priority=priority, **more)
    return run_batch(district or small_district(lone=True), strategy, WORLDS, SEEDS, chosen)


def test_a_budget_that_is_never_reached_changes_nothing():
    assert differing(run(ALL, 1e9), run(ALL, None)) == []


def test_without_money_there_is_no_lever_that_costs_money():
    assert differing(run(ALL, 0.0), run(FREE, None)) == []


@pytest.mark.parametrize("budget", [300.0, 1500.0, 6000.0])
def test_the_budget_holds_in_every_run_and_year(budget):
    """To 5 % in a year; over the years no more than once that, for what is overspent is taken off the next year."""
    result = run(ALL, budget, district=enyang(), horizon=2035, residents=0)
    cost = result.indicators["public_cost"][:, 1:]
    assert np.all(cost <= (1 + LARGEST_EXCESS) * budget)
    years = np.arange(1, cost.shape[1] + 1)
    assert np.all(np.cumsum(cost, axis=1) <= budget * (years + LARGEST_EXCESS))
    free = run(ALL, None, district=enyang(), horizon=2035, residents=0).indicators["public_cost"][:, 1:]
    assert np.all(free > 6000), "so that there was something to ration"
    assert np.all(np.mean(cost, axis=1) > 0.9 * budget), "and it is used"


@pytest.mark.parametrize("budget", [300.0, 1500.0])
def test_only_what_hangs_on_turnover_can_exceed_the_budget(budget):
    """Alliances and companies first: beyond the year's budget goes no more than they are paid by turnover."""
    first = ("industry_alliance", "town_company", "central_grant")
    chosen = options(2032, residents=0, annual_budget=budget, priority=first)
    engine, over, before = Engine(enyang(), ALL, WORLDS, SEEDS, chosen), [], 0.0
    purposes = tuple(purpose for lever in LEVERS.values() for purpose in lever.purposes)
    for _ in range(9):
        year(engine)
        ledger = engine.now.ledger
        given = np.maximum(budget - before, 0)
        before = np.maximum(ledger.paid_by(PUBLIC_PAYERS, purposes) - given, 0)
        over.append(before)
        assert np.all(
            before <= ledger.paid_by(PUBLIC_PAYERS, ("quality_subsidy", "public_contracts", "credit_guarantee")) + 1e-6
        )
    assert np.max(over) > 0, "the bound is of some use"


@pytest.mark.parametrize("key", [key for key in COSTED if key not in AFTERWARDS])
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


def test_what_is_overspent_is_taken_off_the_next_year_and_expected_again():
    """The grid takes 104.5 万元 at full share; 100 are there. 40 more come late: next year 60 are left, for the grid
    and for as much again as came late at its share."""
    chosen = options(2030, residents=0, annual_budget=100.0)
    engine = Engine(enyang(), only("grid_outreach"), [None], [0], chosen)
    year(engine)
    assert np.max(engine.rationing.overrun) == 0
    engine.now.ledger.pay("district", "suppliers", np.full((1, 209), 40 / 209), "grid_outreach")
    year(engine)
    assert np.max(engine.rationing.overrun) == pytest.approx(40, abs=1e-3)
    share = 60 / (104.5 + 40 / (100 / 104.5))
    paid = engine.now.ledger.paid_by(PUBLIC_PAYERS, ("grid_outreach",))
    assert float(paid[0]) == pytest.approx(104.5 * share, abs=1e-3)


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
    for lever in engine.levers:
        sketch, ledger = Sketches(now).new()
        lever.act(sketch)
        assert np.all(ledger.public(lever.purposes) >= 0)
    after = state_of(engine)
    assert all(after[name].tobytes() == values.tobytes() for name, values in before.items())
    assert all(np.array_equal(now.ledger.flows[key], amount) for key, amount in flows.items())
    assert all(np.array_equal(now.policy._arrays[name], values) for name, values in policy.items())
    with pytest.raises(ValueError, match="read-only"):
        sketch.state.village.capital[...] = 0


def test_what_villages_pay_themselves_is_not_rationed():
    strategy = only("training", payer="village")
    assert differing(run(strategy, 0.0), run(strategy, None)) == []


def test_options_are_checked():
    problems = RunOptions(annual_budget=-1.0, priority=("trainin",)).check()
    assert {problem.field for problem in problems} == {"annual_budget", "trainin"}
    assert Engine(small_district(), ALL, [None], [0], options()).rationing is None
