"""A lever's settings: dates, targets, payer."""

from __future__ import annotations

import math
from collections.abc import Callable

from oracle.arithmetic import below

TURNS: dict[int, Callable[..., None]] = {}
"""The levers by their place in the order in which the district acts on them; each is named like its function."""


def turn(place: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Says a lever's place in that order."""

    def note(lever: Callable[..., None]) -> Callable[..., None]:
        assert place not in TURNS
        TURNS[place] = lever
        return lever

    return note


def is_unit_cost(name: str) -> bool:
    """Whether the world multiplies a setting by the lever's factor: what a unit of work costs."""
    return name.startswith("cost_per_") or name.endswith(("_cost", "_upkeep"))


class Settings:
    """One lever's settings as they stand this year."""

    def __init__(self, model, key: str) -> None:
        self.model, self.key, self.values = model, key, model.settings[key]
        self.payer = self.values["payer"]

    def __getitem__(self, name: str):
        """A setting; of a dated one the latest date not after this year, before the first the declared default."""
        value = self.in_force(name)
        return value * self.model.unit_cost[self.key] if is_unit_cost(name) else value

    def in_force(self, name: str):
        """A setting as the designer decided it."""
        value = self.values[name]
        if not isinstance(value, dict):
            return value
        current = self.model.default_settings[self.key][name]
        for first, number in value.items():
            if self.model.year >= int(first):
                current = number
        return current

    def level(self, village) -> float:
        """Intensity in a village this year: 0 outside the lever's dates and targets."""
        values, year = self.values, self.model.year
        if values["start"] is not None and year < values["start"]:
            return 0.0
        if values["end"] is not None and year > values["end"]:
            return 0.0
        town = self.model.district.town_name[village.town]
        if values["towns"] is not None and town not in values["towns"]:
            return 0.0
        if values["villages"] is not None and village.code not in [str(code) for code in values["villages"]]:
            return 0.0
        if values["income_below"] is not None and not below(village.income_operating, values["income_below"]):
            return 0.0
        if values["income_above"] is not None and below(village.income_operating, values["income_above"]):
            return 0.0
        if not self.is_pilot(village) or not self.has_joined(village):
            return 0.0
        return float(self["intensity"]) * self.model.share.get(self.key, 1.0)

    def aimed_at(self) -> list:
        """Villages named by town or code, or all."""
        values, towns = self.values, self.model.district.town_name
        codes = None if values["villages"] is None else {str(code) for code in values["villages"]}
        return [
            village for village in self.model.villages
            if (values["towns"] is None or towns[village.town] in values["towns"])
            and (codes is None or village.code in codes)
        ]  # fmt: skip

    def is_pilot(self, village) -> bool:
        """Whether a village is among the share of those aimed at that drew the lowest numbers."""
        if self.values["pilot_share"] is None:
            return True
        draw = self.model.run_draws["pilot"]
        waiting = sorted(self.aimed_at(), key=lambda other: draw[other.number])
        number = math.ceil(self.values["pilot_share"] * len(waiting) - 1e-9)
        return village in waiting[:number]

    def has_joined(self, village) -> bool:
        """Whether the turn of a village's town or cluster has come."""
        years = self.values["phase_in_years"]
        if years is None:
            return True
        unit = self.values["phase_in_by"] or "town"
        draw = self.model.run_draws[f"phase_in_{unit}"]
        units = sorted({getattr(other, unit) for other in self.aimed_at()}, key=lambda number: draw[number])
        place = units.index(getattr(village, unit))
        return self.model.year >= self.values["start"] + math.floor(place * years / len(units))

    def reached(self) -> list:
        """Villages where the lever is in force, with their level."""
        levels = [(village, self.level(village)) for village in self.model.villages]
        return [(village, level) for village, level in levels if level > 0]

    def pay(self, village, payee: str, amount: float) -> None:
        """Pay for the lever in a village."""
        payer = village if self.payer == "village" else self.payer
        self.model.ledger.pay(payer, payee, amount, self.key)


def strengthen(village, name: str, value: float) -> None:
    """What several levers want of a village is the most that one of them wants."""
    setattr(village.policy, name, max(getattr(village.policy, name), value))
