"""Every number, measure, problem and recommendation of the report has its row, and what a row claims is so."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from test_pages import resolve

from docs import make_coverage, make_levers
from docs.coverage.checks import CHANGES, DOWN, EQUALS, START, UP, Check, Outcome, Runs, passes
from docs.coverage.row import KIND_ZH, OUT, STATUS_ZH, Row
from docs.coverage.setups import PLACES, Setup, parameters
from docs.coverage.table import PARTS, ROWS
from scenarios import load_facts
from sim.policies.registry import LEVERS, check_strategy
from sim.world import DECLARED

PAGE = (Path(make_coverage.__file__).with_name("coverage.md")).read_text(encoding="utf-8")
CODES = [f"{letter}{number}" for letter, last in (("N", 44), ("M", 13), ("P", 13), ("R", 17)) for number in
         range(1, last + 1)]  # fmt: skip
CHECKS = [(row, place, check) for row in ROWS for place, check in enumerate(row.checks)]
NUMBER = r"[+-]?[\d.]+(?:e[+-]\d+)?"
SEEN = re.compile(rf"(?<=[↑↓≠=] ){NUMBER}(?: → {NUMBER} \({NUMBER}\))?|(?<=, then ){NUMBER}(?=<br>| \|)")
"""The numbers that a check found."""
QUICK = ("N13", "N38", "P2", "M7", "M3", "R5")


@pytest.fixture(scope="module")
def runs() -> Runs:
    return Runs()


def lines() -> dict[str, str]:
    """The lines of the page's tables by code."""
    return {found.group(1): line for line in PAGE.splitlines() if (found := re.match(r"\| ([NMPR]\d+) \|", line))}


def written(row: Row, runs: Runs) -> str:
    """The line that a row gives."""
    return make_coverage.line(row, make_coverage.outcomes([row], runs))


def numbers(line: str) -> list[float]:
    return [float(word) for seen in SEEN.findall(line) for word in re.findall(NUMBER, seen)]


def same(line: str, other: str) -> bool:
    """Whether two lines differ in nothing but the last figure of what was found."""
    if SEEN.sub("#", line) != SEEN.sub("#", other):
        return False
    return np.allclose(numbers(line), numbers(other), rtol=0.1, atol=1e-9)


def test_every_item_of_the_report_has_one_row() -> None:
    assert [row.code for row in ROWS] == CODES
    assert {row.code[0] for row in PARTS["问题 Problems"]} == {"P"}


def test_no_row_is_empty() -> None:
    for row in ROWS:
        assert row.place and row.says and row.kind in KIND_ZH and row.status in STATUS_ZH, row.code
        if row.status == OUT:
            assert row.because and not row.checks and not row.elements, row.code
        else:
            assert row.model and row.elements and row.checks, row.code
    for line in lines().values():
        assert all(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]), line


def test_what_stands_for_a_row_exists() -> None:
    for row in ROWS:
        for name in row.elements:
            resolve(name)


def test_every_lever_of_the_report_has_a_check() -> None:
    """But for one of which its page says that the report has no term for it."""
    of_none = {key for key in LEVERS if make_levers.front(key).get("report", "").startswith("no term of the report")}
    words = " ".join(change.words for _, _, check in CHECKS for change in (check.without, check.zero, check.under))
    missing = {key for key in LEVERS if f"`{key}`" not in words} - of_none
    assert not missing, (
        f"in a row of docs/coverage: by_lever({missing}, OUTPUT, UP or DOWN, what sets its effect to zero)"
    )


def test_what_a_check_names_exists() -> None:
    """Levers, settings and parameters of both sides; the facts are those of the district."""
    base = Setup()
    for row, _, check in CHECKS:
        for change in (check.under, check.without, check.zero):
            setup = change.apply(check.under.apply(base))
            assert not check_strategy(setup.strategy, setup.district), row.code
            assert set(setup.parameters) <= set(DECLARED), row.code
            assert set(setup.facts) <= set(base.district.facts), row.code
            assert set(setup.places) <= set(PLACES), row.code
            assert setup.calendar, row.code


def test_a_number_is_that_of_the_report() -> None:
    """What a row N counts stands under its code in the district's file, or is derived from what stands there."""
    told = {code: {fact.value for fact in load_facts("enyang").values() if fact.number == code} for code in CODES}
    derived = {"N2": 42 * 2, "N31": round(46 / 309 * 209)}
    for row, _, check in CHECKS:
        if check.direction == EQUALS:
            assert check.value in told[row.code] or check.value == derived[row.code], row.code


def test_every_check_has_an_effect_and_a_zero() -> None:
    for row, _, check in CHECKS:
        assert check.zero.words and check.direction in {UP, DOWN, CHANGES, EQUALS}, row.code
        assert bool(check.without.words) == (check.direction != EQUALS), row.code
        assert np.isfinite(check.value) == (check.direction == EQUALS), row.code


def test_the_page_is_that_of_the_rows(runs: Runs) -> None:
    """Texts of all rows, without what was found."""
    found = {(row.code, place): Outcome(1, 2, 0, True, True) for row, place, _ in CHECKS}
    page = SEEN.sub("#", PAGE)
    assert page == SEEN.sub("#", make_coverage.text(found)), "run: python docs/make_coverage.py"


@pytest.mark.parametrize("code", QUICK)
def test_a_row_acts_as_the_page_says(code: str, runs: Runs) -> None:
    row = next(row for row in ROWS if row.code == code)
    assert all(outcome.holds for outcome in make_coverage.outcomes([row], runs).values())
    assert same(lines()[code], written(row, runs)), "run: python docs/make_coverage.py"


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_all_rows_act_as_the_page_says(part: str) -> None:
    runs = Runs()
    found = make_coverage.outcomes(PARTS[part], runs)
    assert [key for key, outcome in found.items() if not outcome.holds] == []
    wrong = [row.code for row in PARTS[part] if not same(lines()[row.code], make_coverage.line(row, found))]
    assert wrong == [], "run: python docs/make_coverage.py"


def test_a_check_can_fail(runs: Runs) -> None:
    """Wrong direction, no effect, a number that is not there, and a zero that is none."""

    def found(*values: object, **more: object) -> Outcome:
        return runs.outcome(Check(*values, when=2025, **more))  # type: ignore[arg-type]

    gain, none = parameters(training_gain=0), parameters(fixed_cost=1.5)
    assert found("ability_mean", UP, gain, gain).holds
    assert not found("ability_mean", DOWN, gain, gain).passes
    assert not found("ability_mean", UP, gain, none).passes
    assert not found("ability_mean", CHANGES, gain, none).passes
    assert not found("ability_mean", UP, none, gain).fails_at_zero
    at_start = Check("total secretary.is_capable", EQUALS, gain, value=140, when=START)
    assert runs.outcome(at_start).passes and not runs.outcome(at_start).fails_at_zero


def test_a_direction_needs_more_than_noise() -> None:
    noise = np.array([1.0, -1.1, 0.9, -0.8, 1.2, -1.0, 0.7, 0.4])
    assert not passes(noise, UP) and not passes(noise, DOWN) and passes(noise, CHANGES)
    assert passes(noise + 9, UP) and passes(noise - 9, DOWN) and not passes(0 * noise, CHANGES)
    assert not passes(np.full(8, 1e-13), UP)
