"""Look up a sentence by its id and write numbers the way a language does."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.district import AIM_LINE

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent
FILES = ("page", "figures", "words", "sheet", "ablation", "brief", "workbook", "sweep", "structures")
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


def digits(half: float) -> int:
    """Decimals that a mean carries whose 95 % interval is ± `half`: 27 from ±0.5 on, 27.1 from ±0.05 on, else 27.14.

    At most two; below zero for tens (from ±5 on) and hundreds (from ±50 on).
    """
    return min(2, -math.floor(math.log10(2 * half) + 1e-9)) if half > 0 else 2


@dataclass(frozen=True)
class Words:
    """Sentences and numbers in one language; `latin` leaves out 万元 beside its explanation, where no font has it.

    `aim` is the line of income that the district aims at, 万元.
    """

    lang: str
    latin: bool = False
    aim: float = AIM_LINE

    @classmethod
    def of(cls, manifest: Mapping[str, Any], lang: str) -> Words:
        """The words for a study: with the line that its district aims at."""
        facts = manifest.get("district", {}).get("facts", {})
        return cls(lang, aim=float(facts.get("target_income_line", AIM_LINE)))

    def __call__(self, key: str, **values: object) -> str:
        """The sentence with this id, its placeholders filled; `{aim_line}` is the district's line of income."""
        text = sentences(self.lang)[key].format(**{"aim_line": self.line(self.aim), **values})
        return text.replace(" (万元)", "") if self.latin else text

    def has(self, key: str) -> bool:
        """Whether a sentence with this id exists."""
        return key in sentences(self.lang)

    def number(self, value: float, digits: int = 1, signed: bool = False) -> str:
        """A number with thousands separated, a true minus sign and a dash where there is none.

        Digits below zero round to tens and hundreds.
        """
        if value is None or not math.isfinite(value):
            return "∞" if value == math.inf else "–"
        rounded = round(value, digits) + 0.0
        text = f"{rounded:{'+' if signed and rounded else ''},.{max(digits, 0)}f}"
        return text.replace("-", "−")

    def amount(self, kind: str, value: float, signed: bool = False, half: float | None = None) -> str:
        """A number in the unit of its kind, without the unit.

        Args:
            kind: see `kind_of`.
            value: in the stored unit.
            signed: whether a plus sign is written.
            half: half the width of the mean's 95 % interval, in the stored unit; the number has the digits that this
                carries (see `digits`), and as many as are usual where it is not known.
        """
        scale, usual = self.scale(kind)
        if half is None or not math.isfinite(half) or not math.isfinite(value):
            return self.number(value * scale, usual, signed)
        return self.number(value * scale, self.digits(kind, value * scale, half * scale), signed)

    def digits(self, kind: str, value: float, half: float) -> int:
        """Digits behind the point for a mean of this precision, both in the shown unit.

        Money and yuan are rounded to tens and hundreds too, but never to nothing; all else to units at most. Villages
        have one decimal at most.
        """
        usual = self.scale(kind)[1]
        if kind != "money" and not (kind == "income" and self.lang == "en"):
            return max(min(digits(half), usual) if kind == "villages" else digits(half), 0)
        first = -math.floor(math.log10(abs(value))) if value else usual
        return min(max(digits(half), first), usual)

    def scale(self, kind: str) -> tuple[float, int]:
        """Factor from the stored unit to the shown one, and the usual digits: yuan to the hundred, else one or two."""
        chinese = {"income": (1.0, 1), "money": (1.0, 0)}
        english = {"income": (1e4, -2), "money": (0.01, 1)}
        amounts = chinese if self.lang == "zh" else english
        return ({"villages": (1.0, 1), "points": (100.0, 2), "index": (1.0, 2)} | amounts)[kind]

    def line(self, income: float) -> str:
        """A threshold of income, 万元, in the shown unit: 10, or 100,000."""
        return f"{income * self.scale('income')[0]:,g}" if income else "0"

    def unit(self, kind: str) -> str:
        """Unit of a kind, for an axis or a table head."""
        return self(f"unit_{kind}")

    def with_unit(self, kind: str, value: float, signed: bool = False, half: float | None = None) -> str:
        """A number with its unit, for a sentence."""
        return self(f"amount_{kind}", value=self.amount(kind, value, signed, half))

    def span(self, kind: str, low: float, high: float, signed: bool = False) -> str:
        """A range, such as `0.5 … 2.3`; its ends have the digits that a tenth of its width carries."""
        half = abs(high - low) / 10
        return self("span", low=self.amount(kind, low, signed, half), high=self.amount(kind, high, signed, half))

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
        span = self.span(kind, *values, signed)
        return self("with_span", span=span) if n >= 20 else self("with_span_few", span=span, n=n)

    def own(self, label: str) -> str:
        """A label without its Chinese term in brackets, which the English page does not repeat."""
        return label if self.lang == "zh" else re.sub(r"\s*[(（][^()（）]*[\u4e00-\u9fff][^()（）]*[)）]", "", label)

    def join(self, parts: list[str]) -> str:
        """A list in running text."""
        return self("list_mark").join(parts)
