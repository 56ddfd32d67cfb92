"""A fall of market prices 市场价格下跌: a shock that all villages of a district meet in one year."""

from __future__ import annotations

from sim.policies.base import Setting
from sim.rules.base import EVERY_QUARTER, Rule
from sim.state import Moment


class PriceFall(Rule):
    """In the first quarter of a year all common prices fall; they recover as they persist (EQ-04)."""

    key = "price_fall"
    zh = "市场价格下跌"
    en = "fall of market prices"
    part, after = EVERY_QUARTER, "production.move_prices"

    year = Setting(2027, 1990, 2160, "", "design of the shock", "年份", "year")
    fall = Setting(2, 0, 6, "standard deviations", "design of the shock", "跌幅", "size of the fall")

    def __call__(self, now: Moment) -> None:
        """Prices of industries and of everything else fall by as many standard deviations."""
        if now.year == self.values["year"] and now.quarter == 0:
            village = now.state.village
            village.common_price = village.common_price - self.values["fall"]
            village.other_price = village.other_price - self.values["fall"]
