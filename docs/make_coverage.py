"""Write docs/coverage.md by running every check of docs/coverage/: `python docs/make_coverage.py`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from docs.coverage.checks import CHANGES, DOWN, EQUALS, ERRORS, FUTURES, TINY, UP, Check, Outcome, Runs  # noqa: E402
from docs.coverage.row import KIND_ZH, OUT, STATUS_ZH, Row  # noqa: E402
from docs.coverage.setups import HORIZON, RESIDENTS  # noqa: E402
from docs.coverage.table import PARTS, ROWS  # noqa: E402

TARGET = Path(__file__).with_name("coverage.md")
SIGN = {UP: "↑", DOWN: "↓", CHANGES: "≠", EQUALS: "="}
HEADS = ("编号 code", "报告 report says", "模型 in the model", "检验 shown by", "状态 status")

OPENING = f"""\
# 覆盖表 Coverage

This page is written by `docs/make_coverage.py`; do not edit it by hand.
本页由 `docs/make_coverage.py` 生成，请勿手工修改。

每个数字、举措、问题、建议各一行：报告怎么说，模型里由什么代表，哪一项输出证明它起作用。每项检验都运行两遍：有这一作用时，输出须按所示
方向变动；把这一作用设为零后，检验须不再成立。

One row for each number (N), measure in force (M), problem (P) and recommendation (R) of the report
《抓党建促乡村振兴的路径研究》(2024): what it says, what stands for it, and which output shows it. Every check is made
twice: with the effect the output must move as stated, and with the effect set to zero the check must fail.

How to read a check: output, arrow (↑ higher, ↓ lower, ≠ different, = equal to a number), then the output **without →
with** the effect and the difference, what it is compared with (against), the situation if it is not the usual one, how
the effect is set to zero, and the difference then. Everything is run on top of the strategy `existing` in Enyang:
{FUTURES} paired futures with all parameters at their defaults, {RESIDENTS} residents a village, to {HORIZON}; the
output is the mean over the years unless one is named. A direction counts if the mean paired difference exceeds
{ERRORS:g} standard errors. Sizes show that an effect acts; they are no findings (for those run a study).
数值只说明有无作用，不是结论。

| 状态 status | rows |
|---|---|
"""


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return text.replace("|", "\\|")


def number(value: float) -> str:
    """Three figures."""
    return "0" if abs(value) < TINY else f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def signed(value: float) -> str:
    """A difference, in two figures."""
    return "0" if abs(value) < TINY else f"{value:+.2g}" if abs(value) < 100 else f"{value:+.0f}"


def shown(check: Check, outcome: Outcome) -> str:
    """One check as text."""
    when = f" ({check.when})" if check.when != "mean" else ""
    head = f"`{check.output}`{when} {SIGN[check.direction]}"
    if check.direction == EQUALS:
        seen, then, against = number(outcome.with_effect), number(outcome.at_zero), ""
    else:
        change = outcome.with_effect - outcome.without
        seen = f"{number(outcome.without)} → {number(outcome.with_effect)} ({signed(change)})"
        then, against = signed(outcome.at_zero), f"; against: {check.without.words}"
    under = f"; situation: {check.under.words}" if check.under.words else ""
    wrong = "" if outcome.holds else " **fails**"
    return f"{head} {seen}{wrong}{against}{under}; zero: {check.zero.words}, then {then}"


def model(row: Row) -> str:
    """What stands for a row, with its kind and dotted names."""
    if row.status == OUT:
        return f"*{KIND_ZH[row.kind]} {row.kind}*"
    names = ", ".join(f"`{name}`" for name in row.elements)
    return f"*{KIND_ZH[row.kind]} {row.kind}*: {row.model}. {names}"


def status(row: Row) -> str:
    """Its status; what is not modelled says why."""
    text = f"{STATUS_ZH[row.status]} {row.status}"
    return f"{text} {row.because}" if row.status == OUT else f"{text}; {row.because}" if row.because else text


def outcomes(rows: Sequence[Row] = ROWS, runs: Runs | None = None) -> dict[tuple[str, int], Outcome]:
    """What every check of the rows found, by code and place."""
    runs = runs or Runs()
    return {(row.code, place): runs.outcome(check) for row in rows for place, check in enumerate(row.checks)}


def line(row: Row, found: Mapping[tuple[str, int], Outcome]) -> str:
    """One line of the table."""
    checks = "<br>".join(shown(check, found[row.code, place]) for place, check in enumerate(row.checks)) or "—"
    cells = (row.code, f"{row.place} {row.says}", model(row), checks, status(row))
    return "| " + " | ".join(map(cell, cells)) + " |"


def text(found: Mapping[tuple[str, int], Outcome]) -> str:
    """The whole page."""
    counted = "".join(
        f"| {zh} {status} | {sum(row.status == status for row in ROWS)} |\n" for status, zh in STATUS_ZH.items()
    )
    parts = [OPENING + counted]
    for title, rows in PARTS.items():
        head = "| " + " | ".join(HEADS) + " |\n|---|---|---|---|---|\n"
        parts.append(f"## {title}\n\n{head}" + "".join(line(row, found) + "\n" for row in rows))
    return "\n".join(parts)


def main() -> int:
    """Write the page; the exit code is 1 if a check does not hold."""
    found = outcomes()
    TARGET.write_text(text(found), encoding="utf-8", newline="\n")
    wrong = [f"{code} check {place + 1}" for (code, place), outcome in found.items() if not outcome.holds]
    print(f"{len(ROWS)} rows, {len(found)} checks; " + (f"do not hold: {', '.join(wrong)}" if wrong else "all hold"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
