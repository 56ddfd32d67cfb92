"""What people write in a cell, as a number: what has one meaning is read and can be told, what has two is refused."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from scenarios.columns import INDUSTRIES, MONEY, Column, narrow
from scenarios.errors import Problem, nearest

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
"""What a person writes for a number; Python would also read 1_000, digits of other scripts and infinity."""
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
WRITTEN = re.compile(r"([+-]?\.?\d[\d.,]*(?:[eE][+-]?\d{1,3})?)(.*)", re.ASCII)
"""A number, and what stands behind it."""
LONGEST = 40
APPROXIMATE = re.compile(r"[约近超余多]|左右|上下|以[上下内]|[<>~≥≤≈]|\d\s*[-至到]\s*\d")
YEAR = re.compile(
    r"((?:19|20)\d{2})(?:\.0*|年|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?"
    r"|[-./年](?:0?[1-9]|1[0-2])(?:月|[-./月](?:0?[1-9]|[12]\d|3[01])日?)?)?"
)
"""1978, 1978年, 1978.5 and 1978年5月 (month), 1978-05-01 and the like."""
MISSING = {"-", "--", "---", "—", "——", "–", "/", "\\", "无", "暂无", "缺", "未知", "不详", "n/a", "na", "null", "none"}
YES = {"是", "有", "√", "✓", "✔", "对", "y", "yes", "true"}
NO = {"否", "无", "没有", "×", "✗", "✘", "x", "错", "n", "no", "false"}
WIDE, MISSED, THOUSANDS, PERCENT, UNIT, TICK, DATE, DOT_ZERO, QUOTED, POWER, ENDING, BY_NAME = range(12)
HABITS = {
    WIDE: ("全角字符按半角读", "full-width characters are read as plain ones"),
    MISSED: ("“-”“无”“/”等当作缺失，不当作 0", "“-”, “无”, “/” and the like are missing values, not 0"),
    THOUSANDS: ("去掉千分位逗号", "commas between thousands are taken away"),
    PERCENT: ("百分数除以 100", "percentages are divided by 100"),
    UNIT: ("去掉数字后的单位", "the unit behind the number is taken away"),
    TICK: ("是/否、√/× 读作 1/0", "yes and no are read as 1 and 0"),
    DATE: ("日期只取年份", "of dates the year is taken"),
    DOT_ZERO: ("去掉代码末尾的 .0", "the .0 behind codes is taken away"),
    QUOTED: ("去掉开头的撇号", "the apostrophe in front is taken away"),
    POWER: ("科学记数的代码还原为整数", "codes written as powers of ten are written out"),
    ENDING: ("村名不计“村”“村委会”“村民委员会”“社区”等结尾", "names of villages match without endings such as 村委会"),
    BY_NAME: ("代码缺失或已损坏，按村名对应", "codes are missing or damaged: villages go by name"),
}
"""What may be told of a column: how its cells were read."""
Habits = set[int]
Words = tuple[str, str]


def parse_number(
    text: str, low: float, high: float, place: dict[str, Any], allowed: str, is_money: bool = False
) -> tuple[float, Problem | None]:
    """A number written plainly, and what is wrong with it.

    Args:
        text: what stands in the cell.
        low: lowest value allowed.
        high: highest value allowed.
        place: file, row and field of the cell.
        allowed: the range in words.
        is_money: tell a negative value as negative money.
    """

    def problem(zh: str, en: str) -> tuple[float, Problem]:
        return math.nan, Problem(zh, en, value=text, allowed=allowed, **place)

    if not text:
        return problem("单元格为空", "cell is empty")
    if text.lower() == "nan":
        return problem("不能为空值 NaN", "must not be NaN")
    if not NUMBER.fullmatch(text):
        return problem(*no_number(text))
    number = float(text) + 0.0  # no negative zero
    if is_money and number < 0:
        return problem("金额不能为负", "money must not be negative")
    if not low <= number <= high:
        return problem("超出允许范围", "is outside the allowed range")
    return number, None


def no_number(text: str) -> Words:
    """Why a text is no number."""
    if text.startswith("="):
        return ("公式没有存下数值；请在 Excel 或 WPS 中打开，保存后再用",
                "a formula without a stored value; open the file with Excel or WPS and save it")  # fmt: skip
    if text.startswith("#"):
        return "公式出错", "a formula that failed"
    if APPROXIMATE.search(text):
        return "是约数或范围；应为一个数字", "is approximate or a range; must be a number"
    return "应为数字", "must be a number"


def is_missing(text: str, column: Column) -> bool:
    """Whether nothing is known of a cell: it is empty, or holds a dash or the like."""
    text = narrow(text).lower()
    return not text or (text in MISSING and not (column.kind == "yes_no" and text in NO))


def parse_cell(
    text: str, column: Column, place: dict[str, Any], looks: bool = True
) -> tuple[float, Habits, Problem | None]:
    """The number that a cell stands for (NaN if missing), how it was read, and what is wrong with it.

    Args:
        text: what stands in the cell.
        column: its column, with the unit that its head names.
        place: file, row and field of the cell.
        looks: whether the nearest right value is looked for.
    """
    plain = narrow(text)
    habits = {WIDE} if plain != text else set()
    if plain.startswith("'"):
        plain, habits = plain[1:].strip(), habits | {QUOTED}
    if is_missing(plain, column):
        return math.nan, habits | {MISSED} if text else set(), None
    if column.kind == "industry":
        options = [*INDUSTRIES, *INDUSTRIES.values()]
        if plain in options:
            return float(options.index(plain) % len(INDUSTRIES)), habits, None
        words: dict[str, Any] = {"allowed": column.allowed(), "nearest": nearest(text, options) if looks else ""}
        return math.nan, set(), Problem("没有这个产业", "no such industry", value=text, **words, **place)
    if column.kind == "yes_no" and plain.lower() in YES | NO:
        return float(plain.lower() in YES), habits | {TICK}, None
    if column.kind == "year" and (year := YEAR.fullmatch(plain)):
        plain, habits = year[1], habits | ({DATE} if plain != year[1] else set())
    plain, more = simplified(plain, column)
    by = 100 if PERCENT in more and column.table_unit != "%" else 1
    if column.kind == "year" and not re.fullmatch(r"\d{4}", plain):
        return math.nan, set(), Problem("应为四位年份", "must be a year of four digits", value=text, **place)
    number, problem = parse_number(plain, column.low * by, column.high * by, place, column.allowed(), column.is_money)
    problem = problem and replace(problem, value=text)
    if problem is None and column.kind == "yes_no" and number not in (0, 1):
        zh, en = "只能是 0 或 1", "must be 0 or 1"
        return math.nan, set(), Problem(zh, en, value=text, allowed=column.allowed(), **place)
    return number / by, habits | more, problem


def simplified(text: str, column: Column) -> tuple[str, Habits]:
    """A number without its unit, percent sign and commas between thousands."""
    habits: Habits = set()
    if text.endswith("%") and "%" in column.units:
        text, habits = text[:-1].strip(), {PERCENT}
    elif column.table_unit and text.endswith(column.table_unit) and column.table_unit != "%":
        text, habits = text.removesuffix(column.table_unit).strip(), {UNIT}
    if GROUPED.fullmatch(text):
        text, habits = text.replace(",", ""), habits | {THOUSANDS}
    return text, habits


def read_number(text: str, unit: str) -> tuple[int | float | None, Words | None]:
    """A number as people write it where one of a unit is wanted, and why it is none; neither where it begins otherwise.

    Args:
        text: such as `100%`, `5万元`, `２０个` or `1,000`.
        unit: the declared unit in Chinese.
    """
    found = WRITTEN.fullmatch(narrow(text))
    if not found:
        return None, no_number(text) if re.search(r"\d", text) and APPROXIMATE.search(text) else None
    number, ending = found[1].replace(",", "") if GROUPED.fullmatch(found[1]) else found[1], found[2].replace(" ", "")
    scale = scales(unit).get(ending)
    if (
        not NUMBER.fullmatch(number)
        or len(number) > LONGEST
        or re.match(r"[+-]?0\d", number)
        or (scale is None and APPROXIMATE.search(text))
    ):
        return None, no_number(text)
    if scale is None:
        return None, (f"单位不符，应为{unit or '不带单位的数'}", "does not fit the unit")
    if scale == 1 and not set(".eE") & set(number):
        return int(number), None
    value = float(Decimal(number) / scale)  # in tens, so that 7.1% is 0.071 to the last digit
    return int(value) if scale != 1 and value.is_integer() else value, None


def scales(unit: str) -> dict[str, Decimal]:
    """What may stand behind a number of a unit, and how many of it make one."""
    whole = narrow(unit)
    first, _, rest = whole.partition("/")
    found = dict.fromkeys(("", whole, first) if whole != "0–1" else ("",), 1.0)
    if not whole or re.match("比例|占|每年|0–1|倍|年收益率", whole):
        found |= {"%": 100.0} | ({"倍": 1.0} if first[:1] == "倍" else {}) | ({"%/年": 100.0} if "年" in whole else {})
    if first in ("万元", "元") and "元" not in rest:
        money = {name: number / MONEY[first] for name, number in MONEY.items()}
        found |= money | {f"{name}/{rest}": number for name, number in money.items() if rest}
    if first[:1] in tuple("个名人家"):
        found |= dict.fromkeys(("个", first[0], first[1:], *("名人" if first in ("名", "人") else "")), 1.0)
    found |= {"年份": {"年": 1.0}, "季度": {"个季度": 1.0}, "岁": {"周岁": 1.0}}.get(whole, {})
    return {name: Decimal(str(number)) for name, number in found.items()}


def clean_code(text: str) -> tuple[str, Habits]:
    """A code as digits, as far as a spreadsheet has kept them all."""
    plain = narrow(text)
    habits = {WIDE} if plain != text else set()
    if plain.startswith("'"):
        plain, habits = plain[1:].strip(), habits | {QUOTED}
    if re.fullmatch(r"\d+\.0+", plain, re.ASCII):
        return plain.partition(".")[0], habits | {DOT_ZERO}
    power = re.fullmatch(r"\d\.(\d+)[eE]\+?(\d{1,2})", plain, re.ASCII)
    if power and len(power[1]) == int(power[2]):
        return f"{Decimal(plain):f}", habits | {POWER}
    return plain, habits
