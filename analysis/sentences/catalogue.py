"""Look up a sentence by its id and write numbers the way a language does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent
FILES = ("page", "figures", "words", "sheet", "ablation", "sweep")
SHARES = ("_share",)
MONEY = ("public_cost", "cost_", "profit_discounted", "net_benefit", "village_cost", "leaked")


@cache
def sentences(lang: str) -> dict[str, str]:
    """All sentences of a language by id."""
    found: dict[str, str] = {}
    for name in FILES:
        found |= yaml.safe_load((FOLDER / lang / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def kind_of(indicator: str) -> str:
    """How an indicator is written: income, villages, points, money or index."""
    if indicator.startswith("villages_"):
        return "villages"
    if indicator.startswith("participation") or indicator.endswith(SHARES):
        return "points"
    if indicator.startswith(MONEY):
        return "money"
    return "index" if indicator.endswith("_gini") else "income"


@dataclass(frozen=True)
class Words:
    """Sentences and numbers in one language.

    Attributes:
        lang: `zh` or `en`.
        latin: leave out 万元 beside its English explanation, where no font has it.
    """

    lang: str
    latin: bool = False

    def __call__(self, key: str, **values: object) -> str:
        """The sentence with this id, its placeholders filled."""
        text = sentences(self.lang)[key].format(**values)
        return text.replace(" (万元)", "") if self.latin else text

    def has(self, key: str) -> bool:
        """Whether a sentence with this id exists."""
        return key in sentences(self.lang)

    def number(self, value: float, digits: int = 1, signed: bool = False) -> str:
        """A number with thousands separated, a true minus sign and a dash where there is none."""
        if value is None or not math.isfinite(value):
            return "∞" if value == math.inf else "–"
        rounded = round(value, digits) + 0.0
        text = f"{rounded:{'+' if signed and rounded else ''},.{digits}f}"
        return text.replace("-", "−")

    def amount(self, kind: str, value: float, signed: bool = False) -> str:
        """A number in the unit of its kind, without the unit."""
        scale, digits = self.scale(kind)
        return self.number(value * scale, digits, signed)

    def scale(self, kind: str) -> tuple[float, int]:
        """Factor from the stored unit to the shown one, and digits."""
        money = (1.0, 0) if self.lang == "zh" else (0.01, 1)
        return {"income": (1, 2), "villages": (1, 1), "points": (100, 2), "index": (1, 3), "money": money}[kind]

    def unit(self, kind: str) -> str:
        """Unit of a kind, for an axis or a table head."""
        return self(f"unit_{kind}")

    def with_unit(self, kind: str, value: float, signed: bool = False) -> str:
        """A number with its unit, for a sentence."""
        return self(f"amount_{kind}", value=self.spoken(kind, value, signed))

    def spoken(self, kind: str, value: float, signed: bool = False) -> str:
        """A number for running text: as in tables, but English speaks of income in yuan, to the hundred."""
        if kind == "income" and self.lang == "en" and math.isfinite(value):
            return self.number(100 * round(100 * value), 0, signed)
        return self.amount(kind, value, signed)

    def span(self, kind: str, low: float, high: float, signed: bool = False) -> str:
        """A range, such as `0.5 … 2.3`."""
        return self("span", low=self.amount(kind, low, signed), high=self.amount(kind, high, signed))

    def futures(self, share: float, n: int) -> str:
        """A share of futures as a count: 83 of 100."""
        return self("futures_of", count=round(share * n), n=n)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share in per cent."""
        return f"{self.number(100 * share, digits)}%"

    def spread_name(self, n: int) -> str:
        """Name of the first range: 90 of 100 futures, or all where there are fewer than 20."""
        return self("spread_name") if n >= 20 else self("spread_name_few", n=n)

    def within(self, kind: str, values: tuple[float, float], n: int, signed: bool = False) -> str:
        """The spread in running text: 90 of 100 futures, or all where there are fewer than 20."""
        low, high = (self.spoken(kind, value, signed) for value in values)
        span = self("span", low=low, high=high)
        return self("with_span", span=span) if n >= 20 else self("with_span_few", span=span, n=n)

    def join(self, parts: list[str]) -> str:
        """A list in running text."""
        return self("list_mark").join(parts)
