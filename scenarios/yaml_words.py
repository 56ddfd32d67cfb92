"""What a YAML parser complains about, in words a person can act on."""

from __future__ import annotations

import re

import yaml

from scenarios.errors import Problem

FULL_WIDTH = re.compile(r"[：，；【】｛｝“”‘’]")
INDENTATION = (
    "缩进或冒号有误：同一层的行左端对齐，冒号后空一格",
    "indentation or a colon: lines of one level begin alike, a colon is followed by a blank",
)
REASONS = (
    (r"flow (mapping|sequence)", "括号没有成对，或缺逗号", "a bracket is not closed, or a comma is missing"),
    ("cannot start any token", "以 @ ` % 开头的文字请加引号", "text beginning with @, ` or % goes in quotes"),
    ("alias|anchor", "以 * 或 & 开头的文字请加引号", "text beginning with * or & goes in quotes"),
    ("tag", "以 ! 开头的文字请加引号", "text beginning with ! goes in quotes"),
    ("escape|hexa?decimal|Unicode", r"双引号内的 \ 写作 \\，或改用单引号", r"in double quotes \ is written \\"),
    ("quoted scalar", "引号没有成对", "a quote is not closed"),
    ("mapping|block|expected ':'|indent", *INDENTATION),
)
"""Pattern in the parser's own words, and the reason in Chinese and English."""


def explain(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """The likeliest reason why a text is no YAML, with its line."""
    mark, before = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    lines = text.splitlines() or [""]
    row = min(mark.line, len(lines) - 1) if mark else 0
    first = min(before.line, row) if before else row
    said = " ".join(filter(None, (getattr(error, "context", ""), getattr(error, "problem", "") or str(error))))
    for number in range(row, max(first, row - 3) - 1, -1):
        found = FULL_WIDTH.search(re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", lines[number]))
        if found:
            zh, en = f"用了全角标点“{found[0]}”，应为半角", f"full-width {found[0]}; write the half-width one"
            return problem(zh, en, file, number, lines[number])
    for number in range(row, first - 1, -1):
        if re.match(r"[ ]*\t", lines[number]):
            return problem("缩进用了制表符，应为空格", "a tab in the indentation; write blanks", file, number, "")
    for pattern, zh, en in REASONS:
        if re.search(pattern, said):
            quoted = "quoted" in pattern or "flow" in pattern
            return problem(zh, en, file, first if quoted else row, lines[first if quoted else row])
    return problem(said, said, file, row, lines[row])


def problem(zh: str, en: str, file: str, row: int, line: str) -> Problem:
    """A mistake in the form of a file; `row` from 0."""
    zh, en = f"不是有效的 YAML：{zh}", f"is not valid YAML: {en}"
    return Problem(zh, en, file=file, row=row + 1, value=line.strip()[:60])
