"""qiangcun distribution DIR: how an outcome of villages is spread, between villages and between futures."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from experiments.flags import Flags
from experiments.messages import bilingual, first_language, say
from experiments.output import find_study, new_folder, point_to_latest, point_to_study
from experiments.way_out import one_way_out
from scenarios.csv_files import write_csv

ABOUT = ("村与村、未来与未来之间的分布", "spread of an outcome between villages and between futures")
LEFT = ("column_strategy", "head_group")
MOST_ROWS = 24
"""Rows that are printed; all stand in the file."""


def main(arguments: Sequence[str]) -> None:
    """Answer one question on a finished study with a picture and a table."""
    parser = Flags("distribution")
    parser.offer("folder", "推演或任务的文件夹，或推演的标识", "folder of a study or of a job, or a study's id")
    parser.offer("--year", "哪一年，默认最后一年", "which year, the last if not given", type=int)
    parser.offer("--strategy", "策略，以逗号分隔，默认全部", "strategies, with commas between; all if not given")
    parser.offer("--indicator", "哪个村级指标", "which indicator of villages", default="income_operating")
    parser.offer(
        "--by",
        "分组：town（镇）、kind（类型）、income_third（收入三分）",
        "by town, kind or income_third",
        default="all",
    )
    parser.add_outputs()
    parser.add_language()
    chosen = parser.read(arguments)
    strategies = chosen.strategy.strip("[]").split(",") if chosen.strategy else None
    from analysis.answers import distribution  # loads matplotlib, which takes its time
    from analysis.data.results import load
    from analysis.drawing import style

    outputs = Path(os.path.expanduser(chosen.outputs))
    with one_way_out(outputs):
        found = distribution.ask(
            load(find_study(chosen.folder, outputs)), chosen.year, strategies, chosen.indicator, chosen.by
        )
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


def show(found: Any) -> None:
    """Print the first rows."""
    from analysis.answers.distribution import group_name
    from analysis.sentences.catalogue import LANGUAGES, Words

    results = found.results
    words = Words.of(results.manifest, first_language())
    print(bilingual(*(found.title(Words.of(results.manifest, lang)) for lang in LANGUAGES)))
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
