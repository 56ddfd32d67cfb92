"""qiangcun diff A B: what changed in the inputs of two studies, and what in their answers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.seal import read_manifest
from experiments.flags import Flags
from experiments.messages import bilingual, first_language, say
from experiments.output import find_study
from experiments.study_inputs import Change, changes
from experiments.text_tables import table
from sim.problems import InputErrors, shown

if TYPE_CHECKING:
    from analysis.results import Results

ABOUT = ("比较两项推演：输入和结果各有何不同", "what differs between two studies: inputs and answers")
INDICATORS = (
    "income_operating_mean", "income_profit_mean", "villages_10_operating", "villages_30_operating", "participation",
    "public_cost",
)  # fmt: skip
"""What a report leads with."""
OF_VILLAGES = "村"
"""The unit that the label of an indicator names already."""
UNCHECKED = 3


def main(arguments: Sequence[str]) -> None:
    """Tell what differs; exit code 3 where answers could not be compared, as one is damaged or of an old version."""
    parser = Flags("diff")
    for name in ("A", "B"):
        zh, en = (
            "推演或任务的文件夹，或 qiangcun list 列出的名称",
            "folder of a study or job, or a name that list prints",
        )
        parser.offer(name, zh, en)
    parser.add_outputs()
    parser.offer("--json", "以 JSON 输出", "print JSON", action="store_true")
    parser.add_language()
    chosen = parser.read(arguments)
    folders = [find_study(named, Path(os.path.expanduser(chosen.outputs))) for named in (chosen.A, chosen.B)]
    inputs = changes(*map(read_manifest, folders))
    if not chosen.json:
        for letter, folder in zip("AB", folders, strict=True):
            say(f"{letter} {folder}", f"{letter} {folder}")
        show_inputs(inputs)
    try:
        found, problem = list(answers(*folders)), ""
    except (InputErrors, FileNotFoundError) as error:
        problem = error.text(first_language()) if isinstance(error, InputErrors) else str(error)
        found = []
    if chosen.json:
        print(json.dumps({"inputs": [change._asdict() for change in inputs], "answers": found}, indent=1))
    elif not problem:
        show_answers(found)
    if problem:
        print(bilingual(f"结果未比较：\n{problem}", f"Answers were not compared:\n{problem}"), file=sys.stderr)
        sys.exit(UNCHECKED)


def show_inputs(inputs: Sequence[Change]) -> None:
    """A line for each input that differs."""
    if not inputs:
        say("输入相同。", "The inputs are the same.")
        return
    heads = ("输入", "说明", "A", "B") if first_language() == "zh" else ("input", "label", "A", "B")
    lines = table([heads, *((item.name, item.label, item.a, item.b) for item in inputs)], flexible=1)
    print(bilingual("\n".join(lines), "\n".join(lines)))


def answers(one: Path, two: Path) -> Iterator[dict[str, Any]]:
    """What the report of each study leads with, at the last year that both hold, for each strategy of both.

    Yields:
        Strategy, indicator, year, mean values `a` and `b`, their difference, number of shared futures `n` (None where
        the studies have other futures), lowest and highest difference among these.
    """
    from analysis import results

    a, b = results.load(one), results.load(two)
    year, paired = min(a.horizon, b.horizon), same_futures(a.manifest, b.manifest)
    for strategy in (key for key in a.strategies if key in b.strategies):
        for name in (name for name in INDICATORS if a.has(name) and b.has(name)):
            yield {**_names(a, strategy, name), "year": year, **compared(a, b, (strategy, name, year), paired)}


def same_futures(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Whether a future of the same number is the same future: worlds are, points in the same design."""
    designs = [manifest.get("design") or {} for manifest in (one, two)]
    numbered = all(design.get("kind") == "futures" for design in designs)
    same_place = (one.get("district") or {}).get("key") == (two.get("district") or {}).get("key")
    return same_place and (numbered or designs[0].get("hash") == designs[1].get("hash"))


def compared(a: Results, b: Results, where: tuple[str, str, int], paired: bool) -> dict[str, Any]:
    """Means of both studies and their difference, future by future where they share any."""
    one, two = a.at(*where).dropna(), b.at(*where).dropna()
    shared = one.index.intersection(two.index) if paired else one.index[:0]
    if not len(shared):
        return {"a": float(one.mean()), "b": float(two.mean()), "difference": float(two.mean() - one.mean()),
                "n": None, "low": None, "high": None}  # fmt: skip
    change = two[shared] - one[shared]
    return {"a": float(one[shared].mean()), "b": float(two[shared].mean()), "difference": float(change.mean()),
            "n": len(shared), "low": float(change.min()), "high": float(change.max())}  # fmt: skip


def _names(results: Results, strategy: str, indicator: str) -> dict[str, str]:
    """Keys and labels of a strategy and an indicator."""
    entry = results.strategy(strategy)
    about = next((item for item in results.manifest.get("indicators", []) if item["name"] == indicator), {})
    return {"strategy": strategy, "indicator": indicator, "unit": str(about.get("unit", "")),
            "strategy_zh": str(entry.get("zh", strategy)), "strategy_en": str(entry.get("en", strategy)),
            "zh": str(about.get("zh", indicator)), "en": str(about.get("en", indicator))}  # fmt: skip


def show_answers(found: Sequence[Mapping[str, Any]]) -> None:
    """A table for each strategy that both studies hold."""
    if not found:
        say("两项推演没有共同的策略。", "The studies have no strategy in common.")
        return
    chinese, year = first_language() == "zh", found[0]["year"]
    zh = f"{year}年的平均值；差额为 B−A，n 为共同的未来个数，范围为其中最小和最大的差额。"
    en = f"Means of {year}; difference: B−A; n: shared futures; range: lowest and highest difference among these."
    say(f"\n{zh}", f"\n{en}")
    rows: list[tuple[str, ...]] = [("", "A", "B", *(("差额", "范围") if chinese else ("difference", "range")), "n")]
    for key, of_strategy in groupby(found, lambda row: row["strategy"]):
        several = list(of_strategy)
        rows += [(shown(f"{several[0][f'strategy_{first_language()}']} ({key})"), *5 * [""]), *map(_line, several)]
    lines = "\n".join(table(rows, flexible=0, right=(1, 2, 3, 4, 5)))
    print(bilingual(lines, lines))


def _line(row: Mapping[str, Any]) -> tuple[str, ...]:
    label = "  " + shown(row[first_language()]) + (f" ({row['unit']})" if row["unit"] not in ("", OF_VILLAGES) else "")
    span = "–" if row["n"] is None else f"{number(row['low'], '+')} … {number(row['high'], '+')}"
    return (label, number(row["a"]), number(row["b"]), number(row["difference"], "+"), span,
            "–" if row["n"] is None else str(row["n"]))  # fmt: skip


def number(value: float, sign: str = "") -> str:
    """A number with four digits that count, or all before the point."""
    if not abs(value) >= 1e-9:
        return "–" if value != value else "0"
    digits = next((places for places, least in enumerate((1000, 100, 10, 1, 0.1)) if abs(value) >= least), 5)
    return f"{value:{sign},.{digits}f}".replace("-", "−")
