"""Design tables: a row for each future, from cells of all kinds and mutated bytes."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from hypothesis import strategies as st

from tests.fuzz import doors
from tests.fuzz.common import Input, Nonsense, Subject, dice, numbers
from tests.fuzz.hostile import NUMBERS, TEXTS, mutate, recode
from tests.fuzz.tables import decoded, grouped, wide

MOST_NUMBER = 2**31 - 1


def make(number: int, folder: Path) -> Input:
    """One design table."""
    random = dice(number)
    names = random.sample(list(doors.DECLARED), random.randint(1, 4))
    head = [*names, *random.sample(["world", "seed"], random.randint(0, 2))]
    rows = [head]
    for line in range(random.randint(1, 6)):
        values = [random.uniform(doors.DECLARED[name].low, doors.DECLARED[name].high) for name in names]
        rows.append([*(f"{value:.12g}" for value in values), *[str(line)] * (len(head) - len(names))])
    for _ in range(random.choice([0, 1, 1, 2])):
        row = rows[random.randrange(len(rows))]
        if row:
            place = random.randrange(len(row))
            kind = random.randrange(5)
            row[place] = random.choice(NUMBERS + TEXTS) if kind <= 2 else (wide, grouped)[kind - 3](row[place])
    if random.random() < 0.15:
        for row in rows:
            row.append("")
    text = io.StringIO()
    csv.writer(text, delimiter=random.choice(",,,,;\t"), lineterminator="\n").writerows(rows)
    content = recode(text.getvalue(), random)
    return table_of(mutate(content, random) if random.random() < 0.4 else content, folder)


def table_of(content: bytes, folder: Path) -> Input:
    """These bytes as a design table."""

    def attempt() -> None:
        path = folder / "points.csv"
        path.write_bytes(content)
        judge(content, doors.design_table(path))

    return Input(f"a design table: {content[:80]!r}", content, attempt)


def judge(content: bytes, futures: doors.Futures) -> None:
    """An accepted design holds parameters of the model in range, whole numbers, and as many rows as the file."""
    if not len(futures):
        raise Nonsense("a design without futures")
    if len(set(futures.names)) < len(futures.names) or not set(futures.names) <= set(doors.DECLARED):
        raise Nonsense("a design sets what is no parameter")
    for place, name in enumerate(futures.names):
        item = doors.DECLARED[name]
        if not all(
            math.isfinite(value) and item.low <= value <= item.high for value in futures.values[:, place].tolist()
        ):
            raise Nonsense("a design holds values out of range")
    if not all(0 <= seed <= MOST_NUMBER for seed in futures.seeds.tolist()):
        raise Nonsense("a design holds seeds out of range")
    if not all(-1 <= draw <= MOST_NUMBER for draw in futures.draws.tolist()):
        raise Nonsense("a design holds worlds out of range")
    text = decoded(content)
    if text is not None and '"' not in text and not any(mark in text for mark in "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
        lines = [line for line in text.split("\n") if line.replace(",", "").replace(";", "").replace("\t", "").strip()]
        if len(lines) - 1 != len(futures):
            raise Nonsense("a design has another number of futures than its file has rows")


def inputs(folder: Path) -> st.SearchStrategy[Input]:
    """Design tables."""
    return numbers().map(lambda number: make(number, folder))


SUBJECT = Subject("designs", 20, inputs)
