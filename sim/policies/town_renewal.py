"""Town renewal 镇领导班子调整: a renewed town leadership advises its villages better (EQ-11)."""

from __future__ import annotations

from sim.policies.base import NOBODY, Choice, Lever
from sim.state import Moment


class TownRenewal(Lever):
    """Villages of the towns whose chief was renewed at the start get a little advice; which towns is not published."""

    key = "town_renewal"
    turn = 230
    zh = "镇领导班子调整"
    en = "renewal of town leadership"
    place = "一(一)"
    changes = ("secretary.manager_quality", "village.income_operating")
    purposes = ()

    payer = Choice("nobody", NOBODY, "付款方", "payer")

    def act(self, now: Moment) -> None:
        """Advise the villages of the renewed towns."""
        level = self.level(now) * now.state.village.town_renewed
        now.policy.apply("advice", level * now.parameters.renewal_advice, where=level > 0)
