"""What a user is told is told in Chinese and in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("sim", "scenarios", "experiments", "analysis")
TELLS = {"Problem": 0, "say": 0, "bilingual": 0, "Stopped": 0, "wrong": 1, "note": 0, "stop": 0}
"""What tells something, and the place of the Chinese text among its arguments; the English one follows."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
Text = list[str] | None


def literal(text: str) -> str:
    """Text without what stands in quotes of the configuration: names and example values may be Chinese."""
    return re.sub(r"“[^”]*”|万元|村委会", "", text)


def texts(node: ast.expr | None, known: dict[str, list[ast.expr]]) -> Text:
    """All texts that an expression may give, values left out; None where that can't be seen."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else " " for part in node.values)]
    if isinstance(node, ast.IfExp):
        one, two = texts(node.body, known), texts(node.orelse, known)
        return None if one is None or two is None else one + two
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        one, two = texts(node.left, known), texts(node.right, known)
        return one or two if one is None or two is None else [left + right for left in one for right in two]
    if isinstance(node, ast.Name) and node.id in known:
        found = [texts(value, {}) for value in known[node.id]]
        return None if None in found else [text for some in found for text in some or []]
    return None


def assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What each name is given inside a function, pairs taken apart."""
    known: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for name, value in zip(target.elts, node.value.elts, strict=False):
                    known.setdefault(getattr(name, "id", ""), []).append(value)
            elif isinstance(target, ast.Name):
                known.setdefault(target.id, []).append(node.value)
    return known


def told(source: str) -> Iterator[tuple[int, Text, Text]]:
    """Line, Chinese and English texts of everything that a file tells."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inside = {call: function for function in functions for call in ast.walk(function)}  # the innermost comes last
    for node in ast.walk(tree):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if name not in TELLS or not isinstance(node, ast.Call):
            continue
        given = {word.arg: word.value for word in node.keywords}
        first, known = TELLS[name], assigned(inside.get(node, tree))
        pair = [node.args[place] if place < len(node.args) else given.get(key)
                for place, key in ((first, "zh"), (first + 1, "en"))]  # fmt: skip
        if not any(isinstance(item, ast.Starred) for item in node.args[: first + 2]) and None not in pair:
            yield node.lineno, texts(pair[0], known), texts(pair[1], known)


def mistakes(source: str) -> list[int]:
    """Lines that tell something in one language alone."""
    found = []
    for line, zh, en in told(source):
        if not any(re.search(r"\w", text) for text in (zh or []) + (en or [])):
            continue  # values alone, told in both languages where they were made
        wrong_zh = zh is not None and not all(CHINESE.search(text) for text in zh)
        wrong_en = en is not None and not all(text.strip() and not CHINESE.search(literal(text)) for text in en)
        if wrong_zh or wrong_en:
            found.append(line)
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_told_is_told_in_both_languages(package: str) -> None:
    found = [f"{path.relative_to(ROOT)}:{line}" for path in sorted((ROOT / package).rglob("*.py"))
             for line in mistakes(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert found == []


def test_most_texts_can_be_seen() -> None:
    every = [pair for package in PACKAGES for path in (ROOT / package).rglob("*.py")
             for pair in told(path.read_text(encoding="utf-8"))]  # fmt: skip
    unseen = [line for line, zh, en in every if zh is None or en is None]
    assert len(every) > 150
    assert len(unseen) < 0.12 * len(every)


@pytest.mark.parametrize(
    "source",
    [
        'Problem("text", "text")', 'say("文字", "文字")', 'Problem("文字", "")', 'Stopped(f"{a}", f"text {a}")',
        'def f():\n    zh, en = "文字", "文字"\n    reading.wrong("name", zh, en)',
        'say("文字" if a else "text", "text")', 'Problem("文" + "字", "te" + "字")',
    ],
)  # fmt: skip
def test_a_text_in_one_language_alone_is_seen(source: str) -> None:
    assert len(mistakes(source)) == 1
    assert mistakes('Problem("文字", "text", value=a)') == []
