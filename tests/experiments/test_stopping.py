from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from experiments.compose import load_strategy
from experiments.executors import Workers
from experiments.jobs.common import run_study
from experiments.settings import Job
from experiments.stopping import Stopping, half_width, read_stopping
from experiments.store import MANIFEST, RUNS, content_hash
from experiments.study import Study
from scenarios import load_district
from sim.futures import numbered
from sim.options import RunOptions

INCOME = "income_operating_mean"


def test_the_half_width_is_that_of_student() -> None:
    values = np.array([1.0, 4.0, 2.0, 7.0])
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert half_width(values) == pytest.approx((high - low) / 2, rel=1e-12)
    assert half_width(np.array([*values, np.nan])) == half_width(values)
    assert half_width(np.array([1.0])) == np.inf


def test_rounds_end_at_the_last_future() -> None:
    rule = Stopping(1.0, INCOME, 2030, 100, 50)
    assert rule.rounds(220) == [100, 150, 200, 220]
    assert rule.rounds(200) == [100, 150, 200]
    assert rule.rounds(60) == [60]


def test_every_strategy_counts_and_the_reference_does_not() -> None:
    rule = Stopping(1.0, INCOME, 2030, 25, 25)
    base, narrow = np.zeros(50), np.linspace(-1, 1, 50)
    assert rule.is_reached({"base": base, "one": narrow}, "base")
    assert not rule.is_reached({"base": base, "one": narrow, "two": 10 * narrow}, "base")
    assert rule.is_reached({"base": 10 * narrow, "one": 10 * narrow + 1}, "base"), "differences count, not levels"


def test_mistakes_are_told() -> None:
    node = {"tolerance": 0, "indicator": "incomes", "year": 2050, "least": 5, "step": 0}
    rule, problems = read_stopping(node, (2024, 2030), 100, 25, "here")
    text = "\n".join(problem.text("en") for problem in problems)
    assert rule is None
    for part in ("tolerance", "incomes", "2024–2030", "20–100", "step"):
        assert part in text
    rule, problems = read_stopping({**node, "tolerance": None}, (2024, 2030), 100, 25, "here")
    assert (rule, len(problems)) == (None, 4), "what is wrong is told, though nothing stops early"
    good = {"tolerance": 0.5, "indicator": INCOME, "year": None, "least": 30, "step": 26}
    assert read_stopping(good, (2024, 2030), 100, 25, "here")[0] == Stopping(0.5, INCOME, 2030, 50, 50)


def study(tolerance: float) -> Study:
    return Study("stops", load_district("enyang"), (load_strategy("none"), load_strategy("existing")), "existing",
                 numbered(range(150)), RunOptions(horizon=2025, residents_per_village=0), detail="district",
                 stopping=Stopping(tolerance, INCOME, 2025, 25, 25))  # fmt: skip


@pytest.mark.thorough
def test_a_study_stops_where_its_numbers_say_and_nowhere_else(tmp_path: Path) -> None:
    whole = run_study(Job(study(1e-9), tmp_path, Workers(number=1)), "test")
    told = json.loads((whole.folder / MANIFEST).read_text(encoding="utf-8"))
    assert (told["futures"], told["stopping"]["reached"]) == (150, False)
    from analysis.data.results import load

    difference = load(whole.folder).paired("none", INCOME)[2025].to_numpy()
    widths = {end: half_width(difference[:end]) for end in (25, 50, 75, 100, 125)}
    tolerance = 0.9 * widths[25]
    expected = next(end for end, width in widths.items() if width <= tolerance)
    assert 25 < expected < 150
    found = [run_study(Job(study(tolerance), tmp_path / str(n), Workers(number=n)), "test").folder for n in (1, 2)]
    told = json.loads((found[0] / MANIFEST).read_text(encoding="utf-8"))
    assert (told["futures"], told["stopping"]["reached"], told["stopping"]["most"]) == (expected, True, 150)
    assert content_hash(found[0] / RUNS) == content_hash(found[1] / RUNS)
    assert load(found[0]).n == expected
    assert np.array_equal(load(found[0]).paired("none", INCOME)[2025], difference[:expected])
