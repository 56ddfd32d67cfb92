"""The benchmarks run, count what they say they count, and their table holds what it should."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks import bench, earlier, oracle_speed, places, sizes, starsim_speed, startup, studies, touching, traffic
from benchmarks.measuring import Repeats, fresh, in_turn
from benchmarks.phases import Case
from benchmarks.rows import AT_LEAST, AT_MOST, CONSTANTS, Finding, Row
from experiments import load_district, load_strategy
from experiments.compose import options, session
from experiments.overrides import read
from experiments.preflight import preflight
from sim.engine import Engine
from sim.futures import numbered
from sim.options import RunOptions

ROOT = Path(__file__).resolve().parents[2]
YEAR = 2024


@pytest.fixture(scope="module")
def case() -> Case:
    return Case(load_district("enyang"), load_strategy("existing_all_four"), RunOptions(horizon=YEAR))


def check(rows: Sequence[Row], *numbers: int) -> None:
    """Every row is numbered, has finite findings and words in every field."""
    assert [row.number for row in rows] == list(numbers)
    for row in rows:
        assert row.findings and row.limits and row.how
        assert all(np.isfinite(finding.found.values).all() for finding in row.findings)
        assert not re.search(r"\bnan\b|\binf\b", " ".join([row.limits, *row.beside]))


@pytest.mark.thorough
def test_row_1_against_the_oracle(case: Case) -> None:
    row = oracle_speed.row(case, 1, together=4)
    check([row], 1)
    assert row.findings[0].found.median > 1


@pytest.mark.thorough
def test_row_2_against_starsim(case: Case) -> None:
    pytest.importorskip("starsim")
    check([starsim_speed.row(case, 1, together=2)], 2)


@pytest.mark.thorough
def test_row_3_against_memory(case: Case) -> None:
    row = traffic.row(case, 1, together=8)
    check([row], 3)
    assert (
        sum("." in line.split("|")[1] for line in row.beside if line.startswith("| ")) == 49
    )  # phases of the year that move arrays


@pytest.mark.thorough
def test_row_4_ten_times_the_villages(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "TIMES", 2)
    check([sizes.villages_row(case, 1, together=2)], 4)


@pytest.mark.thorough
def test_row_5_every_resident(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "PEOPLED", (0.1, 0.2))
    check(sizes.residents_rows(case, 1), 5, 5)


@pytest.mark.slow
def test_rows_6_to_8_of_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "MORE", 2)
    rows = [studies.memory_row(50, 1, YEAR), studies.overhead_row(50, 1, YEAR), studies.workers_row(100, 1, YEAR)]
    check(rows, 6, 7, 8)


@pytest.mark.thorough
def test_a_study_is_computed_in_a_process_of_its_own() -> None:
    done = fresh("studies:computed", futures=2, workers=1, detail="district", horizon=YEAR)
    assert done["result"]["bytes"] > 0 and done["peak_bytes"] >= done["result"]["peak_before_finish"] > 10**7


@pytest.mark.thorough
def test_row_9_from_the_command_to_the_first_run() -> None:
    in_process = startup.seconds_to_first_run("run", "futures=1", f"horizon={YEAR}")
    with pytest.raises(SystemExit, match="no run began"):
        startup.seconds_to_first_run("run", "futures=none")
    assert 0 < in_process < startup.PATIENCE
    assert startup.by_package({"a.b": 2.0, "a": 1.0, "c": 9.0}, {"c": 1.0}) == [("a", 3.0)]


@pytest.mark.thorough
def test_row_10_against_an_earlier_version(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("strategies=[none]", "futures=1", f"horizon={YEAR}", "residents=off", "report=false")
    check(earlier.rows(str(ROOT), 1, words), 10)
    bench.main(["--rows", "10", "--quick", "--earlier", "no-such-version"])
    assert "row 10 was not measured: no-such-version is not in this clone" in capsys.readouterr().err


def test_touched_arrays_are_counted_once_and_whole(case: Case) -> None:
    together, number = 3, case.district.villages
    touched = touching.touched_by_phases(case, together)
    column = together * number * 8
    one_a_run = together * 8
    # roads.wear reads one column of villages and the policy column of repairs, and a few parameters; it writes one
    assert touched["roads.wear"].written == column
    assert 2 * column <= touched["roads.wear"].read <= 3 * column + 10 * one_a_run
    # incomes are measured from flows: the ledger's are counted
    assert touched["finance.measure_incomes"].read > 10 * column


def test_noting_changes_no_number(case: Case) -> None:
    plain, noted = case.engine(2), case.engine(2)
    touching.make_noting(noted)
    for _ in range(case.quarters):
        plain.step()
        noted.step()
    for name in plain.now.state.village.columns:
        assert np.array_equal(getattr(plain.now.state.village, name), getattr(noted.now.state.village, name)), name


def test_a_repeated_district_has_as_many_more_of_everything(case: Case) -> None:
    large = places.repeated(case.district, 3)
    assert (large.villages, large.towns, large.clusters) == tuple(
        3 * number for number in (case.district.villages, case.district.towns, case.district.clusters)
    )
    assert len(set(large.village_code)) == large.villages and (np.sort(large.village_code) == large.village_code).all()
    counted = {name: large.facts[name] for name in ("villages", "towns", "clusters", "parks", "town_areas")}
    assert counted["villages"] == large.villages and counted["town_areas"] == len(set(large.area_of_town))
    assert counted["parks"] == large.parks_in_town.sum()
    engine = Engine(large, case.strategy, numbered([0]), RunOptions(horizon=YEAR))
    assert engine.now.state.village.rows == large.villages


def test_repeats_and_verdicts_are_computed() -> None:
    one, two = in_turn(3, iter([2.0, 4.0, 9.0]).__next__, iter([1.0, 2.0, 3.0]).__next__)
    assert one.over(two) == Repeats((2.0, 2.0, 3.0)) and one.median == 4.0
    assert one.more_than(two).values == (100.0, 100.0, 200.0)
    row = Row(1, "m", AT_LEAST, 2, "×", [Finding("", one.over(two))], "l", "h")
    assert row.reaches(row.findings[0])
    assert not Row(1, "m", AT_MOST, 1.9, "×", row.findings, "l", "h").reaches(row.findings[0])
    text = bench.page([row], bench.QUICK, 60, (0.5, 0.5))
    assert "| 1 m | ≥ 2× | 2.0 | 2.0–3.0 (n = 3) | yes | l |" in text and "do not quote" in text


def test_the_page_on_scale_is_fresh() -> None:
    page, results = ((ROOT / name).read_text(encoding="utf-8") for name in ("docs/scale.md", "benchmarks/RESULTS.md"))
    assert runpy.run_path(str(ROOT / "docs/make_scale.py"))["text"](page, results) == page, "python docs/make_scale.py"


@pytest.mark.thorough
def test_commands_of_the_page_on_scale_are_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    words = [shlex.split(line)[1:] for line in lines if line.startswith("qiangcun ")]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.preflight.check_reachable", lambda workers: [])  # no scheduler is named HOST
    assert words
    for job, *overrides in words:
        with session():
            preflight(read(job, overrides, options("district")))


def test_the_results_hold_all_constants() -> None:
    results = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    found = runpy.run_path(str(ROOT / "docs/make_scale.py"))["constants"](results)
    assert set(found) == set(CONSTANTS) and all(value >= 0 for value in found.values())


def test_every_row_has_its_measure() -> None:
    assert list(bench.measures(bench.QUICK)) == list(range(1, 11))


def test_the_table_in_the_tree_holds_nine_rows_with_right_verdicts() -> None:
    text = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    table = text.partition("## The table")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()]
    rows = [cell for cell in cells if cell and cell[0][:1].isdigit()]
    assert {int(row[0].split()[0]) for row in rows} == set(range(1, 10))
    for _, aim, median, _, met, _ in rows:
        sign, goal = aim.split()[:2]
        number, wanted = (float(re.match(r"-?[\d,.]+", word).group().replace(",", "")) for word in (median, goal))
        if number != wanted:  # a rounded median that stands on the line may be on either side of it
            assert met == ("yes" if (number > wanted) == (sign == AT_LEAST) else "no"), (aim, median)
