"""What must hold of a job that was accepted, whatever it was read from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tests.fuzz import doors
from tests.fuzz.common import CONTROLS, SECRET, Nonsense

TEXTS = ("key", "zh", "en", "description_zh", "description_en", "same_cost_as", "scaled_lever")


def judge_job(job: Any) -> None:
    """A job holds what the model declares, in range, and nothing of the environment."""
    study = job.study
    if SECRET in repr((study.name, study.strategies, study.design, study.source, str(job.outputs))):
        raise Nonsense("a job shows a variable of the environment")
    for name, value in study.parameters.items():
        judge_number(name, value)
    for name, (low, high) in study.ranges.items():
        judge_number(name, low)
        judge_number(name, high)
        if low > high:
            raise Nonsense("a range is reversed")
    options = study.options
    if not 1990 <= options.start_year <= options.horizon <= options.start_year + 60:
        raise Nonsense("years out of range")
    if not 0 <= study.discount_rate <= 0.2 or not 1 <= len(study.futures) <= 1_000_000:
        raise Nonsense("a discount rate or a number of futures out of range")
    budget = options.annual_budget
    if budget is not None and not 0 <= budget < math.inf:
        raise Nonsense("a yearly budget that is no amount")
    for strategy in study.strategies:
        judge_strategy(strategy)


def judge_number(name: str, value: Any) -> None:
    """A parameter of the model, in range."""
    if name not in doors.DECLARED:
        raise Nonsense("a parameter that the model does not have")
    item = doors.DECLARED[name]
    if not is_number(value) or not item.low <= value <= item.high:
        raise Nonsense("a parameter out of range")


def judge_strategy(strategy: doors.Strategy) -> None:
    """A strategy holds plain labels, known levers, and settings in range."""
    texts = [getattr(strategy, name) for name in TEXTS] + [
        *strategy.missing_zh,
        *strategy.missing_en,
        *strategy.without,
    ]
    if not all(isinstance(text, str) for text in texts):
        raise Nonsense("a label of a strategy that is no text")
    if any(letter in CONTROLS for text in texts for letter in text):
        raise Nonsense("a label with control characters")
    for key, values in strategy.levers.items():
        if key not in doors.LEVERS:
            raise Nonsense("a lever that the model does not have")
        judge_settings(key, values)


def judge_settings(key: str, values: Mapping[str, Any]) -> None:
    """Settings of a lever are declared and in range."""
    settings, defaults = doors.LEVERS[key].settings(), doors.LEVERS[key].defaults()
    for name, value in values.items():
        if name not in defaults:
            raise Nonsense("a setting that the lever does not have")
        setting = settings.get(name)
        if setting is None:
            continue
        if hasattr(setting, "options"):
            if value not in setting.options:
                raise Nonsense("a choice that the lever does not have")
            continue
        for number in value.values() if isinstance(value, Mapping) else [value]:
            if not is_number(number) or not setting.low <= number <= setting.high:
                raise Nonsense("a setting out of range")


def is_number(value: Any) -> bool:
    """Whether it is a finite number, truth values left out."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
