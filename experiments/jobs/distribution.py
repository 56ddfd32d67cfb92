"""qiangcun distribution DIR: how an outcome of villages is spread, between villages and between futures."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from experiments.flags import Flags
from experiments.messages import WHERE, bilingual, first_language, say
from experiments.output import find_studies, new_folder, point_to_latest, point_to_study
from experiments.way_out import one_way_out
from scenarios.csv_files import write_csv
from sim.problems import InputErrors, Problem, nearest

NAMES = ("year", "strategy", "indicator", "by", "language")
LEFT = ("column_strategy", "head_group")
MOST_ROWS = 24
"""Rows that are printed; all stand in the file."""


def main(arguments: Sequence[str]) -> None:
    """Answer one question on a finished study with a picture and a table."""
    parser = Flags("distribution", "村与村、未来与未来之间的分布 / spread between villages and between futures")
    parser.add_argument("folder", help="推演或任务的文件夹 / folder of a study or job")
    parser.add_argument("asked", nargs="*", metavar="name=value",
                        help="year=2030 strategy=none indicator=capital by=town|kind|income_third")  # fmt: skip
    parser.add_argument("--outputs", default="outputs", help="结果文件夹 / folder of all results (outputs)")
    parser.add_language()
    chosen = parser.parse_args(arguments)
    from analysis.answers import distribution  # loads matplotlib, which takes its time
    from analysis.data.results import load
    from analysis.drawing import style

    outputs = Path(os.path.expanduser(chosen.outputs))
    with one_way_out(outputs):
        asked = read(chosen.asked)
        found = distribution.ask(load(one(chosen.folder)), **asked)
        folder = new_folder(outputs, "distribution")
        point_to_study(folder, found.results.folder)
        figure = found.plot(first_language())
        with style.look():
            for kind in ("png", "svg"):
                figure.savefig(folder / f"distribution.{kind}", dpi=200)
        write_csv(folder / "distribution.csv", found.table.columns, found.table.itertuples(index=False, name=None))
        point_to_latest(outputs, folder)
        show(found)
        say(f"图和表 {folder.resolve()}", f"Picture and table {folder.resolve()}")


def one(place: str) -> Path:
    """The only study in a folder.

    Raises:
        InputErrors: there is none, or more than one.
    """
    folders = find_studies([place])
    if len(folders) > 1:
        zh, en = "有多项推演，请指定一项", "holds several studies; name one"
        raise InputErrors([Problem(zh, en, file=place, allowed=", ".join(folder.name for folder in folders))])
    return folders[0]


def read(words: Sequence[str]) -> dict[str, Any]:
    """What is asked, from `name=value`; names of strategies are split at commas.

    Raises:
        InputErrors: no such name, or a year that is no number.
    """
    given: Mapping[str, str] = {name: value for name, _, value in (word.partition("=") for word in words)}
    problems = [
        Problem(
            "没有这一项",
            "no such thing to ask",
            WHERE,
            field=name,
            allowed=", ".join(NAMES),
            nearest=nearest(name, NAMES),
        )
        for name in given
        if name not in NAMES
    ]
    if not re.fullmatch("[0-9]{4}", given.get("year", "2000")):
        problems.append(Problem("应为年份", "must be a year", WHERE, field="year", value=given["year"], allowed="2030"))
    if problems:
        raise InputErrors(problems)
    asked: dict[str, Any] = {name: value for name, value in given.items() if name in ("indicator", "by")}
    if "year" in given:
        asked["year"] = int(given["year"])
    if given.get("strategy"):
        asked["strategies"] = given["strategy"].strip("[]").split(",")
    return asked


def show(found: Any) -> None:
    """Print the first rows."""
    from analysis.answers.distribution import group_name
    from analysis.sentences.catalogue import Words

    words, results = Words(first_language()), found.results
    print(bilingual(found.title(Words("zh")), found.title(Words("en"))))
    table = Table(box=SIMPLE_HEAD)
    for head in ("column_strategy", "head_group", "column_mean", "head_villages_range", "head_futures_range"):
        text = words(head, spread=words.spread_name(results.n))
        table.add_column(text, justify="left" if head in LEFT else "right", overflow="fold")
    for row in found.table.head(MOST_ROWS).to_dict("records"):
        names = (results.short_name(row["strategy"], words.lang), group_name(results, row["by"], row["group"], words))
        ranges = ([words.number(row[f"{name}_{end}"], 2) for end in ("low", "high")] for name in ("village", "future"))
        spans = (words("span", low=low, high=high) for low, high in ranges)
        table.add_row(*map(escape, names), words.number(row["mean"], 2), *spans)
    Console().print(table)
    if len(found.table) > MOST_ROWS:
        print(
            bilingual(
                f"其余 {len(found.table) - MOST_ROWS} 行见文件。",
                f"{len(found.table) - MOST_ROWS} more rows in the file.",
            )
        )
