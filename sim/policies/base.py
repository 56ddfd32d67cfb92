"""What every lever has: settings, dates, targeting, payer; and strategies, which are named sets of levers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.arithmetic import below
from sim.declared import Declared
from sim.parameters import Parameter, check_number, is_number, is_whole, unknown_names
from sim.policies import schedule
from sim.policies.columns import POLICY_COLUMNS
from sim.problems import Problem, nearest
from sim.purposes import PURPOSES

if TYPE_CHECKING:
    from sim.district import District
    from sim.state import Moment

PAYERS = {"central": "中省财政", "district": "区财政", "sponsors": "帮扶单位", "village": "村集体"}
"""Who may pay for a lever, with the Chinese name."""
NOBODY = {"nobody": "无需付款"}
"""The only payer of a lever that costs nothing."""
FIRST_YEAR, LAST_YEAR = 1990, 2100


class Setting(Parameter):
    """A number that the designer of a lever decides; may be dated: `{2024: 10, 2025: 20}`."""


class UnitCost(Setting):
    """What a unit of a lever's work costs, 万元; each world multiplies it by the lever's factor `unit_cost.<lever>`.

    Amounts of grants, aid and pay are decided, and so plain settings.
    """


@dataclass
class Choice:
    """A setting with named options.

    Attributes:
        default: option in force unless another is named.
        options: what is allowed, with the Chinese name.
        zh: Chinese label.
        en: English label.
        name: taken from the declaration.
    """

    default: str
    options: Mapping[str, str]
    zh: str
    en: str
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


class Lever:
    """One policy measure. Subclasses declare settings, what they write and what that costs, or say it in `act`.

    Attributes:
        key: name in configuration.
        zh: Chinese name.
        en: English name.
        turn: place in the order in which the district acts on its levers.
        place: where the report speaks of it.
        changes: state columns that the lever moves, directly or through processes.
        fewest_together: villages of one cluster that it needs to reach anybody.
        purposes: ledger purposes whose flows from public payers are its cost; none if it costs nothing.
        writes: policy columns that it writes where it is in force, each the product of what is named: settings, or
            `level` (see `level`).
        work: what its work takes a village and year, a product likewise, 万元; nothing where it is empty.
        spread_work: a setting that the work takes a year in the whole district, spread over the villages reached.
        payee: who is paid for the work.
    """

    key: ClassVar[str]
    turn: ClassVar[int]
    zh: ClassVar[str]
    en: ClassVar[str]
    place: ClassVar[str]
    changes: ClassVar[tuple[str, ...]]
    purposes: ClassVar[tuple[str, ...]]
    fewest_together: ClassVar[int] = 1
    writes: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    work: ClassVar[tuple[str, ...]] = ()
    spread_work: ClassVar[str] = ""
    payee: ClassVar[str] = "suppliers"

    intensity = Setting(0, 0, 1, "", "design of the lever", "力度", "intensity")
    payer = Choice("district", PAYERS, "付款方", "payer")

    COMMON: ClassVar[Mapping[str, Any]] = {
        "start": None,
        "end": None,
        "towns": None,
        "villages": None,
        "income_below": None,
        "income_above": None,
        **schedule.SETTINGS,
    }

    def __init_subclass__(cls) -> None:
        """Declare the lever's key as a purpose where it books its cost under it; what it names must exist.

        Raises:
            ValueError: no such purpose, policy column or setting.
            TypeError: it would do nothing.
        """
        if cls.key in cls.purposes:
            PURPOSES[cls.key] = f"work of {cls.en}"
        PURPOSES.check(cls.purposes)
        POLICY_COLUMNS.check(cls.writes)
        factors = {name for factors in (*cls.writes.values(), cls.work) for name in factors}
        Declared("setting", {"level": "", "": "", **cls.settings()}).check({*factors, cls.spread_work})
        if cls.act is Lever.act and not cls.writes:
            raise TypeError(f"lever {cls.key} writes nothing and has no act of its own")

    def __init__(self, district: District, values: Mapping[str, Any]) -> None:
        self.district = district
        self.values = {**self.defaults(), **values}
        self._target = self._target_mask()
        self._unit_costs = self.unit_costs()
        self.share: np.ndarray | float = 1.0
        """Part of the demand that a yearly budget grants this year, `(R, 1)` (see `sim.rationing`)."""

    @classmethod
    @cache
    def settings(cls) -> Mapping[str, Setting | Choice]:
        """All declared settings by name, those common to all levers first."""
        found: dict[str, Setting | Choice] = {}
        for base in reversed(cls.__mro__):
            found.update({name: item for name, item in vars(base).items() if isinstance(item, Setting | Choice)})
        return found

    @classmethod
    def unit_costs(cls) -> dict[str, UnitCost]:
        """Settings that are unit costs, by name."""
        return {name: item for name, item in cls.settings().items() if isinstance(item, UnitCost)}

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Plain default values: what a configuration shows when nothing is overridden; intensity 0 is absence."""
        return {**{name: item.default for name, item in cls.settings().items()}, **cls.COMMON}

    @classmethod
    def check(cls, values: Mapping[str, Any], district: District, where: str) -> list[Problem]:
        """All problems of one lever's configuration."""
        settings, place = cls.settings(), f"{where}.levers.{cls.key}"
        problems = unknown_names(values, cls.defaults(), place)
        for name, value in values.items():
            setting = settings.get(name)
            if isinstance(setting, Choice):
                if not isinstance(value, str) or value not in setting.options:
                    problems.append(
                        Problem("没有这个选项", "no such option", file=place, field=name, value=str(value),
                                allowed=", ".join(setting.options), nearest=nearest(str(value), list(setting.options)))
                    )  # fmt: skip
            elif setting is not None:
                for number in _dated_numbers(value, name, place, problems):
                    problems += check_number(setting, number, place)
        return (
            problems
            + _check_dates(values, place)
            + schedule.check_schedule(values, place)
            + _check_targets(values, district, place)
        )

    def active(self, year: int) -> bool:
        """Whether the lever is in force in `year`."""
        start, end = self.values["start"], self.values["end"]
        return (start is None or year >= start) and (end is None or year <= end)

    def number(self, name: str, now: Moment) -> np.ndarray:
        """This year's value of a numeric setting, `(R, 1)`; of a unit cost what it is in each world."""
        value = in_force(self.values[name], now.year, self.settings()[name].default)
        plain = np.full((now.runs, 1), value)
        return plain * now.parameters.unit_cost[self.key] if name in self._unit_costs else plain

    def level(self, now: Moment) -> np.ndarray:
        """Intensity × dates × targeting × schedule × share of the budget, `(R, V)`; 0 where it is not in force."""
        if not self.active(now.year):
            return np.zeros((now.runs, self.district.villages))
        level = self.number("intensity", now) * schedule.reached(self.values, self._target, now)
        income = now.state.village.income_operating
        if self.values["income_below"] is not None:
            level = level * below(income, self.values["income_below"])
        if self.values["income_above"] is not None:
            level = level * ~below(income, self.values["income_above"])
        return level * self.share

    def pay(self, now: Moment, payee: str, amount: np.ndarray, payer: str | None = None) -> None:
        """Pay `amount` `(R, V)` for this lever; the payer is the one named in its settings unless given."""
        now.ledger.pay(payer or self.values["payer"], payee, amount, self.key)

    def act(self, now: Moment) -> None:
        """Write this year's policy columns and pay; called once a year in the opening."""
        level = self.level(now)
        self.write(now, self.said(level, now), level)
        cost = self.cost(level, now)
        if cost is not None:
            self.pay(now, self.payee, cost)

    def said(self, level: np.ndarray, now: Moment) -> dict[str, np.ndarray]:
        """Policy columns at this level, `(R, 1)` or `(R, V)`: as declared in `writes`, unless a lever says more."""
        return {column: self.product(factors, level, now) for column, factors in self.writes.items()}

    def cost(self, level: np.ndarray, now: Moment) -> np.ndarray | None:
        """What the work takes at this level, 万元 `(R, V)`: as declared, unless a lever says otherwise."""
        if self.spread_work:
            return self.spread_cost(self.spread_work, level, now)
        return self.product(self.work, level, now) if self.work else None

    def write(self, now: Moment, values: Mapping[str, np.ndarray], level: np.ndarray) -> None:
        """Write policy columns, each `(R, 1)` or `(R, V)`, where the lever is in force."""
        for column, value in values.items():
            now.policy.apply(column, np.broadcast_to(value, level.shape), where=level > 0)

    def product(self, factors: Sequence[str], level: np.ndarray, now: Moment) -> np.ndarray:
        """Product of settings and of the level, `(R, 1)` or `(R, V)`."""
        return reduce(np.multiply, (level if name == "level" else self.number(name, now) for name in factors))

    def spread_cost(self, name: str, level: np.ndarray, now: Moment) -> np.ndarray:
        """A cost a year in the whole district, spread over the villages reached, 万元 `(R, V)`."""
        return self.number(name, now) * level / np.maximum(np.sum(level > 0, axis=1, keepdims=True), 1)

    def newcomers(self, years: int) -> int:
        """Candidates who may join the reserve pool in so many years; places are kept for them."""
        return 0

    def each_quarter(self, now: Moment) -> None:
        """Payments that a lever spreads over the year; most have none."""

    def _target_mask(self) -> np.ndarray:
        district, mask = self.district, np.ones(self.district.villages, dtype=bool)
        if self.values["towns"] is not None:
            mask &= np.isin(np.asarray(district.town_name)[district.town_of], list(self.values["towns"]))
        if self.values["villages"] is not None:
            mask &= np.isin(district.village_code, [str(code) for code in self.values["villages"]])
        return mask


def in_force(dated: Any, year: int, default: Any) -> float:
    """A plain value, or that of the latest date not after `year`; before the first date the declared default."""
    if not isinstance(dated, Mapping):
        return float(dated)
    value = default
    for first, number in dated.items():
        if year >= int(first):
            value = number
    return float(value)


def _dated_numbers(value: Any, name: str, place: str, problems: list[Problem]) -> list[Any]:
    """The numbers in a plain or dated value; wrong years are added to `problems`."""
    if not isinstance(value, Mapping):
        return [value]
    years = list(value)
    right = all(is_whole(year) and FIRST_YEAR <= year <= LAST_YEAR for year in years)
    if not years or not right or years != sorted(years):
        problems.append(
            Problem("年份须为整数并由早到晚排列", "years must be whole numbers in ascending order",
                    file=place, field=name, value=str(years), allowed=f"{FIRST_YEAR}–{LAST_YEAR}")
        )  # fmt: skip
    return list(value.values())


def _check_dates(values: Mapping[str, Any], place: str) -> list[Problem]:
    problems, allowed = [], f"{FIRST_YEAR}–{LAST_YEAR}"
    for name in ("start", "end"):
        year = values.get(name)
        if year is not None and not (is_whole(year) and FIRST_YEAR <= year <= LAST_YEAR):
            problems.append(
                Problem("年份无效", "not a valid year", file=place, field=name, value=str(year), allowed=allowed)
            )
    start, end = values.get("start"), values.get("end")
    if not problems and start is not None and end is not None and start > end:
        problems.append(
            Problem(
                "开始年份晚于结束年份", "starts after it ends", file=place, field="start, end", value=f"{start} > {end}"
            )
        )
    for name in ("income_below", "income_above"):
        line = values.get(name)
        if line is not None and not (is_number(line) and 0 <= line < np.inf):
            problems.append(
                Problem("收入线须为非负数", "an income line must be a number not below 0", file=place, field=name,
                        value=str(line), allowed="≥ 0 万元")
            )  # fmt: skip
    return problems


def _check_targets(values: Mapping[str, Any], district: District, place: str) -> list[Problem]:
    problems = []
    for name, valid in (("towns", list(district.town_name)), ("villages", list(district.village_code))):
        chosen = values.get(name)
        if chosen is None:
            continue
        if not isinstance(chosen, list | tuple) or not chosen:
            zh, en = "应为列表，至少一项", "must be a list of one at least"
            problems.append(Problem(zh, en, file=place, field=name, value=str(chosen)))
            continue
        twice = [item for item, number in Counter(map(str, chosen)).items() if number > 1]
        if twice:
            zh, en = "同一项只能列一次", "must be named once only"
            problems.append(Problem(zh, en, file=place, field=name, value=", ".join(twice)))
        known = {str(item) for item in valid}
        for item in chosen:
            if str(item) not in known:
                problems.append(
                    Problem("没有这个镇或村", "no such town or village", file=place, field=name, value=str(item),
                            nearest=nearest(str(item), valid))
                )  # fmt: skip
    return problems


@dataclass(frozen=True)
class Strategy:
    """A named set of levers.

    Attributes:
        key: name in configuration.
        zh: Chinese name.
        en: English name.
        description_zh: one Chinese sentence.
        description_en: one English sentence.
        levers: lever key to settings; what is not named is at its default, and the default intensity is 0.
        missing_zh: measures the strategy stands for but does not hold yet, in Chinese.
        missing_en: the same in English.
        same_cost_as: key of the strategy whose public cost this one is to have; empty once its scale is found.
        scaled_lever: key of the lever that is scaled for it.
        without: processes left out of the model, keys of `sim.ablation.PROCESSES`; none in a strategy of policy.
    """

    key: str
    zh: str = ""
    en: str = ""
    description_zh: str = ""
    description_en: str = ""
    levers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    missing_zh: tuple[str, ...] = ()
    missing_en: tuple[str, ...] = ()
    same_cost_as: str = ""
    scaled_lever: str = ""
    without: tuple[str, ...] = ()
