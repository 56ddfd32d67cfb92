"""Write docs/levers/README.md, the table of all levers, from their declarations: `python docs/make_levers.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from docs.coverage.setups import measures_in_force  # noqa: E402 (the path comes first)
from sim.policies.base import Lever  # noqa: E402
from sim.policies.registry import LEVERS  # noqa: E402

TARGET = Path(__file__).parent / "levers" / "README.md"

OPENING = """\
# 措施一览 All levers

This page is written by `docs/make_levers.py` from the declarations in the code; do not edit it by hand.
本页由 `docs/make_levers.py` 根据代码中的声明生成，请勿手工修改。

{number} levers, in the order in which the district acts on them each year. The page of each says what the report
says, the mechanism, the equation, the evidence, the settings, the cost, and what would show that it is wrong. What
stands for which sentence of the report is in [existing.md](../existing.md) and [coverage.md](../coverage.md); numbers
are in [parameters.md](../parameters.md).

Evidence is of three kinds, and the pages keep them apart: what was **read in an excerpt or abstract** of the source
(check it at the source before you print it), **general knowledge** that was not looked up, and **assumptions**.
证据分三类：读过摘要或节选的、未查证的一般知识、假定。

| 措施 | key | 报告 report | 现有措施 in force | 付款方 paid by default | what it does |
|---|---|---|---|---|---|
"""


def in_force(key: str) -> str:
    """Years in which the strategy `existing` holds the lever."""
    values = measures_in_force().get(key)
    if values is None:
        return "—"
    start, end = values.get("start"), values.get("end")
    return f"{start}–{end}" if end else f"{start}–"


def line(lever: type[Lever]) -> str:
    """One line of the table."""
    payer = lever.settings()["payer"]
    says = (lever.__doc__ or "").partition("\n")[0]
    cells = (
        f"[{lever.zh}]({lever.key}.md) {lever.en}",
        f"`{lever.key}`",
        lever.place,
        in_force(lever.key),
        payer.options[payer.default],  # type: ignore[union-attr]
        says,
    )
    return "| " + " | ".join(cells) + " |\n"


def text() -> str:
    """The whole page."""
    return OPENING.format(number=len(LEVERS)) + "".join(map(line, LEVERS.values()))


def main() -> None:
    """Write the page."""
    TARGET.write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
