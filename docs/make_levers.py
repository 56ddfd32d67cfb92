"""Write what lists all levers: docs/levers/README.md, and the first table of docs/glossary.md.

From the declarations, and from the lines at the head of each lever's page (`FRONT`): `python docs/make_levers.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from docs.coverage.setups import measures_in_force  # noqa: E402 (the path comes first)
from sim.policies.base import Lever  # noqa: E402
from sim.policies.registry import LEVERS  # noqa: E402

FOLDER = Path(__file__).parent / "levers"
TARGET = FOLDER / "README.md"
GLOSSARY = Path(__file__).with_name("glossary.md")
FRONT = {
    "report": "the report's own words and where they stand",
    "meaning": "what the lever is in the model, one sentence",
}
"""What the head of a lever's page says for the glossary; `english` besides, where the term is not the lever's name."""
BEGINS, ENDS = "## 措施 Levers in the model\n", "<!-- The end of what is written by `docs/make_levers.py`. -->"
TERMS = "| 中文 | 报告原文(章节) | 模型中的含义 | English |\n|---|---|---|---|\n"

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

The cost of a lever is what public payers pay for the purposes under which it is booked; how each counts is told in
[model.md](../model.md#what-counts-as-what).

| 措施 | key | 报告 report | 现有措施 in force | 付款方 paid by default | booked as | what it does |
|---|---|---|---|---|---|---|
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
        ", ".join(f"`{purpose}`" for purpose in lever.purposes) or "—",
        says,
    )
    return "| " + " | ".join(cells) + " |\n"


def text() -> str:
    """The whole page."""
    return OPENING.format(number=len(LEVERS)) + "".join(map(line, LEVERS.values()))


def front(key: str) -> dict[str, str]:
    """The lines at the head of a lever's page; what is missing there is left out."""
    page = FOLDER / f"{key}.md"
    head, begun, rest = page.read_text(encoding="utf-8").partition("---\n") if page.is_file() else ("", "", "")
    return yaml.safe_load(rest.partition("---\n")[0]) if begun and not head else {}


def term(lever: type[Lever]) -> str:
    """A lever's line of the glossary.

    Raises:
        KeyError: the page does not say it.
    """
    says = front(lever.key)
    meaning = f"`{lever.key}`: {says['meaning']}"
    return "| " + " | ".join((lever.zh, says["report"], meaning, says.get("english", lever.en))) + " |\n"


def glossary() -> str:
    """The glossary with the levers as they are now."""
    before, begins, rest = GLOSSARY.read_text(encoding="utf-8").partition(BEGINS)
    terms = "".join(map(term, LEVERS.values()))
    return f"{before}{begins}\n{TERMS}{terms}\n{ENDS}{rest.partition(ENDS)[2]}"


def main() -> None:
    """Write both pages."""
    TARGET.write_text(text(), encoding="utf-8", newline="\n")
    GLOSSARY.write_text(glossary(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
