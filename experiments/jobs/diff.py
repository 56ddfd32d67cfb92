"""qiangcun diff A B: what changed in the inputs of two studies, and what in their answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.data.seal import read_manifest
from experiments.flags import Flags
from experiments.messages import bilingual, columns, first_language, in_a_line, say
from experiments.output import find_study
from experiments.study_inputs import changes
from sim.problems import InputErrors

if TYPE_CHECKING:
    from analysis.data.results import Results

ABOUT = ("比较两项推演：输入和结果各有何不同", "what differs between two studies: inputs and answers")
INDICATORS = ("income_operating_mean", "income_profit_mean", "villages_10_operating", "villages_aim_operating",
              "participation", "public_cost")  # fmt: skip
"""What a report leads with."""
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
    parser.add_language()
    chosen = parser.read(arguments)
    one, two = (find_study(named, Path(os.path.expanduser(chosen.outputs))) for named in (chosen.A, chosen.B))
    inputs, found, problem = changes(read_manifest(one), read_manifest(two)), [], ""
    try:
        found = list(answers(one, two))
    except (InputErrors, FileNotFoundError) as error:
        problem = error.text(first_language()) if isinstance(error, InputErrors) else str(error)
    print(f"A  {one}\nB  {two}\n")
    heads, same = ("", "", "A", "B"), in_a_line("输入相同。", "The inputs are the same.")
    print(columns(inputs, heads, wraps=1) if inputs else same)
    show_answers(found)
    if problem:
        print(bilingual(f"结果未比较：\n{problem}", f"Answers were not compared:\n{problem}"), file=sys.stderr)
        sys.exit(UNCHECKED)


def answers(one: Path, two: Path) -> Iterator[dict[str, Any]]:
    """What the report of each study leads with, at the last year that both hold, for each strategy of both.

    Yields:
        Strategy, indicator, year, mean values `a` and `b`, their difference, number of shared futures `n` (None where
        the studies have other futures), lowest and highest difference among these.
    """
    from analysis.data import results

    a, b = results.load(one), results.load(two)
    year, paired = min(a.horizon, b.horizon), same_futures(a.manifest, b.manifest)
    about = {item["name"]: item for item in a.manifest["indicators"]}
    for key in (key for key in a.strategies if key in b.strategies):
        names = {f"strategy_{language}": str(a.strategy(key).get(language, key)) for language in ("zh", "en")}
        for name in (name for name in INDICATORS if a.has(name) and b.has(name)):
            labels = {part: str(about[name][part]) for part in ("zh", "en", "unit")}
            values = compared(a, b, (key, name, year), paired)
            yield {"strategy": key, "indicator": name, "year": year, **names, **labels, **values}


def same_futures(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Whether a future of the same number is the same future: worlds are, points in the same design."""
    designs = [manifest.get("design") or {} for manifest in (one, two)]
    numbered = all(design.get("kind") == "futures" for design in designs)
    same_place = one["district"].get("key") == two["district"].get("key")
    return same_place and (numbered or designs[0].get("hash") == designs[1].get("hash"))


def compared(a: Results, b: Results, where: tuple[str, str, int], paired: bool) -> dict[str, Any]:
    """Means of both studies and their difference, future by future where they share any."""
    one, two = a.at(*where).dropna(), b.at(*where).dropna()
    shared = one.index.intersection(two.index) if paired else []
    one, two = (one[shared], two[shared]) if len(shared) else (one, two)
    low, high = (float((two - one).min()), float((two - one).max())) if len(shared) else (None, None)
    means = {"a": float(one.mean()), "b": float(two.mean()), "difference": float(two.mean() - one.mean())}
    return {**means, "n": len(shared) or None, "low": low, "high": high}


def show_answers(found: Sequence[Mapping[str, Any]]) -> None:
    """A line for each indicator, under the name of its strategy."""
    if not found:
        return
    year = found[0]["year"]
    zh = f"{year}年的平均值；差额为 B−A，n 为共同的未来个数，范围为其中最小和最大的差额。"
    en = f"Means of {year}; difference: B−A; n: shared futures; range: lowest and highest difference among these."
    say(f"\n{zh}", f"\n{en}")
    rows: list[Sequence[str]] = []
    for key, group in groupby(found, lambda row: str(row["strategy"])):
        lines = list(group)
        rows += [(f"{lines[0][f'strategy_{first_language()}']} ({key})", *5 * [""]), *map(_line, lines)]
    heads = ("", "A", "B", in_a_line("差额", "difference"), in_a_line("范围", "range"), "n")
    print(columns(rows, heads, right=(1, 2, 3, 4, 5), wraps=0))


def _line(row: Mapping[str, Any]) -> tuple[str, ...]:
    label = f"  {row[first_language()]}" + (f" ({row['unit']})" if row["unit"] == "万元" else "")
    span = "–" if row["n"] is None else f"{number(row['low'], '+')} … {number(row['high'], '+')}"
    return (label, number(row["a"]), number(row["b"]), number(row["difference"], "+"), span, str(row["n"] or "–"))


def number(value: float, sign: str = "") -> str:
    """A number with four digits that count, or all before the point."""
    if not abs(value) >= 1e-9:
        return "–" if value != value else "0"
    digits = next((places for places, least in enumerate((1000, 100, 10, 1, 0.1)) if abs(value) >= least), 5)
    return f"{value:{sign},.{digits}f}".replace("-", "−")
