"""A run is the same alone, in any batch, in any order and in any process; its shocks know no strategy (D-C1)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from places import (
    ALL,
    ALL_GROUP,
    EXISTING,
    NONE,
    OWN_KEYS,
    POOLS_PAY,
    all_outputs,
    changed,
    engine_in,
    enyang,
    mode_values,
    only,
    options,
    rows_of,
    same,
    small_district,
    start_engine,
    yearly_states,
)
from places import run_unchecked as run_batch

from sim import tape
from sim.engine import BatchResult
from tests.tiers import fast

HERE = Path(__file__).parent


def assert_row_equals(batch: BatchResult, row: int, alone: BatchResult, place: int = 0) -> None:
    inside, outside = all_outputs(batch), all_outputs(alone)
    assert list(inside) == list(outside)
    wrong = [name for name in inside if not same(inside[name][row].copy(), outside[name][place].copy())]
    assert wrong == []


EXPONENTS = {
    "as declared": {},
    "two": {
        **mode_values("returns_to_scale", 2.0, ["asset_leasing"]),
        **mode_values("endowment_exponent", 2.0, OWN_KEYS[:3]),
    },
    "half": {**mode_values("returns_to_scale", 0.5), **mode_values("access_exponent", 0.5, OWN_KEYS[:4])},
    "one": {**mode_values("returns_to_scale", 1.0), **mode_values("labour_exponent", 1.0, OWN_KEYS[:2])},
    "minus one": {"entity_operation.manager_exponent": 1.0, **mode_values("endowment_exponent", -1.0, OWN_KEYS[:3])},
}


@pytest.mark.parametrize("exponents", fast(EXPONENTS, 2))
def test_a_run_in_a_batch_equals_the_run_alone(exponents):
    place, chosen, fixed = enyang(), options(2027, residents=10), {**POOLS_PAY, **EXPONENTS[exponents]}
    worlds, seeds = [None, 3, 5, 8, 3, 11, 12, 40, 41], [4, 3, 5, 8, 9, 11, 12, 40, 41]
    batch = run_batch(place, ALL, worlds, seeds, chosen, fixed)
    for row in (0, 1, 8):
        alone = run_batch(place, ALL, [worlds[row]], [seeds[row]], chosen, fixed)
        assert_row_equals(batch, row, alone)
    for size in (2, 3, 8):
        part = run_batch(place, ALL, worlds[-size:], seeds[-size:], chosen, fixed)
        assert_row_equals(batch, 8, part, size - 1)


def test_exponents_that_differ_inside_a_batch_leave_each_run_alone():
    """Rows with exponents 2, 1/2, 1 and -1 stand beside rows with ordinary ones."""
    place, chosen = small_district(lone=True), options(2029)
    overrides = [{**POOLS_PAY, **found} for found in EXPONENTS.values()]
    with rows_of(overrides):
        batch = run_batch(place, ALL, [None] * 5, [1] * 5, chosen)
    for row, override in enumerate(overrides):
        assert_row_equals(batch, row, run_batch(place, ALL, [None], [1], chosen, override))


@pytest.mark.parametrize("strategy", fast([ALL_GROUP, NONE, EXISTING], 1), ids=lambda found: found.key)
@pytest.mark.parametrize("residents", [0, 12])
def test_small_districts_do_not_know_their_batch(strategy, residents):
    place, chosen = small_district(lone=True), options(2032, residents=residents)
    worlds = seeds = [0, 1, 2, 3, 4, 5, 6]
    batch = run_batch(place, strategy, worlds, seeds, chosen, POOLS_PAY)
    for row in (0, 4, 6):
        assert_row_equals(batch, row, run_batch(place, strategy, [row], [row], chosen, POOLS_PAY))


def test_leaving_villages_out_of_the_record_changes_nothing_else():
    place, chosen = enyang(), options(2025, residents=10)
    whole = run_batch(place, EXISTING, [0, 1], [0, 1], chosen)
    without = run_batch(place, EXISTING, [0, 1], [0, 1], chosen, keep="district")
    assert whole.villages and without.villages == {}
    assert [name for name in whole.indicators if not same(whole.indicators[name], without.indicators[name])] == []


def test_order_of_runs_does_not_matter():
    place, chosen = small_district(), options(2029)
    forth = run_batch(place, ALL, [0, 1, 2, 3], [0, 1, 2, 3], chosen)
    back = run_batch(place, ALL, [3, 2, 1, 0], [3, 2, 1, 0], chosen)
    for row in range(4):
        assert_row_equals(forth, row, back, 3 - row)


TARGETED = {
    "paired_assistance": {"villages": ["1000", "1001", "1002"], "exit_years": 3},
    "secretary_selection": {"villages": ["1000"], "inflow_per_year": 5},
    "joint_building": {"villages": ["1000", "1001"]},
    "digital_platform": {"villages": ["1000"]},
    "service_upgrade": {"villages": ["1000"]},
    "cadre_pay": {"villages": ["1000"]},
    "central_grant": {"villages": ["1000"], "rate": 0.5},
}


@pytest.mark.parametrize("key", fast(TARGETED, 2))
def test_a_lever_reaching_nobody_in_one_run_does_not_feel_the_others(key):
    """Targeting by income: in some runs nobody is reached in some years, in others somebody is."""
    place, chosen = small_district(), options(2034)
    fixed = {"targeting_capture": 0.8, "exit_at_term": 0.5}
    strategy = changed(only("secretary_selection") if key != "secretary_selection" else NONE, key,
                       intensity=1, **{"income_below": 13, **TARGETED[key]})  # fmt: skip
    numbers = list(range(8))
    batch = yearly_states(engine_in(place, strategy, numbers, numbers, chosen, fixed), 11)
    for row in numbers:
        alone = yearly_states(engine_in(place, strategy, [row], [row], chosen, fixed), 11)
        for one, other in zip(batch, alone, strict=True):
            assert [name for name in one if not same(one[name][row].copy(), other[name][0].copy())] == []


def digest() -> str:
    """A hash of all outputs of a batch."""
    result = run_batch(small_district(lone=True), ALL, [None, 0, 1], [7, 0, 1], options(2029), POOLS_PAY)
    found = hashlib.sha256()
    for name, values in all_outputs(result).items():
        found.update(name.encode() + values.tobytes())
    return found.hexdigest()


@pytest.mark.parametrize("hash_seed", fast(["1", "2"], 1))
def test_another_process_gives_the_same_bytes(hash_seed):
    paths = os.pathsep.join([str(HERE.parents[1]), str(HERE)])
    command = [sys.executable, "-c", "import test_batches; print(test_batches.digest())"]
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == digest()


# Tapes ------------------------------------------------------------------------------------------------------

SIZES = {"villages": 8, "towns": 2, "clusters": 3, "modes": 8, "series": 5, "one": 1, "two": 2, "reserve": 14,
         "inflow": 3, "residents": 96, "reconsidering": 4, "sites": 32}  # fmt: skip


def test_a_stream_depends_on_key_and_name_alone():
    streams = tape.YEAR_STREAMS
    together = tape.Tapes(["seed 1", "seed 2", "seed 3"], SIZES).read(streams)
    alone = tape.Tapes(["seed 2"], SIZES).read(dict(reversed(list(streams.items()))))
    assert set(together) == set(alone) == set(streams)
    for name, values in together.items():
        assert same(values[1:2].copy(), alone[name]), name
        assert not np.array_equal(values[0], values[1]), name
    few = tape.Tapes(["seed 2"], SIZES).read({"exit": streams["exit"]})
    assert same(few["exit"], alone["exit"])
    same_law = [alone[name].tobytes() for name in alone if alone[name].shape == alone["exit"].shape]
    assert len(same_law) > 5
    assert len(set(same_law)) == len(same_law), "streams of different names differ"


def test_a_tape_does_not_start_again():
    source = tape.Tapes(["seed 1"], SIZES)
    first, second = source.read(tape.QUARTER_STREAMS), source.read(tape.QUARTER_STREAMS)
    assert all(not np.array_equal(first[name], second[name]) for name in first)


def test_laws_by_inverse_transform():
    """Means of Beta(5, 5), a cut normal, a Gumbel and an exponential on an even grid; its error is below 1e-4."""
    grid = (np.arange(100_000) + 0.5) / 100_000
    five = np.full((1, 1), 5.0)
    assert abs(tape.beta(grid[None], five, 5.0).mean() - 0.5) < 1e-4
    assert abs(tape.beta(grid[None], five, 5.0).var() - 1 / 44) < 1e-4
    assert abs(tape.gumbel(grid).mean() - np.euler_gamma) < 1e-3
    assert abs(tape.exponential(grid).mean() - 1) < 1e-3
    cut = tape.truncated_normal(grid, 45.0, 6.0, 25.0, np.array([45.0]))
    assert cut.min() >= 25 and cut.max() <= 45
    assert abs(cut.mean() - (45 - 6 * np.sqrt(2 / np.pi))) < 0.02  # the cut at 25 is 3.3 sd away: below 0.01
    noise = tape.Tapes(["seed 1"], {**SIZES, "villages": 500}).read(tape.QUARTER_STREAMS)["attendance"]
    spread = np.pi / np.sqrt(3)
    assert abs(noise.std() - spread) < 4 * spread / np.sqrt(noise.size) and noise.dtype == np.float32


def test_shocks_are_the_same_under_every_strategy():
    place, seen = small_district(lone=True), []
    rich = changed(ALL, "secretary_selection", inflow_per_year=9)
    for strategy in (NONE, EXISTING, ALL_GROUP, rich):
        engine = start_engine(place, strategy, 2, chosen=options(2030))
        draws = []
        for _ in range(12):
            engine.step()
            draws.append({name: values.copy() for name, values in vars(engine.now.draws).items()})
        seen.append(draws)
    for other in seen[1:]:
        for one, two in zip(seen[0], other, strict=True):
            assert set(one) == set(two)
            fixed = [name for name in one if "inflow" not in name]  # the inflow has as many places as the lever opens
            assert all(same(one[name], two[name]) for name in fixed)


def test_the_horizon_moves_no_earlier_year():
    place = small_district()
    short = run_batch(place, ALL, [0, None], [0, 1], options(2026))
    long = run_batch(place, ALL, [0, None], [0, 1], options(2034))
    for name, values in all_outputs(short).items():
        assert same(values.copy(), all_outputs(long)[name][:, : len(short.years)].copy()), name


def test_the_seed_and_the_world_matter():
    place = small_district()
    result = run_batch(place, NONE, [None, None, 0, 1], [0, 1, 0, 0], options(2026))
    incomes = result.indicators["income_operating_mean"][:, -1]
    assert len(set(incomes)) == 4
    assert same(result.villages["income_operating"][0, 0].copy(), result.villages["income_operating"][1, 0].copy())
