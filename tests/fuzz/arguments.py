"""Arguments of the programming interface: right calls with one hostile value, some with two."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.fuzz import doors
from tests.fuzz.common import Input, Nonsense, Subject, dice, numbers
from tests.fuzz.hostile import TEXTS

NAN, INFINITE = float("nan"), float("inf")
ODD = (
    None, NAN, INFINITE, -INFINITE, -1, 10**30, 1e300, True, "1", "", "nope", b"1", [], {}, (), [1], {"a": 1}, 0.5,
    np.float64(NAN), np.int64(-3), 2**63, -(2**63), 1 + 0j, object, *TEXTS[:12],
)  # fmt: skip
"""Values of which none is right for any argument, but for what `Argument.may` lets pass."""


@dataclass(frozen=True)
class Argument:
    """An argument of a call.

    Attributes:
        right: right values.
        wrong: values that must be refused.
        may: whether a value of `ODD` may be right after all.
        odd: whether values of `ODD` are tried; not where only an object of the project's own makes sense.
    """

    right: tuple[Any, ...]
    wrong: tuple[Any, ...] = ()
    may: Callable[[Any], bool] = lambda value: False
    odd: bool = True


def is_whole(value: Any, low: float = -math.inf, high: float = math.inf) -> bool:
    """A whole number in range; a truth value is none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and low <= value <= high


def are_whole(value: Any) -> bool:
    """One whole number or more, in whatever holds them."""
    return (
        isinstance(value, list | tuple | range | bytes) and len(value) > 0 and all(is_whole(item, 0) for item in value)
    )


def is_empty(value: Any) -> bool:
    """Nothing, by whatever name."""
    return value is None or (isinstance(value, dict | list | tuple) and not value)


@cache
def district() -> doors.District:
    """A district in which a run takes milliseconds."""
    from tests.sim.places import small_district

    return small_district()


@cache
def plain(key: str = "none", **levers: Any) -> doors.Strategy:
    """A strategy without levers."""
    return doors.Strategy(key)


def strategies_wrong() -> tuple[doors.Strategy, ...]:
    """Strategies that no district can carry out."""
    wrong: tuple[Any, ...] = (
        {"nope": {"intensity": 1}}, {"training": 1}, {"training": {"nope": 1}}, {"training": {"towns": ["nowhere"]}},
        *({"training": {"intensity": value}} for value in (2, NAN, True, {}, [1], "1", None, INFINITE)),
        *({"training": {"intensity": value}} for value in ({2030: 1, 2025: 0}, {"2026": 1}, {2026: 7}, {2026: NAN})),
        *({"training": {"intensity": 1, "payer": value}} for value in ("nobody at all", ["district"], {}, None, 1)),
        *({"training": {"intensity": 1, "start": value}} for value in ("2026", 2026.5, True, NAN, 99999)),
        {"training": {"intensity": 1, "start": 2030, "end": 2025}}, {"training": {"intensity": 1, "income_below": NAN}},
        {"training": {"intensity": 1, "villages": "all"}}, {"training": {"intensity": 1, "towns": 5}},
    )  # fmt: skip
    return tuple(doors.Strategy("mine", levers=levers) for levers in wrong)  # type: ignore[arg-type]


NAME = next(iter(doors.DECLARED))
LOW, MIDDLE, HIGH = doors.DECLARED[NAME].low, doors.DECLARED[NAME].default, doors.DECLARED[NAME].high
PARAMETERS = Argument(
    ({}, None, {NAME: MIDDLE}),
    (
        {"nope": 1.0}, {NAME: NAN}, {NAME: 1e9}, {NAME: -1e9}, {NAME: "1"}, {NAME: True}, {NAME: None}, {1: 1.0},
        {NAME: [MIDDLE]}, {NAME: INFINITE}, {None: 1.0},
    ),
    is_empty,
)  # fmt: skip
RANGES = Argument(
    ({}, None, {NAME: (LOW, MIDDLE)}),
    (
        {NAME: (HIGH, LOW)}, {"nope": (0, 1)}, {NAME: (NAN, 1)}, {NAME: (LOW,)}, {NAME: 1.0}, {NAME: "ab"},
        {NAME: None}, {NAME: (-1e9, 1e9)}, {NAME: (LOW, MIDDLE, HIGH)}, {NAME: (LOW, True)}, {NAME: {}},
    ),
    is_empty,
)  # fmt: skip
POINTS = Argument(
    (None, [{}], [{NAME: MIDDLE}]),
    ([{"nope": 1.0}], [{NAME: NAN}], [{NAME: 1e9}], [{}, {}], [1], "ab", [{NAME: "x"}], [None]),
    is_empty,
)
WORLDS = Argument(
    ([None], [0], [7]),
    ([-3], [0.5], ["1"], [True], [NAN], [[0]], [0, 1], [], 0),
    lambda value: are_whole(value) and len(value) == 1,
)
SEEDS = Argument(([0], [12345]), ([-1], [0.5], ["1"], [NAN], [None], [2**70], 0, [[1]], []), are_whole)
RUN = doors.RunOptions
OPTIONS = Argument(
    (RUN(2024, 2024, residents_per_village=0), RUN(2025, 2024, "target_consistent", 0)),
    (
        RUN(2020), RUN(3000), RUN(2024.5), RUN("2024"), RUN(2024, None), RUN(2024, start="nope"), RUN(2024, start=None),
        *(RUN(2024, residents_per_village=number) for number in (3, -1, 501, "al", 7.5, None, True, NAN)),
        *(RUN(2024, residents_per_village=0, annual_budget=amount) for amount in (NAN, -1.0, "1", INFINITE, True)),
        RUN(2024, residents_per_village=0, priority=("nope",)), RUN(2024, residents_per_village=0, priority=5),
    ),
    odd=False,
)  # fmt: skip
STRATEGY = Argument((plain(),), strategies_wrong(), odd=False)
HORIZON = Argument((2024, 2025), (2020, 3000, 2024.5, "2024", NAN, None, True, -1))
BUDGET = Argument(
    (None, {"mode": "uncapped"}, {"mode": "capped", "annual": 90000.0}),
    (
        {"mode": "nope"}, {"mode": "capped"}, {"mode": "capped", "annual": NAN}, {"mode": "capped", "annual": -1},
        {"mode": "equal_cost", "equal_to": "nope"}, {"mode": "capped", "annual": "x"}, {"nope": 1},
        {"mode": "capped", "annual": 90000.0, "priority": ["nope"]}, {"mode": ["capped"]},
    ),
    is_empty,
)  # fmt: skip
MORE = {
    "world": Argument((None, "drawn", "default"), ("nope", 1), lambda value: value is None),
    "start_year": Argument((2024,), (1000, 2200, "2024", 2024.5, None, True)),
    "start": Argument(("bazhong_mean", "target_consistent"), ("nope", None, 1)),
    "residents": Argument((0, 7), (3, -1, 501, "al", 7.5, True, None), lambda value: value is False),
    "parameters": PARAMETERS,
    "ranges": RANGES,
    "budget": BUDGET,
    "nope": Argument((), (1, None)),
}
RNG = Argument(
    (None, 0, 5), (-1, 0.5, "x"), lambda value: is_whole(value, 0) or is_empty(value) or value in (True, [1])
)
WORLD = Argument((None, 0, 3), (-3, 0.5, "1", True, NAN, [0]), lambda value: value is None or is_whole(value, 0))
NAMES = Argument(
    ("none",),
    (
        "nope",
        "",
        "../none",
        "nowhere.yaml",
        "a/b",
        ".",
        "hydra/run",
        "${oc.env:HOME}",
        "none,existing",
        1,
        None,
        "none@x",
    ),
)
WORDS = Argument(
    ([], ["levers.training.intensity=1"]),
    (
        ["levers.training.intensity=7"], ["levers.nope.intensity=1"], ["x"], ["hydra.run.dir=x"], ["~levers"], ["+x=1"],
        [1], [""], ["levers.training.payer=[district]"], ["zh=${oc.env:HOME}"], "levers.training.intensity=1", [None],
    ),
    is_empty,
)  # fmt: skip
SEVERAL = Argument(
    ([plain(), plain("other")],),
    ([], [plain(), plain()], ["nope"], "none", 1, None, [None], [strategies_wrong()[0]], [plain(), "nope"]),
)
FUTURES = Argument(
    ([0], range(2)), ([], [-1], [0, 0], ["x"], [0.5], 3, [NAN], [None], [2**70], None, [True]), are_whole
)
PLACE = Argument(("enyang",), ("nope", "", ".", "/", "../enyang", "sichuan_synthetic", "a\x00b", "~/nope"), odd=False)
TABLE = Argument((None,), ("nope.csv", "", ".", "/", "a\x00b", "x" * 5000), odd=False)


def _run_batch(
    strategy: Any, worlds: Any, seeds: Any, options: Any, parameters: Any = None, ranges: Any = None, points: Any = None
) -> Any:
    futures = doors.futures_of(worlds, seeds, points, parameters, ranges)
    return doors.run_batch(district(), strategy, futures, options)


CALLS: dict[str, tuple[Callable[..., Any], dict[str, Argument], dict[str, Argument]]] = {
    "run_batch": (
        _run_batch,
        {"strategy": STRATEGY, "worlds": WORLDS, "seeds": SEEDS, "options": OPTIONS},
        {"parameters": PARAMETERS, "ranges": RANGES, "points": POINTS},
    ),
    "DistrictModel": (
        lambda **given: doors.DistrictModel(district(), **given).step(),
        {"strategy": STRATEGY, "options": OPTIONS},
        {"rng": RNG, "world": WORLD, "parameters": PARAMETERS},
    ),
    "simulate": (
        lambda **given: doors.simulate(district(), **given),
        {
            "strategy": Argument((plain(),), (*strategies_wrong(), "nope", "../none", "")),
            "seeds": FUTURES,
            "horizon": HORIZON,
        },
        MORE,
    ),
    "compare": (
        lambda **given: doors.compare(district(), **given),
        {"strategies": SEVERAL, "seeds": FUTURES, "horizon": HORIZON},
        {**MORE, "reference": Argument((None, "none"), ("nope", 1, NAN, []), lambda value: value is None)},
    ),
    "load_strategy": (lambda **given: doors.load_strategy(**given), {"name_or_path": NAMES, "overrides": WORDS}, {}),
    "load_district": (lambda **given: doors.load_district(**given), {"place": PLACE}, {"village_table": TABLE}),
}
"""By name: the call, the arguments it always gets, and those it may get."""
COSTLY = ("load_strategy",)


def make(number: int, folder: Path) -> Input:
    """One call."""
    random = dice(number)
    name = random.choice([key for key in CALLS for _ in range(1 if key in COSTLY else 8)])
    call, needed, more = CALLS[name]
    chosen = {**needed, **{key: more[key] for key in random.sample(list(more), random.randint(0, min(2, len(more))))}}
    given: dict[str, Any] = {}
    bad: list[str] = []
    spoiled = random.sample(list(chosen), min(len(chosen), random.choice([0, 1, 1, 1, 1, 2])))
    for key, argument in chosen.items():
        is_spoiled = key in spoiled or not argument.right
        given[key] = value = pick(argument, random) if is_spoiled else random.choice(argument.right)
        if is_spoiled and not any(value is right for right in argument.right) and not argument.may(value):
            bad.append(key)
    words = f"{name}({', '.join(f'{key}={short(value)}' for key, value in given.items())})"
    return Input(words, words.encode("utf-8", "backslashreplace"), lambda: judge(name, given, bad, call))


def pick(argument: Argument, random: Random) -> Any:
    """A hostile value for an argument."""
    is_named = argument.wrong and (not argument.odd or random.random() < 0.7)
    return random.choice(argument.wrong if is_named else ODD)


def short(value: Any) -> str:
    """A value in a few letters; of a strategy its levers, of options what is unusual."""
    if isinstance(value, doors.Strategy):
        return f"Strategy({dict(value.levers)!r})"
    if isinstance(value, doors.RunOptions):
        usual = vars(doors.RunOptions())
        return f"RunOptions({', '.join(f'{key}={item!r}' for key, item in vars(value).items() if item != usual[key])})"
    if isinstance(value, list):
        return f"[{', '.join(map(short, value))}]"
    return repr(value)[:80]


def judge(name: str, given: dict[str, Any], bad: list[str], call: Callable[..., Any]) -> None:
    """A call with a wrong value is refused."""
    call(**given)
    if bad:
        raise Nonsense(f"{name} takes a wrong value of {', '.join(bad)}")


def inputs(folder: Path) -> st.SearchStrategy[Input]:
    """Calls."""
    return numbers().map(lambda number: make(number, folder))


SUBJECT = Subject("arguments", 8, inputs)
