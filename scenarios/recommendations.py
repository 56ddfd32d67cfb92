"""Read `recommendations.yaml`: what a report recommends, in its own order, and which strategy carries each out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scenarios.errors import Problem, nearest
from scenarios.yaml_data import read_yaml

FILE = "recommendations.yaml"
TOP = "recommendations"
TEXTS = ("place", "zh", "en")
KEYS = (*TEXTS, "strategy", "levers", "not_modelled")
ALLOWED = "{place, zh, en, strategy, levers: [...]} / {place, zh, en, not_modelled: {zh, en}}"


def read_recommendations(path: Path) -> tuple[tuple[dict[str, Any], ...], list[Problem]]:
    """Recommendations in the order of the file; a district may have none.

    Each is carried out by a strategy with levers of its own, or says in both languages why it is not modelled.
    """
    if not path.exists():
        return (), []
    data, problems = read_yaml(path)
    if problems:
        return (), problems
    entries = data.tree.get(TOP)
    if not isinstance(entries, list):
        return (), [Problem("应为列表", "must hold a list", file=FILE, field=TOP, allowed=ALLOWED)]
    for number, entry in enumerate(entries, start=1):
        problems += check(entry, f"{TOP} {number}")
    strategies = [str(entry["strategy"]) for entry in entries if isinstance(entry, dict) and entry.get("strategy")]
    for name in sorted({name for name in strategies if strategies.count(name) > 1}):
        zh, en = "一个策略只能对应一条建议", "a strategy belongs to one recommendation only"
        problems.append(Problem(zh, en, file=FILE, field="strategy", value=name))
    return ((), problems) if problems else (tuple(dict(entry) for entry in entries), [])


def check(entry: Any, where: str) -> list[Problem]:
    """All problems of one recommendation."""
    if not isinstance(entry, dict):
        return [Problem("应为“名称: 值”", "must hold name: value", file=FILE, field=where, allowed=ALLOWED)]
    problems = [
        Problem("没有这个名称", "no such name", file=FILE, field=f"{where}.{key}", allowed=", ".join(KEYS),
                nearest=nearest(str(key), KEYS))
        for key in entry
        if key not in KEYS
    ]  # fmt: skip
    for name in TEXTS:
        if not is_text(entry.get(name)):
            problems.append(Problem("缺少文字", "text is missing", file=FILE, field=f"{where}.{name}"))
    reason, strategy, levers = (entry.get(name) for name in ("not_modelled", "strategy", "levers"))
    if (reason is None) == (strategy is None):
        zh, en = "应写明策略或没有推演的原因，二者取一", "needs either a strategy or the reason why it is not modelled"
        problems.append(Problem(zh, en, file=FILE, field=where, allowed=ALLOWED))
    elif reason is not None:
        if not (isinstance(reason, dict) and set(reason) == {"zh", "en"} and all(map(is_text, reason.values()))):
            zh, en = "原因应有中英文", "the reason is needed in both languages"
            problems.append(Problem(zh, en, file=FILE, field=f"{where}.not_modelled", allowed="{zh: ..., en: ...}"))
        if levers is not None:
            zh, en = "没有推演的建议没有措施", "what is not modelled has no levers"
            problems.append(Problem(zh, en, file=FILE, field=f"{where}.levers"))
    else:
        if not is_text(strategy):
            problems.append(
                Problem("应为策略名称", "must be the name of a strategy", file=FILE, field=f"{where}.strategy")
            )
        if not (isinstance(levers, list) and levers and all(map(is_text, levers))):
            zh, en = "应为措施的列表", "must be a list of levers"
            problems.append(Problem(zh, en, file=FILE, field=f"{where}.levers", value=str(levers)))
    return problems


def is_text(value: Any) -> bool:
    """Whether a value is text that says something."""
    return isinstance(value, str) and bool(value.strip())
