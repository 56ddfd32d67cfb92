"""Whether a village table can be in the units that the model takes, and what it holds beside what is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from scenarios.columns import DEGREES_WORDS, INDUSTRIES, MONEY, VILLAGE_COLUMNS, Column
from scenarios.errors import Problem, nearest
from sim.district import District

WAN_YUAN, KM, DEGREES = "wan_yuan", "km", "degrees"
MONEY_UNITS = {key: (name, MONEY[name]) for key, name in
               ((WAN_YUAN, "万元"), ("yuan", "元"), ("qian_yuan", "千元"), ("yi_yuan", "亿元"))}  # fmt: skip
"""Units that money may be in: Chinese name, and how many of them are 1 万元."""
OPTIONS = {"money_unit": tuple(MONEY_UNITS), "position_unit": (KM, DEGREES)}
"""Answers to what is asked, by key of `conf/district/`."""
UNIT_NAMES = {**{name: key for key, (name, _) in MONEY_UNITS.items()}, "公里": KM, "经纬度": DEGREES, "度": DEGREES}
"""The same answers in Chinese."""
POSITIONS = ("position_x_km", "position_y_km")
KM_PER_DEGREE = 111.2
"""Kilometres in a degree of latitude."""
REACH = 200 / KM_PER_DEGREE
"""Degrees from the seat within which a position may be in degrees; positions in km lie within 200 km."""
CHINA_DEGREES = ((73, 136), (18, 54))
PUBLISHED_MEAN = "city_income_mean"
MEANS = (2.91, 500.0)
"""Lowest and highest published mean of village incomes, 万元 a year: Wangcang county (2020), Changzhou city (2020)."""
TOLERANCE = 0.5
"""Powers of ten from the published mean: beyond √10 times, 千元 brings a mean nearer to it than 万元.

A mean of a third to three times the published one is never asked about."""
MOST_ZEROS = 0.35
"""Largest part of villages without operating income that is published nearby (Ya'an city 2019: 34.8 %)."""
NO_SEAT = ("区县没有给出区政府坐标，经纬度无法换算", "the district gives no seat to turn degrees into km")
LINES = (10, 30)
"""Lines of the report, 万元 a year."""
PUBLISHED = {
    "income_operating": ((PUBLISHED_MEAN, "全市村均", "mean of the city's villages"),
                         ("target_villages_30", "30万元村目标", "target of villages at 30")),
    "population": (("resident_population", "全区常住人口", "residents of the district"),
                   ("urban_population", "其中城镇", "of these in towns")),
    "registered_population": (("registered_population", "全区户籍人口", "registered in the district"),),
    "secretary_is_capable": (("capable_secretaries", "致富能手书记", "capable secretaries"),),
    "settlement": (("settlements", "聚居点", "settlements"),),
    "service_upgraded": (("renovated_centres", "已改造中心(含社区)", "renovated centres, communities too"),),
}  # fmt: skip
"""Facts told beside a column, with their names in both languages."""


def to_km(degrees: np.ndarray, seat: tuple[float, ...]) -> np.ndarray:
    """Longitudes and latitudes `(..., 2)` as kilometres east and north of the seat."""
    per_degree = np.array([KM_PER_DEGREE * np.cos(np.radians(seat[1])), KM_PER_DEGREE])
    return (degrees - np.array(seat)) * per_degree


def option_of(column: Column) -> str:
    """The key under which the unit of a column is said; empty where there is no choice."""
    return "money_unit" if column.is_money else "position_unit" if column.name in POSITIONS else ""


@dataclass(frozen=True)
class Taken:
    """What the user says of the units of a table, and what they are judged by.

    Attributes:
        said: `money_unit` and `position_unit`, as far as the user says them.
        facts: published figures.
        seat: longitude and latitude of the seat; empty if not known.
    """

    said: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, float] = field(default_factory=dict)
    seat: tuple[float, ...] = ()

    def check(self, columns: list[str]) -> list[Problem]:
        """Units that do not exist, or that none of the filled columns is in."""
        problems = []
        for name, unit in self.said.items():
            there = name in {option_of(VILLAGE_COLUMNS[column]) for column in columns}
            if unit not in OPTIONS[name]:
                zh, en = "没有这个单位", "no such unit"
            elif not there:
                zh, en = "村情表中没有用到这一单位的列", "no column of a village table is in this unit"
            elif unit == DEGREES and not self.seat:
                zh, en = NO_SEAT
            else:
                continue
            allowed = ", ".join(OPTIONS[name])
            near = "" if unit in OPTIONS[name] else nearest(unit, OPTIONS[name])
            problems.append(Problem(zh, en, field=f"district.{name}", value=unit, allowed=allowed, nearest=near))
        return problems

    def read(
        self, column: Column, read: Callable[[Column], tuple[np.ndarray, list[Problem]]], named: str = ""
    ) -> tuple[np.ndarray, list[Problem]]:
        """Values of a column in the model's unit, and what is wrong, a question about money included.

        Args:
            column: the column in the model's unit.
            read: reads it in the unit and within the range of the column that it is given.
            named: the unit that its head names; what the user says goes before it.
        """
        said = self.said.get(option_of(column))
        if said == DEGREES or (said is None and named in DEGREES_WORDS):
            return self.read_degrees(column, read)
        if column.is_money:
            if said is None:
                values, problems = read(replace(column, high=np.inf, table_unit=named or column.table_unit))
                question = self.ask_money(column, values[np.isfinite(values)], named)
                if question:
                    return values, [*problems, question]
            named = MONEY_UNITS[said][0] if said else named
        elif said:
            named = ""
        many = column.units.get(named, 1.0)
        if not named or many == 1:
            return read(column)
        ends = {"low": column.low * many, "high": column.high * many}
        values, problems = read(replace(column, unit=named, table_unit=named, **ends))
        return values / many if many > 1 else values * round(1 / many), problems  # whole numbers are exact

    def read_degrees(
        self, column: Column, read: Callable[[Column], tuple[np.ndarray, list[Problem]]]
    ) -> tuple[np.ndarray, list[Problem]]:
        """A column of longitudes or latitudes in km about the seat."""
        if not self.seat:
            return np.zeros(0), [Problem(*NO_SEAT, field=column.name)]
        axis = POSITIONS.index(column.name)
        low, high = self.seat[axis] - REACH, self.seat[axis] + REACH
        values, problems = read(replace(column, low=low, high=high, unit=DEGREES, table_unit=DEGREES_WORDS[0]))
        return to_km(np.stack([values, values], axis=1), self.seat)[:, axis], problems

    def ask_money(self, column: Column, values: np.ndarray, named: str) -> Problem | None:
        """A question where another unit is likelier than the one named; `values` as they stand in the table."""
        mean = float(values.mean()) if len(values) else 0.0
        published = self.facts.get(PUBLISHED_MEAN)
        named = named or MONEY_UNITS[WAN_YUAN][0]
        if likely_unit(mean / column.units[named], published) == WAN_YUAN:
            return None
        unit = likely_unit(mean, published)
        key = next(key for key, (name, _) in MONEY_UNITS.items() if name == named)
        if unit == key:
            return None
        name, many = MONEY_UNITS[unit]
        told = in_digits(published) if published else f"{MEANS[0]}–{MEANS[1]:g}"
        zh = (
            f"村均 {in_digits(mean)} {named}，公布的村均为 {told} 万元：表中是否以{name}为单位？"
            f"是则加 district.money_unit={unit}（各值除以 {many:,g}），确是{named}则加 district.money_unit={key}"
        )
        en = (f"the mean is {in_digits(mean)} {named}, the published one {told} 万元: is the table in {unit} ({name})? "
              f"If so add district.money_unit={unit} (values are divided by {many:,g}), "
              f"if it is in {named} add district.money_unit={key}")  # fmt: skip
        return Problem(zh, en, field=column.name)

    def ask_positions(self, values: Mapping[str, np.ndarray], named: Mapping[str, str]) -> list[Problem]:
        """A question where positions look like degrees, in either order, and the head names no unit."""
        medians = {axis: np.nanmedian(values[name]) for axis, name in enumerate(POSITIONS)
                   if name in values and np.isfinite(values[name]).any() and not named.get(name)}  # fmt: skip
        ends = [(at - REACH, at + REACH) for at in self.seat] or CHINA_DEGREES
        if "position_unit" in self.said or not medians:
            return []
        if all(ends[axis][0] <= median <= ends[axis][1] for axis, median in medians.items()):
            zh, en = "像是经纬度：是则", "looks like degrees: if so"
        elif all(ends[1 - axis][0] <= median <= ends[1 - axis][1] for axis, median in medians.items()):
            zh, en = (
                "像是经纬度，而且东向、北向两列颠倒：是则对调两列并",
                "looks like degrees in swapped columns: swap them and",
            )
        else:
            return []
        zh += f"加 district.position_unit={DEGREES}（按区政府坐标换算为公里），确是公里则加 district.position_unit={KM}"
        en += (f" add district.position_unit={DEGREES} (they are turned into km about the seat), if they are km add "
               f"district.position_unit={KM}")  # fmt: skip
        told = ", ".join(f"{median:.2f}" for median in medians.values())
        return [Problem(zh, en, field=", ".join(name for name in POSITIONS if name in values), value=told)]


def likely_unit(mean: float, published: float | None) -> str:
    """The unit of `MONEY_UNITS` that a mean of incomes is likely in: 万元 unless another brings it nearer.

    Args:
        mean: mean over the villages, as it stands in the table.
        published: mean that is published for the place, 万元 a year; None where none is.
    """
    low, high = np.log10((published, published) if published else MEANS)
    power = np.log10(mean) if mean > 0 else low
    away = {unit: max(low - at, at - high, 0.0)
            for unit, (_, many) in MONEY_UNITS.items() for at in [power - np.log10(many)]}  # fmt: skip
    return min(away, key=lambda unit: away[unit]) if away[WAN_YUAN] > TOLERANCE else WAN_YUAN


def tell_given(district: object) -> list[tuple[str, str]]:
    """What a user's village table holds, a line for each column, in Chinese and English; nothing without a table."""
    if not isinstance(district, District) or not district.given:
        return []
    number = len(district.given)
    zh = f"村情表：{district.villages} 个村，给出 {number} 列，其余各列是合成的。"
    en = f"Village table: {district.villages} villages; columns given: {number}; all others are synthetic."
    lines = [(zh, en)]
    for name, values in district.given.items():
        column, known = VILLAGE_COLUMNS[name], values[np.isfinite(values)]
        missing = len(values) - len(known)
        blank = (f"缺 {missing} 村，用合成值代替", f"missing in {missing} villages, where synthetic values stand in")
        parts = [*_held(column, known), *([blank] if missing else []), *_beside(column, district)]
        zh_parts, en_parts = zip(*parts, strict=True)
        units = (f"（{column.unit_zh}）", f" ({column.unit})") if column.kind == "number" else ("", "")
        lines.append(
            (f"{column.zh}{units[0]}：{'；'.join(zh_parts)}。", f"{column.en}{units[1]}: {'; '.join(en_parts)}.")
        )
    return [*lines, *((f"{zh}。", f"{en}.") for zh, en in district.given_read)]


def _held(column: Column, values: np.ndarray) -> list[tuple[str, str]]:
    """Counts of a column of choices; else median, ends, sum, villages over the lines and zeros."""
    if column.kind == "industry":
        counts = np.bincount(values.astype(np.int64), minlength=len(INDUSTRIES))
        return [
            (f"{zh} {count} 村", f"{en} {count}") for (en, zh), count in zip(INDUSTRIES.items(), counts, strict=True)
        ]
    if column.kind == "yes_no":
        return [(f"{values.sum():.0f} 村", f"{values.sum():.0f} villages")]
    median, low, high, mean, total = map(
        in_digits, (np.median(values), values.min(), values.max(), values.mean(), values.sum())
    )
    parts = [(f"中位数 {median}（{low} 至 {high}）", f"median {median} ({low} to {high})")]
    if column.is_money:
        parts.append((f"村均 {mean}", f"mean {mean}"))
        for line in LINES:
            count = int((values >= line).sum())
            parts.append((f"{line} 以上 {count} 村", f"{count} villages at {line} or more"))
    if column.is_money or column.unit == "persons":
        parts.append((f"合计 {total}", f"sum {total}"))
    zeros = int((values == 0).sum())
    if zeros:
        parts.append((f"为 0 的 {zeros} 村", f"{zeros} villages at 0"))
    if zeros > MOST_ZEROS * len(values):
        parts.append(("0 很多，是否代替了缺失的数", "many zeros: do they stand for what is missing?"))
    return parts


def _beside(column: Column, district: District) -> list[tuple[str, str]]:
    """What is published beside a column, and the unit in which the user says that the table is."""
    parts = [
        (f"公布的{zh} {in_digits(district.facts[name])}", f"published: {en} {in_digits(district.facts[name])}")
        for name, zh, en in PUBLISHED.get(column.name, ())
        if name in district.facts and name not in district.stand_ins
    ]
    unit = district.given_in.get(option_of(column), "")
    if unit in MONEY_UNITS:
        name, many = MONEY_UNITS[unit]
        zh, en = (f"，各值除以 {many:,g}", f": values divided by {many:,g}") if many != 1 else ("", "")
        parts.append((f"按用户所说以{name}读入{zh}", f"read as {unit}, as the user says{en}"))
    elif unit:
        zh, en = ("经纬度读入，换算为公里", "degrees, turned into km") if unit == DEGREES else ("公里读入", KM)
        parts.append((f"按用户所说以{zh}", f"read as the user says: {en}"))
    return parts


def in_digits(value: float) -> str:
    """Thousands separated; three digits of a number below 100."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
