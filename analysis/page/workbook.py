"""The workbook beside the report: one function for each sheet, in the order of `SHEETS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from analysis.answers import found
from analysis.answers.inputs import is_assumed
from analysis.data import effects, money
from analysis.data.effects import available, outcomes
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour, indicator_name
from analysis.page import tables
from analysis.page.cards import shown
from analysis.page.outline import FIGURES
from analysis.page.workbook_cells import FORMATS, Book, Column, Page
from analysis.sentences.catalogue import Words, sentences

MAIN = effects.PROFIT
CONCLUDED = (*effects.HEADLINE, "villages_aim_operating", "public_cost_discounted")
"""Indicators of the table of conclusions and of a sweep."""
TERM = "term_"
ABOUT = ("verdict", "villages", "digits")
MOST_ROWS = 60_000
"""Longer tables of years hold the main indicators alone."""
KINDS = {
    "cost": {"ratio": "income", "ratio_low": "income", "ratio_high": "income"},
    "gains": {"difference": "income", "spread_low": "income", "spread_high": "income", "income_operating": "income"}
    | dict.fromkeys(("poor", "home_share", "alliance", "stake"), "share"),
}
"""Kinds of columns that hold on one sheet only."""
OTHERS = {"cost": "money", "gains": "plain"}
"""Kind of all other numbers of a sheet; else income."""


def write(results: Results, out: Path, languages: Sequence[str]) -> list[Path]:
    """Write `results.xlsx` in the first language, and `results.<language>.xlsx` in each other one."""
    paths = []
    for number, lang in enumerate(languages):
        paths.append(out / (f"results.{lang}.xlsx" if number else "results.xlsx"))
        write_one(results, paths[-1], lang)
    return paths


def write_one(results: Results, path: Path, lang: str) -> None:
    """Write the workbook in one language."""
    book = Book(results, Words.of(results.manifest, lang))
    pages = {name: book.page(name) for name, (_, possible) in SHEETS.items() if possible(results)}
    for name in [*list(pages)[1:], *list(pages)[:1]]:  # the contents last: they tell what there is
        book.lead(pages[name], name)
        SHEETS[name][0](book, pages[name]) if name != "contents" else contents(book, pages)
    book.save(path)


def contents(book: Book, pages: dict[str, Page]) -> None:
    """What stands where: a link to every table."""
    page, words = pages["contents"], book.words
    rows = [(name, *listed) for name, other in pages.items() for listed in other.listed]
    names = [words(f"sheet_{name}") for name, *_ in rows]
    titles = [words("chart", title=title) if count is None else title for _, title, *_, count in rows]
    columns = [Column(words("head_sheet"), names), Column(words("head_table"), titles),
               Column(words("head_rows"), [count for *_, count in rows], FORMATS["count"])]  # fmt: skip
    first, _ = page.table(words("table_contents"), columns)
    for number, (name, _, row, column, _) in enumerate(rows):
        link = f"internal:'{words(f'sheet_{name}')}'!{xl_rowcol_to_cell(row, column)}"
        page.sheet.write_url(first + number, 0, link, book.form(font_color="#0b4f94", underline=1), names[number])


def conclusions(book: Book, page: Page) -> None:
    """The sentences of the report's figures, and the main indicators of every strategy."""
    results, words = book.results, book.words
    levels(book, page, words("table_conclusions"))
    page.lines(words("table_sentences"), bold=True)
    asked = [found()[name] for names in FIGURES.values() for name in names if name in found()]
    told = [item.picture.title(results, words) for item in asked if item.picture and item.can_tell(results)]
    page.lines(*told, over=len(page.widths) - 1)
    page.row += 1
    answers(book, page, "conclusions")


def levels(
    book: Book, page: Page, title: str, before: Sequence[Column] = (), references: dict[str, str] | None = None
) -> None:
    """Level of the main indicators under every strategy, and the difference to its reference with the verdict."""
    results, words, keys = book.results, book.words, book.results.strategies
    columns = [*before, Column(book.head("strategy"), [results.short_name(key, words.lang) for key in keys],
                               hues=[colour(results, key) for key in keys])]  # fmt: skip
    for name in (name for name in CONCLUDED if available(results, name)):
        kind, year = book.kind(name), results.horizon
        rows = [change(results, key, name, (references or {}).get(key, results.reference)) for key in keys]
        mean = [float(outcomes(results, key, name, year).mean()) * book.scale(kind) for key in keys]
        changed = [row["difference"] * book.scale(kind) if len(row) else None for row in rows]
        verdicts = [words(f"verdict_{row['verdict']}") if len(row) else "" for row in rows]
        columns += [Column(f"{indicator_name(results, name, words)}\n{book.unit(name)}", mean, book.shown(kind)),
                    Column(f"{book.head('difference')}\n{book.unit(name)}", changed, book.shown(kind)),
                    Column(book.head("verdict"), verdicts)]  # fmt: skip
    page.table(title, [*columns, Column("strategy", keys, faint=True)])


def change(results: Results, key: str, indicator: str, reference: str) -> Mapping[Any, Any]:
    """Effect on an indicator at the horizon; empty for the reference itself."""
    if key == reference:
        return {}
    if reference != results.reference:
        return effects.effect(results.referring_to(reference), key, indicator, results.horizon)
    row = effects.row(results, key, indicator, results.horizon)
    return {} if row is None else row.to_dict()


def answers(book: Book, page: Page, name: str) -> list[tuple[pd.DataFrame, list[Column], int]]:
    """The tables of all answers that stand on this sheet: table, columns, and its first row of cells."""
    written = []
    for answer in found().values():
        if answer.sheet == name and answer.can_tell(book.results) and len(answer.table(book.results)):
            table = ordered(answer.table(book.results))
            columns = book.columns(table, OTHERS.get(name, "income"), KINDS.get(name))
            title = book.words(f"table_{answer.name}") if book.words.has(f"table_{answer.name}") else answer.name
            first, _ = page.table(title, columns)
            written.append((table, columns, first))
    return written


def heads(columns: Sequence[Column]) -> list[str]:
    """Heads without units."""
    return [column.head.split("\n")[0] for column in columns]


def ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of an indicator and year one after another, so that strategies are compared."""
    if not {"indicator", "year"} <= set(table.columns):
        return table
    place = table["indicator"].map({name: number for number, name in enumerate(dict.fromkeys(table["indicator"]))})
    return table.assign(_place=place).sort_values(["_place", "year"], kind="stable").drop(columns="_place")


def effects_sheet(book: Book, page: Page) -> None:
    """The table of effects, and a chart of the main indicator."""
    results, words = book.results, book.words
    for table, columns, first in answers(book, page, "effects"):
        chosen = (table["indicator"] == MAIN) & (table["year"] == results.horizon)
        if not chosen.any() or "reference_mean" not in table:
            continue
        start, rows = first + int(chosen.to_numpy().argmax()), table[chosen]
        place, end = heads(columns).index(book.head("difference")), start + len(rows) - 1
        row, column = spot = (3, len(columns) + 1)
        more, less = rows["spread_high"] - rows["difference"], rows["difference"] - rows["spread_low"]
        errors = {"type": "custom", "line": {"color": style.FAINT},
                  "plus_values": page.beneath((row + 1, column), list(more)),
                  "minus_values": page.beneath((row + 1, column + 1), list(less))}  # fmt: skip
        points = [{"fill": {"color": colour(results, key)}} for key in rows["strategy"]]
        series = {"name": (first - 1, place), "categories": (start, 0, end, 0), "points": points, "gap": 60,
                  "values": (start, place, end, place), "y_error_bars": errors}  # fmt: skip
        title = words("chart_effects", indicator=indicator_name(results, MAIN, words), year=results.horizon)
        page.chart("bar", title, book.unit(MAIN), [series], spot)


def years(book: Book, page: Page) -> None:
    """Every indicator in every year, and a chart of the main one."""
    results, words = book.results, book.words
    table = tables.summary(results)
    size = table["mean"].abs().groupby(table["indicator"]).transform("max")
    table = table[size.ne(0)]  # a lever that nobody uses costs nothing
    met = set(table["indicator"])
    order = list(dict.fromkeys(name for name in (*effects.HEADLINE, *results.runs.names) if name in met))
    place = {name: number for number, name in enumerate(order)}
    strategies = {name: number for number, name in enumerate(results.strategies)}
    table = table.assign(a=table["indicator"].map(place), b=table["strategy"].map(strategies))
    table = table.sort_values(["a", "start", "b", "year"], kind="stable").dropna(subset="mean")
    if len(table) > MOST_ROWS:
        table = table[table["indicator"].isin(effects.YEARLY)]
        page.lines(words("years_main_only"))
    table = table[["indicator", "strategy", "start", "year", "n", "mean", "spread_low", "spread_high"]]
    table = table.reset_index(drop=True)
    columns = book.columns(table, level=True)
    first, _ = page.table(words("table_years"), columns)
    mean, name = heads(columns).index(book.head("mean")), heads(columns).index(book.head("strategy"))
    series = []
    here = table[(table["indicator"] == order[0]) & (table["start"] == results.start)]
    for key, rows in here.groupby("strategy", sort=False).groups.items():
        start, end = first + int(rows[0]), first + int(rows[-1])
        series.append({"name": (start, name), "line": {"color": colour(results, key), "width": 2},
                       "categories": (start, mean - 2, end, mean - 2), "values": (start, mean, end, mean)})  # fmt: skip
    title, unit = indicator_name(results, order[0], words), book.unit(order[0], level=True)
    page.chart("line", title, unit, series, (3, len(columns) + 1))


def cost(book: Book, page: Page) -> None:
    """What each strategy costs the public, by payer and by lever, and a chart by payer."""
    results, words = book.results, book.words
    payers = money.by_payer(results)
    if available(results, "public_cost_discounted"):
        yearly = [money.yearly_mean(results, key, "public_cost") for key in results.strategies]
        whole = [float(money.present_value(results, key, "public_cost").mean()) for key in results.strategies]
        table = pd.DataFrame({"strategy": results.strategies, "cost_a_year": yearly, "cost_in_all": whole})
        page.table(words("table_cost"), book.columns(table, "money"))
    for table, _, first in answers(book, page, "cost"):
        if list(table.columns) == ["strategy", *payers.columns]:
            end = first + len(table) - 1
            series = [{"name": (first - 1, place), "categories": (first, 0, end, 0), "gap": 60,
                       "values": (first, place, end, place), "fill": {"color": style.payer_colour(payer)}}
                      for place, payer in enumerate(payers.columns, start=1)]  # fmt: skip
            page.chart("bar stacked", words("chart_cost"), words.unit("money"), series, (3, len(table.columns) + 4))


def sweep(book: Book, page: Page) -> None:
    """Every cell of a sweep: a column for each setting, then the main indicators against the cell's own reference."""
    results, words, told = book.results, book.words, book.results.manifest["sweep"]
    cells = {cell["key"]: cell for cell in told["cells"]}
    columns = []
    for number, item in enumerate(told["settings"]):
        values = [cells[key]["values"][number] if key in cells else None for key in results.strategies]
        if not all(isinstance(value, int | float | None) for value in values):
            texts = dict(zip(map(str, item["values"]), item[f"texts_{words.lang}"], strict=True))
            values = ["" if value is None else texts.get(str(value), str(value)) for value in values]
        unit = str(item.get("unit_zh" if words.lang == "zh" else "unit") or "")
        head = "\n".join(filter(None, [str(item[words.lang]), unit]))
        columns.append(Column(head, values, "" if any(isinstance(value, str) for value in values) else "General"))
    levels(book, page, words("table_sweep"), columns, {key: cell["reference"] for key, cell in cells.items()})
    answers(book, page, "sweep")


def parameters(book: Book, page: Page) -> None:
    """Every parameter with range and source; what has none is marked as assumed."""
    words, lang = book.words, book.words.lang
    listed = book.results.manifest.get("parameters", [])
    unit = [str(entry.get("unit_zh" if lang == "zh" else "unit") or entry.get("unit") or "") for entry in listed]
    sources = [str(entry.get("source") or "").replace("assumption", words("assumption")) for entry in listed]
    mark = [words("assumption") if is_assumed(entry.get("source")) else "" for entry in listed]
    columns = [Column(words("parameter_label"), [str(entry.get(lang) or entry.get("name", "")) for entry in listed])]
    for name in ("default", "value", "low", "high"):
        values = [entry.get(name) for entry in listed]
        plain = [value if isinstance(value, int | float) and not isinstance(value, bool) else None if value is None
                 else shown(value, words) for value in values]  # fmt: skip
        columns.append(Column(words(f"head_{name}"), plain, "General"))
    columns += [Column(words("parameter_unit"), unit), Column(words("assumption"), mark),
                Column(words("parameter_source"), sources),
                Column("parameter", [str(entry.get("name", "")) for entry in listed], faint=True)]  # fmt: skip
    page.table(words("table_parameters"), columns)


def notes(book: Book, page: Page) -> None:
    """How to read the ranges, terms, and what identifies the study."""
    results, words, manifest = book.results, book.words, book.results.manifest
    values = {"spread": words.spread_name(results.n), "n": results.n, "rate": words.percent(results.discount_rate, 1)}
    rows = [(words(f"about_{name}"), words(f"about_{name}_text", **values)) for name in ABOUT]
    keys = [key.removeprefix(TERM) for key in sentences(words.lang) if key.startswith(TERM)]
    rows += [(words(f"{TERM}{key}"), words(f"meaning_{key}")) for key in keys]
    facts = {name: str(manifest.get(name) or "") for name in ("name", "id", "seal", "created", "command")}
    facts["version"] = str((manifest.get("versions") or {}).get("qiangcun", ""))
    rows += [(words(f"about_{name}"), text) for name, text in facts.items() if text]
    page.table(words("table_notes"), [Column(words("glossary_term"), [one for one, _ in rows]),
                                      Column(words("glossary_meaning"), [two for _, two in rows])])  # fmt: skip
    page.sheet.set_column(1, 1, 120, book.form(text_wrap=True))


def compares(results: Results) -> bool:
    """Whether there are strategies to compare with one reference."""
    return bool(results.others) and results.has_one_reference


SHEETS: dict[str, tuple[Callable[[Book, Page], Any], Callable[[Results], bool]]] = {
    "contents": (contents, bool),
    "conclusions": (conclusions, lambda results: results.has_one_reference),
    "effects": (effects_sheet, compares),
    "years": (years, bool),
    "distribution": (partial(answers, name="distribution"), Results.has_villages),
    "gains": (partial(answers, name="gains"), lambda results: results.has_villages() and compares(results)),
    "cost": (cost, lambda results: results.has("public_cost")),
    "structures": (partial(answers, name="structures"), lambda results: bool(results.forms) and compares(results)),
    "sweep": (sweep, lambda results: bool(results.manifest.get("sweep"))),
    "parameters": (parameters, bool),
    "notes": (notes, bool),
}
"""Sheets in their order: what writes each, and which studies have it (`bool`: every one)."""
