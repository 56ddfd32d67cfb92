"""What must hold for any parameters inside their ranges and any levers with any settings (Hypothesis)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import engine_in, options, rows_of, small_district, state_of

from sim import tape
from sim.arithmetic import MONEY_TOLERANCE
from sim.ledger import by_seat
from sim.policies.base import Choice, Strategy
from sim.policies.registry import LEVERS, check_strategy
from sim.processes import ventures
from sim.record import Record
from sim.world import DECLARED

PLACES = (small_district(), small_district(lone=True), small_district(settlements=0, reserve_cadres=3))
RUNS = 2


def usual(examples: int) -> settings:
    """The same examples every time, and no limits of time, which depend on the machine."""
    return settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@st.composite
def parameters(draw) -> dict[str, float]:
    """A point of the box: a random one, with a few parameters at the very ends of their ranges."""
    source = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = {name: source.uniform(item.low, item.high) for name, item in DECLARED.items()}
    ends = draw(st.dictionaries(st.sampled_from(sorted(DECLARED)), st.booleans(), max_size=12))
    return {**values, **{name: DECLARED[name].high if high else DECLARED[name].low for name, high in ends.items()}}


@st.composite
def strategies(draw) -> Strategy:
    """Some levers, each with settings and options from all of what is allowed, some with dates and targets."""
    levers = {}
    for key in draw(st.lists(st.sampled_from(sorted(LEVERS)), unique=True, max_size=len(LEVERS))):
        source = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        values: dict = {"intensity": draw(st.sampled_from([0.1, 0.5, 1.0]))}
        for name, item in LEVERS[key].settings().items():
            if name == "intensity" or source.random() < 0.4:
                continue
            if isinstance(item, Choice):
                values[name] = str(source.choice(list(item.options)))
            else:
                values[name] = float(source.choice([item.low, item.high, source.uniform(item.low, item.high)]))
        if draw(st.booleans()):
            values["start"] = 2024 + int(source.integers(0, 3))
            values["end"] = values["start"] + int(source.integers(0, 4))
        if source.random() < 0.3:
            values["income_below"] = float(source.uniform(1, 40))
        levers[key] = values
    return Strategy("drawn", levers=levers)


def run(place, strategy, points, chosen):
    """Step through, checking every state after every quarter; returns the indicators."""
    assert check_strategy(strategy, place) == []
    with rows_of(points):
        engine = engine_in(place, strategy, list(range(len(points))), list(range(len(points))), chosen)
    record = Record(engine.now, chosen.start_year, chosen.horizon)
    record.take()
    for quarter in range(4 * (chosen.horizon - chosen.start_year + 1)):
        engine.step()
        check_state(engine)
        if quarter % 4 == 3:
            record.take()
    return record.indicators()


def check_state(engine):
    ledger, state, venture = engine.now.ledger, engine.now.state, engine.now.state.venture
    assert np.all(np.abs(ledger.total() - engine.opening_total) <= 1e-9 * ledger.turnover), "money"
    for name, values in state_of(engine).items():
        number = values.astype(np.float64)
        assert np.all(np.isfinite(number)), name
        if name == "cohort":
            assert number.min() >= 0
            np.testing.assert_allclose(number.sum(axis=(2, 3)), 1.0, rtol=1e-9, err_msg="people")
        elif number.size:
            column = getattr(state, name.split(".")[0]).columns[name.split(".")[1]]
            assert number.min() >= column.low - 1e-9 and number.max() <= column.high + 1e-6, name
    active = venture.active > 0
    np.testing.assert_allclose(venture.mix.sum(axis=2)[active], 1.0, rtol=1e-12, err_msg="modes of a venture")
    held = ventures.stakes(engine.now)
    assert np.all(held[by_seat(np.ones_like(state.village.cash)) == 1] >= 0)
    amount = np.where(engine.now.seats.sum(ventures.sharing_weights(engine.now)) > 0, 7.0, 0.0)
    parts = ventures.parts(engine.now, amount)
    np.testing.assert_allclose(engine.now.seats.sum(parts), amount, rtol=1e-12, err_msg="shares of a payout")
    quality = state.alliance.quality
    assert np.all((quality >= 0) & (quality <= 1))


def check_indicators(found, residents):
    for name, values in found.items():
        if "gini" in name:
            known = values[np.isfinite(values)]
            assert np.all((known >= -1e-12) & (known <= 1)), name
    for measure in ("operating", "total"):
        assert np.all(found[f"income_{measure}_mean"] >= -MONEY_TOLERANCE)
    if residents:
        funnel = [found[f"participation_{name}"][:, 1:] for name in ("vote", "speak", "initiate")]
        for one, other in zip(funnel, funnel[1:], strict=False):
            assert np.all(one >= other), (one - other).min()
        assert np.all((found["participation"] >= 0) & (found["participation"] <= 1))


@usual(25)
@given(
    st.lists(parameters(), min_size=RUNS, max_size=RUNS), strategies(), st.sampled_from(PLACES),
    st.sampled_from([0, 7, 12]), st.sampled_from(["bazhong_mean", "target_consistent"]),
)  # fmt: skip
def test_nothing_breaks_anywhere(points, strategy, place, residents, start):
    """No NaN, no negative stock, money and people conserved, shares sum to 1, after each of 24 quarters."""
    check_indicators(run(place, strategy, points, options(2029, residents=residents, start=start)), residents)


@pytest.mark.slow
@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    st.lists(parameters(), min_size=RUNS, max_size=RUNS), strategies(), st.sampled_from(PLACES),
    st.sampled_from([0, 7, 30]), st.sampled_from(["bazhong_mean", "target_consistent"]),
)  # fmt: skip
def test_nothing_breaks_anywhere_else(points, strategy, place, residents, start):
    """The same with fresh examples and until 2036."""
    check_indicators(run(place, strategy, points, options(2036, residents=residents, start=start)), residents)


@usual(12)
@given(parameters(), strategies(), st.integers(2, 4))
def test_a_drawn_run_does_not_know_its_batch(point, strategy, runs):
    """Results do not depend on R, bit for bit, for any levers and parameters."""
    chosen = options(2027, residents=7)
    with rows_of([point]):
        alone = engine_in(PLACES[1], strategy, [3], [5], chosen)
    others = [{name: item.high for name, item in DECLARED.items()}] * (runs - 1)
    with rows_of([*others, point]):
        batch = engine_in(PLACES[1], strategy, [*range(runs - 1), 3], [*range(runs - 1), 5], chosen)
    for _ in range(16):
        alone.step()
        batch.step()
    together = state_of(batch)
    for name, values in state_of(alone).items():
        assert values[0].tobytes() == together[name][-1].tobytes(), name


def test_shares_of_a_surplus_leave_something_to_reinvest():
    """Reserve, services and dividend never take more than the whole, even with all three at their high ends."""
    highest = sum(DECLARED[name].high for name in ("reserve_share", "service_share", "dividend_share"))
    assert highest < 1
    assert np.isclose(1 - sum(DECLARED[f"{name}_share"].default for name in ("reserve", "service", "dividend")), 0.30)


@usual(60)
@given(st.floats(0.5, 20), st.floats(0.5, 20), st.integers(0, 2**32 - 1))
def test_inverse_transforms_stay_in_their_support(a, b, seed):
    uniform = np.random.default_rng(seed).random((1, 50))
    skills = tape.beta(np.concatenate([uniform, [[0.0, 1 - 1e-16]]], axis=1), np.array([[a]]), b)
    assert np.all((skills >= 0) & (skills <= 1))
    ages = tape.truncated_normal(uniform, 45.0, 6.0, 25.0, 40 + a)
    assert np.all((ages >= 25) & (ages <= 40 + a)), "even where the mean is above the cap"
