"""A row: one number, measure, problem or recommendation of the report, and what the model does with it."""

from __future__ import annotations

from dataclasses import dataclass

from docs.coverage.checks import Check

ACTS, DATUM, OUTCOME, OUT = "acts", "starting datum", "outcome to look at", "not modelled, because"
STATUS_ZH = {ACTS: "起作用", DATUM: "起始数据", OUTCOME: "待看结果", OUT: "未入模，因为"}
KIND_ZH = {
    "lever": "措施",
    "process": "过程",
    "datum": "数据",
    "indicator": "指标",
    "initial condition": "初始条件",
    "out of scope": "不在范围",
}


@dataclass(frozen=True)
class Row:
    """One row of the coverage page.

    Attributes:
        code: N1 to N44, M1 to M13, P1 to P13, R1 to R17.
        place: section of the report.
        says: what the report says, in a few of its words.
        kind: one of `KIND_ZH`.
        model: what stands for it, in a few words.
        elements: dotted names of what stands for it.
        status: one of `STATUS_ZH`.
        checks: what it moves; at least one unless it is not modelled.
        because: why it, or a part of it, is not modelled.
    """

    code: str
    place: str
    says: str
    kind: str
    model: str
    elements: tuple[str, ...]
    status: str
    checks: tuple[Check, ...] = ()
    because: str = ""
