"""Interest subsidy: who pays which part of the interest, and which loans it makes worth while (EQ-02, EQ-07)."""

from __future__ import annotations

import numpy as np
import pytest
from places import NONE, enyang, moved_by, only, options, run_unchecked, small_district, start_engine

from sim.processes import finance, projects

OFF = options(residents=0)


def owing(strategy, chosen=OFF, **more):
    """Villages that owe 20 万元 each, after a quarter in which nothing happens but that costs are paid."""
    engine = start_engine(
        small_district(), strategy, 1, {"interest_rate": 0.06}, opening=[], chosen=chosen,
        every_quarter=[finance.pay_running_costs], **more
    )  # fmt: skip
    engine.now.state.village.debt = np.full((1, 8), 20.0)
    engine.step()
    return engine.now


@pytest.mark.parametrize(("share", "intensity"), [(0.5, 1), (1.0, 1), (0.5, 0.5), (0.0, 1)])
def test_district_and_village_share_the_interest(share, intensity):
    """20 · 0.06 / 4 = 0.3 a quarter."""
    ledger = owing(only("interest_subsidy", subsidised_share=share, intensity=intensity)).ledger
    subsidy = ledger.paid(("interest_subsidy",), payers=("district",), payees=("banks",))
    np.testing.assert_allclose(subsidy, 0.3 * share * intensity, rtol=1e-12)
    np.testing.assert_allclose(ledger.paid(("interest",), payees=("banks",)), 0.3 - subsidy, rtol=1e-12)


def test_what_the_budget_does_not_cover_the_village_pays():
    """2.4 of interest are owed, 1.2 of subsidy are wanted, 0.3 are there."""
    chosen = options(residents=0, annual_budget=0.3)
    ledger = owing(only("interest_subsidy"), chosen).ledger
    assert ledger.paid(("interest_subsidy",)).sum() == pytest.approx(0.3)
    assert ledger.paid(("interest",)).sum() == pytest.approx(2.1)


def test_a_loan_is_taken_where_its_return_exceeds_what_it_costs_the_village():
    """Where no project earns the full rate and its wedge, and all earn the wedge, the subsidy alone makes debt."""
    dear = {"interest_rate": 0.08, "borrow_wedge": 0.0}
    debts = [
        run_unchecked(enyang(), strategy, [None], [0], options(2030, residents=0), dear).indicators["debt_mean"][0, -1]
        for strategy in (NONE, only("interest_subsidy"), only("interest_subsidy", subsidised_share=1))
    ]
    assert debts[0] < debts[1] < debts[2]


def test_the_reserve_keeps_a_year_of_the_interest_that_is_left():
    lever, kept = only("interest_subsidy", subsidised_share=1), []
    for strategy in (NONE, lever):
        engine = start_engine(small_district(), strategy, 1, opening=[projects.open_year], chosen=OFF)
        engine.step()
        village = engine.now.state.village
        village.debt = np.full((1, 8), 20.0)
        engine.now.ledger.pay("market", "village.reserve_fund", np.full((1, 8), 5.0), "own_rule")
        kept.append(projects.investable(engine.now).reserve)
    np.testing.assert_allclose(kept[1] - kept[0], 20 * engine.now.parameters.interest_rate[0, 0], rtol=1e-12)


@pytest.mark.thorough
def test_a_subsidy_of_nothing_moves_nothing():
    assert moved_by("interest_subsidy", subsidised_share=0) == set()
