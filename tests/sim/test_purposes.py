"""Purposes of the ledger: declared once, used each, and a misspelt one is an error."""

from __future__ import annotations

import numpy as np
import pytest
from places import (
    ALL,
    EXISTING,
    LARGE_POOLS,
    NONE,
    POOLS_PAY,
    PRODUCERS,
    engine_in,
    only,
    options,
    small_district,
    start_engine,
    year,
)

from sim import DistrictModel
from sim.policies.base import Lever, Strategy
from sim.policies.registry import LEVERS
from sim.purposes import PURPOSES

PLACE = small_district(lone=True)


@pytest.mark.parametrize(
    "ask",
    [
        lambda ledger: ledger.paid(("operatoins",)),
        lambda ledger: ledger.paid_by(("market",), ("operations", "operatoins")),
        lambda ledger: ledger.paid_by_seat(("operatoins",)),
        lambda ledger: ledger.ever_paid(("operatoins",)),
        lambda ledger: ledger.pay("market", "village", np.zeros((1, 9)), "operatoins"),
    ],
    ids=["paid", "paid_by", "paid_by_seat", "ever_paid", "pay"],
)
def test_a_misspelt_purpose_is_an_error_that_names_the_nearest(ask):
    ledger = start_engine(PLACE).now.ledger
    with pytest.raises(ValueError, match="no purpose 'operatoins'; did you mean 'operations'"):
        ask(ledger)


@pytest.mark.parametrize(
    "ask",
    [
        lambda ledger: ledger.paid(("operations",), payers=("markte",)),
        lambda ledger: ledger.paid(("operations",), payees=("markte",)),
        lambda ledger: ledger.paid_by(("markte",), ("operations",)),
        lambda ledger: ledger.pay("markte", "village", np.zeros((1, 9)), "operations"),
        lambda ledger: ledger.pay("village", "markte", np.zeros((1, 9)), "operations"),
    ],
    ids=["payers", "payees", "paid_by", "payer", "payee"],
)
def test_a_misspelt_account_is_an_error_that_names_the_nearest(ask):
    ledger = start_engine(PLACE).now.ledger
    with pytest.raises(ValueError, match="no account 'markte'; did you mean 'market'"):
        ask(ledger)
    assert ledger.total() == pytest.approx(0, abs=1e-9), "and nothing was moved"


def test_the_short_name_of_a_village_s_cash_means_the_same_in_every_question():
    engine = start_engine(PLACE)
    year(engine)
    ledger = engine.now.ledger
    paid = ledger.paid(("fixed_cost",), payers=("village",))
    assert np.all(paid > 0) and np.array_equal(paid, ledger.paid(("fixed_cost",), payers=("village.cash",)))
    assert np.array_equal(ledger.paid_by(("village",), ("fixed_cost",)), ledger.paid_by((), ("fixed_cost",)))


def test_a_misspelt_purpose_of_a_lever_is_an_error_when_it_is_declared():
    with pytest.raises(ValueError, match="did you mean 'quality_subsidy'"):
        type("Own", (Lever,), {"key": "own", "purposes": ("own", "quality_subsidies"), "en": "own"})
    PURPOSES.pop("own", None)


def test_every_declared_purpose_is_used():
    """Over years of everything at once, a village in need, a venture that ends, and a balance set by hand."""
    found = set()
    streams = {"intensity": 1, "central": 5, "intra_province": 5, "state_firms": 5}
    wide = Strategy("wide", levers={**ALL.levers, "joint_building": LARGE_POOLS, "paired_assistance": streams})
    ends = {**POOLS_PAY, **PRODUCERS, "winding_up_line": 60.0}
    poor = {"fixed_cost": 3.0, "initial_cash": 0.0}
    for strategy, values in ((wide, ends), (wide, POOLS_PAY), (wide, PRODUCERS), (EXISTING, poor), (NONE, poor)):
        engine = engine_in(PLACE, strategy, [0, 1, 2, 3], [0, 1, 2, 3], options(2034, residents=0), values)
        for _ in range(11):
            year(engine)
            found |= {purpose for (_, _, purpose), amount in engine.now.ledger.flows.items() if np.any(amount != 0)}
        found |= {purpose for _, _, purpose in engine.now.ledger.flows}
    model = DistrictModel(PLACE, NONE, rng=1)
    model.villages[0].cash += 1
    found |= {purpose for _, _, purpose in model.engine.now.ledger.flows}
    assert set(PURPOSES) - found == set()


def test_who_books_under_the_own_name_is_declared_by_the_lever():
    own = {key for key, lever in LEVERS.items() if key in lever.purposes}
    assert own == set(LEVERS) & set(PURPOSES)
    purposes = [purpose for lever in LEVERS.values() for purpose in lever.purposes]
    assert len(set(purposes)) == len(purposes), "one lever a purpose, so that every payment belongs to one"


def test_a_rule_of_one_s_own_pays():
    """Every village hands 0.01 万元 to its residents: no income, no cost of any measure, and the accounts balance."""
    model = DistrictModel(PLACE, only("training"), rng=1)
    ledger = model.engine.now.ledger
    before = ledger.balances["village.cash"].copy()
    ledger.pay("village", "residents", np.full((1, 9), 0.01), "own_rule")
    np.testing.assert_allclose(ledger.balances["village.cash"], before - 0.01, rtol=1e-12)
    assert ledger.paid_by(("village",), ("own_rule",))[0] == pytest.approx(0.09)
    assert ledger.total() == pytest.approx(0, abs=1e-9)
