from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis import load
from experiments import compare, load_district, load_strategy, simulate
from experiments.executors import Workers
from experiments.jobs.common import run_study
from experiments.settings import Job
from experiments.study import Study
from sim.district import District
from sim.futures import numbered
from sim.options import RunOptions
from sim.problems import InputErrors

COLUMNS = ["strategy", "world", "seed", "year", "indicator", "value"]


@pytest.fixture(scope="module")
def enyang() -> District:
    return load_district("enyang")


def test_simulate_gives_a_long_table(enyang: District) -> None:
    result = simulate(enyang, "existing", seeds=range(3, 5), horizon=2025, residents=10)
    table = result.to_frame()
    assert list(table.columns) == COLUMNS
    assert set(table["seed"]) == set(table["world"]) == {3, 4}
    assert set(table["year"]) == {2023, 2024, 2025}
    assert len(result.villages()) == 2 * 3 * enyang.villages


@pytest.mark.thorough
def test_a_future_does_not_depend_on_its_company(enyang: District) -> None:
    alone = simulate(enyang, "none", seeds=[7], horizon=2024, residents=0).to_frame()
    among = simulate(enyang, "none", seeds=range(9), horizon=2024, residents=0).to_frame()
    among = among[among["seed"] == 7]
    assert list(alone["value"]) == list(among["value"])


def test_compare_pairs_the_futures(enyang: District) -> None:
    half = load_strategy("existing", ["levers.joint_building.intensity=0.5"])
    result = compare(enyang, ["none", half], seeds=range(4), horizon=2025, residents=0, world="default")
    assert set(result.to_frame()["world"]) == {-1}
    assert set(result.effects["strategy"]) == {"none"}
    assert (result.effects["n"] == 4).all()
    assert result.plot().axes
    assert set(result.compare("none")["strategy"]) == {"existing"}
    table = result.distribution(year=2024, by="income_third").table
    assert set(table["strategy"]) == {"none", "existing"} and (table["n"] == 4).all()


def test_results_of_a_notebook_are_those_of_the_command(enyang: District, tmp_path: Path) -> None:
    """The same class with the same verbs: what is filtered, compared and written is the same in memory and on disk."""
    in_memory = compare(enyang, ["none", "existing"], seeds=range(3), horizon=2025, residents=0)
    strategies = (load_strategy("none"), load_strategy("existing"))
    options = RunOptions(horizon=2025, residents_per_village=0)
    design = Study("same", enyang, strategies, "existing", numbered(range(3)), options)
    on_disk = load(run_study(Job(design, tmp_path, Workers(number=1)), "test").folder)
    pd.testing.assert_frame_equal(in_memory.frame(), on_disk.frame())
    pd.testing.assert_frame_equal(in_memory.villages(), on_disk.villages())
    pd.testing.assert_frame_equal(in_memory.effects, on_disk.effects)
    pd.testing.assert_frame_equal(in_memory.worlds, on_disk.worlds)
    for found in (in_memory, on_disk):
        part = found.filter(strategies=["none"], years=[2024, 2025], futures=[(0, 0), (2, 2)])
        assert (part.reference, part.horizon, list(part.futures)) == ("none", 2025, [(0, 0), (2, 2)])
        assert part.village_values("capital", 2025).by_strategy["none"].shape == (2, 209)


def test_mistakes_are_told_together(enyang: District) -> None:
    with pytest.raises(InputErrors) as caught:
        simulate(enyang, "none", seeds=[1, 1], horizon=2020, parameters={"fixed_csot": 1}, colour=3, world="x")
    assert len(caught.value.problems) == 5
    with pytest.raises(InputErrors) as caught:
        load_strategy("exsting", ["levers.joint_bilding.intensity=1"])
    assert {problem.nearest for problem in caught.value.problems} == {
        "existing",
        "strategy.levers.joint_building.intensity",
    }


def test_a_strategy_from_a_file(enyang: District, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("defaults: [existing, _self_]\nlevers: {cadre_pay: {bonus_share: 0.1}}\n", encoding="utf-8")
    strategy = load_strategy(path)
    assert strategy.key == "mine"
    assert strategy.levers["cadre_pay"] == {"intensity": 1, "start": 2024, "bonus_share": 0.1}
    (tmp_path / "strategy").mkdir()
    path.rename(tmp_path / "strategy" / "mine.yaml")
    assert load_strategy(tmp_path / "strategy" / "mine.yaml") == strategy
