"""Tables, texts and charts of the workbook: labels instead of keys, units in heads, few digits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from pandas.api.types import is_numeric_dtype
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from analysis.answers import telling
from analysis.answers.distribution import group_name
from analysis.answers.inputs import is_assumed
from analysis.data.results import Results
from analysis.drawing import style
from analysis.drawing.base import colour
from analysis.page.context import cell
from analysis.page.figures import foot
from analysis.sentences.catalogue import Words, kind_of

FORMATS = {"income": "#,##0.00", "villages": "#,##0.0", "points": "0.00", "index": "0.00", "money": "#,##0",
           "million": "#,##0.00", "share": "0%", "count": "#,##0", "year": "0", "plain": "#,##0.00"}  # fmt: skip
"""How a number is shown, by its kind; the cell holds all digits."""
KINDS = {"year": "year", "n": "count", "place": "count", "villages": "villages", "gained": "plain", "factor": "plain"}
KINDS |= dict.fromkeys(("gain", "same", "lose", "village_share"), "share")
"""Kind of a column, whatever its row is about; `share_…` is a share, all others are of the row's kind, or income."""
LEFT_OUT = ("direction", "correlation", "variance_reduction")
WITH_UNIT = ("income", "villages", "points", "money")
LABELLED = ("strategy", "indicator", "lever")
WIDEST, NARROWEST, HEAD, KEY, LOOKED_AT = 46, 7, 16, 12, 300
"""Widths of columns, of heads before they are broken, of columns of keys, in letters; cells whose texts count."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        head: its name, and in a second line its unit.
        values: texts or numbers; what is missing is an empty cell.
        shown: number format of all cells, or one for each row; empty for texts.
        hues: colour of each text; empty: ink.
        faint: a key for programs.
    """

    head: str
    values: Sequence[Any]
    shown: str | Sequence[str] = ""
    hues: Sequence[str] = ()
    faint: bool = False


@dataclass
class Page:
    """One sheet, written from above; `row` is the next free one.

    `listed` are title, row, column and number of rows of its tables and charts; a chart has none.
    """

    book: Book
    sheet: Worksheet
    row: int = 0
    listed: list[tuple[str, int, int, int | None]] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def lines(self, *texts: str, bold: bool = False, over: int = 0) -> None:
        """Lines of text, each in one cell that runs over its neighbours, or is joined with them and broken."""
        form = self.book.form(bold=bold, font_color=style.INK if bold else style.FAINT, text_wrap=over > 0)
        for text in texts:
            if over:
                self.sheet.merge_range(self.row, 0, self.row, over - 1, "", form)
                self.sheet.set_row(self.row, 16 * -(-style.width_of(text) // int(sum(self.widths[:over]))))
            self.sheet.write_string(self.row, 0, text, form)
            self.row += 1

    def table(self, title: str, columns: Sequence[Column]) -> tuple[int, int]:
        """A table; the first of a sheet has its heads frozen and a filter. Gives its first and last row of cells."""
        sheet, book, head, count = self.sheet, self.book, self.row + 1, len(columns[0].values)
        sheet.write_string(self.row, 0, title, book.form(bold=True, font_color=style.INK))
        heads = ["\n".join(style.wrap(line, HEAD) for line in column.head.split("\n")) for column in columns]
        sheet.set_row(head, 15 * max(text.count("\n") + 1 for text in heads) + 3)
        look = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#f2f4f5"}
        for place, (column, text) in enumerate(zip(columns, heads, strict=True)):
            side = {"align": "right"} if column.shown else {"indent": 1}
            ink = style.FAINT if column.faint else style.INK
            sheet.write_string(head, place, text, book.form(**look, **side, font_color=ink))
            self.cells(head + 1, place, column)
        needed = [width(column, text) for column, text in zip(columns, heads, strict=True)]
        self.widths = [max(pair) for pair in zip_longest(self.widths, needed, fillvalue=0)]
        for place, wide in enumerate(self.widths):
            sheet.set_column(place, place, wide)
        if not self.listed:
            sheet.freeze_panes(head + 1, sum(not column.shown for column in columns[:2]))
            sheet.autofilter(head, 0, head + count, len(columns) - 1)
            sheet.repeat_rows(head)
        self.listed.append((title, self.row, 0, count))
        self.row = head + count + 2
        return head + 1, head + count

    def cells(self, row: int, place: int, column: Column) -> None:
        """The cells of a column: numbers as numbers, all else as text, never as a formula."""
        sheet, book = self.sheet, self.book
        shown = [column.shown] * len(column.values) if isinstance(column.shown, str) else column.shown
        hues = column.hues or [style.FAINT if column.faint else style.INK] * len(column.values)
        for number, (value, form, hue) in enumerate(zip(column.values, shown, hues, strict=True), start=row):
            if isinstance(value, str):
                sheet.write_string(number, place, value, book.form(indent=1, font_color=hue))
            elif value is not None and isfinite(value):
                sheet.write_number(number, place, float(value), book.form(num_format=form))

    def beneath(self, place: tuple[int, int], values: Sequence[float]) -> str:
        """Numbers that a chart needs and no table has, in a column that the chart covers; gives their address."""
        row, column = place
        self.sheet.write_column(row, column, values, self.book.form(font_color="white"))
        return f"='{self.sheet.get_name()}'!{xl_range_abs(row, column, row + len(values) - 1, column)}"

    def chart(self, kind: str, title: str, unit: str, series: Sequence[dict[str, Any]], place: tuple[int, int]) -> None:
        """A chart of cells of this sheet: names, categories and values by row and column, so that no text is read.

        Args:
            kind: `line`, `bar` or `bar stacked`.
            title: what it shows, without unit.
            unit: of its values.
            series: `values` and `categories` as (first row, first column, last row, last column), `name` as a cell.
            place: row and column of its upper left corner.
        """
        name, words = self.sheet.get_name(), self.book.words
        chart = self.book.file.add_chart({"type": kind.split()[0], **({"subtype": "stacked"} if " " in kind else {})})
        for one in series:
            chart.add_series(one | {part: [name, *one[part]] for part in ("name", "categories", "values")})
        self.sheet.write_string(*place, words("with_unit", text=title, unit=unit), self.book.form(bold=True))
        chart.set_title({"name": [name, *place], "name_font": {"size": 11}, "overlay": False})
        axis = {"num_font": {"size": 9}, "num_format": "#,##0", "label_position": "low",
                "major_gridlines": {"visible": False}}  # fmt: skip
        grid = {"major_gridlines": {"visible": True, "line": {"color": style.LINE}}}
        upright = kind == "line"
        chart.set_x_axis(axis | ({"num_format": "0"} if upright else grid))
        chart.set_y_axis(axis | (grid if upright else {"reverse": True}))
        chart.set_legend({"none": True} if len(series) == 1 else {"position": "right", "font": {"size": 9}})
        first, _, last, _ = series[0]["values"]
        chart.set_size({"width": 860, "height": 400 if upright else max(400, 26 * (last - first))})
        chart.show_hidden_data()  # a filter empties no chart
        self.sheet.insert_chart(*place, chart, {"description": title})
        self.listed.append((title, *place, None))


class Book:
    """The workbook of a study in one language; `file` is as the library has it."""

    def __init__(self, results: Results, words: Words) -> None:
        self.results, self.words, self._bytes = results, words, io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self.file = xlsxwriter.Workbook(self._bytes, options)
        self._forms: dict[tuple[Any, ...], Any] = {}

    def save(self, path: Path) -> None:
        """Write the file in one piece; an error of the disk is one of Python's own."""
        self.file.close()
        path.write_bytes(self._bytes.getvalue())

    def form(self, **properties: Any) -> Any:
        """A format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._forms:
            self._forms[key] = self.file.add_format({"valign": "vcenter", **properties})
        return self._forms[key]

    def page(self, name: str) -> Page:
        """A new sheet."""
        sheet = self.file.add_worksheet(self.words(f"sheet_{name}"))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return Page(self, sheet)

    def lead(self, page: Page, name: str) -> None:
        """The first lines of a sheet: what it holds, futures, seeds, reference, and what is assumed."""
        sources = [entry.get("source") for entry in self.results.manifest.get("parameters", [])]
        assumed = sum(map(is_assumed, sources))
        page.lines(self.words(f"sheet_about_{name}"), bold=True)
        page.lines(foot(self.results, self.words), self.words("workbook_assumed", count=len(sources), assumed=assumed))

    def columns(
        self, table: pd.DataFrame, kind: str = "income", kinds: dict[str, str] | None = None, level: bool = False
    ) -> list[Column]:
        """A table of an answer with labels, units in the heads, and keys in the last columns.

        Args:
            table: an answer's.
            kind: of its numbers where its rows are not of indicators.
            kinds: of some of its columns.
            level: whether numbers of indicators are levels rather than differences.
        """
        found, rows = [], table.to_dict("records")
        indicators = [row["indicator"] for row in rows if "indicator" in row]
        of_row = [self.kind(name) for name in indicators]
        for name in (str(name) for name in table.columns if name not in LEFT_OUT):
            values = table[name].tolist()
            if not is_numeric_dtype(table[name]) or table[name].dtype == bool:
                hues = [colour(self.results, value) for value in values] if name == "strategy" else ()
                found.append(Column(self.head(name), [self.text(name, row) for row in rows], hues=hues))
                if name == "indicator":
                    found.append(Column(self.words("head_unit"), [self.unit(name, level) for name in indicators]))
                continue
            whole = (kinds or {}).get(name) or KINDS.get(name) or ("share" if name.startswith("share_") else "")
            whole = whole if whole or of_row else kind
            each = [whole] * len(rows) if whole else of_row
            unit = self.words.unit(whole) if whole in WITH_UNIT and whole != name else ""
            scaled = [value * self.scale(one) for value, one in zip(values, each, strict=True)]
            shown = [self.shown(one) for one in each]
            found.append(Column("\n".join(filter(None, [self.head(name), unit])), scaled, shown))
        keys = [name for name in LABELLED if name in table]
        return found + [Column(name, table[name].tolist(), faint=True) for name in keys]

    def kind(self, indicator: str) -> str:
        """Kind of an indicator's numbers; those in other units, and other shares, are plain."""
        unit = self.results.indicator(indicator).get("unit")
        found = kind_of(indicator)
        return "plain" if found == "income" and unit not in (None, "万元") else found

    def unit(self, indicator: str, level: bool = False) -> str:
        """Unit of an indicator's numbers as they stand in cells."""
        kind = self.kind(indicator)
        if kind == "plain":
            return telling.unit_name(str(self.results.indicator(indicator).get("unit") or ""), self.words)
        return "%" if level and kind == "points" else self.words.unit(kind)

    def scale(self, kind: str) -> float:
        """Factor from the stored unit to that of the cell."""
        return self.words.scale(kind)[0] if kind in (*WITH_UNIT, "index") else 1.0

    def shown(self, kind: str) -> str:
        """Number format of a kind; English tells public money in millions."""
        return FORMATS["million" if kind == "money" and self.words.lang == "en" else kind]

    def head(self, name: str) -> str:
        """Head of a column."""
        words, results = self.words, self.results
        for key in (f"head_{name}", f"column_{name}", f"payer_{name}", f"who_{name}"):
            if words.has(key):
                return words(key, spread=words.spread_name(results.n))
        return results.short_name(name, words.lang) if name in results.strategies else name

    def text(self, column: str, row: dict[str, Any]) -> str:
        """What stands in a cell for a key."""
        results, words, value = self.results, self.words, row[column]
        if value is None or value != value:  # noqa: PLR0124
            return ""
        if column == "strategy":
            return results.short_name(str(value), words.lang)
        if column == "group":
            return group_name(results, row["by"], str(value), words) if "by" in row else words(f"who_{value}")
        named = f"{column}_{value}"
        return words(named) if words.has(named) else cell(column, value, results, words)


def width(column: Column, head: str) -> float:
    """Width of a column: what its head, its first texts and its largest number need, within bounds."""
    if column.faint:
        return KEY
    texts = [*head.split("\n"), *(value for value in column.values[:LOOKED_AT] if isinstance(value, str))]
    numbers = [abs(value) for value in column.values if not isinstance(value, str | None) and isfinite(value)]
    forms = [column.shown] if isinstance(column.shown, str) else column.shown
    texts.append(f"{-max(numbers, default=0):,.{max(len(form.partition('.')[2]) for form in forms)}f}")
    return max(NARROWEST, min(WIDEST, max(map(style.width_of, texts)) + 3))
