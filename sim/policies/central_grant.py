"""Central and provincial grants for village collectives 中省财政扶持 (EQ-12)."""

from __future__ import annotations

import numpy as np

from sim.columns import NEVER_GRANTED
from sim.policies.base import PAYERS, Choice, Lever, Setting
from sim.state import Moment

PUBLIC = {payer: zh for payer, zh in PAYERS.items() if payer != "village"}


class CentralGrant(Lever):
    """Each year some villages are drawn and receive one earmarked grant each; one that had a grant pauses for years."""

    key = "central_grant"
    turn = 10
    zh = "中省财政扶持"
    en = "central grants"
    place = "一(三)"
    changes = ("village.earmarked_cash", "village.capital", "village.years_since_grant", "village.dependency",
               "village.income_operating")  # fmt: skip
    purposes = ("central_grant",)

    intensity = Setting(0, 0, 100, "", "design of the lever", "力度", "intensity")
    payer = Choice("central", PUBLIC, "付款方", "payer")
    amount = Setting(
        100, 0, 300, "万元 per village", "income.md 2: 1,292 villages × 100万", "每村资金", "amount per village"
    )
    rate = Setting(0.045, 0, 0.5, "share of villages a year", "income.md 2: 0.02-0.06; default assumed", "每年覆盖率",
                   "share of villages a year")  # fmt: skip
    pause_years = Setting(99, 0, 99, "years", "design of the lever; 99 = once for all, 0 = every year",
                          "再次获得的间隔年数", "years before a village may be drawn again")  # fmt: skip

    def act(self, now: Moment) -> None:
        """Draw this year's villages and pay them."""
        village, level = now.state.village, self.level(now)
        since = np.minimum(village.years_since_grant + 1, NEVER_GRANTED)
        drawn = now.draws.grant < np.minimum(level * self.number("rate", now), 1.0)
        funded = drawn & (since > self.number("pause_years", now))
        self.pay(now, "village.earmarked_cash", funded * self.number("amount", now))
        village.years_since_grant = np.where(funded, 0.0, since)
